"""Which encoder a server has, and what `ampera doctor` says of it."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from ampera.devices.chip.encoder import ReaderEncoder
from ampera.devices.chip.memory import MemoryReader
from ampera.devices.chip.pcsc import PcscReader
from ampera.journal.house import house
from ampera.printing.ports import encoder_here, open_encoder
from ampera.tiers.chips import compose, encoder_of, open_encoder_of
from ampera.tiers.commands.doctor import _chip_reader
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError
from ampera.words import Refusal

SERVER = ServerFile(code="16.71.02", encoder="memory", is_demo=True)
WHAT = "pembaca cip / chip reader"


@pytest.fixture
def folder(tmp_path):
    return ServerFolder(tmp_path / "16.71.02")


@pytest.mark.parametrize(
    ("encoder", "reader"),
    [("memory", MemoryReader), ("pcsc", PcscReader), ("pcsc:Ampera Uji", PcscReader)],
)
def test_the_encoder_is_the_one_that_the_server_file_names(folder, encoder, reader):
    made = encoder_of(folder, server=replace(SERVER, encoder=encoder))
    assert isinstance(made, ReaderEncoder)
    assert isinstance(made.reader, reader)


def test_an_office_without_an_encoder_has_none_and_the_doctor_says_nothing(folder):
    server = replace(SERVER, encoder="")
    assert encoder_of(folder, server=server) is None
    assert _chip_reader(folder, server) == []


@pytest.mark.parametrize("encoder", ["memori", "pcsc2", "memory:here"])
def test_a_name_that_means_nothing_is_told_in_both_languages(folder, encoder):
    with pytest.raises(CannotError) as no:
        encoder_of(folder, server=replace(SERVER, encoder=encoder))
    assert "tidak dikenal" in no.value.id
    assert "is unknown" in no.value.en


def test_a_real_server_gets_no_simulated_sam(folder):
    with pytest.raises(CannotError, match="simulated SAM"):
        encoder_of(folder, server=replace(SERVER, is_demo=False))


def test_an_opened_server_has_its_encoder_and_no_other_has(folder, offices):
    try:
        open_encoder_of(folder, server=SERVER)
        with offices.at("16.71.02"):
            assert encoder_here() is not None
        with offices.at("16.71"):
            assert encoder_here() is None
        open_encoder_of(folder, server=replace(SERVER, encoder=""))
        with offices.at("16.71.02"):
            assert encoder_here() is None
    finally:
        open_encoder(SERVER.office, encoder=None)


def test_the_doctor_tells_driver_and_card(folder):
    (found,) = _chip_reader(folder, SERVER)
    assert (found.what, found.is_fine) == (WHAT, True)
    assert "memory" in found.detail
    assert "tanpa kartu / no card" in found.detail
    MemoryReader(folder.chips).put("SPC1")
    (found,) = _chip_reader(folder, SERVER)
    assert "ada kartu / a card" in found.detail


def test_the_doctor_tells_a_reader_that_is_not_there(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    (found,) = _chip_reader(folder, replace(SERVER, encoder="pcsc:ACR"))
    assert (found.what, found.is_fine) == (WHAT, False)
    assert found.detail.startswith("pcsc:ACR: pyscard is not installed")


def test_a_permit_that_is_not_here_has_no_contents(offices):
    with offices.at("16.71.02"):
        assert house().code == SERVER.office
        assert compose("prm_none") == Refusal("enrolment.packet_missing")


def test_a_restore_of_the_folder_brings_no_chip_back(folder):
    assert not folder.chips.is_relative_to(folder.path)
