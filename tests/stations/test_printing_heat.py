"""The real print agent beside a printer that grows hot, over a whole simulated day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import Capacity, CardChances, model_named
from ampera.journal.queries import entries_about
from ampera.printing.models import PrinterPace, PrinterStop
from ampera.printing.ports import AnswerLost
from ampera.printing.queries import counters_today, open_attempts, pace_of, run_on, why_waiting
from ampera.printing.rules.attempts import ANSWER_WAIT_SECONDS_MAX, AttemptState, Cause
from ampera.printing.rules.heat import Load, from_record
from ampera.words import Refusal
from tests.houses import START
from tests.stations.printing_desk import (
    PRINTER,
    Desk,
    books_and_tables_are_whole,
    code,
    serial,
)

DAY_SECONDS = 8 * 3600


def hot_printer(now: datetime, *, room: float, name: str = "retransfer-180") -> MemoryPrinter:
    """A printer with heat, and without any other trouble."""
    model = replace(
        model_named(name), supplies=(), chances=CardChances(), capacity=Capacity(), cleaning=None
    )
    printer = MemoryPrinter(now=now, rng=Random(3), model=model)
    printer.machine.set_room(room)
    printer.machine.stand_cold()
    return printer


class HotDesk(Desk):
    """A desk whose printer grows hot. The hopper holds every blank in order."""

    def __init__(self, offices, *, cards: int, room: float = 28.0, name: str = "retransfer-180"):
        super().__init__(offices, permits=cards, blanks=cards)
        self.feeds_by_hand = False
        self.printer = hot_printer(offices.clock.at, room=room, name=name)
        self.machine = self.printer.machine
        self.load = tuple(serial(number) for number in range(1, cards + 1))
        self.machine.load(self.load)

    def until(self, moment: datetime, seconds: float = 20) -> None:
        while self.offices.clock.at < moment:
            self.tick(seconds)


def near_its_cut_off(desk: HotDesk) -> None:
    """The card in work is the one during which the printer stops itself."""
    desk.tick(1)
    heating = desk.machine.heating
    heating.temperatures = replace(
        heating.temperatures,
        body=heating.figures.cut_off_celsius - 0.005,
        roller=heating.figures.working_celsius,
    )


def test_a_whole_day_of_heat_loses_no_blank_and_beats_card_after_card(offices):
    """33 degrees: the first stop shows where the cut-off is, then it is kept below it."""
    desk = HotDesk(offices, cards=150, room=33.0)
    with desk.at():
        desk.start(150, desk.load)
        desk.until(START + timedelta(seconds=DAY_SECONDS))
        run = run_on(PRINTER)
        assert run is not None
        assert run.opened in (run.printed, run.printed + 1), "heat is no failed attempt"
        # Card after card it would be 109; who knew the heat from the beginning would have 131.
        assert counters_today().printed >= 114
        assert pace_of(PRINTER).card_seconds_kept > 200
        assert books_and_tables_are_whole()


def test_a_stop_for_heat_keeps_the_attempt_and_its_blank(offices):
    desk = HotDesk(offices, cards=3, name="retransfer-60")
    with desk.at():
        desk.work(60)
        desk.start(3, desk.load)
        near_its_cut_off(desk)
        desk.work(5)
        (held,) = open_attempts()
        assert code(why_waiting(PRINTER)) == "printing.printer_hot"
        assert pace_of(PRINTER).load is Load.HOT
        desk.work(100, seconds=10)
        assert [each.id for each in open_attempts()] == [held.id], "a quarter of an hour is past"
        assert desk.machine.physical().inside == held.serial
        desk.work(200, seconds=10)
        assert desk.attempt(1).state is AttemptState.PRINTED
        assert desk.attempt(1).serial == held.serial
        assert len(desk.attempts(1)) == 1
        assert books_and_tables_are_whole()


def test_a_lost_answer_during_a_stop_for_heat_is_no_unknown_outcome(offices):
    desk = HotDesk(offices, cards=1, name="retransfer-60")
    with desk.at():
        desk.work(60)
        desk.start(1, desk.load)
        desk.machine.faults.lose_answer = True
        near_its_cut_off(desk)
        desk.work(ANSWER_WAIT_SECONDS_MAX // 10 + 10)
        assert desk.attempt().state is AttemptState.OPEN
        assert pace_of(PRINTER).load is Load.HOT
        desk.work(300)
        ended = desk.attempt()
        assert (ended.state, ended.cause) == (AttemptState.PRINTED, Cause.COMPLETED)


def test_a_silent_printer_that_is_hot_leaves_the_attempt_open(offices):
    desk = HotDesk(offices, cards=1, name="retransfer-60")
    with desk.at():
        desk.work(60)
        desk.start(1, desk.load)
        desk.work(2)
        find = desk.printer.find

        def silent(_):
            raise AnswerLost("no answer")

        desk.printer.find = silent
        desk.work(120)
        assert desk.attempt().state is AttemptState.OPEN
        desk.printer.find = find
        desk.work(20)
        assert desk.attempt().state is AttemptState.PRINTED


def test_a_cold_printer_is_given_no_card_before_it_is_warm(offices):
    desk = HotDesk(offices, cards=1)
    with desk.at():
        desk.start(1, desk.load)
        desk.tick(1)
        assert open_attempts() == []
        wait = why_waiting(PRINTER)
        assert wait.code == "printing.warming_up"
        assert 100 < wait.facts["seconds"] <= 300
        desk.work(30)
        assert len(open_attempts()) == 1


def test_the_printer_is_woken_so_that_the_first_card_starts_when_the_office_opens(offices):
    desk = HotDesk(offices, cards=2)
    with desk.at():
        desk.until(START + timedelta(hours=20), seconds=60)  # it fell asleep long ago
        assert pace_of(PRINTER).load is Load.OFF
        assert pace_of(PRINTER).is_warm_up_measured, "seen this morning, from cold to ready"
        opens = START + timedelta(days=1)
        desk.until(opens - timedelta(minutes=10), seconds=30)
        assert pace_of(PRINTER).load is Load.OFF, "no earlier than it has to be"
        desk.until(opens, seconds=5)
        assert pace_of(PRINTER).load is Load.READY
        desk.start(2, desk.load)
        desk.tick(1)
        assert len(open_attempts()) == 1


def test_the_first_warm_up_of_a_morning_tells_how_warm_the_room_is(offices):
    """28 degrees on the first morning, 33 on the second: it is measured to the second."""
    desk = HotDesk(offices, cards=2)
    with desk.at():
        desk.until(START + timedelta(minutes=5), seconds=1)
        first = from_record(PrinterPace.objects.get().belief)
        desk.machine.set_room(33.0)
        opens = START + timedelta(days=1)
        desk.until(opens - timedelta(minutes=12), seconds=200)
        desk.until(opens, seconds=1)
        second = from_record(PrinterPace.objects.get().belief)
    assert first.warm_up_usual == pytest.approx(207, abs=2)
    assert second.is_measured
    assert second.warm_up == pytest.approx(-6, abs=1)
    assert second.limit < first.limit - 0.05


@pytest.mark.parametrize("day", ["sunday", "no permit"])
def test_nobody_wakes_a_printer_that_has_nothing_to_do(offices, day):
    desk = HotDesk(offices, cards=1 if day == "sunday" else 0)
    woken = []
    with desk.at():
        desk.printer.wake = lambda: woken.append(desk.offices.clock.at)
        start = START + timedelta(days=3 if day == "sunday" else 1)
        if day == "sunday":
            desk.offices.clock.move(timedelta(days=2, hours=12))
        desk.until(start + timedelta(hours=2), seconds=120)
        assert [at for at in woken if at > START + timedelta(hours=10)] == []


def test_what_is_learnt_lies_in_the_database_and_nowhere_else(offices):
    """A worker that is started anew goes on where the last one was: nothing else is remembered."""
    desk = HotDesk(offices, cards=4, name="retransfer-60")
    with desk.at():
        desk.work(60)
        desk.start(4, desk.load)
        near_its_cut_off(desk)
        desk.work(300)
        assert pace_of(PRINTER).stops == 1
        assert pace_of(PRINTER).card_seconds_kept >= 60
        PrinterPace.objects.all().delete()
        desk.work(3)
        assert pace_of(PRINTER).stops == 0


def test_a_pause_for_the_pace_tells_why_and_how_long(offices):
    desk = HotDesk(offices, cards=80, name="retransfer-60", room=40.0)
    with desk.at():
        desk.work(30)
        desk.start(80, desk.load)
        pauses = []
        for _ in range(800):
            desk.tick(10)
            why = why_waiting(PRINTER)
            if isinstance(why, Refusal) and why.code == "printing.pacing":
                pauses.append(why)
        assert pauses
        assert all(1 <= why.facts["seconds"] < 3600 for why in pauses)
        assert "{" not in pauses[0].text("id") + pauses[0].text("en")


def test_a_stop_for_heat_stands_in_the_log_from_begin_to_end(offices):
    desk = HotDesk(offices, cards=2, name="retransfer-60")
    with desk.at():
        desk.work(60)
        desk.start(2, desk.load)
        near_its_cut_off(desk)
        desk.work(300)
        (stop,) = PrinterStop.objects.all()
        assert stop.cause == "HEAT"
        assert timedelta(minutes=15) < stop.until - stop.since < timedelta(minutes=40)
        kinds = [each.kind for each in entries_about([f"16.71.02:{PRINTER}"])]
        assert kinds == ["printer.down/1", "printer.up/1"]
        assert books_and_tables_are_whole()
