"""Daftar blanko rusak: every spoiled blank by serial and cause, as audit evidence (domain §5.2)."""

from __future__ import annotations

from collections import Counter
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
from ampera.papers.wording import count_twice, date_in_words, grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedLine:
    """One spoiled blank. It is known by its serial; whose card it was to be stands elsewhere."""

    serial: str
    on: date
    cause: str  #: in Indonesian: `Gagal cetak`, `Gagal rekam chip`, `Cip tidak ada`, `Rusak`
    note: str
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedRegister:
    """Daftar blanko rusak of one office, by cause, for the report of the month (domain §2.6)."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    first_day: date
    last_day: date
    lines: tuple[DamagedLine, ...]
    keeper: Signatory
    witness: Signatory
    is_demo: bool = False

    def __post_init__(self) -> None:
        assert self.first_day <= self.last_day
        serials = Counter(line.serial for line in self.lines)
        assert all(count == 1 for count in serials.values()), "a blank is spoiled once"


def damaged_register(register: DamagedRegister) -> bytes:
    """The register on A4 as PDF; many pages where many blanks were spoiled."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=register.letterhead,
        title="DAFTAR BLANKO KTP-el RUSAK",
        number=register.number,
        is_demo=register.is_demo,
    )
    columns = [
        TableColumn("No.", 11, is_amount=True),
        TableColumn("Nomor seri", 28),
        TableColumn("Tanggal", 36),
        TableColumn("Sebab", 34),
        TableColumn("Keterangan", 46),
        TableColumn("Petugas", 30),
    ]
    rows = [
        [str(n), line.serial, date_in_words(line.on), line.cause, line.note, line.officer]
        for n, line in enumerate(register.lines, start=1)
    ]
    span = f"{date_in_words(register.first_day)} sampai {date_in_words(register.last_day)}"
    causes = Counter(line.cause for line in register.lines)
    by_cause = [(cause, f"{grouped(causes[cause])} keping") for cause in sorted(causes)]
    parts = [
        *heading(head, paper=paper),
        facts(
            [
                ("Masa", span),
                ("Jumlah rusak", f"{count_twice(len(rows))} keping"),
                *by_cause,
            ],
            paper=paper,
            label_mm=48.0,
        ),
        gap(3),
    ]
    if rows:
        parts.append(grid(columns, rows=rows, paper=paper))
    else:
        parts.append(text("Tidak ada blanko rusak pada masa ini.", size_pt=paper.text_pt))
    parts.append(
        signatures(
            [register.keeper, register.witness],
            paper=paper,
            place_and_date=place_and_date(register.place, on=register.on),
        )
    )
    return build_sheet(parts, head=head, paper=paper)
