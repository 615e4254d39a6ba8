"""Schemas that several endpoints share, and how values of the stations become them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, Literal

from ninja import Schema
from pydantic import ConfigDict

from ampera.api.v1.problems import STATUSES, Problem
from ampera.delivery.queries import CaseSeen
from ampera.intake.queries import RequestSeen, StateText
from ampera.readiness.queries import CardSeen, PermitSeen
from ampera.words.nik import Nik

#: Statuses under which a problem may come, for the description.
PROBLEMS: Final[dict[Any, Any]] = {STATUSES: Problem}
PAGE_MOST: Final = 50


class Given(Schema):
    """What a caller sends. A field that is not known here is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class State(Schema):
    """A state word, verbatim, with its texts in the caller's language."""

    word: str
    who: str  #: who must act
    title: str
    why: str
    next: str
    resident: str  #: one sentence for the resident
    is_known: bool


class Why(Schema):
    """One reason why a card is not in its holder's hand."""

    code: str
    text: str
    facts: dict[str, str]


class Permit(Schema):
    """Leave to print one card."""

    permit: str
    card: str
    request: str
    office: str
    state: str
    print_until: date
    granted_at: datetime
    is_recalled: bool
    replaces: str | None


class Card(Schema):
    """One card and where it stands."""

    card: str
    permit: str
    request: str
    state: str


class Request(Schema):
    """One request without what has happened to it since. Numbers are masked."""

    id: str
    resident: str
    reason: str
    office: str
    home: str
    host: str
    serving_office: str
    handed_to: str
    missing: list[str]
    name: str
    nik_masked: str
    taken_at: datetime | None
    completed_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    rejected_why: str
    is_open: bool


class Case(Schema):
    """One request with the whole way of its card, as this server knows it."""

    request: Request
    state: State
    reach: str  #: LOCAL, CITY or CENTRE: how far the newest entry about it has got
    newest_at: datetime | None
    waits: list[Why]
    enrolment: str
    permit: Permit | None
    card: Card | None


def state_shown(text: StateText, *, language: str) -> dict[str, Any]:
    def said(name: str) -> str:
        return str(getattr(text, f"{name}_{language}"))

    names = ("title", "why", "next", "resident")
    told = {name: said(name) for name in names}
    return {"word": text.word, "who": text.who.value, "is_known": text.is_known, **told}


def request_shown(seen: RequestSeen) -> dict[str, Any]:
    facts = seen.facts
    return {
        "id": facts.id,
        "resident": facts.resident,
        "reason": facts.reason.value,
        "office": facts.office.text,
        "home": facts.home.text,
        "host": facts.host.text,
        "serving_office": facts.serving_office.text,
        "handed_to": facts.handed_to,
        "missing": list(facts.missing),
        "name": seen.nama,
        "nik_masked": Nik(seen.nik).masked if seen.nik else "",
        "taken_at": seen.taken_at,
        "completed_at": seen.completed_at,
        "confirmed_at": seen.confirmed_at,
        "confirmed_by": seen.confirmed_by,
        "rejected_why": facts.rejected_why,
        "is_open": facts.is_open,
    }


def permit_shown(seen: PermitSeen) -> dict[str, Any]:
    return {
        "permit": seen.permit,
        "card": seen.card,
        "request": seen.request,
        "office": seen.office.text,
        "state": seen.state.value,
        "print_until": seen.print_until,
        "granted_at": seen.granted_at,
        "is_recalled": seen.is_recalled,
        "replaces": seen.replaces,
    }


def card_shown(seen: CardSeen) -> dict[str, Any]:
    return {
        "card": seen.card,
        "permit": seen.permit,
        "request": seen.request,
        "state": seen.state.value,
    }


def case_shown(case: CaseSeen, *, language: str) -> dict[str, Any]:
    waits = [
        {"code": wait.code.value, "text": wait.text(language), "facts": dict(wait.facts)}
        for wait in case.waits
    ]
    return {
        "request": request_shown(case.request),
        "state": state_shown(case.text, language=language),
        "reach": case.journey.reach.value,
        "newest_at": case.journey.newest_at,
        "waits": waits,
        "enrolment": case.enrolment,
        "permit": permit_shown(case.permit) if case.permit is not None else None,
        "card": card_shown(case.card) if case.card is not None else None,
    }


#: Why a blanko is ruined, by `printing.rules.attempts.SPOIL_CAUSES`.
SpoilCause = Literal[
    "failed_print", "bad_blank", "jam", "heat", "power", "double_feed", "no_chip", "failed_encode"
]
