"""Permits: what may be printed here, and the recall."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, act, look
from ampera.api.v1.shapes import PAGE_MOST, PROBLEMS, Given, Permit, permit_shown
from ampera.journal.house import house
from ampera.readiness.actions import recall_permit
from ampera.readiness.queries import named_permits, open_permits, permit_seen
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.words.nik import Nik
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

router: Final = Router()


class NamedPermit(Permit):
    """With the name for whoever prints; the look is recorded."""

    name: str
    nik_masked: str


class Recalled(Schema):
    permit: str


class Recall(Given):
    why: str = Field(max_length=40, pattern=r"^[A-Z_]+$")


@router.get("/permits", response={200: list[NamedPermit], **PROBLEMS})
def listed(request: HttpRequest, office: str = "") -> Answered:
    """Open permits of this office, in the order of their grants; at the dinas of any office."""

    def ask(officer: OfficerSeen) -> list[dict[str, Any]] | Refusal:
        here = house().code
        try:
            wanted = OfficeCode(office) if office else here
        except ValueError:
            return Refusal("api.not_found")
        if wanted != here and not wanted.is_child_of(here):
            return Refusal("register.office_not_yours", office=wanted.text)
        found = open_permits(wanted, most=PAGE_MOST)
        named = named_permits(
            officer.id, permits=[each.permit for each in found], purpose=Purpose.PRINTING.value
        )
        return [
            {
                **permit_shown(each.permit),
                "name": each.nama,
                "nik_masked": Nik(each.nik).masked if each.nik else "",
            }
            for each in named
        ]

    return look(request, Action.CARD_PRINT, Action.PERMIT_GRANT, Action.PERMIT_RECALL, ask=ask)


@router.get("/permits/{permit}", response={200: Permit, **PROBLEMS})
def seen(request: HttpRequest, permit: str) -> Answered:
    """One permit. Names nobody."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        found = permit_seen(permit)
        return Refusal("readiness.permit_unknown") if found is None else permit_shown(found)

    return look(request, Action.CARD_PRINT, Action.PERMIT_GRANT, Action.PERMIT_RECALL, ask=ask)


@router.post("/permits/{permit}/recall", response={200: Recalled, **PROBLEMS})
def recall(request: HttpRequest, permit: str, body: Recall) -> Answered:
    """Ask a permit back. Its holder answers returned or printed, whichever came first."""
    return act(
        request,
        Action.PERMIT_RECALL,
        do=lambda command: recall_permit(command, permit=permit, why=body.why),
    )
