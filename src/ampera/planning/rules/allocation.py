"""Who gets how many blanko when there are not enough: max-min fair, whole, and explained. Pure.

Each office's *fill level* is the share of its weighted backlog that its shelf covers. Blanko are
given one by one, each to the office whose level is lowest, never above what it needs or can print:
so everybody rises together, and whoever has enough drops out. No other way of sharing whole blanko
leaves the lowest higher, nor then the next lowest, and so on. Since each further blanko only
continues the same sequence, more stock never gives anybody less.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: Weights are per cent: 100 is an office like any other.
WEIGHT_NORMAL: Final = 100
#: Levels are compared as 64-bit fractions: division rounds equal ones to the same number, and two
#: that are closer than a part in 10^15 count as equal.
_FINE: Final = 1 << 40


class Limit(StrEnum):
    """What decided an office's number."""

    LEVEL = "LEVEL"  #: the common fill level: there is not enough for everybody
    NEED = "NEED"  #: it gets all that it needs
    CAPACITY = "CAPACITY"  #: it cannot print more before the next supply
    MINIMUM = "MINIMUM"  #: the guaranteed minimum lifts it above the common level
    ASKED = "ASKED"  #: it gets all that it asked for
    SHARE = "SHARE"  #: the head gave this office a fixed share of the stock
    ENOUGH = "ENOUGH"  #: what lies on its shelf is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one office brings forward. All counts are whole blanko or cards, none below zero."""

    office: str
    backlog: int  #: cards that wait and are ready to be printed
    on_hand: int = 0  #: whole blanko on its shelf, in its hopper and on the way to it
    need: int | None = None  #: blanko for the backlog, ruined ones counted in; None: the backlog
    #: What it can print until the next supply; None: more than it could ever be given.
    capacity: int | None = None
    minimum: int = 0  #: it is given so many before levels are looked at
    weight: int = WEIGHT_NORMAL  #: per cent: who waits longer or more urgently rises faster
    #: What it asked for and was not promised yet; None where nobody has to ask.
    asked: int | None = None

    def __post_init__(self) -> None:
        limits = (self.need or 0, self.capacity or 0, self.asked or 0)
        counts = (self.backlog, self.on_hand, self.minimum, *limits)
        assert min(counts) >= 0, f"{self.office}: a count below zero"
        assert self.weight > 0, f"{self.office}: a weight of nothing"

    @property
    def claim(self) -> int:
        """The backlog times the weight: what 100 % of the fill level is."""
        return self.backlog * self.weight

    @property
    def wanted(self) -> int:
        """Blanko for all that waits, beyond what lies there."""
        needed = self.backlog if self.need is None else self.need
        return max(0, needed - self.on_hand) if self.backlog else 0

    @property
    def room(self) -> int:
        """The most that it may be given: what it wants, asked for and can print before the next
        supply."""
        most = self.wanted if self.asked is None else min(self.wanted, self.asked)
        if self.capacity is None:
            return most
        return min(most, max(0, self.capacity - self.on_hand))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one office gets, and what decided it."""

    claim: Claim
    gets: int
    limit: Limit

    @property
    def covered(self) -> float:
        """Per cent of its backlog for which there is a blanko then; 100 where nothing waits."""
        needed = self.claim.backlog if self.claim.need is None else self.claim.need
        if not needed:
            return 100.0
        return min(100.0, 100.0 * (self.claim.on_hand + self.gets) / needed)


@dataclass(frozen=True, slots=True)
class Allocation:
    """A whole proposal, in the order of the offices' codes."""

    stock: int
    lines: tuple[Line, ...]

    @property
    def given(self) -> int:
        return sum(line.gets for line in self.lines)

    @property
    def left(self) -> int:
        """What nobody needs or could print: it stays in the store."""
        return self.stock - self.given

    @property
    def level(self) -> float | None:
        """Per cent of the backlog that is covered where only the common level decided: the mean of
        those offices, None when there is no such office."""
        found = [line.covered for line in self.lines if line.limit is Limit.LEVEL]
        return sum(found) / len(found) if found else None


def allocate(stock: int, claims: Sequence[Claim]) -> Allocation:  # positional: what to whom
    """Share whole blanko max-min fairly.

    Who comes first when two stand at the same level: the larger backlog, then the code. The sum is
    the stock or, where that is less, all that there is room for.
    """
    assert stock >= 0, "a stock below zero cannot be shared"
    assert len({each.office for each in claims}) == len(claims), "an office stands there twice"
    rooms = {each.office: each.room for each in claims}
    gets = _share(stock, claims, rooms=rooms)
    least = _level_reached(claims, gets=gets, rooms=rooms)
    lines = []
    for each in sorted(claims, key=lambda each: each.office):
        count, room = gets[each.office], rooms[each.office]
        lines.append(Line(claim=each, gets=count, limit=_limit(each, count, room, least)))
    return Allocation(stock, tuple(lines))


def share(stock: int, claims: Sequence[Claim]) -> dict[str, int]:  # positional: what to whom
    """How many each office gets: first the guaranteed minima, rising together, then the rest."""
    return _share(stock, claims, rooms={each.office: each.room for each in claims})


def _share(stock: int, claims: Sequence[Claim], *, rooms: Mapping[str, int]) -> dict[str, int]:
    minima = {each.office: min(each.minimum, rooms[each.office]) for each in claims}
    guaranteed = sum(minima.values())
    if guaranteed >= stock:
        return _rise(stock, claims, gets=dict.fromkeys(minima, 0), rooms=minima)
    return _rise(stock - guaranteed, claims, gets=minima, rooms=rooms)


def _rise(
    stock: int, claims: Sequence[Claim], *, gets: Mapping[str, int], rooms: Mapping[str, int]
) -> dict[str, int]:
    """Give `stock` more, each to whoever is lowest. The first steps are taken all at once, up to a
    level that is surely below the last one; the others one by one."""
    rising = [each for each in claims if rooms[each.office] > gets[each.office]]
    found = dict(gets)
    before = sum(found.values())
    level = _level_below(stock, rising, gets=gets, rooms=rooms)
    while True:
        for each in rising:
            there = _whole_at(level, each)
            found[each.office] = min(max(there, gets[each.office]), rooms[each.office])
        left = stock - (sum(found.values()) - before)
        # Some steps are always left for the row below, so that equal levels are told apart there.
        if left > 0 or level <= 0:
            break
        level -= 1 + level // 500  # the estimate was a hair too high: start lower
    heap = [
        (*_key(each, found[each.office]), each)
        for each in rising
        if found[each.office] < rooms[each.office]
    ]
    heap.sort()
    while left and heap:
        each = heap[0][-1]
        found[each.office] += 1
        left -= 1
        if found[each.office] < rooms[each.office]:
            heapq.heapreplace(heap, (*_key(each, found[each.office]), each))
        else:
            heapq.heappop(heap)
    return found


def _key(claim: Claim, gets: int) -> tuple[float, int, str]:  # positional: a place in the row
    """Who is next: the lowest level, then the larger backlog, then the code."""
    return ((claim.on_hand + gets) / claim.claim, -claim.backlog, claim.office)


def _whole_at(level: int, claim: Claim) -> int:  # positional: a level and whose
    """How many of the office's blanko come below this level (in parts of `_FINE`)."""
    return -(-level * claim.claim // _FINE) - claim.on_hand


def _level_below(
    stock: int, rising: Sequence[Claim], *, gets: Mapping[str, int], rooms: Mapping[str, int]
) -> int:
    """About the level that this stock lifts everybody to: between the points where one begins and
    one ends, all that rise take in proportion to their claims."""
    turns: list[tuple[float, int]] = []
    for each in rising:
        begins, ends = gets[each.office] + each.on_hand, rooms[each.office] + each.on_hand
        claim = each.claim
        turns.append((begins / claim, claim))
        turns.append((ends / claim, -claim))
    turns.sort()
    # Each is rounded up, by half a blanko in the mean: nearly always the sum stays below the stock,
    # and where it does not, the caller starts lower.
    left = float(max(0, stock - len(rising) // 2 - 2 * math.isqrt(len(rising)) - 1))
    level, slope = 0.0, 0
    for at, change in turns:
        if (at - level) * slope >= left:
            break
        left -= (at - level) * slope
        level, slope = at, slope + change
    return int((level + (left / slope if slope > 0 else 0.0)) * _FINE)


def _level_reached(
    claims: Sequence[Claim], *, gets: Mapping[str, int], rooms: Mapping[str, int]
) -> float:
    """The lowest level of those that could have been given more."""
    open_ = [each for each in claims if gets[each.office] < rooms[each.office]]
    return min((_key(each, gets[each.office])[0] for each in open_), default=float("inf"))


def _limit(claim: Claim, gets: int, room: int, least: float) -> Limit:  # positional: one line
    if not claim.wanted:
        return Limit.ENOUGH
    # Would the common level have given it as much without the guarantee?
    if gets and gets <= claim.minimum and _key(claim, gets - 1)[0] > least:
        return Limit.MINIMUM
    if gets >= claim.wanted:
        return Limit.NEED
    if gets < room:
        return Limit.LEVEL
    return Limit.ASKED if gets == claim.asked else Limit.CAPACITY
