"""Berita acara pemusnahan: which pieces are gone, how, where, and before whom (domain §2.6).

The total is counted from the list itself, so that the paper cannot say one that its lines do not
give.
"""

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
from ampera.papers.wording import count_twice, day_and_date

_PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedLine:
    """One piece by its serial: a card, or a blank that never became one. No name stands here."""

    serial: str
    is_card: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionMinutes:
    """Berita acara of one batch of one cause; `is_done` is false while there is room to write."""

    letterhead: Letterhead
    title: str  #: `BERITA ACARA PEMUSNAHAN …`; while they went to the ministry, `… PENGIRIMAN …`
    number: str
    on: date
    town: str
    place: str
    way: str  #: in Indonesian: `dibakar`
    cause: str
    basis: str
    lines: tuple[DestroyedLine, ...]
    officers: tuple[Signatory, ...]
    witnesses: tuple[Signatory, ...]
    is_done: bool
    is_demo: bool = False

    def __post_init__(self) -> None:
        assert self.lines, "an empty batch has no paper"
        assert len(self.officers) == _PAIR, "two officers sign"
        assert self.witnesses, "somebody watched"


def destruction_minutes(minutes: DestructionMinutes) -> bytes:
    """The minutes on A4 as PDF; many pages for a long list."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=minutes.letterhead,
        title=minutes.title,
        number=minutes.number,
        is_demo=minutes.is_demo,
    )
    cards = sum(line.is_card for line in minutes.lines)
    rows = [
        ("Sebab", minutes.cause),
        ("Cara", minutes.way),
        ("Tempat", minutes.place),
        ("Dasar", minutes.basis),
        ("Jumlah", f"{count_twice(len(minutes.lines))} keping"),
        ("Terdiri atas", f"{cards} kartu, {len(minutes.lines) - cards} blanko"),
    ]
    opening = "telah" if minutes.is_done else "akan"
    columns = [
        TableColumn("No.", 14, is_amount=True),
        TableColumn("Nomor seri", 60),
        TableColumn("Jenis", 40),
        TableColumn("Paraf", 40),
    ]
    listed = [
        [str(n), line.serial, "Kartu" if line.is_card else "Blanko", ""]
        for n, line in enumerate(minutes.lines, start=1)
    ]
    closing = (
        "Keping di atas dihitung satu per satu menurut nomor seri oleh kedua petugas di hadapan"
        " saksi, dan tidak dapat dipakai lagi."
    )
    at = place_and_date(minutes.town, on=minutes.on)
    parts = [
        *heading(head, paper=paper),
        text(
            f"Pada hari ini, {day_and_date(minutes.on)}, {opening} {minutes.way} keping"
            " KTP-el dan blanko sebagai berikut:",
            size_pt=paper.text_pt,
        ),
        gap(2),
        facts(rows, paper=paper, label_mm=34.0),
        gap(2),
        grid(columns, rows=listed, paper=paper, total=["", "Jumlah", str(len(listed)), ""]),
        gap(3),
        text(closing, size_pt=paper.text_pt),
        signatures(list(minutes.officers), paper=paper, place_and_date=at),
        signatures(list(minutes.witnesses), paper=paper, place_and_date=""),
    ]
    return build_sheet(parts, head=head, paper=paper)
