"""What all desks of the played city share: its doors, its clock, its diary, and who was seen."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final, Protocol

from ampera.words.clock import Clock
from ampera.words.office import OfficeCode
from ampera.world.driving.client import No, RunningCity
from ampera.world.driving.hours import local
from ampera.world.driving.visits import Habits

_BYTES_MAX: Final = 2_000_000
#: The same refusal at the same desk is told again after this long.
_TOLD_AGAIN: Final = timedelta(minutes=30)


class Diary:
    """One readable line for each act, in `activity.log`. Numbers of residents are never written."""

    def __init__(self, file: Path, *, clock: Clock) -> None:
        self._clock = clock
        self._log = logging.Logger("ampera.activity")
        handler = RotatingFileHandler(file, maxBytes=_BYTES_MAX, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(message)s"))
        self._log.addHandler(handler)
        self._told: dict[tuple[str, ...], datetime] = {}
        self._lock = threading.Lock()

    def note(self, office: OfficeCode, *, who: str, what: str) -> None:
        """Write down what somebody did."""
        at = local(self._clock.now(), office=office)
        self._log.info("%s  %-8s  %-10s  %s", f"{at:%Y-%m-%d %H:%M}", office.text, who, what)

    def refused(self, office: OfficeCode, *, who: str, what: str, no: No) -> None:
        """A refusal is an ordinary day: one line, and not again for the next half hour."""
        self.once(office, who=who, what=f"{what}: ditolak. {no.detail} ({no.code})")

    def once(self, office: OfficeCode, *, who: str, what: str) -> None:
        """Write down what is so for a while, and not at each look."""
        key, now = (office.text, who, what), self._clock.now()
        with self._lock:
            before = self._told.get(key)
            if before is not None and now - before < _TOLD_AGAIN:
                return
            self._told = {each: at for each, at in self._told.items() if now - at < _TOLD_AGAIN}
            self._told[key] = now
        self.note(office, who=who, what=what)


@dataclass(slots=True)
class Ground:
    """Given to every desk once. Threads of several offices put something in or take it out; nobody
    goes through the whole of it."""

    city: RunningCity
    clock: Clock
    speed: float
    habits: Habits
    diary: Diary
    #: Who was at a counter since this process began, so that nobody is sent there twice.
    seen: set[str] = field(default_factory=set, repr=False)
    #: Offices where a card has just become ready: their counters look into the drawer.
    checked: set[OfficeCode] = field(default_factory=set)
    #: Request → NIK, for those who take a card home; then by office who has one of this city.
    nik_of: dict[str, str] = field(default_factory=dict, repr=False)
    served: dict[OfficeCode, list[str]] = field(default_factory=dict, repr=False)

    def wall_seconds(self, city: timedelta, *, most: float, each: float = 0.0) -> float:
        """How long a span of the city's clock takes here, at most so many seconds.

        `each`: a member of every office does the same, and may do it once in so many seconds for
        every office of the city; so the calls of all together are bounded.
        """
        least = max(1.0, each * len(self.city.offices))
        return max(min(city.total_seconds() / self.speed, most), least)


class Member(Protocol):
    """Somebody who does one small thing after the other."""

    code: OfficeCode
    name: str

    def step(self, now: datetime) -> float:
        """Do what is due at that moment of the city; returns the wall seconds until it makes sense
        to come again. Raises Silent."""
        ...


def time_of(text: str) -> datetime:
    """A time as the machine interface writes it. Raises ValueError."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def short(record: str) -> str:
    """A record id as a person reads it aloud."""
    return f"{record[:4]}…{record[-6:]}"


REASONS: Final[Mapping[str, str]] = {
    "NEW": "kartu pertama",
    "LOST": "kartu hilang",
    "DAMAGED": "kartu rusak",
    "DATA_CHANGED": "perubahan data",
    "MOVED": "pindah",
}
