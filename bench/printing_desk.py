"""One simulated printer through its days, and all that befalls it: for `bench/printing_day.py`.

Who feeds it is a `Policy`; rooms, jams, power cuts and ribbons come from the seed, the same for
every policy.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from ampera.devices.simulated.heating import Heating, HeatMode
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import PrinterModel

DAY: Final = timedelta(hours=8)
MONDAY: Final = datetime(2017, 9, 4, 1, 0, tzinfo=UTC)  # 08:00 WIB
BEFORE: Final = timedelta(minutes=30)
LOOK: Final = timedelta(seconds=10)
ROOM_LOOK: Final = timedelta(minutes=10)
#: Until two officers have cleared a jam and settled it, or have put in a ribbon.
HANDS: Final = timedelta(minutes=10)
PDF: Final = b"%PDF-1.4 SPESIMEN"


@dataclass(frozen=True, slots=True)
class Scene:
    """What kind of day it is."""

    name: str
    says: str
    room: float = 28.0  #: °C in the morning
    warmer: float = 1.5  #: by how much it is warmer at two in the afternoon
    from_day_to_day: float = 0.4  #: standard deviation of the room, °C
    jams: float = 0.0  #: of each card
    cuts: int = 0  #: power cuts a day
    ribbon: tuple[int, int] | None = None  #: real yield of one, at least and at most
    is_off_at_night: bool = False
    warmer_from_day_to_day: float = 0.0  #: standard deviation of `warmer`, °C: no morning tells it


SCENES: Final = (
    Scene("normal", "an office of 28 °C, the printer asleep at night"),
    Scene(
        "cold start",
        "18 °C in the morning, 24 in the afternoon, no power at night",
        room=18.0,
        warmer=6.0,
        is_off_at_night=True,
    ),
    Scene("hot room", "33 °C and no fan", room=33.0),
    Scene("jams", "every fiftieth card sticks; hands need 10 minutes", jams=0.02),
    Scene("power cuts", "two cuts of 5 to 30 minutes a day", cuts=2),
    Scene(
        "ribbon short", "ribbons of 90 to 130 cards; a new one takes 10 minutes", ribbon=(90, 130)
    ),
)


#: Days on which nothing was chosen: other rooms, other seeds, and an afternoon that no morning
#: foretells.
HELD_OUT: Final = (
    Scene(
        "warm office",
        "30.5 °C, 2.5 warmer in the afternoon; days differ by 0.8 °C and their afternoons by 0.5",
        room=30.5,
        warmer=2.5,
        from_day_to_day=0.8,
        warmer_from_day_to_day=0.5,
    ),
    Scene(
        "air conditioned",
        "31 °C in the morning and cooler by 2 in the afternoon; days differ by 0.6 °C",
        room=31.0,
        warmer=-2.0,
        from_day_to_day=0.6,
        warmer_from_day_to_day=0.5,
    ),
    Scene(
        "jams and a cut",
        "29 °C, every hundredth card sticks, one power cut a day; afternoons differ by 0.5 °C",
        room=29.0,
        jams=0.01,
        cuts=1,
        warmer_from_day_to_day=0.5,
    ),
    Scene(
        "cold hills",
        "20 °C in the morning, 24 in the afternoon; no power at night; days differ by 0.6 °C",
        room=20.0,
        warmer=4.0,
        from_day_to_day=0.6,
        is_off_at_night=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What befalls one day, whoever prints on it."""

    room: float
    jams: frozenset[int]  #: by the number of the card fed that day
    cuts: tuple[tuple[timedelta, timedelta], ...]  #: since opening time: from, until
    warmer: float  #: by how much it is warmer at two in the afternoon


def trouble_of(scene: Scene, *, seed: int, day: int) -> Trouble:
    """The same for all who print on that day of that seed."""
    rng = random.Random(f"{scene.name}/{seed}/{day}")
    room = scene.room + rng.gauss(0, scene.from_day_to_day)
    jams = frozenset(card for card in range(1, 600) if rng.random() < scene.jams)
    cuts = []
    for _ in range(scene.cuts):
        start = timedelta(seconds=rng.uniform(1800, DAY.total_seconds() - 1800))
        cuts.append((start, start + timedelta(seconds=rng.uniform(300, 1800))))
    warmer = rng.gauss(scene.warmer, scene.warmer_from_day_to_day)
    return Trouble(room, jams, tuple(sorted(cuts)), warmer)


class Policy(Protocol):
    """Who decides when the next card is fed."""

    @property
    def look_seconds(self) -> float:
        """How long until it looks at the printer again."""
        ...

    def opens(self, desk: Desk) -> datetime:
        """From when on it is at the printer on this day."""
        ...

    def looked(self, desk: Desk) -> None:
        """One look at the printer."""
        ...

    def wait_seconds(self, desk: Desk) -> float:
        """How long until the next card is fed; asked when the printer would take one."""
        ...


class Desk:
    """One printer through the days of one seed. `policy` feeds it; trouble and hands come by."""

    def __init__(self, model: PrinterModel, *, scene: Scene, seed: int, policy: Policy) -> None:
        self.scene, self.seed, self.policy = scene, seed, policy
        self.at = MONDAY - BEFORE
        self.printer = MemoryPrinter(now=self.at, rng=random.Random(seed), model=model)
        self.machine = self.printer.machine
        self.machine.load(f"SPC{number:08d}" for number in range(20_000))
        self.opening = self.closing = self.at
        self.fed = self.stops = self.ribbon_left = 0
        self._job = 0
        self._cuts: list[tuple[datetime, datetime]] = []
        self._hands_at: datetime | None = None
        self._room_at = self.at
        self._trouble = trouble_of(scene, seed=seed, day=0)
        self._ribbons = random.Random(f"{scene.name}/{seed}/ribbons")
        self._new_ribbon()

    @property
    def heating(self) -> Heating:  # the bench knows what the printer does not tell
        assert self.machine.heating is not None
        return self.machine.heating

    def day(self, number: int) -> tuple[int, int]:
        """Print one working day; cards that came out until closing time, and stops for heat."""
        self.opening = MONDAY + timedelta(days=number)
        self.closing = self.opening + DAY
        self._trouble = trouble_of(self.scene, seed=self.seed, day=number)
        self._cuts = [(self.opening + a, self.opening + b) for a, b in self._trouble.cuts]
        self.fed, self.stops = 0, 0
        self._night()
        before = self.machine.cards_printed
        begins = self.policy.opens(self)
        while self.at < self.closing:
            self._step(begins)
        printed = self.machine.cards_printed - before
        # The card in work comes out, too late; the printer cools and falls asleep.
        while self.at < self.closing + timedelta(hours=3):
            self._go(self.at + ROOM_LOOK / 5)
            self.policy.looked(self)
        return printed, self.stops

    def _night(self) -> None:
        """Until half an hour before it opens: it sleeps, or is without power."""
        morning = self.opening - BEFORE
        if self.scene.is_off_at_night and self.machine.is_powered and self.at < morning:
            self.machine.power_off()
        self.policy.looked(self)
        self._go(morning)
        if not self.machine.is_powered:
            self.machine.power_on(self.at)
        self.machine.set_room(self._trouble.room)
        if not self.scene.is_off_at_night:
            self.heating.stand_cold()
            self.heating.mode = HeatMode.ASLEEP

    def _step(self, begins: datetime) -> None:
        self._befall()
        self.policy.looked(self)
        look = timedelta(seconds=self.policy.look_seconds)
        until = min(self.at + look, self.closing)
        machine = self.machine
        if machine.is_powered and machine.is_printing and not machine.has_cut_off:
            feeding = machine._feeding  # the look that sees the card come out is not a second late
            if feeding is not None:
                until = min(until, self.at + machine.print_time - feeding.elapsed)
        elif self._may_feed and self.at >= begins:
            wait = self.policy.wait_seconds(self)
            if wait <= 0:
                self._feed()
                self.policy.looked(self)
            else:
                until = min(self.at + timedelta(seconds=wait), self.closing, self.at + look)
        elif self.at < begins:
            until = min(until, begins)
        was_hot = machine.has_cut_off
        self._go(max(until, self.at + timedelta(milliseconds=100)))
        self.stops += machine.has_cut_off and not was_hot

    @property
    def _may_feed(self) -> bool:
        machine = self.machine
        if not machine.is_powered or machine.is_wanted or self.ribbon_left <= 0:
            return False
        return self.at >= self.opening and not machine.is_jammed and not machine.has_cut_off

    def _feed(self) -> None:
        self.fed += 1
        self.ribbon_left -= 1
        self.machine.faults.jam = self.fed in self._trouble.jams
        self._job += 1
        self.machine.jobs.clear()  # all have ended; a printer's memory of them costs the bench time
        self.printer.send(job_name=f"job{self._job}", document=PDF)

    def _befall(self) -> None:
        """Power cuts, the room of this hour, and hands."""
        cut = next((each for each in self._cuts if each[0] <= self.at < each[1]), None)
        if cut is not None and self.machine.is_powered:
            self.machine.power_off()
        elif cut is None and not self.machine.is_powered:
            self.machine.power_on(self.at)
        if self.at >= self._room_at:
            self._room_at = self.at + ROOM_LOOK
            hours = (self.at - self.opening).total_seconds() / 3600
            share = max(0.0, math.sin(math.pi * (hours + 1) / 14))
            self.machine.set_room(self._trouble.room + self._trouble.warmer * share)
        needs_hands = self.machine.is_jammed or (
            self.ribbon_left <= 0 and not self.machine.is_wanted
        )
        if not needs_hands:
            self._hands_at = None
        elif self._hands_at is None:
            self._hands_at = self.at + HANDS
        elif self.at >= self._hands_at:
            self._hands_at = None
            self.machine.clear_jam()
            if self.ribbon_left <= 0:
                self._new_ribbon()

    def _new_ribbon(self) -> None:
        ends = self.scene.ribbon
        self.ribbon_left = 10**9 if ends is None else self._ribbons.randint(*ends)

    def _go(self, until: datetime) -> None:
        self.machine.advance(until)
        self.at = max(self.at, until)
