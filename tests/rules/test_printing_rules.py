"""Attempts: every decision from the first feed to the settlement, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.printing.ports import JobState
from ampera.printing.rules.attempts import (
    ANSWER_WAIT_SECONDS_MAX,
    NEVER_TAKEN,
    NEXT,
    SETTLEMENTS,
    AttemptSeen,
    AttemptState,
    Cause,
    Ending,
    OpenFacts,
    Phase,
    decide_end,
    decide_open,
    decide_settle,
    is_ended_state,
    is_printed_late,
    outcome_of,
    state_of,
)
from ampera.printing.rules.printers import (
    Running,
    has_restarted,
)

NOON = datetime(2017, 9, 7, 5, 0, tzinfo=UTC)
SARI, BUDI = "off_sari", "off_budi"


def an_attempt(**facts: object) -> AttemptSeen:
    attempt = AttemptSeen(
        id="att_1",
        office="16.71.02",
        permit="prm_1",
        card="crd_1",
        serial="B0001",
        printer="p1",
        officer=SARI,
        opened_at=NOON,
    )
    return replace(attempt, **facts)  # type: ignore[arg-type]


def open_facts(**facts: object) -> OpenFacts:
    free = OpenFacts(
        is_quarantined=False,
        is_clock_doubtful=False,
        is_permit_here=True,
        is_permit_over=False,
        serial="B0001",
        must_purge=False,
        on_printer=(),
    )
    return replace(free, **facts)  # type: ignore[arg-type]


def code(no: object) -> str | None:
    return getattr(no, "code", None)


# ---- opening ----


def test_a_free_printer_with_permit_and_blanko_may_begin():
    assert decide_open(open_facts(), printer="p1") is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"is_quarantined": True}, "server.quarantined"),
        ({"is_clock_doubtful": True}, "server.clock_doubtful"),
        ({"is_permit_here": False}, "printing.no_permit"),
        ({"is_permit_over": True}, "printing.permit_over"),
        ({"serial": None}, "printing.no_blanko"),
        ({"must_purge": True}, "printing.printer_to_purge"),
        ({"on_printer": (an_attempt(),)}, "printing.printer_busy"),
        (
            {"on_printer": (an_attempt(ended="UNKNOWN", cause="restarted"),)},
            "printing.printer_not_emptied",
        ),
    ],
)
def test_what_bars_a_new_attempt(facts, expected):
    assert code(decide_open(open_facts(**facts), printer="p1")) == expected


@pytest.mark.parametrize(
    "before",
    [
        an_attempt(ended="PRINTED", cause="completed"),
        an_attempt(ended="UNKNOWN", cause="aborted"),
        an_attempt(ended="WITHDRAWN", cause="unreachable"),
        an_attempt(ended="UNKNOWN", cause="restarted", emptied_at=NOON),
        an_attempt(ended="UNKNOWN", cause="answer_lost", job_state="completed"),
    ],
)
def test_the_next_attempt_waits_only_until_the_job_is_seen_ended_or_the_printer_emptied(before):
    assert not before.holds_printer
    assert decide_open(open_facts(on_printer=(before,)), printer="p1") is None


def test_a_job_that_was_given_up_and_taken_up_again_holds_the_printer():
    assert an_attempt(ended="UNKNOWN", cause="aborted", job_state="processing").holds_printer


def test_a_late_print_holds_the_printer_until_it_is_emptied_afterwards():
    late = an_attempt(ended="UNKNOWN", settled="SHELF", job_state="completed", late_at=NOON)
    assert late.holds_printer
    assert replace(late, emptied_at=NOON - timedelta(minutes=1)).holds_printer
    assert not replace(late, emptied_at=NOON + timedelta(minutes=1)).holds_printer


# ---- what the printer's word means ----


def told(job_state, *, phase=Phase.SENT, restarted=False, waited=0.0):
    return outcome_of(job_state, phase=phase, has_restarted=restarted, waited_seconds=waited)


def test_a_completed_job_is_a_printed_card():
    assert told("completed") == Ending(AttemptState.PRINTED, Cause.COMPLETED)


@pytest.mark.parametrize("job_state", ["aborted", "canceled"])
def test_a_job_that_was_given_up_says_nothing_about_the_blank(job_state):
    ending = told(job_state)
    assert ending is not None
    assert ending.outcome is AttemptState.UNKNOWN
    assert ending.cause.is_job_over


@pytest.mark.parametrize("job_state", ["pending", "pending-held", "held", "processing", "stopped"])
def test_a_pause_for_heat_or_an_empty_hopper_is_no_failed_attempt(job_state):
    assert told(job_state, restarted=True, waited=1e9) is None


def test_a_job_that_was_never_sent_is_withdrawn():
    assert told(None, phase=Phase.NEVER_SENT) == Ending(AttemptState.WITHDRAWN, Cause.NEVER_SENT)


def test_only_a_printer_that_never_stopped_proves_that_nothing_was_sent():
    ending = told(None, phase=Phase.NEVER_SENT, restarted=True)
    assert ending == Ending(AttemptState.UNKNOWN, Cause.RESTARTED)


def test_a_lost_answer_stays_open_while_the_printer_may_still_list_the_job():
    assert told(None, phase=Phase.SENDING, waited=ANSWER_WAIT_SECONDS_MAX - 1) is None


def test_a_lost_answer_becomes_unknown_when_the_printer_never_lists_the_job():
    ending = told(None, phase=Phase.SENDING, waited=ANSWER_WAIT_SECONDS_MAX)
    assert ending == Ending(AttemptState.UNKNOWN, Cause.ANSWER_LOST)
    assert not ending.cause.is_job_over


def test_a_printer_that_restarted_and_forgot_leaves_the_outcome_unknown():
    ending = told(None, phase=Phase.SENDING, restarted=True)
    assert ending == Ending(AttemptState.UNKNOWN, Cause.RESTARTED)


def test_a_job_that_was_taken_and_is_listed_no_more_is_unknown():
    assert told(None) == Ending(AttemptState.UNKNOWN, Cause.FORGOTTEN)


def test_a_job_is_never_taken_for_withdrawn_once_sending_began():
    for phase in (Phase.SENDING, Phase.SENT):
        for job_state in [None, *(state.value for state in JobState)]:
            for restarted in (False, True):
                ending = told(job_state, phase=phase, restarted=restarted, waited=1e9)
                assert ending is None or ending.outcome is not AttemptState.WITHDRAWN


@pytest.mark.parametrize("state", list(JobState))
def test_rules_and_port_agree_on_which_jobs_have_ended(state):
    assert is_ended_state(state.value) == state.is_ended


def test_another_machine_or_a_shorter_up_time_is_a_restart():
    then = Running("u1", 1000)
    assert not has_restarted(then, now=Running("u1", 1030), elapsed_seconds=30)
    assert has_restarted(then, now=Running("u2", 1030), elapsed_seconds=30)
    assert has_restarted(then, now=Running("u1", 999), elapsed_seconds=0)
    assert has_restarted(then, now=Running("u1", 1100), elapsed_seconds=3600)
    # A printer's clock may lag behind ours by a minute.
    assert not has_restarted(then, now=Running("u1", 1545), elapsed_seconds=600)


# ---- ending ----


def end(attempt, outcome, cause, *, officer="", witness=""):
    ending = Ending(AttemptState(outcome), Cause(cause))
    return decide_end(attempt, ending=ending, officer=officer, witness=witness)


def test_an_open_attempt_ends_as_the_printer_says():
    assert end(an_attempt(), "PRINTED", "completed") is None
    assert end(an_attempt(), "UNKNOWN", "restarted") is None
    assert end(an_attempt(), "WITHDRAWN", "unreachable") is None


@pytest.mark.parametrize(
    ("attempt", "outcome", "cause", "expected"),
    [
        (None, "PRINTED", "completed", "printing.no_such_attempt"),
        (an_attempt(ended="PRINTED"), "UNKNOWN", "aborted", "printing.not_open"),
        (an_attempt(), "SHELF", "completed", "printing.not_unknown"),
        (an_attempt(), "PRINTED", "given_up", "printing.not_seen_ended"),
        (an_attempt(), "WITHDRAWN", "answer_lost", "printing.may_have_been_taken"),
        (an_attempt(), "SPOILED", "completed", "printing.blank_not_seen"),
    ],
)
def test_an_attempt_does_not_end_without_its_proof(attempt, outcome, cause, expected):
    assert code(end(attempt, outcome, cause, officer=SARI, witness=BUDI)) == expected


def test_a_blank_seen_ruined_takes_two_persons_and_a_job_that_is_over():
    over = an_attempt(job_state="aborted")
    assert end(over, "SPOILED", "failed_print", officer=SARI, witness=BUDI) is None
    alone = end(over, "SPOILED", "failed_print", officer=SARI)
    assert code(alone) == "printing.two_persons"
    same = end(over, "SPOILED", "failed_print", officer=SARI, witness=SARI)
    assert code(same) == "officer.same_person"
    early = end(an_attempt(), "SPOILED", "failed_print", officer=SARI, witness=BUDI)
    assert code(early) == "printing.job_may_still_print"


@pytest.mark.parametrize("cause", sorted(NEVER_TAKEN))
def test_what_was_never_taken_leaves_the_printer_free(cause):
    assert cause.is_job_over


# ---- settling ----


def settle(attempt, outcome, *, officer=SARI, witness=BUDI):
    return decide_settle(attempt, outcome=AttemptState(outcome), officer=officer, witness=witness)


UNKNOWN = an_attempt(ended="UNKNOWN", cause="aborted")


@pytest.mark.parametrize("outcome", sorted(SETTLEMENTS))
def test_two_persons_settle_an_unknown_attempt(outcome):
    assert settle(UNKNOWN, outcome) is None


@pytest.mark.parametrize("outcome", sorted(SETTLEMENTS))
def test_who_prints_does_not_settle_alone(outcome):
    assert code(settle(UNKNOWN, outcome, witness=SARI)) == "officer.same_person"
    assert code(settle(UNKNOWN, outcome, witness="")) == "printing.two_persons"
    assert code(settle(UNKNOWN, outcome, officer="")) == "printing.two_persons"


@pytest.mark.parametrize(
    ("attempt", "outcome", "expected"),
    [
        (None, "SHELF", "printing.no_such_attempt"),
        (an_attempt(), "SHELF", "printing.not_unknown"),
        (an_attempt(ended="UNKNOWN", settled="SHELF"), "PRINTED", "printing.not_unknown"),
        (UNKNOWN, "WITHDRAWN", "printing.not_unknown"),
    ],
)
def test_only_an_unknown_attempt_is_settled_and_only_once(attempt, outcome, expected):
    assert code(settle(attempt, outcome)) == expected


@pytest.mark.parametrize("outcome", ["SHELF", "SPOILED"])
def test_a_permit_is_not_given_back_while_the_printer_may_still_print_the_job(outcome):
    restless = an_attempt(ended="UNKNOWN", cause="answer_lost")
    assert code(settle(restless, outcome)) == "printing.job_may_still_print"
    assert settle(replace(restless, emptied_at=NOON), outcome) is None


def test_a_card_in_hand_or_a_blank_that_nobody_can_show_needs_no_quiet_printer():
    restless = an_attempt(ended="UNKNOWN", cause="answer_lost")
    assert settle(restless, "PRINTED") is None
    assert settle(restless, "DISPUTE") is None


@given(ended=st.sampled_from(["", *AttemptState]), settled=st.sampled_from(["", *SETTLEMENTS]))
def test_every_set_of_facts_has_one_state(ended, settled):
    state = state_of(ended=ended, settled=settled)
    if settled and ended in ("", "UNKNOWN"):
        assert state is AttemptState(settled)  # the settlement was heard of first, or last
    else:
        assert state is (AttemptState(ended) if ended else AttemptState.OPEN)


def test_only_open_and_unknown_attempts_go_on():
    assert {state for state, following in NEXT.items() if following} == {
        AttemptState.OPEN,
        AttemptState.UNKNOWN,
    }


@pytest.mark.parametrize("job_state", ["completed", "processing", "pending", "stopped"])
def test_a_printer_that_goes_on_with_a_settled_job_prints_late(job_state):
    for settled in ("SHELF", "SPOILED", "DISPUTE"):
        over = an_attempt(ended="UNKNOWN", settled=settled)
        assert is_printed_late(over, job_state=job_state)
    assert is_printed_late(an_attempt(ended="WITHDRAWN"), job_state=job_state)


@pytest.mark.parametrize("job_state", ["completed", "processing"])
def test_a_given_up_job_that_goes_on_beside_a_card_in_hand_prints_late(job_state):
    in_hand = an_attempt(ended="UNKNOWN", settled="PRINTED")
    assert is_printed_late(replace(in_hand, job_state="aborted"), job_state=job_state)
    assert not is_printed_late(replace(in_hand, job_state="processing"), job_state=job_state)


@pytest.mark.parametrize(
    ("attempt", "job_state"),
    [
        (an_attempt(ended="UNKNOWN", settled="SHELF"), "aborted"),
        (an_attempt(ended="UNKNOWN", settled="SHELF"), "canceled"),
        (an_attempt(ended="PRINTED"), "completed"),
        (an_attempt(ended="UNKNOWN"), "completed"),
        (an_attempt(), "processing"),
    ],
)
def test_a_job_that_ended_or_is_still_awaited_is_not_late(attempt, job_state):
    assert not is_printed_late(attempt, job_state=job_state)
