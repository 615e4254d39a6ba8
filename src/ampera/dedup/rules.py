"""The verdict on one recording: is this person recorded already? Pure: facts in, decision out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ampera.words.refusal import Refusal

SCORE_MAX: Final = 1000


class Verdict(StrEnum):
    """SIAK's words for the outcome of the uniqueness check."""

    PRINT_READY_RECORD = "PRINT_READY_RECORD"
    DUPLICATE_RECORD = "DUPLICATE_RECORD"
    ADJUDICATE_RECORD = "ADJUDICATE_RECORD"  #: a person decides; the final word comes later


class DecisionZone(StrEnum):
    """Where a score falls, by the engine's own thresholds: scores of two engines compare to
    nothing."""

    SAME = "SAME"
    MAYBE = "MAYBE"
    DIFFERENT = "DIFFERENT"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another recording that the engine found to be like the one searched for."""

    enrolment: str
    score: int  #: 0 to 1000, the engine's own
    zone: DecisionZone


@dataclass(frozen=True, slots=True)
class Decided:
    """The verdict, and the other side of it when there is one."""

    verdict: Verdict
    of: str | None


def decide_verdict(
    enrolment: str,
    *,
    arrival: int,
    candidates: Sequence[Candidate],
    arrivals: Mapping[str, int],
    ready_as: str,
) -> Decided:
    """Judge one recording against those that arrived before it; the earliest recording is the one
    kept.

    `arrivals`: places of the candidates in the order of arrival; one that is not listed was in
    the gallery before Ampera. `ready_as`: another recording of the same resident or NIK that is
    print ready: it stands, even where the engine saw nothing.
    """
    earlier = [
        each
        for each in candidates
        if each.enrolment != enrolment and arrivals.get(each.enrolment, 0) < arrival
    ]
    same = [each for each in earlier if each.zone is DecisionZone.SAME]
    if same:
        first = min(same, key=lambda each: (arrivals.get(each.enrolment, 0), each.enrolment))
        return Decided(Verdict.DUPLICATE_RECORD, first.enrolment)
    if ready_as and ready_as != enrolment:
        return Decided(Verdict.DUPLICATE_RECORD, ready_as)
    maybe = [each for each in earlier if each.zone is DecisionZone.MAYBE]
    if maybe:
        likest = max(maybe, key=lambda each: (each.score, each.enrolment))
        return Decided(Verdict.ADJUDICATE_RECORD, likest.enrolment)
    return Decided(Verdict.PRINT_READY_RECORD, None)


def decide_adjudication(
    known: Verdict | None, *, of: str | None, is_same_person: bool, ready_as: str
) -> Decided | Refusal:
    """What an adjudicator's answer makes of a recording that waits for it."""
    if known is not Verdict.ADJUDICATE_RECORD:
        return Refusal("dedup.not_to_adjudicate")
    if is_same_person:
        return Decided(Verdict.DUPLICATE_RECORD, of)
    if ready_as:
        return Refusal("dedup.already_ready", enrolment=ready_as)
    return Decided(Verdict.PRINT_READY_RECORD, None)
