"""Uniqueness: what the centre decided about recordings, and the adjudicator's word."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema

from ampera.api.v1.door import Answered, act, look
from ampera.api.v1.shapes import PAGE_MOST, PROBLEMS, Given
from ampera.dedup.actions import adjudicate
from ampera.dedup.queries import (
    BothSides,
    Verdict,
    VerdictSeen,
    doubles,
    ready_after,
    verdict_of,
)
from ampera.enrolment.queries import EnrolmentSeen
from ampera.journal.actions import record_look
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

router: Final = Router()
_SEE: Final = (Action.DEDUP_DECIDE, Action.NIK_RESOLVE, Action.JOURNAL_SEE)


class VerdictShown(Schema):
    """The verdict on one recording. `of` is the other recording of a double."""

    enrolment: str
    request: str
    resident: str
    verdict: str
    of: str | None
    order: int
    decided_at: datetime
    office: str  #: of this recording, empty where it is not known
    of_office: str  #: of the other one


class VerdictDecided(Schema):
    enrolment: str
    verdict: str
    of: str | None


class Adjudicate(Given):
    is_same_person: bool


@router.get("/verdicts", response={200: list[VerdictShown], **PROBLEMS})
def listed(
    request: HttpRequest,
    verdict: Verdict = Verdict.DUPLICATE_RECORD,
    skip: int = 0,
    after: int = 0,
) -> Answered:
    """Doubles and what waits for an adjudicator; or print ready recordings after a number."""

    def ask(officer: OfficerSeen) -> list[dict[str, Any]]:
        if verdict is Verdict.PRINT_READY_RECORD:
            found = [_shown(each) for each in ready_after(after, most=PAGE_MOST)]
        else:
            found = [_both_shown(each) for each in doubles(verdict, skip=max(skip, 0))]
        if found:
            record_look(
                officer=officer.id,
                subjects=sorted({row["resident"] for row in found}),
                purpose=Purpose.VERIFICATION.value,
            )
        return found

    return look(request, *_SEE, ask=ask)


@router.get("/verdicts/{enrolment}", response={200: VerdictShown, **PROBLEMS})
def seen(request: HttpRequest, enrolment: str) -> Answered:
    """The verdict on one recording, as this server knows it."""

    def ask(officer: OfficerSeen) -> dict[str, Any] | Refusal:
        known = verdict_of(enrolment)
        if known is None:
            return Refusal("api.not_found")
        record_look(
            officer=officer.id, subjects=[known.resident], purpose=Purpose.VERIFICATION.value
        )
        return _shown(known)

    return look(request, *_SEE, ask=ask)


@router.post("/verdicts/{enrolment}/adjudicate", response={200: VerdictDecided, **PROBLEMS})
def decide(request: HttpRequest, enrolment: str, body: Adjudicate) -> Answered:
    """At the pusat: say whether the two recordings are one person. The final word."""
    if house().tier is not Tier.PUSAT:
        return look(
            request, *_SEE, ask=lambda _: Refusal("api.not_at_this_tier", office=house().code.text)
        )
    return act(
        request,
        Action.DEDUP_DECIDE,
        do=lambda command: adjudicate(
            command, enrolment=enrolment, is_same_person=body.is_same_person
        ),
    )


def _both_shown(sides: BothSides) -> dict[str, Any]:
    return _shown(sides.verdict, later=sides.later, earlier=sides.earlier)


def _shown(
    seen: VerdictSeen,
    *,
    later: EnrolmentSeen | None = None,
    earlier: EnrolmentSeen | None = None,
) -> dict[str, Any]:
    return {
        "enrolment": seen.enrolment,
        "request": seen.request,
        "resident": seen.resident,
        "verdict": seen.verdict.value,
        "of": seen.of,
        "order": seen.order,
        "decided_at": seen.decided_at,
        "office": later.office.text if later is not None else "",
        "of_office": earlier.office.text if earlier is not None else "",
    }
