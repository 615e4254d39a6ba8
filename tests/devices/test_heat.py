"""The simulated printer with heat: cold at first, too hot in the end, and back by itself."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ampera.devices.simulated.heating import Heating, HeatMode
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import (
    DEFAULT_MODEL,
    Capacity,
    CardChances,
    PrinterModel,
    UnknownModel,
    WhenTooHot,
    model_named,
)
from ampera.devices.simulated.thermal import card_heat
from ampera.printing.ports import JobState, PrinterState, Reason, Severity

from .conftest import CARD_PDF, MORNING


def only_heat(*, name: str = DEFAULT_MODEL, when: WhenTooHot | None = None) -> PrinterModel:
    """A model without chance, supplies and limits, so that heat alone is seen."""
    model = model_named(name)
    return replace(
        model,
        supplies=(),
        chances=CardChances(),
        capacity=Capacity(),
        when_too_hot=when or model.when_too_hot,
    )


class Room:
    """A printer in a room, with a queue of jobs and a clock of its own."""

    def __init__(self, model: PrinterModel, *, celsius: float = 28, is_warm: bool = True) -> None:
        self.model = model
        self.printer = MemoryPrinter(now=MORNING, rng=random.Random(5), model=model)
        self.machine = self.printer.machine
        self.now: datetime = MORNING
        self.machine.set_room(celsius)
        if is_warm:
            self.machine.stand_warm()
        else:
            self.machine.stand_cold()

    @property
    def heating(self) -> Heating:
        assert self.machine.heating is not None
        return self.machine.heating

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.printer.tick(self.now)

    def queue(self, cards: int) -> None:
        self.machine.load(f"B{number}" for number in range(cards))
        for number in range(cards):
            self.printer.send(job_name=f"att_{number}", document=CARD_PDF)

    def printed(self) -> int:
        return len(self.machine.physical().tray)

    def wait_until_cut_off(self) -> None:
        while not self.heating.has_cut_off:
            self.wait(60)
            assert self.now < MORNING + timedelta(days=2), "it never becomes too hot"

    def says(self, keyword: str) -> bool:
        return self.printer.look().has(keyword)


def test_from_cold_the_first_job_waits_for_the_warm_up() -> None:
    room = Room(only_heat(), is_warm=False)
    room.queue(1)
    seen = room.printer.look()
    assert seen.state is PrinterState.PROCESSING
    assert seen.may_print
    assert Reason("subunit-warming-up", Severity.REPORT) in seen.reasons
    assert Reason("subunit-under-temperature", Severity.WARNING) in seen.reasons
    needed = room.heating.seconds_until_ready
    assert 120 < needed < 600
    room.wait(needed - 1)
    job = room.printer.find("att_0")
    assert job is not None
    assert job.state is JobState.PENDING
    room.wait(2)
    assert room.machine.is_printing
    assert not room.says("subunit-warming-up")
    room.wait(180)
    assert room.printed() == 1


def test_without_a_job_cold_is_no_more_than_a_report() -> None:
    room = Room(only_heat(), is_warm=False)
    of_heat = [each for each in room.printer.look().reasons if each.keyword[:7] == "subunit"]
    assert [reason.severity for reason in of_heat] == [Severity.REPORT, Severity.REPORT]


def test_idle_it_saves_power_and_a_job_or_a_word_wakes_it() -> None:
    room = Room(only_heat())
    room.wait(44 * 60)
    assert room.heating.mode is HeatMode.ON
    room.wait(2 * 60)
    assert room.says("subunit-power-saver")
    assert room.printer.look().state is PrinterState.IDLE
    assert room.printer.look().may_print
    room.wait(3600)
    room.printer.wake()
    assert room.says("subunit-warming-up")
    assert not room.says("subunit-power-saver")
    room.wait(600)
    assert room.heating.is_ready
    room.wait(3600)
    assert room.says("subunit-power-saver")
    room.queue(1)
    assert room.says("subunit-warming-up")
    room.wait(180 + 600)
    assert room.printed() == 1


def test_about_a_hundred_cards_in_a_row_then_it_rests_and_goes_on_by_itself() -> None:
    room = Room(only_heat())
    room.queue(200)
    room.wait_until_cut_off()
    before = room.printed()
    assert 90 <= before <= 115
    seen = room.printer.look()
    assert seen.state is PrinterState.STOPPED
    assert Reason("subunit-over-temperature", Severity.ERROR) in seen.reasons
    assert not seen.may_print
    waiting = room.printer.find(f"att_{before}")
    assert waiting is not None
    assert (waiting.state, waiting.reasons) == (JobState.PENDING, ("printer-stopped",))
    while room.says("subunit-over-temperature"):
        room.wait(60)
    assert Reason("subunit-cooling-down", Severity.WARNING) in room.printer.look().reasons
    assert room.printer.look().state is PrinterState.STOPPED
    while room.says("subunit-cooling-down"):
        room.wait(60)
    assert room.says("subunit-warming-up"), "the roller went cold meanwhile"
    assert room.printed() == before
    room.wait(3600)
    assert room.printed() > before


def test_in_a_hot_room_it_rests_much_sooner() -> None:
    counts = []
    for celsius in (28, 36):
        room = Room(only_heat(), celsius=celsius)
        room.queue(200)
        room.wait_until_cut_off()
        counts.append(room.printed())
    assert counts[1] < 0.6 * counts[0]


def test_one_model_finishes_the_card_inside_the_other_halts_it() -> None:
    finishing = Room(only_heat(when=WhenTooHot.FINISH), celsius=36)
    halting = Room(only_heat(when=WhenTooHot.HALT), celsius=36)
    for room in (finishing, halting):
        room.queue(100)
        room.wait_until_cut_off()
    assert finishing.machine.physical().inside is None
    inside = halting.machine.physical().inside
    assert inside is not None
    job = halting.printer.find(f"att_{halting.printed()}")
    assert job is not None
    assert (job.state, job.reasons) == (JobState.STOPPED, ("printer-stopped",))
    while halting.machine.physical().inside == inside:
        halting.wait(60)
    tray = halting.machine.physical().tray
    assert tray[-1].serial == inside
    assert halting.machine.physical().ruined == ()


def test_it_is_never_hotter_than_its_limit_and_one_card() -> None:
    for name in (DEFAULT_MODEL, "retransfer-60"):
        room = Room(only_heat(name=name), celsius=34)
        figures = room.heating.figures
        room.queue(300)
        one_card = card_heat(
            print_seconds=room.model.print_seconds,
            body=figures.cut_off_celsius,
            room=34,
            figures=figures,
        )
        for _ in range(2000):
            room.wait(37)
            assert room.heating.temperatures.body <= figures.cut_off_celsius + one_card + 1e-6


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([DEFAULT_MODEL, "retransfer-60"]),
    st.floats(20, 40),
    st.lists(st.floats(0.5, 20_000), min_size=1, max_size=30),
)
def test_a_leap_over_hours_is_the_same_as_many_steps(
    name: str, celsius: float, steps: list[float]
) -> None:
    stepping = Room(only_heat(name=name), celsius=celsius, is_warm=False)
    leaping = Room(only_heat(name=name), celsius=celsius, is_warm=False)
    for room in (stepping, leaping):
        room.queue(40)
    for seconds in steps:
        stepping.wait(seconds)
    leaping.wait((stepping.now - MORNING).total_seconds())
    assert stepping.machine.physical() == leaping.machine.physical()
    assert stepping.heating.mode is leaping.heating.mode
    for one, other in zip(
        stepping.machine.jobs.values(), leaping.machine.jobs.values(), strict=True
    ):
        assert one.state is other.state
        if one.completed_at is not None and other.completed_at is not None:
            assert abs(one.completed_at - other.completed_at) < timedelta(milliseconds=1)
    ours, theirs = stepping.heating.temperatures, leaping.heating.temperatures
    assert ours.body == pytest.approx(theirs.body, abs=1e-4)
    assert ours.roller == pytest.approx(theirs.roller, abs=1e-2)


def test_without_power_it_cools_and_starts_cold() -> None:
    room = Room(only_heat())
    room.queue(40)
    room.wait(20 * 180)
    hot = room.heating.temperatures.body
    room.machine.power_off()
    room.wait(3600)
    room.machine.power_on(room.now)
    assert room.heating.temperatures.body < hot
    assert room.heating.is_warming


def test_a_printer_switched_off_while_too_hot_is_still_too_hot_when_switched_on_at_once() -> None:
    room = Room(only_heat())
    room.queue(150)
    room.wait_until_cut_off()
    room.machine.power_off()
    room.machine.power_on(room.now)
    room.wait(1)
    assert room.heating.has_cut_off or room.heating.temperatures.body < 60
    room.wait(7200)
    assert not room.heating.has_cut_off


def test_in_a_room_as_hot_as_its_limit_it_stands_still_even_idle() -> None:
    room = Room(only_heat(), celsius=56)
    room.wait_until_cut_off()
    room.wait(10 * 86_400)
    assert room.heating.has_cut_off
    assert room.heating.seconds_until_ready == float("inf")
    room.machine.set_room(20)
    room.wait(86_400)
    assert not room.heating.has_cut_off


def test_a_model_that_nobody_made_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownModel, match="retransfer-180"):
        model_named("HDP-9000")


def test_a_machine_without_heat_is_always_ready_and_hands_at_its_room_change_nothing() -> None:
    printer = MemoryPrinter(now=MORNING, rng=random.Random(1))
    printer.machine.set_room(50)
    printer.machine.stand_warm()
    printer.wake()
    printer.machine.load(["B1"])
    printer.send(job_name="att_1", document=CARD_PDF)
    printer.tick(MORNING + timedelta(seconds=180))
    assert len(printer.physical().tray) == 1
