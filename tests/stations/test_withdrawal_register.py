"""The register of withdrawn cards: what comes in, from where, and what is live outside."""

from __future__ import annotations

import pytest

from ampera.delivery.actions import Proof, hand_over
from ampera.delivery.rules import OldCard
from ampera.journal.alarms import open_alarms
from ampera.journal.rebuild import compare_with_rebuild
from ampera.withdrawal.actions import give_back, refresh_guards
from ampera.withdrawal.models import InHand
from ampera.withdrawal.queries import (
    lying_at,
    not_handed_in,
    piece_seen,
    seize_list,
)
from ampera.withdrawal.queries.look_up import standing_seen
from ampera.withdrawal.rules.pieces import How, Standing
from ampera.withdrawal.rules.policy import Cause
from ampera.words import Refusal
from tests.interleavings import assert_order_free
from tests.stations.printing_desk import DINAS, KEC, Desk, by, grant, serial
from tests.stations.withdrawn_cards import (
    brought,
    handed,
    printed,
    spoiled,
    voided,
    written,
)


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=4, blanks=6)


def whole(desk: Desk) -> None:
    """Any order of the chains gives the same register, and a rebuild changes nothing."""
    desk.offices.post()
    for code in (KEC, DINAS):
        with desk.offices.at(code):
            assert compare_with_rebuild() == []
        assert_order_free(desk.offices, code, tries=8)


def found(card: str = "", *, number: str = "", **more: str):
    return brought(card, serial=number, how=How.FOUND, **more)


# ---- what comes in ----


def test_an_old_card_taken_in_at_the_handover_lies_here_with_the_reason_as_its_cause(desk):
    with desk.at():
        written(
            "request.taken/1",
            subject="req_2",
            request="req_2",
            resident="res_1",
            reason="DAMAGED",
            papers=[],
            ticket_hash="0" * 64,
            home=KEC,
            host=KEC,
        )
        first = printed(1)
        handed(1)
        printed(2)
        handed(2, voids=first, resident="res_1", old_card="TAKEN_IN")
        (piece,) = lying_at()
        assert (piece.card, piece.serial, piece.how) == (first, serial(1), How.AT_HANDOVER)
        assert piece.cause is Cause.DAMAGED
        assert (piece.officer, piece.no) == ("off_sari", None)
        assert not_handed_in() == []
    whole(desk)


def test_what_the_counter_says_of_the_old_card_at_the_handover_is_what_lies_here(desk):
    """Through delivery's own act, so that both stations mean the same words."""
    with desk.at():
        first = printed(1)
        handed(1)
    grant(desk.offices, 8, resident="res_1", request="req_8", replaces=first)
    desk.offices.post()
    with desk.at():
        written(
            "request.taken/1",
            subject="req_8",
            request="req_8",
            resident="res_1",
            reason="DAMAGED",
            papers=[],
            ticket_hash="0" * 64,
            home=KEC,
            host=KEC,
        )
        second = printed(8)
        no = hand_over(by(), card=second, proof=Proof(old_card=OldCard.NOT_SHOWN))
        assert no == Refusal("delivery.old_card_not_taken")
        given = hand_over(by(), card=second, proof=Proof(old_card=OldCard.TAKEN_IN))
        assert given == {"card": second, "voids": first}, given
        (piece,) = lying_at()
        assert (piece.card, piece.cause, piece.no) == (first, Cause.DAMAGED, None)
    whole(desk)


def test_an_old_card_that_was_not_shown_is_on_the_list_until_it_is_brought(desk):
    with desk.at():
        first = printed(1)
        handed(1)
        printed(2)
        handed(2, voids=first, resident="res_1")
        assert lying_at() == []
        (outside,) = not_handed_in()
        assert (outside.card, outside.serial) == (first, serial(1))
        no = brought(first)
        assert no == Refusal("withdrawal.cause_unknown"), "nobody said why it was replaced"
        assert isinstance(brought(first, cause="DATA_CHANGED"), dict)
        assert not_handed_in() == []
        (piece,) = lying_at()
        assert (piece.cause, piece.place) == (Cause.DATA_CHANGED, "lemari 1")
    whole(desk)


def test_a_card_from_before_ampera_taken_in_at_the_handover_lies_here_without_an_id(desk):
    with desk.at():
        printed(1)
        handed(1, old_card="TAKEN_IN", old_serial="ABC00000077")
        (piece,) = lying_at()
        assert (piece.card, piece.serial, piece.no) == ("", "ABC00000077", None)
    whole(desk)


def test_a_lost_card_is_not_asked_for_at_the_handover(desk):
    with desk.at():
        first = printed(1)
        handed(1)
        printed(2)
        handed(2, voids=first, resident="res_1", old_card="LOST")
        assert lying_at() == []
        assert not_handed_in() == []


def test_spoils_of_the_books_and_rejected_cards_lie_here_with_their_cause(desk):
    with desk.at():
        ruined = spoiled(1, cause="bad_blank")
        card = printed(2, result="REJECTED")
        lying = {each.piece: each for each in lying_at()}
        assert lying[ruined].cause is Cause.FACTORY_BAD
        assert lying[ruined].standing is Standing.SPOILED
        rejected = lying[serial(2)]
        assert (rejected.card, rejected.cause) == (card, Cause.FAILED_PRINT)
        assert rejected.standing is Standing.REJECTED
        assert all(each.how is How.SPOILED and each.no is None for each in lying.values())
        assert piece_seen(ruined) == lying[ruined]
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert lying_at() == [], "they lie at the kecamatan"


def test_a_card_voided_in_the_drawer_is_taken_from_it(desk):
    with desk.at():
        card = printed(1)
        assert brought(card, how=How.DRAWER) == Refusal("withdrawal.card_live")
    voided(desk, card, why="DIED")
    with desk.at():
        (to_seize,) = seize_list()
        assert (to_seize.card, to_seize.is_handed_over) == (card, False)
        assert isinstance(brought(card, how=How.DRAWER), dict)
        (piece,) = lying_at()
        assert (piece.cause, piece.serial) == (Cause.DIED, serial(1))
        assert seize_list() == []
    whole(desk)


def test_a_blocked_card_stays_on_the_seize_list_until_it_is_fetched(desk):
    with desk.at():
        card = printed(1)
        handed(1)
    voided(desk, card, why="BLOCKED")
    for code in (KEC, DINAS):
        with desk.offices.at(code):
            (to_seize,) = seize_list()
            assert (to_seize.card, to_seize.why.value) == (card, "BLOCKED")
            assert (to_seize.serial, str(to_seize.office)) == (serial(1), KEC)
            assert to_seize.is_handed_over
    with desk.at():
        assert isinstance(brought(card, how=How.SEIZED), dict)
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert seize_list() == []


# ---- found outside ----


def test_a_lost_card_that_is_found_stays_void_and_is_withdrawn(desk):
    with desk.at():
        card = printed(1)
        handed(1)
    voided(desk, card)
    with desk.at():
        seen = standing_seen(card=card, serial=serial(1))
        assert (seen.standing, seen.why, seen.office) == (Standing.VOID, "LOST", DINAS)
        answer = found(number=serial(1).lower())
        assert answer["standing"] == "VOID"
        (piece,) = lying_at()
        assert (piece.card, piece.cause) == (card, Cause.FOUND_AGAIN)
        assert not piece.may_go_back
        no = give_back(by(), piece=piece.piece, is_holder=True)
        assert no == Refusal("withdrawal.not_to_be_given_back")
        assert open_alarms() == []
        assert standing_seen(card=card, serial="").lies_at == KEC
    whole(desk)


def test_a_live_card_found_outside_is_an_alarm_and_goes_back_to_its_holder_only(desk):
    with desk.at():
        card = printed(1)
        handed(1)
        assert brought(card) == Refusal("withdrawal.card_live")
        answer = found(card, brought_by="Ketua RT contoh")
        assert answer["standing"] == "LIVE"
        ((key, text),) = open_alarms()
        assert key == f"found:{answer['piece']}"
        assert serial(1) in text
        assert "LIVE" in text
        (piece,) = lying_at()
        assert piece.may_go_back
        assert piece.no == Refusal("withdrawal.not_void")
        no = give_back(by(), piece=piece.piece, is_holder=False)
        assert no == Refusal("withdrawal.not_to_be_given_back")
        assert found(card) == Refusal("withdrawal.lies_already")
        back = give_back(by(), piece=piece.piece, is_holder=True)
        assert back == {"piece": piece.piece}
        again = give_back(by(), piece=piece.piece, is_holder=True)
        assert again == Refusal("withdrawal.given_back")
        assert lying_at() == []
        assert open_alarms() == [], "it is where it belongs"
        assert isinstance(found(card), dict), "it may be found once more"
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert len([key for key, _ in open_alarms() if key.startswith("found:")]) == 1
    whole(desk)


def test_a_found_card_that_is_reported_lost_meanwhile_is_not_given_back(desk):
    with desk.at():
        card = printed(1)
        handed(1)
        piece = found(card)["piece"]
    voided(desk, card)
    with desk.at():
        no = give_back(by(), piece=piece, is_holder=True)
        assert no == Refusal("withdrawal.not_to_be_given_back")
        (lying,) = lying_at()
        assert lying.no is None, "now it may be destroyed"


@pytest.mark.parametrize(
    ("make", "standing"),
    [
        (lambda: serial(6), "BLANK"),
        (lambda: spoiled(1), "SPOILED"),
        (lambda: (printed(1, result="REJECTED"), serial(1))[1], "REJECTED"),
        (lambda: (printed(1), serial(1))[1], "UNDER_WAY"),
    ],
)
def test_what_never_left_the_office_by_the_books_is_an_alarm_when_it_is_found(desk, make, standing):
    with desk.at():
        number = make()
        assert found(number=number)["standing"] == standing
        assert standing in open_alarms()[0][1]
        piece = next(each for each in lying_at() if each.how is How.FOUND)
        assert piece.no is not None, "the books settle it, not this register"


def test_a_card_of_another_city_is_kept_and_not_destroyed(desk):
    with desk.at():
        assert found(number="XYZ00000001")["standing"] == "UNKNOWN"
        assert open_alarms() == []
        (piece,) = lying_at()
        assert piece.no == Refusal("withdrawal.not_void")


# ---- refusals ----


def test_what_is_taken_in_is_a_card_of_a_place_by_an_officer(desk):
    from ampera.journal.actions import Command
    from ampera.withdrawal.actions import take_in
    from ampera.withdrawal.rules.pieces import Found

    with desk.at():
        card = printed(1)
    voided(desk, card)
    with desk.at():
        nobody = Command("cmd_nobody")
        by_nobody = take_in(nobody, found=Found(how=How.SEIZED, place="lemari", card=card))
        assert by_nobody == Refusal("withdrawal.by_nobody")
        assert brought(card, place=" ") == Refusal("withdrawal.no_place")
        assert brought() == Refusal("withdrawal.no_serial")
        assert brought(card, how=How.AT_HANDOVER) == Refusal("withdrawal.how_unknown")
        assert brought(serial=serial(6)) == Refusal("withdrawal.not_a_card")
        assert give_back(by(), piece="wdr_x", is_holder=True) == Refusal("withdrawal.piece_unknown")


def test_the_guards_come_back_from_the_facts(desk):
    with desk.at():
        card = printed(1)
    voided(desk, card)
    with desk.at():
        brought(card)
        before = list(InHand.objects.values())
        refresh_guards()
        assert list(InHand.objects.values()) == before
        assert [each["key"] for each in before] == [card]


def test_a_card_of_which_the_dinas_knows_the_maker_is_known_by_its_serial_there(desk):
    with desk.at():
        card = printed(1)
        handed(1)
    desk.offices.post()
    with desk.offices.at(DINAS):
        seen = standing_seen(card="", serial=serial(1))
        assert seen.standing is Standing.UNDER_WAY, "without the card the books say: issued"
        assert isinstance(found(number=serial(1)), dict)
        (piece,) = lying_at()
        assert (piece.card, piece.standing) == (card, Standing.LIVE)
