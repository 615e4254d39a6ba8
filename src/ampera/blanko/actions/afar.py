"""Blanko that come in from another city, whose books are not told here.

What these books never had begins in them with the turn that the other city's paper names; what they
had once and gave away goes on with a turn of its own (decision 29).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ampera.blanko import rules
from ampera.blanko.actions.moving import Step, claim, move_in, write_moves
from ampera.blanko.queries import Held, held
from ampera.blanko.rules import Account, Box, Goods, Move, Why
from ampera.journal import sql
from ampera.journal.actions import Pen
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

_DIGITS: Final = "0123456789"
_WITHIN: Final = """
SELECT item, place, first FROM blanko_item
WHERE first <= %s AND last >= %s AND LENGTH(first) = %s AND (NOT is_box OR count > 0)
"""


def take_in(pen: Pen, *, goods: Goods, step: Step, city: OfficeCode) -> Refusal | None:
    """Put what another city gives onto the shelf; `step` names why, the paper and the turn.

    Refused: what is no goods; `blanko.loan_here` for what these books have in another place than
    *given away*; `blanko.loan_other_box` for a known label with another range.
    """
    if (no := rules.check_goods(goods.boxes, serials=goods.serials)) is not None:
        return no
    if (no := _open_ceded(pen, goods, step)) is not None:
        return no
    ceded = rules.place(pen.house.code, Account.CEDED)
    boxes: dict[str, Box | None] = {box.box: box for box in goods.boxes}
    wanted = boxes | dict.fromkeys(goods.serials)
    known = held(wanted)
    for item, each in known.items():
        if each.place != ceded:
            return Refusal("blanko.loan_here", item=item, place=each.place)
        if each.box != wanted[item]:
            return Refusal("blanko.loan_other_box", box=item)
    for item, box in wanted.items():
        if item not in known and (other := _known_within(item, box)) is not None:
            return Refusal("blanko.range_overlaps", serial=other)
    if not claim(list(known.values()), target=step.target):
        return Refusal("blanko.moved_meanwhile", item=next(iter(known)))
    source = rules.from_city(city)
    moves = [
        Move(item, _number(known.get(item), step.turn), source, step.target, box)
        for item, box in wanted.items()
    ]
    write_moves(pen, step=step, moves=moves)
    return None


def open_away(pen: Pen, *, boxes: Sequence[str], account: Account, step: Step) -> Refusal | None:
    """The other city broke the seal of these boxes: their blanko are known one by one from here
    on, on the account on which the box stood."""
    source = rules.place(pen.house.code, account)
    for label in boxes:
        known = held([label])[label]
        assert known.box is not None, "only a box is opened"
        for serial in sorted(held(list(known.box.serials()))):
            return Refusal("blanko.already_known", item=serial)
        opening = Step(
            Why.OPENED, [label], source, rules.OPENED, step.document, step.more, turn=step.turn
        )
        if (no := move_in(pen, step=opening)) is not None:
            return no
    return None


def _open_ceded(pen: Pen, goods: Goods, step: Step) -> Refusal | None:  # positional: an act
    """Single ones out of a box that these books once gave away under its seal."""
    ceded = rules.place(pen.house.code, Account.CEDED)
    known = held(goods.serials)
    opened: dict[str, None] = {}
    for serial in (each for each in goods.serials if each not in known):
        around = _within(serial, serial)
        opened |= dict.fromkeys(item for item, place, _ in around if place == ceded)
    return open_away(pen, boxes=list(opened), account=Account.CEDED, step=step)


def _within(first: str, last: str) -> list[tuple[str, str, str]]:  # positional: a range
    """(item, place, first serial) of what these books have of a range."""
    rows = sql.read(_WITHIN, last, first, len(first))
    return [
        (str(item), str(place), str(begins))
        for item, place, begins in rows
        if str(begins).rstrip(_DIGITS) == first.rstrip(_DIGITS)
    ]


def _known_within(item: str, box: Box | None) -> str | None:  # positional: goods
    """A serial of those that arrive which these books have, alone or in a box."""
    first, last = (box.first, box.last) if box is not None else (item, item)
    return next((max(first, begins) for _, _, begins in _within(first, last)), None)


def _number(known: Held | None, turn: int) -> int:  # positional: what is held, and when it came
    return rules.number_from_afar(known.n if known is not None else None, turn=turn)
