"""The simulated reader of the demo: chips that survive a restart, and two processes at once."""

from __future__ import annotations

import os
import signal

import pytest

from ampera.devices.chip.memory import MemoryReader, memory_encoder
from ampera.devices.chip.simulated import SimulatedChip, uid_of_blank
from ampera.printing.ports import ChipState, ChipTorn

from .samples import contents


def test_every_blank_has_a_chip_of_its_own_and_always_the_same():
    uids = {uid_of_blank(f"SPC{number}") for number in range(1000)}
    assert len(uids) == 1000
    assert uid_of_blank("SPC1") == MemoryReader().chip("SPC1").uid
    assert len(bytes.fromhex(uid_of_blank("SPC1"))) == 7


def test_what_lies_on_the_reader_and_what_is_written_survive_a_restart(tmp_path):
    encoder, reader = memory_encoder(tmp_path / "chips")
    reader.put("SPC1")
    encoder.write(contents(), uid=encoder.uid())
    again, same = memory_encoder(tmp_path / "chips")
    assert same.lies_here == "SPC1"
    assert again.read().contents == contents()


def test_a_process_killed_in_mid_write_leaves_the_chip_torn(tmp_path):
    folder = tmp_path / "chips"
    encoder, reader = memory_encoder(folder)
    reader.put("SPC1")
    child = os.fork()
    if child == 0:
        encoder, _ = memory_encoder(folder)
        keep, count = MemoryReader._keep, iter(range(100))

        def dying(self, serial, chip):
            keep(self, serial, chip)
            if next(count) == 5:
                os.kill(os.getpid(), signal.SIGKILL)

        MemoryReader._keep = dying
        encoder.write(contents(), uid=encoder.uid())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert encoder.read().state is ChipState.TORN
    encoder.write(contents(), uid=encoder.uid())
    assert encoder.read().contents == contents()


def test_only_the_owner_may_look_into_the_folder(tmp_path):
    memory_encoder(tmp_path / "chips")
    assert (tmp_path / "chips").stat().st_mode & 0o077 == 0


def test_a_file_that_holds_no_chip_is_a_defect_and_not_an_empty_chip(tmp_path):
    encoder, reader = memory_encoder(tmp_path)
    reader.put("SPC1")
    (tmp_path / "SPC1.json").write_text("{}")
    with pytest.raises(KeyError):
        encoder.uid()


def test_a_tear_that_was_not_reached_waits_for_the_next_writing():
    encoder, reader = memory_encoder()
    reader.put("SPC1")
    reader.tear_after(2)
    assert encoder.read().state is ChipState.EMPTY
    with pytest.raises(ChipTorn):
        encoder.write(contents(), uid=encoder.uid())
    assert reader.lies_here == ""


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("00", "6700"),
        ("00E0000000", "6D00"),
        ("00A40400020102", "6A82"),
        ("00A4020C020101", "6985"),
        ("00B0000010", "6986"),
    ],
)
def test_a_chip_answers_with_the_status_words_of_the_standard(said, status):
    chip = SimulatedChip.fresh("SPC1")
    assert chip.transmit(bytes.fromhex(said)).hex().upper() == status


def test_files_are_touched_only_by_who_proved_to_have_a_sam():
    chip = SimulatedChip.fresh("SPC1")
    chip.transmit(bytes.fromhex("00A4040C07") + chip.layout.application)
    chip.transmit(bytes.fromhex("00A4020C020101"))
    for said in ("00B0000010", "00D6000001AA", "008800000401020304"):
        assert chip.transmit(bytes.fromhex(said)).hex() == "6982"
    # An answer without a challenge before it, and a challenge answered twice.
    assert chip.transmit(bytes.fromhex("0082000002AAAA")).hex() == "6300"
