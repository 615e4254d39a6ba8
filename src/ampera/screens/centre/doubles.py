"""Penunggalan at the centre: what was decided, both sides of a double, what waits for a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.dedup.actions import adjudicate
from ampera.dedup.queries import (
    BothSides,
    Verdict,
    both_sides,
    doubles,
    last_arrival_decided,
    verdict_of,
)
from ampera.enrolment.queries import EnrolmentSeen, unacknowledged
from ampera.journal.actions import record_look
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.words.office import Tier
from ampera.words.refusal import Refusal


@needs(Action.DEDUP_DECIDE, Action.JOURNAL_SEE, at=Tier.PUSAT)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """What waits for an adjudicator, and the duplicates. This page names nobody."""
    return show(
        request,
        "screens/centre/doubles.html",
        waiting=doubles(Verdict.ADJUDICATE_RECORD),
        found=doubles(Verdict.DUPLICATE_RECORD),
        decided=last_arrival_decided(),
        incomplete=len(unacknowledged()),
    )


@needs(Action.DEDUP_DECIDE, Action.JOURNAL_SEE, at=Tier.PUSAT)
@require_http_methods(["GET", "POST"])
def sides(request: HttpRequest, officer: OfficerSeen, *, enrolment: str) -> HttpResponse:
    """Both sides of one double; an adjudicator says whether they are one person."""
    seen = both_sides(enrolment)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("penunggalan"))
    if request.method == "POST":
        return _decided(request, officer, enrolment)
    _note_look(officer, seen)
    known = verdict_of(enrolment)
    return show(
        request,
        "screens/centre/sides.html",
        seen=seen,
        pairs=[("Rekaman pertama", seen.earlier), ("Rekaman kemudian", seen.later)],
        is_waiting=known is not None and known.verdict is Verdict.ADJUDICATE_RECORD,
        may_decide=officer.may(Action.DEDUP_DECIDE),
    )


def _decided(request: HttpRequest, officer: OfficerSeen, enrolment: str) -> HttpResponse:
    here = reverse("penunggalan_satu", args=[enrolment])
    if not officer.may(Action.DEDUP_DECIDE):
        return show_refusal(request, Refusal("officer.may_not"), back=here)
    said = request.POST.get("is_same", "")
    if said not in ("yes", "no"):
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    answer = adjudicate(
        command_of(request, officer), enrolment=enrolment, is_same_person=said == "yes"
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return done(request, "Keputusan ajudikasi tercatat dan dikirim ke daerah.", page="penunggalan")


def _note_look(officer: OfficerSeen, seen: BothSides) -> None:
    known: list[EnrolmentSeen] = [each for each in (seen.earlier, seen.later) if each is not None]
    subjects = [*(each.id for each in known), *(each.resident for each in known)]
    record_look(officer=officer.id, subjects=subjects, purpose=Purpose.CORRECTION.value)
