"""Where one blanko is, and by which moves it came there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ampera.blanko import rules
from ampera.blanko.models import Item, Move
from ampera.blanko.queries.standing import code_of
from ampera.blanko.rules import Account, Box, Why, account_of
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode


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


def is_found_ruined(serial: str) -> bool:
    """Does it lie among the spoils straight from the stock, never an attempt's when it was read?"""
    standing = [step for step in history(serial) if step.stands]
    if not standing or account_of(standing[-1].target) is not Account.SPOILED:
        return False
    return account_of(standing[-1].source) in (Account.SHELF, Account.STORE)


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


def in_two_places() -> list[str]:
    """Items of which one move was made twice with another content."""
    rows = Move.objects.filter(stands=False).values_list("item", flat=True).order_by("item")
    return list(rows.distinct())


def account_moves(
    office: OfficeCode | str, account: Account
) -> list[MoveSeen]:  # positional: a place
    """Every standing move of single blanko into or out of one account of an office, in order.

    For registers of that account; `source` and `target` tell in from out.
    """
    at = rules.place(code_of(office), account)
    rows = Move.objects.filter(Q(source=at) | Q(target=at), stands=True, first="")
    return [_move(row) for row in rows.order_by("at", "item", "n")]


def lying_before(office: OfficeCode | str, *, account: Account, before: datetime) -> int:
    """How many single blanko stand on that account of an office since before a moment."""
    at = rules.place(code_of(office), account)
    return Item.objects.filter(place=at, is_box=False, at__lt=utc_text(before)).count()
