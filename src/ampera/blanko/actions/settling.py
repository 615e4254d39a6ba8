"""What two persons decide about blanko: a dispute, and destruction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from ampera.blanko import rules
from ampera.blanko.actions.moving import Step, move_in
from ampera.blanko.queries import disputes, held
from ampera.blanko.rules import Account, Why, account_of, office_of
from ampera.journal.actions import Command, Pen, perform
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
        if (no := check_paper(command, witness, document)) is not None:
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

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if not serials:
            return Refusal("blanko.nothing_given")
        no = destroy_in(pen, serials=serials, document=document, witness=witness)
        return no if no is not None else {"items": list(serials)}

    content = {
        **{"why": Why.DESTROYED.value, "items": list(serials)},
        **{"document": document, "witness": witness},
    }
    return perform(command, work, content=content)


def destroy_in(pen: Pen, *, serials: Sequence[str], document: str, witness: str) -> Refusal | None:
    """spoiled → destroyed inside another station's command: the blanko of a batch that is gone.

    Refused like `destroy`; what was refused leaves the whole command undone.
    """
    here = pen.house.code
    if (item := rules.first_repeated(serials)) is not None:
        return Refusal("blanko.counted_twice", item=item)
    if (no := check_paper(pen.command, witness, document)) is not None:
        return no
    more = {"officers": [pen.command.officer, witness]}
    source = rules.place(here, Account.SPOILED)
    target = rules.place(here, Account.DESTROYED)
    return move_in(pen, step=Step(Why.DESTROYED, list(serials), source, target, document, more))


def check_paper(  # positional: who acts, who saw it, under which paper
    command: Command, witness: str, document: str
) -> Refusal | None:
    """A berita acara with a number, and two persons."""
    if not document:
        return Refusal("blanko.document_missing")
    return rules.check_two(command.officer, witness=witness)
