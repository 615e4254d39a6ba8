"""The run sheet: one line a door, no number of a person, the same bytes each time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.run_sheet import RunLine, RunSheet, run_sheet
from tests.papers.poppler import words_of
from tests.papers.samples import BUDI, SU1, THE_DAY

LINE = RunLine(nama="SITI CONTOH", address="JL. CONTOH NO. 1 RT 012 RW 004", serial="SPC00000001")
SHEET = RunSheet(
    letterhead=SU1,
    number="ANTAR/16.71.02/2017/0001",
    on=THE_DAY,
    place="Palembang",
    kelurahan="7 Ulu",
    lines=(LINE, replace(LINE, serial="SPC00000002", takes_old_card=True)),
    bundle_url="https://kecamatan.contoh.example/bundel/bnd_0/",
    reasons=("tidak ada di rumah", "sudah pindah"),
    giver=BUDI,
    carrier=Signatory(role="Lurah / kurir,", name="LURAH CONTOH"),
    is_demo=True,
)


def test_a_run_sheet_says_who_lives_where_and_what_to_ask_for():
    words = words_of(run_sheet(SHEET))
    for part in ("LEMBAR ANTAR", "7 Ulu", "SITI CONTOH", "SPC00000002", "Tarik kartu lama"):
        assert part in words
    assert words.count("Tarik kartu lama") == 1
    assert "tidak ada di rumah" in words


def test_the_same_bundle_gives_the_same_paper():
    assert run_sheet(SHEET) == run_sheet(SHEET)


def test_a_long_bundle_goes_on_over_pages_with_its_head():
    words = words_of(run_sheet(replace(SHEET, lines=(LINE,) * 40)))
    assert words.count("Tanda tangan penerima") > 2
    assert words.count("SITI CONTOH") == 40


def test_a_name_that_no_printer_has_is_named():
    odd = replace(LINE, nama="SITI \N{CJK UNIFIED IDEOGRAPH-6F22}")
    with pytest.raises(UnprintableText) as no:
        run_sheet(replace(SHEET, lines=(odd,)))
    assert no.value.field == "nama"
