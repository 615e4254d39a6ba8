"""Berita acara of blanks between cities: lent by number, returned, replaced or settled as used."""

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
from ampera.papers.wording import count_twice, date_in_words, day_and_date, grouped

_COLUMNS: Final = (
    TableColumn("No.", 10, is_amount=True),
    TableColumn("Nomor seri pertama, atau dus", 62),
    TableColumn("Nomor seri terakhir", 62),
    TableColumn("Keping", 30, is_amount=True),
)


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
    replaced: int = 0
    spent: int = 0
    turn: int = 1  #: the other city writes it down with what it takes
    others: tuple[tuple[str, str, int], ...] = ()  #: given in place of lent ones
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
    owed = lent - loan.returned - loan.replaced - loan.spent
    others = [
        gap(2),
        text("Blanko pengganti yang sudah diterima:", size_pt=paper.text_pt),
        gap(1),
        grid(_COLUMNS, rows=_rows(loan.others), paper=paper),
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
                ("Giliran antar kota", str(loan.turn)),
                ("Dipinjamkan", f"{count_twice(lent)} keping"),
                ("Sudah kembali", f"{grouped(loan.returned)} keping"),
                ("Diganti blanko lain", f"{grouped(loan.replaced)} keping"),
                ("Terpakai di peminjam", f"{grouped(loan.spent)} keping"),
                ("Belum kembali", f"{count_twice(owed)} keping"),
            ],
            paper=paper,
            label_mm=44.0,
        ),
        gap(2),
        grid(_COLUMNS, rows=_rows(loan.ranges), paper=paper),
        *(others if loan.others else []),
        signatures(
            list(loan.signed),
            paper=paper,
            place_and_date=place_and_date(loan.place, on=loan.on),
        ),
    ]
    return build_sheet(parts, head=head, paper=paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnMinutes:
    """Berita acara pengembalian blanko pinjaman."""

    letterhead: Letterhead
    number: str  #: of the loan
    on: date
    place: str
    borrower: str
    lender: str
    turn: int  #: the city that lent writes it down with what it takes
    borrowed: int
    waived: int
    ranges: tuple[tuple[str, str, int], ...]  #: given back so far
    signed: tuple[Signatory, ...]
    is_demo: bool = False


def return_minutes(back: ReturnMinutes) -> bytes:
    """The minutes on A4 as PDF. What is still owed is worked out from the lines."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=back.letterhead,
        title="BERITA ACARA PENGEMBALIAN BLANKO KTP-el",
        number=back.number,
        is_demo=back.is_demo,
    )
    given = sum(count for _, _, count in back.ranges)
    owed = back.borrowed - given - back.waived
    parts = [
        *heading(head, paper=paper),
        text(
            f"Sampai hari {day_and_date(back.on)} telah dikembalikan blanko KTP-el, yang dipinjam"
            " atau penggantinya, sebagai berikut:",
            size_pt=paper.text_pt,
        ),
        gap(2),
        facts(
            [
                ("Peminjam", back.borrower),
                ("Yang meminjamkan", back.lender),
                ("Nomor pinjaman", back.number),
                ("Giliran antar kota", str(back.turn)),
                ("Dipinjam", f"{count_twice(back.borrowed)} keping"),
                ("Dikembalikan", f"{count_twice(given)} keping"),
                ("Tidak perlu dikembalikan", f"{grouped(back.waived)} keping"),
                ("Belum dikembalikan", f"{count_twice(owed)} keping"),
            ],
            paper=paper,
            label_mm=44.0,
        ),
        gap(2),
        grid(_COLUMNS, rows=_rows(back.ranges), paper=paper),
        signatures(
            list(back.signed),
            paper=paper,
            place_and_date=place_and_date(back.place, on=back.on),
        ),
    ]
    return build_sheet(parts, head=head, paper=paper)


def _rows(ranges: tuple[tuple[str, str, int], ...]) -> list[list[str]]:
    return [
        [str(n), first, last, grouped(count)]
        for n, (first, last, count) in enumerate(ranges, start=1)
    ]
