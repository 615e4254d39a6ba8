"""When an office prints, when its printer is woken, and how many working days something took. Pure.

Local time of the office; data of `policy.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from typing import Final

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ONE_DAY: Final = timedelta(days=1)
_NO_TIME: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class HoursRow:
    """From this day on: on which days of the week an office prints, from when until when."""

    since: date
    days: frozenset[int]  #: 0 is Monday
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPolicy:
    """All of it, the rows oldest first."""

    hours: tuple[HoursRow, ...]
    every_year: frozenset[str]  #: `MM-DD`
    dated: frozenset[date]
    spare_seconds: float
    patience: float
    told_after_seconds: float
    returned_after_working_days: int

    def hours_on(self, day: date) -> HoursRow | None:
        """The row in force on a day, None when the office is shut."""
        rows = [row for row in self.hours if row.since <= day]
        is_holiday = day in self.dated or f"{day:%m-%d}" in self.every_year
        if not rows or is_holiday or day.weekday() not in rows[-1].days:
            return None
        return rows[-1]


def read_policy(text: str) -> PrintPolicy:
    """Read policy data. Raises ValueError or KeyError when it says what nobody understands."""
    data = tomllib.loads(text)
    rows = [
        HoursRow(
            row["from"],
            frozenset(_DAYS.index(each) for each in row["days"]),
            row["open"],
            row["close"],
        )
        for row in sorted(data["hours"], key=lambda row: row["from"])
    ]
    if any(row.opens >= row.closes for row in rows):
        raise ValueError("an office opens before it closes")
    holidays, stops, warm_up = data["holidays"], data["stops"], data["warm_up"]
    return PrintPolicy(
        hours=tuple(rows),
        every_year=frozenset(holidays["every_year"]),
        dated=frozenset(holidays["dated"]),
        spare_seconds=warm_up["spare_seconds"],
        patience=warm_up["patience"],
        told_after_seconds=stops["told_after_seconds"],
        returned_after_working_days=stops["returned_after_working_days"],
    )


@cache
def print_policy() -> PrintPolicy:
    """The policy of this release."""
    return read_policy(files("ampera.printing").joinpath("policy.toml").read_text("utf-8"))


def is_open(at: datetime, *, zone: tzinfo, by: PrintPolicy) -> bool:
    """Is the office open at this moment?"""
    local = at.astimezone(zone)
    row = by.hours_on(local.date())
    return row is not None and row.opens <= local.time() < row.closes


def seconds_to_close(at: datetime, *, zone: tzinfo, by: PrintPolicy) -> float | None:
    """Until closing time of today; None when the office is shut now or not open today any more.

    Before it opens the whole day is still to come.
    """
    local = at.astimezone(zone)
    row = by.hours_on(local.date())
    if row is None or local.time() >= row.closes:
        return None
    return (datetime.combine(local.date(), row.closes, tzinfo=zone) - local).total_seconds()


def is_time_to_wake(at: datetime, *, zone: tzinfo, warm_up_seconds: float, by: PrintPolicy) -> bool:
    """Has the moment come to warm the printer, so that its first card starts when the office opens?

    True from then until closing time.
    """
    local = at.astimezone(zone)
    row = by.hours_on(local.date())
    if row is None:
        return False
    opens = datetime.combine(local.date(), row.opens, tzinfo=zone)
    closes = datetime.combine(local.date(), row.closes, tzinfo=zone)
    lead = timedelta(seconds=warm_up_seconds + by.spare_seconds)
    return opens - lead <= local < closes


def working_days(since: datetime, *, until: datetime, zone: tzinfo, by: PrintPolicy) -> float:
    """How many working days lie in between, parts of one counted by its opening hours."""
    start, end = since.astimezone(zone), until.astimezone(zone)
    day, found = start.date(), 0.0
    while day <= end.date():
        row = by.hours_on(day)
        if row is not None:
            opens = datetime.combine(day, row.opens, tzinfo=zone)
            closes = datetime.combine(day, row.closes, tzinfo=zone)
            found += max(_NO_TIME, min(end, closes) - max(start, opens)) / (closes - opens)
        day += _ONE_DAY
    return found


def day_after(day: date, *, working_days: int, by: PrintPolicy) -> date:
    """The day on which so many working days are over, counted from this day, which is the first if
    the office is open then; a year later at the most."""
    left, found = working_days, day
    for _ in range(366):
        left -= by.hours_on(found) is not None
        if left <= 0:
            return found
        found += _ONE_DAY
    return found
