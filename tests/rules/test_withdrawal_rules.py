"""Causes, ways and standings: tables of cases, as the orders and the books have them."""

from __future__ import annotations

from datetime import date

import pytest

from ampera.readiness.rules.states import CardState, Said
from ampera.withdrawal.rules.pieces import (
    ALARMING,
    Standing,
    cause_of_reason,
    cause_of_void,
    standing_of,
)
from ampera.withdrawal.rules.policy import Cause, Way, cause_of_spoil, causes, rule_on, rules
from ampera.words import Reason


@pytest.mark.parametrize(
    ("day", "way", "lies_days_max"),
    [
        ("2010-01-01", Way.SENT, -1),
        ("2018-05-27", Way.SENT, -1),
        ("2018-05-28", Way.CUT, -1),
        ("2018-12-12", Way.CUT, -1),
        ("2018-12-13", Way.BURNED, -1),
        ("2022-11-30", Way.BURNED, -1),
        ("2022-12-01", Way.BURNED, 0),
    ],
)
def test_what_becomes_of_a_withdrawn_card_changed_with_the_orders(day, way, lies_days_max):
    rule = rule_on(date.fromisoformat(day))
    assert (rule.way, rule.lies_days_max) == (way, lies_days_max)


def test_since_2022_a_piece_goes_on_the_day_on_which_it_came_in():
    today = date(2023, 3, 8)
    rule = rule_on(today)
    assert "202241" in rule.basis
    assert not rule.is_overdue(today, day=today)
    assert rule.is_overdue(date(2023, 3, 7), day=today)
    before = rule_on(date(2019, 1, 1))
    assert not before.is_overdue(date(2018, 1, 1), day=date(2019, 1, 1))


def test_every_rule_names_its_order_and_every_cause_has_both_texts():
    assert all(rule.basis for rule in rules())
    assert set(causes()) == set(Cause)
    assert all(text.id and text.en for text in causes().values())
    words = [word for text in causes().values() for word in text.spoiled_as]
    assert len(words) == len(set(words)), "a word of printing means one cause"


def test_printing_s_words_become_the_causes_of_the_report():
    assert cause_of_spoil("failed_print") is Cause.FAILED_PRINT
    assert cause_of_spoil("bad_blank") is Cause.FACTORY_BAD
    assert cause_of_spoil("failed_encode") is Cause.FAILED_ENCODE
    assert cause_of_spoil("a word of tomorrow") is Cause.OTHER


def test_every_spoil_that_printing_can_say_has_a_cause():
    from ampera.printing.rules.attempts import SPOIL_CAUSES

    assert {cause_of_spoil(each.value) for each in SPOIL_CAUSES} <= {
        *(Cause.FACTORY_BAD, Cause.FAILED_ENCODE, Cause.FAILED_PRINT),
    }


@pytest.mark.parametrize(
    ("state", "account", "destroyed", "standing"),
    [
        (CardState.VALID, "issued", False, Standing.LIVE),
        (CardState.READY, "issued", False, Standing.UNDER_WAY),
        (CardState.PRINTED, "issued", False, Standing.UNDER_WAY),
        (CardState.VOID, "issued", False, Standing.VOID),
        (CardState.ENDED, "", False, Standing.VOID),
        (CardState.REJECTED, "spoiled", False, Standing.REJECTED),
        (CardState.VOID, "destroyed", False, Standing.DESTROYED),
        (CardState.VALID, "issued", True, Standing.DESTROYED),
        (CardState.PERMITTED, "reserved", False, Standing.UNDER_WAY),
        (None, "spoiled", False, Standing.SPOILED),
        (None, "issued", False, Standing.UNDER_WAY),
        (None, "shelf", False, Standing.BLANK),
        (None, "transit", False, Standing.BLANK),
        (None, "", False, Standing.UNKNOWN),
    ],
)
def test_what_a_serial_is(state, account, destroyed, standing):
    assert standing_of(state, account=account, is_destroyed=destroyed) is standing


def test_a_void_card_outside_is_no_alarm_and_all_else_that_is_known_is():
    assert set(Standing) - ALARMING == {Standing.VOID, Standing.UNKNOWN}


def test_the_cause_follows_from_the_void_or_from_the_reason():
    assert cause_of_void({Said.HANDED_OVER, Said.LOST}) is Cause.FOUND_AGAIN
    assert cause_of_void({Said.DIED}) is Cause.DIED
    assert cause_of_void({Said.REPLACED}) is None
    assert cause_of_reason(Reason.MOVED) is Cause.MOVED
    assert cause_of_reason(Reason.NEW) is Cause.OTHER
    assert cause_of_reason(None) is Cause.OTHER
