"""Allocation of blanko over the offices of a city, at the centre over cities: proposed, decided,
packed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, act, look
from ampera.api.v1.problems import language_of
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.planning.actions import (
    decide_allocation,
    decide_distribution,
    propose_allocation,
    propose_distribution,
)
from ampera.planning.queries.allocation import (
    ProposalSeen,
    allocation_seen,
    preview,
    proposals,
    to_pack,
)
from ampera.planning.queries.distribution import preview_of_cities, province_of
from ampera.planning.queries.supply import SupplySeen, letters_open
from ampera.planning.rules.allocation import Allocation, Line
from ampera.planning.rules.proposals import Wish, line_facts
from ampera.planning.rules.sharing import why_en, why_id
from ampera.register.queries import Action, OfficerSeen, office_seen, wilayah_name
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
    asked: int | None = None  #: at the centre: of the city's letter, what is not promised yet
    gets: int
    limit: str
    why: str  #: one sentence in the caller's language


class AllocationPreview(Schema):
    """What a proposal would say now. Nothing is written."""

    stock: int
    given: int
    left: int
    lines: list[AllocationLine]
    tops: list[AllocationLine] = Field(default_factory=list)  #: at the centre: by province


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
    tops: list[AllocationLine] = Field(default_factory=list)  #: at the centre: by province
    outcome: str
    reason: str
    decided: dict[str, int]
    number: str = ""  #: at the centre: of the decision


class AllocationWish(Given):
    """`way`: ALIKE, SHARE (with `share_per_mille` for the dinas) or NEW_FIRST. `days`: working days
    until the next supply."""

    way: str = Field(default="ALIKE", max_length=16, pattern=r"^[A-Z_]+$")
    share_per_mille: int = 0
    minimum: int = 0
    days: int = 20


class AllocationDecision(Given):
    """`outcome`: ACCEPTED, EDITED (with `edits`) or REJECTED; the last two need a reason.
    `promised_on`: at the centre, the day by which the cities have it, if one is named."""

    outcome: str = Field(max_length=16, pattern=r"^[A-Z_]+$")
    edits: dict[str, int] = Field(default_factory=dict)
    reason: str = Field(default="", max_length=300)
    promised_on: date | None = None


class AllocationDone(Schema):
    allocation: str
    given: int
    number: str = ""


class OpenLetter(Schema):
    """A city's letter on which the centre shares out: its figures are those of its cut-off."""

    request: str
    office: str
    number: str
    sent_at: datetime
    wanted: int
    granted: int  #: by decisions of the centre so far
    note: str
    evidence: dict[str, int | str | None]


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
    """Who would get how many now, in this way. The dinas, and the centre by its cities' letters."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        here, language = house().code, language_of(request)
        if here.tier is Tier.PUSAT:
            cities = preview_of_cities(_wish(asked))
            if isinstance(cities, Refusal):
                return cities
            stock = cities.tops.stock
            parts = [_lines(part, language=language) for part in cities.parts.values()]
            return {
                "stock": stock,
                "given": cities.given,
                "left": stock - cities.given,
                "lines": [line for part in parts for line in part],
                "tops": _lines(cities.tops, language=language),
            }
        if here.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(here))
        made = preview(_wish(asked))
        if isinstance(made, Refusal):
            return made
        lines = _lines(made, language=language)
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
    """Share what lies on the shelf of the dinas by today's figures; at the centre what lies in its
    store, by the cities' letters."""
    wish = _wish(body)
    propose_here = propose_distribution if house().tier is Tier.PUSAT else propose_allocation
    return act(request, Action.PLAN_ACCEPT, do=lambda command: propose_here(command, wish=wish))


@router.post("/allocations/{allocation}/decision", response={200: AllocationDone, **PROBLEMS})
def decide(request: HttpRequest, allocation: str, body: AllocationDecision) -> Answered:
    """Accept, accept with other numbers, or reject; at the centre every city is told."""

    def decide_here(command: Command) -> dict[str, Any] | Refusal:
        if house().tier is Tier.PUSAT:
            return decide_distribution(
                command,
                allocation=allocation,
                outcome=body.outcome,
                edits=body.edits,
                reason=body.reason,
                promised_on=body.promised_on,
            )
        return decide_allocation(
            command,
            allocation=allocation,
            outcome=body.outcome,
            edits=body.edits,
            reason=body.reason,
        )

    return act(request, Action.PLAN_ACCEPT, do=decide_here)


@router.get("/supply-letters", response={200: list[OpenLetter], **PROBLEMS})
def letters(request: HttpRequest) -> Answered:
    """Of every city its newest letter whose blanko have not come. At a dinas its own."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [_letter(each) for each in letters_open()]

    return look(request, Action.PLAN_SEE, Action.PLAN_ACCEPT, ask=ask)


def _letter(seen: SupplySeen) -> dict[str, Any]:
    return {
        "request": seen.request,
        "office": str(seen.office),
        "number": seen.number,
        "sent_at": seen.sent_at,
        "wanted": seen.wanted,
        "granted": seen.granted,
        "note": seen.note,
        "evidence": seen.evidence.facts(),
    }


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
        name = _name(line)
        found.append({**line_facts(line), "why": say(line, name=name, allocation=made)})
    return found


def _parts(seen: ProposalSeen) -> list[Allocation]:
    """What was shared together: all of a dinas, at the centre the cities of each province."""
    if not seen.tops:
        return [seen.allocation]
    inside: dict[str, list[Line]] = {}
    for line in seen.lines:
        inside.setdefault(province_of(line.claim.office), []).append(line)
    return [Allocation(top.gets, tuple(inside[top.claim.office])) for top in seen.tops]


def _name(line: Line) -> str:
    """An office's name; a province is its area's."""
    code = line.claim.office
    seen = office_seen(OfficeCode(code)) if "." in code else None
    return seen.name if seen is not None else wilayah_name(code)


def _shown(seen: ProposalSeen, *, language: str) -> dict[str, Any]:
    return {
        "allocation": seen.id,
        "at": seen.at,
        "stock": seen.stock,
        "way": seen.way,
        "share_per_mille": seen.share_per_mille,
        "minimum": seen.minimum,
        "days": seen.days,
        "lines": [line for part in _parts(seen) for line in _lines(part, language=language)],
        "tops": _lines(Allocation(seen.stock, seen.tops), language=language),
        "number": seen.number,
        "outcome": seen.outcome,
        "reason": seen.reason,
        "decided": seen.gets,
    }
