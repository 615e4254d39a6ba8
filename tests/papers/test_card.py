"""The card face: its size, every field whole, no artwork of the blank, SPESIMEN by default."""

from __future__ import annotations

import dataclasses
import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ampera.papers.card import (
    CardFaceError,
    FieldDoesNotFit,
    PictureUnusable,
    card_face,
    face_refusal,
)
from ampera.papers.fit import Room, fit
from ampera.papers.fonts import REGULAR, UnprintableText, text_width_pt
from ampera.papers.layout import layout, parse_layout
from ampera.papers.portrait import synthetic_portrait
from ampera.words import Refusal
from tests.papers.poppler import facts_of, letters_of, picture_of, words_of
from tests.papers.samples import a_card

NAME_OF_60 = "RADEN AJENG MAHARANI KUSUMANINGRUM PUTRI WIJAYANTI SULISTYAN"
LONG_ADDRESS = (
    "KOMPLEK PERUMAHAN GRIYA SEJAHTERA INDAH PERMAI BLOK AB NO. 127 JALAN GUBERNUR HASYIM"
)


def raw_layout() -> dict[str, Any]:
    file = files("ampera.papers").joinpath("layouts", "wni-1.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def test_the_page_is_one_side_of_an_id_1_card() -> None:
    facts = facts_of(card_face(a_card()))
    assert facts["Pages"] == "1"
    width, _, height, _ = facts["Page size"].split()[:4]
    assert float(width) / 72 * 25.4 == pytest.approx(85.60, abs=0.001)
    assert float(height) / 72 * 25.4 == pytest.approx(53.98, abs=0.001)


def test_every_field_stands_on_the_card() -> None:
    card = a_card()
    words = words_of(card_face(card))
    told = {field.name: getattr(card, field.name) for field in dataclasses.fields(card)}
    for name, value in told.items():
        if isinstance(value, str):
            assert value in words, name
    assert "PROVINSI SUMATERA SELATAN" in words
    assert ": 9901024101919001" in words
    assert "PRABUMULIH, 01-01-1991" in words
    assert "012/004" in words
    assert "07-09-2017" in words


def test_a_name_of_sixty_characters_is_printed_whole() -> None:
    assert len(NAME_OF_60) == 60
    words = words_of(card_face(a_card(nama=NAME_OF_60)))
    assert all(part in words for part in NAME_OF_60.split())


def test_a_long_address_is_printed_whole() -> None:
    words = words_of(card_face(a_card(alamat=LONG_ADDRESS)))
    assert all(part in words for part in LONG_ADDRESS.split())


def test_the_longest_regency_names_fit() -> None:
    longest = "KABUPATEN PENUKAL ABAB LEMATANG ILIR"
    card = a_card(
        kabkota=longest, issued_in=longest, tempat_lahir=longest, golongan_darah="TIDAK TAHU"
    )
    assert words_of(card_face(card)).count("LEMATANG ILIR") == 3


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("nama", "W" * 60),
        ("alamat", " ".join([LONG_ADDRESS] * 3)),
        ("rt", "0" * 60),
        ("jenis_kelamin", "PEREMPUAN PEREMPUAN PEREMPUAN"),
        ("golongan_darah", "TIDAK TAHU SAMA SEKALI"),
        ("provinsi", "NUSA TENGGARA " * 12),
        ("issued_in", "KABUPATEN " * 12),
    ],
)
def test_a_text_too_long_is_refused_by_name_and_never_cut(field: str, text: str) -> None:
    with pytest.raises(FieldDoesNotFit) as no:
        card_face(a_card(**{field: text}))
    assert no.value.field == field
    assert no.value.refusal == Refusal("papers.field_does_not_fit", field=field)


def test_more_second_lines_than_the_card_is_high_are_refused() -> None:
    long = "KELURAHAN TANJUNG SEJAHTERA MAKMUR SENTOSA ABADI INDAH PERMAI"
    fields = ("nama", "alamat", "kelurahan", "kecamatan", "agama", "pekerjaan", "tempat_lahir")
    with pytest.raises(FieldDoesNotFit):
        card_face(a_card(**dict.fromkeys(fields, long)))
    for field in fields:  # each alone has room
        card_face(a_card(**{field: long}))


def test_a_letter_that_the_font_lacks_is_named() -> None:
    with pytest.raises(UnprintableText) as no:
        card_face(a_card(nama="SITI 李"))
    assert (no.value.field, no.value.letter) == ("nama", "李")


def test_the_question_before_a_blank_is_taken() -> None:
    assert face_refusal(a_card()) is None
    assert face_refusal(a_card(nama="W" * 60)) == Refusal("papers.field_does_not_fit", field="nama")
    assert face_refusal(a_card(alamat="李")) == Refusal("papers.field_does_not_fit", field="alamat")
    broken = a_card(portrait=b"x")
    assert face_refusal(broken) == Refusal("papers.field_does_not_fit", field="portrait")


def test_a_card_is_a_specimen_unless_it_is_said_otherwise() -> None:
    assert "SPESIMEN" in letters_of(card_face(a_card()))
    assert "SPESIMEN" not in letters_of(card_face(a_card(is_specimen=False)))


def test_under_the_specimen_mark_the_text_keeps_its_contrast() -> None:
    picture = picture_of(card_face(a_card()), dpi=300)
    left = picture.crop((0, 160, 720, 637))  # the column of fields, right of it the portrait
    shades = left.histogram()
    mark = min(shade for shade, count in enumerate(shades[:255]) if count > 10_000)
    assert mark > 190  # seen on white, and far from the black of the letters


def test_nothing_is_drawn_where_no_data_stands() -> None:
    picture = picture_of(card_face(a_card(is_specimen=False)), dpi=300)
    width, height = picture.size
    for box in ((0, 0, width, 20), (0, height - 20, width, height), (0, 0, 30, height)):
        assert picture.crop(box).getextrema() == (255, 255)


def test_the_properties_of_the_file_name_nobody() -> None:
    facts = str(facts_of(card_face(a_card())))
    assert "SITI" not in facts
    assert "9901" not in facts


def test_a_card_in_a_log_shows_no_person() -> None:
    assert repr(a_card()) == "CardFace(990102******9001)"


@pytest.mark.parametrize("field", ["portrait", "signature"])
def test_a_picture_that_is_none_is_refused_by_name(field: str) -> None:
    with pytest.raises(PictureUnusable) as no:
        card_face(a_card(**{field: b"not a picture" * 100}))
    assert no.value.field == field
    assert no.value.reason == Refusal("papers.not_an_image")


def test_a_signature_must_be_png() -> None:
    with pytest.raises(PictureUnusable):
        card_face(a_card(signature=synthetic_portrait(1, birth_year=1990)))


def test_who_cannot_sign_has_a_line() -> None:
    layout_used = layout("wni-1")
    picture = picture_of(card_face(a_card(signature=None, is_specimen=False)), dpi=300)
    px = 300 / 25.4
    box = layout_used.signature
    middle = round((box.y_mm + box.height_mm / 2) * px)
    place = (
        round(box.x_mm * px),
        middle - 4,
        round((box.x_mm + box.width_mm) * px),
        middle + 4,
    )
    assert min(picture.crop(place).tobytes()) < 60


def test_an_unknown_layout_is_an_error() -> None:
    for name in ("wni-999", "../wni-1", ""):
        with pytest.raises(ValueError, match="no card layout"):
            card_face(a_card(), layout_name=name)


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("page", "width_mm", 86.0),
        ("portrait", "x_mm", 80.0),
        ("portrait", "x_mm", 50.0),
        ("signature", "height_mm", 40.0),
        ("signature", "width_mm", 0.0),
        ("column", "bottom_mm", 60.0),
        ("column", "pitch_mm", 9.0),
        ("issue", "unknown", 1.0),
    ],
)
def test_a_layout_that_cannot_be_right_is_refused_when_read(
    part: str, key: str, value: float
) -> None:
    raw = raw_layout()
    raw[part][key] = value
    with pytest.raises(ValueError, match=r"card|portrait|signature|column|rows|layout"):
        parse_layout(raw)


def test_the_layout_in_the_package_is_sound() -> None:
    assert parse_layout(raw_layout()) == layout("wni-1")


def test_errors_of_the_face_have_one_family() -> None:
    assert issubclass(FieldDoesNotFit, CardFaceError)
    assert issubclass(PictureUnusable, CardFaceError)


LETTERS = st.text(
    alphabet=st.characters(codec="ascii", categories=["Lu", "Nd"]), min_size=1, max_size=24
)


@given(words=st.lists(LETTERS, max_size=12), width=st.floats(20, 200), lines_max=st.integers(1, 3))
def test_a_fitted_text_is_whole_and_within_its_room(
    words: list[str], width: float, lines_max: int
) -> None:
    text = " ".join(words)
    room = Room(width_pt=width, size_pt=6.0, size_pt_min=4.0, lines_max=lines_max)
    found = fit(text, font=REGULAR, room=room)
    if found is None:
        return
    assert " ".join(found.lines) == text
    assert len(found.lines) <= lines_max
    assert 4.0 <= found.size_pt <= 6.0
    for line in found.lines:
        assert text_width_pt(line, font=REGULAR, size_pt=found.size_pt) <= width


def test_a_text_shrinks_before_it_wraps() -> None:
    room = Room(width_pt=80, size_pt=6.0, size_pt_min=4.0, lines_max=2)
    short = fit("SITI", font=REGULAR, room=room)
    longer = fit("SITI CONTOH RAHMAWATI PUTRI", font=REGULAR, room=room)
    longest = fit("SITI CONTOH RAHMAWATI PUTRI WIJAYANTI SULISTYA", font=REGULAR, room=room)
    assert short is not None
    assert longer is not None
    assert longest is not None
    assert (len(short.lines), short.size_pt) == (1, 6.0)
    assert len(longer.lines) == 1
    assert longer.size_pt < 6.0
    assert len(longest.lines) == 2


@settings(max_examples=20, deadline=None)
@given(born=st.dates(date(1930, 1, 1), date(2001, 12, 31)))
def test_a_birth_date_is_written_day_first(born: date) -> None:
    from ampera.papers.card import _value

    day, month, year = _value(a_card(tanggal_lahir=born), "tempat_lahir")[-10:].split("-")
    assert date(int(year), int(month), int(day)) == born
