"""The monthly report of the blanko books: on a page, as a table for a spreadsheet, on paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from ampera.blanko.queries import MonthSeen, are_books_open, month_seen
from ampera.journal.house import house
from ampera.papers.blanko_report import BlankoLine, BlankoReport, blanko_report
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.tables import SheetWriter
from ampera.register.queries import Action, OfficerSeen, local_day, offices
from ampera.screens.sheets import letterhead, office_title
from ampera.screens.sheets_blanko import town_of
from ampera.screens.shell import needs, pdf, show, show_refusal
from ampera.screens.wording import word_for
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

MAY_READ: Final = (Action.BLANKO_COUNT, Action.FIGURES_SEE, Action.JOURNAL_SEE)
_YEARS: Final = range(2014, 2100)
CITY: Final = "kota"
#: Columns: heading, side of the balance, name of the figure.
_COLUMNS: Final = (
    ("Hitung", "came", "counted"),
    ("Terima", "came", "received"),
    ("Pulang", "came", ""),
    ("Kirim", "went", "sent"),
    ("Kartu", "went", "issued"),
    ("Rusak", "went", "spoiled"),
    ("Pinjam", "went", "loaned"),
    ("Selisih", "went", "dispute"),
    ("Lain", "went", ""),
)
HEADINGS: Final = ("Awal", *(heading for heading, _, _ in _COLUMNS), "Akhir")


@needs(*MAY_READ)
@require_GET
def report(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """One month of one office, or of the city office by office."""
    seen = _asked(request)
    return show(
        request,
        "screens/counter/blanko_month.html",
        headings=HEADINGS,
        rows=[
            (office_title(each.office), _labelled(figures_of(each)), each.is_balanced)
            for each in seen
        ],
        sums=_labelled(_sums(seen)) if len(seen) > 1 else (),
        causes=_causes(seen),
        standing=_standing(seen),
        notes=_notes(seen),
        month=f"{seen[0].first_day:%Y-%m}",
        first_day=seen[0].first_day,
        last_day=seen[0].last_day,
        offices=[(each.text, office_title(each)) for each in _choices()],
        wanted=request.GET.get("kantor", ""),
    )


@needs(*MAY_READ)
@require_GET
def table(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The same as a file that a spreadsheet opens."""
    seen = _asked(request)
    out = io.StringIO()
    writer = SheetWriter(out, delimiter=";", lineterminator="\r\n")
    causes = sorted({cause for each in seen for cause in each.by_cause})
    accounts = sorted({name for each in seen for name in each.standing})
    head = ["kantor", "bulan", *(each.lower() for each in HEADINGS)]
    head += [f"rusak_{each}" for each in causes] + [f"akhir_{each}" for each in accounts]
    writer.writerow([*head, "kartu_ditolak", "kurang_kiriman", "dimusnahkan", "seimbang"])
    for each in seen:
        row: list[object] = [each.office.text, f"{each.first_day:%Y-%m}", *figures_of(each)]
        row += [each.by_cause.get(cause, 0) for cause in causes]
        row += [each.standing.get(name, 0) for name in accounts]
        row += [each.rejected, each.short, each.destroyed, "ya" if each.is_balanced else "TIDAK"]
        writer.writerow(row)
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv")
    name = f"blanko-{_name(seen)}-{seen[0].first_day:%Y-%m}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(*MAY_READ)
@require_GET
def paper(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The same on paper."""
    seen = _asked(request)
    made = _pdf(seen)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("blanko_bulan"))
    return pdf(made, name=f"laporan-blanko-{_name(seen)}-{seen[0].first_day:%Y-%m}")


def figures_of(month: MonthSeen) -> tuple[int, ...]:
    """In the order of `HEADINGS`; what has no column of its own stands under *Pulang* and
    *Lain*."""
    named = {(side, name) for _, side, name in _COLUMNS if name}
    found = [month.opening]
    for _, side, name in _COLUMNS:
        figures = month.came if side == "came" else month.went
        if name:
            found.append(figures.get(name, 0))
        else:
            found.append(sum(n for key, n in figures.items() if (side, key) not in named))
    return (*found, month.closing)


def _pdf(seen: Sequence[MonthSeen]) -> bytes | Refusal:
    first = seen[0]
    try:
        return blanko_report(
            BlankoReport(
                letterhead=letterhead(),
                number=f"LB/{_name(seen)}/{first.first_day:%Y/%m}",
                on=local_day(),
                place=town_of(house().code),
                about="Seluruh kota" if len(seen) > 1 else office_title(first.office),
                first_day=first.first_day,
                last_day=first.last_day,
                columns=HEADINGS,
                lines=tuple(
                    BlankoLine(
                        office=office_title(each.office).removeprefix("Kecamatan "),
                        figures=figures_of(each),
                        is_balanced=each.is_balanced,
                    )
                    for each in seen
                ),
                causes=tuple(_causes(seen)),
                standing=tuple(_standing(seen)),
                notes=tuple(_notes(seen)),
                signed=Signatory(role="Kepala kantor,", name="…………………………"),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def _asked(request: HttpRequest) -> list[MonthSeen]:
    """The month asked for, else this one; one office that this server sees, or all of them."""
    day = local_day()
    try:
        asked = date.fromisoformat(f"{request.GET.get('bulan', '')}-01")
    except ValueError:
        asked = day
    year, month = (asked.year, asked.month) if asked.year in _YEARS else (day.year, day.month)
    known = _choices()
    wanted = request.GET.get("kantor", "")
    if wanted == CITY and known:
        return [month_seen(each, year=year, month=month) for each in known]
    office = next((each for each in known if each.text == wanted), house().code)
    return [month_seen(office, year=year, month=month)]


def _choices() -> list[OfficeCode]:
    """This office and those directly below whose books are told here."""
    here = house().code
    near = [each.code for each in offices() if each.code == here or each.code.is_child_of(here)]
    return [each for each in near if each == here or are_books_open(each)]


def _name(seen: Sequence[MonthSeen]) -> str:
    return f"{house().code}-kota" if len(seen) > 1 else seen[0].office.text


def _labelled(figures: Sequence[int]) -> list[tuple[str, int]]:
    """Each figure with its heading, for narrow screens."""
    return list(zip(HEADINGS, figures, strict=True))


def _sums(seen: Sequence[MonthSeen]) -> tuple[int, ...]:
    return tuple(sum(each) for each in zip(*(figures_of(one) for one in seen), strict=True))


def _causes(seen: Sequence[MonthSeen]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for each in seen:
        for cause, count in each.by_cause.items():
            found[cause] = found.get(cause, 0) + count
    return [(word_for(cause, table="sebab"), count) for cause, count in sorted(found.items())]


def _standing(seen: Sequence[MonthSeen]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for each in seen:
        for name, count in each.standing.items():
            found[name] = found.get(name, 0) + count
    return [(word_for(name, table="akun"), count) for name, count in sorted(found.items())]


def _notes(seen: Sequence[MonthSeen]) -> list[tuple[str, int]]:
    told = (
        ("Kartu jadi yang ditolak saat diperiksa", sum(each.rejected for each in seen)),
        ("Kurang saat kiriman diterima", sum(each.short for each in seen)),
        ("Dimusnahkan pada masa ini", sum(each.destroyed for each in seen)),
    )
    return [(words, count) for words, count in told if count]
