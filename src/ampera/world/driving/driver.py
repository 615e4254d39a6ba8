"""Plays a running city: asks every desk in its turn, one small thing after the other.

Offices are shared among a few lanes, so that a slow server holds up its neighbours in the lane and
not the city; the pace of all calls bounds the load, whatever the speed of the clock.
A server that is silent is left alone for a while and asked again.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ampera.register.rules.palembang import DINAS
from ampera.words.clock import Clock
from ampera.words.office import Tier
from ampera.world.driving.client import Pace, RunningCity, Silent
from ampera.world.driving.counter import Counter
from ampera.world.driving.ground import Diary, Ground, Member
from ampera.world.driving.hours import is_open, local, next_opening
from ampera.world.driving.printroom import PrintRoom
from ampera.world.driving.stockroom import StockRoom
from ampera.world.driving.supply import DinasStockRoom
from ampera.world.driving.visits import Habits

#: Two cores are to answer a visitor's pages too.
CALLS_A_SECOND: Final = 12.0
#: At high speeds of the city's clock fewer come than were asked for.
SECONDS_BETWEEN_VISITS: Final = 2.0
VISITS_AN_HOUR_AT_AN_OFFICE: Final = 2.5
LANES: Final = 4
_SILENCE_SECONDS: Final = 3.0
_SILENCE_SECONDS_MAX: Final = 30.0
_NAP_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Playing:
    """How a city is to be played. `per_hour` 0: as many as its offices make likely."""

    city_file: Path
    diary: Path
    clock: Clock
    speed: float
    seed: int = 1
    per_hour: float = 0.0


def bounded(per_hour: float, *, offices: int, speed: float) -> float:
    """How many visits an hour of the city's clock there will be: never more than the machine
    bears."""
    wanted = per_hour or VISITS_AN_HOUR_AT_AN_OFFICE * offices
    return min(wanted, 3600 / (SECONDS_BETWEEN_VISITS * speed))


@dataclass(slots=True)
class _Turn:
    """When a member is asked next, in wall seconds, and how often its server was silent."""

    member: Member
    at: float
    silences: int = 0


class Lane:
    """Some offices, asked by one thread."""

    def __init__(self, members: Sequence[Member], *, ground: Ground) -> None:
        self._ground = ground
        now = time.monotonic()
        # Everybody at a moment of their own: a city does not start in one breath.
        self._turns = [_Turn(each, now + 0.2 * n) for n, each in enumerate(members)]

    def run(self) -> None:
        """Go on until the process is ended."""
        while True:
            time.sleep(min(max(0.0, self._next().at - time.monotonic()), _NAP_SECONDS))
            self.turn()

    def turn(self) -> None:
        """Ask the member whose turn has come, if one has."""
        turn = self._next()
        if turn.at > time.monotonic():
            return
        try:
            wait = turn.member.step(self._ground.clock.now())
        except Silent as silence:
            turn.silences += 1
            wait = min(_SILENCE_SECONDS * 2 ** (turn.silences - 1), _SILENCE_SECONDS_MAX)
            self._ground.diary.once(
                turn.member.code, who=turn.member.name, what=f"server tidak menjawab ({silence})"
            )
        else:
            turn.silences = 0
        turn.at = time.monotonic() + wait

    def _next(self) -> _Turn:
        return min(self._turns, key=lambda each: each.at)


class Driver:
    """All residents and officers of one city."""

    def __init__(self, playing: Playing) -> None:
        city = RunningCity(playing.city_file, pace=Pace(CALLS_A_SECOND))
        per_hour = bounded(playing.per_hour, offices=len(city.offices), speed=playing.speed)
        self._ground = Ground(
            city=city,
            clock=playing.clock,
            speed=playing.speed,
            habits=replace(Habits(), seed=playing.seed, per_hour=per_hour),
            diary=Diary(playing.diary, clock=playing.clock),
        )
        offices = list(self._offices())
        self._lanes = [
            Lane([each for members in offices[n::LANES] for each in members], ground=self._ground)
            for n in range(min(LANES, len(offices)))
        ]

    def _offices(self) -> Iterator[list[Member]]:
        """Who works at each office. They share its printer, so they are asked by one thread."""
        ground = self._ground
        dinas = Counter(ground, code=DINAS)
        yield [dinas, PrintRoom(ground, code=DINAS), DinasStockRoom(ground)]
        for office in ground.city.offices:
            if office.tier is Tier.KECAMATAN:
                counter = Counter(ground, code=office, other=dinas)
                yield [counter, PrintRoom(ground, code=office), StockRoom(ground, code=office)]

    def play(self) -> None:
        """Go on until the process is ended, or a lane breaks: then all end, and raise what broke
        it."""
        ground = self._ground
        ground.diary.note(
            DINAS,
            who="warga",
            what=f"DATA CONTOH: paling banyak {ground.habits.per_hour:.1f} warga per jam kota,"
            f" benih {ground.habits.seed}",
        )
        self._say_when_closed()
        broken: queue.Queue[BaseException] = queue.Queue()

        def run(lane: Lane) -> None:
            try:
                lane.run()
            except BaseException as error:  # told by the main thread, which ends the process
                broken.put(error)

        for lane in self._lanes:
            threading.Thread(target=run, args=[lane], daemon=True).start()
        raise broken.get()

    def _say_when_closed(self) -> None:
        now = self._ground.clock.now()
        if not is_open(now, office=DINAS):
            opens = next_opening(now, office=DINAS)
            minutes = (opens - now).total_seconds() / 60 / self._ground.speed
            self._ground.diary.note(
                DINAS,
                who="warga",
                what=f"kantor tutup sampai {local(opens, office=DINAS):%Y-%m-%d %H:%M};"
                f" itu {minutes:.0f} menit lagi di jam dinding",
            )


def play(playing: Playing) -> None:
    """Play the city until the process is ended."""
    Driver(playing).play()
