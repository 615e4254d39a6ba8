"""Shipments and what of them is still under way or in dispute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ampera.blanko import rules
from ampera.blanko.models import Item, Shipment
from ampera.blanko.queries.standing import code_of, held_at
from ampera.blanko.rules import Account, Box
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode


@dataclass(frozen=True, slots=True)
class ShipmentSeen:
    """A shipment and what of it is still under way."""

    shipment: str
    source: OfficeCode
    target: OfficeCode
    at: datetime
    count: int
    under_way: int
    boxes: tuple[Box, ...]
    serials: tuple[str, ...]


def shipment_seen(shipment: str) -> ShipmentSeen | None:
    row = Shipment.objects.filter(pk=shipment).first()
    return _shipment(row) if row is not None else None


def shipments_to(office: OfficeCode | str) -> list[ShipmentSeen]:
    """Shipments to an office of which something is still under way, oldest first."""
    code = code_of(office)
    waiting = Item.objects.filter(place=rules.transit_to(code)).values("document")
    rows = Shipment.objects.filter(target=str(code), shipment__in=waiting).order_by("at", "hash")
    return [_shipment(row) for row in rows]


def _shipment(row: Shipment) -> ShipmentSeen:
    target = OfficeCode(row.target)
    waiting = sorted(
        held_at(rules.transit_to(target), document=row.shipment).values(), key=lambda one: one.item
    )
    boxes = tuple(each.box for each in waiting if each.box is not None)
    return ShipmentSeen(
        shipment=row.shipment,
        source=OfficeCode(row.source),
        target=target,
        at=utc_from_text(row.at),
        count=row.count,
        under_way=sum(each.box.size if each.box is not None else 1 for each in waiting),
        boxes=boxes,
        serials=tuple(each.item for each in waiting if each.box is None),
    )


def in_dispute(office: OfficeCode | str) -> dict[str, str]:
    """What nobody can show at an office: item and the document under which it went missing."""
    place = rules.place(code_of(office), Account.DISPUTE)
    return {each.item: each.document for each in held_at(place).values()}


def shipments_from(
    source: OfficeCode | str, *, to: OfficeCode | str, most: int = 20
) -> list[ShipmentSeen]:
    """The newest shipments from one office to another, whatever is still under way of them."""
    rows = Shipment.objects.filter(source=str(source), target=str(to)).order_by("-at", "hash")
    return [_shipment(row) for row in rows[:most]]
