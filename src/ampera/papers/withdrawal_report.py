"""Laporan bulanan: withdrawn cards and spoils by cause, with sums that are worked out here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.sheet import (
    PaperSize,
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

_MISSING: Final = "{} keping kiriman masih dicari pada akhir masa ini dan tidak masuk hitungan."


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseLine:
    """One cause: what lay, came in, came from another office, went back to holders, was sent on,
    was destroyed."""

    cause: str
    opening: int
    came: int
    given_back: int
    gone: int
    received: int = 0
    sent: int = 0

    @property
    def closing(self) -> int:
        return self.opening + self.came + self.received - self.given_back - self.sent - self.gone

    def figures(self) -> tuple[int, ...]:
        """In the order of the columns."""
        came = (self.opening, self.came, self.received)
        return *came, self.given_back, self.sent, self.gone, self.closing


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalReport:
    """The report of one office and month. `total` was counted without looking at causes."""

    letterhead: Letterhead
    number: str
    office: str
    on: date
    place: str
    first_day: date
    last_day: date
    basis: str
    lines: tuple[CauseLine, ...]
    total: CauseLine
    keeper: Signatory
    head: Signatory
    #: Pieces of packages that were missed and are still sought: in no figure above.
    missing: int = 0
    is_demo: bool = False

    @property
    def is_balanced(self) -> bool:
        """Do the causes give the total, figure by figure (domain §5.2)?"""
        sums = tuple(map(sum, zip(*(line.figures() for line in self.lines), strict=True)))
        return sums == self.total.figures()


def withdrawal_report(report: WithdrawalReport) -> bytes:
    """The report on A4 as PDF. One whose sums differ says so in its own text."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=report.letterhead,
        title="LAPORAN BULANAN KTP-el DITARIK DAN DIMUSNAHKAN",
        number=report.number,
        is_demo=report.is_demo,
    )
    columns = [
        TableColumn("Sebab", 46),
        *(TableColumn(name, 19, is_amount=True) for name in ("Awal", "Masuk", "Diterima")),
        *(TableColumn(name, 19, is_amount=True) for name in ("Kembali", "Dikirim")),
        *(TableColumn(name, 19, is_amount=True) for name in ("Musnah", "Akhir")),
    ]
    rows = [[line.cause, *(grouped(n) for n in line.figures())] for line in report.lines]
    total = [report.total.cause, *(grouped(n) for n in report.total.figures())]
    checked = (
        "Jumlah menurut sebab sama dengan jumlah seluruh keping."
        if report.is_balanced
        else "PERHATIAN: jumlah menurut sebab TIDAK sama dengan jumlah seluruh keping."
    )
    span = f"{date_in_words(report.first_day)} sampai {date_in_words(report.last_day)}"
    parts = [
        *heading(head, paper=paper),
        facts(
            [("Kantor", report.office), ("Masa", span), ("Dasar", report.basis)],
            paper=paper,
            label_mm=30.0,
        ),
        gap(3),
        grid(columns, rows=rows, paper=paper, total=total),
        gap(3),
        text(checked, size_pt=paper.text_pt, bold=not report.is_balanced),
        *(
            [text(_MISSING.format(report.missing), size_pt=paper.text_pt, bold=True)]
            if report.missing
            else []
        ),
        signatures(
            [report.keeper, report.head],
            paper=paper,
            place_and_date=place_and_date(report.place, on=report.on),
        ),
    ]
    return build_sheet(parts, head=head, paper=paper)
