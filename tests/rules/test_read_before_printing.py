"""What a reader inside the printer says of a blank: when to wait, and what holds the printer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ampera.printing.rules.attempts import (
    READ_CAUSES,
    SPOIL_CAUSES,
    AttemptSeen,
    AttemptState,
    Cause,
    Ending,
    Phase,
    outcome_of,
)
from ampera.printing.rules.chips import READER_WAIT_SECONDS_MAX, is_reader_given_up

AT = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)


def an_attempt(cause: Cause) -> AttemptSeen:
    return AttemptSeen(
        id="att_1",
        office="16.71.02",
        permit="prm_1",
        card="crd_1",
        serial="SPC1",
        printer="p1",
        officer="off_sari",
        opened_at=AT,
        ended=AttemptState.UNKNOWN.value,
        cause=cause.value,
        ended_at=AT,
    )


def test_a_silent_reader_is_waited_for_and_then_given_up():
    assert not is_reader_given_up(READER_WAIT_SECONDS_MAX - 1)
    assert is_reader_given_up(READER_WAIT_SECONDS_MAX)


@pytest.mark.parametrize("cause", sorted(READ_CAUSES))
def test_a_blank_that_was_said_no_to_holds_the_printer_until_it_is_out_of_the_way(cause):
    held = an_attempt(cause)
    assert held.is_to_be_put_aside
    assert held.holds_printer
    for over in (replace(held, job_state="aborted"), replace(held, emptied_at=AT)):
        assert not over.is_to_be_put_aside
        assert not over.holds_printer


@pytest.mark.parametrize("cause", sorted(set(Cause) - READ_CAUSES))
def test_no_other_cause_asks_for_the_reject_bin(cause):
    assert not an_attempt(cause).is_to_be_put_aside


def test_an_open_attempt_is_not_put_aside():
    assert not replace(an_attempt(Cause.NO_CHIP), ended="").is_to_be_put_aside


@pytest.mark.parametrize("has_restarted", [True, False])
def test_an_attempt_whose_blank_is_still_to_be_read_is_gone_on_with(has_restarted):
    assert (
        outcome_of(None, phase=Phase.STAGING, has_restarted=has_restarted, waited_seconds=1e6)
        is None
    )


def test_a_job_that_the_printer_lists_is_believed_whatever_was_noted():
    ended = outcome_of("completed", phase=Phase.STAGING, has_restarted=True, waited_seconds=0)
    assert ended == Ending(AttemptState.PRINTED, Cause.COMPLETED)


def test_a_dead_chip_and_a_double_feed_may_stand_in_the_register_of_spoils():
    assert {Cause.NO_CHIP, Cause.DOUBLE_FEED} <= SPOIL_CAUSES
    assert not {Cause.WRONG_CHIP, Cause.UNREAD} & SPOIL_CAUSES
