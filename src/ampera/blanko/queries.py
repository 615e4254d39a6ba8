"""What others may ask the books: where a blanko is, how many an office holds, and whether all adds
up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from ampera.blanko import rules
from ampera.blanko.models import Item, Move, OpeningCount, Shipment
from ampera.blanko.rules import Account, Box, Why
from ampera.journal import sql
from ampera.journal.rows import rows_of
from ampera.words.clock import utc_from_text, utc_text
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


@dataclass(frozen=True, slots=True)
class BlankoSeen:
    """Where one blanko is. `box` is the sealed box in which it still lies."""

    serial: str
    place: str
    n: int
    box: str | None
    since: datetime
    is_in_two_places: bool


@dataclass(frozen=True, slots=True)
class MoveSeen:
    """One move of an item; of two claims on a number only one stands."""

    n: int
    source: str
    target: str
    why: Why
    document: str
    origin: OfficeCode
    at: datetime
    stands: bool
    item: str = ""


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


@dataclass(frozen=True, slots=True)
class StockSheet:
    """What an office had whole in hand, what came and went, and what is left: opening + came −
    went.
    """

    opening: int
    came: Mapping[str, int]
    went: Mapping[str, int]
    closing: int

    @property
    def is_balanced(self) -> bool:
        return self.opening + sum(self.came.values()) - sum(self.went.values()) == self.closing


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
    stock = rules.stock_of(_code(office))
    found = sql.read(_NEXT_SERIAL, stock)
    return found[0][0] if found else None


def shelf_count(office: OfficeCode | str) -> int:
    """Blanko confirmed on the office's shelf (the pusat: in store), those in sealed boxes too."""
    return _count(Item.objects.filter(place=rules.stock_of(_code(office))))


def loose_count(office: OfficeCode | str) -> int:
    """Blanko on the shelf that can be fed at once: outside of sealed boxes."""
    return _count(Item.objects.filter(place=rules.stock_of(_code(office)), is_box=False))


def accounts(office: OfficeCode | str) -> dict[str, int]:
    """What stands on each account of an office, and under way to it. Accounts without a blanko are
    left out; keys are account names and `transit`."""
    code = _code(office)
    rows = (
        Item.objects.filter(Q(place__startswith=f"{code}/") | Q(place=rules.transit_to(code)))
        .values("place")
        .annotate(total=Sum("count"))
        .order_by("place")
    )
    return {_account_name(row["place"]): row["total"] for row in rows if row["total"]}


def _account_name(place: str) -> str:
    account = rules.account_of(place)
    return account.value if account is not None else "transit"


def whereis(serial: str) -> BlankoSeen | None:
    """Where this blanko is, as far as this server is told; None when it is not in these books."""
    row = Item.objects.filter(pk=serial, is_box=False).first()
    if row is None:
        near = Item.objects.filter(is_box=True, first__lte=serial, last__gte=serial, count__gt=0)
        # Text order is serial order within one prefix and width only.
        row = next((each for each in near if _is_within(serial, each)), None)
    if row is None:
        return None
    return BlankoSeen(
        serial=serial,
        place=row.place,
        n=row.n,
        box=row.item if row.is_box else None,
        since=utc_from_text(row.at),
        is_in_two_places=Move.objects.filter(item=row.item, stands=False).exists(),
    )


def _is_within(serial: str, row: Item) -> bool:
    prefix = row.first.rstrip("0123456789")
    return len(serial) == len(row.first) and serial.rstrip("0123456789") == prefix


def all_places() -> dict[str, str]:
    """Every blanko known here and its place, sealed boxes counted out: for an audit of the
    shelf."""
    found: dict[str, str] = {}
    for row in Item.objects.filter(count__gt=0).iterator(chunk_size=2000):
        if row.is_box:
            found |= dict.fromkeys(Box(row.item, row.first, row.size).serials(), row.place)
        else:
            found[row.item] = row.place
    return found


def history(item: str) -> list[MoveSeen]:
    """Every move of a blanko or box told here, in order; also those that do not stand."""
    return [_move(row) for row in Move.objects.filter(item=item).order_by("n", "at", "hash")]


def _move(row: Move) -> MoveSeen:
    return MoveSeen(
        n=row.n,
        source=row.source,
        target=row.target,
        why=Why(row.why),
        document=row.document,
        origin=OfficeCode(row.origin),
        at=utc_from_text(row.at),
        stands=row.stands,
        item=row.item,
    )


def are_books_open(office: OfficeCode | str) -> bool:
    return OpeningCount.objects.filter(office=str(office)).exists()


def shipment_seen(shipment: str) -> ShipmentSeen | None:
    row = Shipment.objects.filter(pk=shipment).first()
    return _shipment(row) if row is not None else None


def shipments_to(office: OfficeCode | str) -> list[ShipmentSeen]:
    """Shipments to an office of which something is still under way, oldest first."""
    code = _code(office)
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
    place = rules.place(_code(office), Account.DISPUTE)
    return {each.item: each.document for each in held_at(place).values()}


def in_two_places() -> list[str]:
    """Items of which one move was made twice with another content."""
    rows = Move.objects.filter(stands=False).values_list("item", flat=True).order_by("item")
    return list(rows.distinct())


def stock_sheet(office: OfficeCode | str, *, since: datetime, until: datetime) -> StockSheet:
    """The office's sheet for a span of time, since ≤ t < until: whole blanko in hand (shelf and
    reserved), by the word under which they came or went."""
    code = _code(office)
    in_hand = [rules.stock_of(code), rules.place(code, Account.RESERVED)]
    # What comes out of a box stays in hand; it neither came nor went.
    crossing = Move.objects.filter(stands=True).exclude(why=Why.OPENED)
    came = crossing.filter(target__in=in_hand).exclude(source__in=in_hand)
    went = crossing.filter(source__in=in_hand).exclude(target__in=in_hand)
    begin, end = utc_text(since), utc_text(until)
    opening = _count(came.filter(at__lt=begin)) - _count(went.filter(at__lt=begin))
    closing = _count(came.filter(at__lt=end)) - _count(went.filter(at__lt=end))
    return StockSheet(
        opening=opening,
        came=_by_why(came.filter(at__gte=begin, at__lt=end)),
        went=_by_why(went.filter(at__gte=begin, at__lt=end)),
        closing=closing,
    )


def account_moves(
    office: OfficeCode | str, account: Account
) -> list[MoveSeen]:  # positional: a place
    """Every standing move of single blanko into or out of one account of an office, in order.

    For registers of that account; `source` and `target` tell in from out.
    """
    at = rules.place(_code(office), account)
    rows = Move.objects.filter(Q(source=at) | Q(target=at), stands=True, first="")
    return [_move(row) for row in rows.order_by("at", "item", "n")]


def lying_before(office: OfficeCode | str, *, account: Account, before: datetime) -> int:
    """How many single blanko stand on that account of an office since before a moment."""
    at = rules.place(_code(office), account)
    return Item.objects.filter(place=at, is_box=False, at__lt=utc_text(before)).count()


def _by_why(rows: QuerySet[Move]) -> dict[str, int]:
    counted = rows.values("why").annotate(total=Sum("count")).order_by("why")
    return {row["why"]: row["total"] for row in counted}


def _count(rows: QuerySet[Item] | QuerySet[Move]) -> int:
    total = rows.aggregate(total=Sum("count"))["total"]
    return int(total or 0)


def _code(office: OfficeCode | str) -> OfficeCode:
    return office if isinstance(office, OfficeCode) else OfficeCode(office)


# ---- checks: what `verify` and the auditor of a simulated province ask ----


def nothing_is_in_two_places() -> list[str]:
    return [f"{item} is in two places" for item in in_two_places()]


def moves_join() -> list[str]:
    """The n-th move begins where the one before ended; a gap is allowed only where this server is
    not told all (moves below its direct children)."""
    found = []
    before: tuple[str, int, str] = ("", 0, "")
    rows = Move.objects.filter(stands=True).order_by("item", "n")
    for item, n, source, target in rows.values_list("item", "n", "source", "target").iterator():
        if before[:2] == (item, n - 1) and n > 1 and before[2] != source:
            found.append(
                f"{item}: move {n} begins at {source}, the one before ended at {before[2]}"
            )
        before = (item, n, target)
    return found


def sums_agree() -> list[str]:
    """Counted by moves and counted by places, every place holds the same; nothing is below zero;
    and all together is what was counted in."""
    by_moves: dict[str, int] = {}
    counted_in = 0
    for item_moves in _moves_by_item():
        # What happened before the first move told here happened elsewhere: the item begins there.
        # Put aside as *unmatched* (move 0) before its news, it still came out of its box.
        is_of_a_box = any(came_out for _, _, came_out in item_moves)
        counted_in += 0 if is_of_a_box else item_moves[0][1]
        for step, (target, count, _) in enumerate(item_moves):
            if step:
                left = item_moves[step - 1][0]
                by_moves[left] = by_moves.get(left, 0) - count
            if target != rules.OPENED:
                by_moves[target] = by_moves.get(target, 0) + count
    placed = Item.objects.values("place").annotate(total=Sum("count"))
    by_places = {row["place"]: row["total"] for row in placed}
    found = [
        f"{place}: {by_moves.get(place, 0)} by moves, {by_places.get(place, 0)} by places"
        for place in sorted({*by_moves, *by_places})
        if by_moves.get(place, 0) != by_places.get(place, 0)
    ]
    found += [f"{place} holds {count}" for place, count in sorted(by_moves.items()) if count < 0]
    if (total := sum(by_places.values())) != counted_in:
        found.append(f"{total} blanko are in places, {counted_in} were counted in")
    return found


def _moves_by_item() -> Iterator[list[tuple[str, int, bool]]]:
    """(target, count, came out of a box known here) of each item's standing moves, in order."""
    boxes = set(Item.objects.filter(place=rules.OPENED).values_list("item", flat=True))
    rows = Move.objects.filter(stands=True).order_by("item", "n")
    current = ""
    collected: list[tuple[str, int, bool]] = []
    columns = ("item", "source", "target", "count")
    for item, source, target, count in rows.values_list(*columns).iterator(chunk_size=2000):
        if item != current and collected:
            yield collected
            collected = []
        current = item
        collected.append((target, count, source.removeprefix("box:") in boxes))
    if collected:
        yield collected


def ranges_are_disjoint() -> list[str]:
    """No serial lies in two sealed boxes, or beside a sealed box that still holds it; an opened box
    gave each of its serials once."""
    rows = Item.objects.filter(Q(is_box=False) | Q(count__gt=0)).values_list("first", "last")
    found = [
        f"{after[0]} to {after[1]} overlaps {before[0]} to {before[1]}"
        for before, after in rules.overlapping(rows.iterator(chunk_size=2000))
    ]
    for box in Item.objects.filter(is_box=True, place=rules.OPENED):
        out = Move.objects.filter(source=f"box:{box.item}", n=1, stands=True).count()
        if out != box.size:
            found.append(f"{box.item} held {box.size} blanko, {out} came out")
    return found


CHECKS: Sequence[Callable[[], Sequence[str]]] = (
    nothing_is_in_two_places,
    moves_join,
    sums_agree,
    ranges_are_disjoint,
)
