"""The demo city's clock: wall time × speed from `clock.json`, only ever forward.

Used for `at`, rules and devices. Sessions, rate limits, retries and ticks go by wall time. The
processes of a city share one anchor: when its parent moves the clock, all of them see it at once.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from ampera.tiers.folder import write_json
from ampera.tiers.telling import CannotError
from ampera.words.clock import WallClock, utc_from_text, utc_text

#: The morning of the day that the source tells of, 08:00 WIB.
FIRST_MORNING: Final = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
#: `clock.json` is written anew this often, so that a killed city loses no more than that.
SAVE_SECONDS: Final = 5
SPEED_MAX: Final = 10_000.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Anchor:
    """At wall time `wall` the city's clock showed `city`; since then it runs `speed` times as
    fast."""

    wall: datetime
    city: datetime
    speed: float

    def at(self, wall: datetime) -> datetime:
        """What the city's clock shows at that wall time; never before the anchor itself."""
        passed = max(timedelta(), wall - self.wall)
        return self.city + passed * self.speed


class _SharedAnchor:
    """An anchor in memory that every process forked from this one reads, and one of them writes.

    The number in front is odd while it is written, and another one afterwards: who reads it twice
    alike has read a whole anchor.
    """

    _FORM = struct.Struct("=qqqd")

    def __init__(self, anchor: Anchor) -> None:
        self._memory = mmap.mmap(-1, self._FORM.size)
        self._number = 0
        self.write(anchor)

    def write(self, anchor: Anchor) -> None:
        micro = timedelta(microseconds=1)
        wall, city = (anchor.wall - _EPOCH) // micro, (anchor.city - _EPOCH) // micro
        self._number += 2
        head = struct.Struct("=q")
        head.pack_into(self._memory, 0, self._number - 1)
        self._FORM.pack_into(self._memory, 0, self._number - 1, wall, city, anchor.speed)
        head.pack_into(self._memory, 0, self._number)

    def read(self) -> Anchor:
        while True:
            number, wall, city, speed = self._FORM.unpack(self._memory[:])
            if number % 2 == 0 and self._memory[:] == self._FORM.pack(number, wall, city, speed):
                return Anchor(
                    _EPOCH + timedelta(microseconds=wall),
                    _EPOCH + timedelta(microseconds=city),
                    speed,
                )


class CityClock:
    """Keeps `ampera.words.Clock`. All processes of a city hold the same anchor."""

    def __init__(self, anchor: Anchor, *, wall: Callable[[], datetime] | None = None) -> None:
        self._shared = _SharedAnchor(anchor)
        self._wall = wall or WallClock().now
        self._latest = anchor.city

    @property
    def anchor(self) -> Anchor:
        """The one that holds now."""
        return self._shared.read()

    def move(self, *, to: datetime | None = None, speed: float | None = None) -> None:
        """Jump forward, or run at another speed from now on: in every process of the city. Called
        by their parent only. Raises ValueError for a moment that is over."""
        now, before = self.now(), self.anchor
        if to is not None and to < now:
            raise ValueError(f"the clock shows {utc_text(now)} and only goes forward")
        self._shared.write(Anchor(self._wall(), to or now, speed or before.speed))

    def now(self) -> datetime:
        # A wall clock that is set back makes the city's clock stand, not go back.
        self._latest = max(self._latest, self.anchor.at(self._wall()))
        return self._latest


def read_anchor(path: Path) -> Anchor:
    """Raises CannotError when the file cannot be read, FileNotFoundError when there is none."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        return Anchor(
            utc_from_text(row["wall"]), utc_from_text(row["city"]), speed_of(row["speed"])
        )
    except (ValueError, KeyError, TypeError) as wrong:
        raise CannotError(
            f"{path} rusak ({wrong}). Hapus berkas itu hanya bila kota boleh mulai dari awal.",
            f"{path} is damaged ({wrong}). Delete it only if the city may begin anew.",
        ) from None


def speed_of(value: float | str) -> float:
    """Raises ValueError for what is no speed: at least 1, for no printer heats up backwards."""
    speed = float(value)
    if not 1 <= speed <= SPEED_MAX:
        raise ValueError(f"a speed lies between 1 and {SPEED_MAX:.0f}")
    return speed


def save_anchor(path: Path, *, clock: CityClock, wall: datetime) -> None:
    """Write down how late it is. The line is the same one, so nobody has to read it anew."""
    write_json(
        path,
        value={
            "wall": utc_text(wall),
            "city": utc_text(clock.now()),
            "speed": clock.anchor.speed,
        },
    )


def start_clock(path: Path, *, speed: float, now: datetime) -> CityClock:
    """Go on from where the city stopped, or begin on its first morning.

    A city that was killed has written entries after its clock was last saved: it goes on later than
    any of them.
    """
    try:
        saved = read_anchor(path)
        city = saved.city + timedelta(seconds=(SAVE_SECONDS + 1) * saved.speed)
    except FileNotFoundError:
        city = FIRST_MORNING
    clock = CityClock(Anchor(now, city, speed))
    save_anchor(path, clock=clock, wall=now)
    return clock
