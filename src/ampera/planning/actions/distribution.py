"""The centre shares its store over the provinces and their cities, by the letters that they sent.

As at a dinas: figures frozen in a proposal, a decision of the head, and shipments by whoever keeps
the store. Each city reads in its own chain what its letter was given, also when that is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.lanes import hold
from ampera.planning.actions.allocation import LANE
from ampera.planning.queries.allocation import (
    ProposalSeen,
    allocation_seen,
    decisions_numbered,
    has_open_proposal,
)
from ampera.planning.queries.distribution import cities_now
from ampera.planning.rules.allocation import Allocation
from ampera.planning.rules.proposals import (
    DECIDED,
    PROPOSED,
    Outcome,
    Wish,
    check_proposal,
    decide,
    line_facts,
    read_wish,
)
from ampera.planning.rules.supply import GRANTED
from ampera.register.queries import local_day
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: The way of a proposal of the centre, in its entry.
CASCADE: Final = "CASCADE"


def propose_distribution(command: Command, *, wish: Wish) -> dict[str, Any] | Refusal:
    """Share what lies in the centre's store over the cities whose letters are open.

    All figures are frozen in the entry. Returns {"allocation", "given"}; refused outside of the
    centre, while another proposal waits, without a letter, and where there is nothing to give.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if here.tier is not Tier.PUSAT:
            return Refusal("planning.distribution_not_the_centre", office=str(here))
        hold(LANE)
        terms = read_wish(wish)
        if isinstance(terms, Refusal):
            return terms
        if has_open_proposal():
            return Refusal("planning.allocation_open")
        cities = cities_now(wish)
        if not cities.letters:
            return Refusal("planning.distribution_no_letters")
        made = cities.shared()
        if (no := check_proposal(Allocation(cities.stock, made.lines))) is not None:
            return no
        allocation = pen.new_id("alc")
        facts = {
            "allocation": allocation,
            "cutoff": utc_text(pen.now),
            "stock": cities.stock,
            "way": CASCADE,
            "share_per_mille": 0,
            "minimum": wish.minimum,
            "days": wish.days,
            "lines": [line_facts(line) for line in made.lines],
            "tops": [line_facts(line) for line in made.tops.lines],
            "letters": {str(each.office): each.request for each in cities.letters},
        }
        pen.write(PROPOSED, subject=allocation, facts=facts)
        return {"allocation": allocation, "given": made.given}

    return perform(command, work, content={"minimum": wish.minimum, "days": wish.days})


def decide_distribution(
    command: Command,
    *,
    allocation: str,
    outcome: str,
    edits: Mapping[str, int] | None = None,
    reason: str = "",
    promised_on: date | None = None,
) -> dict[str, Any] | Refusal:  # fmt: skip
    """The head of the centre accepts a proposal, changes it with a reason, or rejects it.

    `promised_on` is the day by which the blanks are with the cities, None where none is named.
    Returns {"allocation", "given", "number"}; every city of the proposal is told.
    """
    changed = dict(edits or {})

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        hold(LANE)
        seen = allocation_seen(allocation)
        if seen is None or not seen.letters:
            return Refusal("planning.allocation_not_here")
        gets = decide(
            seen.lines,
            outcome=outcome,
            edits=changed,
            reason=reason,
            stock_now=cities_now(Wish()).stock,
            is_decided=bool(seen.outcome),
        )
        if isinstance(gets, Refusal):
            return gets
        if promised_on is not None and promised_on < local_day():
            return Refusal("planning.distribution_day_past", day=promised_on.isoformat())
        facts = {
            "allocation": allocation,
            "outcome": outcome,
            "reason": reason.strip(),
            "edits": changed,
            "gets": gets,
        }
        number = ""
        if outcome != Outcome.REJECTED:
            ending = f"/BAGI/{pen.house.code}/{local_day().year}"
            number = facts["number"] = f"{decisions_numbered(ending) + 1:03d}{ending}"
        pen.write(DECIDED, subject=allocation, facts=facts)
        if outcome != Outcome.REJECTED:
            _tell(pen, seen, gets, (number, promised_on))
        return {"allocation": allocation, "given": sum(gets.values()), "number": number}

    content = {
        "allocation": allocation,
        "outcome": outcome,
        "edits": changed,
        "reason": reason,
        "promised_on": promised_on.isoformat() if promised_on else "",
    }
    return perform(command, work, content=content)


def _tell(  # positional: who is told what, under which number and for which day
    pen: Pen, seen: ProposalSeen, gets: Mapping[str, int], words: tuple[str, date | None]
) -> None:
    """Each city in its own chain. Where the head changed a number, no rule decided it."""
    number, day = words
    for line in seen.lines:
        office = line.claim.office
        count = gets.get(office, 0)
        facts = {
            "request": seen.letters[office],
            "allocation": seen.id,
            "office": office,
            "count": count,
            "promised_on": day.isoformat() if day is not None and count else "",
            "number": number,
            "limit": line.limit.value if count == line.gets else "",
        }
        pen.write(GRANTED, subject=seen.letters[office], facts=facts, to=OfficeCode(office))
