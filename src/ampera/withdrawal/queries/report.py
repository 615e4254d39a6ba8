"""The report of a month: what lay, came in, travelled, was given back and destroyed, by cause.

Every piece is counted twice on its own way: once under its cause, once without. Published sums of
others did not add up (domain §5.2); here a report that does not says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from ampera.blanko.queries import account_moves
from ampera.blanko.rules import Account, place
from ampera.journal.house import house
from ampera.register.rules.days import day_at
from ampera.withdrawal.models import Gone, Piece, PieceMove
from ampera.withdrawal.queries.lying import cause_of, spoil_told
from ampera.withdrawal.rules.packages import dispute_at
from ampera.withdrawal.rules.policy import Cause, cause_of_spoil
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode


@dataclass(frozen=True, slots=True)
class Balance:
    """Pieces that lay when the month began, came in, left, and lie when it ends."""

    opening: int = 0
    came: int = 0
    given_back: int = 0
    gone: int = 0
    received: int = 0  #: from another office
    sent: int = 0  #: to another office

    @property
    def closing(self) -> int:
        return self.opening + self.came + self.received - self.given_back - self.sent - self.gone

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.opening + other.opening,
            self.came + other.came,
            self.given_back + other.given_back,
            self.gone + other.gone,
            self.received + other.received,
            self.sent + other.sent,
        )


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """One office and month. `total` is counted without looking at causes; `missing` pieces of
    packages are in no balance until two officers of the dinas decide."""

    office: OfficeCode
    first_day: date
    last_day: date
    by_cause: Mapping[Cause, Balance]
    total: Balance
    missing: int = 0  #: missed at this office when the month ended

    @property
    def sum_of_causes(self) -> Balance:
        found = Balance()
        for each in self.by_cause.values():
            found = found + each
        return found

    @property
    def is_balanced(self) -> bool:
        """Does the sum of the causes give the total, and is nothing below zero?"""
        rows = [*self.by_cause.values(), self.total]
        return self.sum_of_causes == self.total and all(each.closing >= 0 for each in rows)


@dataclass(frozen=True, slots=True)
class _Stay:
    """One stay of a piece at the office."""

    cause: Cause
    came_on: date
    back_on: date | None = None
    gone_on: date | None = None
    sent_on: date | None = None
    is_received: bool = False


def monthly_report(*, year: int, month: int, office: OfficeCode | None = None) -> MonthlyReport:
    """The report of a calendar month, from what is known here of that office."""
    at = office or house().code
    first, after = date(year, month, 1), _first_of_next(year, month)
    stays = [*_cards(at), *_spoils(at)]
    by_cause = {
        cause: _balance((each for each in stays if each.cause is cause), first, after)
        for cause in Cause
    }
    last = date.fromordinal(after.toordinal() - 1)
    missing = _missing(at, after)
    return MonthlyReport(at, first, last, by_cause, _balance(stays, first, after), missing)


def _first_of_next(year: int, month: int) -> date:  # positional: a month
    return date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)


def _balance(stays: Iterable[_Stay], first: date, after: date) -> Balance:  # positional: a span
    opening = came = given_back = gone = received = sent = 0
    for each in stays:
        left = each.gone_on or each.back_on or each.sent_on
        if each.came_on >= after:
            continue
        if each.came_on >= first:
            came += not each.is_received
            received += each.is_received
        elif left is None or left >= first:
            opening += 1
        if left is not None and first <= left < after:
            gone += each.gone_on is not None
            given_back += each.back_on is not None
            sent += each.sent_on is not None
    return Balance(opening, came, given_back, gone, received, sent)


def _cards(at: OfficeCode) -> list[_Stay]:
    moves: dict[str, list[PieceMove]] = {}
    for move in PieceMove.objects.filter(stands=True).order_by("piece", "n"):
        moves.setdefault(move.piece, []).append(move)
    rows = Piece.objects.exclude(at="").filter(Q(office=str(at)) | Q(piece__in=list(moves)))
    gone = dict(Gone.objects.filter(office=str(at)).values_list("piece", "on"))
    return [
        stay
        for row in rows
        for stay in _stays(row, moves.get(row.piece, []), at=at, gone=gone.get(row.piece, ""))
    ]


def _stays(row: Piece, moves: Sequence[PieceMove], *, at: OfficeCode, gone: str) -> list[_Stay]:
    """Each stay of one card at that office: it begins where it was taken in or with a move, and
    ends with the next move, with its holder, or in a batch."""

    def day(text: str) -> date:
        return day_at(at, at=utc_from_text(text))

    cause, here, found = cause_of(row), str(at), list[_Stay]()
    # Who only heard of the card from its sender does not know its first stay.
    stay = _Stay(cause, day(row.at)) if row.office == here and row.weight == 0 else None
    for move in moves:
        if stay is not None and move.source == here:
            found.append(replace(stay, sent_on=day(move.at)))
            stay = None
        if move.target == here:
            stay = _Stay(cause, day(move.at), is_received=True)
    if stay is None:
        return found
    back = day(row.back_at) if row.back_at and not gone else None
    return [*found, replace(stay, back_on=back, gone_on=date.fromisoformat(gone) if gone else None)]


def _missing(at: OfficeCode, after: date) -> int:  # positional: an office and a day
    """How many pieces stood in dispute at that office when the month ended."""
    open_ones: set[str] = set()
    for move in PieceMove.objects.filter(stands=True).order_by("piece", "n"):
        if day_at(at, at=utc_from_text(move.at)) >= after:
            continue
        if move.target == dispute_at(at):
            open_ones.add(move.piece)
        elif move.source == dispute_at(at):
            open_ones.discard(move.piece)
    return len(open_ones)


def _spoils(at: OfficeCode) -> list[_Stay]:
    """From the blanko books: each stay begins with a move among the spoils, and ends with the next
    that leads out of them."""
    spoils = place(at, Account.SPOILED)
    moves = account_moves(at, Account.SPOILED)
    told = spoil_told(sorted({each.item for each in moves}))
    stays: dict[str, _Stay] = {}
    over: list[_Stay] = []
    for move in sorted(moves, key=lambda each: (each.item, each.n)):
        day = day_at(at, at=move.at)
        if move.target == spoils:
            entry = told.get(move.item)
            word = str(entry.facts.get("cause", "")) if entry is not None else ""
            stays[move.item] = _Stay(cause_of_spoil(word), day)
        elif (stay := stays.pop(move.item, None)) is not None:
            is_gone = move.target == place(at, Account.DESTROYED)
            over.append(
                _Stay(
                    stay.cause,
                    stay.came_on,
                    back_on=None if is_gone else day,
                    gone_on=day if is_gone else None,
                )
            )
    return [*over, *stays.values()]
