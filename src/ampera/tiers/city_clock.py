"""The demo city's clock: wall time × speed from `clock.json`, only ever forward.

Used for `at`, rules and devices. Sessions, rate limits, retries and ticks go by wall time.
"""

from __future__ import annotations

import json
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


class CityClock:
    """Keeps `ampera.words.Clock`. All processes of a city hold the same anchor."""

    def __init__(self, anchor: Anchor, *, wall: Callable[[], datetime] | None = None) -> None:
        self.anchor = anchor
        self._wall = wall or WallClock().now
        self._latest = anchor.city

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
