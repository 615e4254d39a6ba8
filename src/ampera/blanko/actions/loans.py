"""The city that lends: what goes out, what comes back or in place of it, what became cards there.

Every act on a loan is decided under its number and in one lane, so that of two officers at one
moment the second reads what the first one wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ampera.blanko import rules
from ampera.blanko.actions.afar import open_away, take_in
from ampera.blanko.actions.moving import Step, move_in
from ampera.blanko.actions.settling import check_paper
from ampera.blanko.queries import LoanSeen, held, loan_seen
from ampera.blanko.rules import Account, Box, Goods, LoanTerms, Why
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.lanes import hold
from ampera.journal.quarantine import is_quarantined
from ampera.register.rules.days import day_at
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

LANE: Final = "loan"


def lend(
    command: Command,
    *,
    items: Sequence[str],
    document: str,
    witness: str,
    terms: LoanTerms | None = None,
) -> dict[str, Any] | Refusal:
    """Lend boxes or single blanko to another city (domain §5.1), under the number `document`.

    One number is one loan. Where the terms name no day the policy's days count. Returns
    {"items", "turn"}; the turn is told to the other city on the minutes.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if is_quarantined():
            return Refusal("server.quarantined")
        hold(LANE)
        if document and loan_seen(here, document) is not None:
            return Refusal("blanko.loan_known", document=document)
        if terms is not None:
            no = rules.check_loan(terms, own=here, today=day_at(here, at=pen.now))
            if no is not None:
                return no
        if (no := check_items(items)) is not None:
            return no
        if (no := check_paper(command, witness, document)) is not None:
            return no
        turn = rules.turn_after(each.n for each in held(items).values())
        more = {"officers": [command.officer, witness], "turn": turn}
        if terms is not None:
            more |= terms_told(terms, pen=pen)
        body = terms.carried.body() if terms is not None else None
        stock, away = rules.stock_of(here), rules.place(here, Account.LOANED)
        no = move_in(pen, step=Step(Why.LOANED, list(items), stock, away, document, more, body))
        return no if no is not None else {"items": list(items), "turn": turn}

    content = {"why": Why.LOANED.value, "items": list(items), "document": document}
    return perform(command, work, content=content | {"witness": witness} | terms_key(terms))


def take_back(
    command: Command,
    *,
    loan: str,
    goods: Goods,
    document: str,
    witness: str,
    turn: int | None = None,
) -> dict[str, Any] | Refusal:
    """Onto the shelf what the other city gives for a loan: lent ones, or others in their place.

    Single blanko of a box that was lent sealed open it here too. Counted together they are never
    more than is owed (`blanko.loan_too_many`). Once nothing is owed, those of the lent ones that
    are still out are the other city's for good. `turn` is what its paper names; without it the turn
    after the loan's. Returns {"items", "replaced", "owed"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        seen = _begun(pen, loan, (witness, document))
        if isinstance(seen, Refusal):
            return seen
        said = turn if turn is not None else seen.turn + 1
        if (no := rules.check_turn(said)) is not None:
            return no
        if (no := rules.check_goods(goods.boxes, serials=goods.serials)) is not None:
            return no
        parts = rules.sort_return(_out(seen), goods=goods)
        if isinstance(parts, Refusal):
            return parts
        if (no := rules.check_owed(goods.count, owed=seen.owed, loan=loan)) is not None:
            return no
        act = _Act(pen, seen, more(command, witness=witness, paper=document), said)
        no = act.settle(parts.own, opened=parts.opened, why=Why.LOAN_RETURNED)
        if no is None and parts.others.count:
            no = act.replace(parts.others)
        if no is None:
            no = act.close(seen.owed - goods.count)
        if no is not None:
            return no
        others = [*(box.box for box in parts.others.boxes), *parts.others.serials]
        return {"items": [*parts.own], "replaced": others, "owed": seen.owed - goods.count}

    content = {
        **{"why": Why.LOAN_RETURNED.value, "loan": loan, "turn": turn},
        **{"boxes": [box.facts() for box in goods.boxes], "serials": list(goods.serials)},
        **{"document": document, "witness": witness},
    }
    return perform(command, work, content=content)


def settle_loan(
    command: Command, *, loan: str, items: Sequence[str], document: str, witness: str
) -> dict[str, Any] | Refusal:
    """loaned → written off: the other city made cards of them and gives nothing for them; its
    berita acara says so. Refused with `blanko.not_in_loan` for what is not of this loan."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        seen = _begun(pen, loan, (witness, document))
        if isinstance(seen, Refusal):
            return seen
        if (no := check_items(items)) is not None:
            return no
        boxes = {box.box: box for box in seen.boxes}
        goods = rules.named(items, boxes=boxes)
        parts = rules.sort_return(_out(seen), goods=goods)
        if isinstance(parts, Refusal):
            return parts
        for item in parts.others.serials:
            return Refusal("blanko.not_in_loan", item=item, document=loan)
        if (no := rules.check_owed(goods.count, owed=seen.owed, loan=loan)) is not None:
            return no
        act = _Act(pen, seen, more(command, witness=witness, paper=document), seen.turn + 1)
        no = act.settle(parts.own, opened=parts.opened, why=Why.LOAN_SPENT)
        if no is None:
            no = act.close(seen.owed - goods.count)
        return no if no is not None else {"items": list(items), "owed": seen.owed - goods.count}

    content = {"why": Why.LOAN_SPENT.value, "loan": loan, "items": list(items)}
    return perform(command, work, content=content | {"document": document, "witness": witness})


def _begun(  # positional: an act on a loan
    pen: Pen, loan: str, told: tuple[str, str]
) -> LoanSeen | Refusal:
    """The loan as it is once nobody else can change it; two persons and a paper."""
    witness, document = told
    if (no := check_paper(pen.command, witness, document)) is not None:
        return no
    hold(LANE)
    seen = loan_seen(pen.house.code, loan)
    return seen if seen is not None else Refusal("blanko.loan_unknown", document=loan)


def _out(seen: LoanSeen) -> Mapping[str, Box | None]:
    boxes: dict[str, Box | None] = {box.box: box for box in seen.boxes}
    return boxes | dict.fromkeys(seen.serials)


class _Act:
    """The steps of one act on one loan, all under its number."""

    def __init__(  # positional: what each step needs
        self, pen: Pen, seen: LoanSeen, told: Mapping[str, Any], turn: int
    ) -> None:
        self._pen, self._seen, self._told, self._turn = pen, seen, told, turn
        self._away = rules.place(seen.office, Account.LOANED)

    def settle(self, own: Sequence[str], *, opened: Sequence[str], why: Why) -> Refusal | None:
        """Lent ones leave the account of what is lent."""
        is_back = why is Why.LOAN_RETURNED
        target = (
            rules.stock_of(self._seen.office)
            if is_back
            else rules.place(self._seen.office, Account.WRITTEN_OFF)
        )
        step = self._step(why, own, (self._away, target), turn=self._turn if is_back else 0)
        opening = self._step(why, (), (self._away, target), turn=self._turn)
        no = open_away(self._pen, boxes=opened, account=Account.LOANED, step=opening)
        if no is not None or not own:
            return no
        return move_in(self._pen, step=step)

    def replace(self, others: Goods) -> Refusal | None:
        """Others come in place of lent ones."""
        if not self._seen.city:
            item = next(iter((*(box.box for box in others.boxes), *others.serials)))
            return Refusal("blanko.not_in_loan", item=item, document=self._seen.document)
        city = OfficeCode(self._seen.city)
        items = [*(box.box for box in others.boxes), *others.serials]
        ends = (rules.from_city(city), rules.stock_of(self._seen.office))
        step = self._step(Why.LOAN_REPLACED, items, ends, turn=self._turn)
        return take_in(self._pen, goods=others, step=step, city=city)

    def close(self, owed: int) -> Refusal | None:
        """Once nothing is owed the rest of the lent ones is the other city's for good."""
        left = loan_seen(self._seen.office, self._seen.document)
        if owed or left is None or not left.out:
            return None
        items = [*(box.box for box in left.boxes), *left.serials]
        ceded = rules.place(self._seen.office, Account.CEDED)
        return move_in(self._pen, step=self._step(Why.LOAN_CEDED, items, (self._away, ceded)))

    def _step(  # positional: one step
        self, why: Why, items: Sequence[str], ends: tuple[str, str], turn: int = 0
    ) -> Step:
        told = {**self._told, "city": self._seen.city}
        return Step(why, list(items), *ends, self._seen.document, told, turn=turn)


# ---- what both cities tell ----


def more(command: Command, *, witness: str, paper: str) -> dict[str, Any]:
    """Who the two were, and the berita acara of this very act."""
    return {"officers": [command.officer, witness], "paper": paper}


def check_items(items: Sequence[str]) -> Refusal | None:
    if not items:
        return Refusal("blanko.nothing_given")
    if (item := rules.first_repeated(items)) is not None:
        return Refusal("blanko.counted_twice", item=item)
    return None


def terms_told(terms: LoanTerms, *, pen: Pen) -> dict[str, Any]:
    """What the entry tells of the terms; where no day was agreed, the day of the policy."""
    until = terms.until or rules.policy().loan_due(day_at(pen.house.code, at=pen.now))
    return {"city": terms.city, "until": until.isoformat(), "letter": terms.carried.letter}


def terms_key(terms: LoanTerms | None) -> dict[str, Any]:
    """What of the terms makes a command the same command."""
    if terms is None:
        return {}
    until = terms.until.isoformat() if terms.until is not None else ""
    return {
        "terms": [terms.city, until, terms.carried.letter, *terms.carried.body().values()],
    }
