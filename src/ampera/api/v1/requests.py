"""Requests: taken, completed, handed on; at the dinas confirmed or rejected; and where each is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, act, look, officer_of
from ampera.api.v1.problems import language_of
from ampera.api.v1.shapes import (
    PAGE_MOST,
    PROBLEMS,
    Case,
    Given,
    Request,
    case_shown,
    request_shown,
)
from ampera.delivery.queries import case_of
from ampera.intake.actions import (
    complete_request,
    confirm_by_officer,
    hand_on,
    reject_request,
    take_request,
)
from ampera.intake.queries import desk_items, request_for, requests_for, resident_facts
from ampera.intake.rules.replacing import PoliceLetter
from ampera.journal.actions import Command, record_look
from ampera.journal.house import house
from ampera.readiness.queries import is_printed_unchanged
from ampera.register.queries import (
    Action,
    OfficerSeen,
    Purpose,
    resident_by_id,
    resident_for,
)
from ampera.words.nik import Nik
from ampera.words.office import Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

router: Final = Router()


class Letter(Schema):
    """The police's letter of loss as it was shown."""

    number: str = Field(max_length=80, repr=False)
    on: date
    office: str = Field(max_length=80)


class TakeRequest(Given):
    nik: str = Field(max_length=40, repr=False)
    reason: Reason
    papers: list[str] = Field(max_length=20)
    letter: Letter | None = None
    #: An e-mail address or mobile number for messages, if the resident gave one.
    contact: str = Field(default="", max_length=120, repr=False)


class RequestTaken(Schema):
    """`ticket` is said once: here it is known by its hash only."""

    request: str
    ticket: str
    goes_to: str
    missing: list[str]


class Reject(Given):
    why: str = Field(max_length=40)


class RequestMoved(Schema):
    """The request that the command was about."""

    request: str


class HandedOn(RequestMoved):
    goes_to: str


class DeskItem(Schema):
    """A request whose NIK the register did not confirm by itself."""

    request: Request
    waits_since: datetime


@router.post("/requests", response={200: RequestTaken, **PROBLEMS})
def take(request: HttpRequest, body: TakeRequest) -> Answered:
    """Take a request. What this office does not serve goes on to the dinas at once."""
    officer = officer_of(request)

    def do(command: Command) -> dict[str, Any] | Refusal:
        nik = Nik.read(body.nik, may_be_sample=house().is_demo)
        if isinstance(nik, Refusal):
            return nik
        seen = resident_for(officer, nik, purpose=Purpose.COUNTER)
        if isinstance(seen, Refusal):
            return seen
        return take_request(
            command,
            resident_facts=replace(resident_facts(seen), is_unchanged=is_printed_unchanged(seen)),
            reason=body.reason,
            papers=body.papers,
            letter=PoliceLetter(**body.letter.dict()) if body.letter is not None else None,
            contact=body.contact.strip(),
        )

    return act(request, Action.REQUEST_TAKE, do=do)


@router.get("/requests", response={200: list[Request], **PROBLEMS})
def listed(request: HttpRequest, skip: int = 0, most: int = PAGE_MOST) -> Answered:
    """The open requests that this office works on, oldest first. The look is recorded."""

    def ask(officer: OfficerSeen) -> list[dict[str, Any]]:
        found = requests_for(
            officer,
            purpose=Purpose.COUNTER,
            skip=max(skip, 0),
            most=min(max(most, 1), PAGE_MOST),
        )
        return [request_shown(each) for each in found]

    return look(request, Action.RESIDENT_SEE, ask=ask)


@router.get("/requests/desk", response={200: list[DeskItem], **PROBLEMS})
def desk(request: HttpRequest, skip: int = 0) -> Answered:
    """At the dinas: what was reported and not confirmed, longest wait first."""

    def ask(officer: OfficerSeen) -> list[dict[str, Any]] | Refusal:
        if house().tier is not Tier.DINAS:
            return Refusal("api.not_at_this_tier", office=house().code.text)
        items = desk_items(skip=max(skip, 0))
        if items:
            record_look(
                officer=officer.id,
                subjects=[each.request.id for each in items],
                purpose=Purpose.VERIFICATION.value,
            )
        return [
            {"request": request_shown(each.request), "waits_since": each.waits_since}
            for each in items
        ]

    return look(request, Action.REQUEST_CONFIRM, Action.REQUEST_REJECT, ask=ask)


@router.get("/requests/{request_id}", response={200: Case, **PROBLEMS})
def seen(request: HttpRequest, request_id: str) -> Answered:
    """One request: its state, how far it has got, and every reason why it waits."""

    def ask(officer: OfficerSeen) -> dict[str, Any] | Refusal:
        found = request_for(officer, request=request_id, purpose=Purpose.COUNTER)
        if isinstance(found, Refusal):
            return found
        return case_shown(case_of(found), language=language_of(request))

    return look(request, Action.RESIDENT_SEE, ask=ask)


@router.post("/requests/{request_id}/complete", response={200: RequestMoved, **PROBLEMS})
def complete(request: HttpRequest, request_id: str) -> Answered:
    """Report the data as complete, as the register knows them now."""
    officer = officer_of(request)

    def do(command: Command) -> dict[str, Any] | Refusal:
        found = request_for(officer, request=request_id, purpose=Purpose.COUNTER)
        if isinstance(found, Refusal):
            return found
        known = resident_by_id(officer, found.resident, purpose=Purpose.COUNTER)
        # Somebody else's register may hold the resident: then what lacked then lacks still.
        facts = None if isinstance(known, Refusal) else resident_facts(known)
        return complete_request(command, request=request_id, resident_facts=facts)

    return act(request, Action.REQUEST_COMPLETE, do=do)


@router.post("/requests/{request_id}/hand-on", response={200: HandedOn, **PROBLEMS})
def pass_on(request: HttpRequest, request_id: str) -> Answered:
    """Hand a request that this kecamatan took on to its dinas."""
    return act(
        request, Action.REQUEST_TAKE, do=lambda command: hand_on(command, request=request_id)
    )


@router.post("/requests/{request_id}/confirm", response={200: RequestMoved, **PROBLEMS})
def confirm(request: HttpRequest, request_id: str) -> Answered:
    """At the dinas: confirm the NIK of a desk item."""
    return act(
        request,
        Action.REQUEST_CONFIRM,
        do=lambda command: confirm_by_officer(command, request=request_id),
    )


@router.post("/requests/{request_id}/reject", response={200: RequestMoved, **PROBLEMS})
def reject(request: HttpRequest, request_id: str, body: Reject) -> Answered:
    """At the dinas: reject a request before its NIK is confirmed."""
    return act(
        request,
        Action.REQUEST_REJECT,
        do=lambda command: reject_request(command, request=request_id, why=body.why),
    )
