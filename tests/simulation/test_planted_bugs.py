"""A simulator is itself tested only by bugs that are planted in it: each of these must be found."""

from __future__ import annotations

import pytest

from ampera.tiers.wiring import make_registry
from ampera.world.bugs import BUGS
from ampera.world.play import play

#: So many worlds are played before a bug counts as not found; most are found by the third.
SEEDS_MAX = 14
#: Rare ones need hundreds of worlds: `ampera sim --bug NAME` looks for them.
FOUND_IN_FEW = (
    "authority_unchecked",
    "dedup_skipped",
    "duplicates_applied",
    "known_dropped_unseen",
    "nothing_reserved",
    "refused_for_what_it_says",
    "restored_unsaid",
    "said_again",
)


@pytest.mark.parametrize("bug", FOUND_IN_FEW)
def test_a_planted_bug_is_found(django_db_blocker, bug: str) -> None:
    with django_db_blocker.unblock():
        registry = make_registry()
        found = next(
            (
                played.seed
                for played in (
                    play(seed, registry=registry, bug=bug) for seed in range(1, SEEDS_MAX + 1)
                )
                if played.broken
            ),
            None,
        )
    assert found is not None, f"{bug} was not found in {SEEDS_MAX} worlds"


def test_only_real_bugs_are_named() -> None:
    assert set(FOUND_IN_FEW) <= set(BUGS)
