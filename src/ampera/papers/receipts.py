"""What a resident holds or signs: the receipt of a request, and the receipt of the card itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from reportlab.lib.enums import TA_CENTER

from ampera.papers.handed import HandoverReceipt
from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.qr import QrCode
from ampera.papers.sheet import (
    PaperSize,
    Part,
    SheetHead,
    build_sheet,
    facts,
    gap,
    heading,
    place_and_date,
    side_by_side,
    signatures,
    text,
)
from ampera.papers.wording import date_in_words
from ampera.words import Nik

#: The ticket code of a request: 12 characters (architecture §5, the public).
TICKET_SHAPE: Final = re.compile(r"[0-9A-Z]{12}")
#: The service is free; UU 24/2013 art. 95B punishes an officer who asks for a fee (domain §9.1).
FREE_OF_CHARGE: Final = "GRATIS – TIDAK DIPUNGUT BIAYA"


def ticket_in_groups(ticket: str) -> str:
    """`K7M2 9QXA 4TRP`, as people read a code aloud. Raises ValueError for another shape."""
    if TICKET_SHAPE.fullmatch(ticket) is None:
        raise ValueError("a ticket code has 12 letters and digits")
    return " ".join(ticket[at : at + 4] for at in range(0, 12, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceipt:
    """Tanda terima permohonan: the resident keeps it and asks with its code."""

    letterhead: Letterhead
    number: str
    on: date
    ticket: str = field(
        repr=False
    )  #: 12 characters; whoever has it sees the status, so not in logs
    status_url: str = field(repr=False)  #: holds the ticket; stands in the QR code and below it
    nama: str = field(repr=False)
    nik: Nik
    reason: str  #: in Indonesian, as the screen says it: `KTP-el baru`
    bring: tuple[str, ...]  #: what to bring when the card is fetched
    collect_at: str  #: where the card will be handed over
    queue_number: str | None = None
    is_demo: bool = False


def request_receipt(receipt: RequestReceipt) -> bytes:
    """A6 (105 x 148 mm) as PDF; it also prints on an 80 mm slip when scaled to its width."""
    paper = PaperSize.A6
    head = SheetHead(
        letterhead=receipt.letterhead,
        title="TANDA TERIMA PERMOHONAN KTP-el",
        number=receipt.number,
        is_demo=receipt.is_demo,
    )
    rows = [
        ("Tanggal", date_in_words(receipt.on)),
        ("Nama", receipt.nama),
        ("NIK", receipt.nik.masked),
        ("Permohonan", receipt.reason),
        ("Diambil di", receipt.collect_at),
    ]
    if receipt.queue_number is not None:
        rows.append(("Nomor antrean", receipt.queue_number))
    bring = [text(f"– {each}", size_pt=paper.text_pt) for each in receipt.bring]
    parts = [
        *heading(head, paper=paper),
        facts(rows, paper=paper, label_mm=22.0),
        gap(1.5),
        _ticket_block(receipt, paper),
        gap(1.5),
    ]
    if bring:
        parts += [text("Saat mengambil kartu, bawa:", size_pt=paper.text_pt, bold=True), *bring]
    parts += [
        gap(2),
        text(FREE_OF_CHARGE, size_pt=paper.text_pt + 1.5, bold=True, align=TA_CENTER),
        text(
            "Laporkan bila ada yang meminta bayaran. Simpan kode ini dan jangan dibagikan.",
            size_pt=paper.text_pt - 1,
            align=TA_CENTER,
        ),
    ]
    return build_sheet(parts, head=head, paper=paper)


def _ticket_block(receipt: RequestReceipt, paper: PaperSize) -> Part:
    """The code to read beside the code to scan; the address below the first for who cannot scan."""
    code = [
        text("Kode permohonan", size_pt=paper.text_pt),
        gap(0.8),
        *(
            text(group, size_pt=15.0, bold=True)
            for group in ticket_in_groups(receipt.ticket).split()
        ),
        gap(1.2),
        text("Lihat kemajuan kartu Anda:", size_pt=paper.text_pt),
        text(receipt.status_url, size_pt=paper.text_pt - 1.4),
    ]
    code_to_scan = QrCode(receipt.status_url, side_mm=38.0)
    return side_by_side(code, right=code_to_scan, paper=paper, right_mm=38.0)


def handover_receipt(receipt: HandoverReceipt) -> bytes:
    """One A5 page as PDF, with the lines for the two signatures."""
    paper = PaperSize.A5
    head = SheetHead(
        letterhead=receipt.letterhead,
        title="TANDA TERIMA KTP-el",
        number=receipt.number,
        is_demo=receipt.is_demo,
    )
    rows = [
        ("NIK", receipt.nik.masked),
        ("Nama pemegang", receipt.nama),
        ("Alasan penerbitan", receipt.reason),
        ("Nomor seri kartu", receipt.card_serial),
        ("Tempat penyerahan", receipt.handed_over_at),
        ("Pemeriksaan", receipt.verified_by),
    ]
    if receipt.old_card:
        rows.append(("Kartu lama", receipt.old_card))
    parts = [
        *heading(head, paper=paper),
        text(
            f"Pada tanggal {date_in_words(receipt.on)} telah diserahkan satu keping KTP-el:",
            size_pt=paper.text_pt,
        ),
        gap(2),
        facts(rows, paper=paper, label_mm=36.0),
        gap(3),
        *_receiver(receipt, paper),
        signatures(
            [
                Signatory(
                    role="Yang menerima,",
                    name=receipt.nama if receipt.proxy is None else receipt.proxy.nama,
                ),
                receipt.officer,
            ],
            paper=paper,
            place_and_date=place_and_date(receipt.place, on=receipt.on),
        ),
        gap(5),
        text(FREE_OF_CHARGE, size_pt=paper.text_pt, bold=True, align=TA_CENTER),
    ]
    return build_sheet(parts, head=head, paper=paper)


def _receiver(receipt: HandoverReceipt, paper: PaperSize) -> list[Part]:
    if receipt.proxy is None:
        words = "Kartu diterima oleh pemegangnya sendiri."
        return [text(words, size_pt=paper.text_pt, bold=True)]
    return [
        text("Kartu diterima oleh wakil yang tercatat:", size_pt=paper.text_pt, bold=True),
        gap(1),
        facts(
            [
                ("Nama wakil", receipt.proxy.nama),
                ("Hubungan", receipt.proxy.relation),
                ("Dasar", receipt.proxy.basis),
            ],
            paper=paper,
            label_mm=36.0,
        ),
    ]
