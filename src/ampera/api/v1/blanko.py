"""The blanko books: what each account holds, shipments from both sides, boxes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look, witness_of
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.blanko.actions import close_day, open_box, receive_shipment, ship
from ampera.blanko.queries import (
    DaySeen,
    ShipmentSeen,
    TrailStep,
    accounts,
    alarms,
    closed_days,
    range_seen,
    shipments_to,
    trail,
)
from ampera.blanko.rules import DayCount
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, officers_of
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

router: Final = Router()
_ITEMS_MAX: Final = 500
#: A dinas may have so many loose ones in hand.
_COUNTED_MAX: Final = 20_000


class Accounts(Schema):
    """What stands on each account of an office; accounts without a blanko are left out."""

    office: str
    accounts: dict[str, int]
    sum: int


class Shipment(Schema):
    """A shipment to this office of which something is still under way."""

    shipment: str
    source: str
    target: str
    at: datetime
    count: int
    under_way: int
    boxes: list[str]
    serials: list[str]


class Shipped(Schema):
    shipment: str
    blanko: int


class ShipmentReceived(Schema):
    received: list[str]
    short: list[str]


class Opened(Schema):
    box: str
    first: str
    last: str
    blanko: int


class Ship(Given):
    """`courier`: the login of the officer of this office who carries it."""

    to: str = Field(max_length=10)
    boxes: list[str] = Field(default_factory=list, max_length=_ITEMS_MAX)
    serials: list[str] = Field(default_factory=list, max_length=_ITEMS_MAX)
    courier: str = Field(max_length=40)


class Receive(Given):
    """What two persons saw arrive; what is short goes to dispute."""

    seen_boxes: list[str] = Field(default_factory=list, max_length=_ITEMS_MAX)
    seen_serials: list[str] = Field(default_factory=list, max_length=_ITEMS_MAX)
    witness: Credentials


class Step(Schema):
    """One move of a blanko or of the box in which it lay."""

    item: str
    number: int
    why: str
    source: str
    target: str
    office: str
    document: str
    at: datetime
    officers: list[str]
    courier: str
    cause: str
    stands: bool
    entry: str


class Way(Schema):
    """Where a blanko or box is now, and how it came there."""

    item: str
    place: str
    box: str
    steps: list[Step]


class Run(Schema):
    """A part of a range that lies in one place."""

    first: str
    last: str
    count: int
    place: str
    box: str


class Raised(Schema):
    """Something in the books that calls for a person; `code` is stable."""

    code: str
    office: str
    since: datetime | None
    text: str
    next_step: str
    facts: dict[str, Any]


class Day(Schema):
    """A closed day: opening + came - went = closing, by serial; it never changes."""

    office: str
    day: date
    closed_at: datetime
    officers: list[str]
    opening: int
    came: dict[str, int]
    went: dict[str, int]
    closing: int
    spoils: dict[str, Any]
    missing: list[str]
    holder: str
    settle_by: str
    serials_sha256: str


class CloseDay(Given):
    """What two persons counted without seeing the books. `again` after blanko.day_differs, with the
    login of the officer who clears it up."""

    whole: list[str] = Field(default_factory=list, max_length=_COUNTED_MAX)
    boxes: list[str] = Field(default_factory=list, max_length=_ITEMS_MAX)
    spoiled: list[str] = Field(default_factory=list, max_length=_COUNTED_MAX)
    cards: list[str] = Field(default_factory=list, max_length=_COUNTED_MAX)
    aside: list[str] = Field(default_factory=list, max_length=_ITEMS_MAX)
    again: bool = False
    holder: str = Field(default="", max_length=40)
    witness: Credentials


class Closed(Schema):
    count: str
    day: date
    closing: int
    missing: list[str]


@router.get("/blanko/trail/{item}", response={200: Way, **PROBLEMS})
def way(request: HttpRequest, item: str) -> Answered:
    """Where a blanko or box is, and who held it when."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        found = trail(item)
        if found is None:
            return Refusal("blanko.unknown", item=item)
        sealed = found.seen.box if found.seen is not None else None
        return {
            "item": found.item,
            "place": found.place,
            "box": sealed or "",
            "steps": [_step(each) for each in found.steps],
        }

    return look(request, Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.JOURNAL_SEE, ask=ask)


@router.get("/blanko/range", response={200: list[Run], **PROBLEMS})
def where_range(request: HttpRequest, first: str, last: str) -> Answered:
    """Where every part of a range of serials lies; what these books do not know is left out."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]] | Refusal:
        runs = range_seen(first, last)
        return runs if isinstance(runs, Refusal) else [asdict(each) for each in runs]

    return look(request, Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.JOURNAL_SEE, ask=ask)


@router.get("/blanko/alarms", response={200: list[Raised], **PROBLEMS})
def raised(request: HttpRequest, language: Literal["id", "en"] = "id") -> Answered:
    """What in the books of this office and those below calls for a person."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [
            {
                "code": each.code,
                "office": each.office,
                "since": each.since,
                "text": each.text(language),
                "next_step": each.next_step(language),
                "facts": dict(each.facts),
            }
            for each in alarms()
        ]

    return look(request, Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.FIGURES_SEE, ask=ask)


@router.get("/blanko/days", response={200: list[Day], **PROBLEMS})
def days(request: HttpRequest, office: str = "") -> Answered:
    """The closed days of this office, or of one directly below, newest first."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]] | Refusal:
        wanted = _near(office)
        if isinstance(wanted, Refusal):
            return wanted
        return [_day(each) for each in closed_days(wanted)]

    return look(request, Action.BLANKO_COUNT, Action.FIGURES_SEE, Action.JOURNAL_SEE, ask=ask)


@router.post("/blanko/days", response={200: Closed, **PROBLEMS})
def close(request: HttpRequest, body: CloseDay) -> Answered:
    """Close the day of this office with what two persons counted blind."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        known = {each.login: each.id for each in officers_of(house().code) if each.is_in_force}
        if body.holder and body.holder not in known:
            return Refusal("officer.not_here")
        return close_day(
            command,
            counted=DayCount(
                whole=tuple(body.whole),
                boxes=tuple(body.boxes),
                spoiled=tuple(body.spoiled),
                cards=tuple(body.cards),
                aside=tuple(body.aside),
            ),
            witness=witness.id,
            holder=known.get(body.holder, ""),
            is_recount=body.again,
        )

    return act(request, Action.BLANKO_COUNT, do=do)


def _step(step: TrailStep) -> dict[str, Any]:
    told = asdict(step)
    return {
        **told,
        "number": told.pop("n"),
        "why": step.why.value,
        "office": step.office.text,
        "officers": list(step.officers),
    }


def _day(seen: DaySeen) -> dict[str, Any]:
    facts = seen.facts
    return {
        "office": seen.office.text,
        "day": seen.day,
        "closed_at": seen.at,
        "officers": facts["officers"],
        "opening": seen.opening,
        "came": facts["came"],
        "went": facts["went"],
        "closing": seen.closing,
        "spoils": facts["spoils"],
        "missing": [each["item"] for each in seen.missing],
        "holder": facts["holder"],
        "settle_by": facts["settle_by"],
        "serials_sha256": facts["serials"],
    }


@router.get("/blanko/accounts", response={200: Accounts, **PROBLEMS})
def held(request: HttpRequest, office: str = "") -> Answered:
    """The accounts of this office, or of one directly below."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        wanted = _near(office)
        if isinstance(wanted, Refusal):
            return wanted
        found = accounts(wanted)
        return {"office": wanted.text, "accounts": found, "sum": sum(found.values())}

    return look(request, Action.FIGURES_SEE, ask=ask)


@router.get("/blanko/shipments", response={200: list[Shipment], **PROBLEMS})
def under_way(request: HttpRequest) -> Answered:
    """Shipments to this office that nobody has confirmed, oldest first."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [_shown(each) for each in shipments_to(house().code)]

    return look(request, Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.FIGURES_SEE, ask=ask)


@router.post("/blanko/shipments", response={200: Shipped, **PROBLEMS})
def send(request: HttpRequest, body: Ship) -> Answered:
    """Send sealed boxes and single blanko to an office below, or back up."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        here = house().code
        carriers = [each.id for each in officers_of(here) if each.login == body.courier]
        if not carriers:
            return Refusal("officer.not_here")
        try:
            to = OfficeCode(body.to)
        except ValueError:
            return Refusal("blanko.not_near", office=body.to)
        return ship(command, to=to, boxes=body.boxes, serials=body.serials, courier=carriers[-1])

    return act(request, Action.BLANKO_SHIP, do=do)


@router.post("/blanko/shipments/{shipment}/receive", response={200: ShipmentReceived, **PROBLEMS})
def receive(request: HttpRequest, shipment: str, body: Receive) -> Answered:
    """Confirm by two persons what of a shipment arrived."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        return receive_shipment(
            command,
            shipment=shipment,
            seen_boxes=body.seen_boxes,
            seen_serials=body.seen_serials,
            witness=witness.id,
        )

    return act(request, Action.BLANKO_MOVE, do=do)


@router.post("/blanko/boxes/{box}/open", response={200: Opened, **PROBLEMS})
def open_seal(request: HttpRequest, box: str) -> Answered:
    """Break a box's seal: from now on its blanko are known one by one."""
    return act(request, Action.BLANKO_MOVE, do=lambda command: open_box(command, box=box))


def _near(office: str) -> OfficeCode | Refusal:
    """This office or one directly below: no other books are told to a server."""
    here = house().code
    try:
        wanted = OfficeCode(office) if office else here
    except ValueError:
        return Refusal("api.not_found")
    if wanted != here and not wanted.is_child_of(here):
        return Refusal("register.office_not_yours", office=wanted.text)
    return wanted


def _shown(seen: ShipmentSeen) -> dict[str, Any]:
    return {
        "shipment": seen.shipment,
        "source": seen.source.text,
        "target": seen.target.text,
        "at": seen.at,
        "count": seen.count,
        "under_way": seen.under_way,
        "boxes": [each.box for each in seen.boxes],
        "serials": list(seen.serials),
    }
