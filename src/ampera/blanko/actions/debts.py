"""The city that borrows: what another city lends it, what it gives back, what it need not.

It gives back by count: borrowed blanko become cards like its own, and others of its shelf go in
their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ampera.blanko import rules
from ampera.blanko.actions.afar import take_in
from ampera.blanko.actions.loans import LANE, check_items, more, terms_key, terms_told
from ampera.blanko.actions.moving import Step, move_in, write_moves
from ampera.blanko.actions.settling import check_paper
from ampera.blanko.queries import DebtSeen, are_books_open, debt_seen, held
from ampera.blanko.rules import Account, Goods, LoanTerms, Why
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.lanes import hold
from ampera.journal.quarantine import is_quarantined
from ampera.register.rules.days import day_at
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


def borrow(
    command: Command,
    *,
    loan: str,
    goods: Goods,
    terms: LoanTerms,
    witness: str,
    turn: int = 1,
) -> dict[str, Any] | Refusal:
    """Take onto the shelf what another city lends, under the number of its loan and with the turn
    that its minutes name; `terms.city` is the city that lends. Returns {"borrowed"}."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if is_quarantined():
            return Refusal("server.quarantined")
        if not are_books_open(here):
            return Refusal("blanko.books_not_open", office=str(here))
        if (no := check_paper(command, witness, loan)) is not None:
            return no
        no = rules.check_loan(terms, own=here, today=day_at(here, at=pen.now))
        if no is not None:
            return no
        if (no := rules.check_turn(turn)) is not None:
            return no
        hold(LANE)
        if debt_seen(here, loan) is not None:
            return Refusal("blanko.loan_known", document=loan)
        city, items = OfficeCode(terms.city), [*(each.box for each in goods.boxes), *goods.serials]
        told = {**more(command, witness=witness, paper=loan), **terms_told(terms, pen=pen)}
        ends = (rules.from_city(city), rules.stock_of(here))
        step = Step(Why.BORROWED, items, *ends, loan, told, terms.carried.body(), turn)
        no = take_in(pen, goods=goods, step=step, city=city)
        return no if no is not None else {"borrowed": goods.count}

    content = {
        **{"why": Why.BORROWED.value, "loan": loan, "turn": turn, "witness": witness},
        **{"boxes": [box.facts() for box in goods.boxes], "serials": list(goods.serials)},
    }
    return perform(command, work, content=content | terms_key(terms))


def give_back(
    command: Command, *, loan: str, items: Sequence[str], document: str, witness: str
) -> dict[str, Any] | Refusal:
    """shelf → given away: borrowed blanko or others of this office, never more than is owed.

    Returns {"items", "turn", "owed"}; the turn is told to the city that lent, on the minutes.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if is_quarantined():
            return Refusal("server.quarantined")
        seen = _begun(pen, loan, (witness, document))
        if isinstance(seen, Refusal):
            return seen
        if (no := check_items(items)) is not None:
            return no
        known = held(items)
        boxes = {name: each.box for name, each in known.items() if each.box is not None}
        count = rules.named(items, boxes=boxes).count
        if (no := rules.check_owed(count, owed=seen.owed, loan=loan)) is not None:
            return no
        turn = rules.turn_after(each.n for each in known.values())
        told = {**more(command, witness=witness, paper=document), "city": seen.city, "turn": turn}
        ends = (rules.stock_of(here), rules.place(here, Account.CEDED))
        no = move_in(pen, step=Step(Why.REPAID, list(items), *ends, loan, told))
        if no is not None:
            return no
        return {"items": list(items), "turn": turn, "owed": seen.owed - count}

    content = {"why": Why.REPAID.value, "loan": loan, "items": list(items)}
    return perform(command, work, content=content | {"document": document, "witness": witness})


def waive_debt(
    command: Command, *, loan: str, count: int, document: str, witness: str
) -> dict[str, Any] | Refusal:
    """So many blanko need not be given back: the city that lent wrote them off as spent, under its
    berita acara `document`. Nothing moves. Returns {"owed"}."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        seen = _begun(pen, loan, (witness, document))
        if isinstance(seen, Refusal):
            return seen
        if (no := rules.check_owed(count, owed=seen.owed, loan=loan)) is not None:
            return no
        if document in seen.waived_by:
            return Refusal("blanko.loan_paper", document=document)
        told = {**more(command, witness=witness, paper=document), "city": seen.city}
        step = Step(Why.DEBT_WAIVED, [], "", "", loan, {**told, "count": count})
        write_moves(pen, step=step, moves=[])
        return {"owed": seen.owed - count}

    content = {"why": Why.DEBT_WAIVED.value, "loan": loan, "count": count}
    return perform(command, work, content=content | {"document": document, "witness": witness})


def _begun(  # positional: an act on a debt
    pen: Pen, loan: str, told: tuple[str, str]
) -> DebtSeen | Refusal:
    witness, document = told
    if (no := check_paper(pen.command, witness, document)) is not None:
        return no
    hold(LANE)
    seen = debt_seen(pen.house.code, loan)
    return seen if seen is not None else Refusal("blanko.loan_unknown", document=loan)
