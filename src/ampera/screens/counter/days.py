"""Days of the blanko books: counted blind by two officers, closed, and never opened again.

The page of the count shows nothing of what the books expect, not even how many; only who counted
twice is told that something is missing, and it is said in the same act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.blanko.actions import close_day
from ampera.blanko.queries import (
    DaySeen,
    are_books_open,
    closed_day,
    closed_days,
    last_day,
)
from ampera.blanko.rules import DayCount, policy
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, local_day, officers_of, offices
from ampera.screens.counter.seen_blanko import read_serials
from ampera.screens.sheets import office_title
from ampera.screens.sheets_blanko import day_balance_pdf, figures_in_words
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal, witness_of
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

_FIELDS: Final = ("shelf", "hopper", "boxes", "spoiled", "cards", "aside")
#: The day of which a first count differed: only then a second one may send something to dispute.
_SESSION_RECOUNT: Final = "blanko_recount"
DAYS_SHOWN: Final = 31
HOLDERS_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """One office on the list of who has closed."""

    code: str
    title: str
    day: DaySeen | None  #: its last closed day
    is_closed_today: bool
    is_open: bool  #: has it books at all, as far as it is told here?


@needs(Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.BLANKO_WITNESS, Action.JOURNAL_SEE)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The closed days of this office, and which of the offices below have not closed today."""
    here = house().code
    today = local_day()
    codes = [each.code for each in offices() if _is_told(each.code) and each.code != here]
    below = [_office_day(code, today) for code in codes]
    return show(
        request,
        "screens/counter/days.html",
        today=today,
        close_by=policy().closing_on(today).close_by,
        days=closed_days(here, most=DAYS_SHOWN),
        is_closed=closed_day(here, today) is not None,
        is_open=are_books_open(here),
        may_count=officer.may(Action.BLANKO_COUNT),
        offices=below,
        unclosed=sum(each.is_open and not each.is_closed_today for each in below),
    )


@needs(Action.BLANKO_COUNT)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The blind count: lists by serial, two credentials, and the day is closed or not."""
    if request.method == "GET":
        return _form(request, {})
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    counted = _read(typed)
    if isinstance(counted, Refusal):
        return _form(request, typed, no=counted)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return _form(request, typed, no=second)
    answer = close_day(
        command_of(request, officer),
        counted=counted,
        witness=second.id,
        holder=_holder(request),
        is_recount=_is_recount(request),
        is_handover=bool(request.POST.get("handover")),
    )
    if isinstance(answer, Refusal):
        if answer.code == "blanko.day_differs":
            # From the beginning: what was typed before would be typed again.
            request.session[_SESSION_RECOUNT] = local_day().isoformat()
            typed = {}
        return _form(request, typed, no=answer)
    request.session.pop(_SESSION_RECOUNT, None)
    said = f"Buku ditutup: {answer['closing']} blanko utuh dihitung."
    if answer["missing"]:
        said += f" {len(answer['missing'])} dipindahkan ke selisih."
    day = {"office": house().code.text, "day": answer["day"]}
    return done(request, said, page="blanko_hari_satu", **day)


@needs(Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.BLANKO_WITNESS, Action.JOURNAL_SEE)
@require_GET
def one(request: HttpRequest, officer: OfficerSeen, *, office: str, day: str) -> HttpResponse:
    """One closed day, as its two officers said it."""
    seen = _day_for(office, day)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("blanko_hari"))
    return show(
        request,
        "screens/counter/day.html",
        seen=seen,
        facts=seen.facts,
        title=office_title(seen.office),
        columns=[
            ("Blanko utuh", *_column(seen.facts)),
            ("Rusak cetak", *_column(seen.facts["spoils"])),
        ],
        settle_by=date.fromisoformat(seen.facts["settle_by"]) if seen.facts["settle_by"] else None,
        has_paper=_is_near(seen.office),
    )


@needs(Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.BLANKO_WITNESS, Action.JOURNAL_SEE)
@require_GET
def paper(request: HttpRequest, officer: OfficerSeen, *, office: str, day: str) -> HttpResponse:
    """Berita acara of a closed day; two tiers up its serials are not told, so it has none there."""
    seen = _day_for(office, day)
    if not isinstance(seen, Refusal) and not _is_near(seen.office):
        seen = Refusal("register.office_not_yours", office=office)
    made = seen if isinstance(seen, Refusal) else day_balance_pdf(seen)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("blanko_hari"))
    return pdf(made, name=f"tutup-buku-{office}-{day}")


def _read(typed: dict[str, str]) -> DayCount | Refusal:
    read: dict[str, tuple[str, ...]] = {}
    for name in ("shelf", "hopper", "spoiled", "cards", "aside"):
        serials = read_serials(typed[name])
        if isinstance(serials, Refusal):
            return serials
        read[name] = tuple(serials)
    return DayCount(
        whole=(*read["shelf"], *read["hopper"]),
        boxes=tuple(typed["boxes"].split()),
        spoiled=read["spoiled"],
        cards=read["cards"],
        aside=read["aside"],
    )


def _form(
    request: HttpRequest, typed: dict[str, str], *, no: Refusal | None = None
) -> HttpResponse:
    here = house().code
    holders = [each for each in officers_of(here) if each.is_in_force]
    return show(
        request,
        "screens/counter/day_close.html",
        status=200 if no is None else no.status,
        no=no,
        typed=typed,
        today=local_day(),
        is_recount=_is_recount(request),
        is_handover=bool(request.POST.get("handover")),
        holders=holders[:HOLDERS_SHOWN],
        holder=_holder(request),
        is_closed=closed_day(here, local_day()) is not None,
        is_open=are_books_open(here),
    )


def _is_recount(request: HttpRequest) -> bool:
    return bool(request.session.get(_SESSION_RECOUNT) == local_day().isoformat())


def _holder(request: HttpRequest) -> str:
    given = request.POST.get("holder", "")
    known = {each.id for each in officers_of(house().code) if each.is_in_force}
    return given if given in known else ""


def _column(facts: Mapping[str, Any]) -> tuple[int, object, object, int]:
    came, went = figures_in_words(facts["came"]), figures_in_words(facts["went"])
    return facts["opening"], came, went, facts["closing"]


def _day_for(office: str, day: str) -> DaySeen | Refusal:  # positional: as the address says
    try:
        seen = closed_day(OfficeCode(office), date.fromisoformat(day))
    except ValueError:
        seen = None
    return seen if seen is not None else Refusal("blanko.day_not_closed", office=office, day=day)


def _office_day(code: OfficeCode, today: date) -> OfficeDay:  # positional: an office on a day
    last = last_day(code)
    return OfficeDay(
        code=code.text,
        title=office_title(code),
        day=last,
        is_closed_today=last is not None and last.day >= today,
        is_open=last is not None or (_is_near(code) and are_books_open(code)),
    )


def _is_told(code: OfficeCode) -> bool:
    """Is what this office closes told here? Its own, and everything below."""
    here: OfficeCode | None = code
    while here is not None:
        if here == house().code:
            return True
        here = here.upper
    return False


def _is_near(code: OfficeCode) -> bool:
    return house().code in (code, code.upper)
