"""What a week of one print room is like: cold mornings, hot noons, jams, a power cut, a ribbon.

Shared by the week that is played in virtual time (`world.week`) and by the one that is watched on
real servers (`world.driving.watched`). Beside both runs the limit: the same days for one who knows
the temperature (devices.simulated.oracle).
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from ampera.devices.simulated.cards import Fate, PowerCut
from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import CardChances, PrinterModel, model_named
from ampera.devices.simulated.oracle import seconds_until_feed
from ampera.world.hothead import help_along

MONDAY: Final = datetime(2017, 9, 11, 1, 0, tzinfo=UTC)  # 08:00 WIB
OPEN: Final = timedelta(hours=8)
BEFORE: Final = timedelta(minutes=30)
AFTER: Final = timedelta(minutes=30)
#: The officers' last look at the printer before they stop the sitting.
LAST_CALL: Final = timedelta(minutes=3)
#: Until hands have pulled out a stuck card or put in a ribbon.
HANDS_COME: Final = timedelta(minutes=10)
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

    def celsius(self, since_opening: timedelta) -> float:
        """How warm the room is so long after opening time; in the morning as at opening."""
        hours = since_opening / timedelta(hours=1)
        return self.morning + self.warmer * max(0.0, math.sin(math.pi * hours / 11))


def shortened(day: Day, *, length: timedelta) -> Day:
    """The same day when only so much of it is played: what befalls it comes that much sooner."""
    share = length / OPEN
    cut = day.cut * share if day.cut is not None else None
    ribbon = round(day.ribbon * share) if day.ribbon is not None else None
    return replace(day, jams=tuple(each * share for each in day.jams), cut=cut, ribbon=ribbon)


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


class Helper:
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
        if now - self._since >= HANDS_COME:
            help_along(machine)
            self._since = None
        return True


class DayAtThePrinter:
    """What the day does to a printer: the room of each hour, jams, the cut, the ribbon."""

    def __init__(self, day: Day, *, opening: datetime) -> None:
        self._day, self._opening = day, opening
        self._jams = [opening + each for each in day.jams]
        self._cut_at = opening + day.cut if day.cut is not None else None
        self._back_at: datetime | None = None

    def room(self, now: datetime) -> float:
        return self._day.celsius(now - self._opening)

    def morning(self, machine: Machine) -> None:
        """The printer slept in a cold room; on the last day a bad ribbon was put in."""
        machine.set_room(self.room(self._opening - BEFORE))
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
            self._back_at = self._back_at or now + HANDS_COME
            if now >= self._back_at:
                machine.power_on(now)
                self._back_at = None


def the_model() -> PrinterModel:
    """The default printer; what befalls it by chance is scripted here instead."""
    return replace(model_named("retransfer-180"), chances=CardChances())


def printer_random(seed: int) -> random.Random:
    """The luck of the printer of that week, the same for who prints and for the limit."""
    return random.Random(f"week/{seed}/printer")


def until_next(machine: Machine) -> timedelta:
    """A long look while a card is under way, but never past its end; a short one otherwise."""
    feeding = machine._feeding
    if feeding is None or machine.is_halted or not machine.is_powered:
        return _LOOK
    left = machine.print_time - feeding.elapsed
    return min(_LONG_LOOK, max(left, timedelta(milliseconds=100)))


def limit_of(
    printer: MemoryPrinter, *, day: Day, opening: datetime, length: timedelta = OPEN
) -> int:
    """The same day for one who knows the temperature: warm at opening time, never too hot."""
    machine, fate, hands = printer.machine, DayAtThePrinter(day, opening=opening), Helper()
    closing = opening + length
    machine.advance(opening - BEFORE)
    fate.morning(machine)
    machine.wake()
    before, job = machine.cards_printed, 0
    now = opening - BEFORE
    while now < closing + AFTER:
        fate.befall(machine, now=now)
        hands.look(machine, now=now)
        left = (closing - now).total_seconds()
        is_free = machine.is_powered and not machine.is_wanted and not machine.is_blocked
        is_time = opening <= now < closing - LAST_CALL
        may_feed = is_time and is_free and not machine.is_jammed and not machine.has_cut_off
        if may_feed and seconds_until_feed(machine, seconds_left=left) <= 0:
            job += 1
            machine.jobs.clear()
            machine.load([f"LIMIT{now:%d}{job:05d}"])
            printer.send(job_name=f"limit{now:%d}-{job}", document=b"%PDF-1.4")
        now = min(now + until_next(machine), closing + AFTER)
        machine.advance(now)
        machine.empty_tray()
        machine.empty_reject()
    return machine.cards_printed - before
