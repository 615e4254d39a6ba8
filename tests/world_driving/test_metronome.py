"""The clock of the week that is watched: fast over a card, slow between two cards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ampera.printing.ports import PrinterSeen, PrinterState, Reason, Severity, Unreachable
from ampera.words.clock import FixedClock
from ampera.world.driving.watched_clock import SLOW, Metronome

NOON = datetime(2017, 9, 11, 5, 0, tzinfo=UTC)
FAST = 240.0


@dataclass
class Seen:
    """A printer that says what a test sets."""

    state: PrinterState = PrinterState.IDLE
    reasons: tuple[Reason, ...] = ()
    is_dark: bool = False

    def look(self) -> PrinterSeen:
        if self.is_dark:
            raise Unreachable("the power is off")
        return PrinterSeen(self.state, self.reasons, True, "u", 1)


@dataclass
class Stage:
    printer: Seen = field(default_factory=Seen)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    said: list[float] = field(default_factory=list)
    is_waiting: bool = False

    def __post_init__(self):
        self.metronome = Metronome(
            self.printer,
            clock=self.clock,
            card=timedelta(seconds=180),
            fast=FAST,
            set_speed=self.said.append,
            is_waiting=lambda: self.is_waiting,
        )

    def after(self, seconds, state):
        self.clock.move(timedelta(seconds=seconds))
        self.printer.state = state
        return self.metronome.beat()


def test_the_clock_is_fast_over_a_card_and_slow_before_it_comes_out():
    stage = Stage()
    wait = stage.after(0, PrinterState.PROCESSING)
    assert stage.said == [FAST]
    assert 0 < wait <= 0.25
    stage.after(170, PrinterState.PROCESSING)
    stage.after(6, PrinterState.PROCESSING)
    stage.after(3.9, PrinterState.PROCESSING)
    assert stage.said == [FAST, 100.0, 40.0, SLOW]


def test_between_two_cards_it_stays_slow_until_the_agent_says_that_it_waits():
    stage = Stage()
    stage.after(0, PrinterState.PROCESSING)
    stage.after(178, PrinterState.PROCESSING)
    stage.after(3, PrinterState.IDLE)
    assert stage.said[-1] == SLOW
    stage.after(600, PrinterState.IDLE)
    assert stage.said[-1] == SLOW
    stage.is_waiting = True
    stage.after(1, PrinterState.IDLE)
    assert stage.said[-1] == FAST


def test_a_printer_that_cools_down_is_not_waited_for_slowly():
    stage = Stage()
    stage.after(0, PrinterState.PROCESSING)
    stage.after(178, PrinterState.PROCESSING)
    stage.printer.reasons = (Reason("subunit-over-temperature", Severity.ERROR),)
    stage.after(3, PrinterState.STOPPED)
    assert stage.said[-1] == FAST


def test_a_dark_printer_is_passed_over_fast():
    stage = Stage()
    stage.after(0, PrinterState.PROCESSING)
    stage.after(178, PrinterState.PROCESSING)
    stage.printer.is_dark = True
    stage.metronome.beat()
    assert stage.said[-1] == FAST


def test_a_speed_that_is_slow_already_is_left_alone():
    stage = Stage()
    stage.metronome.fast = 3.0
    stage.after(0, PrinterState.PROCESSING)
    stage.after(179, PrinterState.PROCESSING)
    assert stage.said == [3.0]


def test_a_card_that_does_not_come_is_not_waited_for_slowly():
    stage = Stage()
    stage.after(0, PrinterState.PROCESSING)
    stage.after(179.9, PrinterState.PROCESSING)
    assert stage.said[-1] == SLOW
    stage.after(30, PrinterState.PROCESSING)
    assert stage.said[-1] == FAST


def test_the_clock_is_slow_while_officers_do_something_and_until_the_next_card():
    stage = Stage()
    stage.after(0, PrinterState.IDLE)
    with stage.metronome.hands_at_work():
        assert stage.said == [FAST, SLOW]
        stage.after(60, PrinterState.IDLE)
    stage.after(1, PrinterState.IDLE)
    assert stage.said == [FAST, SLOW]
    stage.after(1, PrinterState.PROCESSING)
    assert stage.said == [FAST, SLOW, FAST]


def test_the_city_is_told_of_a_speed_once():
    stage = Stage()
    for _ in range(3):
        stage.metronome.beat()
    assert stage.said == [FAST]
