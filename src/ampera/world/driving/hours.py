"""When the offices of the simulated city are open, by their own clock. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from ampera.register.rules.days import zone_of
from ampera.words.office import OfficeCode

OPENS: Final = time(8, 0)
#: Monday to Friday; on Saturday counters close at noon, on Sunday they stay closed.
CLOSES: Final = (time(15, 30),) * 5 + (time(12, 0), None)
#: Nobody is let in later than this before closing.
LAST_VISIT: Final = timedelta(minutes=30)
#: How many come in an hour, against an even day: a rush in the morning, few at noon (S13).
RUSH: Final = {8: 1.7, 9: 1.4, 10: 1.2, 11: 1.0, 12: 0.4, 13: 0.8, 14: 0.7, 15: 0.4}


def local(at: datetime, *, office: OfficeCode) -> datetime:
    """That moment on the wall clock of the office."""
    return at.astimezone(zone_of(office))


def opening(at: datetime, *, office: OfficeCode) -> tuple[datetime, datetime] | None:
    """From when to when the office is open on the local day of that moment; None all day closed."""
    here = local(at, office=office)
    closes = CLOSES[here.weekday()]
    if closes is None:
        return None
    return (
        here.replace(hour=OPENS.hour, minute=OPENS.minute, second=0, microsecond=0),
        here.replace(hour=closes.hour, minute=closes.minute, second=0, microsecond=0),
    )


def is_open(at: datetime, *, office: OfficeCode) -> bool:
    """Is somebody at the counters at that moment?"""
    hours = opening(at, office=office)
    return hours is not None and hours[0] <= at < hours[1]


def next_opening(at: datetime, *, office: OfficeCode) -> datetime:
    """When the doors open next, counted from a moment at which they are closed or open."""
    day = at
    for _ in range(8):
        hours = opening(day, office=office)
        if hours is not None and hours[0] > at:
            return hours[0]
        day += timedelta(days=1)
    raise AssertionError("a week without an open day")
