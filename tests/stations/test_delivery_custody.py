"""Bundles at real servers: one holder per card, out with a carrier and back, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ampera.delivery.actions import (
    Carrier,
    DoorAct,
    Proof,
    hand_over,
    match_holder,
    report_undelivered,
    seal_bundle,
    send_bundle,
    settle_conflict,
    take_back,
    tell_door,
)
from ampera.delivery.models import PassedOnce
from ampera.delivery.queries import (
    CHECKS,
    bundle_seen,
    bundles_of_carrier,
    bundles_out,
    card_held,
    conflicts,
    handed_over,
    ready_cards,
    ready_count,
    signature_of,
)
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import Refusal
from tests.interleavings import assert_order_free
from tests.stations.bundle_desk import (
    BY_LURAH,
    KELURAHAN,
    KURIR,
    LURAH,
    OTHER,
    ready,
    sealed,
    sent,
    void,
)
from tests.stations.printing_desk import BUDI, DINAS, KEC, SARI, Desk, by, code

TOLD = "2017-09-07T02:00:00.000000Z"


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=4)


def where(card):
    held = card_held(card)
    return held.place, held.moves


def complaints():
    return [each for check in CHECKS for each in check()]


def door(card, bundle, *, act="GIVEN", **more):
    return DoorAct(act=act, card=card, bundle=bundle, told_at=TOLD, **more)


def test_a_bundle_goes_out_and_each_card_has_one_holder_at_a_time(desk):
    with desk.at():
        cards = [ready(number) for number in (1, 2, 3)]
        done = seal_bundle(by(), kelurahan=KELURAHAN, cards=cards)
        assert (done["number"], done["count"]) == ("2017/0001", 3)
        bundle = done["bundle"]
        assert [where(card) for card in cards] == [("BUNDLE", 1)] * 3
        assert (ready_cards(), ready_count()) == ([], 0)
        assert code(hand_over(by(), card=cards[0])) == "delivery.in_a_bundle"
        assert code(seal_bundle(by(), kelurahan=KELURAHAN, cards=cards)) == (
            "delivery.not_at_the_counter"
        )
        assert send_bundle(by(), bundle=bundle, carrier=BY_LURAH)["count"] == 3
        assert [where(card) for card in cards] == [("LURAH", 2)] * 3
        assert [each.bundle for each in bundles_of_carrier(LURAH)] == [bundle]
        assert bundles_of_carrier("off_other") == []
        given = tell_door(by(LURAH), told=door(cards[0], bundle))
        assert given == {"card": cards[0], "voids": None}
        seen = handed_over(cards[0])
        assert (seen.verified, seen.exception, seen.bundle) == ("EXCEPTION", "AT_THE_DOOR", bundle)
        assert (seen.officer, seen.told_at) == (LURAH, TOLD)
        back = take_back(by(), bundle=bundle, cards={cards[1]: "NOT_HOME", cards[2]: "REFUSED"})
        assert back["count"] == 2
        assert [where(card) for card in cards] == [("HOLDER", 3), ("COUNTER", 3), ("COUNTER", 3)]
        assert bundles_out() == []
        assert len(bundle_seen(bundle).given) == 1
        assert {each.card for each in ready_cards()} == {cards[1], cards[2]}
        assert complaints() == []
        assert compare_with_rebuild() == []
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert where(cards[0]) == ("HOLDER", 3)
        assert compare_with_rebuild() == []
    for office in (KEC, DINAS):
        assert_order_free(desk.offices, office, tries=5)


def test_only_cards_of_that_kelurahan_at_this_counter_are_sealed(desk):
    with desk.at():
        one, other = ready(1), ready(2, kelurahan=OTHER)
        no = seal_bundle(by(), kelurahan=KELURAHAN, cards=[one, other])
        assert code(no) == "delivery.other_kelurahan"
        assert code(seal_bundle(by(), kelurahan=KELURAHAN, cards=[])) == "delivery.bundle_empty"
        assert code(seal_bundle(by(), kelurahan=KELURAHAN, cards=["crd_x"])) == (
            "delivery.no_such_card"
        )
        assert where(one) == ("COUNTER", 0)


def test_a_carrier_without_an_account_is_named_and_vouched_for(desk):
    with desk.at():
        bundle = sealed(ready(1))
        nobody = Carrier(to="COURIER")
        assert code(send_bundle(by(), bundle=bundle, carrier=nobody)) == "delivery.carrier_unknown"
        named = Carrier(to="COURIER", name="CONTOH KURIR", paper="kartu tugas 12")
        assert code(send_bundle(by(), bundle=bundle, carrier=named)) == "delivery.second_needed"
        alone = Carrier(to="COURIER", name="CONTOH KURIR", paper="kartu tugas 12", second=SARI)
        assert code(send_bundle(by(), bundle=bundle, carrier=alone)) == "delivery.second_needed"
        both = Carrier(to="COURIER", name="CONTOH KURIR", paper="kartu tugas 12", second=BUDI)
        assert send_bundle(by(), bundle=bundle, carrier=both)["count"] == 1
        seen = bundle_seen(bundle)
        assert (seen.place, seen.carrier_name, seen.out_second) == ("COURIER", "CONTOH KURIR", BUDI)
        (entry,) = [e for e in entries_about([bundle]) if e.kind == "bundle.handed_out/1"]
        assert "CONTOH" not in str(dict(entry.facts))
        assert code(send_bundle(by(), bundle=bundle, carrier=both)) == "delivery.bundle_is_out"
        # The courier brings it to the lurah, who takes it over under an account of his own.
        assert send_bundle(by(), bundle=bundle, carrier=BY_LURAH)["count"] == 1
        assert where("crd_1") == ("LURAH", 3)
        assert bundle_seen(bundle).carrier == LURAH
        assert compare_with_rebuild() == []


def test_a_bundle_is_given_by_one_and_taken_by_another(desk):
    with desk.at():
        bundle = sealed(ready(1))
        himself = Carrier(to="LURAH", officer=SARI)
        assert code(send_bundle(by(SARI), bundle=bundle, carrier=himself)) == (
            "delivery.carrier_is_giver"
        )
        assert code(send_bundle(by(""), bundle=bundle, carrier=BY_LURAH)) == "delivery.by_nobody"
        assert (
            code(send_bundle(by(), bundle="bnd_x", carrier=BY_LURAH)) == "delivery.no_such_bundle"
        )
        away = Carrier(to="HOLDER", officer=KURIR)
        assert code(send_bundle(by(), bundle=bundle, carrier=away)) == "delivery.carrier_unknown"


def test_a_void_card_cannot_go_out_and_comes_back(desk):
    with desk.at():
        first, second = ready(1), ready(2)
        at_home = sealed(first, second)
        third = ready(3)
        away = sent(third)
    void(desk.offices, first)
    void(desk.offices, third, resident="res_3")
    with desk.at():
        assert code(send_bundle(by(), bundle=at_home, carrier=BY_LURAH)) == (
            "delivery.bundle_has_void"
        )
        assert code(seal_bundle(by(), kelurahan=KELURAHAN, cards=[first])) == (
            "delivery.bundle_has_void"
        )
        assert take_back(by(), bundle=at_home, cards={first: ""})["count"] == 1
        assert send_bundle(by(), bundle=at_home, carrier=BY_LURAH)["count"] == 1
        assert code(tell_door(by(LURAH), told=door(third, away))) == "delivery.voided"
        assert take_back(by(), bundle=away, cards={third: "VOID"})["count"] == 1
        assert where(third) == ("COUNTER", 3)
        assert ready_cards() == []
        assert compare_with_rebuild() == []


def test_what_comes_back_from_a_carrier_has_a_reason(desk):
    with desk.at():
        card = ready(1)
        bundle = sent(card)
        for cards, no in (
            ({card: ""}, "delivery.reason_needed"),
            ({card: "TIRED"}, "delivery.reason_needed"),
            ({"crd_2": "NOT_HOME"}, "delivery.no_such_card"),
            ({}, "delivery.bundle_empty"),
        ):
            assert code(take_back(by(), bundle=bundle, cards=cards)) == no
        assert code(take_back(by(), bundle="bnd_x", cards={card: "NOT_HOME"})) == (
            "delivery.not_in_this_bundle"
        )
        assert code(take_back(by(""), bundle=bundle, cards={card: "NOT_HOME"})) == (
            "delivery.by_nobody"
        )


def test_what_a_phone_tells_counts_once_however_often_it_is_sent(desk):
    with desk.at():
        one, two = ready(1), ready(2)
        bundle = sent(one, two)
        told = door(
            one, bundle, to="PROXY", name="CONTOH ISTRI", relation="istri", signature="M1 1L2 2"
        )
        command = by(LURAH)
        first = tell_door(command, told=told)
        assert tell_door(command, told=told) == first
        seen = handed_over(one)
        assert (seen.to, seen.proxy_name, seen.proxy_basis) == ("PROXY", "CONTOH ISTRI", "istri")
        assert signature_of(one) == "M1 1L2 2"
        back = by(LURAH)
        for _ in range(3):
            said = tell_door(
                back, told=door(two, bundle, act="BACK", why="MOVED_AWAY", note="RT 3")
            )
            assert said == {"card": two, "why": "MOVED_AWAY"}
        (held,) = bundle_seen(bundle).held
        assert (held.card, held.undelivered_why, held.place) == (two, "MOVED_AWAY", "LURAH")
        kinds = [entry.kind for entry in entries_about([one, two])]
        assert kinds.count("card.handed_over/1") == kinds.count("card.undelivered/1") == 1
        assert conflicts() == []
        assert compare_with_rebuild() == []
    assert_order_free(desk.offices, KEC, tries=5)


def test_what_the_books_cannot_take_from_a_phone_is_kept_for_a_person_to_look_at(desk):
    with desk.at():
        card = ready(1)
        bundle = sent(card)
        assert take_back(by(), bundle=bundle, cards={card: "NOT_HOME"})["count"] == 1
        late = by(LURAH)
        for _ in range(2):
            assert code(tell_door(late, told=door(card, bundle))) == "delivery.not_in_your_hand"
        (conflict,) = conflicts()
        assert (conflict.command, conflict.card, conflict.told_at) == (late.id, card, TOLD)
        assert [key for key, _ in open_alarms()] == [f"door:{late.id}"]
        assert settle_conflict(SARI, command=late.id)
        assert not settle_conflict(SARI, command=late.id)
        assert (conflicts(), open_alarms()) == ([], [])


def test_a_stranger_tells_nothing_of_a_bundle(desk):
    with desk.at():
        card = ready(1)
        bundle = sent(card)
        no = tell_door(by("off_other"), told=door(card, bundle))
        assert code(no) == "delivery.no_such_bundle"
        unread = tell_door(by(LURAH), told=door(card, bundle, act="EATEN"))
        assert code(unread) == "delivery.act_unread"
        assert conflicts() == []
        foreign = report_undelivered(by(), card="crd_9", bundle=bundle, why="NOT_HOME")
        assert code(foreign) == "delivery.no_such_card"


def test_the_same_card_given_at_the_counter_and_at_a_door_is_handed_over_once(desk):
    with desk.at():
        card = ready(1)
        bundle = sent(card)
        assert code(hand_over(by(), card=card)) == "delivery.in_a_bundle"
        assert tell_door(by(LURAH), told=door(card, bundle))["card"] == card
        later = replace(door(card, bundle), told_at="2017-09-07T03:00:00.000000Z")
        assert code(tell_door(by(LURAH), told=later)) == "delivery.already_handed_over"
        said = report_undelivered(by(LURAH), card=card, bundle=bundle, why="NOT_HOME")
        assert code(said) == "delivery.already_handed_over"


def test_a_server_that_forgot_a_phones_command_knows_the_act_by_its_entry(desk):
    """After a restore the entries are back and the commands are not: no alarm for an old act."""
    with desk.at():
        card = ready(1)
        bundle = sent(card)
        first = tell_door(by(LURAH), told=door(card, bundle))
        assert tell_door(by(LURAH), told=door(card, bundle)) == first
        assert conflicts() == []
        kinds = [entry.kind for entry in entries_about([card])]
        assert kinds.count("card.handed_over/1") == 1
        back = tell_door(by(LURAH), told=door(card, bundle, act="BACK", why="NOT_HOME"))
        assert code(back) == "delivery.already_handed_over"


def test_nothing_leaves_before_its_entries_lie_on_a_second_medium(desk, monkeypatch):
    with desk.at():
        bundle = sealed(ready(1))
        command = by()

        def broken(_):
            raise OSError("the stick is gone")

        monkeypatch.setattr(house().second_log, "append", broken)
        no = send_bundle(command, bundle=bundle, carrier=BY_LURAH)
        assert code(no) == "delivery.second_log_missing"
        monkeypatch.undo()
        assert send_bundle(command, bundle=bundle, carrier=BY_LURAH)["count"] == 1
        assert where("crd_1") == ("LURAH", 2)


def test_a_restored_server_sends_nothing_out_but_takes_back(desk):
    with desk.at():
        bundle = sent(ready(1))
        second = ready(2)
        quarantine("restored")
        assert code(seal_bundle(by(), kelurahan=KELURAHAN, cards=[second])) == "server.quarantined"
        assert code(send_bundle(by(), bundle=bundle, carrier=BY_LURAH)) == "server.quarantined"
        assert code(tell_door(by(LURAH), told=door("crd_1", bundle))) == "server.quarantined"
        assert conflicts() == []
        assert take_back(by(), bundle=bundle, cards={"crd_1": "NOT_HOME"})["count"] == 1


def test_two_moves_with_one_number_are_an_alarm_and_a_complaint(desk):
    with desk.at():
        card = ready(1)
        bundle = sealed(card)
        desk.offices.clock.move(timedelta(minutes=1))

        def forge(pen: Pen):
            facts = {"card": card, "n": 1, "source": "COUNTER", "target": "LURAH"}
            pen.write(
                "card.passed/1", subject=card, facts={**facts, "bundle": bundle, "why": "SENT"}
            )
            return {}

        assert perform(by(), forge, content={}) == {}
        assert [key for key, _ in open_alarms()] == [f"two_hands:{card}:1"]
        assert complaints() == [f"card {card} is in two hands at move 1"]
        assert where(card) == ("BUNDLE", 1), "the earlier telling stands"


def test_an_exception_names_who_vouched_for_it(desk):
    with desk.at():
        card = ready(1)
        alone = Proof(verified="EXCEPTION", exception="NO_MATCHER")
        assert code(hand_over(by(), card=card, proof=alone)) == "delivery.second_needed"
        himself = Proof(verified="EXCEPTION", exception="NO_MATCHER", second=SARI)
        assert code(hand_over(by(SARI), card=card, proof=himself)) == "delivery.second_needed"
        invented = Proof(verified="EXCEPTION", exception="HURRY", second=BUDI)
        assert code(hand_over(by(), card=card, proof=invented)) == "delivery.exception_unknown"
        both = Proof(verified="EXCEPTION", exception="NO_MATCHER", second=BUDI)
        assert hand_over(by(), card=card, proof=both)["card"] == card
        seen = handed_over(card)
        assert (seen.verified, seen.exception, seen.second) == ("EXCEPTION", "NO_MATCHER", BUDI)
        assert compare_with_rebuild() == []


class Matcher:
    """Knows which card's chip the finger on the scanner belongs to."""

    def __init__(self, card="", *, is_broken=False):
        self.card, self.is_broken = card, is_broken

    def is_holder(self, card):
        if self.is_broken:
            raise OSError("the scanner is gone")
        return card == self.card


def test_a_finger_is_asked_of_the_matcher_and_never_assumed():
    assert match_holder(Matcher("crd_1"), card="crd_1") is None
    assert match_holder(Matcher("crd_2"), card="crd_1") == Refusal("delivery.not_matched")
    assert match_holder(None, card="crd_1") == Refusal("delivery.no_matcher")
    assert match_holder(Matcher(is_broken=True), card="crd_1") == Refusal("delivery.no_matcher")


def test_a_move_is_claimed_before_it_is_written(desk):
    with desk.at():
        sealed(ready(1))
        assert PassedOnce.objects.filter(pk="crd_1/1").exists()


def test_one_command_seals_one_bundle(desk):
    with desk.at():
        card = ready(1)
        command = Command("cmd_seal", SARI)
        first = seal_bundle(command, kelurahan=KELURAHAN, cards=[card])
        assert seal_bundle(command, kelurahan=KELURAHAN, cards=[card]) == first
        assert len(bundles_out()) == 1
