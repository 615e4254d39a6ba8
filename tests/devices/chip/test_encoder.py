"""Writing and reading a chip: the same promises over simulated readers and the real stack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ampera.devices.chip.layout import the_layout
from ampera.devices.chip.sam import SimulatedSam
from ampera.devices.chip.simulated import uid_of_blank
from ampera.printing.ports import (
    BlankoGone,
    ChipChanged,
    ChipRefused,
    ChipState,
    ChipTorn,
    NoChip,
    SamRefused,
)

from .samples import contents, eight_kilobytes

PORTRAIT = the_layout().file("portrait").ef


def write(bench, given):
    bench.encoder.write(given, uid=bench.encoder.uid())


def test_eight_kilobytes_are_written_and_read_back(bench, blank):
    bench.put(blank)
    assert bench.encoder.read().state is ChipState.EMPTY
    write(bench, eight_kilobytes())
    seen = bench.encoder.read()
    assert (seen.uid, seen.state) == (uid_of_blank(blank), ChipState.COMPLETE)
    assert seen.contents == eight_kilobytes()


def test_a_person_s_card_is_written_and_read_back(bench, blank):
    bench.put(blank)
    write(bench, contents())
    assert bench.encoder.read().contents == contents()


def test_without_a_card_there_is_no_chip(bench):
    for ask in (bench.encoder.uid, bench.encoder.read):
        with pytest.raises(NoChip) as no:
            ask()
        assert (no.value.may_retry, no.value.is_blanko_gone) == (True, BlankoGone.NO)


def test_a_blank_with_a_dead_chip_looks_like_no_chip(bench, blank):
    bench.hands.spoil(blank, is_dead=True)
    bench.put(blank)
    with pytest.raises(NoChip):
        bench.encoder.uid()


def test_another_card_than_the_one_that_was_looked_at_is_not_written(bench, blank):
    bench.put(blank)
    uid = bench.encoder.uid()
    bench.put(other := f"{blank}9")
    with pytest.raises(ChipChanged) as no:
        bench.encoder.write(contents(), uid=uid)
    assert (no.value.uid, no.value.is_blanko_gone) == (uid_of_blank(other), BlankoGone.NO)
    assert bench.encoder.read().state is ChipState.EMPTY


@pytest.mark.parametrize("writes", [0, 1, 7, 20])
def test_a_card_torn_away_in_mid_write_is_seen_and_written_again_from_the_start(
    bench, blank, writes
):
    bench.put(blank)
    bench.remove()
    bench.tear_after(writes)
    bench.put(blank)
    with pytest.raises(ChipTorn) as torn:
        write(bench, contents())
    assert (torn.value.may_retry, torn.value.is_blanko_gone) == (True, BlankoGone.MAYBE)
    bench.put(blank)
    assert bench.encoder.read().state is ChipState.TORN
    write(bench, contents())
    assert bench.encoder.read().contents == contents()


def test_a_complete_card_torn_while_it_is_written_anew_says_no_more_that_it_is_complete(
    bench, blank
):
    bench.put(blank)
    write(bench, contents())
    bench.remove()
    bench.tear_after(3)
    bench.put(blank)
    with pytest.raises(ChipTorn):
        write(bench, contents(2))
    bench.put(blank)
    assert bench.encoder.read().state is ChipState.TORN


def test_a_chip_that_was_begun_anew_is_torn_even_while_its_old_files_still_agree(bench, blank):
    bench.put(blank)
    write(bench, contents())
    bench.remove()
    bench.tear_after(1)
    bench.put(blank)
    files = {**contents().files, "minutiae_2": b"another finger"}
    with pytest.raises(ChipTorn):
        write(bench, replace(contents(), files=files))
    bench.put(blank)
    assert bench.encoder.read().state is ChipState.TORN


def test_a_chip_of_which_one_bit_has_changed_is_not_complete(bench, blank):
    bench.put(blank)
    write(bench, contents())
    bench.remove()
    chip = bench.chip(blank)
    chip.files[PORTRAIT][1000] ^= 1
    chip.on_write()
    bench.put(blank)
    assert bench.encoder.read().state is ChipState.TORN


def test_a_sam_without_the_key_of_this_chip_writes_nothing(bench, blank):
    bench.put(blank)
    stranger = replace(bench.encoder, sam=SimulatedSam(b"another set of keys"))
    with pytest.raises(SamRefused) as no:
        stranger.write(contents(), uid=stranger.uid())
    assert (no.value.may_retry, no.value.is_blanko_gone) == (False, BlankoGone.NO)
    with pytest.raises(SamRefused):
        replace(bench.encoder, sam=SimulatedSam(is_locked=True)).read()
    assert bench.encoder.read().state is ChipState.EMPTY


def test_a_copy_of_a_uid_without_the_chip_s_key_is_refused_by_the_sam(bench, blank):
    class Gullible(SimulatedSam):
        """Knows the key of the copy's maker for one direction only."""

        def answer(self, challenge, *, uid):
            return SimulatedSam(self.keys).answer(challenge, uid=uid)

        def judge(self, answer, *, challenge, uid):
            SimulatedSam(b"the true keys").judge(answer, challenge=challenge, uid=uid)

    bench.put(blank)
    with pytest.raises(SamRefused, match="could not prove"):
        replace(bench.encoder, sam=Gullible()).read()


def test_a_chip_whose_memory_is_worn_refuses_and_may_be_gone(bench, blank):
    bench.hands.spoil(blank, worn=frozenset({PORTRAIT}))
    bench.put(blank)
    with pytest.raises(ChipRefused) as no:
        write(bench, contents())
    assert (no.value.status, no.value.is_written) == ("6581", True)
    assert (no.value.may_retry, no.value.is_blanko_gone) == (False, BlankoGone.MAYBE)
    assert bench.encoder.read().state is ChipState.TORN


def test_another_kind_of_card_is_refused_before_anything_is_written(bench, blank):
    bench.put(blank)
    other = replace(bench.encoder.layout, application=b"\xa0\x00\x00\x00\x03")
    with pytest.raises(ChipRefused) as no:
        replace(bench.encoder, layout=other).write(contents(), uid=bench.encoder.uid())
    assert (no.value.status, no.value.is_blanko_gone) == ("6A82", BlankoGone.NO)


def test_a_chip_that_takes_long_commands_gets_fewer_of_them(bench, blank):
    bench.hands.spoil(blank, is_extended=True)
    bench.put(blank)
    before = bench.commands()
    write(bench, eight_kilobytes())
    long = bench.commands() - before
    assert bench.encoder.read().contents == eight_kilobytes()
    bench.put(other := f"{blank}8")
    before = bench.commands()
    write(bench, eight_kilobytes())
    short = bench.commands() - before
    assert uid_of_blank(other) == bench.encoder.read().uid
    assert long <= short
    if short:  # only the real stack counts what goes over its line
        assert long <= 30 <= short


def test_the_reader_tells_whether_a_card_lies_on_it(bench, blank):
    assert not bench.encoder.look().is_card_present
    bench.put(blank)
    assert bench.encoder.look().is_card_present
