"""Surat keterangan pengganti KTP-el: what a recorded resident shows until the card is printed.

One A4 page. The code on it can be checked by anyone, without a line; the words beside it say how.
SIAK's word for the record stands in the bottom right corner, as offices do (domain §1.3.6), so
that nobody has to travel to ask how far it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from reportlab.lib.enums import TA_CENTER

from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.qr import QrCode
from ampera.papers.receipts import FREE_OF_CHARGE
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
    text,
)
from ampera.papers.wording import date_in_words
from ampera.words import Nik

#: Some 350 characters at level M are 65 modules: two thirds of a millimetre each can be read from
#: a copy of a copy.
CODE_MM: Final = 52.0
_LABEL_MM: Final = 46.0
_SIGNATURE_MM: Final = 75.0
_ROOM_TO_SIGN_MM: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SuketLetter:
    """Everything that stands on a suket."""

    letterhead: Letterhead
    number: str
    on: date
    place: str
    nama: str = field(repr=False)
    nik: Nik
    tempat_lahir: str = field(repr=False)
    tanggal_lahir: date = field(repr=False)
    jenis_kelamin: str = field(repr=False)
    alamat: str = field(repr=False)
    valid_from: date
    valid_until: date
    status: str  #: SIAK's word, for the corner
    basis: str  #: the letter of the Director General that allows it
    code: str = field(repr=False)  #: the text of the QR code
    check_url: str
    signer: Signatory
    copy: int  #: how many papers there are of it, this one counted
    printed_by: str
    is_demo: bool = False


def suket_letter(letter: SuketLetter) -> bytes:
    """The letter as PDF. The same facts give the same bytes. Raises UnprintableText."""
    paper = PaperSize.A4
    size = paper.text_pt + 1.0
    head = SheetHead(
        letterhead=letter.letterhead,
        title="SURAT KETERANGAN PENGGANTI KTP-el",
        number=letter.number,
        is_demo=letter.is_demo,
        corner=letter.status,
    )
    born = f"{letter.tempat_lahir}, {date_in_words(letter.tanggal_lahir)}"
    rows = [
        ("NIK", letter.nik.digits),
        ("Nama", letter.nama),
        ("Tempat, tanggal lahir", born if letter.tempat_lahir else born.lstrip(", ")),
        ("Jenis kelamin", letter.jenis_kelamin or "–"),
        ("Alamat", letter.alamat or "–"),
    ]
    until = date_in_words(letter.valid_until)
    parts = [
        *heading(head, paper=paper),
        gap(4),
        text(f"Yang bertanda tangan di bawah ini, {letter.signer.role.rstrip(',')}"
             f" {letter.letterhead.office}, menerangkan bahwa:", size_pt=size),
        gap(3),
        facts(rows, paper=paper, label_mm=_LABEL_MM),
        gap(3),
        text("benar telah melakukan perekaman KTP-el dan tercatat dalam basis data kependudukan"
             " kota ini, sedangkan KTP-el yang bersangkutan belum dapat dicetak.", size_pt=size),
        gap(2),
        text("Surat keterangan ini menggantikan KTP-el untuk keperluan pelayanan publik dan"
             " perbankan, serta wajib dikembalikan saat KTP-el diserahkan.", size_pt=size),
        gap(3),
        facts(
            [
                ("Berlaku", f"{date_in_words(letter.valid_from)} sampai dengan {until}"),
                ("Dasar", letter.basis),
            ],
            paper=paper,
            label_mm=_LABEL_MM,
        ),
        gap(5),
        _signature(letter, paper),
        gap(5),
        _code_and_words(letter, paper),
        gap(4),
        text(FREE_OF_CHARGE, size_pt=size, bold=True, align=TA_CENTER),
    ]  # fmt: skip
    return build_sheet(parts, head=head, paper=paper)


def _code_and_words(letter: SuketLetter, paper: PaperSize) -> Part:
    size = paper.text_pt
    words = [
        text("Periksa keaslian surat ini", size_pt=size + 1, bold=True),
        gap(1.5),
        text(f"1. Buka {letter.check_url}", size_pt=size),
        text("2. Pindai kode di samping, atau pilih fotonya.", size_pt=size),
        text("3. Cocokkan nama, tanggal lahir dan nomor yang tampil dengan surat ini dan dengan"
             " pemegangnya.", size_pt=size),
        gap(1.5),
        text("Setelah sekali dibuka, halaman itu bekerja tanpa jaringan. Yang tidak dikenal"
             " halaman itu bukan surat Disdukcapil.", size_pt=size - 1),
        gap(1.5),
        text(f"Lembar ke-{letter.copy}, dicetak oleh {letter.printed_by}.", size_pt=size - 1),
    ]  # fmt: skip
    return side_by_side(
        words, right=QrCode(letter.code, side_mm=CODE_MM), paper=paper, right_mm=CODE_MM
    )


def _signature(letter: SuketLetter, paper: PaperSize) -> Part:
    """One signer, at the right, as official letters have it."""
    size = paper.text_pt
    signed = [
        text(place_and_date(letter.place, on=letter.on), size_pt=size, align=TA_CENTER),
        text(letter.signer.role, size_pt=size, align=TA_CENTER),
        gap(_ROOM_TO_SIGN_MM),
        text(letter.signer.name, size_pt=size, bold=True, align=TA_CENTER),
    ]
    if letter.signer.number:
        signed.append(text(letter.signer.number, size_pt=size - 1, align=TA_CENTER))
    return side_by_side([], right=signed, paper=paper, right_mm=_SIGNATURE_MM)
