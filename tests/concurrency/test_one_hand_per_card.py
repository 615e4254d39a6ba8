"""A finished card goes into exactly one of two hands; read-then-write puts it into both."""

from __future__ import annotations

from ampera.delivery.actions import bundles, hand_over, handing, seal_bundle
from ampera.delivery.models import CardMove
from ampera.delivery.queries import CHECKS, card_held
from ampera.journal import actions as journal_actions
from ampera.journal.actions import Command
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.stations.bundle_desk import KELURAHAN, ready
from tests.stations.printing_desk import BUDI, DINAS, SARI, count_in, grant_here

CARD = "crd_1"


def a_ready_card() -> None:
    grant_here(1, office=DINAS)
    count_in(1)
    assert ready(1) == CARD


def seal(window: int):
    def run():
        command = Command(f"cmd_window_{window}", SARI)
        return seal_bundle(command, kelurahan=KELURAHAN, cards=[CARD])

    return run


def give():
    return hand_over(Command("cmd_give", BUDI), card=CARD)


def split(said):
    won = [each for each in said if not isinstance(each, Refusal)]
    return won, [each.code for each in said if isinstance(each, Refusal)]


def complaints():
    return [each for check in CHECKS for each in check()]


def test_of_two_officers_one_seals_the_card(postgres_database, monkeypatch):
    with acting_as(DINAS):
        a_ready_card()
        monkeypatch.setattr(bundles, "_held", Meeting().after(bundles._held))
        won, lost = split(race(seal(1), seal(2)))
        assert (len(won), lost) == (1, ["delivery.not_at_the_counter"])
        assert card_held(CARD).moves == 1
        assert complaints() == []
        assert compare_with_rebuild() == []


def test_a_card_is_sealed_or_handed_over_and_never_both(postgres_database, monkeypatch):
    with acting_as(DINAS):
        a_ready_card()
        meeting = Meeting()
        monkeypatch.setattr(bundles, "_held", meeting.after(bundles._held))
        monkeypatch.setattr(handing, "card_held", meeting.after(handing.card_held))
        won, lost = split(race(seal(1), give))
        assert len(won) == 1
        assert lost in (["delivery.in_a_bundle"], ["delivery.already_handed_over"])
        assert CardMove.objects.filter(card=CARD).count() == 1
        assert complaints() == []


class Unguarded:
    """A table that lets everybody in."""

    class objects:
        @staticmethod
        def create(**_):
            return None


def test_control_without_the_claim_both_hands_get_it(postgres_database, monkeypatch):
    """The chain's own head is taken out of the way as well: it would settle this race by luck."""
    with acting_as(DINAS):
        a_ready_card()
        meeting = Meeting()
        monkeypatch.setattr(bundles, "PassedOnce", Unguarded)
        monkeypatch.setattr(handing, "PassedOnce", Unguarded)
        held = card_held(CARD)
        monkeypatch.setattr(bundles, "_held", lambda cards: [held])
        monkeypatch.setattr(handing, "card_held", meeting.after(lambda card: held))
        assert journal_actions.TRIES_MAX > 1
        won, lost = split(race(seal(1), give))
        assert (len(won), lost) == (2, [])
        assert complaints() == [f"card {CARD} is in two hands at move 1"]
