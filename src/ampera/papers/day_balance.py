"""Berita acara of a closed day: what the books opened with, what came and went, what two counted.

The sums are worked out here from the lines themselves: a balance that its lines do not give is
printed as unbalanced, never rounded away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

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

_TITLE: Final = "BERITA ACARA PENUTUPAN HARIAN BUKU BLANKO KTP-el"
_TITLE_HANDOVER: Final = "BERITA ACARA SERAH TERIMA JABATAN DAN PERSEDIAAN BLANKO KTP-el"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One column of the day: whole blanko, or ruined ones."""

    opening: int
    came: tuple[tuple[str, int], ...] = ()  #: in Indonesian, and how many
    went: tuple[tuple[str, int], ...] = ()
    counted: int

    @property
    def expected(self) -> int:
        came, went = (sum(count for _, count in each) for each in (self.came, self.went))
        return self.opening + came - went


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBalance:
    """Berita acara penutupan harian buku blanko KTP-el."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    since: str  #: what the day follows: `7 September 2017`, or `pembukaan buku`
    whole: Balance
    spoiled: Balance
    cards: int  #: finished cards that lay in the tray
    ranges: tuple[tuple[str, str, int], ...] = ()  #: first serial or box, last serial, how many
    ranges_spoiled: tuple[tuple[str, str, int], ...] = ()
    missing: tuple[Difference, ...] = ()
    holder: str = ""
    settle_by: date | None = None
    remarks: tuple[Difference, ...] = ()  #: found again, put aside
    is_recounted: bool = False
    is_handover: bool = False
    list_hash: str
    first: Signatory
    second: Signatory
    is_demo: bool = False


def day_balance(day: DayBalance) -> bytes:
    """The minutes on A4 as PDF."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=day.letterhead,
        title=_TITLE_HANDOVER if day.is_handover else _TITLE,
        number=day.number,
        is_demo=day.is_demo,
    )
    base = paper.text_pt
    parts = [
        *heading(head, paper=paper),
        text(
            f"Pada hari ini, {day_and_date(day.on)}, dua orang petugas telah menghitung blanko"
            " KTP-el di rak, di hopper, di baki keluaran dan di wadah kartu rusak menurut nomor"
            " seri tanpa melihat buku, lalu menutup buku.",
            size_pt=base,
        ),
        *_handover(day, base),
        gap(2),
        facts(
            [
                ("Sejak penutupan", day.since),
                ("Blanko utuh dihitung", f"{count_twice(day.whole.counted)} keping"),
                ("Rusak cetak dihitung", f"{count_twice(day.spoiled.counted)} keping"),
                ("Kartu jadi di baki", f"{grouped(day.cards)} keping"),
                ("Dihitung", "dua kali" if day.is_recounted else "satu kali"),
            ],
            paper=paper,
            label_mm=42.0,
        ),
        gap(2),
        _balance_grid(day, paper),
    ]
    parts += [gap(3), *_missing(day, paper)]
    if day.remarks:
        title = text("Catatan", size_pt=base, bold=True)
        parts += [gap(2), title, gap(1), difference_grid(day.remarks, paper=paper)]
    for words, ranges in (
        ("Blanko utuh menurut nomor seri", day.ranges),
        ("Rusak cetak menurut nomor seri", day.ranges_spoiled),
    ):
        if ranges:
            parts += [gap(3), *_ranges(words, ranges, paper)]
    parts += [
        gap(2),
        text(f"Sidik daftar nomor seri (SHA-256): {day.list_hash}", size_pt=base - 2),
        signatures(
            [day.first, day.second],
            paper=paper,
            place_and_date=place_and_date(day.place, on=day.on),
        ),
    ]
    return build_sheet(parts, head=head, paper=paper)


def _handover(day: DayBalance, size_pt: float) -> list[Part]:  # positional: a text and its size
    if not day.is_handover:
        return []
    words = (
        f"Dengan hitungan ini {day.first.name} menyerahkan seluruh persediaan blanko yang tersebut"
        f" di bawah ini kepada {day.second.name}, yang menerimanya."
    )
    return [gap(1), text(words, size_pt=size_pt)]


def _balance_grid(day: DayBalance, paper: PaperSize) -> Part:
    columns = [
        TableColumn("Uraian", 94),
        TableColumn("Utuh", 36, is_amount=True),
        TableColumn("Rusak cetak", 36, is_amount=True),
    ]
    whole, spoiled = day.whole, day.spoiled
    rows = [["Saldo awal", grouped(whole.opening), grouped(spoiled.opening)]]
    for sign, ours, theirs in (
        ("+", dict(whole.came), dict(spoiled.came)),
        ("–", dict(whole.went), dict(spoiled.went)),
    ):
        rows += [
            [f"{sign} {word}", _amount(ours.get(word)), _amount(theirs.get(word))]
            for word in [*ours, *(each for each in theirs if each not in ours)]
        ]
    rows.append(["Menurut buku", grouped(whole.expected), grouped(spoiled.expected)])
    rows.append(["Dihitung", grouped(whole.counted), grouped(spoiled.counted)])
    total = [
        "Beda",
        signed(whole.counted - whole.expected),
        signed(spoiled.counted - spoiled.expected),
    ]
    return grid(columns, rows=rows, paper=paper, total=total)


def _amount(count: int | None) -> str:
    return grouped(count) if count else "–"


def _missing(day: DayBalance, paper: PaperSize) -> list[Part]:
    base = paper.text_pt
    if not day.missing:
        return [text("Tidak ada selisih.", size_pt=base)]
    until = f", paling lambat {day_and_date(day.settle_by)}" if day.settle_by is not None else ""
    return [
        text("Tidak ditemukan; dipindahkan ke akun selisih", size_pt=base, bold=True),
        gap(1),
        difference_grid(day.missing, paper=paper),
        gap(1),
        text(f"Diselesaikan oleh {day.holder}{until}.", size_pt=base),
    ]


def _ranges(  # positional: a titled list on that paper
    words: str, ranges: Sequence[tuple[str, str, int]], paper: PaperSize
) -> list[Part]:
    columns = [
        TableColumn("No.", 10, is_amount=True),
        TableColumn("Nomor seri pertama, atau dus", 62),
        TableColumn("Nomor seri terakhir", 62),
        TableColumn("Keping", 30, is_amount=True),
    ]
    rows = [
        [str(n), first, last, grouped(count)]
        for n, (first, last, count) in enumerate(ranges, start=1)
    ]
    title = text(words, size_pt=paper.text_pt, bold=True)
    return [title, gap(1), grid(columns, rows=rows, paper=paper)]
