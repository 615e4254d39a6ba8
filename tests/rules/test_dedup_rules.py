"""The verdict on a recording: the earliest stays, doubt goes to a person."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ampera.dedup.rules import (
    Candidate,
    Decided,
    DecisionZone,
    Verdict,
    decide_adjudication,
    decide_verdict,
)
from ampera.words import Refusal

SAME, MAYBE, DIFFERENT = DecisionZone.SAME, DecisionZone.MAYBE, DecisionZone.DIFFERENT
READY = Decided(Verdict.PRINT_READY_RECORD, None)


def judge(
    *candidates: Candidate, arrivals: dict[str, int] | None = None, ready_as: str = ""
) -> Decided:
    return decide_verdict(
        "enr_5",
        arrival=5,
        candidates=candidates,
        arrivals=arrivals or {"enr_1": 1, "enr_2": 2, "enr_5": 5, "enr_9": 9},
        ready_as=ready_as,
    )


def test_whoever_is_like_nobody_is_print_ready():
    assert judge() == READY
    assert judge(Candidate("enr_1", 100, DIFFERENT)) == READY


def test_the_second_recording_is_the_duplicate_and_names_the_first():
    duplicate = Decided(Verdict.DUPLICATE_RECORD, "enr_1")
    assert judge(Candidate("enr_2", 990, SAME), Candidate("enr_1", 980, SAME)) == duplicate


def test_a_later_recording_takes_nothing_from_an_earlier_one():
    assert judge(Candidate("enr_9", 1000, SAME)) == READY


def test_a_recording_is_no_duplicate_of_itself():
    assert judge(Candidate("enr_5", 1000, SAME)) == READY


def test_what_was_in_the_gallery_before_ampera_is_earlier():
    assert judge(Candidate("old-17", 1000, SAME)) == Decided(Verdict.DUPLICATE_RECORD, "old-17")


def test_doubt_goes_to_an_adjudicator_with_the_likest_candidate():
    found = judge(Candidate("enr_1", 600, MAYBE), Candidate("enr_2", 700, MAYBE))
    assert found == Decided(Verdict.ADJUDICATE_RECORD, "enr_2")


def test_certainty_outranks_doubt():
    found = judge(Candidate("enr_1", 600, MAYBE), Candidate("enr_2", 999, SAME))
    assert found == Decided(Verdict.DUPLICATE_RECORD, "enr_2")


def test_a_print_ready_recording_of_the_same_nik_stands_even_when_the_engine_saw_nothing():
    assert judge(ready_as="enr_1") == Decided(Verdict.DUPLICATE_RECORD, "enr_1")
    assert judge(ready_as="enr_5") == READY


@given(
    st.lists(
        st.builds(
            Candidate,
            st.sampled_from(["enr_1", "enr_2", "enr_5", "enr_9"]),
            st.integers(0, 1000),
            st.sampled_from(DecisionZone),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_candidates_does_not_matter(candidates, chance):
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert judge(*candidates) == judge(*shuffled)


def test_an_adjudicator_has_the_final_word_once():
    waits = Verdict.ADJUDICATE_RECORD
    same = decide_adjudication(waits, of="enr_1", is_same_person=True, ready_as="")
    assert same == Decided(Verdict.DUPLICATE_RECORD, "enr_1")
    assert decide_adjudication(waits, of="enr_1", is_same_person=False, ready_as="") == READY
    for known in (None, Verdict.PRINT_READY_RECORD, Verdict.DUPLICATE_RECORD):
        no = decide_adjudication(known, of=None, is_same_person=True, ready_as="")
        assert no == Refusal("dedup.not_to_adjudicate")


def test_an_adjudicator_cannot_make_a_second_print_ready_recording():
    no = decide_adjudication(
        Verdict.ADJUDICATE_RECORD, of="enr_1", is_same_person=False, ready_as="enr_2"
    )
    assert no == Refusal("dedup.already_ready", enrolment="enr_2")
