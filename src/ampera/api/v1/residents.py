"""Residents: looked up by NIK, which travels in the body and never in an address."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, ask_once, look
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.dedup.queries import verdict_of
from ampera.enrolment.queries import EnrolmentSeen, enrolments_of, state_of
from ampera.intake.queries import open_requests_of
from ampera.journal.actions import record_look
from ampera.journal.house import house
from ampera.readiness.queries import current_card, live_card
from ampera.register.queries import (
    Action,
    OfficerSeen,
    Purpose,
    ResidentSeen,
    host_of,
    local_day,
    resident_for,
)
from ampera.words.nik import Nik
from ampera.words.refusal import Refusal

router: Final = Router()


class LookUp(Given):
    nik: str = Field(max_length=40, repr=False)
    purpose: Purpose = Purpose.COUNTER


class Resident(Schema):
    """A resident as the register knows them today, and whether a card is there or under way."""

    resident: str
    name: str
    birth_place: str
    born: date
    sex: str
    kelurahan: str
    kelurahan_name: str
    kecamatan: str
    kecamatan_name: str
    served_by: str
    must_hold_card: bool
    may_be_recorded: bool
    is_alive: bool
    has_legacy_card: bool
    is_sample: bool
    recorded: bool  #: a recording is known here, or a card from before Ampera
    recording: str  #: the oldest recording known here, or empty
    open_requests: list[str]
    live_card: str | None
    current_card: str | None
    warnings: list[str]


class Recording(Schema):
    """One recording of a resident with its verdict, so that both sides of a double are seen."""

    enrolment: str
    request: str
    office: str
    captured_at: datetime
    received_at: datetime | None
    state: str
    verdict: str
    of: str | None


@router.post("/residents/look-up", response={200: Resident, **PROBLEMS})
def look_up(request: HttpRequest, body: LookUp) -> Answered:
    """One resident by NIK, if this office serves them. The look is recorded."""

    def ask(officer: OfficerSeen) -> dict[str, Any] | Refusal:
        nik = Nik.read(body.nik, may_be_sample=house().is_demo)
        if isinstance(nik, Refusal):
            return nik
        seen = resident_for(officer, nik, purpose=body.purpose)
        return seen if isinstance(seen, Refusal) else _shown(seen)

    content = f"{body.nik}|{body.purpose.value}"
    return ask_once(request, Action.RESIDENT_SEE, content=content, ask=ask)


@router.get("/residents/{resident}/recordings", response={200: list[Recording], **PROBLEMS})
def recordings(request: HttpRequest, resident: str) -> Answered:
    """Every recording of a resident that is known here. The look is recorded."""

    def ask(officer: OfficerSeen) -> list[dict[str, Any]]:
        found = enrolments_of(resident)
        if found:
            # Else nobody was seen; what stands in an address may be a NIK, and a chain keeps it.
            record_look(officer=officer.id, subjects=[resident], purpose=Purpose.VERIFICATION.value)
        return [_recording(each) for each in found]

    return look(request, Action.NIK_RESOLVE, Action.DEDUP_DECIDE, Action.JOURNAL_SEE, ask=ask)


def _recording(seen: EnrolmentSeen) -> dict[str, Any]:
    verdict, state = verdict_of(seen.id), state_of(seen.id)
    return {
        "enrolment": seen.id,
        "request": seen.request,
        "office": seen.office.text,
        "captured_at": seen.captured_at,
        "received_at": seen.received_at,
        "state": "" if isinstance(state, Refusal) else state.value,
        "verdict": verdict.verdict.value if verdict is not None else "",
        "of": verdict.of if verdict is not None else None,
    }


def _shown(seen: ResidentSeen) -> dict[str, Any]:
    today, known = local_day(), enrolments_of(seen.id, nik=seen.nik.digits)
    return {
        "resident": seen.id,
        "name": seen.name,
        "birth_place": seen.birth_place,
        "born": seen.born,
        "sex": seen.sex.value,
        "kelurahan": seen.kelurahan.text,
        "kelurahan_name": seen.kelurahan_name,
        "kecamatan": seen.kecamatan.text,
        "kecamatan_name": seen.kecamatan_name,
        "served_by": host_of(seen.kecamatan).text,
        "must_hold_card": seen.must_hold_card(today),
        "may_be_recorded": seen.may_be_recorded(today),
        "is_alive": seen.is_alive,
        "has_legacy_card": seen.has_legacy_card,
        "is_sample": seen.is_sample,
        "recorded": bool(known) or seen.has_legacy_card,
        "recording": known[0].id if known else "",
        "open_requests": [each.id for each in open_requests_of(seen.id)],
        "live_card": live_card(seen.id),
        "current_card": current_card(seen.id),
        "warnings": sorted(each.value for each in seen.warnings),
    }
