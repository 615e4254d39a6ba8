"""An office in custody in the simulated province: its permits end, nobody gets two cards by it, and
when it is given back it goes on; and the auditor's own book of it can be broken."""

from __future__ import annotations

import pytest

from ampera.readiness.models import Permit
from ampera.readiness.queries import PermitState, is_seized, seizures
from ampera.tiers.wiring import make_registry
from ampera.world.cardbooks import CardBooks
from ampera.world.chainbooks import BrokenPromise
from ampera.world.faults import CALM
from ampera.world.province import Province
from ampera.world.seizing import WORLDS, Phase, SeizePlan, draw_seizure
from ampera.world.servers import acting_as
from ampera.world.shelf import Lies, PhysicalCard, Shelf, Spot
from ampera.world.situations import GRANTED, Weather
from ampera.world.size import Size

SIZE = Size(kecamatan=(2,), people_max=4, ticks=20)


@pytest.fixture
def registry(django_db_blocker):
    with django_db_blocker.unblock():
        yield make_registry()


class Looked(Province):
    """A province whose dinas is looked at before its databases are shut."""

    states: tuple[str, ...] = ()

    def close(self) -> None:
        with acting_as(self.servers["16.71"]):
            assert not any(is_seized(each) for each in self.offices)
            assert all(each.released_at is not None for each in seizures())
            self.states = tuple(Permit.objects.values_list("state", flat=True))
        Province.close(self)


def seized_world(registry, *, is_for_good: bool, seed: int) -> Looked:
    """A province in which a busy kecamatan is taken into custody, and nothing else goes wrong."""
    world = Looked(seed, registry, size=SIZE, weather=Weather(CALM, begins=GRANTED))
    world.lending.plan = None
    offices = [code for code in sorted(world.offices) if code.count(".") == 2]
    busy = max(offices, key=lambda code: len(world.offices[code].counter.cases))
    (other,) = set(offices) - {busy}
    world.seizing.plan = SeizePlan(
        office=busy, lent_to=other, away_ticks=8, is_for_good=is_for_good
    )
    return world


@pytest.mark.parametrize("is_for_good", [False, True])
def test_what_an_office_could_print_ends_with_its_custody_and_its_people_are_served(
    registry, is_for_good
):
    forfeited = 0
    for seed in (6, 9, 10, 11):
        world = seized_world(registry, is_for_good=is_for_good, seed=seed)
        world.play()
        assert world.seizing.phase is Phase.OVER
        assert world.states.count(PermitState.FORFEITED) == world.seizing.forfeited
        forfeited += world.seizing.forfeited
    assert forfeited, "no world had a permit to end: this would prove nothing"


def test_some_worlds_draw_it_and_none_beside_a_lending():
    told = {"kecamatan": ["16.71.02", "16.71.06"], "busy": ["16.71.02"]}
    drawn = [draw_seizure(seed, **told, is_lent=False) for seed in range(400)]
    assert 400 // WORLDS / 2 < sum(each is not None for each in drawn) < 400 // WORLDS * 2
    assert not any(draw_seizure(seed, **told, is_lent=True) for seed in range(100))


def test_the_auditor_sees_a_card_that_came_out_of_custody():
    books, shelf = CardBooks(), Shelf()
    shelf.cards["SIM1"] = PhysicalCard("SIM1", "att_1", "res_1", "body_1")
    shelf.lies["SIM1"] = Lies(Spot.HAND, "res_1")
    books.attempts["att_1"] = {"permit": "prm_1", "card": "crd_1", "serial": "SIM1"}
    books.forfeited["prm_1"] = False
    books.check(shelf)
    books.forfeited["prm_1"] = True
    with pytest.raises(BrokenPromise, match="out of custody"):
        books.check(shelf)
