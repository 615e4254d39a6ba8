"""Why a card waits, as a table of cases: what the holder of a receipt reads comes from here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ampera.readiness.rules.policy import OfficeCard, policy
from ampera.readiness.rules.states import CardState, PermitState, RequestState
from ampera.readiness.rules.waiting import PermitOfWait, WaitFacts, printing_office, waits_of
from ampera.readiness.rules.waits import WaitCode
from ampera.words import OfficeCode

DAY = date(2017, 9, 7)
KEC, DINAS = OfficeCode("16.71.02"), OfficeCode("16.71")
IN_QUEUE = WaitFacts(
    state=RequestState.WAITING,
    reason="NEW",
    is_confirmed=True,
    printable_from="",
    host=KEC,
    verdict="PRINT_READY_RECORD",
)
PERMIT = PermitOfWait(
    office=KEC.text, state=PermitState.OPEN, is_recalled=False, print_until="2017-10-22"
)
ON_ITS_WAY = replace(
    IN_QUEUE, state=RequestState.ON_ITS_WAY, card=CardState.PERMITTED, permit=PERMIT
)


def codes(facts, *, opens=date(2017, 1, 2), is_known=True, is_shelf_empty=False):
    offices = {
        code: OfficeCard(code, opens, frozenset({"cetak"})) for code in (KEC, DINAS) if is_known
    }
    waits = waits_of(facts, day=DAY, by=policy(), offices=offices, is_shelf_empty=is_shelf_empty)
    return [wait.code for wait in waits]


def test_print_ready_and_nothing_in_the_way_is_the_queue():
    assert codes(IN_QUEUE) == [WaitCode.IN_QUEUE]


def test_an_empty_shelf_is_told_in_place_of_the_queue():
    assert codes(IN_QUEUE, is_shelf_empty=True) == [WaitCode.WAITING_FOR_BLANKO]


def test_every_reason_is_told_nearest_first():
    young = replace(IN_QUEUE, printable_from="2018-01-01")
    assert codes(young, opens=date(2017, 12, 1), is_shelf_empty=True) == [
        WaitCode.UNDER_AGE,
        WaitCode.OFFICE_NOT_OPEN,
        WaitCode.WAITING_FOR_BLANKO,
    ]


def test_an_office_that_nobody_described_cannot_print():
    assert codes(IN_QUEUE, is_known=False) == [WaitCode.OFFICE_CANNOT_PRINT]
    assert codes(replace(IN_QUEUE, host=None)) == [WaitCode.OFFICE_CANNOT_PRINT]


def test_what_only_others_told_of_names_no_office():
    assert printing_office(replace(IN_QUEUE, reason=""), day=DAY, by=policy()) is None


def test_a_replacement_without_a_recording_tells_what_the_centre_said_of_it():
    facts = replace(
        IN_QUEUE, state=RequestState.NOT_READY, verdict="", reason="LOST", is_recorded=False
    )
    assert codes(facts) == [WaitCode.NOT_RECORDED]
    assert codes(replace(facts, centre_answer="")) == [WaitCode.RECORD_FIRST]
    (wait,) = waits_of(replace(facts, centre_answer="16.72"), day=DAY, by=policy(), offices={})
    assert wait.code is WaitCode.RECORDED_ELSEWHERE
    assert "16.72" in wait.text()
    recorded = replace(facts, is_recorded=True, centre_answer="")
    assert codes(recorded) == [WaitCode.WAITING_FOR_CENTRE], "recorded meanwhile"


def test_before_the_verdict_the_centre_is_waited_for():
    facts = replace(IN_QUEUE, state=RequestState.NOT_READY, verdict="", is_confirmed=False)
    assert codes(facts) == [WaitCode.WAITING_FOR_CONFIRMATION, WaitCode.WAITING_FOR_CENTRE]
    assert codes(replace(facts, verdict="DUPLICATE_RECORD", is_confirmed=True)) == [
        WaitCode.VERDICT
    ]
    assert codes(replace(facts, verdict="PRINT_READY_RECORD")) == [WaitCode.IN_QUEUE]
    unconfirmed = replace(facts, state=RequestState.NOT_CONFIRMED)
    assert codes(unconfirmed) == [WaitCode.WAITING_FOR_CONFIRMATION]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (RequestState.DELIVERED, WaitCode.DELIVERED),
        (RequestState.REJECTED, WaitCode.REQUEST_REJECTED),
        (RequestState.CLOSED, WaitCode.CLOSED),
        (RequestState.OTHER_CARD, WaitCode.OTHER_CARD),
        (RequestState.HAS_CARD, WaitCode.HAS_CARD),
    ],
)
def test_some_states_say_all_by_themselves(state, code):
    assert codes(replace(IN_QUEUE, state=state)) == [code]


@pytest.mark.parametrize(
    ("permit", "code"),
    [
        ({}, WaitCode.PERMITTED),
        ({"state": PermitState.IN_ATTEMPT}, WaitCode.PRINTING),
        ({"state": PermitState.DISPUTED}, WaitCode.IN_DISPUTE),
        ({"state": PermitState.SUSPECT}, WaitCode.IN_DISPUTE),
        ({"is_recalled": True}, WaitCode.RECALLED),
        ({"print_until": "2017-09-06"}, WaitCode.PERMIT_EXPIRED),
        ({"print_until": "2017-09-07"}, WaitCode.PERMITTED),
    ],
)
def test_a_permit_says_how_far_its_card_is(permit, code):
    assert codes(replace(ON_ITS_WAY, permit=replace(PERMIT, **permit))) == [code]


def test_a_printed_card_outweighs_its_permit():
    expired = replace(PERMIT, print_until="2017-01-01")
    for card, code in (
        (CardState.PRINTED, WaitCode.TO_BE_CHECKED),
        (CardState.READY, WaitCode.READY_TO_COLLECT),
    ):
        assert codes(replace(ON_ITS_WAY, card=card, permit=expired)) == [code]
    assert codes(replace(ON_ITS_WAY, permit=None)) == [WaitCode.PRINTING]
