"""Service times: how long requests took by the office's own time, and what stopped the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from ampera.journal.house import house
from ampera.papers.tables import SheetWriter
from ampera.planning.queries import OfficeReport, report, reports
from ampera.planning.rules.service_time import Evidence, Kept, Pause
from ampera.register.queries import Action, OfficerSeen, local_day, office_seen
from ampera.register.rules.days import zone_of
from ampera.screens.shell import needs, show, show_refusal
from ampera.screens.wording import PAUSES
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

_NO_TIME: Final = timedelta(0)
_MINUTE: Final = timedelta(minutes=1)
_DAYS_SHOWN: Final = 30
_DAYS_MAX: Final = 400
_EVIDENCE_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Span:
    """The days whose requests are counted: those whose data were complete from first to last."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), tzinfo=zone_of(house().code))

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last, time(), tzinfo=zone_of(house().code)) + timedelta(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One office of the table."""

    name: str
    report: OfficeReport

    @property
    def pauses(self) -> list[tuple[str, timedelta]]:
        told = self.report.summary.paused
        return [
            (PAUSES[cause.value], told[cause])
            for cause in Pause
            if told.get(cause, _NO_TIME) >= _MINUTE
        ]


@needs(Action.FIGURES_SEE)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Every office known here; a kecamatan sees its own."""
    span = _span(request)
    if isinstance(span, Refusal):
        return show_refusal(request, span, back=reverse("waktu_layanan"))
    lines = [
        Line(_name(each.summary.office), each)
        for each in reports(since=span.since, until=span.until)
    ]
    finished = sum(each.report.summary.finished for each in lines)
    late = sum(each.report.summary.kept[Kept.LATE] for each in lines)
    return show(
        request,
        "screens/office/service_time.html",
        span=span,
        lines=lines,
        finished=finished,
        running=sum(each.report.summary.running for each in lines),
        late=late,
        late_running=sum(each.report.summary.late_running for each in lines),
        in_an_hour=sum(each.report.summary.kept[Kept.IN_AN_HOUR] for each in lines),
    )


@needs(Action.FIGURES_SEE)
@require_GET
def of_office(request: HttpRequest, officer: OfficerSeen, *, office: str) -> HttpResponse:
    """One office: its slowest requests by record id, and every stop with its evidence."""
    span = _span(request)
    if isinstance(span, Refusal):
        return show_refusal(request, span, back=reverse("waktu_layanan"))
    if (code := _known(office)) is None:
        return show_refusal(request, Refusal("screens.no_such_office"))
    found = report(str(code), since=span.since, until=span.until)
    return show(
        request,
        "screens/office/service_time_of.html",
        span=span,
        office=code,
        line=Line(_name(office), found),
        worst=[each for each in found.worst if each.kept is not Kept.IN_AN_HOUR],
        evidence=_newest(found.evidence),
    )


@needs(Action.FIGURES_SEE)
@require_GET
def table(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The figures as CSV, one line an office; hours as decimals with a point."""
    span = _span(request)
    if isinstance(span, Refusal):
        return show_refusal(request, span, back=reverse("waktu_layanan"))
    paper = StringIO()
    writer = SheetWriter(paper)
    writer.writerow(
        [
            *("kode", "kantor", "dari", "sampai", "selesai", "sampai_1_jam", "sampai_24_jam"),
            *("terlambat", "berjalan", "berjalan_terlambat"),
            *(f"jeda_jam_{cause.value.lower()}" for cause in Pause),
        ]
    )
    for each in reports(since=span.since, until=span.until):
        told = each.summary
        writer.writerow(
            [
                *(told.office, _name(told.office), span.first, span.last, told.finished),
                *(told.kept[kept] for kept in Kept),
                *(told.running, told.late_running),
                *(f"{_hours(told.paused.get(cause)):.2f}" for cause in Pause),
            ]
        )
    response = HttpResponse(paper.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"waktu-layanan-{span.first}-{span.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _hours(length: timedelta | None) -> float:
    return 0.0 if length is None else length.total_seconds() / 3600


def _newest(evidence: Sequence[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=_since, reverse=True)[:_EVIDENCE_SHOWN]


def _since(evidence: Evidence) -> datetime:
    return evidence.span.since


def _span(request: HttpRequest) -> Span | Refusal:
    """The days asked for, the last thirty by default."""
    today = local_day()
    try:
        last = date.fromisoformat(request.GET.get("sampai") or today.isoformat())
        default = last - timedelta(days=_DAYS_SHOWN - 1)
        first = date.fromisoformat(request.GET.get("dari") or default.isoformat())
    except (ValueError, OverflowError):
        return Refusal("screens.not_a_day")
    if not 0 <= (last - first).days <= _DAYS_MAX or last.year > today.year + 1:
        return Refusal("screens.not_a_day")
    return Span(first, last)


def _known(office: str) -> OfficeCode | None:
    """An office whose requests this server may count: its own, and at the dinas those below."""
    here = house().code
    try:
        code = OfficeCode(office)
    except ValueError:
        return None
    return code if code == here or code.is_child_of(here) else None


def _name(office: str) -> str:
    seen = office_seen(OfficeCode(office))
    return seen.name if seen is not None else office
