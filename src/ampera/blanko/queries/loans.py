"""Loans between cities: what was lent or borrowed under which number, and what is still owed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from ampera.blanko import rules
from ampera.blanko.models import Loan, Move, Shipment
from ampera.blanko.queries.standing import code_of, held
from ampera.blanko.queries.trail import entry_of_move
from ampera.blanko.rules import Account, Box, Carried, Why
from ampera.journal.queries import entries_about
from ampera.register.rules.days import day_at
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode

_LENT, _BORROWED = "LENT", "BORROWED"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanSeen:
    """One loan of the city that lent: lent = returned + replaced + spent + owed.

    Until nothing is owed, for each one that was replaced one of the lent ones is still out: nobody
    here knows which the other city printed on.
    """

    document: str
    office: OfficeCode
    at: datetime
    city: str
    until: date
    turn: int  #: told to the city that borrows, with the loan's number
    carried: Carried | None
    officers: tuple[str, ...]
    lent: int
    returned: int
    replaced: int  #: others came for them
    spent: int
    boxes: tuple[Box, ...]  #: still out
    serials: tuple[str, ...]  #: still out
    items: tuple[tuple[str, Box | None], ...]  #: everything that was lent
    others: tuple[tuple[str, Box | None], ...]  #: what came in place of lent ones

    @property
    def out(self) -> int:
        """Lent ones that did not come back and are not closed."""
        return sum(box.size for box in self.boxes) + len(self.serials)

    @property
    def owed(self) -> int:
        return self.lent - self.returned - self.replaced - self.spent

    @property
    def is_settled(self) -> bool:
        return self.owed == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtSeen:
    """One loan of the city that borrowed: borrowed = given + waived + owed."""

    document: str
    office: OfficeCode
    at: datetime
    city: str
    until: date
    turn: int  #: to be told with what is given back from now on
    carried: Carried | None
    officers: tuple[str, ...]
    borrowed: int
    given: int
    waived: int
    waived_by: tuple[str, ...]  #: berita acara of the city that lent
    places: tuple[tuple[str, int], ...]  #: where the borrowed ones are now, by account
    items: tuple[tuple[str, Box | None], ...]  #: everything that was borrowed
    returned: tuple[tuple[str, Box | None], ...]  #: everything that was given back
    gave: tuple[str, ...]  #: the two who gave back last

    @property
    def owed(self) -> int:
        return self.borrowed - self.given - self.waived

    @property
    def is_settled(self) -> bool:
        return self.owed == 0


def loans(office: OfficeCode | str) -> list[LoanSeen]:
    """What an office lent, newest first; settled loans as well."""
    found = (loan_seen(office, number) for number in _numbers(office, side=_LENT))
    return [each for each in found if each is not None]


def debts(office: OfficeCode | str) -> list[DebtSeen]:
    """What an office borrowed, newest first; settled debts as well."""
    found = (debt_seen(office, number) for number in _numbers(office, side=_BORROWED))
    return [each for each in found if each is not None]


def _numbers(office: OfficeCode | str, *, side: str) -> list[str]:
    rows = Loan.objects.filter(office=str(code_of(office)), side=side)
    return list(rows.order_by("-at", "-number").values_list("number", flat=True))


def loan_seen(office: OfficeCode | str, number: str) -> LoanSeen | None:  # positional: a pair
    """One loan of an office by its number; None when it lent nothing under it."""
    code = code_of(office)
    loan = _loan(code, _LENT, number)
    away, stock = rules.place(code, Account.LOANED), rules.stock_of(code)
    came_for = Q(target=stock, why=Why.LOAN_REPLACED)
    rows = _moves(number, Q(source=away) | Q(target=away) | came_for)
    lent = [row for row in rows if row.why == Why.LOANED]
    if loan is None or not lent:
        return None
    gone = {row.item: row for row in rows if row.source == away}
    out = [row for row in rows if row.target == away and row.item not in gone]
    entry = entry_of_move(lent[0])
    return LoanSeen(
        **_shared(loan, code=code),
        turn=int(loan.facts.get("turn", 1)),
        carried=Carried.read(loan_facts(entry), body=entry.body if entry is not None else None),
        lent=_sum(lent),
        returned=_sum(row for row in gone.values() if row.why == Why.LOAN_RETURNED),
        replaced=_sum(row for row in rows if row.why == Why.LOAN_REPLACED),
        spent=_sum(row for row in gone.values() if row.why == Why.LOAN_SPENT),
        boxes=tuple(box for row in out if (box := _box(row)) is not None),
        serials=tuple(row.item for row in out if not row.first),
        items=_items(lent),
        others=_items([row for row in rows if row.why == Why.LOAN_REPLACED]),
    )


def debt_seen(office: OfficeCode | str, number: str) -> DebtSeen | None:  # positional: a pair
    """One debt of an office by the number of the loan; None when it borrowed nothing under it."""
    code = code_of(office)
    loan = _loan(code, _BORROWED, number)
    ceded, stock = rules.place(code, Account.CEDED), rules.stock_of(code)
    rows = _moves(number, Q(target=ceded, why=Why.REPAID) | Q(target=stock, why=Why.BORROWED))
    borrowed = [row for row in rows if row.why == Why.BORROWED]
    if loan is None or not borrowed:
        return None
    given = [row for row in rows if row.why == Why.REPAID]
    entry = entry_of_move(borrowed[0])
    known = held([row.item for row in (*borrowed, *given)])
    waived = _waived(code, number)
    return DebtSeen(
        **_shared(loan, code=code),
        turn=rules.turn_after(known[row.item].n for row in (*borrowed, *given)),
        carried=Carried.read(loan_facts(entry), body=entry.body if entry is not None else None),
        borrowed=_sum(borrowed),
        given=_sum(given),
        waived=sum(waived.values()),
        waived_by=tuple(waived),
        places=tuple(sorted(_places(borrowed).items())),
        items=_items(borrowed),
        returned=_items(given),
        gave=_officers_of(max(given, key=lambda row: (row.at, row.hash), default=None)),
    )


def loan_facts(entry: Any) -> dict[str, Any]:  # positional: an entry, or none
    return dict(entry.facts) if entry is not None else {}


def _officers_of(row: Move | None) -> tuple[str, ...]:
    return tuple(loan_facts(entry_of_move(row)).get("officers", ())) if row is not None else ()


def _loan(code: OfficeCode, side: str, number: str) -> Loan | None:  # positional: a key
    return Loan.objects.filter(pk=f"{code}/{side}/{number}").first()


def _moves(number: str, which: Q) -> list[Move]:  # positional: of a loan
    return list(Move.objects.filter(which, document=number, stands=True).order_by("item", "n"))


def _shared(loan: Loan, *, code: OfficeCode) -> dict[str, Any]:
    at = utc_from_text(loan.at)
    told = loan.facts.get("until")
    due = rules.policy().loan_due(day_at(code, at=at))
    return {
        "document": loan.number,
        "office": code,
        "at": at,
        "city": str(loan.facts.get("city", "")),
        "until": date.fromisoformat(told) if told else due,
        "officers": tuple(loan.facts.get("officers", ())),
    }


def _sum(rows: Iterable[Move]) -> int:
    return sum(row.count for row in rows)


def _box(row: Move) -> Box | None:
    return Box(row.item, row.first, row.count) if row.first else None


def _items(rows: Sequence[Move]) -> tuple[tuple[str, Box | None], ...]:
    return tuple((row.item, _box(row)) for row in rows)


def _places(rows: Sequence[Move]) -> dict[str, int]:
    """How many of these stand on which account now; of an opened box each blanko by itself."""
    known = held([row.item for row in rows])
    inside = [
        serial
        for row in rows
        if (box := _box(row)) is not None and known[row.item].place == rules.OPENED
        for serial in box.serials()
    ]
    found: dict[str, int] = {}
    for each in (*known.values(), *held(inside).values()):
        if each.place != rules.OPENED:
            name = str(rules.account_of(each.place) or "transit")
            found[name] = found.get(name, 0) + (each.box.size if each.box is not None else 1)
    return found


def _waived(code: OfficeCode, number: str) -> dict[str, int]:  # positional: a key
    """Paper → how many; told without a move, once under each paper."""
    return {
        str(entry.facts["paper"]): int(entry.facts["count"])
        for entry in entries_about([number])
        if entry.kind == rules.MOVED
        and entry.origin == code
        and entry.facts["why"] == Why.DEBT_WAIVED
    }


def shipment_carried(shipment: str) -> Carried | None:
    """Who fetched or brought a shipment in person; None where nobody was named."""
    row = Move.objects.filter(document=shipment, why=Why.SHIPPED, stands=True).first()
    entry = entry_of_move(row) if row is not None and Shipment.objects.filter(pk=shipment) else None
    return Carried.read(entry.facts, body=entry.body) if entry is not None else None
