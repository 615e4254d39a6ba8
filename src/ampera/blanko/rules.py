"""The rules of the books: places, numbered moves, and who may make which. Pure.

A blanko is always in exactly one place, `16.71.02/shelf`. Each move carries its number, the one
before plus one, so that two moves with one number show a blanko in two places. Balances are counted
from places: no order of arrival can drive one below zero (architecture §5).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ampera.words.office import PUSAT, OfficeCode, Tier
from ampera.words.refusal import Refusal

COUNTED: Final = "blanko.counted/1"
MOVED: Final = "blanko.moved/1"

#: Where blanko come from and sealed boxes end. No office owns these places, nothing leaves
#: `opened`.
MAKER: Final = "maker"
FIRST_COUNT: Final = "counted"
UNSEEN: Final = "unseen"  #: goods that came before their news: where they were is not known here
OPENED: Final = "opened"
_TRANSIT: Final = "transit:"
#: No entry makes a server write more rows than this for one box.
SIZE_READ_MAX: Final = 100_000
_OUT_OF_BOX: Final = "box:"


class Account(StrEnum):
    """The accounts of one office. Transit stands apart: it is named after who is to receive."""

    STORE = "store"  #: the pusat's stock
    SHELF = "shelf"  #: stok: confirmed, whole, unprinted
    RESERVED = "reserved"  #: in an attempt
    ISSUED = "issued"  #: became a card
    SPOILED = "spoiled"  #: rusak cetak: the ruined blanko lies here
    DISPUTE = "dispute"  #: selisih: nobody can show it
    UNMATCHED = "unmatched"  #: came before its news, not used until matched
    LOANED = "loaned"  #: lent to another city
    WRITTEN_OFF = "written_off"
    DESTROYED = "destroyed"


class Why(StrEnum):
    """Why a blanko moves: the word of the entry and of the daily sheet."""

    TAKEN = "TAKEN"  #: from the maker into the pusat's store
    COUNTED = "COUNTED"  #: opening balance
    SHIPPED = "SHIPPED"
    RECEIVED = "RECEIVED"
    SHORT = "SHORT"  #: sent, not seen at arrival
    UNMATCHED = "UNMATCHED"
    OPENED = "OPENED"
    RESERVED = "RESERVED"
    ISSUED = "ISSUED"
    SPOILED = "SPOILED"
    RETURNED = "RETURNED"  #: an attempt gives it back whole
    DISPUTED = "DISPUTED"
    MISSING = "MISSING"  #: not found at a count after a restore
    SETTLED = "SETTLED"  #: a dispute was decided
    LOANED = "LOANED"
    LOAN_RETURNED = "LOAN_RETURNED"
    DESTROYED = "DESTROYED"


@cache
def _marks() -> Mapping[str, Any]:
    """The shapes of serials and labels, from `serials.toml`."""
    text = files("ampera.blanko").joinpath("serials.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def is_serial(text: str) -> bool:
    """Is this the number of a blanko?"""
    return text.isascii() and re.fullmatch(_marks()["serial"], text) is not None


def is_box_label(text: str) -> bool:
    return (
        text.isascii() and re.fullmatch(_marks()["box"], text) is not None and not is_serial(text)
    )


def box_size_max() -> int:
    return int(_marks()["box_size_max"])


def serial_after(first: str, *, steps: int) -> str:
    """The serial that many places on. Raises ValueError when the digits run over or there is no
    serial.
    """
    match = re.fullmatch(_marks()["serial"], first)
    if match is None:
        raise ValueError("no serial of a blanko")
    prefix, digits = match["prefix"], match["digits"]
    following = str(int(digits) + steps).zfill(len(digits))
    if len(following) > len(digits):
        raise ValueError("the serials of this box run over their digits")
    return prefix + following


@dataclass(frozen=True, slots=True)
class Box:
    """A sealed box: known by its label and the range of its serials until it is opened."""

    box: str
    first: str
    size: int

    @property
    def last(self) -> str:
        return serial_after(self.first, steps=self.size - 1)

    def serials(self) -> Iterator[str]:
        """All serials inside, in order."""
        return (serial_after(self.first, steps=step) for step in range(self.size))

    def facts(self) -> dict[str, Any]:
        return {"box": self.box, "first": self.first, "size": self.size}

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Box:
        box = cls(str(facts["box"]), str(facts["first"]), int(facts["size"]))
        if not 1 <= box.size <= SIZE_READ_MAX or not is_serial(box.last):
            raise ValueError("a box holds a range of serials")
        return box


@dataclass(frozen=True, slots=True)
class Move:
    """One item leaves `source` and reaches `target`, as its n-th move. `box` is None for a single
    blanko.
    """

    item: str
    n: int
    source: str
    target: str
    box: Box | None = None

    @property
    def count(self) -> int:
        """How many blanko move."""
        return self.box.size if self.box is not None else 1

    def facts(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "item": self.item,
            "n": self.n,
            "from": self.source,
            "to": self.target,
        }
        if self.box is not None:
            told |= {"first": self.box.first, "size": self.box.size}
        return told

    def claim(self, document: str) -> str:
        """Which claim this is on the place (item, n): the same move told twice has the same key."""
        content = f"{self.source}\n{self.target}\n{document}"
        return f"{self.item}#{self.n}#{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def place(office: OfficeCode, account: Account) -> str:  # positional: a pair
    return f"{office}/{account.value}"


def transit_to(office: OfficeCode) -> str:
    return f"{_TRANSIT}{office}"


def stock_of(office: OfficeCode) -> str:
    """Where an office keeps whole blanko: the pusat its store, everybody else a shelf."""
    return place(office, Account.STORE if office == PUSAT else Account.SHELF)


def office_of(at: str) -> OfficeCode | None:
    """Whose account this place is; None for transit and for the ends of the world."""
    office, slash, _ = at.partition("/")
    return OfficeCode(office) if slash else None


def account_of(at: str) -> Account | None:
    _, slash, account = at.partition("/")
    return Account(account) if slash else None


def receiver_of(at: str) -> OfficeCode | None:
    """Who is to receive what is in this transit."""
    return OfficeCode(at.removeprefix(_TRANSIT)) if at.startswith(_TRANSIT) else None


def moves_of(kind: str, facts: Mapping[str, Any]) -> list[Move]:  # positional: a pair
    """Every move that an entry tells, the birth of the serials of an opened box among them.

    Raises KeyError or ValueError on facts that are none; such an entry is parked.
    """
    if kind == COUNTED:
        return [
            *(
                Move(each["box"], 1, FIRST_COUNT, facts["place"], Box.read(each))
                for each in facts["boxes"]
            ),
            *(Move(each, 1, FIRST_COUNT, facts["place"]) for each in facts["serials"]),
        ]
    found = []
    for told in facts["moves"]:
        box = Box.read({"box": told["item"], **told}) if "first" in told else None
        move = Move(told["item"], told["n"], told["from"], told["to"], box)
        found.append(move)
        if move.target == OPENED:
            if box is None:
                raise ValueError("only a box is opened")
            found += [
                Move(each, 1, f"{_OUT_OF_BOX}{box.box}", move.source) for each in box.serials()
            ]
    return found


def may_move(origin: OfficeCode, *, move: Move) -> bool:
    """May this office make that move? Each place is emptied by one office only, so nothing can be
    lost between two; a dispute is decided one tier up. Raises ValueError on what is no place."""
    account_of(move.target)
    match move.source:
        case s if s == MAKER:
            return origin == PUSAT and move.n == 1 and move.target == stock_of(PUSAT)
        case s if s == FIRST_COUNT:
            return move.n == 1 and move.target == stock_of(origin)
        case s if s == UNSEEN:
            return move.n == 0 and move.target == place(origin, Account.UNMATCHED)
        case s if s.startswith(_OUT_OF_BOX):
            return office_of(move.target) == origin
        case s if (receiver := receiver_of(s)) is not None:
            return receiver == origin and office_of(move.target) == origin
    return _may_leave_account(origin, move)


def _may_leave_account(origin: OfficeCode, move: Move) -> bool:
    office, account = office_of(move.source), account_of(move.source)
    if office is None or move.n < 1:
        return False
    if account is Account.DISPUTE:
        judge = office.upper if office.tier is Tier.KECAMATAN else office
        return judge == origin and office_of(move.target) == office
    if office != origin:
        return False
    if (receiver := receiver_of(move.target)) is not None:
        return is_near(origin, other=receiver)
    return move.target == OPENED or office_of(move.target) == origin


def is_near(origin: OfficeCode, *, other: OfficeCode) -> bool:
    """Blanko travel one tier at a time: down to a child office, or back up."""
    return other.upper == origin or origin.upper == other


def check_goods(boxes: Sequence[Box], *, serials: Sequence[str]) -> Refusal | None:
    """Are these labels, ranges and serials such as can be counted? Ranges must not overlap."""
    if not boxes and not serials:
        return Refusal("blanko.nothing_given")
    for serial in serials:
        if not is_serial(serial):
            return Refusal("blanko.serial_form", serial=serial)
    for box in boxes:
        if (no := _check_box(box)) is not None:
            return no
    return _check_disjoint(boxes, serials)


def _check_box(box: Box) -> Refusal | None:
    if not is_box_label(box.box):
        return Refusal("blanko.box_form", box=box.box)
    if not is_serial(box.first):
        return Refusal("blanko.serial_form", serial=box.first)
    if not 1 <= box.size <= box_size_max():
        return Refusal("blanko.box_size", box=box.box, most=box_size_max())
    try:
        serial_after(box.first, steps=box.size - 1)
    except ValueError:
        return Refusal("blanko.serial_form", serial=box.first)
    return None


def _check_disjoint(boxes: Sequence[Box], serials: Sequence[str]) -> Refusal | None:
    if (item := first_repeated([*(box.box for box in boxes), *serials])) is not None:
        return Refusal("blanko.counted_twice", item=item)
    ranges = [(box.first, box.last) for box in boxes] + [(each, each) for each in serials]
    for before, after in overlapping(ranges):
        return Refusal("blanko.range_overlaps", serial=max(before[0], after[0]))
    return None


def first_repeated(items: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None


def overlapping(
    ranges: Iterable[tuple[str, str]],
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Pairs of serial ranges (first, last) that share a serial, by one pass over the sorted ranges.

    Serials of other prefix or width never meet, so ranges are sorted within their family.
    """
    reach: dict[tuple[str, int], tuple[str, str]] = {}
    for each in sorted(ranges, key=lambda one: (one[0], one[1])):
        family = (each[0].rstrip("0123456789"), len(each[0]))
        before = reach.get(family)
        if before is not None and each[0] <= before[1]:
            yield before, each
        if before is None or each[1] > before[1]:
            reach[family] = each


def check_two(officer: str, *, witness: str) -> Refusal | None:
    """Two persons: both proved themselves in this act; the second is not the author."""
    if not witness or witness == officer:
        return Refusal("officer.same_person")
    return None


def split_seen(
    sent: Iterable[str], *, seen: Iterable[str], shipment: str
) -> tuple[list[str], list[str]] | Refusal:
    """(received, missing) of a shipment. Goods that are not of it are refused: they are
    *unmatched*.
    """
    sent_items, seen_items = set(sent), set(seen)
    for extra in sorted(seen_items - sent_items):
        return Refusal("blanko.not_in_shipment", item=extra, shipment=shipment)
    return sorted(seen_items), sorted(sent_items - seen_items)
