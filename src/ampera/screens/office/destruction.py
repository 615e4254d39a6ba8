"""Pemusnahan: batches by cause, two officers, the berita acara, and the report of a month."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.journal.house import house
from ampera.papers.tables import SheetWriter
from ampera.register.queries import Action, OfficerSeen, OfficeSeen, local_day, offices
from ampera.screens.office.withdrawn import MAY_READ
from ampera.screens.sheets_withdrawn import destruction_pdf, report_pdf, suggested_number
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal, witness_of
from ampera.screens.withdrawn_words import WITHDRAWAL_CAUSES
from ampera.withdrawal.actions import cancel_batch, finish_batch, open_batch, secure_again
from ampera.withdrawal.queries import (
    Lying,
    MonthlyReport,
    batch_seen,
    destruction_seen,
    destructions,
    is_on_second_medium,
    lying_at,
    monthly_report,
    open_batches,
)
from ampera.withdrawal.rules.pieces import BATCH_MAX, Done, Witness
from ampera.withdrawal.rules.policy import Cause, rule_on
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

WITNESSES_MAX: Final = 3
_YEARS: Final = range(2011, 2100)


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """Pieces of one cause that may be destroyed now."""

    cause: Cause
    pieces: list[Lying]


@needs(*MAY_READ)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """What may be destroyed, by cause; batches that are being counted out; what is gone."""
    free = [each for each in lying_at() if each.no is None and not each.batch]
    groups = [
        CauseGroup(cause, [each for each in free if each.cause is cause][:BATCH_MAX])
        for cause in Cause
    ]
    return show(
        request,
        "screens/office/destruction.html",
        groups=[each for each in groups if each.pieces],
        batches=open_batches(),
        done=destructions(),
        rule=rule_on(local_day()),
        may_destroy=officer.may(Action.BLANKO_DESTROY),
    )


@needs(Action.BLANKO_DESTROY)
@require_POST
def begin(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Put the chosen pieces of one cause into a batch."""
    answer = open_batch(
        command_of(request, officer),
        cause=request.POST.get("cause", ""),
        pieces=request.POST.getlist("piece"),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("pemusnahan"))
    return HttpResponseRedirect(reverse("pemusnahan_satu", args=[answer["batch"]]))


@needs(*MAY_READ)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, officer: OfficerSeen, *, batch: str) -> HttpResponse:
    """A batch: counted out, destroyed by two officers, or gone with its list."""
    if request.method == "POST":
        return _finish(request, officer, batch)
    gone = destruction_seen(batch)
    if not isinstance(gone, Refusal):
        is_safe = gone.office != house().code or is_on_second_medium(batch)
        return show(request, "screens/office/destruction_done.html", gone=gone, is_safe=is_safe)
    seen = batch_seen(batch)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("pemusnahan"))
    return show(
        request,
        "screens/office/destruction_batch.html",
        batch=seen,
        rule=rule_on(local_day()),
        number=suggested_number(batch),
        witnesses=range(1, WITNESSES_MAX + 1),
        may_destroy=officer.may(Action.BLANKO_DESTROY),
    )


def _finish(request: HttpRequest, officer: OfficerSeen, batch: str) -> HttpResponse:
    here = reverse("pemusnahan_satu", args=[batch])
    if not officer.may(Action.BLANKO_DESTROY):
        return show_refusal(request, Refusal("officer.may_not"), back=here)
    if request.POST.get("counted") != "ya":
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    names = [
        Witness(
            name=request.POST.get(f"witness_{n}", "")[:120],
            office=request.POST.get(f"witness_office_{n}", "")[:120],
        )
        for n in range(1, WITNESSES_MAX + 1)
    ]
    answer = finish_batch(
        command_of(request, officer),
        batch=batch,
        done=Done(
            number=request.POST.get("number", "")[:80],
            place=request.POST.get("place", "")[:120],
            witnesses=tuple(names),
            second=second.id,
        ),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = (
        f"{answer['total']} keping tercatat dimusnahkan, di dua media. Musnahkan sekarang di depan"
        " saksi, lalu cetak dan tanda tangani berita acaranya."
    )
    return done(request, said, page="pemusnahan_satu", batch=batch)


@needs(Action.BLANKO_DESTROY)
@require_POST
def secure(request: HttpRequest, officer: OfficerSeen, *, batch: str) -> HttpResponse:
    """The second medium is back: bring it up to the books, then the fire may begin."""
    no = secure_again()
    if no is not None:
        return show_refusal(request, no, back=reverse("pemusnahan_satu", args=[batch]))
    said = "Daftar sekarang ada di dua media. Musnahkan kepingnya di depan saksi."
    return done(request, said, page="pemusnahan_satu", batch=batch)


@needs(Action.BLANKO_DESTROY)
@require_POST
def cancel(request: HttpRequest, officer: OfficerSeen, *, batch: str) -> HttpResponse:
    """Nothing was destroyed: every piece lies free again."""
    answer = cancel_batch(command_of(request, officer), batch=batch)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("pemusnahan"))
    return done(request, "Daftar dibatalkan; tidak ada yang dimusnahkan.", page="pemusnahan")


@needs(*MAY_READ)
@require_GET
def minutes(request: HttpRequest, officer: OfficerSeen, *, batch: str) -> HttpResponse:
    """Berita acara: with room to write while the batch is open, complete once it is gone."""
    gone = destruction_seen(batch)
    seen = batch_seen(batch) if isinstance(gone, Refusal) else gone
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("pemusnahan"))
    made = destruction_pdf(seen)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("pemusnahan_satu", args=[batch]))
    return pdf(made, name=f"pemusnahan-{batch[-8:]}")


@needs(*MAY_READ)
@require_GET
def report(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The report of a month by cause; its sums are checked here and on paper."""
    seen = _report_of(request)
    return show(
        request,
        "screens/office/withdrawal_report.html",
        report=seen,
        rows=[(WITHDRAWAL_CAUSES[cause], row) for cause, row in seen.by_cause.items()],
        month=f"{seen.first_day:%Y-%m}",
        offices=_choices(),
    )


@needs(*MAY_READ)
@require_GET
def report_csv(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The same as a file that a spreadsheet opens."""
    seen = _report_of(request)
    out = io.StringIO()
    writer = SheetWriter(out, delimiter=";", lineterminator="\r\n")
    head = "kantor bulan sebab awal masuk diterima kembali dikirim musnah akhir"
    writer.writerow(head.split())
    named = [*((WITHDRAWAL_CAUSES[cause], row) for cause, row in seen.by_cause.items())]
    for name, row in [*named, ("JUMLAH", seen.total)]:
        figures = [row.opening, row.came, row.received, row.given_back, row.sent, row.gone]
        figures.append(row.closing)
        writer.writerow([seen.office.text, f"{seen.first_day:%Y-%m}", name, *figures])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv")
    name = f"pemusnahan-{seen.office.text}-{seen.first_day:%Y-%m}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(*MAY_READ)
@require_GET
def report_paper(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The same on paper, for the ministry and the head of the office."""
    seen = _report_of(request)
    made = report_pdf(seen)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("laporan_tarik"))
    return pdf(made, name=f"laporan-pemusnahan-{seen.office.text}-{seen.first_day:%Y-%m}")


def _report_of(request: HttpRequest) -> MonthlyReport:
    """The month asked for, else this one; the office asked for, if this server sees it."""
    day = local_day()
    try:
        asked = date.fromisoformat(f"{request.GET.get('bulan', '')}-01")
    except ValueError:
        asked = day
    year, month = (asked.year, asked.month) if asked.year in _YEARS else (day.year, day.month)
    wanted = request.GET.get("kantor", "")
    known = [each.code for each in _choices()]
    office = next((each for each in known if each.text == wanted), house().code)
    return monthly_report(year=year, month=month, office=office)


def _choices() -> list[OfficeSeen]:
    """A dinas reads the reports of its kecamatan too."""
    if house().tier is not Tier.DINAS:
        return []
    here: OfficeCode = house().code
    return [each for each in offices() if here in (each.code, each.code.upper)]
