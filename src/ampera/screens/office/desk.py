"""The desk of a verifier: NIKs that the register did not confirm by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.intake.actions import confirm_by_officer, reject_request
from ampera.intake.queries import RequestSeen, desk_items, request_for
from ampera.register.queries import (
    Action,
    OfficerSeen,
    Purpose,
    ResidentSeen,
    resident_by_id,
)
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.screens.wording import REJECTIONS
from ampera.words.office import Tier
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Compared:
    """One field as it was asked for and as the register has it."""

    name: str
    asked: str
    known: str

    @property
    def is_alike(self) -> bool:
        return self.asked.casefold().split() == self.known.casefold().split()


@needs(Action.REQUEST_CONFIRM, at=Tier.DINAS)
@require_GET
def desk(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """What waits for a look, longest wait first. Names stand on the page of one item only."""
    return show(request, "screens/office/desk.html", items=desk_items())


@needs(Action.REQUEST_CONFIRM, at=Tier.DINAS)
@require_GET
def item(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The request beside the register."""
    seen = request_for(officer, request=request_id, purpose=Purpose.VERIFICATION)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("konfirmasi"))
    known = resident_by_id(officer, seen.resident, purpose=Purpose.VERIFICATION)
    is_known = not isinstance(known, Refusal)
    return show(
        request,
        "screens/office/desk_item.html",
        seen=seen,
        is_known=is_known,
        rows=_compared(seen, None if isinstance(known, Refusal) else known),
        rejections=list(REJECTIONS.items()),
        is_to_decide=seen.facts.is_open and seen.facts.is_completed and not seen.facts.is_confirmed,
    )


@needs(Action.REQUEST_CONFIRM, at=Tier.DINAS)
@require_POST
def confirm(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The verifier says that the NIK belongs to this person."""
    answer = confirm_by_officer(command_of(request, officer), request=request_id)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("konfirmasi"))
    return done(request, "NIK dikonfirmasi; kantor itu diberi tahu.", page="konfirmasi")


@needs(Action.REQUEST_REJECT, at=Tier.DINAS)
@require_POST
def reject(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """Turn the request down for a reason that the resident is told."""
    why = request.POST.get("why", "")
    if why not in REJECTIONS:
        back = reverse("konfirmasi_satu", args=[request_id])
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=back)
    answer = reject_request(command_of(request, officer), request=request_id, why=why)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("konfirmasi"))
    return done(request, "Permohonan ditolak; kantor itu diberi tahu.", page="konfirmasi")


def _compared(seen: RequestSeen, known: ResidentSeen | None) -> list[Compared]:
    return [
        Compared("NIK", seen.nik, known.nik.digits if known else "–"),
        Compared("Nama", seen.nama, known.name if known else "–"),
        Compared(
            "Tanggal lahir", _day(seen.tanggal_lahir), known.born.isoformat() if known else "–"
        ),
        Compared("Nomor KK", seen.no_kk, known.no_kk.digits if known else "–"),
    ]


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text
