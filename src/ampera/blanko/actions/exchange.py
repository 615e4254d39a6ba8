"""Two blanko exchange their places: the books had one for the other.

What was read among the spoils without ever having been an attempt's was taken from the shelf for
the other one, which is there still: then that one goes to the shelf.

Both moves stand in one entry, each with its own number, so that no reader ever sees only one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ampera.blanko.actions.moving import claim
from ampera.blanko.queries import held, is_found_ruined, whereis
from ampera.blanko.rules import (
    MOVED,
    Account,
    Move,
    Why,
    account_of,
    check_exchange,
    place,
    stock_of,
)
from ampera.journal.actions import Pen
from ampera.journal.queries import entries_about
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Swap:
    """Two blanko: the one that the books named, and the one that was found to be it."""

    named: str
    found: str
    document: str  #: the attempt
    #: The number of the last move of `found` when this was decided; -1 where it was not known.
    found_n: int


def exchange_in(pen: Pen, *, swap: Swap, witness: str) -> Refusal | None:
    """`named` goes where `found` is, and `found` where `named` is. Where somebody has read `found`
    as a spoiled one, whole by the books until then, `named` goes to the shelf from which it came.

    Refused as `rules.check_exchange` says, with blanko.box_sealed where the other lies in a sealed
    box, and with blanko.moved_meanwhile when somebody was quicker.
    """
    here, named, found = pen.house.code, swap.named, swap.found
    both = held([named, found])
    if named not in both:
        return Refusal("blanko.unknown", item=named)
    other = both.get(found)
    if other is None and (seen := whereis(found)) is not None and seen.box is not None:
        return Refusal("blanko.box_sealed", serial=found, box=seen.box)
    no = check_exchange(
        here, serial=found, place_=other.place if other is not None and not other.box else None
    )
    if no is not None:
        return no
    assert other is not None
    if other.n != swap.found_n:
        return Refusal("blanko.moved_meanwhile", item=found)
    first = both[named]
    if first.place not in (place(here, Account.RESERVED), place(here, Account.ISSUED)):
        return Refusal("blanko.not_there", item=named, place=first.place)
    was_read = is_found_ruined(found)
    moves = [
        Move(named, first.n + 1, first.place, stock_of(here) if was_read else other.place),
        Move(found, other.n + 1, other.place, first.place),
    ]
    # In the order of serials: two who exchange the same two never wait for each other.
    targets = {move.item: move.target for move in moves}
    for each in sorted((first, other), key=lambda one: one.item):
        if not claim([each], target=targets[each.item]):
            return Refusal("blanko.moved_meanwhile", item=each.item)
    facts: dict[str, Any] = {
        "move": swap.document,
        "why": Why.EXCHANGED.value,
        "moves": [move.facts() for move in moves],
        "document": swap.document,
        "officers": [pen.command.officer, witness],
    }
    if account_of(other.place) is Account.SPOILED and not was_read:
        facts["cause"] = _cause_of(found)
    pen.write(MOVED, subject=named, facts=facts)
    return None


def _cause_of(serial: str) -> str:
    """Why it lay among the spoils: so does from now on the one that takes its place there."""
    cause = ""
    for entry in entries_about([serial]):
        if entry.kind == MOVED and "cause" in entry.facts:
            cause = str(entry.facts["cause"])
    return cause
