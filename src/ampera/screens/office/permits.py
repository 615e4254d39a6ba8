"""Permits and figures of every office of the city, and the recall of a permit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.blanko.queries import shelf_count
from ampera.delivery.queries import handed_over_count, ready_count
from ampera.intake.queries import count_open
from ampera.journal.house import house
from ampera.journal.queries import chains
from ampera.printing.queries import measured_capacity
from ampera.readiness.actions import recall_permit
from ampera.readiness.queries import NamedPermit, named_permits, open_permit_count, open_permits
from ampera.readiness.queries import ready_count as prr_count
from ampera.register.queries import (
    Action,
    OfficerSeen,
    OfficeSeen,
    Purpose,
    local_day,
    office_seen,
    offices,
)
from ampera.register.rules.days import zone_of
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.screens.wording import RECALLS
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

PERMITS_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """The figures of one office, as this server has been told."""

    office: OfficeSeen
    is_printing: bool
    open_requests: int
    queue: int
    permits: int
    shelf: int
    ready: int
    handed_today: int
    capacity: int
    heard_at: datetime | None


@needs(Action.PERMIT_RECALL, Action.PERMIT_GRANT, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Every office of the city, and how each stands."""
    lines = [_line(each) for each in _offices()]
    return show(
        request,
        "screens/office/permits.html",
        lines=lines,
        total_queue=sum(each.queue for each in lines),
        total_shelf=sum(each.shelf for each in lines),
        total_permits=sum(each.permits for each in lines),
        total_ready=sum(each.ready for each in lines),
        may_lend=officer.may(Action.PRINTING_LEND) or officer.may(Action.JOURNAL_SEE),
    )


@needs(Action.PERMIT_RECALL, Action.PERMIT_GRANT, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_GET
def of_office(request: HttpRequest, officer: OfficerSeen, *, office: str) -> HttpResponse:
    """The open permits of one office; who reads them is recorded."""
    code = _ours(office)
    if isinstance(code, Refusal):
        return show_refusal(request, code, back=reverse("izin"))
    seen = office_seen(code)
    assert seen is not None, "an office of the list is described"
    return show(
        request,
        "screens/office/permits_of.html",
        figures=_line(seen),
        permits=_named(officer, code),
        recalls=list(RECALLS.items()),
        may_recall=officer.may(Action.PERMIT_RECALL),
    )


@needs(Action.PERMIT_RECALL, at=Tier.DINAS)
@require_POST
def recall(request: HttpRequest, officer: OfficerSeen, *, office: str) -> HttpResponse:
    """Ask a permit back. The office answers *returned* or *printed*, whichever was first."""
    code = _ours(office)
    if isinstance(code, Refusal):
        return show_refusal(request, code, back=reverse("izin"))
    here = reverse("izin_kantor", args=[office])
    why = request.POST.get("why", "")
    if why not in RECALLS:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    permit = request.POST.get("permit", "")
    answer = recall_permit(command_of(request, officer), permit=permit, why=why)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = "Izin diminta kembali. Jawaban datang dari kantor itu: dikembalikan atau sudah dicetak."
    return done(request, said, page="izin_kantor", office=office)


def _named(officer: OfficerSeen, code: OfficeCode) -> list[NamedPermit]:
    permits = [each.permit for each in open_permits(code, most=PERMITS_SHOWN)]
    if not permits:
        return []
    return named_permits(officer.id, permits=permits, purpose=Purpose.VERIFICATION.value)


def _offices() -> list[OfficeSeen]:
    """The dinas itself and the kecamatan that work by themselves."""
    here = house().code
    near = [each for each in offices() if here in (each.code, each.code.upper)]
    return [each for each in near if each.hosted_by is None]


def _ours(office: str) -> OfficeCode | Refusal:
    found = (each.code for each in _offices() if each.code.text == office)
    return next(found, None) or Refusal("screens.no_such_office")


def _line(office: OfficeSeen) -> OfficeLine:
    code = office.code
    start = datetime.combine(local_day(), time(), tzinfo=zone_of(code))
    return OfficeLine(
        office=office,
        is_printing=office.prints_on(local_day()),
        open_requests=count_open(code),
        queue=prr_count(code),
        permits=open_permit_count(code),
        shelf=shelf_count(code),
        ready=ready_count(code),
        handed_today=handed_over_count(code, since=start),
        capacity=measured_capacity(code),
        heard_at=_heard_from(code),
    )


def _heard_from(code: OfficeCode) -> datetime | None:
    """When the newest entry was written that this server has of that office."""
    own = (each for each in chains() if each.name.origin == code and each.name.audience == "up")
    return max((each.at for each in own if each.at is not None), default=None)
