"""Where a serial is and who held it when: every move with office, document, officers and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ampera.blanko import rules
from ampera.blanko.models import Item, Move
from ampera.blanko.queries.where import BlankoSeen, whereis
from ampera.blanko.rules import Box, Why
from ampera.journal.entry import ChainName, Entry
from ampera.journal.store import entries_after, entry_of
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

_FROM_BOX = "box:"


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One move on the way of a blanko, as its entry tells it."""

    item: str  #: the blanko, or the box in which it still lay
    n: int
    why: Why
    source: str
    target: str
    office: OfficeCode  #: who wrote it
    document: str
    at: datetime
    officers: tuple[str, ...]  #: ids; two where two acted
    courier: str  #: who carried it: an officer's id, or as it was written down
    cause: str
    stands: bool
    entry: str  #: where in the journal: chain and place


@dataclass(frozen=True, slots=True)
class Trail:
    """One blanko or box: where it is now, and its whole way."""

    item: str
    seen: BlankoSeen | None  #: None for a box and for what is not in these books
    box: Box | None
    place: str
    steps: tuple[TrailStep, ...]


@dataclass(frozen=True, slots=True)
class RangeSeen:
    """What of a range lies in one place: runs of serials."""

    place: str
    first: str
    last: str
    count: int
    box: str  #: the sealed box, empty for single ones


def trail(item: str) -> Trail | None:
    """The way of a blanko, sealed or not, or of a box; None when these books do not know it."""
    row = Item.objects.filter(pk=item).first()
    if row is not None and row.is_box:
        box = Box(row.item, row.first, row.size)
        return Trail(item, None, box, row.place, tuple(_steps(item)))
    seen = whereis(item)
    if seen is None:
        return None
    steps: list[TrailStep] = []
    if seen.box is not None:
        steps = _steps(seen.box)
    else:
        own = _steps(item)
        for label in sorted({each.source for each in own if each.source.startswith(_FROM_BOX)}):
            steps += _steps(label.removeprefix(_FROM_BOX))
        steps += own
    return Trail(item, seen, None, seen.place, tuple(steps))


def _steps(item: str) -> list[TrailStep]:
    rows = Move.objects.filter(item=item).order_by("n", "at", "hash")
    return [_step(row) for row in rows]


def _step(row: Move) -> TrailStep:
    entry = entry_of_move(row)
    facts = entry.facts if entry is not None else {}
    officers = facts.get("officers") or ([row.officer] if row.officer else [])
    return TrailStep(
        item=row.item,
        n=row.n,
        why=Why(row.why),
        source=row.source,
        target=row.target,
        office=OfficeCode(row.origin),
        document=row.document,
        at=utc_from_text(row.at),
        officers=tuple(officers),
        courier=str(facts.get("courier", "")),
        cause=row.cause,
        stands=row.stands,
        entry=f"{row.chain} {row.seq}",
    )


def entry_of_move(row: Move) -> Entry | None:
    """The entry that told this move; what is no longer held here tells less."""
    found = entries_after(ChainName.read(row.chain), row.seq - 1, most=1)
    return entry_of(found[0]) if found and found[0].seq == row.seq else None


#: A longer range is a slip of the finger.
RANGE_MAX = 100_000


def range_seen(first: str, last: str) -> list[RangeSeen] | Refusal:  # positional: from, to
    """Where every blanko of a range is, in runs: serials that follow each other in one place.

    What these books do not know is left out. Refuses blanko.range_form.
    """
    steps = _length(first, last)
    if steps is None:
        return Refusal("blanko.range_form", first=first, last=last, most=RANGE_MAX)
    # A box may begin before the range and end behind it.
    single = Q(is_box=False, item__gte=first, item__lte=last)
    boxes = Q(is_box=True, first__lte=last, last__gte=first, count__gt=0)
    found: list[RangeSeen] = []
    for row in Item.objects.filter(single | boxes).order_by("first"):
        # Text order is serial order within one prefix and width only.
        if len(row.first) == len(first) and _prefix(row.first) == _prefix(first):
            _join(found, row)
    return found


def _join(found: list[RangeSeen], row: Item) -> None:  # positional: the list so far
    box = row.item if row.is_box else ""
    before = found[-1] if found else None
    if (
        before is not None
        and not box
        and not before.box
        and before.place == row.place
        and _after(before.last) == row.first
    ):
        found[-1] = RangeSeen(row.place, before.first, row.last, before.count + 1, "")
    else:
        found.append(RangeSeen(row.place, row.first, row.last, row.count, box))


def _after(serial: str) -> str:
    try:
        return rules.serial_after(serial, steps=1)
    except ValueError:
        return ""


def _prefix(serial: str) -> str:
    return serial.rstrip("0123456789")


def _length(first: str, last: str) -> int | None:  # positional: from, to
    if not (rules.is_serial(first) and rules.is_serial(last)) or len(first) != len(last):
        return None
    if _prefix(first) != _prefix(last):
        return None
    width = len(first) - len(_prefix(first))
    steps = int(last[-width:]) - int(first[-width:])
    return steps if 0 <= steps < RANGE_MAX else None
