"""Items as the books have them now, and the small words all queries of the books share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from ampera.blanko import rules
from ampera.blanko.models import Item, Move
from ampera.blanko.rules import Box
from ampera.journal import sql
from ampera.journal.rows import rows_of
from ampera.words.office import OfficeCode

#: SQLite takes a limited number of parameters.
PART = 500
_NEXT_SERIAL = """
SELECT item FROM blanko_item WHERE place = %s AND NOT is_box ORDER BY item LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Held:
    """An item as the books have it now: what a compare-and-set compares with."""

    item: str
    n: int
    place: str
    box: Box | None
    document: str


def held(items: Collection[str]) -> dict[str, Held]:
    """What the books have of these items; what is not known here is left out."""
    found: dict[str, Held] = {}
    wanted = list(items)
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        marks = ", ".join(["%s"] * len(part))
        for row in rows_of(Item).where(f"item IN ({marks})", *part):
            found[row.item] = _held(row)
    return found


def held_at(place: str, *, document: str | None = None) -> dict[str, Held]:
    """Everything in one place, or what of it came there by one document."""
    rows = Item.objects.filter(place=place)
    if document is not None:
        rows = rows.filter(document=document)
    return {row.item: _held(row) for row in rows}


def _held(row: Item) -> Held:
    box = Box(row.item, row.first, row.size) if row.is_box else None
    return Held(row.item, row.n, row.place, box, row.document)


def next_serial(office: OfficeCode | str) -> str | None:
    """The lowest single blanko on the office's shelf; None when none lies there outside a box."""
    stock = rules.stock_of(code_of(office))
    found = sql.read(_NEXT_SERIAL, stock)
    return found[0][0] if found else None


def count_of(rows: QuerySet[Item] | QuerySet[Move]) -> int:
    total = rows.aggregate(total=Sum("count"))["total"]
    return int(total or 0)


def code_of(office: OfficeCode | str) -> OfficeCode:
    return office if isinstance(office, OfficeCode) else OfficeCode(office)
