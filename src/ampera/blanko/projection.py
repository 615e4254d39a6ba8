"""From the entries about blanko to places. Reads the entry only and takes any order of chains.

Every claim on a move is kept. The place of an item is that of its highest move; where two claims
have one number, the earliest by (at, hash) stands, whichever came first here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from ampera.blanko import rules
from ampera.blanko.models import DayClosed, Item, Loan, Move, OpeningCount, Shipment
from ampera.journal import sql
from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.rows import rows_of
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode

#: Rows asked for at once: SQLite takes a limited number of parameters.
PART: Final = 500
#: Which entries begin a loan, by who tells it, and what of them every reader of loans asks for.
_SIDES: Final[Mapping[str, str]] = MappingProxyType(
    {rules.Why.LOANED.value: "LENT", rules.Why.BORROWED.value: "BORROWED"}
)
_LOAN_FACTS: Final = ("city", "until", "turn", "officers")


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
    if facts["why"] == rules.Why.EXCHANGED and not rules.is_exchange(moves):
        raise ValueError("an exchange is two blanko that change places")
    if facts["why"] == rules.Why.SHIPPED:
        _note_shipment(entry, moves)
    if facts["why"] in _SIDES:
        _note_loan(entry)
    _note(entry, moves, (facts["why"], facts["document"]))


def blanko_day_closed(entry: Entry) -> None:
    """A day that two officers counted and closed; what they missed moves to dispute with it.

    The first telling by (at, hash) stands. Two tiers up only the balance is kept: blanko are
    projected at their own office and the one above (architecture §5).
    """
    facts = entry.facts
    moves = _checked(entry)
    here = house().code
    if here in (entry.origin, entry.origin.upper):
        _note(entry, moves, (rules.Why.MISSING.value, facts["count"]))
    key, at = f"{entry.origin}/{facts['day']}", utc_text(entry.at)
    known = DayClosed.objects.filter(pk=key).values_list("at", "hash").first()
    if known is not None and known <= (at, entry.hash):
        return
    DayClosed.objects.update_or_create(
        key=key,
        defaults={
            "office": str(entry.origin),
            "day": date.fromisoformat(facts["day"]).isoformat(),
            "at": at,
            "hash": entry.hash,
            "chain": str(entry.chain),
            "seq": entry.seq,
            "officer": entry.officer,
            "facts": dict(facts),
        },
    )


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


def _note_loan(entry: Entry) -> None:
    """The first telling by (at, hash) stands."""
    side, number = _SIDES[entry.facts["why"]], str(entry.facts["document"])
    at, key = utc_text(entry.at), f"{entry.origin}/{side}/{number}"
    known = Loan.objects.filter(pk=key).values_list("at", "hash").first()
    if known is not None and known <= (at, entry.hash):
        return
    told = {name: entry.facts[name] for name in _LOAN_FACTS if name in entry.facts}
    Loan.objects.update_or_create(
        key=key,
        defaults={
            "office": str(entry.origin),
            "side": side,
            "number": number,
            "at": at,
            "hash": entry.hash,
            "facts": told,
        },
    )


def _note(entry: Entry, moves: Sequence[rules.Move], about: tuple[str, str]) -> None:
    for start in range(0, len(moves), PART):
        part = moves[start : start + PART]
        names = [move.item for move in part]
        # Nothing changes, but whoever else tells of these items waits from here on: what is read
        # below is what stands at the end.
        sql.write(f"UPDATE blanko_item SET n = n WHERE item IN ({_marks(names)})", *names)  # noqa: S608
        standing = _note_claims(entry, part, about)
        known = rows_of(Item).where(f"item IN ({_marks(names)})", *names)
        _note_places(standing, {row.item: row for row in known})


def _note_claims(entry: Entry, moves: Sequence[rules.Move], about: tuple[str, str]) -> list[Move]:
    """Add this entry's claims to those that are known; returns the one that stands for each
    move."""
    told = {move.claim(about[1]): _claim(entry, move, about) for move in moves}
    numbers = {(row.item, row.n) for row in told.values()}
    claims: dict[tuple[str, int], list[Move]] = {number: [] for number in numbers}
    items, ns = sorted({item for item, _ in numbers}), sorted({n for _, n in numbers})
    condition = f"item IN ({_marks(items)}) AND n IN ({_marks(ns)})"
    known = rows_of(Move).where(condition, *items, *ns)
    for row in known:
        if (row.item, row.n) not in numbers:
            continue
        again = told.pop(row.key, None)
        if again is not None and (again.at, again.hash) < (row.at, row.hash):
            # The same move told again, by a restored server for one: it counts once, as of its
            # first telling.
            again.stands = row.stands
            again.save()
            row = again  # noqa: PLW2901 - what is stored now
        claims[row.item, row.n].append(row)
    if len(told) == 1:
        rows_of(Move).insert(*told.values())
    elif told:
        Move.objects.bulk_create(told.values())
    for row in told.values():
        claims[row.item, row.n].append(row)
    return [_settle(rows) for rows in claims.values()]


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _claim(entry: Entry, move: rules.Move, about: tuple[str, str]) -> Move:
    return Move(
        key=move.claim(about[1]),
        item=move.item,
        n=move.n,
        source=move.source,
        target=move.target,
        why=about[0],
        document=about[1],
        count=move.count,
        first=move.box.first if move.box is not None else "",
        origin=str(entry.origin),
        at=utc_text(entry.at),
        hash=entry.hash,
        chain=str(entry.chain),
        seq=entry.seq,
        officer=entry.officer,
        cause=str(entry.facts.get("cause", ""))[:24],
        stands=True,
    )


def _settle(rows: list[Move]) -> Move:
    """Of all claims on one move the earliest stands, whichever came first here."""
    rows.sort(key=lambda row: (row.at, row.hash, row.key))
    if len(rows) > 1:
        raise_alarm(
            f"two_places:{rows[0].item}:{rows[0].n}",
            f"{rows[0].item} is in two places: its move {rows[0].n} was made to {rows[0].target}"
            f" by {rows[0].origin} and to {rows[1].target} by {rows[1].origin}",
        )
    for rank, row in enumerate(rows):
        if row.stands != (rank == 0):
            row.stands = rank == 0
            row.save(update_fields=["stands"])
    return rows[0]


def _note_places(standing: Sequence[Move], known: Mapping[str, Item]) -> None:
    new: list[Item] = []
    changed: list[Item] = []
    for row in standing:
        before = known.get(row.item)
        if before is None or before.n <= row.n:
            (new if before is None else changed).append(_item(row))
    if new:
        Item.objects.bulk_create(new)
    if len(changed) == 1:
        rows_of(Item).save(changed[0])
    elif changed:
        columns = ["n", "place", "count", "first", "last", "size", "document", "at", "hash"]
        Item.objects.bulk_update(changed, columns)


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
    {
        rules.COUNTED: blanko_counted,
        rules.MOVED: blanko_moved,
        rules.DAY_CLOSED: blanko_day_closed,
    }
)
