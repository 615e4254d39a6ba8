"""Time comes in by the door, so that it can be simulated and so that a rule can be tested."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

_UTC_TEXT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class Clock(Protocol):
    """Tells the city's time. Always aware and in UTC; screens show WIB, WITA or WIT."""

    def now(self) -> datetime: ...


class WallClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until it is moved: for tests and for the simulated province."""

    def __init__(self, at: datetime) -> None:
        assert at.tzinfo is not None, "a time without a zone is a defect"
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        """Move by a span; negative spans are allowed, because real clocks do jump back."""
        self.at += by


def utc_text(at: datetime) -> str:
    """Write a time as it stands in the journal: `2017-09-07T08:19:00.123456Z`, always 27
    characters."""
    assert at.tzinfo is not None, "a time without a zone is a defect"
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    # isoformat, not strftime, and no copy without its zone: this runs for all that a city writes.
    text = in_utc.isoformat()
    return f"{text[:26]}Z" if in_utc.microsecond else f"{text[:19]}.000000Z"


def utc_from_text(text: str) -> datetime:
    """Read what `utc_text` wrote. Raises ValueError on anything else."""
    if _UTC_TEXT.fullmatch(text) is None:
        raise ValueError("a time is written like 2017-09-07T08:19:00.123456Z")
    return datetime.fromisoformat(text)
