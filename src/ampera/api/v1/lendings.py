"""Printing lent: what the dinas decides when an office cannot print."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, act, look
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.journal.actions import Command
from ampera.printing.actions import lend_printing
from ampera.readiness.actions import end_lending
from ampera.readiness.queries import LendingSeen, lendings
from ampera.readiness.rules.lending import LendWish
from ampera.register.queries import Action, OfficerSeen
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

router: Final = Router()
_CODE: Final = r"^[0-9]{2}(\.[0-9]{2}){1,2}$"


class Lending(Schema):
    """Cards of `home` are granted at `at` from `since` to `until`. Names nobody."""

    lending: str
    home: str
    at: str
    since: date
    until: date
    why: str
    ends_when_up: bool
    is_over: bool
    ended_why: str
    granted: int
    open: int


class LendingDecided(Schema):
    lending: str


class Wish(Given):
    """`until` is the last day; `ends_when_up`: or when a printer of `home` is up again."""

    home: str = Field(pattern=_CODE)
    at: str = Field(pattern=_CODE)
    since: date
    until: date
    why: str = Field(max_length=30, pattern=r"^[A-Z_]+$")
    ends_when_up: bool = True


@router.get("/lendings", response={200: list[Lending], **PROBLEMS})
def listed(request: HttpRequest) -> Answered:
    """All lendings known here, those in force first."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [_shown(each) for each in lendings()]

    return look(request, Action.PRINTING_LEND, Action.JOURNAL_SEE, ask=ask)


@router.post("/lendings", response={200: LendingDecided, **PROBLEMS})
def lend(request: HttpRequest, body: Wish) -> Answered:
    """Let another office print an office's cards; what is granted already stays. The dinas only."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        wish = LendWish(
            home=OfficeCode(body.home),
            at=OfficeCode(body.at),
            since=body.since,
            until=body.until,
            why=body.why,
            ends_when_up=body.ends_when_up,
        )
        return lend_printing(command, wish=wish)

    return act(request, Action.PRINTING_LEND, do=do)


@router.post("/lendings/{lending}/end", response={200: LendingDecided, **PROBLEMS})
def end(request: HttpRequest, lending: str) -> Answered:
    """New permits go to the home office again."""
    return act(
        request, Action.PRINTING_LEND, do=lambda command: end_lending(command, lending=lending)
    )


def _shown(seen: LendingSeen) -> dict[str, Any]:
    told = seen.lending
    return {
        "lending": told.lending,
        "home": told.home.text,
        "at": told.at.text,
        "since": told.since,
        "until": told.until,
        "why": told.why,
        "ends_when_up": told.ends_when_up,
        "is_over": seen.is_over,
        "ended_why": told.ended_why,
        "granted": seen.granted,
        "open": seen.open,
    }
