"""What two persons decide about blanko: a dispute, destruction, a loan to another city."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from ampera.blanko import rules
from ampera.blanko.actions.moving import Step, move_in
from ampera.blanko.queries import disputes, held, loan_seen
from ampera.blanko.rules import Account, LoanTerms, Why, account_of, office_of
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.lanes import hold
from ampera.journal.quarantine import is_quarantined
from ampera.register.rules.days import day_at
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: How a dispute can end: found whole, found ruined, never found.
Settlement = Literal["shelf", "spoiled", "written_off"]
_SETTLEMENTS: Final = {
    "shelf": Account.SHELF,
    "spoiled": Account.SPOILED,
    "written_off": Account.WRITTEN_OFF,
}


def settle_dispute(
    command: Command, *, item: str, outcome: Settlement, document: str, witness: str
) -> dict[str, Any] | Refusal:
    """Two officers of the dinas decide about a blanko that nobody could show at their own office or
    at a kecamatan of theirs; the pusat decides about its own. `document` is the berita acara."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        known = held([item]).get(item)
        office = office_of(known.place) if known is not None else None
        if known is None or office is None or account_of(known.place) is not Account.DISPUTE:
            return Refusal("blanko.not_in_dispute", item=item)
        judge = office.upper if office.tier is Tier.KECAMATAN else office
        if judge != pen.house.code:
            return Refusal("blanko.not_yours_to_settle", item=item, office=str(judge))
        if (no := _check(command, witness, document)) is not None:
            return no
        holders = {each.holder for each in disputes(office) if each.item == item and each.holder}
        if holders & {command.officer, witness}:
            return Refusal("blanko.dispute_own", item=item)
        account = _SETTLEMENTS[outcome]
        target = (
            rules.stock_of(office) if account is Account.SHELF else rules.place(office, account)
        )
        more = {"officers": [command.officer, witness]}
        step = Step(Why.SETTLED, [item], known.place, target, document, more)
        no = move_in(pen, step=step, to=office if office != pen.house.code else None)
        return no if no is not None else {"item": item, "place": target}

    content = {"item": item, "outcome": outcome, "document": document, "witness": witness}
    return perform(command, work, content=content)


def destroy(
    command: Command, *, serials: Sequence[str], document: str, witness: str
) -> dict[str, Any] | Refusal:
    """Destroy ruined blanko by serial, under a berita acara and before two persons."""
    return _by_two(command, (Why.DESTROYED, serials, document, witness))


def destroy_in(pen: Pen, *, serials: Sequence[str], document: str, witness: str) -> Refusal | None:
    """spoiled → destroyed inside another station's command: the blanko of a batch that is gone.

    Refused like `destroy`; what was refused leaves the whole command undone.
    """
    here = pen.house.code
    if (item := rules.first_repeated(serials)) is not None:
        return Refusal("blanko.counted_twice", item=item)
    if (no := _check(pen.command, witness, document)) is not None:
        return no
    more = {"officers": [pen.command.officer, witness]}
    source = rules.place(here, Account.SPOILED)
    target = rules.place(here, Account.DESTROYED)
    return move_in(pen, step=Step(Why.DESTROYED, list(serials), source, target, document, more))


def lend(
    command: Command,
    *,
    items: Sequence[str],
    document: str,
    witness: str,
    terms: LoanTerms | None = None,
) -> dict[str, Any] | Refusal:
    """Lend boxes or single blanko to another city (domain §5.1), under the number `document`; they
    come back or are settled as spent. One number is one loan."""
    return _by_two(command, (Why.LOANED, items, document, witness), terms=terms)


def take_back(
    command: Command, *, items: Sequence[str], document: str, witness: str
) -> dict[str, Any] | Refusal:
    """Take back onto the shelf what had been lent."""
    return _by_two(command, (Why.LOAN_RETURNED, items, document, witness))


def settle_loan(
    command: Command, *, items: Sequence[str], document: str, witness: str
) -> dict[str, Any] | Refusal:
    """loaned → written off: the other city made cards of them, and its berita acara says so."""
    return _by_two(command, (Why.LOAN_SPENT, items, document, witness))


def _by_two(
    command: Command,
    what: tuple[Why, Sequence[str], str, str],
    *,
    terms: LoanTerms | None = None,
) -> dict[str, Any] | Refusal:
    why, items, document, witness = what

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        stock, loaned = rules.stock_of(here), rules.place(here, Account.LOANED)
        between = {
            Why.DESTROYED: (
                rules.place(here, Account.SPOILED),
                rules.place(here, Account.DESTROYED),
            ),
            Why.LOANED: (stock, loaned),
            Why.LOAN_RETURNED: (loaned, stock),
            Why.LOAN_SPENT: (loaned, rules.place(here, Account.WRITTEN_OFF)),
        }
        if why is Why.LOANED and (no := _check_lending(pen, document, terms)) is not None:
            return no
        if not items:
            return Refusal("blanko.nothing_given")
        if (item := rules.first_repeated(items)) is not None:
            return Refusal("blanko.counted_twice", item=item)
        if (no := _check(command, witness, document)) is not None:
            return no
        source, target = between[why]
        more: dict[str, Any] = {"officers": [command.officer, witness]}
        if terms is not None:
            more |= {"city": terms.city, "until": terms.until.isoformat()}
            more["letter"] = terms.carried.letter
        body = terms.carried.body() if terms is not None else None
        no = move_in(pen, step=Step(why, list(items), source, target, document, more, body))
        return no if no is not None else {"items": list(items)}

    content = {"why": why.value, "items": list(items), "document": document, "witness": witness}
    if terms is not None:
        content["terms"] = [
            *(terms.city, terms.until.isoformat(), terms.carried.letter),
            *terms.carried.body().values(),
        ]
    return perform(command, work, content=content)


def _check_lending(
    pen: Pen, document: str, terms: LoanTerms | None
) -> Refusal | None:  # positional
    """Nothing leaves a quarantined house, and a number names one loan only."""
    if is_quarantined():
        return Refusal("server.quarantined")
    if terms is None:
        return None
    here = pen.house.code
    hold("loan")
    if document and loan_seen(document) is not None:
        return Refusal("blanko.loan_known", document=document)
    return rules.check_loan(terms, own=here, today=day_at(here, at=pen.now))


def _check(command: Command, witness: str, document: str) -> Refusal | None:
    if not document:
        return Refusal("blanko.document_missing")
    return rules.check_two(command.officer, witness=witness)
