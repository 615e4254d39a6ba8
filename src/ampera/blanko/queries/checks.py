"""What `verify` and the auditor of a simulated province ask: does all of it add up?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from django.db.models import Q, Sum

from ampera.blanko import rules
from ampera.blanko.models import Item, Move
from ampera.blanko.queries.days import closed_days_stand
from ampera.blanko.queries.where import in_two_places


def nothing_is_in_two_places() -> list[str]:
    return [f"{item} is in two places" for item in in_two_places()]


def moves_join() -> list[str]:
    """The n-th move begins where the one before ended; a gap is allowed only where this server is
    not told all (moves below its direct children)."""
    found = []
    before: tuple[str, int, str] = ("", 0, "")
    rows = Move.objects.filter(stands=True).order_by("item", "n")
    for item, n, source, target in rows.values_list("item", "n", "source", "target").iterator():
        if before[:2] == (item, n - 1) and n > 1 and before[2] != source:
            found.append(
                f"{item}: move {n} begins at {source}, the one before ended at {before[2]}"
            )
        before = (item, n, target)
    return found


def sums_agree() -> list[str]:
    """Counted by moves and counted by places, every place holds the same; nothing is below zero;
    and all together is what was counted in."""
    by_moves: dict[str, int] = {}
    counted_in = 0
    for item_moves in _moves_by_item():
        # What happened before the first move told here happened elsewhere: the item begins there.
        # Put aside as *unmatched* (move 0) before its news, it still came out of its box.
        is_of_a_box = any(came_out for _, _, came_out in item_moves)
        counted_in += 0 if is_of_a_box else item_moves[0][1]
        for step, (target, count, _) in enumerate(item_moves):
            left = item_moves[step - 1][0] if step else rules.OPENED
            # A box of another city is opened in the books of both.
            if left != rules.OPENED:
                by_moves[left] = by_moves.get(left, 0) - count
            if target != rules.OPENED:
                by_moves[target] = by_moves.get(target, 0) + count
    placed = Item.objects.values("place").annotate(total=Sum("count"))
    by_places = {row["place"]: row["total"] for row in placed}
    found = [
        f"{place}: {by_moves.get(place, 0)} by moves, {by_places.get(place, 0)} by places"
        for place in sorted({*by_moves, *by_places})
        if by_moves.get(place, 0) != by_places.get(place, 0)
    ]
    found += [f"{place} holds {count}" for place, count in sorted(by_moves.items()) if count < 0]
    if (total := sum(by_places.values())) != counted_in:
        found.append(f"{total} blanko are in places, {counted_in} were counted in")
    return found


def _moves_by_item() -> Iterator[list[tuple[str, int, bool]]]:
    """(target, count, came out of a box known here) of each item's standing moves, in order."""
    boxes = set(Item.objects.filter(place=rules.OPENED).values_list("item", flat=True))
    rows = Move.objects.filter(stands=True).order_by("item", "n")
    current = ""
    collected: list[tuple[str, int, bool]] = []
    columns = ("item", "source", "target", "count")
    for item, source, target, count in rows.values_list(*columns).iterator(chunk_size=2000):
        if item != current and collected:
            yield collected
            collected = []
        current = item
        collected.append((target, count, source.removeprefix("box:") in boxes))
    if collected:
        yield collected


def ranges_are_disjoint() -> list[str]:
    """No serial lies in two sealed boxes, or beside a sealed box that still holds it; an opened box
    gave each of its serials once."""
    rows = Item.objects.filter(Q(is_box=False) | Q(count__gt=0)).values_list("first", "last")
    found = [
        f"{after[0]} to {after[1]} overlaps {before[0]} to {before[1]}"
        for before, after in rules.overlapping(rows.iterator(chunk_size=2000))
    ]
    for box in Item.objects.filter(is_box=True, place=rules.OPENED):
        born = Move.objects.filter(source=f"box:{box.item}", stands=True)
        # Where it lay in two cities, once in the books of each.
        for out in Counter(born.values_list("n", flat=True)).values() or [0]:
            if out != box.size:
                found.append(f"{box.item} held {box.size} blanko, {out} came out")
    return found


CHECKS: Sequence[Callable[[], Sequence[str]]] = (
    nothing_is_in_two_places,
    moves_join,
    sums_agree,
    ranges_are_disjoint,
    closed_days_stand,
)
