"""The blanko books by machine: from the maker, differences and who decides, months."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look, witness_of
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.blanko.actions import settle_dispute, take_from_maker
from ampera.blanko.queries import DisputeSeen, MonthSeen, disputes, month_seen
from ampera.blanko.rules import Box
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, offices
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

router: Final = Router()
_Item = Annotated[str, Field(min_length=1, max_length=40)]
_Number = Annotated[str, Field(min_length=1, max_length=40)]
_MONTH: Final = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


class Dispute(Schema):
    item: str
    office: str
    why: str
    document: str
    since: datetime
    holder: str
    until: date
    count: int


class Decide(Given):
    outcome: Literal["shelf", "spoiled", "written_off"]
    number: _Number
    witness: Credentials


class DisputeDecided(Schema):
    item: str
    place: str


class SealedBox(Schema):
    box: _Item
    first: _Item
    size: int = Field(ge=1, le=100_000)


class TakeFromMaker(Given):
    number: _Number
    boxes: list[SealedBox] = Field(min_length=1, max_length=5000)
    witness: Credentials


class TakenFromMaker(Schema):
    blanko: int


class Month(Schema):
    """Whole blanko in hand in one month of the office's own calendar."""

    office: str
    first_day: date
    last_day: date
    opening: int
    came: dict[str, int]
    went: dict[str, int]
    closing: int
    by_cause: dict[str, int]
    rejected: int
    short: int
    destroyed: int
    standing: dict[str, int]
    is_balanced: bool


@router.post("/blanko/maker", response={200: TakenFromMaker, **PROBLEMS})
def from_maker(request: HttpRequest, body: TakeFromMaker) -> Answered:
    """At the pusat: sealed boxes of the maker come into the store, before two officers."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        boxes = [Box(each.box, each.first, each.size) for each in body.boxes]
        return take_from_maker(command, boxes=boxes, document=body.number, witness=witness.id)

    return act(request, Action.BLANKO_COUNT, do=do)


@router.get("/blanko/disputes", response={200: list[Dispute], **PROBLEMS})
def open_disputes(request: HttpRequest) -> Answered:
    """What nobody could show, at this office and those directly below, by deadline."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        found = [each for office in _near() for each in disputes(office)]
        return [_dispute(each) for each in sorted(found, key=lambda one: (one.until, one.item))]

    return look(request, Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.JOURNAL_SEE, ask=ask)


@router.post("/blanko/disputes/{item}/settle", response={200: DisputeDecided, **PROBLEMS})
def decide(request: HttpRequest, item: str, body: Decide) -> Answered:
    """Two officers of the office above decide: found whole, found ruined, or never found."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        return settle_dispute(
            command, item=item, outcome=body.outcome, document=body.number, witness=witness.id
        )

    return act(request, Action.BLANKO_COUNT, do=do)


@router.get("/blanko/months/{month}", response={200: list[Month], **PROBLEMS})
def months(
    request: HttpRequest,
    month: Annotated[str, Field(pattern=_MONTH)],
    office: str = "",
) -> Answered:
    """The monthly report of this office and of those directly below, or of one of them."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]] | Refusal:
        near = _near()
        if office and office not in {each.text for each in near}:
            return Refusal("register.office_not_yours", office=office)
        year, number = (int(part) for part in month.split("-"))
        wanted = [each for each in near if not office or each.text == office]
        return [_month(month_seen(each, year=year, month=number)) for each in wanted]

    return look(request, Action.BLANKO_COUNT, Action.FIGURES_SEE, Action.JOURNAL_SEE, ask=ask)


def _near() -> list[OfficeCode]:
    """This office, and those whose books are told here."""
    here = house().code
    return [here, *(each.code for each in offices() if each.code.is_child_of(here))]


def _dispute(seen: DisputeSeen) -> dict[str, Any]:
    return {**asdict(seen), "office": seen.office.text, "why": seen.why.value}


def _month(seen: MonthSeen) -> dict[str, Any]:
    told = {name: dict(getattr(seen, name)) for name in ("came", "went", "by_cause", "standing")}
    return {
        **told,
        "office": seen.office.text,
        "is_balanced": seen.is_balanced,
        **{
            name: getattr(seen, name)
            for name in (
                *("first_day", "last_day", "opening", "closing"),
                *("rejected", "short", "destroyed"),
            )
        },
    }
