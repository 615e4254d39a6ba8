"""An office in custody: what has to be shown, the act of two officers, and giving it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look, witness_of
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.printing.actions import seize_office
from ampera.printing.queries import custody_desk
from ampera.readiness.actions import InCustody, release_office
from ampera.readiness.queries import Seizure, is_news_there, seizures
from ampera.register.queries import Action, OfficerSeen
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

router: Final = Router()
_CODE: Final = r"^[0-9]{2}(\.[0-9]{2}){1,2}$"
_SERIALS_MAX: Final = 20_000


class Asked(Schema):
    """All of one office that has to be shown. Names nobody."""

    office: str
    items: list[str]
    blanko: int
    printers: list[str]
    open_permits: int
    undecided: int
    finished: int
    is_in_custody: bool


class Custody(Schema):
    seizure: str
    office: str
    at: datetime
    server: str
    printers: list[str]
    place: str
    document: str
    blanko: int
    surplus: list[str]
    permits: int
    is_told: bool
    released_at: datetime | None


class Done(Schema):
    seizure: str
    forfeited: list[str]
    surplus: list[str]


class Released(Schema):
    seizure: str


class Said(Given):
    """`boxes` are labels of sealed boxes; every other blank is listed by serial."""

    office: str = Field(pattern=_CODE)
    server: str = Field(max_length=120)
    printers: list[str] = Field(max_length=40)
    place: str = Field(max_length=120)
    document: str = Field(max_length=120)
    boxes: list[str] = Field(default=[], max_length=1000)
    serials: list[str] = Field(default=[], max_length=_SERIALS_MAX)
    second: Credentials | None = None


class Back(Given):
    document: str = Field(max_length=120)
    second: Credentials | None = None


@router.get("/custody", response={200: list[Custody], **PROBLEMS})
def listed(request: HttpRequest) -> Answered:
    """Every custody known here, the newest first."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [_shown(each) for each in seizures()]

    return look(request, Action.PERMIT_RECALL, Action.JOURNAL_SEE, ask=ask)


@router.get("/custody/asked/{office}", response={200: Asked, **PROBLEMS})
def asked(request: HttpRequest, office: str) -> Answered:
    """What the books have of a kecamatan of this dinas."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        here = house().code
        try:
            code = OfficeCode(office)
        except ValueError:
            return Refusal("readiness.office_unknown", office=office)
        if here.tier is not Tier.DINAS or code.upper != here:
            return Refusal("readiness.office_unknown", office=office)
        desk = custody_desk(code)
        return {
            "office": office,
            "items": sorted(desk.facts.items),
            "blanko": desk.facts.blanko,
            "printers": sorted(desk.facts.printers),
            "open_permits": desk.open_permits,
            "undecided": desk.undecided,
            "finished": desk.finished,
            "is_in_custody": desk.seizure is not None,
        }

    return look(request, Action.PERMIT_RECALL, Action.JOURNAL_SEE, ask=ask)


@router.post("/custody", response={200: Done, **PROBLEMS})
def seize(request: HttpRequest, body: Said) -> Answered:
    """Two officers have it all: the office's open permits are forfeited at once. The dinas only."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        second = witness_of(command, body.second)
        if isinstance(second, Refusal):
            return second
        seen = InCustody(
            office=OfficeCode(body.office),
            server=body.server,
            printers=tuple(sorted(set(body.printers))),
            place=body.place,
            document=body.document,
            boxes=tuple(sorted(set(body.boxes))),
            serials=tuple(sorted(set(body.serials))),
        )
        return seize_office(command, seen=seen, witness=second.id)

    return act(request, Action.PERMIT_RECALL, do=do)


@router.post("/custody/{seizure}/release", response={200: Released, **PROBLEMS})
def release(request: HttpRequest, seizure: str, body: Back) -> Answered:
    """Two officers give everything back; the office's server has to know of the forfeit first."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        second = witness_of(command, body.second)
        if isinstance(second, Refusal):
            return second
        return release_office(
            command, seizure=seizure, document=body.document.strip(), witness=second.id
        )

    return act(request, Action.PERMIT_RECALL, do=do)


def _shown(seen: Seizure) -> dict[str, Any]:
    return {
        "seizure": seen.seizure,
        "office": seen.office.text,
        "at": seen.at,
        "server": seen.server,
        "printers": list(seen.printers),
        "place": seen.place,
        "document": seen.document,
        "blanko": seen.blanko,
        "surplus": list(seen.surplus),
        "permits": seen.permits,
        "is_told": is_news_there(seen),
        "released_at": seen.released_at,
    }
