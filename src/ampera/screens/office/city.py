"""The city map, one office at a glance, and the report of the backlog at any moment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from io import StringIO
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from ampera.blanko.queries import shipments_to
from ampera.journal.house import house
from ampera.papers.backlog_report import BacklogLine, BacklogPaper, backlog_report
from ampera.papers.tables import SheetWriter
from ampera.planning.queries.backlog import backlog_at
from ampera.planning.queries.city import city_kept, city_now
from ampera.planning.rules.backlog import CityBacklog, Part
from ampera.register.queries import Action, OfficerSeen, office_seen
from ampera.register.rules.days import zone_of
from ampera.screens.backlog_words import ACTORS, AGES, PARTS, WHYS, parts_of
from ampera.screens.city_map import map_of
from ampera.screens.sheets import letterhead
from ampera.screens.shell import needs, pdf, show, show_refusal
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: Nothing was counted before there was a system that counted.
_YEAR_MIN: Final = 2011


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def city_map(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The kecamatan by place, by days of stock or by backlog, and a table beside it."""
    by = "tunggakan" if request.GET.get("menurut") == "tunggakan" else "stok"
    city = city_kept()
    return show(request, "screens/office/map.html", by=by, city=city, map=map_of(city, by=by))


@needs(Action.FIGURES_SEE)
@require_GET
def office_page(request: HttpRequest, officer: OfficerSeen, *, office: str) -> HttpResponse:
    """Stock, backlog, printers, contact and shipments of one office."""
    city = city_now()
    known = {each.code.text: each for each in city.offices}
    if office not in known:
        return show_refusal(request, Refusal("screens.no_such_office"))
    seen = known[office]
    rows = city.backlog.rows
    if seen.code.tier is Tier.DINAS:
        own = [row for row in rows if row.at == seen.code]
    else:
        own = [row for row in rows if seen.code in (row.office, row.at)]
    narrowed = city.backlog.narrowed(own)
    return show(
        request,
        "screens/office/office_now.html",
        seen=seen,
        parts=parts_of(narrowed),
        cutoff=narrowed.cutoff,
        oldest=narrowed.oldest,
        ages=list(zip(AGES, narrowed.ages(), strict=True)),
        shipments=shipments_to(seen.code),
    )


@needs(Action.FIGURES_SEE)
@require_GET
def report(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The backlog by office at a moment that is asked for; now by default."""
    seen = _asked(request)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("laporan"))
    zone = zone_of(house().code)
    return show(
        request,
        "screens/office/report.html",
        parts=parts_of(seen),
        cutoff=seen.cutoff,
        asked=seen.cutoff.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"),
        lines=_lines(seen),
        sums=_sums(seen),
        ages=list(zip(AGES, seen.ages(), strict=True)),
        oldest=seen.oldest,
    )


@needs(Action.FIGURES_SEE)
@require_GET
def report_table(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Every row of the backlog as CSV, codes as they are in the system."""
    seen = _asked(request)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("laporan"))
    paper = StringIO()
    writer = SheetWriter(paper)
    writer.writerow(
        [
            *("saat", "kode_kantor", "kantor", "kode_pencetak", "alasan", "bagian", "sebab"),
            *("arti_bagian", "arti_sebab", "yang_bertindak", "jumlah", "tertua"),
            *(f"umur_{name.replace(' ', '_')}" for name in AGES),
        ]
    )
    for row in seen.rows:
        place = row.place
        writer.writerow(
            [
                *(seen.cutoff.isoformat(), row.office, _name(row.office), row.at, row.reason.value),
                *(place.part.value, place.why.value, PARTS[place.part], WHYS[place.why]),
                *(ACTORS[place.actor], row.count, row.oldest.isoformat(), *row.ages),
            ]
        )
    response = HttpResponse(paper.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"tunggakan-{seen.cutoff:%Y%m%dT%H%M%SZ}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(Action.FIGURES_SEE)
@require_GET
def report_paper(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The same as a PDF for the file."""
    seen = _asked(request)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("laporan"))
    here = house()
    zone = zone_of(here.code)
    local = seen.cutoff.astimezone(zone)
    paper = BacklogPaper(
        letterhead=letterhead(),
        number=f"TUNGGAKAN/{here.code}/{local:%Y%m%d-%H%M}",
        cutoff=local,
        lines=tuple(_lines(seen)),
        reasons=tuple(
            (part.text, each.text, each.actor, each.count)
            for part in parts_of(seen)
            for each in part.reasons
        ),
        ages=tuple(zip(AGES, seen.ages(), strict=True)),
        is_demo=here.is_demo,
    )
    return pdf(backlog_report(paper), name=f"tunggakan-{local:%Y%m%d-%H%M}")


def _asked(request: HttpRequest) -> CityBacklog | Refusal:
    """The backlog at the moment that the address names, in the office's own time."""
    now = house().now()
    asked = request.GET.get("saat", "")
    if not asked:
        return backlog_at(now)
    try:
        moment = datetime.fromisoformat(asked)
    except ValueError:
        return Refusal("screens.not_a_day")
    if not _YEAR_MIN <= moment.year <= now.year + 1:
        return Refusal("screens.not_a_day")
    if moment.tzinfo is None:
        if moment.time() == time() and len(asked) == len("2017-09-07"):
            moment += timedelta(1)  # a day alone: at its end
        moment = moment.replace(tzinfo=zone_of(house().code))
    return backlog_at(min(moment.astimezone(UTC), now))


def _lines(seen: CityBacklog) -> list[BacklogLine]:
    return [
        BacklogLine(
            code=office.text,
            name=_name(office),
            ready_new=seen.count(Part.READY, office=office, is_new=True),
            ready_other=seen.count(Part.READY, office=office, is_new=False),
            not_ready=seen.count(Part.NOT_READY, office=office),
            printed=seen.count(Part.PRINTED, office=office),
        )
        for office in seen.offices()
    ]


def _sums(seen: CityBacklog) -> tuple[int, int, int, int]:
    lines = _lines(seen)
    return (
        sum(each.ready_new for each in lines),
        sum(each.ready_other for each in lines),
        sum(each.not_ready for each in lines),
        sum(each.printed for each in lines),
    )


def _name(office: OfficeCode) -> str:
    seen = office_seen(office)
    return seen.name if seen is not None else office.text
