"""A proposal who gets how many blanko, and what the head of the dinas says to it.

Planning writes the proposal and the decision down and moves nothing: the accepted numbers are
shipped by whoever keeps the stock, with their own act.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.lanes import hold
from ampera.planning.queries.allocation import allocation_seen, claims_now, has_open_proposal
from ampera.planning.rules.proposals import (
    DECIDED,
    PROPOSED,
    Wish,
    check_proposal,
    decide,
    line_facts,
    read_wish,
)
from ampera.planning.rules.sharing import share_city
from ampera.planning.rules.ways import ways_policy
from ampera.register.queries import local_day
from ampera.words.clock import utc_text
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: Proposals and what is said of them: one after the other.
LANE: Final = "allocation"


def propose_allocation(command: Command, *, wish: Wish) -> dict[str, Any] | Refusal:
    """Share what lies in the dinas's store over its kecamatan and itself, by today's figures.

    All figures are frozen in the entry. Returns {"allocation", "given"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if here.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(here))
        hold(LANE)
        terms = read_wish(wish)
        if isinstance(terms, Refusal):
            return terms
        offered = [each.way for each in ways_policy().on(local_day())]
        if terms.way not in offered:
            return Refusal("planning.allocation_way", way=wish.way, known=", ".join(offered))
        if has_open_proposal():
            return Refusal("planning.allocation_open")
        claims = claims_now(pen.now, wish=wish)
        made = share_city(claims.stock, kecamatan=claims.kecamatan, dinas=claims.dinas, terms=terms)
        if (no := check_proposal(made)) is not None:
            return no
        allocation = pen.new_id("alc")
        facts = {
            "allocation": allocation,
            "cutoff": utc_text(pen.now),
            "stock": made.stock,
            "way": terms.way.value,
            "share_per_mille": terms.share_per_mille,
            "minimum": wish.minimum,
            "days": wish.days,
            "lines": [line_facts(line) for line in made.lines],
        }
        pen.write(PROPOSED, subject=allocation, facts=facts)
        return {"allocation": allocation, "given": made.given}

    content = {
        "way": wish.way,
        "share_per_mille": wish.share_per_mille,
        "minimum": wish.minimum,
        "days": wish.days,
    }
    return perform(command, work, content=content)


def decide_allocation(
    command: Command,
    *,
    allocation: str,
    outcome: str,
    edits: Mapping[str, int] | None = None,
    reason: str = "",
) -> dict[str, Any] | Refusal:
    """The head accepts a proposal, changes numbers of it with a reason, or rejects it.

    Returns {"allocation", "given"}; from an accepted one the stock keepers see what to pack.
    """
    changed = dict(edits or {})

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        hold(LANE)
        seen = allocation_seen(allocation)
        if seen is None or seen.letters:
            # What answers letters is decided where the cities are told of it.
            return Refusal("planning.allocation_not_here")
        gets = decide(
            seen.lines,
            outcome=outcome,
            edits=changed,
            reason=reason,
            stock_now=claims_now(pen.now, wish=Wish()).stock,
            is_decided=bool(seen.outcome),
        )
        if isinstance(gets, Refusal):
            return gets
        facts = {
            "allocation": allocation,
            "outcome": outcome,
            "reason": reason.strip(),
            "edits": changed,
            "gets": gets,
        }
        pen.write(DECIDED, subject=allocation, facts=facts)
        return {"allocation": allocation, "given": sum(gets.values())}

    content = {
        "allocation": allocation,
        "outcome": outcome,
        "edits": changed,
        "reason": reason,
    }
    return perform(command, work, content=content)
