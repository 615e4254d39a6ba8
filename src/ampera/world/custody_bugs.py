"""Bugs planted in custody and in queues: a bundle given twice, a door told twice, a jump alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ampera.delivery.actions import bundles, door, handing
from ampera.delivery.queries import BundleSeen, bundle_seen
from ampera.delivery.rules import CardHeld, Handover, Place, decide_hand_over
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.readiness.actions import queue
from ampera.readiness.queries import queue as queue_queries
from ampera.words.refusal import Refusal
from ampera.world.swapping import Planted, Unguarded, swapped


@contextmanager
def bundle_given_twice() -> Iterator[None]:
    """Whoever gives a bundle believes the page: nobody compares whose hand has it by now, and no
    move is claimed by its number."""

    def as_on_page(bundle: str) -> BundleSeen | None:
        seen = bundle_seen(bundle)
        if seen is None:
            return None
        here = Place.BUNDLE.value
        return replace(seen, cards=tuple(replace(each, place=here, moves=1) for each in seen.held))

    with (
        swapped(bundles, "bundle_seen", as_on_page),
        swapped(bundles, "PassedOnce", SimpleNamespace(objects=Unguarded())),
    ):
        yield


@contextmanager
def door_proof_applied_twice() -> Iterator[None]:
    """What a phone sends is new each time, and nobody looks whether the card was given already.

    Its id alone would meet the guards behind it: the card's state and its unique handover.
    """
    hand_over = handing.hand_over

    def anew(command: Command, **told: Any) -> Any:
        fresh = Command(id=house().ids.new("cmd"), officer=command.officer)
        return hand_over(fresh, **told)

    def unseen(held: CardHeld | None, *, handover: Handover) -> Refusal | None:
        if held is not None and held.handed_at is not None and handover.bundle:
            out = Place.LURAH.value
            held = replace(held, place=out, bundle=handover.bundle, handed_at=None)
        return decide_hand_over(held, handover=handover)

    unguarded = SimpleNamespace(objects=Unguarded())
    with (
        swapped(door, "hand_over", anew),
        swapped(handing, "decide_hand_over", unseen),
        swapped(handing, "HandedOnce", unguarded),
    ):
        yield


def jump_without_second() -> Planted:
    """One officer alone puts a request before others."""
    return swapped(queue, "check_two", lambda officer, witness: None)


def quota_not_counted() -> Planted:
    """What was granted today is not counted: each lot may use the whole quota again."""
    return swapped(
        queue_queries, "used_today", lambda office, *, day, limits: dict.fromkeys(limits, 0)
    )
