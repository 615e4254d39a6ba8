"""Minutiae records: bytes laid out by hand after the standard, and what a reader must refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ampera.records import (
    Capture,
    Certificate,
    Edition,
    Extension,
    FingerPosition,
    Impression,
    Minutia,
    MinutiaeRecord,
    MinutiaeView,
    MinutiaKind,
    QualityScore,
    read_minutiae,
    write_minutiae,
)
from ampera.words import Refusal
from tests.records.samples import a_view, minutiae_record

#: ISO/IEC 19794-2:2005 §7, field by field.
BY_HAND_2005 = bytes.fromhex(
    "464d5200 20323000"  # FMR, edition " 20"
    "00000031"  # 49 bytes
    "8007"  # certified to annex B, device 7
    "012c 0190"  # 300 by 400 pixels
    "00c5 00c5"  # 197 pixels a centimetre, twice
    "01 00"  # one view, reserved
    "02 01 50 02"  # right index; view 0, rolled; quality 80; two minutiae
    "4012 00e7 c8 0a"  # ending at 18, 231; 200 of 256; quality 10
    "812b 018f 40 00"  # fork at 299, 399; 64 of 256; quality not told
    "0007 0101 0007 abcdef"  # 7 bytes of extended data: a maker's own block
)
RECORD_2005 = MinutiaeRecord(
    Edition.Y2005,
    (
        MinutiaeView(
            FingerPosition.RIGHT_INDEX,
            300,
            400,
            (
                Minutia(18, 231, 200, MinutiaKind.ENDING, 10),
                Minutia(299, 399, 64, MinutiaKind.BIFURCATION, None),
            ),
            impression=Impression.LIVE_ROLLED,
            quality=80,
            extensions=(Extension(0x0101, b"\xab\xcd\xef"),),
        ),
    ),
    device=7,
    compliance=8,
)

#: ISO/IEC 19794-2:2011 §8, field by field.
BY_HAND_2011 = bytes.fromhex(
    "464d5200 30333000"  # FMR, edition "030"
    "00000040"  # 64 bytes
    "0001 01"  # one representation, certificates are told
    "00000031"  # 49 bytes of it
    "07ea 0b 17 09 05 1e 01f4"  # 2026-11-23 09:05:30.500
    "0e 001d 0102"  # semiconductor capacitive, vendor 29, device 258
    "01 56 0101 0002"  # one quality: 86, by vendor 257, algorithm 2
    "01 0003 01"  # one certificate: authority 3, scheme 1
    "06 00"  # left thumb, view 0
    "00c5 00c5 00"  # 197 pixels a centimetre, twice; live, plain
    "012c 0190"  # 300 by 400 pixels
    "61 01"  # six bytes a minutia, endings by the ridge skeleton; one minutia
    "4012 00e7 c8 fe"  # ending at 18, 231; 200 of 256; quality not told
    "0000"  # no extended data
)


def record_2011(quality: int | None) -> MinutiaeRecord:
    view = MinutiaeView(
        FingerPosition.LEFT_THUMB,
        300,
        400,
        (Minutia(18, 231, 200, MinutiaKind.ENDING, quality),),
        ending_type=1,
        capture=Capture(
            datetime(2026, 11, 23, 9, 5, 30, 500_000, tzinfo=UTC),
            technology=14,
            vendor=29,
            device=258,
            qualities=(QualityScore(86, 257, 2),),
            certificates=(Certificate(3, 1),),
        ),
    )
    return MinutiaeRecord(Edition.Y2011, (view,))


def refusal(data: bytes) -> str:
    found = read_minutiae(data)
    assert isinstance(found, Refusal)
    return f"{found.code.removeprefix('records.')} {found.facts['place']}"


def changed(data: bytes, at: int, to: str) -> bytes:
    new = bytes.fromhex(to)
    return data[:at] + new + data[at + len(new) :]


def test_a_record_of_2005_is_what_its_bytes_say():
    assert read_minutiae(BY_HAND_2005) == RECORD_2005
    assert write_minutiae(RECORD_2005) == BY_HAND_2005


def test_a_record_of_2011_is_what_its_bytes_say():
    assert read_minutiae(BY_HAND_2011) == record_2011(None)
    rated = changed(BY_HAND_2011, len(BY_HAND_2011) - 3, "37")
    assert read_minutiae(rated) == record_2011(55)
    assert write_minutiae(record_2011(55)) == rated


def test_a_record_of_2011_without_any_quality_is_a_byte_shorter_a_minutia():
    short = write_minutiae(record_2011(None))
    assert len(short) == len(BY_HAND_2011) - 1
    assert read_minutiae(short) == record_2011(None)


def test_a_quality_that_could_not_be_computed_is_not_told():
    failed = changed(BY_HAND_2011, len(BY_HAND_2011) - 3, "ff")
    assert read_minutiae(failed) == record_2011(None)


def test_directions_are_told_in_degrees():
    assert Minutia(0, 0, 64).degrees == 90
    assert Minutia(0, 0, 200).degrees == 281.25


@pytest.mark.parametrize(
    ("at", "to", "says"),
    [
        (0, "464952", "not_a_record format_identifier"),
        (5, "31", "not_a_record format_identifier"),
        (8, "00000030", "length_wrong length"),
        (8, "ffffffff", "length_wrong length"),
        (14, "0000", "value_unknown width"),
        (14, "4000", "too_big width"),
        (16, "0000", "value_unknown height"),
        (18, "0000", "value_unknown resolution"),
        (20, "0062", "value_unknown resolution"),
        (22, "00", "left_over record"),
        (22, "02", "cut_short view[1].position"),
        (22, "b1", "too_big view_count"),
        (23, "01", "value_unknown reserved"),
        (24, "0b", "value_unknown view[0].position"),
        (25, "11", "out_of_order view[0].number"),
        (25, "04", "value_unknown view[0].impression"),
        (26, "65", "value_unknown view[0].quality"),
        (27, "ff", "cut_short view[0].minutiae"),
        (28, "c012", "value_unknown view[0].minutiae.minutia[0].kind"),
        (28, "412c", "outside view[0].minutiae.minutia[0]"),
        (30, "0190", "outside view[0].minutiae.minutia[0]"),
        (30, "40e7", "outside view[0].minutiae.minutia[0]"),
        (33, "65", "value_unknown view[0].minutiae.minutia[0].quality"),
        (40, "0008", "cut_short view[0].extended"),
        (40, "0006", "cut_short view[0].extended.extension[0]"),
        (42, "0000", "value_unknown view[0].extended.extension[0]"),
        (44, "0003", "length_wrong view[0].extended.extension[0]"),
    ],
)
def test_one_wrong_field_of_2005_is_named(at, to, says):
    assert refusal(changed(BY_HAND_2005, at, to)) == says


@pytest.mark.parametrize(
    ("at", "to", "says"),
    [
        (12, "0000", "left_over record"),
        (12, "0002", "cut_short view[1].length"),
        (12, "ffff", "too_big view_count"),
        (14, "02", "value_unknown certification_flag"),
        (14, "00", "too_big view[0].width"),
        (15, "00000000", "length_wrong view[0].length"),
        (15, "ffffffff", "cut_short view[0]"),
        (15, "00000030", "cut_short view[0].extended_length"),
        (19, "07ea0d", "value_unknown view[0].captured_at"),
        (28, "15", "value_unknown view[0].device_technology"),
        (34, "65", "value_unknown view[0].quality[0]"),
        (33, "ff", "value_unknown view[0].quality[5]"),
        (43, "0b", "value_unknown view[0].position"),
        (54, "71", "value_unknown view[0].point_form"),
        (54, "62", "value_unknown view[0].point_form"),
        (55, "00", "value_unknown view[0].minutia_count"),
    ],
)
def test_one_wrong_field_of_2011_is_named(at, to, says):
    assert refusal(changed(BY_HAND_2011, at, to)) == says


def test_every_shorter_and_every_longer_record_is_refused():
    for whole in (BY_HAND_2005, BY_HAND_2011):
        for end in range(len(whole)):
            assert isinstance(read_minutiae(whole[:end]), Refusal)
        assert refusal(whole + b"\x00") == "length_wrong length"


def test_one_byte_left_over_is_refused_where_it_lies():
    grown = BY_HAND_2005 + b"\x00"
    assert refusal(changed(grown, 8, "00000032")) == "left_over record"
    grown = BY_HAND_2011 + b"\x00"
    assert refusal(changed(grown, 8, "00000041")) == "left_over record"
    inside = changed(changed(grown, 8, "00000041"), 15, "00000032")
    assert refusal(inside) == "left_over view[0]"


def test_a_record_beyond_half_a_megabyte_is_not_even_looked_at():
    assert refusal(BY_HAND_2005 + bytes(600_000)) == "too_big record"


def test_an_unknown_time_is_a_time_not_told():
    data = changed(BY_HAND_2011, 19, "ff" * 9)
    found = read_minutiae(data)
    assert isinstance(found, MinutiaeRecord)
    assert found.views[0].capture.at is None


@pytest.mark.parametrize(
    "record",
    [
        minutiae_record(a_view(Minutia(300, 0, 0))),
        minutiae_record(a_view(Minutia(-1, 0, 0))),
        minutiae_record(a_view(Minutia(0, 0, 256))),
        minutiae_record(a_view(Minutia(0, 0, 0, quality=0))),
        minutiae_record(a_view(number=1)),
        minutiae_record(a_view(), a_view()),
        minutiae_record(a_view(), replace(a_view(number=1), width_px=301)),
        minutiae_record(replace(a_view(), minutiae=(Minutia(1, 1, 1),) * 256)),
        minutiae_record(replace(a_view(), impression=Impression.CONTACTLESS)),
        minutiae_record(replace(a_view(), capture=Capture(vendor=3))),
        minutiae_record(replace(a_view(), ending_type=1)),
        minutiae_record(replace(a_view(), position=FingerPosition.RIGHT_FOUR)),
        MinutiaeRecord(Edition.Y2005, ()),
        MinutiaeRecord(Edition.Y2011, ()),
        minutiae_record(replace(a_view(), quality=80), edition=Edition.Y2011),
        minutiae_record(replace(a_view(), minutiae=()), edition=Edition.Y2011),
        replace(minutiae_record(edition=Edition.Y2011), device=1),
        minutiae_record(
            replace(a_view(), capture=Capture(datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC))),
            edition=Edition.Y2011,
        ),
    ],
)
def test_what_an_edition_has_no_place_for_is_not_written(record):
    with pytest.raises(ValueError, match=r"."):
        write_minutiae(record)


def test_a_refusal_says_where_and_what_to_do_in_both_languages():
    found = read_minutiae(changed(BY_HAND_2005, 22, "02"))
    assert isinstance(found, Refusal)
    assert "view[1].position" in found.text("id")
    assert "ISO/IEC 19794-2:2005" in found.text("en")
    assert "Salin ulang" in found.next_step("id")
    assert "capture again" in found.next_step("en")
