"""When a card asked for today can be expected: an honest range with its reason, or that nobody can
tell. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ampera.printing.rules.hours import PrintPolicy, day_after

#: Beyond so many working days a date would only look exact.
WORKING_DAYS_MAX: Final = 240


class Because(StrEnum):
    """What the range rests on, or why there is none."""

    QUEUE = "QUEUE"  #: cards before it, by the measured capacity
    SUPPLY = "SUPPLY"  #: blanks run out before; a supply with a day is known
    NO_BLANKO = "NO_BLANKO"  #: blanks run out before, and no supply has a day
    NO_CAPACITY = "NO_CAPACITY"  #: the office prints nothing
    TOO_FAR = "TOO_FAR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Blanks promised to the city for a day."""

    day: date
    count: int
    number: str = ""  #: of the letter to which it was promised


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """What stands before a request made today at the office that would print it."""

    ready: int  #: print ready before it
    not_ready: int  #: asked for before it; some of them will be ready first
    blanko: int  #: that this office can use: its shelf, what is under way to it
    capacity: int  #: cards a working day that the printer can do, measured
    usual: int  #: cards a working day that it did lately; 0 when it printed nothing


@dataclass(frozen=True, slots=True)
class Expected:
    """The range of days, both ends included; both None when nobody can tell."""

    first: date | None
    last: date | None
    because: Because


def expected(
    facts: QueueFacts, *, today: date, supplies: Sequence[Supply], by: PrintPolicy
) -> Expected:
    """The days between which the card of a request made today is printed, once its record is
    PRINT_READY_RECORD.

    Earliest: only those that are ready now come before it, at full capacity. Latest: everybody who
    asked comes before it, at the pace of late (half the capacity where nothing was printed). Where
    the blanks end before its turn, not before the first supply that reaches that far; without
    one nobody can tell.
    """
    if facts.capacity < 1:
        return Expected(None, None, Because.NO_CAPACITY)
    slow = min(facts.capacity, facts.usual or max(1, facts.capacity // 2))
    turns = (facts.ready + 1, facts.ready + facts.not_ready + 1)
    found: list[date] = []
    because = Because.QUEUE
    for turn, pace in zip(turns, (facts.capacity, slow), strict=True):
        begin = today
        left = turn
        if turn > facts.blanko:
            covering = _covering(turn - facts.blanko, supplies, today)
            if covering is None:
                return Expected(None, None, Because.NO_BLANKO)
            because = Because.SUPPLY
            if covering > today:
                # What lies on the shelf is printed by then.
                begin, left = covering, turn - facts.blanko
        days = -(-left // pace)
        if days > WORKING_DAYS_MAX:
            return Expected(None, None, Because.TOO_FAR)
        found.append(max(begin, day_after(begin, working_days=days, by=by)))
    first, last = min(found), max(found)
    return Expected(first, last, because)


def _covering(  # positional: how many, out of what, counted from when
    missing: int, supplies: Sequence[Supply], today: date
) -> date | None:
    """The day on which so many more blanks have come; None when nothing promised reaches so far.
    A day that is past and whose blanks did not come promises nothing."""
    for supply in sorted(supplies, key=lambda each: each.day):
        if supply.day < today:
            continue
        missing -= supply.count
        if missing <= 0:
            return supply.day
    return None
