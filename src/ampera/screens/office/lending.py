"""Pinjam cetak: an office cannot print, and another one prints its cards for some days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.printing.actions import lend_printing
from ampera.printing.queries import LendingDesk, lending_desk
from ampera.readiness.actions import end_lending
from ampera.readiness.queries import LendingSeen, lendings
from ampera.readiness.rules.lending import DECIDED, PRINTER_UP, LendWish
from ampera.readiness.rules.policy import policy
from ampera.register.queries import Action, OfficerSeen, local_day
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: Offered when nobody says how long; a week is what a part takes to come.
DAYS_PROPOSED: Final = 7
_ENDS: Final[Mapping[str, str]] = MappingProxyType(
    {PRINTER_UP: "printer kantor asal jalan lagi", DECIDED: "diakhiri petugas"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """One lending in words."""

    seen: LendingSeen
    why: str
    state: str
    tone: str
    may_end: bool


@needs(Action.PRINTING_LEND, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Who cannot print, who could help, and what was decided. Figures only."""
    desk, day = lending_desk(), local_day()
    may_lend = officer.may(Action.PRINTING_LEND)
    row = policy().lending_on(day)
    first = next((each.office for each in desk.down if each.is_down and not each.lending), None)
    return show(
        request,
        "screens/office/lending.html",
        desk=desk,
        lines=[_line(each, day, may_end=may_lend) for each in lendings()],
        may_lend=may_lend,
        homes=_homes(desk),
        proposed=first,
        reasons=list(policy().lending_reasons.values()),
        today=day,
        until=day + timedelta(days=min(DAYS_PROPOSED, row.days_max) - 1),
        row=row,
    )


@needs(Action.PRINTING_LEND, at=Tier.DINAS)
@require_POST
def lend(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """From a day until a day the cards of one office are granted at another."""
    here = reverse("pinjam_cetak")
    wish = _wish(request)
    if isinstance(wish, Refusal):
        return show_refusal(request, wish, back=here)
    answer = lend_printing(command_of(request, officer), wish=wish)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = "Diputuskan: izin baru diberikan kepada kantor yang meminjamkan printernya."
    return done(request, said, page="pinjam_cetak")


@needs(Action.PRINTING_LEND, at=Tier.DINAS)
@require_POST
def end(request: HttpRequest, officer: OfficerSeen, *, lending: str) -> HttpResponse:
    """New permits go to the home office again; open ones stay where they are."""
    answer = end_lending(command_of(request, officer), lending=lending)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("pinjam_cetak"))
    said = (
        "Pinjam cetak diakhiri: izin baru kembali ke kantor asal, yang terbuka tetap di tempatnya."
    )
    return done(request, said, page="pinjam_cetak")


def _wish(request: HttpRequest) -> LendWish | Refusal:
    given = request.POST
    try:
        home, at = OfficeCode(given.get("home", "")), OfficeCode(given.get("at", ""))
    except ValueError:
        return Refusal("screens.nothing_chosen")
    try:
        since = date.fromisoformat(given.get("since", ""))
        until = date.fromisoformat(given.get("until", ""))
    except ValueError:
        most = policy().lending_on(local_day()).days_max
        return Refusal("readiness.lending_days", most=most)
    return LendWish(
        home=home,
        at=at,
        since=since,
        until=until,
        why=given.get("why", ""),
        ends_when_up=bool(given.get("ends_when_up")),
    )


def _homes(desk: LendingDesk) -> list[OfficeCode]:
    """Those that are down first."""
    down = [each.office for each in desk.down if each.is_down]
    return [each for each in desk.homes if each in down] + [
        each for each in desk.homes if each not in down
    ]


def _line(seen: LendingSeen, day: date, *, may_end: bool) -> Line:  # positional: on that day
    told = seen.lending
    reason = policy().lending_reasons.get(told.why)
    if told.ended_at:
        state, tone = f"berakhir: {_ENDS.get(told.ended_why, told.ended_why)}", "is-moving"
    elif seen.is_over:
        state, tone = "berakhir: harinya habis", "is-moving"
    elif told.since > day:
        state, tone = "belum mulai", "is-wait"
    else:
        state, tone = "berlaku", "is-good"
    return Line(
        seen=seen,
        # A code that a later release no longer lists is shown as it stands in the entry.
        why=reason.text_id if reason is not None else told.why,
        state=state,
        tone=tone,
        may_end=may_end and not seen.is_over,
    )
