"""The backlog at a moment, office by office, as a paper for the file.

Sums are worked out here from the lines, so that the paper cannot say a total that they do not give.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ampera.papers.heads import Letterhead
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
    text,
)
from ampera.papers.wording import date_in_words, grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogLine:
    """One kecamatan: cards of the residents whom it serves."""

    code: str
    name: str
    ready_new: int
    ready_other: int
    not_ready: int
    printed: int

    @property
    def total(self) -> int:
        return self.ready_new + self.ready_other + self.not_ready + self.printed


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogPaper:
    """What the paper says; `cutoff` in the office's own time."""

    letterhead: Letterhead
    number: str
    cutoff: datetime
    lines: tuple[BacklogLine, ...]
    #: Part, reason, who must act, how many.
    reasons: tuple[tuple[str, str, str, int], ...]
    ages: tuple[tuple[str, int], ...]
    is_demo: bool = False


def backlog_report(paper: BacklogPaper) -> bytes:
    """The report on A4 as PDF."""
    size = PaperSize.A4
    head = SheetHead(
        letterhead=paper.letterhead,
        title="LAPORAN TUNGGAKAN KTP-el",
        number=paper.number,
        is_demo=paper.is_demo,
    )
    total = sum(line.total for line in paper.lines)
    moment = f"{date_in_words(paper.cutoff.date())} pukul {paper.cutoff:%H.%M.%S}"
    rows = [("Keadaan pada", moment), ("Seluruhnya", f"{grouped(total)} kartu")]
    rows += [(f"Umur {name}", grouped(count)) for name, count in paper.ages]
    parts = [
        *heading(head, paper=size),
        facts(rows, paper=size, label_mm=44.0),
        gap(3),
        _offices(paper, size, total),
        gap(3),
        text("Sebab dan yang harus bertindak", size_pt=size.text_pt, bold=True),
        gap(1),
        grid(
            [
                TableColumn("Bagian", 50),
                TableColumn("Sebab", 64),
                TableColumn("Yang bertindak", 44),
                TableColumn("Jumlah", 20, is_amount=True),
            ],
            rows=[[part, why, who, grouped(count)] for part, why, who, count in paper.reasons],
            paper=size,
        ),
    ]
    return build_sheet(parts, head=head, paper=size)


def _offices(  # positional: as above
    paper: BacklogPaper, size: PaperSize, total: int
) -> Part:
    columns = [
        TableColumn("Kode", 20),
        TableColumn("Kecamatan", 46),
        TableColumn("PRR baru", 22, is_amount=True),
        TableColumn("PRR ganti", 22, is_amount=True),
        TableColumn("Belum siap", 22, is_amount=True),
        TableColumn("Belum diserahkan", 24, is_amount=True),
        TableColumn("Jumlah", 22, is_amount=True),
    ]
    rows = [
        [
            line.code,
            line.name,
            *map(
                grouped,
                (line.ready_new, line.ready_other, line.not_ready, line.printed, line.total),
            ),
        ]
        for line in paper.lines
    ]
    sums = [
        sum(getattr(line, name) for line in paper.lines)
        for name in ("ready_new", "ready_other", "not_ready", "printed")
    ]
    last = ["", "Kota", *map(grouped, sums), grouped(total)]
    return grid(columns, rows=rows, paper=size, total=last)
