"""A hold stops a handover wherever the card is; an old card comes in before a new one goes out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.delivery.actions import (
    DoorAct,
    Proof,
    hand_over,
    seal_bundle,
    send_bundle,
    tell_door,
)
from ampera.delivery.queries import card_held, handed_over
from ampera.intake.actions import take_request
from ampera.intake.rules.papers import papers_required
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness.actions import place_hold
from ampera.readiness.rules.holds import HoldWanted
from ampera.register.queries import local_day
from ampera.words import Reason, Refusal
from tests.recordings import a_resident
from tests.stations.bundle_desk import BY_LURAH, KELURAHAN, LURAH, ready, sealed, sent
from tests.stations.printing_desk import BUDI, DINAS, Desk, by, code, grant


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=3)


def hold(desk, resident="res_1"):
    """A court asks the dinas; the post carries it."""
    with desk.offices.at(DINAS):
        wanted = HoldWanted(
            reason="COURT",
            owner="Pengadilan Negeri Contoh",
            basis="Surat contoh nomor 12",
            until=local_day() + timedelta(days=30),
        )
        placed = place_hold(by(BUDI), resident=resident, wanted=wanted)
        assert not isinstance(placed, Refusal), placed
    desk.offices.post()


def test_a_card_on_hold_is_given_to_nobody_and_carried_nowhere(desk):
    with desk.at():
        at_counter, in_bundle, away = ready(1), ready(2), ready(3)
        waiting = sealed(in_bundle)
        out = sent(away)
    for resident in ("res_1", "res_2", "res_3"):
        hold(desk, resident)
    with desk.at():
        assert code(hand_over(by(), card=at_counter)) == "delivery.on_hold"
        no = seal_bundle(by(), kelurahan=KELURAHAN, cards=[at_counter])
        assert code(no) == "delivery.bundle_has_hold"
        assert code(send_bundle(by(), bundle=waiting, carrier=BY_LURAH)) == (
            "delivery.bundle_has_hold"
        )
        told = DoorAct(act="GIVEN", card=away, bundle=out, told_at="")
        assert code(tell_door(by(LURAH), told=told)) == "delivery.on_hold"
        desk.offices.clock.move(timedelta(days=40))
        assert hand_over(by(), card=at_counter)["card"] == at_counter


def a_replacement(desk, reason, *, number=9):
    """A finished card of somebody who asked for it because of the old one."""
    with desk.at():
        person = a_resident(number, has_card=True)
        papers = papers_required(reason, on=local_day()).required
        taken = take_request(by(), resident_facts=person, reason=reason, papers=papers)
        assert not isinstance(taken, Refusal), taken
    facts = {"request": taken["request"], "resident": person.resident, "reason": reason.value}
    grant(desk.offices, number, **facts, replaces="crd_old")
    desk.offices.post()
    with desk.at():
        return ready(number, resident=person.resident)


def _number(card) -> str:
    """The number of a finished card, as somebody types it."""
    return card_held(card).serial.lower()


@pytest.mark.parametrize("typed", ["SPC00000077", "0012345", "a 12345"])
def test_numbers_of_blanko_and_of_cards_from_before_are_taken(desk, typed):
    card = a_replacement(desk, Reason.DAMAGED)
    with desk.at():
        taken = Proof(old_card="TAKEN_IN", old_serial=typed)
        assert hand_over(by(), card=card, proof=taken)["voids"] == "crd_old"


def test_a_damaged_card_is_taken_in_with_its_serial_before_the_new_one_is_given(desk):
    card = a_replacement(desk, Reason.DAMAGED)
    with desk.at():
        assert code(hand_over(by(), card=card)) == "delivery.old_card_unsaid"
        unseen = Proof(old_card="NOT_SHOWN")
        assert code(hand_over(by(), card=card, proof=unseen)) == "delivery.old_card_not_taken"
        for typed, no in (
            ("biru", "delivery.old_serial_form"),
            ("9999014107900001", "delivery.old_serial_form"),  # a NIK
            ("12", "delivery.old_serial_form"),
            (_number(card), "delivery.old_serial_is_new"),
        ):
            wrong = Proof(old_card="TAKEN_IN", old_serial=typed)
            assert code(hand_over(by(), card=card, proof=wrong)) == no
        taken = Proof(old_card="TAKEN_IN", old_serial=" old 00-0001")
        assert hand_over(by(), card=card, proof=taken)["voids"] == "crd_old"
        seen = handed_over(card)
        assert (seen.old_card, seen.old_serial) == ("TAKEN_IN", "OLD000001")
        assert compare_with_rebuild() == []


def test_a_second_officer_says_why_an_old_card_is_not_there(desk):
    card = a_replacement(desk, Reason.DATA_CHANGED)
    with desk.at():
        both = Proof(old_card="LOST", second=BUDI)
        assert hand_over(by(), card=card, proof=both)["card"] == card
        assert (handed_over(card).old_card, handed_over(card).second) == ("LOST", BUDI)


def test_at_a_door_the_old_card_is_taken_or_the_new_one_stays(desk):
    card = a_replacement(desk, Reason.DAMAGED)
    with desk.at():
        bundle = sent(card)
        told = {"act": "GIVEN", "card": card, "bundle": bundle, "told_at": ""}
        refused = tell_door(by(LURAH), told=DoorAct(**told, old_card="LOST"))
        assert code(refused) == "delivery.old_card_not_taken"
        given = tell_door(by(LURAH), told=DoorAct(**told, old_card="TAKEN_IN"))
        assert given["card"] == card
