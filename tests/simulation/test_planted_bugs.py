"""A simulator is itself tested only by bugs that are planted in it: each of these must be found."""

from __future__ import annotations

import pytest

from ampera.tiers.wiring import make_registry
from ampera.world.bugs import BUGS
from ampera.world.play import play

#: So many worlds are played before a bug counts as not found. All of them hold without it
#: (`test_worlds`).
SEEDS_MAX = 8
#: Found in the first worlds. The others need more of them: `ampera sim --bug NAME` looks for them.
FOUND_IN_FEW = (
    "dedup_skipped",
    "known_dropped_unseen",
    "last_come_stands",
    "nothing_reserved",
    "refused_for_what_it_says",
)


@pytest.mark.parametrize("bug", FOUND_IN_FEW)
def test_a_planted_bug_is_found(django_db_blocker, bug: str) -> None:
    with django_db_blocker.unblock():
        registry = make_registry()
        found = next(
            (
                played.seed
                for played in (play(seed, registry=registry, bug=bug) for seed in range(SEEDS_MAX))
                if played.broken
            ),
            None,
        )
    assert found is not None, f"{bug} was not found in {SEEDS_MAX} worlds"


def test_only_real_bugs_are_named() -> None:
    assert set(FOUND_IN_FEW) <= set(BUGS)
