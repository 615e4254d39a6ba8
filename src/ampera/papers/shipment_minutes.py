"""Berita acara serah terima: blanks change hands, and both sides sign what was sent and what came.

Sums and differences are worked out here from the boxes themselves, so that the paper cannot say a
total that its own lines do not give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ampera.papers.differences import NOT_COUNTED, Difference, difference_grid, signed
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
class BoxLine:
    """A box under way: its serials, how many were sent, how many were found in it."""

    box: str
    serial_first: str
    serial_last: str
    count_sent: int
    count_received: int | None = None  #: None until it is counted: the paper leaves room to write

    def __post_init__(self) -> None:
        assert self.count_sent > 0, "an empty box is not sent"
        assert self.count_received is None or self.count_received >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentMinutes:
    """Berita acara serah terima blanko KTP-el."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    shipment: str
    from_office: str
    to_office: str
    courier: str = ""
    letter: str = ""
    boxes: tuple[BoxLine, ...]
    differences: tuple[Difference, ...] = ()
    giver: Signatory
    receiver: Signatory
    is_demo: bool = False


def shipment_minutes(minutes: ShipmentMinutes) -> bytes:
    """The minutes on A4 as PDF: before the count with room to write, after it with both counts."""
    paper = PaperSize.A4
    head = SheetHead(
        letterhead=minutes.letterhead,
        title="BERITA ACARA SERAH TERIMA BLANKO KTP-el",
        number=minutes.number,
        is_demo=minutes.is_demo,
    )
    sent = sum(box.count_sent for box in minutes.boxes)
    rows = [
        ("Pengiriman", minutes.shipment),
        ("Dari", minutes.from_office),
        ("Kepada", minutes.to_office),
    ]
    if minutes.courier:
        rows.append(("Kurir", minutes.courier))
    if minutes.letter:
        rows.append(("Surat", minutes.letter))
    rows.append(("Jumlah dikirim", f"{count_twice(sent)} keping, {len(minutes.boxes)} dus"))
    received = _received(minutes.boxes)
    if received is not None:
        rows.append(("Jumlah diterima", f"{count_twice(received)} keping"))
    parts = [
        *heading(head, paper=paper),
        text(
            f"Pada hari ini, {day_and_date(minutes.on)}, telah dilakukan serah terima blanko KTP-el"
            " sebagai berikut:",
            size_pt=paper.text_pt,
        ),
        gap(2),
        facts(rows, paper=paper, label_mm=34.0),
        gap(2),
        _boxes_grid(minutes.boxes, paper),
        gap(3),
        *_differences(minutes, paper, sent=sent, received=received),
        gap(2),
        text(
            "Berita acara ini dibuat dalam rangkap dua, satu untuk masing-masing pihak, dan sah"
            " setelah ditandatangani keduanya.",
            size_pt=paper.text_pt,
        ),
        signatures(
            [minutes.giver, minutes.receiver],
            paper=paper,
            place_and_date=place_and_date(minutes.place, on=minutes.on),
        ),
    ]
    return build_sheet(parts, head=head, paper=paper)


def _received(boxes: Sequence[BoxLine]) -> int | None:
    """How many arrived; None while one box is still uncounted."""
    counts = [box.count_received for box in boxes]
    return None if None in counts else sum(count for count in counts if count is not None)


def _boxes_grid(boxes: Sequence[BoxLine], paper: PaperSize) -> Part:
    columns = [
        TableColumn("No.", 10, is_amount=True),
        TableColumn("Dus", 30),
        TableColumn("Nomor seri pertama", 40),
        TableColumn("Nomor seri terakhir", 40),
        TableColumn("Dikirim", 20, is_amount=True),
        TableColumn("Diterima", 20, is_amount=True),
        TableColumn("Selisih", 18, is_amount=True),
    ]
    rows = []
    for number, box in enumerate(boxes, start=1):
        found = box.count_received
        rows.append(
            [
                str(number),
                box.box,
                box.serial_first,
                box.serial_last,
                grouped(box.count_sent),
                NOT_COUNTED if found is None else grouped(found),
                NOT_COUNTED if found is None else signed(found - box.count_sent),
            ]
        )
    sent, received = sum(box.count_sent for box in boxes), _received(boxes)
    total = [
        "",
        "Jumlah",
        "",
        "",
        grouped(sent),
        NOT_COUNTED if received is None else grouped(received),
        NOT_COUNTED if received is None else signed(received - sent),
    ]
    return grid(columns, rows=rows, paper=paper, total=total)


def _differences(
    minutes: ShipmentMinutes, paper: PaperSize, *, sent: int, received: int | None
) -> list[Part]:
    title = text("Selisih dan kerusakan", size_pt=paper.text_pt, bold=True)
    if minutes.differences:
        return [title, gap(1), difference_grid(minutes.differences, paper=paper)]
    if received is None:
        to_fill = [Difference(what=NOT_COUNTED, note="") for _ in range(2)]
        return [title, gap(1), difference_grid(to_fill, paper=paper)]
    words = (
        "Tidak ada selisih." if sent == received else "Selisih belum dirinci menurut nomor seri."
    )
    return [title, text(words, size_pt=paper.text_pt)]
