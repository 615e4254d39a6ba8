"""The paper of a suket: what it says, and that its code can be read off it, even off a bad copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PIL import ImageFilter

from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.suket import SuketLetter, suket_letter
from ampera.words import Nik
from tests.papers.poppler import facts_of, picture_of, words_of
from tests.papers.qr_reader import codes_in, codes_on
from tests.rules.test_suket_code import coded

LETTER = SuketLetter(
    letterhead=Letterhead(
        government="PEMERINTAH KOTA PALEMBANG",
        office="DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
    ),
    number="471.13/00001/16.71/2017",
    on=date(2017, 9, 7),
    place="Palembang",
    nama="SITI CONTOH AMINAH",
    nik=Nik("9999014107900001"),
    tempat_lahir="PALEMBANG",
    tanggal_lahir=date(1990, 7, 1),
    jenis_kelamin="PEREMPUAN",
    alamat="JL. CONTOH 1, RT 001 RW 002, 15 Ulu, Seberang Ulu I",
    valid_from=date(2017, 9, 7),
    valid_until=date(2018, 3, 6),
    status="PRINT_READY_RECORD",
    basis="Surat Dirjen Dukcapil Nomor 471.13/10231/Dukcapil tanggal 29 September 2016",
    code=coded(),
    check_url="https://dinas.test/suket/periksa",
    signer=Signatory(role="Kepala,", name="Kepala Dinas (CONTOH)"),
    copy=2,
    printed_by="Sari (CONTOH)",
    is_demo=True,
)


def test_a_suket_says_who_until_when_and_by_which_letter() -> None:
    words = words_of(suket_letter(LETTER))
    for part in (
        "SURAT KETERANGAN PENGGANTI KTP-el",
        "Nomor: 471.13/00001/16.71/2017",
        "9999014107900001",
        "SITI CONTOH AMINAH",
        "PALEMBANG, 1 Juli 1990",
        "7 September 2017 sampai dengan 6 Maret 2018",
        "471.13/10231/Dukcapil",
        "Kepala Dinas (CONTOH)",
        "https://dinas.test/suket/periksa",
        "Lembar ke-2, dicetak oleh Sari (CONTOH).",
        "DATA CONTOH",
        "GRATIS",
    ):
        assert part in words
    assert facts_of(suket_letter(LETTER))["Pages"] == "1"


def test_the_state_of_the_record_stands_in_the_bottom_right_corner() -> None:
    pdf = suket_letter(LETTER)
    assert words_of(pdf).endswith("PRINT_READY_RECORD 471.13/00001/16.71/2017 Halaman 1 dari 1")
    page, other = picture_of(pdf), picture_of(suket_letter(replace(LETTER, status="PROCESSING")))
    width, height = page.size
    corner = (width // 2, height * 9 // 10, width, height)
    rest = (0, 0, width, height * 9 // 10)
    assert page.crop(corner).tobytes() != other.crop(corner).tobytes()
    assert page.crop(rest).tobytes() == other.crop(rest).tobytes()


def test_a_foreign_reader_reads_the_code_off_the_paper() -> None:
    assert codes_on(suket_letter(LETTER)) == [LETTER.code]


def test_the_code_survives_a_bad_copy() -> None:
    scan = picture_of(suket_letter(LETTER), dpi=150)
    copied = scan.filter(ImageFilter.GaussianBlur(1.2)).rotate(3, fillcolor=255)
    assert codes_in(copied.point(lambda value: 40 + value * 3 // 5)) == [LETTER.code]


def test_the_same_letter_gives_the_same_bytes_and_no_mark_outside_of_a_demonstration() -> None:
    assert suket_letter(LETTER) == suket_letter(LETTER)
    assert "DATA CONTOH" not in words_of(suket_letter(replace(LETTER, is_demo=False)))


def test_what_cannot_be_printed_is_named() -> None:
    with pytest.raises(UnprintableText):
        suket_letter(replace(LETTER, nama="漢字"))


def test_long_names_and_addresses_stay_on_one_page() -> None:
    longest = replace(LETTER, nama="X" * 60, alamat="JL. PANJANG " * 20, tempat_lahir="")
    pdf = suket_letter(longest)
    assert facts_of(pdf)["Pages"] == "1"
    assert ": 1 Juli 1990" in words_of(pdf)
