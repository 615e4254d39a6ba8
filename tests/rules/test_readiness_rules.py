"""Readiness decided without a database: policy of the day, states from sets, who may take and
void."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.readiness.rules import policy as policies
from ampera.readiness.rules.policy import OfficeCard, policy, read_policy
from ampera.readiness.rules.states import (
    OF_AN_ATTEMPT,
    VOID_REASONS,
    CardFacts,
    CardState,
    PermitFacts,
    PermitState,
    RequestFacts,
    Said,
    VoidFacts,
    attempt_state,
    bars_another,
    card_state,
    check_take,
    check_void,
    permit_state,
    request_state,
)
from ampera.readiness.rules.waits import Wait, WaitCode, texts
from ampera.words import OfficeCode, Reason, Refusal, Tier

BEFORE, OPENING = date(2017, 9, 6), date(2017, 9, 7)
KECAMATAN = OfficeCard(OfficeCode("16.71.02"), OPENING, frozenset({"cetak", "loket"}))
DINAS = OfficeCard(OfficeCode("16.71"), date(2014, 12, 1), frozenset({"cetak"}))
NEW, CHANGED = Reason.NEW, Reason.DATA_CHANGED


def facts(*said: Said, attempts: tuple[set[Said], ...] = ()) -> CardFacts:
    return CardFacts(frozenset(said), tuple(frozenset(each) for each in attempts))


PRINTED = ({Said.OPENED, Said.PRINTED},)


# ---- policy ----


def test_kecamatan_print_first_cards_and_the_dinas_the_others():
    assert policies.reasons_printed(KECAMATAN, day=OPENING, by=policy()) == {NEW}
    assert policies.reasons_printed(DINAS, day=OPENING, by=policy()) == set(Reason) - {NEW}


def test_before_that_order_the_dinas_printed_everything():
    assert policies.reasons_printed(DINAS, day=BEFORE, by=policy()) == set(Reason)
    assert policies.printing_tier(NEW, day=BEFORE, by=policy()) is Tier.DINAS
    assert policies.printing_tier(NEW, day=OPENING, by=policy()) is Tier.KECAMATAN
    assert policies.printing_tier(NEW, day=date(2010, 1, 1), by=policy()) is None


def test_an_office_prints_from_its_day_on_and_with_a_printer_only():
    no = policies.reasons_printed(KECAMATAN, day=BEFORE, by=policy())
    assert no == Refusal("readiness.office_not_open", office="16.71.02", day="2017-09-07")
    without = OfficeCard(KECAMATAN.office, OPENING, frozenset({"loket"}))
    for card in (without, OfficeCard(KECAMATAN.office, None, frozenset({"cetak"}))):
        no = policies.reasons_printed(card, day=OPENING, by=policy())
        assert no == Refusal("readiness.office_cannot_print", office="16.71.02")


def test_a_kecamatan_that_opened_before_any_reason_was_given_to_it_prints_nothing():
    early = OfficeCard(KECAMATAN.office, date(2015, 1, 1), frozenset({"cetak"}))
    no = policies.reasons_printed(early, day=BEFORE, by=policy())
    assert no == Refusal("readiness.office_cannot_print", office="16.71.02")


def test_a_permit_runs_for_45_days_and_is_renewed_near_its_end():
    until = policies.print_until(OPENING, by=policy())
    assert until == date(2017, 10, 22)
    assert not policies.is_to_renew(until, day=date(2017, 9, 22), by=policy())
    assert policies.is_to_renew(until, day=date(2017, 9, 23), by=policy())
    assert policies.is_to_renew(until, day=until, by=policy())
    assert not policies.is_to_renew(until, day=date(2017, 10, 23), by=policy())
    assert not policies.is_forfeitable(until, day=date(2017, 10, 24), by=policy())
    assert policies.is_forfeitable(until, day=date(2017, 10, 25), by=policy())


@pytest.mark.parametrize(
    ("old", "new"),
    [('"first_card"', '"who_pays"'), (', "request"]', "]"), ('"NEW"', '"NEWEST"')],
)
def test_policy_data_that_nobody_understands_is_a_defect(old, new):
    text = (policies.files("ampera.readiness") / "policy.toml").read_text("utf-8")
    with pytest.raises(ValueError, match=r"ordered by|NEWEST"):
        read_policy(text.replace(old, new))


def test_the_queue_is_ordered_by_the_row_of_the_day():
    assert policy().order_on(BEFORE) == ("first_card", "waiting_since", "request")
    assert policy().order_on(OPENING) == (
        *("jump", "urgency", "first_card", "waiting_since", "request"),
    )
    assert policy().order_on(date(2010, 1, 1)) == ("request",)


# ---- states ----


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ({Said.OPENED}, "OPEN"),
        ({Said.OPENED, Said.UNKNOWN}, "OPEN"),
        ({Said.OPENED, Said.SPOILED}, "OVER"),
        ({Said.OPENED, Said.WITHDRAWN}, "OVER"),
        ({Said.OPENED, Said.UNKNOWN, Said.SHELF}, "OVER"),
        ({Said.OPENED, Said.UNKNOWN, Said.DISPUTE}, "DISPUTED"),
        ({Said.OPENED, Said.UNKNOWN, Said.PRINTED}, "PRINTED"),
        ({Said.PRINTED, Said.SPOILED}, "PRINTED"),
    ],
)
def test_an_attempt_stands_where_its_words_say(words, state):
    assert attempt_state(words) == state


@pytest.mark.parametrize(
    ("card", "state"),
    [
        (facts(), "PERMITTED"),
        (facts(attempts=({Said.OPENED, Said.SPOILED},)), "PERMITTED"),
        (facts(attempts=PRINTED), "PRINTED"),
        (facts(Said.READY, attempts=PRINTED), "READY"),
        (facts(Said.READY, Said.REJECTED, attempts=PRINTED), "REJECTED"),
        (facts(Said.READY, Said.HANDED_OVER, attempts=PRINTED), "VALID"),
        (facts(Said.IMPORTED), "VALID"),
        (facts(Said.READY, Said.HANDED_OVER, Said.REPLACED, attempts=PRINTED), "VOID"),
        (facts(Said.LOST, Said.IMPORTED), "VOID"),
        (facts(Said.RETURNED), "ENDED"),
        (facts(Said.FORFEITED), "ENDED"),
        (facts(Said.FORFEITED, attempts=PRINTED), "VOID"),
        (facts(Said.RETURNED, Said.HANDED_OVER, attempts=PRINTED), "VOID"),
    ],
)
def test_a_card_is_valid_from_its_handover_until_it_is_voided(card, state):
    assert card_state(card) == state


@pytest.mark.parametrize(
    ("card", "state"),
    [
        (facts(), "OPEN"),
        (facts(Said.RECALLED), "OPEN"),
        (facts(Said.BLOCKED), "OPEN"),
        (facts(attempts=({Said.OPENED, Said.SPOILED}, {Said.OPENED})), "IN_ATTEMPT"),
        (facts(attempts=({Said.OPENED, Said.SPOILED}, {Said.PRINTED})), "PRINTED"),
        (facts(attempts=({Said.UNKNOWN, Said.DISPUTE},)), "DISPUTED"),
        (facts(Said.SUSPECTED), "SUSPECT"),
        (facts(Said.SUSPECTED, attempts=PRINTED), "PRINTED"),
        (facts(Said.RECALLED, Said.RETURNED), "RETURNED"),
        (facts(Said.FORFEITED), "FORFEITED"),
        (facts(Said.FORFEITED, attempts=PRINTED), "PRINTED"),
    ],
)
def test_a_permit_stands_where_its_words_say(card, state):
    assert permit_state(card) == state


def test_a_card_voided_before_it_was_printed_bars_another_until_its_holder_answers():
    assert bars_another(facts(Said.BLOCKED))
    assert not bars_another(facts(Said.BLOCKED, Said.RECALLED, Said.RETURNED))
    assert not bars_another(facts(Said.BLOCKED, attempts=PRINTED))
    assert not bars_another(facts(Said.NOT_MADE, attempts=({Said.DISPUTE},)))
    assert not bars_another(facts(Said.REJECTED, attempts=PRINTED))
    assert bars_another(facts(attempts=({Said.DISPUTE},)))


words = st.frozensets(st.sampled_from(sorted(Said)), max_size=8)


@given(words, st.lists(st.frozensets(st.sampled_from(sorted(OF_AN_ATTEMPT))), max_size=2))
def test_no_card_is_valid_and_bars_nothing_while_it_may_still_come_out(said, attempts):
    card = CardFacts(said, tuple(attempts))
    may_come_out = permit_state(card) in (PermitState.OPEN, PermitState.IN_ATTEMPT)
    is_over = card.said & {
        *(Said.HANDED_OVER, Said.IMPORTED, Said.REJECTED, Said.NOT_MADE, Said.FORFEITED)
    }
    if may_come_out and not is_over:
        assert bars_another(card)
    assert not (card_state(card) is CardState.VALID and bars_another(card))


def asked(**changes: object) -> RequestFacts:
    plain = {
        "reason": NEW,
        "is_confirmed": False,
        "is_rejected": False,
        "has_record": True,
        "is_own_record": True,
    }
    return RequestFacts(**(plain | changes))


@pytest.mark.parametrize(
    ("request_facts", "state"),
    [
        (asked(), "WAITING"),
        (asked(has_record=False, is_own_record=False), "NOT_READY"),
        (asked(is_own_record=False), "NOT_READY"),
        (asked(is_own_record=False, reason=CHANGED), "NOT_CONFIRMED"),
        (asked(is_own_record=False, reason=CHANGED, is_confirmed=True), "WAITING"),
        (asked(is_rejected=True), "REJECTED"),
        (asked(cards=(facts(),)), "ON_ITS_WAY"),
        (asked(cards=(facts(Said.RETURNED),)), "WAITING"),
        (asked(cards=(facts(Said.REJECTED, attempts=PRINTED),)), "WAITING"),
        (asked(cards=(facts(Said.LOST, attempts=PRINTED),)), "WAITING"),
        (asked(cards=(facts(Said.FORFEITED),)), "WAITING"),
        (asked(cards=(facts(Said.NOT_MADE, attempts=({Said.DISPUTE},)),)), "WAITING"),
        (asked(cards=(facts(Said.HANDED_OVER, Said.READY, attempts=PRINTED),)), "DELIVERED"),
        (asked(cards=(facts(Said.HANDED_OVER, Said.LOST, attempts=PRINTED),)), "DELIVERED"),
        (asked(cards=(facts(Said.BLOCKED),)), "CLOSED"),
        (asked(others=(facts(Said.DIED),)), "CLOSED"),
        (asked(others=(facts(Said.BLOCKED),)), "OTHER_CARD"),
        (asked(others=(facts(Said.BLOCKED, Said.RETURNED),)), "WAITING"),
        (asked(others=(facts(),)), "OTHER_CARD"),
        (asked(others=(facts(Said.IMPORTED),)), "HAS_CARD"),
        (asked(others=(facts(Said.IMPORTED),), reason=CHANGED), "NOT_CONFIRMED"),
        (asked(others=(facts(Said.IMPORTED),), reason=CHANGED, is_confirmed=True), "WAITING"),
        (asked(others=(facts(Said.IMPORTED, Said.LOST),)), "WAITING"),
    ],
)
def test_a_request_stands_where_the_set_of_facts_says(request_facts, state):
    assert request_state(request_facts) == state


@given(st.lists(words, max_size=3), st.lists(words, max_size=3), st.data())
def test_states_do_not_depend_on_order(own, others, data):
    cards = [CardFacts(each) for each in own]
    rest = [CardFacts(each) for each in others]
    first = asked(cards=tuple(cards), others=tuple(rest))
    second = asked(
        cards=tuple(data.draw(st.permutations(cards))),
        others=tuple(data.draw(st.permutations(rest))),
    )
    assert request_state(first) is request_state(second)


# ---- taking and voiding ----


def take(**changes: object) -> PermitFacts:
    plain = {
        "is_here": True,
        "state": PermitState.OPEN,
        "until": OPENING,
        "is_held": False,
        "is_card_void": False,
    }
    return PermitFacts(**(plain | changes))


@pytest.mark.parametrize(
    ("permit", "code"),
    [
        (take(), None),
        (take(is_here=False), "readiness.permit_elsewhere"),
        (take(state=PermitState.RETURNED), "readiness.permit_returned"),
        (take(state=PermitState.FORFEITED), "readiness.permit_forfeited"),
        (take(state=PermitState.PRINTED), "readiness.permit_spent"),
        (take(state=PermitState.DISPUTED), "readiness.permit_spent"),
        (take(state=PermitState.SUSPECT), "readiness.permit_spent"),
        (take(state=PermitState.IN_ATTEMPT), "readiness.permit_held"),
        (take(is_held=True), "readiness.permit_held"),
        (take(is_card_void=True), "readiness.card_void"),
        (take(until=BEFORE), "readiness.permit_expired"),
    ],
)
def test_an_attempt_begins_under_an_open_permit_only(permit, code):
    no = check_take(permit, day=OPENING, is_clock_doubtful=False)
    assert (no.code if no is not None else None) == code


def test_no_attempt_begins_by_a_clock_that_went_back():
    no = check_take(take(), day=OPENING, is_clock_doubtful=True)
    assert no == Refusal("server.clock_doubtful")


@pytest.mark.parametrize(
    ("why", "state", "is_disputed", "witness", "code"),
    [
        ("LOST", CardState.VALID, False, "", None),
        ("LOST", CardState.READY, False, "", None),
        ("LOST", CardState.PERMITTED, False, "", "readiness.card_not_made"),
        ("LOST", CardState.REJECTED, False, "", "readiness.card_not_made"),
        ("BLOCKED", CardState.PERMITTED, False, "off_b", None),
        ("BLOCKED", CardState.PERMITTED, False, "", "officer.same_person"),
        ("ANNULLED", CardState.VALID, False, "off_a", "officer.same_person"),
        ("UNCOLLECTED", CardState.READY, False, "off_b", None),
        ("UNCOLLECTED", CardState.PRINTED, False, "off_b", "readiness.no_card_to_void"),
        ("DIED", CardState.VALID, False, "", None),
        ("ANNULLED", CardState.VOID, False, "", "readiness.card_void"),
        ("ANNULLED", CardState.ENDED, False, "", "readiness.card_void"),
        ("NOT_MADE", CardState.PERMITTED, True, "off_b", None),
        ("NOT_MADE", CardState.PERMITTED, True, "", "officer.same_person"),
        ("NOT_MADE", CardState.PERMITTED, True, "off_a", "officer.same_person"),
        ("NOT_MADE", CardState.PERMITTED, False, "off_b", "readiness.not_in_dispute"),
        ("NOT_MADE", CardState.VALID, True, "off_b", "readiness.not_in_dispute"),
        ("REPLACED", CardState.VALID, False, "", "readiness.void_reason"),
        ("READY", CardState.VALID, False, "", "readiness.void_reason"),
        ("tired of it", CardState.VALID, False, "", "readiness.void_reason"),
    ],
)
def test_a_card_is_voided_for_a_reason_only(why, state, is_disputed, witness, code):
    no = check_void(why, facts=VoidFacts(state, is_disputed), officer="off_a", witness=witness)
    assert (no.code if no is not None else None) == code


def test_every_reason_to_void_voids():
    for why in VOID_REASONS:
        assert card_state(facts(why, Said.HANDED_OVER)) is CardState.VOID


# ---- reasons to wait ----


def test_every_reason_to_wait_has_a_text_in_both_languages():
    assert set(texts()) == set(WaitCode)
    known = {"day": "2017-09-07", "office": "16.71.02", "verdict": "DUPLICATE_RECORD"}
    known |= {"home": "16.71.06"}
    for code, language in itertools.product(WaitCode, ("id", "en")):
        assert Wait(code, known).text(language)
    late = Wait(WaitCode.OFFICE_NOT_OPEN, known)
    assert late.text() == "Kantor 16.71.02 mulai mencetak pada 2017-09-07."
    assert late.text("en") == "Office 16.71.02 prints from 2017-09-07."
