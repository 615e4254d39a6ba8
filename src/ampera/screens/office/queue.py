"""Antrean kantor: the whole order of each queue, and why each stands where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from ampera.journal.house import house
from ampera.readiness.queries import (
    QueueLine,
    QueuePage,
    lendings_around,
    queue_page,
    ready_count,
)
from ampera.readiness.rules.lending import Lending
from ampera.register.queries import (
    Action,
    OfficerSeen,
    OfficeSeen,
    Purpose,
    local_day,
    office_seen,
    offices,
)
from ampera.screens.office.queue_words import (
    BEHIND,
    CLASSES,
    ORDER,
    MoveTold,
    told_moves,
)
from ampera.screens.shell import needs, show, show_refusal
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Line:
    """One place, in words."""

    place: int
    request: str
    nama: str
    nik: str
    reason: Reason
    since: datetime | None
    why: str
    quota_day: date | None
    moves: list[MoveTold]


@needs(Action.QUEUE_URGE, Action.JOURNAL_SEE)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """At the dinas every queue of the city; at a kecamatan its own."""
    here = house().code
    if here.tier is not Tier.DINAS:
        return _page(request, officer, here)
    lines = [
        (each, ready_count(each.code)) for each in _ours() if each.capabilities & {"cetak", "loket"}
    ]
    return show(
        request,
        "screens/office/queues.html",
        lines=lines,
        total=sum(count for _, count in lines),
    )


@needs(Action.QUEUE_URGE, Action.JOURNAL_SEE)
@require_GET
def of_office(request: HttpRequest, officer: OfficerSeen, *, office: str) -> HttpResponse:
    """The order of one queue; who reads the names is recorded."""
    known = next((each.code for each in _ours() if each.code.text == office), None)
    if known is None:
        no = Refusal("screens.no_such_office")
        return show_refusal(request, no, back=reverse("antrean"))
    return _page(request, officer, known)


def _page(request: HttpRequest, officer: OfficerSeen, office: OfficeCode) -> HttpResponse:
    purpose = Purpose.COUNTER if officer.may(Action.QUEUE_URGE) else Purpose.AUDIT
    page = queue_page(officer.id, office=office, purpose=purpose.value)
    if isinstance(page, Refusal):
        return show_refusal(request, page)
    seen = office_seen(office)
    return show(
        request,
        "screens/office/queue.html",
        page=page,
        name=seen.name if seen is not None else office.text,
        lines=[_line(each) for each in page.lines],
        order=[ORDER[each] for each in page.row.order],
        limits=[(CLASSES[of], most, used) for of, most, used in page.limits],
        hidden=page.length - len(page.lines),
        may_move=officer.may(Action.QUEUE_URGE),
        is_dinas=house().tier is Tier.DINAS,
        per_day=_per_day(page),
        lendings=_lendings(office),
    )


def _lendings(office: OfficeCode) -> list[Lending]:
    """Whose cards this office prints today, or where its own are printed."""
    day = local_day()
    return [each for each in lendings_around((office,), day=day) if each.is_in_force(day)]


def _per_day(page: QueuePage) -> list[tuple[str, int]]:
    return [(ORDER[_PART[what.value]], most) for what, most in page.row.per_day.items()]


_PART = {"URGENT": "urgency", "JUMPED": "jump"}


def _line(line: QueueLine) -> Line:
    return Line(
        place=line.place,
        request=line.request,
        nama=line.nama,
        nik=line.nik,
        reason=line.reason,
        since=line.since,
        why=BEHIND[line.behind],
        quota_day=line.quota_day,
        moves=told_moves(tuple(each for each in line.moves if each.undone_at is None)),
    )


def _ours() -> list[OfficeSeen]:
    here = house().code
    near = [each for each in offices() if here in (each.code, each.code.upper)]
    return [each for each in near if each.hosted_by is None]
