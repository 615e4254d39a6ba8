"""The intake's rules: papers by date, who serves what, the order of steps, tickets and state
words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.intake.rules.papers import paper_names, paper_rules, papers_required, serves
from ampera.intake.rules.requests import (
    REQUIRED_FIELDS,
    RequestFacts,
    TakeRequest,
    decide_complete,
    decide_confirm,
    decide_hand_on,
    decide_reject,
    decide_take,
    missing_fields,
)
from ampera.intake.rules.states import Who, known_states, state_text, status_of
from ampera.intake.rules.tickets import ALPHABET, hash_of_ticket, read_ticket, ticket_from
from ampera.words import OfficeCode, Reason, Refusal, Tier
from tests.recordings import a_resident

K = OfficeCode("16.71.02")
D = OfficeCode("16.71")
DAY = date(2017, 9, 7)

PAPERS = {
    Reason.NEW: ("form", "kk_copy", "presence"),
    Reason.LOST: ("form", "kk_copy", "police_letter"),
    Reason.DAMAGED: ("form", "old_card"),
    Reason.DATA_CHANGED: ("form", "old_card", "event_proof"),
    Reason.MOVED: ("form", "old_card", "moving_letter"),
}


def a_request(**changes: object) -> RequestFacts:
    facts = RequestFacts(id="req_1", resident="res_1", reason=Reason.NEW, office=K, home=K, host=K)
    return replace(facts, **changes)


def take(**changes: object) -> TakeRequest | Refusal:
    facts = {
        "resident": a_resident(),
        "reason": Reason.NEW,
        "papers": PAPERS[Reason.NEW],
        "here": K,
        "on": DAY,
        "open_requests": (),
        **changes,
    }
    return decide_take(facts.pop("resident"), **facts)


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_one_paper_rule_on_any_day(reason):
    for day in (date(2017, 9, 7), date(2021, 9, 27), date(2021, 9, 28), date(2030, 1, 1)):
        assert papers_required(reason, on=day).basis


def test_a_first_card_needs_no_form_since_the_letter_of_2021():
    assert "form" in papers_required(Reason.NEW, on=date(2021, 9, 27)).required
    assert papers_required(Reason.NEW, on=date(2021, 9, 28)).required == ("kk_copy", "presence")


def test_a_first_card_needs_the_resident_in_person():
    assert "presence" in papers_required(Reason.NEW, on=DAY).required
    assert take(papers=("form", "kk_copy")) == Refusal("intake.paper_missing", paper="presence")


def test_nobody_may_be_asked_for_a_letter_of_the_rt_or_rw():
    asked = {paper for rule in paper_rules() for paper in rule.required}
    assert asked == set(paper_names())
    assert not any("rt" in name.split("_") or "rw" in name.split("_") for name in asked)


@pytest.mark.parametrize("reason", Reason)
def test_each_missing_paper_is_named(reason):
    for paper in PAPERS[reason]:
        others = tuple(each for each in PAPERS[reason] if each != paper)
        assert take(reason=reason, papers=others) == Refusal("intake.paper_missing", paper=paper)


def test_a_kecamatan_serves_first_cards_only():
    assert [reason for reason in Reason if serves(Tier.KECAMATAN, reason=reason, on=DAY)] == [
        Reason.NEW
    ]
    assert all(serves(Tier.DINAS, reason=reason, on=DAY) for reason in Reason)


def test_a_first_card_stays_at_the_kecamatan():
    assert take() == TakeRequest(goes_to=K, missing=())


@pytest.mark.parametrize("reason", [each for each in Reason if each.is_replacement])
def test_all_else_is_taken_and_goes_to_the_dinas(reason):
    assert take(reason=reason, papers=PAPERS[reason]) == TakeRequest(goes_to=D, missing=())
    assert take(reason=reason, papers=PAPERS[reason], here=D) == TakeRequest(goes_to=D, missing=())


def test_data_of_another_city_are_not_changed_here():
    guest = a_resident(home=OfficeCode("16.01.03"))
    refused = Refusal("intake.change_out_of_domicile", home="16.01")
    for reason in (Reason.DATA_CHANGED, Reason.MOVED):
        assert take(resident=guest, reason=reason, papers=PAPERS[reason]) == refused
    for reason in (Reason.NEW, Reason.LOST, Reason.DAMAGED):
        assert isinstance(take(resident=guest, reason=reason, papers=PAPERS[reason]), TakeRequest)


def test_before_april_2016_nobody_was_served_out_of_domicile():
    guest = a_resident(home=OfficeCode("16.01.03"))
    assert isinstance(take(resident=guest, on=date(2016, 3, 31)), Refusal)
    assert isinstance(take(resident=guest, on=date(2016, 4, 1)), TakeRequest)


def test_who_holds_a_card_asks_for_a_replacement():
    assert take(resident=a_resident(has_card=True)) == Refusal("intake.not_a_first_card")


def test_where_no_card_was_there_is_nothing_to_replace():
    holder = a_resident(has_card=False)
    lost = {"reason": Reason.LOST, "papers": PAPERS[Reason.LOST]}
    assert take(resident=holder, **lost) == Refusal("intake.no_card_to_replace")
    assert isinstance(take(resident=a_resident(has_card=None), **lost), TakeRequest)


def test_a_second_request_of_the_same_class_is_refused_while_one_is_open():
    refused = Refusal("intake.already_open", request="req_1")
    assert take(open_requests=[a_request()]) == refused
    lost = a_request(reason=Reason.LOST)
    damaged = {"reason": Reason.DAMAGED, "papers": PAPERS[Reason.DAMAGED]}
    assert take(open_requests=[lost], **damaged) == refused


def test_a_finished_request_or_one_of_the_other_class_bars_nothing():
    for known in (
        a_request(is_closed=True),
        a_request(rejected_why="withdrawn"),
        a_request(reason=Reason.LOST),
    ):
        assert isinstance(take(open_requests=[known]), TakeRequest)


def test_what_the_register_lacks_is_named_in_the_order_of_the_form():
    resident = a_resident(rw="", tempat_lahir="", tanggal_lahir=None)
    assert missing_fields(resident) == ("tempat_lahir", "tanggal_lahir", "rw")
    assert missing_fields(a_resident()) == ()


def test_every_required_field_is_one_of_the_resident():
    empty = a_resident(no_kk=None, tanggal_lahir=None, **dict.fromkeys(_TEXTS, ""))
    assert missing_fields(empty) == REQUIRED_FIELDS


_TEXTS = tuple(name for name in REQUIRED_FIELDS if name not in ("no_kk", "tanggal_lahir"))


def test_incomplete_data_are_not_reported():
    refused = Refusal("intake.field_missing", field="rt", count=2)
    assert decide_complete(a_request(), here=K, missing=("rt", "rw")) == refused
    assert decide_complete(a_request(), here=K, missing=()) is None


def test_data_are_reported_once_by_who_took_or_got_the_request():
    done = a_request(is_completed=True)
    assert decide_complete(done, here=K, missing=()) == Refusal("intake.already_completed")
    other = OfficeCode("16.71.06")
    assert decide_complete(a_request(), here=other, missing=()) == Refusal("intake.no_such_request")
    assert decide_complete(a_request(handed_to="16.71"), here=D, missing=()) is None
    gone = a_request(rejected_why="withdrawn")
    assert decide_complete(gone, here=K, missing=()) == Refusal("intake.not_open")


def test_only_the_dinas_confirms_and_only_after_the_report():
    assert decide_confirm(a_request(is_completed=True), here=D) is None
    assert decide_confirm(a_request(), here=D) == Refusal("intake.not_completed")
    assert decide_confirm(a_request(is_completed=True), here=K) == Refusal("intake.dinas_decides")
    elsewhere = OfficeCode("16.72")
    no = Refusal("intake.no_such_request")
    assert decide_confirm(a_request(is_completed=True), here=elsewhere) == no


def test_a_decision_is_made_once():
    confirmed = a_request(is_completed=True, is_confirmed=True)
    assert decide_confirm(confirmed, here=D) == Refusal("intake.already_confirmed")
    assert decide_reject(confirmed, here=D, why="withdrawn") == Refusal("intake.already_confirmed")
    rejected = a_request(rejected_why="withdrawn")
    assert decide_confirm(rejected, here=D) == Refusal("intake.not_open")
    assert decide_reject(rejected, here=D, why="withdrawn") == Refusal("intake.not_open")


def test_a_rejection_gives_a_reason_of_the_list():
    assert decide_reject(a_request(), here=D, why="nik_double") is None
    free_text = decide_reject(a_request(), here=D, why="he is called otherwise")
    assert free_text == Refusal("intake.why_unknown")


def test_only_a_kecamatan_hands_on_and_only_once():
    assert decide_hand_on(a_request(), here=K) == D
    again = Refusal("intake.already_handed_on", office="16.71")
    assert decide_hand_on(a_request(handed_to="16.71"), here=K) == again
    at_dinas = a_request(office=D)
    assert decide_hand_on(at_dinas, here=D) == Refusal("intake.nowhere_to_hand_on")
    assert decide_hand_on(a_request(is_closed=True), here=K) == Refusal("intake.not_open")
    assert decide_hand_on(a_request(), here=D) == Refusal("intake.no_such_request")


@given(st.binary(min_size=16, max_size=16))
def test_a_ticket_has_twelve_characters_that_nobody_misreads(salt):
    ticket = ticket_from(salt)
    assert len(ticket) == 12
    assert not set(ticket) & set("01ILOUV")
    assert read_ticket(f" {ticket[:4].lower()}-{ticket[4:8]} {ticket[8:]}") == ticket
    assert len(hash_of_ticket(ticket)) == 64


def test_tickets_spread_over_the_whole_alphabet():
    chance = Random(5)
    tickets = [ticket_from(chance.randbytes(16)) for _ in range(500)]
    assert len(set(tickets)) == 500
    for place in range(12):
        assert {ticket[place] for ticket in tickets} == set(ALPHABET)


@pytest.mark.parametrize("text", ["", "K7M2", "0" * 12, "K7M29QXA4TRPX", "K7M29QXA4TR!"])
def test_what_cannot_be_a_ticket_is_not_read(text):
    assert read_ticket(text) is None


def test_every_word_of_siak_has_texts():
    words = """UNREGISTERED BIO_CAPTURED PROCESSING SENT_FOR_ENROLLMENT RECEIVED_AT_CENTRAL
        ENROLL_FAILURE_AT_CENTRAL SEARCH_FAILURE_AT_CENTRAL ENROLL_FAILURE_AT_REGIONAL
        ADJUDICATE_RECORD REQUEST_VALIDATION DUPLICATE_RECORD PRINT_READY_RECORD
        SENT_FOR_CARD_PRINTING CARD_PRINTED CARD_SHIPPED CARD_ISSUED SENT_FOR_DEDUP PACKET_RETRY"""
    for word in words.split():
        text = state_text(word)
        assert text.is_known
        assert text.word == word
        assert text.next_id
        assert text.resident_en
    assert {state.who for state in known_states().values()} == set(Who)


def test_short_codes_and_wrapped_words_are_understood():
    assert state_text("PRR").word == "PRINT_READY_RECORD"
    assert state_text("sent for\n enrollment").word == "SENT_FOR_ENROLLMENT"
    assert state_text("CARD SHIPPED").word == "CARD_SHIPPED"


@given(st.text())
def test_an_unknown_word_is_shown_as_it_came_and_never_crashes(word):
    text = state_text(word)
    assert text.is_known or (text.word == word and text.title_id == word)


def test_a_request_says_where_it_stands_at_each_step():
    steps = [
        (a_request(missing=("rt",)), "DATA_INCOMPLETE", Who.OFFICE),
        (a_request(), "REQUEST_TAKEN", Who.OFFICE),
        (a_request(is_completed=True), "REPORTED", Who.DINAS),
        (a_request(is_completed=True, is_confirmed=True), "UNREGISTERED", Who.RESIDENT),
        (
            a_request(reason=Reason.LOST, is_completed=True, is_confirmed=True),
            "NIK_CONFIRMED",
            Who.DINAS,
        ),
        (a_request(is_closed=True), "CARD_ISSUED", Who.NOBODY),
        (a_request(rejected_why="nik_double"), "REQUEST_REJECTED", Who.RESIDENT),
    ]
    for facts, word, who in steps:
        status = status_of(facts)
        assert (status.word, status.who) == (word, who)


def test_later_stations_have_the_last_word_unless_the_request_is_over():
    assert status_of(a_request(is_completed=True), siak="PRR").word == "PRINT_READY_RECORD"
    assert status_of(a_request(is_closed=True), siak="CARD_PRINTED").word == "CARD_ISSUED"
    rejected = status_of(a_request(rejected_why="nik_unknown"), siak="BIO_CAPTURED")
    assert rejected.word == "REQUEST_REJECTED"
    assert "NIK" in rejected.why_id
