"""Hands that take the wrong blank, in worlds whose servers are put back from backups."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ampera.tiers.wiring import make_registry
from ampera.words import Refusal
from ampera.world.mistaken import DisputeDesk, hands_of
from ampera.world.play import play
from ampera.world.situations import draw_weather


def test_a_blank_that_was_read_in_the_emptied_printer_spoils_no_other(django_db_blocker):
    # Two read it among the waste and then on the card: the books made a whole one ruined as well.
    with django_db_blocker.unblock():
        played = play(1527, registry=make_registry(), is_thorough=True)
    assert not played.broken, played.line()


@pytest.mark.parametrize(
    "seed",
    [
        # A count after a restore sent a blank to dispute that was a card in somebody's hand.
        145,
        # The world was called quiet while a print room still gave its printer time.
        335,
    ],
)
def test_worlds_that_broke_once_hold(django_db_blocker, seed):
    faults = draw_weather(seed).faults
    assert faults.mistaken, "hands slip in this world"
    assert faults.restore, "servers are put back in this world"
    with django_db_blocker.unblock():
        played = play(seed, registry=make_registry(), is_thorough=True)
    assert not played.broken, played.line()


class _Office:
    """An office at work whose server is asked nothing: the errand is kept and answered here."""

    def __init__(self, answer) -> None:
        faults = SimpleNamespace(mistaken=0.5, restore=0.5)
        self.ground = SimpleNamespace(
            shown={"SIM000001"}, chance=SimpleNamespace(faults=faults), refusals={}
        )
        self.code, self.is_open, self.witness, self.answer = "16.71", True, "off_b", answer
        self.asked: list[str] = []

    def is_asked(self, about):
        return False

    def command(self):
        return None

    def ask(self, errand):
        self.asked.append(errand.about)
        errand.then(self.answer)


@pytest.mark.parametrize(("answer", "settled"), [({}, 1), (Refusal("blanko.not_in_dispute"), 0)])
def test_the_dinas_settles_what_is_shown_to_it_once(answer, settled):
    office = _Office(answer)
    desk = DisputeDesk(office)
    desk.step()
    desk.step()
    assert office.asked == ["dispute SIM000001"]
    assert (desk.settled, office.ground.shown) == (settled, set())


def test_hands_slip_where_servers_are_restored_too():
    office = _Office({})
    assert hands_of(office, seed=1) is not None
    office.ground.chance.faults.mistaken = 0.0
    assert hands_of(office, seed=1) is None
