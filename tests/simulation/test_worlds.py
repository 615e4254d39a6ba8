"""The simulated province: many small worlds hold, and the same seed gives the same world.

`make sim SEEDS=n` plays as many as one has time for, `make sim SEED=s` one of them again.
"""

from __future__ import annotations

import pytest

from ampera.tiers.wiring import make_registry
from ampera.world.play import play

#: Every twentieth keeps its databases in files, where a crash closes a real connection.
SEEDS = range(200)


@pytest.fixture
def registry(django_db_blocker):
    # Each simulated server has a database of its own.
    with django_db_blocker.unblock():
        yield make_registry()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_world_holds_under_its_faults(registry, seed: int) -> None:
    played = play(seed, registry=registry)
    assert not played.broken, played.line()
    assert played.entries > 0


def test_the_same_seed_gives_the_same_world(registry) -> None:
    first, second = play(54, registry=registry), play(54, registry=registry)
    assert first.hash
    assert first.hash == second.hash
    assert first.ticks == second.ticks
