"""Opening the books, taking in from the maker, opening boxes, and the count after a restore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction

from ampera.blanko import rules
from ampera.blanko.actions.moving import Step, move_in, write_moves
from ampera.blanko.models import OpenBooks, OpeningCount
from ampera.blanko.queries import are_books_open, held, held_at
from ampera.blanko.rules import Account, Box, Move, Why
from ampera.journal import sql
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.house import house
from ampera.words.office import PUSAT
from ampera.words.refusal import Refusal


def open_books(
    command: Command, *, boxes: Sequence[Box], serials: Sequence[str], witness: str
) -> dict[str, Any] | Refusal:
    """Open the books of this office with a balance that two persons counted. Once for each office.

    An office that has nothing opens with nothing. Returns {"count", "blanko"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if (no := rules.check_two(command.officer, witness=witness)) is not None:
            return no
        if are_books_open(pen.house.code):
            return Refusal("blanko.books_are_open", office=str(pen.house.code))
        if (boxes or serials) and (no := check_new_goods(boxes, serials=serials)) is not None:
            return no
        # Of two at once the second insert fails, and its command is decided anew.
        OpenBooks.objects.create(office=str(pen.house.code))
        count = pen.new_id("cnt")
        pen.write(
            rules.COUNTED,
            subject=count,
            facts={
                "count": count,
                "boxes": [box.facts() for box in boxes],
                "serials": sorted(serials),
                "place": rules.stock_of(pen.house.code),
                "officers": [command.officer, witness],
            },
        )
        return {"count": count, "blanko": sum(box.size for box in boxes) + len(serials)}

    return perform(command, work, content=_goods(boxes, serials) | {"witness": witness})


def take_from_maker(
    command: Command, *, boxes: Sequence[Box], document: str, witness: str
) -> dict[str, Any] | Refusal:
    """Take sealed boxes from the maker into the pusat's store, under a berita acara, by two
    persons.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.code != PUSAT:
            return Refusal("blanko.not_the_centre")
        if (no := rules.check_two(command.officer, witness=witness)) is not None:
            return no
        if not document:
            return Refusal("blanko.document_missing")
        if (no := check_new_goods(boxes, serials=())) is not None:
            return no
        store = rules.stock_of(PUSAT)
        step = Step(
            Why.TAKEN,
            [box.box for box in boxes],
            rules.MAKER,
            store,
            document,
            {"officers": [command.officer, witness]},
        )
        write_moves(
            pen, step=step, moves=[Move(box.box, 1, rules.MAKER, store, box) for box in boxes]
        )
        return {"blanko": sum(box.size for box in boxes)}

    content = _goods(boxes, ()) | {"document": document, "witness": witness}
    return perform(command, work, content=content)


_WITHIN: Final = """
SELECT first, last FROM blanko_item WHERE first <= %s AND last >= %s AND (NOT is_box OR count > 0)
"""


def check_new_goods(boxes: Sequence[Box], *, serials: Sequence[str]) -> Refusal | None:
    """Are these well-formed, disjoint, and not in the books of this server yet?"""
    if (no := rules.check_goods(boxes, serials=serials)) is not None:
        return no
    for item in sorted(held([*(box.box for box in boxes), *serials])):
        return Refusal("blanko.already_known", item=item)
    ranges = [(box.first, box.last) for box in boxes] + [(each, each) for each in serials]
    for first, last in ranges:
        if (known := _known_within(first, last)) is not None:
            return Refusal("blanko.range_overlaps", serial=known)
    return None


def _known_within(first: str, last: str) -> str | None:
    """A serial of this range that the books know, in a box or alone."""
    pairs = [(first, last), *((row[0], row[1]) for row in sql.read(_WITHIN, last, first))]
    for before, after in rules.overlapping(pairs):
        if (first, last) in (before, after):
            return max(before[0], after[0])
    return None


def open_box(command: Command, *, box: str) -> dict[str, Any] | Refusal:
    """Break a box's seal: from now on its blanko are known one by one on the shelf."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        known = held([box]).get(box)
        if known is None or known.box is None:
            return Refusal("blanko.unknown", item=box)
        inside = list(known.box.serials())
        for serial in sorted(held(inside)):
            return Refusal("blanko.already_known", item=serial)
        stock = rules.stock_of(pen.house.code)
        step = Step(Why.OPENED, [box], stock, rules.OPENED, box)
        if (no := move_in(pen, step=step)) is not None:
            return no
        return {"box": box, "first": inside[0], "last": inside[-1], "blanko": len(inside)}

    return perform(command, work, content={"box": box})


def count_after_restore(
    command: Command, *, seen_serials: Sequence[str], seen_boxes: Sequence[Box], witness: str
) -> dict[str, Any] | Refusal:
    """The count of a quarantined server: two persons list every blanko that they see (see
    `recount_in`).
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        return recount_in(pen, seen_serials=seen_serials, seen_boxes=seen_boxes, witness=witness)

    return perform(command, work, content=_goods(seen_boxes, seen_serials) | {"witness": witness})


def recount_in(
    pen: Pen, *, seen_serials: Sequence[str], seen_boxes: Sequence[Box], witness: str
) -> dict[str, Any] | Refusal:
    """Compare shelf, tray and spoils with the books, by serial.

    What the books have in hand and nobody sees goes to dispute. What is seen and unknown to these
    books (its news was lost with the disk) is *unmatched*. All else stays where the books have it:
    a reserved blanko is settled with its attempt, seen or missing; finished cards of reserved
    blanko count as seen. Returns {"count", "missing", "unmatched"}.
    """
    here = pen.house.code
    if (no := rules.check_two(pen.command.officer, witness=witness)) is not None:
        return no
    if (seen_boxes or seen_serials) and (
        no := rules.check_goods(seen_boxes, serials=seen_serials)
    ) is not None:
        return no
    count = pen.new_id("cnt")
    more = {"officers": [pen.command.officer, witness]}
    seen = {*seen_serials, *(box.box for box in seen_boxes)}
    missing: list[str] = []
    is_moved = False
    for account in (Account.STORE, Account.SHELF, Account.RESERVED, Account.SPOILED):
        source = rules.place(here, account)
        gone = sorted(set(held_at(source)) - seen)
        missing += gone
        # Taken from its attempt, a reserved blanko would leave it open for ever.
        if gone and account is not Account.RESERVED:
            target = rules.place(here, Account.DISPUTE)
            no = move_in(pen, step=Step(Why.MISSING, gone, source, target, count, more))
            if no is not None:
                return no
            is_moved = True
    unknown = sorted(seen - set(held(seen)))
    if unknown:
        boxes = {box.box: box for box in seen_boxes}
        note_unmatched(pen, [(each, boxes.get(each)) for each in unknown], document=count)
    if not is_moved and not unknown:
        # The count itself is evidence, also when nothing had to be moved.
        write_moves(pen, step=Step(Why.MISSING, [], "", "", count, more), moves=[])
    return {"count": count, "missing": missing, "unmatched": unknown}


def note_unmatched(  # positional: a pair
    pen: Pen, goods: Sequence[tuple[str, Box | None]], *, document: str
) -> None:
    """Write down goods whose news has not come: move 0, so that any real move outranks it."""
    target = rules.place(pen.house.code, Account.UNMATCHED)
    step = Step(Why.UNMATCHED, [item for item, _ in goods], rules.UNSEEN, target, document)
    moves = [Move(item, 0, rules.UNSEEN, target, box) for item, box in goods]
    write_moves(pen, step=step, moves=moves)


def refresh_guards() -> None:
    """Recompute the guard of this server from its projections, after a rebuild or a restore."""
    with transaction.atomic():
        OpenBooks.objects.all().delete()
        own = OpeningCount.objects.filter(office=str(house().code))
        OpenBooks.objects.bulk_create(OpenBooks(office=row.office) for row in own[:1])


def _goods(boxes: Sequence[Box], serials: Sequence[str]) -> dict[str, Any]:
    return {"boxes": [box.facts() for box in boxes], "serials": list(serials)}
