"""From a proposal to a decision of the head: what may be asked, changed and accepted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ampera.planning.rules.allocation import Allocation, Claim, Limit, Line
from ampera.planning.rules.sharing import PER_MILLE, Terms, Way
from ampera.words.refusal import Refusal

PROPOSED: Final = "allocation.proposed/1"
DECIDED: Final = "allocation.decided/1"
#: Working days until the next supply that a proposal may look ahead.
DAYS_MAX: Final = 250
MINIMUM_MAX: Final = 100_000
REASON_MIN: Final = 3


class Outcome(StrEnum):
    """What the head of the dinas said to a proposal."""

    ACCEPTED = "ACCEPTED"
    EDITED = "EDITED"  #: accepted with other numbers
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the head asks a proposal for."""

    way: str = Way.ALIKE.value
    share_per_mille: int = 0  #: of the dinas, for `Way.SHARE`
    minimum: int = 0  #: for each printing kecamatan that needs any
    days: int = 20  #: working days until the next supply: what a printer can do in that time


def read_wish(wish: Wish) -> Terms | Refusal:
    """The terms of a proposal, or why it cannot be made from what was given."""
    if wish.way not in set(Way):
        return Refusal("planning.allocation_way", way=wish.way, known=", ".join(Way))
    if not 0 <= wish.share_per_mille <= PER_MILLE:
        return Refusal("planning.allocation_share", share=wish.share_per_mille)
    if not 0 <= wish.minimum <= MINIMUM_MAX:
        return Refusal("planning.allocation_minimum", minimum=wish.minimum, most=MINIMUM_MAX)
    if not 1 <= wish.days <= DAYS_MAX:
        return Refusal("planning.allocation_days", days=wish.days, most=DAYS_MAX)
    return Terms(way=Way(wish.way), share_per_mille=wish.share_per_mille)


def check_proposal(made: Allocation) -> Refusal | None:
    """Is there anything to propose?"""
    if made.stock < 1:
        return Refusal("planning.allocation_nothing_there")
    if made.given < 1:
        return Refusal("planning.allocation_nobody_needs", stock=made.stock)
    return None


def decide(
    lines: Sequence[Line],
    *,
    outcome: str,
    edits: Mapping[str, int],
    reason: str,
    stock_now: int,
    is_decided: bool,
) -> dict[str, int] | Refusal:  # fmt: skip
    """The numbers that stand from now on, by office; none after a rejection.

    `edits` are the offices whose number the head changed. `stock_now` is what lies in the dinas's
    store at this moment: a proposal that has grown too large meanwhile is made anew.
    """
    if is_decided:
        return Refusal("planning.allocation_decided")
    if outcome not in set(Outcome):
        return Refusal("planning.allocation_outcome", outcome=outcome, known=", ".join(Outcome))
    if outcome != Outcome.ACCEPTED and len(reason.strip()) < REASON_MIN:
        return Refusal("planning.allocation_reason_missing")
    if outcome == Outcome.REJECTED:
        return {}
    gets = {line.claim.office: line.gets for line in lines}
    if (outcome == Outcome.EDITED) != bool(edits):
        return Refusal("planning.allocation_nothing_changed")
    if (no := _check_edits(lines, edits)) is not None:
        return no
    gets |= edits
    total = sum(gets.values())
    if total > stock_now:
        return Refusal("planning.allocation_above_stock", total=total, stock=stock_now)
    if total < 1:
        return Refusal("planning.allocation_nothing_given")
    return gets


def _check_edits(  # positional: the changes beside the lines
    lines: Sequence[Line], edits: Mapping[str, int]
) -> Refusal | None:
    claims = {line.claim.office: line.claim for line in lines}
    for office, count in sorted(edits.items()):
        if office not in claims:
            return Refusal("planning.allocation_unknown_office", office=office)
        if count < 0:
            return Refusal("planning.allocation_below_zero", office=office, count=count)
        wanted, room = claims[office].wanted, claims[office].room
        asked = claims[office].asked
        if asked is not None and count > asked:
            return Refusal(
                "planning.allocation_above_asked", office=office, count=count, most=asked
            )
        if count > wanted:
            return Refusal(
                "planning.allocation_above_need", office=office, count=count, most=wanted
            )
        if count > room:
            return Refusal(
                "planning.allocation_above_capacity", office=office, count=count, most=room
            )
    return None


def line_facts(line: Line) -> dict[str, Any]:
    """One line for the entry: whole numbers only, everything that it was decided from."""
    claim = line.claim
    return {
        "office": claim.office,
        "backlog": claim.backlog,
        "on_hand": claim.on_hand,
        "need": claim.need,
        "capacity": claim.capacity,
        "minimum": claim.minimum,
        "weight": claim.weight,
        **({"asked": claim.asked} if claim.asked is not None else {}),
        "gets": line.gets,
        "limit": line.limit.value,
    }


def line_from(facts: Mapping[str, Any]) -> Line:
    """The line of an entry again."""
    claim = Claim(
        office=facts["office"],
        backlog=facts["backlog"],
        on_hand=facts["on_hand"],
        need=facts["need"],
        capacity=facts["capacity"],
        minimum=facts["minimum"],
        weight=facts["weight"],
        asked=facts.get("asked"),
    )
    return Line(claim=claim, gets=facts["gets"], limit=Limit(facts["limit"]))
