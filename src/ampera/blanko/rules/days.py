"""The closing of a day: what two officers counted blind, held against the books. Pure.

A closed day is: opening + came - went = counted, by serial. The cut is a place in each chain, not
a moment, so that any reader finds the same moves in it (architecture §3, Time).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ampera.blanko.rules.goods import Box, first_repeated, is_box_label, is_serial
from ampera.blanko.rules.places import Account, account_of, place, transit_to
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: The word for moves that came into an earlier day after it was closed: an earlier claim on a move
#: of it, told by a restored server. They are counted in the open day.
LATE: Final = "LATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """What two officers see, listed without seeing what the books expect."""

    whole: tuple[str, ...] = ()  #: unprinted, on the shelf and in the hopper
    boxes: tuple[str, ...] = ()  #: labels of sealed boxes
    spoiled: tuple[str, ...] = ()  #: in the box for ruined ones
    cards: tuple[str, ...] = ()  #: finished cards in the tray and the drawer
    #: What by the books lies elsewhere: put aside under seal, in nobody's sum, and reported.
    aside: tuple[str, ...] = ()

    def everything(self) -> list[str]:
        return [*self.whole, *self.boxes, *self.spoiled, *self.cards, *self.aside]

    def facts(self) -> dict[str, list[str]]:
        return {
            "whole": sorted(self.whole),
            "boxes": sorted(self.boxes),
            "spoiled": sorted(self.spoiled),
            "cards": sorted(self.cards),
            "aside": sorted(self.aside),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """What the books have at an office: whole ones and boxes, ruined ones, and where all else
    is."""

    stock: Mapping[str, Box | None]
    spoils: frozenset[str]
    #: Place of whatever was named in the count and is known here; a serial inside a sealed box has
    #: the place of the box and stands in `boxed`.
    places: Mapping[str, str] = field(default_factory=dict)
    boxed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDifference:
    """In the books and not seen, by account; and what was in dispute and lies here after all."""

    missing: tuple[str, ...]
    missing_spoils: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        return not (self.missing or self.missing_spoils)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """What stands in the way of closing a day, as the books have it."""

    is_open: bool
    last_day: date | None
    reserved: tuple[str, ...]
    unmatched: tuple[str, ...]


def check_may_close(state: DayState, *, office: OfficeCode, day: date) -> Refusal | None:
    """May this office close that day now? Once a day, never back, and nothing half done."""
    if not state.is_open:
        return Refusal("blanko.books_not_open", office=str(office))
    if state.last_day is not None and day <= state.last_day:
        return Refusal("blanko.day_closed", day=state.last_day.isoformat())
    if state.reserved:
        return Refusal(
            "blanko.day_attempt_open", serial=state.reserved[0], count=len(state.reserved)
        )
    if state.unmatched:
        return Refusal("blanko.day_unmatched", item=state.unmatched[0], count=len(state.unmatched))
    return None


def check_listed(counted: DayCount) -> Refusal | None:
    """Are these serials, each named once?"""
    for serial in (*counted.whole, *counted.spoiled, *counted.cards):
        if not is_serial(serial):
            return Refusal("blanko.serial_form", serial=serial)
    for aside in counted.aside:
        if not is_serial(aside) and not is_box_label(aside):
            return Refusal("blanko.serial_form", serial=aside[:40])
    if (item := first_repeated(counted.everything())) is not None:
        return Refusal("blanko.counted_twice", item=item)
    return None


def compare_day(  # positional: the count beside the books
    counted: DayCount, books: InHand, *, office: OfficeCode
) -> DayDifference | Refusal:
    """Hold the list against the books. Refuses what no move of this office could explain.

    What the books have and nobody sees is *missing*, whatever heap it lies on. What lies here and
    is in dispute was *found*: two officers of the office above settle it.
    """
    if (no := check_listed(counted)) is not None:
        return no
    found: list[str] = []
    heaps = (((*counted.whole, *counted.boxes), books.stock), (counted.spoiled, books.spoils))
    for seen, own in heaps:
        for item in (each for each in seen if each not in own):
            if item in books.stock or item in books.spoils:
                return Refusal("blanko.day_wrong_heap", item=item)
            if (no := _explained(item, books, office=office)) is not None:
                return no
            found.append(item)
    for item in (each for each in counted.cards if not _is_card(each, books)):
        if (no := _explained(item, books, office=office)) is not None:
            return no
        found.append(item)
    for item in counted.aside:
        if item in books.stock or item in books.spoils or item in books.boxed:
            return Refusal("blanko.day_aside_is_ours", item=item)
    return DayDifference(
        missing=tuple(sorted(set(books.stock) - {*counted.whole, *counted.boxes})),
        missing_spoils=tuple(sorted(books.spoils - set(counted.spoiled))),
        found=tuple(sorted(found)),
    )


def _is_card(item: str, books: InHand) -> bool:  # positional: a thing and the books
    """Made here, or elsewhere on a blanko that these books never had."""
    at = books.places.get(item, "")
    return account_of(at) is Account.ISSUED if at else item not in books.boxed


def _explained(  # positional: a thing and the books
    item: str, books: InHand, *, office: OfficeCode
) -> Refusal | None:
    """What lies here and should not: None when it is in dispute and was found now."""
    if item in books.boxed:
        return Refusal("blanko.box_sealed", serial=item, box=books.boxed[item])
    at = books.places.get(item, "")
    if at == place(office, Account.DISPUTE):
        return None
    if not at:
        return Refusal("blanko.day_unknown", item=item)
    if at == transit_to(office):
        return Refusal("blanko.day_in_transit", item=item)
    return Refusal("blanko.day_elsewhere", item=item, place=at)


def list_hash(stock: Mapping[str, Box | None], *, spoils: Iterable[str]) -> str:
    """SHA-256 over the sorted list of what lies here: one line a blanko, box or ruined blanko."""
    lines = [
        f"box {item} {box.first} {box.size}" if box is not None else f"whole {item}"
        for item, box in stock.items()
    ]
    lines += [f"spoiled {item}" for item in spoils]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def size_of(stock: Mapping[str, Box | None]) -> int:
    """How many blanko these items are, sealed boxes counted out."""
    return sum(box.size if box is not None else 1 for box in stock.values())
