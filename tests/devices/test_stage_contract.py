"""What every printer with a reader inside promises, held against both simulated printers."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ampera.devices.chip.memory import memory_encoder
from ampera.devices.chip.simulated import uid_of_blank
from ampera.devices.ipp.client import IppPrinter
from ampera.devices.ipp.station import CHIP_UID, STATION, uid_in
from ampera.devices.ipp.values import Attribute, Group, GroupTag, Tag
from ampera.devices.simulated.cards import Fate, Physical
from ampera.devices.simulated.hands import Hands, obey
from ampera.devices.simulated.house import PrinterConfig
from ampera.devices.simulated.model import COOL, demo_model, models
from ampera.devices.simulated.printer import SimulatedPrinter
from ampera.devices.simulated.station import ReaderSwitch
from ampera.printing.ports import (
    AnswerLost,
    BlankoGone,
    HopperEmpty,
    JobState,
    ManyChips,
    ReaderSilent,
    Reason,
    Rejected,
    RejectedReason,
    Severity,
    SilentChip,
    Unreachable,
    is_uid,
)
from ampera.words import FixedClock

from .conftest import CARD_PDF, MORNING, Bench, ipp_bench, memory_bench

A_CARD = 180  # city seconds
WITH_READER = replace(COOL, has_reader=True)


@pytest.fixture(params=[memory_bench, ipp_bench], ids=["memory", "ipp"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with request.param(tmp_path, WITH_READER) as found:
        yield found


def test_a_printer_says_whether_it_has_a_reader(bench: Bench, tmp_path: Path) -> None:
    assert bench.printer.look().has_reader
    for without in (memory_bench, ipp_bench):
        with without(tmp_path / without.__name__) as other:
            assert not other.printer.look().has_reader
            with pytest.raises(Rejected):
                other.printer.present()


def test_the_next_blank_is_taken_out_of_the_hopper_and_read(bench: Bench) -> None:
    bench.load("B1", "B2")
    uid = bench.printer.present()
    assert uid == uid_of_blank("B1")
    assert is_uid(uid)
    physical = bench.physical()
    assert (physical.staged, physical.hopper, physical.inside) == (("B1",), ("B2",), None)
    assert physical.in_order == ("B1", "B2")


def test_the_same_blank_is_told_however_often_it_is_asked(bench: Bench) -> None:
    bench.load("B1", "B2")
    assert {bench.printer.present() for _ in range(3)} == {uid_of_blank("B1")}
    assert bench.physical().hopper == ("B2",)


def test_the_blank_that_was_read_is_the_one_that_is_printed(bench: Bench) -> None:
    bench.load("B1", "B2")
    bench.printer.present()
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD)
    assert [card.serial for card in bench.physical().finished("att_1")] == ["B1"]
    assert bench.physical().staged == ()
    assert bench.printer.present() == uid_of_blank("B2")


def test_reading_costs_no_ribbon_and_makes_no_job(bench: Bench) -> None:
    bench.load("B1")
    bench.printer.present()
    bench.let_pass(10 * A_CARD)
    with bench.machine() as machine:
        assert (dict(machine.jobs), machine.cards_since_cleaning) == ({}, 0)
    assert bench.physical().staged == ("B1",)


def test_a_rejected_blank_lies_whole_in_the_reject_bin_and_belongs_to_no_job(bench: Bench) -> None:
    bench.load("B1", "B2")
    bench.printer.present()
    bench.printer.reject()
    (card,) = bench.physical().ruined
    assert (card.serial, card.fate, card.job_name) == ("B1", Fate.UNTOUCHED, "")
    bench.printer.reject()  # nothing lies there, and nothing happens
    assert len(bench.physical().ruined) == 1
    assert bench.printer.present() == uid_of_blank("B2")


def test_an_empty_hopper_is_told_and_the_printer_then_asks_for_a_blank(bench: Bench) -> None:
    with pytest.raises(HopperEmpty) as none:
        bench.printer.present()
    assert (none.value.may_retry, none.value.is_blanko_gone) == (True, BlankoGone.NO)
    seen = bench.printer.look()
    assert Reason("media-empty", Severity.ERROR) in seen.reasons
    assert not seen.may_print
    bench.load("B1")
    assert bench.printer.look().may_print
    assert bench.printer.present() == uid_of_blank("B1")


@pytest.mark.parametrize("forgets", ["purge", "reject"])
def test_a_printer_that_was_asked_in_vain_can_be_told_to_ask_no_more(
    bench: Bench, forgets: str
) -> None:
    with pytest.raises(HopperEmpty):
        bench.printer.present()
    getattr(bench.printer, forgets)()
    assert bench.printer.look().may_print


def test_a_dead_chip_is_told_and_stays_where_it_is(bench: Bench) -> None:
    with bench.machine() as machine:
        machine.chip_of = lambda serial: None if serial == "B1" else uid_of_blank(serial)
    bench.load("B1", "B2")
    for _ in range(2):
        with pytest.raises(SilentChip) as dead:
            bench.printer.present()
        assert not dead.value.may_retry
    bench.printer.reject()
    assert bench.printer.present() == uid_of_blank("B2")


@pytest.mark.parametrize("second", [Fate.UNTOUCHED, Fate.RUINED])
def test_two_blanks_taken_in_as_one_answer_both_and_come_out_both(
    bench: Bench, second: Fate
) -> None:
    bench.load("B1", "B2", "B3")
    with bench.machine() as machine:
        machine.faults.second = second
    with pytest.raises(ManyChips):
        bench.printer.present()
    assert bench.physical().staged == ("B1", "B2")
    bench.printer.reject()
    assert [(card.serial, card.fate) for card in bench.physical().ruined] == [
        ("B1", Fate.UNTOUCHED),
        ("B2", second),
    ]
    assert bench.printer.present() == uid_of_blank("B3")


def test_two_blanks_of_which_one_is_dead_are_not_taken_for_one(bench: Bench) -> None:
    bench.load("B1", "B2")
    with bench.machine() as machine:
        machine.faults.second = Fate.UNTOUCHED
        machine.chip_of = lambda serial: None if serial == "B2" else uid_of_blank(serial)
    with pytest.raises(SilentChip):
        bench.printer.present()


def test_who_prints_two_blanks_unread_gets_one_card_and_one_blank(bench: Bench) -> None:
    bench.load("B1", "B2")
    with bench.machine() as machine:
        machine.faults.second = Fate.UNTOUCHED
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD)
    assert [card.serial for card in bench.physical().finished("att_1")] == ["B1"]
    assert ("B2", Fate.UNTOUCHED) in [(each.serial, each.fate) for each in bench.physical().tray]


def test_a_silent_reader_says_nothing_of_the_blank_and_speaks_again(bench: Bench) -> None:
    bench.load("B1")
    with bench.machine() as machine:
        machine.faults.reader_silent = True
    with pytest.raises(ReaderSilent) as silent:
        bench.printer.present()
    assert silent.value.may_retry
    assert bench.printer.present() == uid_of_blank("B1")


def test_after_a_lost_answer_the_same_blank_is_told(bench: Bench) -> None:
    bench.load("B1", "B2")
    with bench.machine() as machine:
        machine.faults.lose_sight = True
    with pytest.raises(AnswerLost):
        bench.printer.present()
    assert bench.printer.present() == uid_of_blank("B1")
    assert bench.physical().hopper == ("B2",)


def test_a_power_cut_leaves_the_blank_at_the_reader(bench: Bench) -> None:
    bench.load("B1", "B2")
    bench.printer.present()
    with bench.machine() as machine:
        machine.power_off()
    for ask in (bench.printer.present, bench.printer.reject):
        with pytest.raises(Unreachable):
            ask()
    bench.power_on()
    physical = bench.physical()
    assert (physical.staged, physical.ruined, physical.tray) == (("B1",), (), ())
    assert bench.printer.present() == uid_of_blank("B1")


def test_while_a_card_is_printed_no_blank_is_presented(bench: Bench) -> None:
    bench.load("B1", "B2")
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    with pytest.raises(Rejected) as no:
        bench.printer.present()
    assert (no.value.reason, no.value.may_retry) == (RejectedReason.BUSY, True)
    assert bench.physical().hopper == ("B2",)


def test_a_printer_that_needs_a_hand_presents_nothing(bench: Bench) -> None:
    bench.load("B1")
    with bench.machine() as machine:
        machine.set_cover(is_open=True)
    with pytest.raises(Rejected) as no:
        bench.printer.present()
    assert no.value.reason is RejectedReason.NOT_ACCEPTING
    with bench.machine() as machine:
        machine.set_cover(is_open=False)
        machine.faults.misfeed = True
    with pytest.raises(Rejected):
        bench.printer.present()
    assert not bench.printer.look().may_print
    with bench.machine() as machine:
        machine.set_stack_right()
    assert bench.printer.present() == uid_of_blank("B1")


def test_hands_that_empty_a_printer_find_the_blank_that_lay_at_the_reader(bench: Bench) -> None:
    bench.load("B1", "B2", "B3")
    with bench.machine() as machine:
        machine.faults.second = Fate.RUINED
    with pytest.raises(ManyChips):
        bench.printer.present()
    with bench.machine() as machine:
        found: Physical = machine.empty()
    assert found.hopper == ("B1", "B3")
    assert [each.serial for each in found.ruined] == ["B2"]
    assert bench.physical().in_order == ()


def test_a_jam_drawn_for_a_blank_befalls_it_when_it_is_printed(bench: Bench) -> None:
    bench.load("B1")
    bench.printer.present()
    with bench.machine() as machine:
        machine.faults.jam = True
    sent = bench.printer.send(job_name="att_1", document=CARD_PDF)
    assert sent.state is JobState.PROCESSING
    bench.let_pass(A_CARD)
    assert bench.physical().inside == "B1"


# ---- what is kept, and what is shared ----


def kept(folder: Path, clock: FixedClock, *, chips: Path | None = None) -> SimulatedPrinter:
    config = PrinterConfig(0, folder, model=WITH_READER, chips=chips)
    return SimulatedPrinter(name="16.71.02", config=config, clock=clock)


def test_a_printer_process_that_is_killed_still_has_the_blank_at_its_reader(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    with kept(tmp_path, clock).using() as machine:
        machine.load(["B1", "B2", "B3"])
        machine.faults.second = Fate.UNTOUCHED
        with pytest.raises(ManyChips):
            machine.present()
    clock.move(timedelta(seconds=5))
    with kept(tmp_path, clock).using() as machine:
        assert machine.physical().in_order == ("B1", "B2", "B3")
        with pytest.raises(ManyChips):
            machine.present()
        machine.reject()
        assert machine.present() == uid_of_blank("B3")


def test_a_spool_from_before_there_were_readers_is_taken_up(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    with kept(tmp_path, clock).using() as machine:
        machine.load(["B1"])
    spool = tmp_path / "spool.jsonl"
    lines = [json.loads(line) for line in spool.read_text().splitlines()]
    for line in lines:
        for name in ("staged", "is_asked", "reader"):
            del line["machine"][name]
        del line["machine"]["physical"]["staged"]
        for name in ("lose_sight", "reader_silent"):
            del line["machine"]["faults"][name]
    spool.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with kept(tmp_path, clock).using() as machine:
        assert machine.present() == uid_of_blank("B1")


def test_the_encoder_beside_and_the_reader_inside_hear_the_same_chip(tmp_path: Path) -> None:
    encoder, reader = memory_encoder(tmp_path / "chips")
    reader.put("SPC1")
    reader.spoil("SPC2", is_dead=True)
    clock = FixedClock(MORNING)
    with kept(tmp_path / "printer", clock, chips=tmp_path / "chips").using() as machine:
        machine.load(["SPC1", "SPC2"])
        assert machine.present() == encoder.uid()
        machine.reject()
        with pytest.raises(SilentChip):
            machine.present()


def test_hands_from_another_process_reject_and_make_the_reader_silent(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    printer, hands = kept(tmp_path, clock), Hands(tmp_path)
    with printer.using() as machine:
        machine.load(["B1"])
        machine.present()
    hands.reject()
    obey(printer)
    seen = hands.physical()
    assert seen is not None
    assert [each.serial for each in seen.ruined] == ["B1"]


def test_the_demo_has_a_reader_inside_and_no_other_model_is_said_to() -> None:
    assert demo_model().has_reader
    assert [name for name, model in models().items() if model.has_reader] == []


# ---- what others may answer ----


def a_station(word: str, uid: str = "") -> Group:
    told = [Attribute.of(Tag.KEYWORD, STATION, word)] if word else []
    if uid:
        told.append(Attribute.of(Tag.TEXT, CHIP_UID, uid))
    return Group.of(GroupTag.PRINTER, told)


@pytest.mark.parametrize("uid", ["", "04AB", "04ab12cd", "ZZZZZZZZ", "04AB12CD04AB12CD04"])
def test_what_is_no_uid_is_not_taken_for_one(uid: str) -> None:
    with pytest.raises(ReaderSilent):
        uid_in(a_station("card-read", uid))


@pytest.mark.parametrize("word", ["", "something-new"])
def test_an_answer_that_says_nothing_known_is_a_lost_one(word: str) -> None:
    with pytest.raises(AnswerLost):
        uid_in(a_station(word))


@pytest.mark.parametrize("length", [4, 7, 8, 10])
def test_uids_of_every_length_of_the_standards_are_taken(length: int) -> None:
    uid = "".join(itertools.islice(itertools.cycle("04AF"), 2 * length))
    assert uid_in(a_station("card-read", uid)) == uid


def test_a_dark_address_is_unreachable_for_the_reader_too() -> None:
    gone = IppPrinter(host="127.0.0.1", port=9)
    for ask in (gone.present, gone.reject):
        with pytest.raises(Unreachable):
            ask()


# ---- a reader that is switched off, or broken ----


def switch(bench: Bench, how: ReaderSwitch) -> None:
    with bench.machine() as machine:
        machine.set_reader(how)


def test_a_reader_that_is_switched_off_is_told_as_none_and_comes_back(bench: Bench) -> None:
    bench.load("B1")
    switch(bench, ReaderSwitch.OFF)
    assert not bench.printer.look().has_reader
    with pytest.raises(Rejected):
        bench.printer.present()
    assert bench.physical().hopper == ("B1",)
    switch(bench, ReaderSwitch.ON)
    assert bench.printer.look().has_reader
    assert bench.printer.present() == uid_of_blank("B1")


def test_a_blank_at_a_reader_that_is_switched_off_stays_there_and_can_be_put_aside(
    bench: Bench,
) -> None:
    bench.load("B1", "B2")
    bench.printer.present()
    switch(bench, ReaderSwitch.OFF)
    assert bench.physical().staged == ("B1",)
    bench.printer.reject()
    assert [card.serial for card in bench.physical().ruined] == ["B1"]


def test_a_broken_reader_says_nothing_however_often_it_is_asked(bench: Bench) -> None:
    bench.load("B1")
    switch(bench, ReaderSwitch.BROKEN)
    assert bench.printer.look().has_reader
    for _ in range(3):
        with pytest.raises(ReaderSilent):
            bench.printer.present()
    switch(bench, ReaderSwitch.ON)
    assert bench.printer.present() == uid_of_blank("B1")


def test_a_printer_that_asked_for_a_blank_to_read_asks_no_more_when_its_reader_is_off(
    bench: Bench,
) -> None:
    with pytest.raises(HopperEmpty):
        bench.printer.present()
    switch(bench, ReaderSwitch.OFF)
    assert bench.printer.look().may_print


def test_a_printer_process_that_is_killed_keeps_how_its_reader_was_set(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    printer, hands = kept(tmp_path, clock), Hands(tmp_path)
    hands.set_reader(ReaderSwitch.OFF)
    obey(printer)
    with kept(tmp_path, clock).using() as machine:
        assert not machine.has_reader
