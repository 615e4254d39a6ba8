"""A simulator is itself tested only by bugs that are planted in it: each of these must be found.

Each bug names worlds whose situation meets it, and the damage by which it is known; one of them
must show that damage, and the same world must hold without the bug. Several, because every change
of the code moves the steps at which a process may die, and with them what a world meets.
"""

from __future__ import annotations

import re

import pytest

from ampera.tiers.wiring import make_registry
from ampera.world.bugs import BUGS
from ampera.world.play import play
from tests.simulation.test_mill import FOUND_IN_PRINT_ROOMS

#: Bug → (seeds of worlds that meet it, what the auditor says of it).
FOUND = {
    "authority_unchecked": (
        (58, 54, 77, 109, 153, 196),
        r"(crd|enr)_forged\d+: .* differs|holds \d+ of",
    ),
    "bundle_given_twice": ((119, 106, 248, 12), "was made twice|is in two hands"),
    "commands_forgotten": ((1, 5, 8, 0, 12), "clicked twice, answered differently"),
    "dedup_skipped": ((105, 9, 119, 18, 32, 88), "holds 2 valid cards"),
    "door_proof_applied_twice": ((119, 2, 12), "was handed over twice"),
    "duplicates_applied": ((54, 58, 77, 10, 22), "took another history of|does not follow from"),
    "host_read_today": ((1, 2, 4, 114, 57, 139), "served_at differs from a rebuild"),
    "jump_without_second": ((22, 218, 35, 175), "was said by one officer alone"),
    "known_dropped_unseen": ((54, 58, 77), "took another history of"),
    "last_come_stands": ((20, 21, 39, 61, 1), "in another order: blanko_item|by moves"),
    "lent_beyond_its_end": ((17, 31, 44, 51, 63), "after that had ended|lent was from"),
    "lent_permit_unseen": ((38, 63, 120, 64), "has two permits"),
    "nothing_reserved": ((2, 7), "became a card, the books have it on .*/shelf"),
    "quota_not_counted": ((116, 148), r"was granted \d+ cards on"),
    "reactions_unnamed": ((55, 34, 50, 73, 84), "was told on twice"),
    "refused_for_what_it_says": ((54, 58, 77), r"holds \d+ of \d+ of"),
    "requeued_blindly": (
        (72, 81),
        "became a card, the books have it on .*/shelf|under one permit|have it in .*/shelf",
    ),
    "restored_unsaid": ((21, 39, 20), "was written twice, differently"),
    "returned_unheld": ((40, 19, 12, 42, 49), "was given back and printed"),
    "said_again": ((29, 55, 79), "Print-Job was said 2 times"),
    "unique_by_request_only": ((443, 809, 78, 122), "holds 2 valid cards"),
}


def test_every_planted_bug_has_its_worlds() -> None:
    assert set(FOUND) | set(FOUND_IN_PRINT_ROOMS) == set(BUGS)


@pytest.mark.parametrize("bug", sorted(FOUND))
def test_a_planted_bug_is_found_and_its_world_holds_without_it(django_db_blocker, bug: str) -> None:
    seeds, damage = FOUND[bug]
    with django_db_blocker.unblock():
        registry = make_registry()
        worlds = (play(seed, registry=registry, bug=bug) for seed in seeds)
        found = next((each for each in worlds if re.search(damage, each.broken)), None)
        assert found is not None, f"{bug} did no such damage in {seeds}: {damage}"
        honest = play(found.seed, registry=registry, is_thorough=True)
    assert not honest.broken, honest.line()
