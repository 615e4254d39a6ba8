"""Two blanko that change places: which may, and by where they lie. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ampera.blanko.rules.moves import Move
from ampera.blanko.rules.places import Account, account_of, office_of, receiver_of, stock_of
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


def is_exchange(moves: Sequence[Move]) -> bool:
    """Do these two single blanko change places with each other?

    Also where the second was read among the spoils although it was never an attempt's: it takes the
    place of the first, which lies whole where the second had been taken from.
    """
    if len(moves) != 2 or any(move.box is not None for move in moves):
        return False
    first, second = moves
    if first.item == second.item or second.target != first.source:
        return False
    return first.target == second.source or _is_back_whole(first, read=second)


def _is_back_whole(first: Move, *, read: Move) -> bool:
    office, source = office_of(first.target), office_of(read.source)
    return (
        office is not None
        and office == source
        and account_of(read.source) is Account.SPOILED
        and first.target == stock_of(office)
    )


def check_exchange(here: OfficeCode, *, serial: str, place_: str | None) -> Refusal | None:
    """May a card of this office turn out to be on that blanko, by where the books have it?

    None where it lies whole on the shelf, in an attempt, among the cards or among the spoils.
    """
    if place_ is None:
        return Refusal("blanko.exchange_unknown", serial=serial)
    if receiver_of(place_) is not None:
        return Refusal("blanko.exchange_in_transit", serial=serial)
    if office_of(place_) != here:
        return Refusal("blanko.exchange_elsewhere", serial=serial, place=place_)
    match account_of(place_):
        case Account.SHELF | Account.STORE | Account.RESERVED | Account.ISSUED | Account.SPOILED:
            return None
        case Account.DISPUTE:
            return Refusal("blanko.exchange_disputed", serial=serial)
        case Account.UNMATCHED:
            return Refusal("blanko.exchange_unmatched", serial=serial)
        case Account.LOANED | Account.CEDED:
            return Refusal("blanko.exchange_loaned", serial=serial)
        case _:
            return Refusal("blanko.exchange_gone", serial=serial)
