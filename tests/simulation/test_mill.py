"""Print rooms with a process that dies and a printer that fails: every blank is accounted for."""

from __future__ import annotations

import re

import pytest

from ampera.tiers.wiring import make_registry
from ampera.world.bugs import planted
from ampera.world.mill import draw_weather, mill

PERMITS = 20
#: A room whose printer has a temper.
HOT_SEED = 4
#: A room whose hands take the blank beside the right one now and then.
MISTAKEN_SEED = 26
#: Bug → (seeds of rooms that meet it, the damage by which it is known).
FOUND_IN_PRINT_ROOMS = {
    "blank_not_read_before_feeding": ((0, 1, 2, 3), "was fed before its chip was read"),
    "bound_after_print": ((0, 1, 2, 3), "was fed before its chip was read"),
    "chips_not_compared": ((0, 1), "its chip is"),
    "commands_forgotten": ((5, 6, 13), "clicked twice, answered differently"),
    "partner_name_forgotten": ((27, 28), "there is work left"),
    "said_again": ((2, 5, 10), "Print-Job was said 2 times"),
}


@pytest.fixture(scope="module")
def registry(django_db_blocker):
    with django_db_blocker.unblock():
        yield make_registry()


@pytest.mark.parametrize("seed", [3, 5])
def test_every_permit_has_its_card_and_every_blank_its_place(registry, seed):
    room = mill(seed, registry=registry, permits=PERMITS)
    assert room.broken == ""
    assert room.cards >= PERMITS - room.in_dispute
    assert room.unknown + room.deaths > 0, "this seed was chosen for its weather"


def test_a_printer_with_a_temper_stops_for_heat_and_prints_them_all(registry):
    room = mill(HOT_SEED, registry=registry, permits=20)
    assert room.broken == ""
    assert room.heat_stops > 3
    assert room.supplies_changed > 3


def test_cards_on_the_blank_beside_the_right_one_end_where_the_books_have_them(registry):
    """Hands mistake one in fifteen blanks here; whoever checks the card reads its serial."""
    room = mill(MISTAKEN_SEED, registry=registry, permits=20)
    assert room.broken == ""
    assert room.exchanged >= 3


def test_the_same_seed_gives_the_same_room(registry):
    one, two = (mill(5, registry=registry, permits=15) for _ in range(2))
    assert (one.ticks, one.unknown, one.deaths, one.cards) == (
        *(two.ticks, two.unknown, two.deaths),
        two.cards,
    )


def test_weather_differs_from_room_to_room():
    assert len({draw_weather(seed).named() for seed in range(20)}) > 15


@pytest.mark.parametrize("bug", sorted(FOUND_IN_PRINT_ROOMS))
def test_a_planted_bug_is_found_and_its_room_holds_without_it(registry, bug):
    seeds, damage = FOUND_IN_PRINT_ROOMS[bug]
    with planted(bug):
        rooms = (mill(seed, registry=registry, permits=PERMITS) for seed in seeds)
        found = next((each for each in rooms if re.search(damage, each.broken)), None)
    assert found is not None, f"{bug} did no such damage in {seeds}: {damage}"
    assert mill(found.seed, registry=registry, permits=PERMITS).broken == ""


def test_less_than_one_card_is_no_answer():
    from argparse import Namespace

    from ampera.tiers.commands import sim
    from ampera.tiers.telling import UsageError

    asked = Namespace(log=None, cards=0, bug="", week=None, seed=None, seeds=1, first=0, jobs=1)
    with pytest.raises(UsageError, match="--cards 0"):
        sim.main(asked)
