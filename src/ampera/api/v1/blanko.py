"""The blanko books: what each account holds, shipments from both sides, boxes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look, witness_of
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.blanko.actions import open_box, receive_shipment, ship
from ampera.blanko.queries import ShipmentSeen, accounts, shipments_to
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, officers_of
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

router: Final = Router()
_ITEMS_MAX: Final = 500


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


class Received(Schema):
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


@router.post("/blanko/shipments/{shipment}/receive", response={200: Received, **PROBLEMS})
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
