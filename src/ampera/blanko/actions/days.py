"""Closing a day: two officers count blind, the difference goes to dispute, the balance stands.

Everything stands in one entry: figures, the cut in every chain, the hash of the list of serials,
and the moves to dispute. Whoever holds the chains can count the same day again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from ampera.blanko import rules
from ampera.blanko.actions.moving import claim
from ampera.blanko.queries.balances import are_books_open
from ampera.blanko.queries.days import (
    DayFigures,
    day_state,
    figures_between,
    heads_of,
    in_hand,
    last_day,
    list_at,
)
from ampera.blanko.queries.standing import held
from ampera.blanko.rules import DAY_CLOSED, LATE, Account, DayCount, DayDifference, Move, Why
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.house import house
from ampera.journal.marks import put_mark, read_mark
from ampera.journal.store import PlaceTakenError
from ampera.register.rules.days import day_at
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: Local: the day of which a first count differed from the books.
_DIFFERED: Final = "blanko.day_differed"


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read for one closing: the cut first, so that a later move shows."""

    heads: dict[str, int]
    books: rules.InHand
    difference: DayDifference


@dataclass(frozen=True, slots=True)
class _Said:
    """What two officers said."""

    counted: DayCount
    officers: tuple[str, str]
    holder: str
    is_recount: bool
    is_handover: bool


def close_day(
    command: Command,
    *,
    counted: DayCount,
    witness: str,
    holder: str = "",
    is_recount: bool = False,
    is_handover: bool = False,
) -> dict[str, Any] | Refusal:
    """Close the day of this office with what two officers counted, by serial.

    When the list differs from the books, the first answer is `blanko.day_differs` and tells
    nothing: both count again, and only a second count (`is_recount`) may send what is missing to
    dispute, with the officer `holder` who must clear it up by the day that the policy gives. What
    moves after the closing belongs to the next day. With `is_handover` the officer hands the stock
    over to the witness: outgoing and incoming count together, in the same act.

    Returns {"count", "day", "closing", "missing"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        day = day_at(here, at=pen.now)
        if (no := rules.check_two(command.officer, witness=witness)) is not None:
            return no
        if pen.house.is_clock_ahead:
            # A day that has not come would be closed, and none before it ever again.
            return Refusal("server.clock_doubtful")
        heads = heads_of(here)
        state = day_state(here, is_open=are_books_open(here))
        if (no := rules.check_may_close(state, office=here, day=day)) is not None:
            return no
        books = in_hand(here, named=counted.everything())
        difference = rules.compare_day(counted, books, office=here)
        if isinstance(difference, Refusal):
            return difference
        if not difference.is_none and not (is_recount and _was_counted_before(day)):
            return Refusal("blanko.day_differs")
        if not difference.is_none and not holder:
            return Refusal("blanko.day_holder_missing")
        found = _Found(heads, books, difference)
        said = _Said(counted, (command.officer, witness), holder, is_recount, is_handover)
        return _write(pen, day, found, said)

    content = counted.facts() | {
        "witness": witness,
        "holder": holder,
        "is_recount": is_recount,
        "is_handover": is_handover,
    }
    answer = perform(command, work, content=content)
    if isinstance(answer, Refusal) and answer.code == "blanko.day_differs":
        put_mark(_DIFFERED, value=day_at(house().code, at=house().now()).isoformat())
    return answer


def _was_counted_before(day: date) -> bool:
    """Did a first count of that day differ? Nobody's word alone makes a second one of the first."""
    return read_mark(_DIFFERED) == day.isoformat()


def _write(  # positional: the parts of one closing
    pen: Pen, day: date, found: _Found, said: _Said
) -> dict[str, Any] | Refusal:
    here = pen.house.code
    moves = _missing_moves(here, found.difference)
    if moves is None:
        return Refusal("blanko.moved_meanwhile", item=found.difference.missing[0])
    own = str(pen.house.chain("up"))
    cut = {**found.heads, own: found.heads.get(own, 0) + 1}
    figures = _figures(here, found)
    if isinstance(figures, Refusal):
        return figures
    count = pen.new_id("cnt")
    rule = rules.policy().closing_on(day)
    settle_by = (day + timedelta(days=rule.settle_days)).isoformat() if moves else ""
    entry = pen.write(
        DAY_CLOSED,
        subject=count,
        facts={
            "count": count,
            "day": day.isoformat(),
            "heads": cut,
            **figures,
            "cards": len(said.counted.cards),
            "found": list(found.difference.found),
            "aside": [
                {"item": item, "place": found.books.places.get(item, "")}
                for item in sorted(said.counted.aside)
            ],
            "counts": 2 if said.is_recount else 1,
            "holder": said.holder if moves else "",
            "settle_by": settle_by,
            "officers": list(said.officers),
            "occasion": "HANDOVER" if said.is_handover else "DAY",
            "moves": [move.facts() for move in moves],
        },
    )
    _check_nothing_came_between(here, found.heads, entry.seq == cut[own])
    return {
        "count": count,
        "day": day.isoformat(),
        "closing": figures["closing"],
        "missing": [move.item for move in moves],
    }


def _check_nothing_came_between(  # positional: one question
    here: OfficeCode, heads: dict[str, int], is_next: bool
) -> None:
    """Another window may have moved a blanko between what was read and what was written. The own
    chain is held from the entry on: where it or any other chain went on before, decide anew."""
    if not is_next or heads_of(here) != heads:
        raise PlaceTakenError(f"the books of {here} went on")


def _missing_moves(  # positional: a pair
    here: OfficeCode, difference: DayDifference
) -> list[Move] | None:
    """What nobody saw goes to dispute; None when somebody moved one of them meanwhile."""
    target = rules.place(here, Account.DISPUTE)
    items = [*difference.missing, *difference.missing_spoils]
    known = held(items)
    if not claim([known[item] for item in items], target=target):
        return None
    return [
        Move(item, known[item].n + 1, known[item].place, target, known[item].box) for item in items
    ]


def _figures(here: OfficeCode, found: _Found) -> dict[str, Any] | Refusal:  # positional: a pair
    """Opening, came, went and closing of whole and of ruined blanko, and the hash of the list."""
    before = last_day(here)
    facts = before.facts if before is not None else {}
    moved = figures_between(here, after=facts.get("heads", {}), until=found.heads)
    gone, gone_spoils = set(found.difference.missing), set(found.difference.missing_spoils)
    stock = {item: box for item, box in found.books.stock.items() if item not in gone}
    spoils = found.books.spoils - gone_spoils
    missing = rules.size_of({item: found.books.stock[item] for item in gone})
    opening = int(facts.get("closing", 0))
    opening_spoils = int(facts["spoils"]["closing"]) if facts else 0
    _add(moved.went, Why.MISSING, missing)
    _add(moved.spoils_went, Why.MISSING, len(gone_spoils))
    late = rules.size_of(stock) - opening - _sum(moved.came) + _sum(moved.went)
    late_spoils = len(spoils) - opening_spoils - _sum(moved.spoils_came) + _sum(moved.spoils_went)
    if late or late_spoils:
        if not _is_explained_by_moves(here, found):
            return Refusal("blanko.day_does_not_balance", difference=late or late_spoils)
        _note_late(moved, late, late_spoils)
    return {
        "opening": opening,
        "came": moved.came,
        "went": moved.went,
        "closing": rules.size_of(stock),
        "boxes": sum(box is not None for box in stock.values()),
        "spoils": {
            "opening": opening_spoils,
            "came": moved.spoils_came,
            "went": moved.spoils_went,
            "closing": len(spoils),
        },
        "serials": rules.list_hash(stock, spoils=spoils),
    }


def _is_explained_by_moves(here: OfficeCode, found: _Found) -> bool:  # positional: a pair
    """Do all moves from the beginning give what lies here by places? Then only an earlier, closed
    day was told otherwise since, and the difference is counted in the open day."""
    stock, spoils = list_at(here, until=found.heads)
    return stock == dict(found.books.stock) and spoils == set(found.books.spoils)


def _note_late(moved: DayFigures, late: int, late_spoils: int) -> None:  # positional: as counted
    for by, came, went in (
        (late, moved.came, moved.went),
        (late_spoils, moved.spoils_came, moved.spoils_went),
    ):
        _add(came if by > 0 else went, LATE, abs(by))


def _add(figures: dict[str, int], word: str, count: int) -> None:  # positional: a sum
    if count:
        figures[str(word)] = figures.get(str(word), 0) + count


def _sum(figures: dict[str, int]) -> int:
    return sum(figures.values())
