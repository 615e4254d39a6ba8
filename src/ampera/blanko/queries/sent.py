"""What one office has sent to others since a moment, and what to take from the shelf next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from ampera.blanko import rules
from ampera.blanko.models import Item, Move, Shipment
from ampera.blanko.rules import Account, Why
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What went to one office, as its sender told it, and what two persons there counted."""

    count: int = 0
    received: int = 0
    short: int = 0  #: not seen at arrival; what came of it since stands in the books

    @property
    def under_way(self) -> int:
        return max(0, self.count - self.received - self.short)


def sent_since(source: OfficeCode, *, since: datetime) -> dict[OfficeCode, Sent]:
    """By receiving office: all shipments that left from that moment on.

    Those of the very moment count: while a clock stands still nothing is asked for twice.
    """
    shipments = Shipment.objects.filter(source=str(source), at__gte=utc_text(since))
    sent: dict[str, int] = {}
    counted: dict[tuple[str, str], int] = {}
    target_of = {}
    for shipment, target, count in shipments.values_list("shipment", "target", "count"):
        target_of[shipment] = target
        sent[target] = sent.get(target, 0) + count
    moves = (
        Move.objects.filter(
            document__in=shipments.values("shipment"),
            why__in=[Why.RECEIVED.value, Why.SHORT.value],
            stands=True,
        )
        .values("document", "why")
        .annotate(total=Sum("count"))
        .order_by("document", "why")
    )
    for row in moves:
        key = (target_of[row["document"]], row["why"])
        counted[key] = counted.get(key, 0) + row["total"]
    return {
        OfficeCode(target): Sent(
            count=count,
            received=counted.get((target, Why.RECEIVED.value), 0),
            short=counted.get((target, Why.SHORT.value), 0),
        )
        for target, count in sorted(sent.items())
    }


def sent_each_since(
    source: OfficeCode, *, since: Mapping[OfficeCode, datetime]
) -> dict[OfficeCode, int]:
    """How many blanko left for each office from its own moment on; one statement for all."""
    if not since:
        return {}
    first = utc_text(min(since.values()))
    rows = Shipment.objects.filter(source=str(source), at__gte=first)
    begins = {str(office): utc_text(moment) for office, moment in since.items()}
    found: dict[OfficeCode, int] = {}
    for target, at, count in rows.values_list("target", "at", "count"):
        if target in begins and at >= begins[target]:
            found[OfficeCode(target)] = found.get(OfficeCode(target), 0) + count
    return found


@dataclass(frozen=True, slots=True)
class Picked:
    """What to take from a shelf for a number of blanko; `missing` lie in boxes to be opened."""

    boxes: tuple[str, ...]
    serials: tuple[str, ...]
    missing: int


def pick(office: OfficeCode, *, count: int) -> Picked:
    """Whole boxes as long as they fit, by label, then single blanko by serial."""
    stock = Item.objects.filter(place=rules.stock_of(office)).order_by("item")
    boxes, left = [], max(0, count)
    for label, size in stock.filter(is_box=True, count__gt=0).values_list("item", "count"):
        if size <= left:
            boxes.append(label)
            left -= size
    serials = tuple(stock.filter(is_box=False).values_list("item", flat=True)[:left])
    return Picked(tuple(boxes), serials, left - len(serials))


def short_of(shipment: str, *, office: OfficeCode) -> int:
    """Blanks of a shipment that two persons of that office did not see arrive, whatever became of
    them since."""
    rows = Move.objects.filter(
        document=shipment, why=Why.SHORT.value, target=rules.place(office, Account.DISPUTE),
        stands=True,
    )  # fmt: skip
    return rows.aggregate(total=Sum("count"))["total"] or 0
