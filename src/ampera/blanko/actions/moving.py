"""The one way in which a blanko moves: compare-and-set on (item, n, place), then the entry.

Who comes second finds the item moved and gets a refusal, not a lock. The journal's own chain would
settle two commands that write into the same chain; a blanko sent to two offices at once goes into
two chains, and only this row decides there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ampera.blanko import rules
from ampera.blanko.queries import PART, Held, held
from ampera.blanko.rules import MOVED, Move, Why
from ampera.journal import sql
from ampera.journal.actions import Pen
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """Some items leave one place for another, for one reason and under one document."""

    why: Why
    items: Sequence[str]
    source: str
    target: str
    document: str
    more: Mapping[str, Any] = field(default_factory=dict)  #: further facts of the entry
    #: Names and papers of who carries or receives: in the entry's body, erased with it.
    body: Mapping[str, Any] | None = None
    #: They come in from another city: their numbers begin this turn or a later one.
    turn: int = 0


def move_in(pen: Pen, *, step: Step, to: OfficeCode | None = None) -> Refusal | None:
    """Move the items of a step and write one entry for it; `to` writes into that child's chain.

    Refused with `blanko.unknown`, `blanko.not_there` or, when somebody was quicker,
    `blanko.moved_meanwhile`.
    """
    now_held = held(step.items)
    for item in step.items:
        if item not in now_held:
            return Refusal("blanko.unknown", item=item)
        if now_held[item].place != step.source:
            return Refusal("blanko.not_there", item=item, place=now_held[item].place)
    if not claim(list(now_held.values()), target=step.target):
        return Refusal("blanko.moved_meanwhile", item=step.items[0])
    moves = [
        Move(each.item, _number(each, step.turn), step.source, step.target, each.box)
        for each in (now_held[item] for item in step.items)
    ]
    write_moves(pen, step=step, moves=moves, to=to)
    return None


def _number(known: Held, turn: int) -> int:  # positional: what is held, and when it came
    return rules.number_from_afar(known.n, turn=turn) if turn else known.n + 1


def claim(items: Sequence[Held], *, target: str) -> bool:
    """Compare and set: True when every one of these items was still where it was read."""
    wanted: dict[tuple[int, str], list[str]] = {}
    for each in items:
        wanted.setdefault((each.n, each.place), []).append(each.item)
    for (n, place), names in sorted(wanted.items()):
        names.sort()
        for start in range(0, len(names), PART):
            part = names[start : start + PART]
            if sql.write(_claiming(len(part)), target, n, place, *part) != len(part):
                return False
    return True


@cache
def _claiming(count: int) -> str:
    """The statement that moves so many items: marks for values, no values."""
    marks = ", ".join(["%s"] * count)
    return (
        "UPDATE blanko_item SET n = n + 1, place = %s"  # noqa: S608
        f" WHERE n = %s AND place = %s AND item IN ({marks})"
    )


def write_moves(
    pen: Pen, *, step: Step, moves: Sequence[Move], to: OfficeCode | None = None
) -> None:
    """One entry: its subject is the item when it moves alone, so that its story can be read as
    one."""
    subject = step.items[0] if len(step.items) == 1 else step.document
    facts = {
        "move": step.document or subject,
        "why": step.why.value,
        "moves": [move.facts() for move in moves],
        "document": step.document,
        **step.more,
    }
    pen.write(MOVED, subject=subject, facts=facts, body=step.body, to=to)
