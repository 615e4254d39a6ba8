"""Lembar antar: the run sheet of a bundle, on which receivers sign and returns are noted.

It says no more of a resident than a door needs: name, address and the card's serial; no NIK, no
birth date. What is written on it by hand is entered at the counter when it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import Table, TableStyle

from ampera.papers.fonts import REGULAR
from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.qr import QrCode
from ampera.papers.sheet import (
    PaperSize,
    Part,
    SheetHead,
    build_sheet,
    gap,
    heading,
    place_and_date,
    side_by_side,
    signatures,
    text,
)
from ampera.papers.wording import count_twice

#: Room for a signature or for a reason, in millimetres.
_ROW_MM: Final = 17.0
_GRID: Final = colors.Color(0.45, 0.45, 0.45)
_HEAD_FILL: Final = colors.Color(0.90, 0.90, 0.90)
_WIDTHS_MM: Final = (8.0, 56.0, 25.0, 43.0, 42.0)
_TITLES: Final = ("No.", "Nama dan alamat", "Nomor seri", "Diterima oleh", "Tanda tangan penerima")
_QR_MM: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One door: whose card, where, and the serial that stands on it."""

    nama: str = field(repr=False)
    address: str = field(repr=False)
    serial: str
    takes_old_card: bool = False  #: the old card comes back with the carrier


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSheet:
    """Lembar antar KTP-el of one bundle."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    kelurahan: str
    lines: tuple[RunLine, ...]
    #: What the code holds: the address of the bundle's page at the office.
    bundle_url: str
    reasons: tuple[str, ...]  #: why a card may come back, in words
    giver: Signatory
    carrier: Signatory
    is_demo: bool = False


def run_sheet(sheet: RunSheet) -> bytes:
    """The sheet on A4 as PDF. Raises UnprintableText naming the field that cannot be printed."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=sheet.letterhead,
        title="LEMBAR ANTAR KTP-el",
        number=sheet.number,
        is_demo=sheet.is_demo,
    )
    parts = [
        *heading(head, paper=paper),
        side_by_side(
            _about(sheet, paper), right=QrCode(sheet.bundle_url, side_mm=_QR_MM), paper=paper,
            right_mm=_QR_MM,
        ),
        gap(2),
        _doors(sheet, paper),
        gap(2),
        text(
            "Kartu yang tidak diserahkan: tulis sebabnya pada kolom Diterima oleh"
            f" ({', '.join(sheet.reasons)}) dan bawa kembali ke kantor. Pengurusan KTP-el gratis.",
            size_pt=paper.text_pt - 1,
        ),
        signatures(
            [sheet.giver, sheet.carrier],
            paper=paper,
            place_and_date=place_and_date(sheet.place, on=sheet.on),
        ),
    ]  # fmt: skip
    return build_sheet(parts, head=head, paper=paper)


def _about(sheet: RunSheet, paper: PaperSize) -> list[Part]:
    size = paper.text_pt
    return [
        text(f"Kelurahan {sheet.kelurahan}", size_pt=size + 1.5, bold=True, field="kelurahan"),
        gap(1),
        text(f"{count_twice(len(sheet.lines))} keping, dalam amplop tersegel", size_pt=size),
        gap(1),
        text("Pindai kode di samping untuk membuka halaman bundel di kantor.", size_pt=size - 1),
    ]


def _doors(sheet: RunSheet, paper: PaperSize) -> Part:
    size = paper.text_pt - 1.0
    cells: list[list[Any]] = [[text(each, size_pt=size, bold=True) for each in _TITLES]]
    for number, line in enumerate(sheet.lines, start=1):
        who = [
            text(line.nama, size_pt=size, bold=True, field="nama"),
            text(line.address, size_pt=size, field="alamat"),
        ]
        if line.takes_old_card:
            who.append(text("Tarik kartu lama.", size_pt=size))
        taken = [
            text("[  ] pemegang  [  ] wakil:", size_pt=size),
            gap(4),
            text("tgl/jam:", size_pt=size),
        ]
        serial = text(line.serial, size_pt=size, field="serial")
        cells.append([text(str(number), size_pt=size), who, serial, taken, ""])
    share = paper.width_mm / sum(_WIDTHS_MM)
    table = Table(
        cells,
        colWidths=[width * share * mm for width in _WIDTHS_MM],
        rowHeights=[None, *[_ROW_MM * mm] * len(sheet.lines)],
        repeatRows=1,
        hAlign="LEFT",
    )
    rules = [
        ("FONT", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("GRID", (0, 0), (-1, -1), 0.5, _GRID),
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD_FILL),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    table.setStyle(TableStyle(rules))
    return table
