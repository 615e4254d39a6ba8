"""Places and the words of the books: `16.71.02/shelf`, and why a blanko leaves it. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ampera.words.office import PUSAT, OfficeCode

COUNTED: Final = "blanko.counted/1"
MOVED: Final = "blanko.moved/1"
DAY_CLOSED: Final = "blanko.day_closed/1"
#: Where blanko come from and sealed boxes end. No office owns these places, nothing leaves
#: `opened`.
MAKER: Final = "maker"
FIRST_COUNT: Final = "counted"
UNSEEN: Final = "unseen"  #: goods that came before their news: where they were is not known here
OPENED: Final = "opened"
_TRANSIT: Final = "transit:"
#: Another city, whose books are not told here: blanko come from there. What goes there for good
#: stands on the account `ceded` of the office that gave it.
_CITY: Final = "city:"


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
    CEDED = "ceded"  #: another city's for good: others came for it, or it settled a debt
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
    MISSING = "MISSING"  #: not found at a count: of a day, or after a restore
    SETTLED = "SETTLED"  #: a dispute was decided
    EXCHANGED = "EXCHANGED"  #: a card came out on another blanko than the books said
    LOANED = "LOANED"
    LOAN_RETURNED = "LOAN_RETURNED"
    LOAN_SPENT = "LOAN_SPENT"  #: the other city used it up; settled under a berita acara
    LOAN_REPLACED = "LOAN_REPLACED"  #: came from the other city for one that it printed on
    LOAN_CEDED = "LOAN_CEDED"  #: the other city keeps it: all of its loan is back or replaced
    BORROWED = "BORROWED"  #: another city lent it to this one
    REPAID = "REPAID"  #: given to the city that had lent
    DEBT_WAIVED = "DEBT_WAIVED"  #: moves nothing: the lender wrote so many off
    DESTROYED = "DESTROYED"


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


def from_city(city: OfficeCode) -> str:
    """Where blanko come from that another city gives."""
    return f"{_CITY}{city}"


def city_of(at: str) -> OfficeCode | None:
    """The other city that this place is; None for every other place."""
    return OfficeCode(at.removeprefix(_CITY)) if at.startswith(_CITY) else None


def is_near(origin: OfficeCode, *, other: OfficeCode) -> bool:
    """Blanko travel one tier at a time: down to a child office, or back up."""
    return other.upper == origin or origin.upper == other
