"""Berita acara of a loan of blanks to another city: lent by number, returned or settled as used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
from ampera.papers.wording import count_twice, date_in_words, day_and_date, grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanMinutes:
    """Berita acara peminjaman blanko KTP-el."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    lender: str
    borrower: str
    letter: str
    until: date | None
    carrier: str  #: name and paper; empty once they were erased
    ranges: tuple[tuple[str, str, int], ...]
    returned: int = 0
    spent: int = 0
    signed: tuple[Signatory, ...]
    is_demo: bool = False


def loan_minutes(loan: LoanMinutes) -> bytes:
    """The minutes on A4 as PDF. What is still out is worked out from the lines."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=loan.letterhead,
        title="BERITA ACARA PEMINJAMAN BLANKO KTP-el",
        number=loan.number,
        is_demo=loan.is_demo,
    )
    lent = sum(count for _, _, count in loan.ranges)
    columns = [
        TableColumn("No.", 10, is_amount=True),
        TableColumn("Nomor seri pertama, atau dus", 62),
        TableColumn("Nomor seri terakhir", 62),
        TableColumn("Keping", 30, is_amount=True),
    ]
    rows = [
        [str(n), first, last, grouped(count)]
        for n, (first, last, count) in enumerate(loan.ranges, start=1)
    ]
    parts = [
        *heading(head, paper=paper),
        text(
            f"Pada hari {day_and_date(loan.on)} telah dipinjamkan blanko KTP-el sebagai berikut:",
            size_pt=paper.text_pt,
        ),
        gap(2),
        facts(
            [
                ("Yang meminjamkan", loan.lender),
                ("Peminjam", loan.borrower),
                ("Surat permintaan", loan.letter or "–"),
                ("Dibawa oleh", loan.carrier or "–"),
                ("Kembali paling lambat", date_in_words(loan.until) if loan.until else "–"),
                ("Dipinjamkan", f"{count_twice(lent)} keping"),
                ("Sudah kembali", f"{grouped(loan.returned)} keping"),
                ("Terpakai di peminjam", f"{grouped(loan.spent)} keping"),
                ("Belum kembali", f"{count_twice(lent - loan.returned - loan.spent)} keping"),
            ],
            paper=paper,
            label_mm=44.0,
        ),
        gap(2),
        grid(columns, rows=rows, paper=paper),
        signatures(
            list(loan.signed),
            paper=paper,
            place_and_date=place_and_date(loan.place, on=loan.on),
        ),
    ]
    return build_sheet(parts, head=head, paper=paper)
