"""Berita acara penghitungan: two persons counted blanks by serial, and this is what they found.

Sums and differences are worked out here from the lines themselves; what the listed serials do not
explain is said to be unexplained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ampera.papers.differences import Difference, difference_grid, signed
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
from ampera.papers.wording import count_twice, day_and_date, grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """One place of the books: what they say, and what two persons found there."""

    place: str  #: in Indonesian: `Stok`, `Rusak cetak`, `Baki keluaran`
    count_expected: int
    count_found: int

    def __post_init__(self) -> None:
        assert self.count_expected >= 0
        assert self.count_found >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountMinutes:
    """What two persons counted, by serial, and what the books said."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    occasion: str  #: why it was counted: `Penghitungan harian`, `Setelah pemulihan server`
    lines: tuple[CountLine, ...]
    ranges_found: tuple[tuple[str, str, int], ...] = ()  #: first serial, last serial, how many
    missing: tuple[Difference, ...] = ()  #: in the books, not found
    surplus: tuple[Difference, ...] = ()  #: found, not in the books
    first_counter: Signatory
    second_counter: Signatory
    is_demo: bool = False

    def __post_init__(self) -> None:
        first, second = self.first_counter, self.second_counter
        assert (first.name, first.number) != (second.name, second.number), (
            "a count takes two different persons"
        )


def count_minutes(minutes: CountMinutes) -> bytes:
    """The minutes on A4 as PDF."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=minutes.letterhead,
        title="BERITA ACARA PENGHITUNGAN BLANKO KTP-el",
        number=minutes.number,
        is_demo=minutes.is_demo,
    )
    found = sum(line.count_found for line in minutes.lines)
    parts = [
        *heading(head, paper=paper),
        text(
            f"Pada hari ini, {day_and_date(minutes.on)}, dua orang petugas telah menghitung"
            " blanko KTP-el keping demi keping menurut nomor seri.",
            size_pt=paper.text_pt,
        ),
        gap(2),
        facts(
            [
                ("Keperluan", minutes.occasion),
                ("Jumlah ditemukan", f"{count_twice(found)} keping"),
            ],
            paper=paper,
            label_mm=34.0,
        ),
        gap(2),
        _count_grid(minutes.lines, paper),
    ]
    if minutes.ranges_found:
        parts += [gap(3), *_ranges(minutes.ranges_found, paper)]
    parts += [gap(3), *_count_differences(minutes, paper)]
    parts.append(
        signatures(
            [minutes.first_counter, minutes.second_counter],
            paper=paper,
            place_and_date=place_and_date(minutes.place, on=minutes.on),
        )
    )
    return build_sheet(parts, head=head, paper=paper)


def _count_grid(lines: Sequence[CountLine], paper: PaperSize) -> Part:
    columns = [
        TableColumn("Tempat", 74),
        TableColumn("Menurut buku", 32, is_amount=True),
        TableColumn("Ditemukan", 32, is_amount=True),
        TableColumn("Selisih", 26, is_amount=True),
    ]
    rows = [_count_row(line.place, line.count_expected, line.count_found) for line in lines]
    total = _count_row(
        "Jumlah",
        sum(line.count_expected for line in lines),
        sum(line.count_found for line in lines),
    )
    return grid(columns, rows=rows, paper=paper, total=total)


def _count_row(place: str, expected: int, found: int) -> list[str]:
    return [place, grouped(expected), grouped(found), signed(found - expected)]


def _ranges(ranges: Sequence[tuple[str, str, int]], paper: PaperSize) -> list[Part]:
    columns = [
        TableColumn("No.", 10, is_amount=True),
        TableColumn("Nomor seri pertama", 62),
        TableColumn("Nomor seri terakhir", 62),
        TableColumn("Keping", 30, is_amount=True),
    ]
    rows = [
        [str(n), first, last, grouped(count)]
        for n, (first, last, count) in enumerate(ranges, start=1)
    ]
    title = text("Nomor seri yang ditemukan", size_pt=paper.text_pt, bold=True)
    return [title, gap(1), grid(columns, rows=rows, paper=paper)]


def _count_differences(minutes: CountMinutes, paper: PaperSize) -> list[Part]:
    base = paper.text_pt
    parts: list[Part] = []
    for title, found in (
        ("Ada di buku, tidak ditemukan", minutes.missing),
        ("Ditemukan, tidak ada di buku", minutes.surplus),
    ):
        if found:
            heading_part = text(
                f"{title}: {count_twice(len(found))} keping", size_pt=base, bold=True
            )
            parts += [heading_part, gap(1), difference_grid(found, paper=paper), gap(2)]
    difference = sum(line.count_found - line.count_expected for line in minutes.lines)
    unexplained = difference + len(minutes.missing) - len(minutes.surplus)
    if unexplained:
        words = f"Selisih yang belum dirinci menurut nomor seri: {signed(unexplained)} keping."
        parts.append(text(words, size_pt=base, bold=True))
    elif not parts:
        parts.append(text("Tidak ada selisih.", size_pt=base))
    return parts
