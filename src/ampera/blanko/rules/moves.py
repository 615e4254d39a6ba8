"""Numbered moves, what an entry tells of them, and who may make which. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ampera.blanko.rules.goods import Box
from ampera.blanko.rules.places import (
    COUNTED,
    FIRST_COUNT,
    MAKER,
    OPENED,
    UNSEEN,
    Account,
    account_of,
    city_of,
    is_near,
    office_of,
    place,
    receiver_of,
    stock_of,
)
from ampera.words.office import PUSAT, OfficeCode, Tier

_OUT_OF_BOX: Final = "box:"
#: Each time that a blanko comes into a city's books from another city its numbers begin a new
#: thousand, its *turn*. Neither city sees what the other wrote; the pusat sees both, and there no
#: move of one city has a number of the other's (decision 29).
FAR: Final = 1000


def turn_after(last: Iterable[int]) -> int:
    """The turn with which these items (their highest numbers here) arrive in another city."""
    return max((n // FAR for n in last), default=0) + 1


def number_from_afar(last: int | None, *, turn: int) -> int:
    """The number of the move that brings an item in from another city.

    `last` is its highest number in these books, None where they never had it; `turn` is what the
    paper of the other city names. Never a number that these books know already.
    """
    return max(turn, 1 if last is None else turn_after([last])) * FAR


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
            born = _birth_number(move)
            found += [
                Move(each, born, f"{_OUT_OF_BOX}{box.box}", move.source) for each in box.serials()
            ]
    return found


def _birth_number(move: Move) -> int:
    """The first number of the blanko of an opened box: in the thousand in which it was here.

    A box that is in another city is opened there; when a part of it comes back it is opened in the
    books of the lender as well, and must not outrank what the other city tells of the rest.
    """
    is_away = account_of(move.source) in (Account.LOANED, Account.CEDED)
    return 1 if is_away else move.n // FAR * FAR + 1


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
        case s if (city := city_of(s)) is not None:
            are_cities = origin.tier is city.tier is Tier.DINAS and city != origin
            is_new_turn = move.n >= FAR and move.n % FAR == 0
            return are_cities and is_new_turn and move.target == stock_of(origin)
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
