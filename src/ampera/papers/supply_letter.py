"""The letter by which a dinas asks the centre for blanks, with the figures that the centre wants.

The centre gives by print capacity, so the evidence is a table of its own and no figure is left out.
"""

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
from ampera.papers.wording import count_twice


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLetter:
    """What the letter says. `number` is empty while it is a draft."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    addressee: str
    wanted: int
    note: str
    cutoff: str  #: in words, in the office's own time
    evidence: tuple[tuple[str, str], ...]
    head: Signatory
    is_demo: bool = False


def supply_letter(letter: SupplyLetter) -> bytes:
    """The letter on A4 as PDF."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=letter.letterhead,
        title="PERMINTAAN BLANKO KTP-el",
        number=letter.number or "KONSEP, belum dikirim",
        is_demo=letter.is_demo,
    )
    rows = [("Kepada", letter.addressee), ("Diminta", f"{count_twice(letter.wanted)} keping")]
    parts = [
        *heading(head, paper=paper),
        facts(rows, paper=paper, label_mm=30.0),
        gap(2),
        text(
            "Bersama ini kami mengajukan permintaan blanko KTP-el dengan dasar berikut, menurut"
            f" pembukuan pada {letter.cutoff}:",
            size_pt=paper.text_pt,
        ),
        gap(2),
        grid(
            [TableColumn("Dasar permintaan", 128), TableColumn("Jumlah", 50, is_amount=True)],
            rows=[list(each) for each in letter.evidence],
            paper=paper,
        ),
        gap(3),
    ]
    if letter.note:
        parts += [text(f"Catatan: {letter.note}", size_pt=paper.text_pt), gap(2)]
    parts += [
        text(
            "Angka di atas dihitung dari catatan yang tidak dapat diubah dan dapat diperiksa"
            " kembali untuk saat yang sama.",
            size_pt=paper.text_pt,
        ),
        signatures(
            [letter.head],
            paper=paper,
            place_and_date=place_and_date(letter.place, on=letter.on),
        ),
    ]
    return build_sheet(parts, head=head, paper=paper)
