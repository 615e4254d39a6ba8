"""Berita acara serah terima kartu ditarik: the list in a sealed package, and what was found in it.

The sender prints it with room to count; the receiver prints it with the count. No name of a holder
stands on it: a list that falls off a truck must tell nobody whose cards these were.
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
from ampera.papers.wording import count_twice, day_and_date, grouped

_PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePiece:
    """One piece: its code, its serial where somebody read one, why it was withdrawn. `found`: what
    the count said, empty while there is room to write."""

    code: str
    serial: str
    cause: str
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCount:
    """What two officers of the receiver found."""

    received: int
    missing: int
    surplus: tuple[str, ...]
    seal: str  #: in words: `utuh` or `rusak`
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageMinutes:
    """Berita acara of one package; `count` is None until it is counted."""

    letterhead: Letterhead
    number: str
    on: date
    town: str
    code: str
    from_office: str
    to_office: str
    seal: str
    courier: str
    lines: tuple[PackagePiece, ...]
    givers: tuple[Signatory, ...]
    receivers: tuple[Signatory, ...]
    count: PackageCount | None = None
    is_demo: bool = False

    def __post_init__(self) -> None:
        assert self.lines, "an empty package has no paper"
        assert len(self.givers) == len(self.receivers) == _PAIR, "two sign at each end"
        if self.count is not None:
            counted = self.count.received + self.count.missing
            assert counted == len(self.lines), "every piece of the list is there or missing"


def package_minutes(minutes: PackageMinutes) -> bytes:
    """The minutes on A4 as PDF; many pages for a long list."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=minutes.letterhead,
        title="BERITA ACARA SERAH TERIMA KARTU DITARIK",
        number=minutes.number,
        is_demo=minutes.is_demo,
    )
    columns = [
        TableColumn("No.", 12, is_amount=True),
        TableColumn("Kode", 30),
        TableColumn("Nomor seri", 45),
        TableColumn("Sebab", 50),
        TableColumn("Diterima", 35),
    ]
    rows = [
        [str(number), line.code, line.serial, line.cause, line.found]
        for number, line in enumerate(minutes.lines, start=1)
    ]
    closing = (
        "Keping dihitung satu per satu oleh dua petugas pengirim sebelum disegel dan oleh dua"
        " petugas penerima sesudah segel diperiksa. Berita acara ini dibuat rangkap dua."
    )
    at = place_and_date(minutes.town, on=minutes.count.on if minutes.count else minutes.on)
    parts = [
        *heading(head, paper=paper),
        text(
            f"Pada hari ini, {day_and_date(minutes.on)}, dikirim kartu ditarik dalam kemasan"
            " bersegel sebagai berikut:",
            size_pt=paper.text_pt,
        ),
        gap(2),
        facts(_told(minutes), paper=paper, label_mm=34.0),
        gap(2),
        grid(columns, rows=rows, paper=paper, total=["", "Jumlah", grouped(len(rows)), "", ""]),
        gap(3),
        text(closing, size_pt=paper.text_pt),
        signatures(list(minutes.givers), paper=paper, place_and_date=""),
        signatures(list(minutes.receivers), paper=paper, place_and_date=at),
    ]
    return build_sheet(parts, head=head, paper=paper)


def _told(minutes: PackageMinutes) -> list[tuple[str, str]]:
    rows = [
        ("Kode kiriman", minutes.code),
        ("Dari", minutes.from_office),
        ("Kepada", minutes.to_office),
        ("Nomor segel", minutes.seal),
        ("Pembawa", minutes.courier or "(dihapus)"),
        ("Jumlah dikirim", f"{count_twice(len(minutes.lines))} keping"),
    ]
    if (count := minutes.count) is not None:
        rows += [
            ("Segel saat tiba", count.seal),
            ("Jumlah diterima", f"{count_twice(count.received)} keping"),
            ("Tidak ada", f"{grouped(count.missing)} keping"),
            ("Di luar daftar", ", ".join(count.surplus) or "tidak ada"),
        ]
    return rows
