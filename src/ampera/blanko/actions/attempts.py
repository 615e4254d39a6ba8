"""What printing does to a blanko, inside printing's own commands: reserve, issue, spoil, give
back."""

from __future__ import annotations

from typing import Final, Literal

from ampera.blanko.actions.moving import Step, move_in
from ampera.blanko.queries import held, next_serial, whereis
from ampera.blanko.rules import Account, Why, account_of, office_of, place, stock_of
from ampera.journal.actions import Pen
from ampera.words.refusal import Refusal

#: Two windows reach for the same lowest serial: the slower one takes the next, this often.
REACHES_MAX: Final = 5


def reserve_in(pen: Pen, *, serial: str, attempt: str) -> Refusal | None:
    """shelf → reserved, for one attempt. Refused when it lies elsewhere or in a sealed box."""
    here = pen.house.code
    step = Step(Why.RESERVED, [serial], stock_of(here), place(here, Account.RESERVED), attempt)
    no = move_in(pen, step=step)
    if no is not None and no.code == "blanko.unknown" and (seen := whereis(serial)) is not None:
        return Refusal("blanko.box_sealed", serial=serial, box=seen.box or "")
    return no


def reserve_next_in(pen: Pen, *, attempt: str) -> str | Refusal:
    """Reserve the lowest single blanko of the own shelf; returns its serial, or
    `blanko.none_left`."""
    for _ in range(REACHES_MAX):
        serial = next_serial(pen.house.code)
        if serial is None:
            break
        no = reserve_in(pen, serial=serial, attempt=attempt)
        if no is None:
            return serial
        if no.code not in ("blanko.moved_meanwhile", "blanko.not_there"):
            return no
    return Refusal("blanko.none_left", office=str(pen.house.code))


def issue_in(pen: Pen, *, serial: str, attempt: str) -> Refusal | None:
    """reserved → issued: it became a card."""
    here = pen.house.code
    source, target = place(here, Account.RESERVED), place(here, Account.ISSUED)
    return move_in(pen, step=Step(Why.ISSUED, [serial], source, target, attempt))


def spoil_in(
    pen: Pen,
    *,
    serial: str,
    cause: str,
    source: Literal["reserved", "issued", "shelf"] = "reserved",
) -> Refusal | None:
    """reserved | issued | shelf → spoiled: the ruined blanko was seen and lies with the spoils."""
    here = pen.house.code
    document = _document_of(serial)
    step = Step(
        Why.SPOILED,
        [serial],
        stock_of(here) if source == "shelf" else place(here, Account(source)),
        place(here, Account.SPOILED),
        document,
        {"cause": cause},
    )
    return move_in(pen, step=step)


def shelve_in(pen: Pen, *, serial: str, attempt: str) -> Refusal | None:
    """reserved → shelf: the attempt gives it back whole."""
    here = pen.house.code
    source = place(here, Account.RESERVED)
    return move_in(pen, step=Step(Why.RETURNED, [serial], source, stock_of(here), attempt))


def dispute_in(pen: Pen, *, serial: str) -> Refusal | None:
    """→ dispute: nobody can show it. From whichever of the own accounts it should stand on."""
    known = held([serial]).get(serial)
    here = pen.house.code
    if known is None:
        return Refusal("blanko.unknown", item=serial)
    lies_at = account_of(known.place) if office_of(known.place) == here else None
    if lies_at not in (Account.SHELF, Account.STORE, Account.RESERVED, Account.ISSUED):
        return Refusal("blanko.not_there", item=serial, place=known.place)
    target = place(here, Account.DISPUTE)
    return move_in(pen, step=Step(Why.DISPUTED, [serial], known.place, target, known.document))


def _document_of(serial: str) -> str:
    known = held([serial]).get(serial)
    return known.document if known is not None else ""
