"""A week of one print room: cold mornings, hot noons, two jams, a power cut in mid-card, a short
ribbon.

The real server code prints on the simulated printer with its whole heat, in virtual time; officers
open at eight, load the hopper, help when they have come, settle what nobody knows, and close at
four. Beside it runs the limit: the same days for one who knows the temperature (devices.simulated.
oracle). At the end an auditor counts the plastic.
"""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from ampera.devices.simulated.cards import Fate, PowerCut
from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import CardChances, PrinterModel, model_named
from ampera.devices.simulated.oracle import seconds_until_feed
from ampera.journal.registry import Registry
from ampera.journal.second_log import secure
from ampera.printing.actions import start_run as begin_run
from ampera.printing.actions import step_printers, stop_run
from ampera.printing.queries import open_attempts
from ampera.printing.rules.attempts import AttemptSeen
from ampera.readiness.queries import open_permits
from ampera.words.clock import FixedClock
from ampera.words.refusal import Refusal
from ampera.world.auditor import Auditor
from ampera.world.databases import shut
from ampera.world.faults import CALM, Chance
from ampera.world.hothead import help_along
from ampera.world.mill import a_print_office, audit, draw, stack_up
from ampera.world.offices import Answer, Errand
from ampera.world.opening import DINAS
from ampera.world.printroom import PrintRoom
from ampera.world.servers import acting_as
from ampera.world.workers import PrinterLine

MONDAY: Final = datetime(2017, 9, 11, 1, 0, tzinfo=UTC)  # 08:00 WIB
_OPEN: Final = timedelta(hours=8)
_BEFORE: Final = timedelta(minutes=30)
_AFTER: Final = timedelta(minutes=30)
#: The officers' last look at the printer before they stop the sitting.
_LAST_CALL: Final = timedelta(minutes=3)
#: Until hands have pulled out a stuck card or put in a ribbon.
_HANDS: Final = timedelta(minutes=10)
_LOOK: Final = timedelta(seconds=5)
_LONG_LOOK: Final = timedelta(seconds=30)
_SHORT_RIBBON: Final = 140


@dataclass(frozen=True, slots=True)
class Day:
    """What one day is like. Moments count from opening time."""

    name: str
    morning: float  #: °C at opening time
    warmer: float  #: by how much it is warmer in the early afternoon
    jams: tuple[timedelta, ...] = ()
    cut: timedelta | None = None  #: the power goes in mid-card, for ten minutes
    ribbon: int | None = None  #: cards that the ribbon put in this morning really gives


def days_of(seed: int) -> tuple[Day, ...]:
    """The week of a seed: which day is hot, and when things happen, are drawn."""
    rng = random.Random(f"week/{seed}")

    def at(first: float, last: float) -> timedelta:
        return timedelta(hours=rng.uniform(first, last))

    return (
        Day("Senin", 20.0 + rng.uniform(0, 2), 9.0),
        Day("Selasa", 26.0, 4.0 + rng.uniform(0, 1), jams=(at(1, 3),)),
        Day("Rabu", 31.0, 4.0 + rng.uniform(0, 1)),
        Day("Kamis", 25.0, 6.0, jams=(at(1, 3),), cut=at(4, 7)),
        Day("Jumat", 21.0 + rng.uniform(0, 2), 8.0, ribbon=_SHORT_RIBBON),
    )


@dataclass(frozen=True, slots=True)
class DayTold:
    """How one day went, and how it would have gone for one who knows the temperature."""

    name: str
    celsius: float  #: the hottest
    cards: int
    limit: int
    heat_stops: int
    spoiled: int

    @property
    def percent(self) -> int:
        return 100 * self.cards // max(1, self.limit)


class _Hands:
    """Somebody who comes after ten minutes, whoever prints."""

    def __init__(self) -> None:
        self._since: datetime | None = None

    def look(self, machine: Machine, *, now: datetime) -> bool:
        """Help when it is time; True when there was something to help with."""
        pieces = machine.supplies.values()
        is_stuck = machine.is_jammed or machine.is_misfed or any(p.is_empty for p in pieces)
        if not is_stuck:
            self._since = None
            return False
        self._since = self._since or now
        if now - self._since >= _HANDS:
            help_along(machine)
            self._since = None
        return True


class _Fate:
    """What the day does to a printer: the room of each hour, jams, the cut, the ribbon."""

    def __init__(self, day: Day, *, opening: datetime) -> None:
        self._day, self._opening = day, opening
        self._jams = [opening + each for each in day.jams]
        self._cut_at = opening + day.cut if day.cut is not None else None
        self._back_at: datetime | None = None

    def room(self, now: datetime) -> float:
        hours = (now - self._opening).total_seconds() / 3600
        return self._day.morning + self._day.warmer * max(0.0, math.sin(math.pi * hours / 11))

    def morning(self, machine: Machine) -> None:
        """The printer slept in a cold room; on the last day a bad ribbon was put in."""
        machine.set_room(self.room(self._opening - _BEFORE))
        if self._day.ribbon is not None:
            machine.change_supply("ribbon")
            machine.supplies["ribbon"].real_cards = self._day.ribbon

    def befall(self, machine: Machine, *, now: datetime) -> None:
        machine.set_room(self.room(now))
        if self._jams and now >= self._jams[0]:
            self._jams.pop(0)
            machine.faults.jam = True
        if self._cut_at is not None and now >= self._cut_at:
            self._cut_at = None
            machine.faults.cut = PowerCut(Fate.RUINED)
        if not machine.is_powered:
            self._back_at = self._back_at or now + _HANDS
            if now >= self._back_at:
                machine.power_on(now)
                self._back_at = None


def the_model() -> PrinterModel:
    """The default printer; what befalls it by chance is scripted here instead."""
    return replace(model_named("retransfer-180"), chances=CardChances())


class _HopperRoom(PrintRoom):
    """Officers who load the whole hopper, and help only after a while."""

    hands: _Hands
    now: Callable[[], datetime]

    def _help_the_machine(self) -> None:
        self.hands.look(self.office.ground.shelf.printers[self.printer].machine, now=self.now())

    def _start_run(self) -> None:
        shelf = self.office.ground.shelf
        shelf.unload(at=self.printer)
        room = the_model().capacity.hopper or 100
        serials = shelf.loose_at(self.office.code)[:room]
        for serial in serials:
            shelf.feed(serial, at=self.printer)
        command = self.office.command()
        errand = Errand(
            "run",
            lambda: begin_run(command, printer=self.printer, cards=len(serials), serials=serials),
            _noted,
        )
        self.office.ask(errand)

    def _feed(self, attempt: AttemptSeen) -> None:
        hopper = self.office.ground.shelf.printers[self.printer].machine.physical().hopper
        if hopper[:1] != (attempt.serial,):
            super()._feed(attempt)


@dataclass(slots=True)
class PrintWeek:
    """The week of one seed. `permits` is how many cards wait on Monday morning."""

    seed: int
    registry: Registry
    permits: int = 800
    days: int = 5
    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY - timedelta(hours=12)))

    def play(self) -> Iterator[DayTold]:
        """Day by day; raises BrokenPromise when a blank is not where the books have it."""
        logging.getLogger("ampera").setLevel(logging.ERROR)
        printer = self._printer()
        chance = Chance(random.Random(f"week/{self.seed}"), CALM)
        office = a_print_office(self.registry, chance=chance, printer=printer, at=self.clock)
        room = _HopperRoom(office)
        room.hands, room.now = _Hands(), self.clock.now
        shadow = self._printer()
        try:
            stack_up(office, permits=self.permits)
            for number, day in enumerate(days_of(self.seed)[: self.days]):
                opening = MONDAY + timedelta(days=number)
                limit = _limit_of(shadow, day, opening=opening)
                yield self._day(room, day, opening=opening, limit=limit)
            audit(office, auditor=Auditor(office.ground.shelf), registry=self.registry)
        finally:
            shut(office.server.database)

    def _printer(self) -> MemoryPrinter:
        rng = random.Random(f"week/{self.seed}/printer")
        return MemoryPrinter(now=self.clock.now(), rng=rng, model=the_model())

    def _day(self, room: _HopperRoom, day: Day, *, opening: datetime, limit: int) -> DayTold:
        shelf = room.office.ground.shelf
        machine = shelf.printers[DINAS].machine
        fate = _Fate(day, opening=opening)
        self._leap(machine, opening - _BEFORE)
        fate.morning(machine)
        before, stops, was_hot, hottest = machine.cards_printed, 0, False, 0.0
        spoiled = len(_spoils(room))
        closing, is_stopped = opening + _OPEN, False
        while self.clock.now() < closing + _AFTER:
            now = self.clock.now()
            fate.befall(machine, now=now)
            hottest = max(hottest, fate.room(now))
            self._worker(room)
            is_open = opening <= now < closing
            if is_open and now < closing - _LAST_CALL:
                room.work()
            elif not is_stopped and now >= closing - _LAST_CALL:
                is_stopped = True
                self._close(room)
            elif now >= closing - _LAST_CALL:
                room.hands.look(machine, now=now)
            if is_open and room.office.ground.tick % 60 == 0 and self._is_done(room):
                break
            self._leap(machine, now + _until_next(machine))
            stops += machine.has_cut_off and not was_hot
            was_hot = machine.has_cut_off
        room.work()  # what came out last is checked
        self._put_away(room)
        return DayTold(
            name=day.name,
            celsius=hottest,
            cards=machine.cards_printed - before,
            limit=limit,
            heat_stops=stops,
            spoiled=len(_spoils(room)) - spoiled,
        )

    def _is_done(self, room: _HopperRoom) -> bool:
        """Has every permit become a card? Then the rest of the day is nothing to look at."""
        with acting_as(room.office.server):
            return not (open_permits(room.office.server.code, most=1) or open_attempts())

    def _leap(self, machine: Machine, until: datetime) -> None:
        self.clock.move(until - self.clock.now())
        machine.advance(self.clock.now())

    def _worker(self, room: _HopperRoom) -> None:
        ground = room.office.ground
        ground.tick += 1
        line = PrinterLine(ground.shelf.printers[DINAS], ground.chance, ground.shelf.said)
        with acting_as(room.office.server):
            step_printers({DINAS: line}, render=partial(draw, room.office))
            secure()

    def _close(self, room: _HopperRoom) -> None:
        command = room.office.command()
        errand = Errand("stop", lambda: stop_run(command, printer=DINAS), _noted)
        room.office.ask(errand)

    def _put_away(self, room: _HopperRoom) -> None:
        """At night no blank lies in the printer."""
        shelf = room.office.ground.shelf
        shelf.unload(at=DINAS)
        found = shelf.printers[DINAS].machine.physical()
        shelf.take_out([each.serial for each in (*found.tray, *found.ruined)], at=DINAS)


def _until_next(machine: Machine) -> timedelta:
    """A long look while a card is under way, but never past its end; a short one otherwise."""
    feeding = machine._feeding
    if feeding is None or machine.is_halted or not machine.is_powered:
        return _LOOK
    left = machine.print_time - feeding.elapsed
    return min(_LONG_LOOK, max(left, timedelta(milliseconds=100)))


def _spoils(room: PrintRoom) -> list[str]:
    return [s for s, lies in room.office.ground.shelf.lies.items() if lies.spot == "spoils"]


def _limit_of(printer: MemoryPrinter, day: Day, *, opening: datetime) -> int:
    """The same day for one who knows the temperature: warm at opening time, never too hot."""
    machine, fate, hands = printer.machine, _Fate(day, opening=opening), _Hands()
    closing = opening + _OPEN
    machine.advance(opening - _BEFORE)
    fate.morning(machine)
    machine.wake()
    before, job = machine.cards_printed, 0
    now = opening - _BEFORE
    while now < closing + _AFTER:
        fate.befall(machine, now=now)
        hands.look(machine, now=now)
        left = (closing - now).total_seconds()
        is_free = machine.is_powered and not machine.is_wanted and not machine.is_blocked
        is_time = opening <= now < closing - _LAST_CALL
        may_feed = is_time and is_free and not machine.is_jammed and not machine.has_cut_off
        if may_feed and seconds_until_feed(machine, seconds_left=left) <= 0:
            job += 1
            machine.jobs.clear()
            machine.load([f"LIMIT{now:%d}{job:05d}"])
            printer.send(job_name=f"limit{now:%d}-{job}", document=b"%PDF-1.4")
        now = min(now + _until_next(machine), closing + _AFTER)
        machine.advance(now)
        machine.empty_tray()
        machine.empty_reject()
    return machine.cards_printed - before


def _noted(_: Answer | Refusal) -> None:
    """Nothing to do with hands."""
