"""How many places a day has, who may have one, and who must be told when it cannot be kept. Pure.

A day is promised only when the cards of all earlier promises still come out by then: what the
queue owes already (`backlog`) is printed first, then day by day what was promised for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from ampera.words.refusal import Refusal


class AppointmentState(StrEnum):
    """Where an appointment stands."""

    BOOKED = "BOOKED"
    MISSED = "MISSED"  #: nobody came on that day; it may be moved to another
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Calendar:
    """From this day on, these days are promised, and this share of what can be printed."""

    since: date
    weekdays: frozenset[int]
    closed: frozenset[date]
    horizon_days: int
    share_percent: int
    basis: str

    def is_open_on(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What an office can print and has promised, as of today."""

    today: date
    capacity: int  #: cards a day, measured
    backlog: int  #: cards that the queue owes without an appointment
    booked: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class DayRoom:
    """One day that can be promised, or is full."""

    day: date
    booked: int
    places: int


def read_calendars(text: str) -> tuple[Calendar, ...]:
    """Read the data. Raises KeyError or ValueError for what nobody understands."""
    return tuple(
        _calendar(row)
        for row in sorted(tomllib.loads(text)["calendar"], key=lambda row: row["from"])
    )


def _calendar(row: Mapping[str, Any]) -> Calendar:
    if not (0 < row["share_percent"] <= 100 and row["horizon_days"] > 0 and row["weekdays"]):
        raise ValueError("a calendar promises a share of the cards on some days ahead")
    return Calendar(
        since=row["from"],
        weekdays=frozenset(row["weekdays"]),
        closed=frozenset(row["closed"]),
        horizon_days=row["horizon_days"],
        share_percent=row["share_percent"],
        basis=row["basis"],
    )


@cache
def calendars() -> tuple[Calendar, ...]:
    """The calendars of this release, oldest first, from `policy.toml`."""
    return read_calendars(files("ampera.appointments").joinpath("policy.toml").read_text("utf-8"))


def calendar_on(day: date, *, among: Sequence[Calendar]) -> Calendar:
    """The row in force on a day; before the first one, the first."""
    rows = [row for row in among if row.since <= day]
    return rows[-1] if rows else among[0]


def share_of(capacity: int, *, calendar: Calendar) -> int:
    """How many of a day's cards are promised by appointment."""
    return capacity * calendar.share_percent // 100


def rooms(office: Office, *, calendar: Calendar) -> list[DayRoom]:
    """Every open day within the horizon with its places, today among them."""
    share = share_of(office.capacity, calendar=calendar)
    days = [
        day
        for ahead in range(calendar.horizon_days + 1)
        if calendar.is_open_on(day := office.today + timedelta(days=ahead))
    ]
    owed, spare = office.backlog, []
    for number, day in enumerate(days, start=1):
        owed += office.booked.get(day, 0)
        spare.append(share * number - owed)
    found, least = [], None
    # One more card on a day comes out of what every later day has to spare.
    for day, room in reversed(list(zip(days, spare, strict=True))):
        least = room if least is None else min(least, room)
        booked = office.booked.get(day, 0)
        found.append(DayRoom(day, booked, max(0, min(share - booked, least))))
    return found[::-1]


def decide_day(day: date, *, office: Office, calendar: Calendar) -> Refusal | None:
    """May a card be promised for this day?"""
    if day < office.today:
        return Refusal("appointments.day_past")
    if (day - office.today).days > calendar.horizon_days:
        return Refusal("appointments.too_far", days=calendar.horizon_days)
    if not calendar.is_open_on(day):
        return Refusal("appointments.day_closed", day=day.isoformat())
    room = next(each for each in rooms(office, calendar=calendar) if each.day == day)
    return None if room.places > 0 else Refusal("appointments.day_full", day=day.isoformat())


def state_of(*, day: str, missed_day: str, is_cancelled: bool) -> AppointmentState:
    """Where it stands, from the set of what was said: missed is said of one day only."""
    if is_cancelled:
        return AppointmentState.CANCELLED
    return AppointmentState.MISSED if missed_day and missed_day >= day else AppointmentState.BOOKED


def to_be_told(
    booked: Iterable[tuple[date, str]], *, per_day: int, blanko: int
) -> list[tuple[date, str]]:
    """Who cannot be served on the promised day: `booked` is (day, appointment) in the order in
    which they were promised, `per_day` what the printer makes (0 while it is down), `blanko` what
    lies on the shelf. Those who were promised first keep their day."""
    left, told = blanko, []
    by_day: dict[date, list[str]] = {}
    for day, appointment in booked:
        by_day.setdefault(day, []).append(appointment)
    for day in sorted(by_day):
        can = max(0, min(per_day, left))
        told += [(day, each) for each in by_day[day][can:]]
        left -= min(can, len(by_day[day]))
    return told
