"""From the entries about blanko to places. Reads the entry only and takes any order of chains.

Every claim on a move is kept. The place of an item is that of its highest move; where two claims
have one number, the earliest by (at, hash) stands, whichever came first here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from django.db.models import F

from ampera.blanko import rules
from ampera.blanko.models import Item, Move, OpeningCount, Shipment
from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import Entry
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode

#: Rows asked for at once: SQLite takes a limited number of parameters.
PART: Final = 500


def blanko_counted(entry: Entry) -> None:
    """An opening balance: each item is put into its first place. Raises ValueError (parked) when
    forged.
    """
    facts = entry.facts
    moves = _checked(entry)
    OpeningCount.objects.update_or_create(
        count=facts["count"],
        defaults={
            "office": str(entry.origin),
            "at": utc_text(entry.at),
            "boxes": len(facts["boxes"]),
            "blanko": sum(move.count for move in moves),
            "officers": list(facts["officers"]),
        },
    )
    _note(entry, moves, (rules.Why.COUNTED.value, facts["count"]))


def blanko_moved(entry: Entry) -> None:
    """Numbered moves of boxes and serials. Raises ValueError (parked) when the origin owns no such
    place.
    """
    facts = entry.facts
    moves = _checked(entry)
    if facts["why"] == rules.Why.SHIPPED:
        _note_shipment(entry, moves)
    _note(entry, moves, (facts["why"], facts["document"]))


def _checked(entry: Entry) -> list[rules.Move]:
    moves = rules.moves_of(entry.kind, entry.facts)
    for move in moves:
        if not rules.may_move(entry.origin, move=move):
            raise ValueError(f"{entry.origin} may not move {move.source} to {move.target}")
    return moves


def _note_shipment(entry: Entry, moves: Sequence[rules.Move]) -> None:
    """The first telling by (at, hash) stands."""
    at = utc_text(entry.at)
    known = Shipment.objects.filter(pk=entry.facts["document"]).values_list("at", "hash").first()
    if known is not None and known <= (at, entry.hash):
        return
    Shipment.objects.update_or_create(
        shipment=entry.facts["document"],
        defaults={
            "source": str(entry.origin),
            "target": str(OfficeCode(entry.facts["to"])),
            "count": sum(move.count for move in moves),
            "at": at,
            "hash": entry.hash,
        },
    )


def _note(entry: Entry, moves: Sequence[rules.Move], about: tuple[str, str]) -> None:
    for start in range(0, len(moves), PART):
        part = moves[start : start + PART]
        _note_claims(entry, part, about)
        _note_places(part)


def _note_claims(entry: Entry, moves: Sequence[rules.Move], about: tuple[str, str]) -> None:
    why, document = about
    at = utc_text(entry.at)
    keys = {move.claim(document): move for move in moves}
    known = Move.objects.in_bulk(list(keys))
    Move.objects.bulk_create(
        Move(
            key=key,
            item=move.item,
            n=move.n,
            source=move.source,
            target=move.target,
            why=why,
            document=document,
            count=move.count,
            first=move.box.first if move.box is not None else "",
            origin=str(entry.origin),
            at=at,
            hash=entry.hash,
            stands=True,
        )
        for key, move in keys.items()
        if key not in known
    )
    for row in known.values():
        # The same move told again, by a restored server for one: it counts once, as of its first
        # telling.
        if (at, entry.hash) < (row.at, row.hash):
            Move.objects.filter(pk=row.pk).update(
                at=at, hash=entry.hash, origin=str(entry.origin), why=why
            )


def _note_places(moves: Sequence[rules.Move]) -> None:
    # Nothing changes, but whoever else tells of these items waits from here on: what is read below
    # is what stands at the end.
    Item.objects.filter(item__in=[move.item for move in moves]).update(n=F("n"))
    standing = _settle_claims(moves)
    known = Item.objects.in_bulk([move.item for move in moves])
    new: list[Item] = []
    changed: list[Item] = []
    for row in standing.values():
        before = known.get(row.item)
        if before is not None and before.n > row.n:
            continue
        (new if before is None else changed).append(_item(row))
    Item.objects.bulk_create(new)
    if changed:
        columns = ["n", "place", "count", "first", "last", "size", "document", "at", "hash"]
        Item.objects.bulk_update(changed, columns)


def _settle_claims(moves: Sequence[rules.Move]) -> dict[tuple[str, int], Move]:
    """Say of each claim on these moves whether it stands; returns those that do."""
    numbers = {(move.item, move.n) for move in moves}
    claims: dict[tuple[str, int], list[Move]] = {}
    found = Move.objects.filter(
        item__in={item for item, _ in numbers}, n__in={n for _, n in numbers}
    )
    for row in found:
        if (row.item, row.n) in numbers:
            claims.setdefault((row.item, row.n), []).append(row)
    for (item, n), rows in claims.items():
        rows.sort(key=lambda row: (row.at, row.hash, row.key))
        if len(rows) > 1:
            raise_alarm(
                f"two_places:{item}:{n}",
                f"{item} is in two places: its move {n} was made to {rows[0].target} by"
                f" {rows[0].origin} and to {rows[1].target} by {rows[1].origin}",
            )
        for rank, row in enumerate(rows):
            if row.stands != (rank == 0):
                row.stands = rank == 0
                row.save(update_fields=["stands"])
    return {key: rows[0] for key, rows in claims.items()}


def _item(row: Move) -> Item:
    is_box = row.first != ""
    return Item(
        item=row.item,
        is_box=is_box,
        n=row.n,
        place=row.target,
        count=0 if row.target == rules.OPENED else row.count,
        first=row.first if is_box else row.item,
        last=rules.serial_after(row.first, steps=row.count - 1) if is_box else row.item,
        size=row.count,
        document=row.document,
        at=row.at,
        hash=row.hash,
    )


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {rules.COUNTED: blanko_counted, rules.MOVED: blanko_moved}
)
