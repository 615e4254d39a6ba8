"""The picture beside the checklist shows the very card that was printed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from ampera.papers.card import FieldDoesNotFit, card_face, card_picture
from ampera.papers.fonts import text_width_pt
from ampera.papers.layout import PT_PER_MM
from tests.papers.poppler import letters_of
from tests.papers.samples import a_card

_SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: bytes) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(picture).iter(f"{_SVG}text"))


def test_every_word_of_the_card_stands_in_the_picture():
    told = " ".join("".join(each.itertext()) for each in texts(card_picture(a_card())))
    card = a_card()
    for word in (card.nik.digits, card.nama, card.alamat, "SPESIMEN", "07-09-2017"):
        assert word in told


def test_each_text_is_as_wide_as_on_the_card():
    for each in texts(card_picture(a_card(nama="CONTOH " * 8 + "AKHIR"))):
        length = each.get("textLength")
        if length is None:  # the mark across the card
            continue
        size_pt = float(each.get("font-size") or 0) * PT_PER_MM
        font = "AmperaSansBold" if each.get("font-weight") else "AmperaSans"
        full_mm = text_width_pt("".join(each.itertext()), font=font, size_pt=size_pt) / PT_PER_MM
        assert float(length) == pytest.approx(full_mm * _stretch(), abs=0.05)


def _stretch() -> float:
    from ampera.papers.layout import layout

    return layout("wni-1").text.width_percent / 100


def test_picture_and_printed_card_say_the_same():
    drawn = sorted("".join(_of(each) for each in texts(card_picture(a_card()))))
    printed = sorted(letters_of(card_face(a_card())))
    assert [letter for letter in drawn if not letter.isspace()] == printed


def _of(each: ElementTree.Element) -> str:
    return "".join(each.itertext())


def test_a_name_with_marks_of_the_picture_language_stays_text():
    picture = card_picture(a_card(alamat="JL. A & B <C>"))
    assert any(_of(each) == "JL. A & B <C>" for each in texts(picture))


def test_what_does_not_fit_the_card_has_no_picture_either():
    with pytest.raises(FieldDoesNotFit):
        card_picture(a_card(nama="W" * 60))


def test_portrait_and_signature_are_in_it():
    found = re.findall(rb'href="data:image/(jpeg|png);base64,', card_picture(a_card()))
    assert sorted(found) == [b"jpeg", b"png"]
