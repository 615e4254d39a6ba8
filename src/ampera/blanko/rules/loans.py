"""Loans between two cities: what is still owed, and what of a return was lent. Pure.

A loan is settled by blanko, not by serials: what another city gives for those that it printed on
counts as much as the very ones that were lent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ampera.blanko.rules.goods import Box
from ampera.words.refusal import Refusal

#: What a person can have read on a paper; a larger one is a slip of the finger.
TURN_MAX: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What lies before two officers: sealed boxes and single blanko."""

    boxes: tuple[Box, ...] = ()
    serials: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return sum(box.size for box in self.boxes) + len(self.serials)


@dataclass(frozen=True, slots=True)
class Sorted:
    """A return under one loan: of the lent ones, and others in their place."""

    own: tuple[str, ...]  #: lent items, as the books have them once `opened` is opened
    opened: tuple[str, ...]  #: lent boxes whose seal was broken: not all of them came
    others: Goods


def sort_return(lent: Mapping[str, Box | None], *, goods: Goods) -> Sorted | Refusal:
    """Part what came into the lent ones and others. `lent`: what of the loan is still out.

    A box under a label that was lent holds the range that was lent, or it is refused with
    `blanko.loan_other_box`; what is named twice, alone and in its box, with `blanko.counted_twice`.
    """
    own: list[str] = []
    strange: list[Box] = []
    for box in goods.boxes:
        if box.box not in lent:
            strange.append(box)
        elif lent[box.box] != box:
            return Refusal("blanko.loan_other_box", box=box.box)
        else:
            own.append(box.box)
    boxes = [box for box in lent.values() if box is not None]
    within = {serial: box.box for box in boxes for serial in box.serials()} if boxes else {}
    opened = [within[serial] for serial in goods.serials if serial in within]
    for label in opened:
        if label in own:
            return Refusal("blanko.counted_twice", item=label)
    own += [each for each in goods.serials if each in lent or each in within]
    others = tuple(each for each in goods.serials if each not in lent and each not in within)
    goods_of_others = Goods(boxes=tuple(strange), serials=others)
    return Sorted(tuple(own), tuple(dict.fromkeys(opened)), goods_of_others)


def named(items: Sequence[str], *, boxes: Mapping[str, Box]) -> Goods:
    """Labels and serials as two officers name them, with the ranges of the boxes known here."""
    return Goods(
        boxes=tuple(boxes[each] for each in items if each in boxes),
        serials=tuple(each for each in items if each not in boxes),
    )


def check_owed(count: int, *, owed: int, loan: str) -> Refusal | None:
    """Never more than is owed; nothing at all is no act."""
    if count < 1:
        return Refusal("blanko.nothing_given")
    if count > owed:
        return Refusal("blanko.loan_too_many", document=loan, count=count, owed=owed)
    return None


def check_turn(turn: int) -> Refusal | None:
    """The turn that the paper of the other city names: `blanko.loan_turn`."""
    if not 1 <= turn <= TURN_MAX:
        return Refusal("blanko.loan_turn", turn=turn, most=TURN_MAX)
    return None
