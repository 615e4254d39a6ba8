"""Laporan bulanan blanko: opening, came, went and closing by office; every sum is worked out
here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.sheet import (
    PaperSize,
    Part,
    SheetHead,
    TableColumn,
    build_sheet,
    facts,
    gap,
    grid,
    heading,
    place_and_date,
    signatures,
    text,
)
from ampera.papers.wording import date_in_words, grouped

_OFFICE_MM: Final = 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankoLine:
    """One office: figures in the order of the report's columns, and whether they add up."""

    office: str
    figures: tuple[int, ...]
    is_balanced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankoReport:
    """The report of one month, of one office or of a whole city."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    about: str
    first_day: date
    last_day: date
    columns: tuple[str, ...]
    lines: tuple[BlankoLine, ...]
    causes: tuple[tuple[str, int], ...]
    standing: tuple[tuple[str, int], ...]
    notes: tuple[tuple[str, int], ...]
    signed: Signatory
    is_demo: bool = False


def blanko_report(report: BlankoReport) -> bytes:
    """The report on A4 as PDF."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=report.letterhead,
        title="LAPORAN BULANAN BLANKO KTP-el",
        number=report.number,
        is_demo=report.is_demo,
    )
    base = paper.text_pt
    days = f"{date_in_words(report.first_day)} s.d. {date_in_words(report.last_day)}"
    parts: list[Part] = [
        *heading(head, paper=paper),
        facts([("Kantor", report.about), ("Masa", days)], paper=paper, label_mm=24.0),
        gap(2),
        _offices(report, paper),
        gap(1),
        text(_sums(report.lines), size_pt=base, bold=not all(x.is_balanced for x in report.lines)),
    ]
    for title, rows in (
        ("Rusak cetak menurut sebab", report.causes),
        ("Kedudukan pada akhir masa", report.standing),
        ("Catatan", report.notes),
    ):
        if rows:
            parts += [gap(3), text(title, size_pt=base, bold=True), gap(1), _pairs(rows, paper)]
    parts.append(
        signatures(
            [report.signed], paper=paper, place_and_date=place_and_date(report.place, on=report.on)
        )
    )
    return build_sheet(parts, head=head, paper=paper)


def _offices(report: BlankoReport, paper: PaperSize) -> Part:
    # Wide enough for its heading, and for its longest figure.
    sums = [sum(each) for each in zip(*(line.figures for line in report.lines), strict=True)]
    weights = [
        max(len(heading), len(grouped(most))) + 2
        for heading, most in zip(report.columns, sums, strict=True)
    ]
    one = (paper.width_mm - _OFFICE_MM) / sum(weights)
    columns = [
        TableColumn("Kantor", _OFFICE_MM),
        *(
            TableColumn(each, one * weight, is_amount=True)
            for each, weight in zip(report.columns, weights, strict=True)
        ),
    ]
    rows = [[line.office, *(grouped(each) for each in line.figures)] for line in report.lines]
    if len(report.lines) < 2:
        return grid(columns, rows=rows, paper=paper)
    total = ["Jumlah", *(grouped(each) for each in sums)]
    return grid(columns, rows=rows, paper=paper, total=total)


def _sums(lines: Sequence[BlankoLine]) -> str:
    wrong = [line.office for line in lines if not line.is_balanced]
    if wrong:
        return f"TIDAK SEIMBANG: {', '.join(wrong)}."
    return "Setiap baris: awal + masuk – keluar = akhir menurut tempat."


def _pairs(rows: Sequence[tuple[str, int]], paper: PaperSize) -> Part:
    columns = [TableColumn("Uraian", 94), TableColumn("Keping", 36, is_amount=True)]
    return grid(columns, rows=[[word, grouped(count)] for word, count in rows], paper=paper)
