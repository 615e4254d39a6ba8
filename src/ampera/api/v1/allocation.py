"""Allocation of blanko over the offices of a city: proposed, decided, packed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, act, look
from ampera.api.v1.problems import language_of
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.journal.house import house
from ampera.planning.actions import decide_allocation, propose_allocation
from ampera.planning.queries.allocation import (
    ProposalSeen,
    allocation_seen,
    preview,
    proposals,
    to_pack,
)
from ampera.planning.rules.allocation import Allocation
from ampera.planning.rules.proposals import Wish, line_facts
from ampera.planning.rules.sharing import why_en, why_id
from ampera.register.queries import Action, OfficerSeen, office_seen
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

router: Final = Router()


class AllocationLine(Schema):
    """Counts of cards and blanko; `limit` names what decided `gets`."""

    office: str
    backlog: int
    on_hand: int
    need: int | None
    capacity: int | None
    minimum: int
    weight: int
    gets: int
    limit: str
    why: str  #: one sentence in the caller's language


class AllocationPreview(Schema):
    """What a proposal would say now. Nothing is written."""

    stock: int
    given: int
    left: int
    lines: list[AllocationLine]


class AllocationShown(Schema):
    """A proposal and, once it was decided, what each office gets (`decided`)."""

    allocation: str
    at: datetime
    stock: int
    way: str
    share_per_mille: int
    minimum: int
    days: int
    lines: list[AllocationLine]
    outcome: str
    reason: str
    decided: dict[str, int]


class AllocationWish(Given):
    """`way`: ALIKE, SHARE (with `share_per_mille` for the dinas) or NEW_FIRST. `days`: working days
    until the next supply."""

    way: str = Field(default="ALIKE", max_length=16, pattern=r"^[A-Z_]+$")
    share_per_mille: int = 0
    minimum: int = 0
    days: int = 20


class AllocationDecision(Given):
    """`outcome`: ACCEPTED, EDITED (with `edits`) or REJECTED; the last two need a reason."""

    outcome: str = Field(max_length=16, pattern=r"^[A-Z_]+$")
    edits: dict[str, int] = Field(default_factory=dict)
    reason: str = Field(default="", max_length=300)


class AllocationDone(Schema):
    allocation: str
    given: int


class Packing(Schema):
    """What an accepted allocation still asks the stock keepers to send to an office."""

    office: str
    gets: int
    sent: int
    left: int
    under_way: int
    received: int
    short: int  #: not seen when it came


@router.get("/allocations", response={200: list[AllocationShown], **PROBLEMS})
def listed(request: HttpRequest) -> Answered:
    """The newest proposals first."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [_shown(each, language=language_of(request)) for each in proposals()]

    return look(request, Action.PLAN_SEE, Action.PLAN_ACCEPT, ask=ask)


@router.get("/allocations/preview", response={200: AllocationPreview, **PROBLEMS})
def tried(request: HttpRequest, asked: Query[AllocationWish]) -> Answered:
    """Who would get how many now, in this way. The dinas only."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        here = house().code
        if here.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(here))
        made = preview(_wish(asked))
        if isinstance(made, Refusal):
            return made
        lines = _lines(made, language=language_of(request))
        return {"stock": made.stock, "given": made.given, "left": made.left, "lines": lines}

    return look(request, Action.PLAN_SEE, Action.PLAN_ACCEPT, ask=ask)


@router.get("/allocations/packing", response={200: list[Packing], **PROBLEMS})
def packing(request: HttpRequest) -> Answered:
    """The accepted allocation that stands, line by line, with what was sent since."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [
            {
                "office": str(each.office),
                "gets": each.gets,
                "sent": each.sent,
                "left": each.left,
                "under_way": each.shipped.under_way,
                "received": each.shipped.received,
                "short": each.shipped.short,
            }
            for each in to_pack()
        ]

    return look(request, Action.PLAN_SEE, Action.PLAN_ACCEPT, Action.BLANKO_SHIP, ask=ask)


@router.get("/allocations/{allocation}", response={200: AllocationShown, **PROBLEMS})
def one(request: HttpRequest, allocation: str) -> Answered:
    """One proposal."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        seen = allocation_seen(allocation)
        if seen is None:
            return Refusal("planning.allocation_not_here")
        return _shown(seen, language=language_of(request))

    return look(request, Action.PLAN_SEE, Action.PLAN_ACCEPT, ask=ask)


@router.post("/allocations", response={200: AllocationDone, **PROBLEMS})
def propose(request: HttpRequest, body: AllocationWish) -> Answered:
    """Share what lies on the shelf of the dinas by today's figures. The dinas only."""
    wish = _wish(body)
    return act(
        request, Action.PLAN_ACCEPT, do=lambda command: propose_allocation(command, wish=wish)
    )


@router.post("/allocations/{allocation}/decision", response={200: AllocationDone, **PROBLEMS})
def decide(request: HttpRequest, allocation: str, body: AllocationDecision) -> Answered:
    """Accept, accept with other numbers, or reject."""
    return act(
        request,
        Action.PLAN_ACCEPT,
        do=lambda command: decide_allocation(
            command,
            allocation=allocation,
            outcome=body.outcome,
            edits=body.edits,
            reason=body.reason,
        ),
    )


def _wish(asked: AllocationWish) -> Wish:
    return Wish(
        way=asked.way,
        share_per_mille=asked.share_per_mille,
        minimum=asked.minimum,
        days=asked.days,
    )


def _lines(made: Allocation, *, language: str) -> list[dict[str, Any]]:
    say = why_en if language == "en" else why_id
    found = []
    for line in made.lines:
        seen = office_seen(OfficeCode(line.claim.office))
        name = seen.name if seen is not None else line.claim.office
        found.append({**line_facts(line), "why": say(line, name=name, allocation=made)})
    return found


def _shown(seen: ProposalSeen, *, language: str) -> dict[str, Any]:
    return {
        "allocation": seen.id,
        "at": seen.at,
        "stock": seen.stock,
        "way": seen.way,
        "share_per_mille": seen.share_per_mille,
        "minimum": seen.minimum,
        "days": seen.days,
        "lines": _lines(seen.allocation, language=language),
        "outcome": seen.outcome,
        "reason": seen.reason,
        "decided": seen.gets,
    }
