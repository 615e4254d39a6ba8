"""Loans to other cities: what was lent under which number, what came back, what is still out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ampera.blanko import rules
from ampera.blanko.models import Move, Shipment
from ampera.blanko.queries.standing import code_of, held
from ampera.blanko.queries.trail import entry_of_move
from ampera.blanko.rules import Account, Box, Carried, Why
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode


@dataclass(frozen=True, slots=True)
class LoanSeen:
    """One loan: lent = returned + spent + still out, blanko for blanko."""

    document: str
    office: OfficeCode
    at: datetime
    city: str
    until: date | None
    carried: Carried | None
    officers: tuple[str, ...]
    lent: int
    returned: int
    spent: int
    boxes: tuple[Box, ...]  #: still out
    serials: tuple[str, ...]  #: still out
    items: tuple[tuple[str, Box | None], ...]  #: everything that was lent

    @property
    def out(self) -> int:
        return sum(box.size for box in self.boxes) + len(self.serials)

    @property
    def is_settled(self) -> bool:
        return self.out == 0


def loans(office: OfficeCode | str) -> list[LoanSeen]:
    """The loans of an office, newest first; those that are settled as well."""
    place = rules.place(code_of(office), Account.LOANED)
    rows = Move.objects.filter(target=place, why=Why.LOANED, stands=True)
    documents = {row.document: row.at for row in rows.order_by("at")}
    found = [loan_seen(each) for each in sorted(documents, key=lambda one: documents[one])]
    return [each for each in reversed(found) if each is not None]


def loan_seen(document: str) -> LoanSeen | None:
    """One loan by its number; None when nothing was lent under it."""
    rows = list(
        Move.objects.filter(document=document, why=Why.LOANED, stands=True).order_by("item")
    )
    if not rows:
        return None
    entry = entry_of_move(rows[0])
    facts = entry.facts if entry is not None else {}
    ends = {Why.LOAN_RETURNED: 0, Why.LOAN_SPENT: 0}
    out: list[Move] = []
    now = held([row.item for row in rows])
    for row in rows:
        after = Move.objects.filter(item=row.item, n=row.n + 1, stands=True).first()
        if after is not None and Why(after.why) in ends:
            ends[Why(after.why)] += row.count
        elif now[row.item].place == row.target:
            out.append(row)
    office = rules.office_of(rows[0].target)
    assert office is not None, "what is lent stands on an account of an office"
    boxes = {row.item: Box(row.item, row.first, row.count) for row in rows if row.first}
    return LoanSeen(
        document=document,
        office=office,
        at=utc_from_text(rows[0].at),
        city=str(facts.get("city", "")),
        until=date.fromisoformat(facts["until"]) if "until" in facts else None,
        carried=Carried.read(facts, body=entry.body if entry is not None else None),
        officers=tuple(facts.get("officers", ())),
        lent=sum(row.count for row in rows),
        returned=ends[Why.LOAN_RETURNED],
        spent=ends[Why.LOAN_SPENT],
        boxes=tuple(boxes[row.item] for row in out if row.first),
        serials=tuple(row.item for row in out if not row.first),
        items=tuple((row.item, boxes.get(row.item)) for row in rows),
    )


def shipment_carried(shipment: str) -> Carried | None:
    """Who fetched or brought a shipment in person; None where nobody was named."""
    row = Move.objects.filter(document=shipment, why=Why.SHIPPED, stands=True).first()
    entry = entry_of_move(row) if row is not None and Shipment.objects.filter(pk=shipment) else None
    return Carried.read(entry.facts, body=entry.body) if entry is not None else None
