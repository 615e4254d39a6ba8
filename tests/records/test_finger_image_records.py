"""Finger image records: bytes laid out by hand, images that are not what the record says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ampera.records import (
    Capture,
    Compression,
    Edition,
    Extension,
    FingerImage,
    FingerImageRecord,
    FingerPosition,
    Impression,
    QualityScore,
    Sampling,
    Scale,
    read_finger_images,
    write_finger_images,
)
from ampera.words import Refusal
from tests.records.samples import a_finger, encoded, finger_record, wsq

PIXELS = bytes(range(6))
#: ISO/IEC 19794-4:2005 §7, field by field.
BY_HAND_2005 = bytes.fromhex(
    "46495200 30313000"  # FIR, edition "010"
    "000000000034"  # 52 bytes, told in six
    "0007 001f"  # device 7, acquisition level 31
    "01 02"  # one finger; pixels a centimetre
    "00c5 00c5 00c5 00c5"  # scan and image, 197 each
    "08 00 0000"  # 8 bits, bare pixels, reserved
    "00000014"  # 20 bytes of this image
    "02 01 01 fe 01"  # right index, view 1 of 1, quality not told, rolled
    "0003 0002 00"  # three by two pixels, reserved
    "000102030405"
)
RECORD_2005 = FingerImageRecord(
    Edition.Y2005,
    (
        FingerImage(
            FingerPosition.RIGHT_INDEX,
            3,
            2,
            PIXELS,
            Sampling(197, 197, Scale.PIXELS_PER_CM, 197, 197, 8, Compression.RAW),
            impression=Impression.LIVE_ROLLED,
        ),
    ),
    device=7,
    acquisition_level=31,
)
#: ISO/IEC 19794-4:2011 §8, field by field.
BY_HAND_2011 = bytes.fromhex(
    "46495200 30323000"  # FIR, edition "020"
    "0000004a"  # 74 bytes
    "0001 00 01"  # one representation, no certificates, one position
    "0000003a"  # 58 bytes of it
    "ffffffffffffffffff"  # time not told
    "00 0000 0000"  # no device told
    "01 50 0101 0001"  # one quality: 80
    "0d 00 01"  # right four fingers, number 0, pixels an inch
    "01f4 01f4 01f4 01f4"  # scan and image, 500 each
    "08 00 00"  # 8 bits, bare pixels, live and plain
    "0003 0002 00000006 000102030405"
    "0003 0006 6869"  # a comment
)
RECORD_2011 = FingerImageRecord(
    Edition.Y2011,
    (
        FingerImage(
            FingerPosition.RIGHT_FOUR,
            3,
            2,
            PIXELS,
            Sampling(compression=Compression.RAW),
            capture=Capture(qualities=(QualityScore(80, 257, 1),)),
            extensions=(Extension(3, b"hi"),),
        ),
    ),
)


def refusal(record: FingerImageRecord | bytes) -> str:
    data = record if isinstance(record, bytes) else write_finger_images(record)
    found = read_finger_images(data)
    assert isinstance(found, Refusal)
    return f"{found.code.removeprefix('records.')} {found.facts['place']}"


def changed(data: bytes, at: int, to: str) -> bytes:
    new = bytes.fromhex(to)
    return data[:at] + new + data[at + len(new) :]


def test_a_record_of_2005_is_what_its_bytes_say():
    assert read_finger_images(BY_HAND_2005) == RECORD_2005
    assert write_finger_images(RECORD_2005) == BY_HAND_2005


def test_a_record_of_2011_is_what_its_bytes_say():
    assert read_finger_images(BY_HAND_2011) == RECORD_2011
    assert write_finger_images(RECORD_2011) == BY_HAND_2011


@pytest.mark.parametrize(
    ("at", "to", "says"),
    [
        (6, "31", "not_a_record format_identifier"),
        (8, "000000000035", "length_wrong length"),
        (8, "ffffffffffff", "length_wrong length"),
        (16, "0020", "value_unknown acquisition_level"),
        (18, "00", "length_wrong finger_count"),
        (18, "02", "length_wrong finger_count"),
        (18, "ff", "too_big finger_count"),
        (19, "03", "value_unknown scale"),
        (24, "0000", "value_unknown resolution"),
        (28, "00", "value_unknown bits"),
        (28, "10", "length_wrong image[0].image"),
        (29, "01", "value_unknown compression"),
        (29, "02", "image_unknown image[0].image"),
        (29, "06", "value_unknown compression"),
        (30, "0001", "value_unknown reserved"),
        (32, "00000000", "length_wrong image[0].length"),
        (32, "00000015", "cut_short image[0]"),
        (32, "00000013", "length_wrong image[0].image"),
        (36, "14", "value_unknown image[0].position"),
        (37, "02", "out_of_order image[0].number"),
        (38, "00", "value_unknown image[0].number"),
        (38, "02", "out_of_order image[0].number"),
        (39, "65", "value_unknown image[0].quality"),
        (40, "04", "value_unknown image[0].impression"),
        (41, "ffff", "length_wrong image[0].image"),
        (41, "ffffffff", "too_big image[0].image"),
        (41, "0000", "image_other_size image[0].image"),
        (45, "01", "value_unknown image[0].reserved"),
    ],
)
def test_one_wrong_field_of_2005_is_named(at, to, says):
    assert refusal(changed(BY_HAND_2005, at, to)) == says


@pytest.mark.parametrize(
    ("at", "to", "says"),
    [
        (12, "0000", "left_over record"),
        (12, "ffff", "too_big image_count"),
        (14, "02", "value_unknown certification_flag"),
        (15, "02", "length_wrong position_count"),
        (16, "0000003b", "cut_short image[0]"),
        (16, "00000039", "cut_short image[0].extension[0]"),
        (40, "14", "value_unknown image[0].position"),
        (41, "02", "out_of_order image[0].number"),
        (42, "00", "value_unknown image[0].scale"),
        (52, "07", "value_unknown image[0].compression"),
        (52, "01", "value_unknown image[0].compression"),
        (53, "0a", "value_unknown image[0].impression"),
        (54, "0004", "length_wrong image[0].image"),
        (58, "ffffffff", "cut_short image[0].image"),
        (58, "00000005", "cut_short image[0].extension[0]"),
    ],
)
def test_one_wrong_field_of_2011_is_named(at, to, says):
    assert refusal(changed(BY_HAND_2011, at, to)) == says


def test_the_number_5_is_png_in_2005_and_lossless_jpeg_2000_in_2011():
    old = write_finger_images(finger_record(a_finger(Compression.PNG), edition=Edition.Y2005))
    new = write_finger_images(finger_record(a_finger(Compression.JPEG2000_LOSSLESS)))
    assert old[29] == 5
    assert new[16 + 4 + 9 + 5 + 1 + 12] == 5  # header, length, time, device, no quality, sampling


#: 2005 does not tell whether JPEG 2000 is lossless.
WRITTEN = [(Edition.Y2011, each) for each in Compression] + [
    (Edition.Y2005, each) for each in Compression if each is not Compression.JPEG2000_LOSSLESS
]


@pytest.mark.parametrize(("edition", "compression"), WRITTEN)
def test_every_compression_comes_back(edition, compression):
    record = finger_record(a_finger(compression), edition=edition)
    assert read_finger_images(write_finger_images(record)) == record


@pytest.mark.parametrize("edition", Edition)
def test_two_views_of_a_finger_and_another_finger_come_back(edition):
    right = FingerPosition.RIGHT_THUMB
    record = finger_record(
        a_finger(), a_finger(number=1), a_finger(position=right), edition=edition
    )
    assert read_finger_images(write_finger_images(record)) == record


def test_a_header_of_2005_that_counts_fingers_and_not_images_is_taken():
    record = finger_record(a_finger(), a_finger(number=1), edition=Edition.Y2005)
    data = write_finger_images(record)
    assert data[18] == 2
    assert read_finger_images(changed(data, 18, "01")) == record


def test_a_record_of_2011_may_count_its_images_from_1():
    record = finger_record(a_finger(number=1), a_finger(number=2))
    assert read_finger_images(write_finger_images(record)) == record


def swapped(image: bytes, *, compression: Compression = Compression.WSQ) -> str:
    """What is said of a record whose image was put in place of another of the same length."""
    whole = write_finger_images(finger_record(a_finger(compression)))
    old = a_finger(compression).data
    assert len(image) == len(old)
    return refusal(whole.replace(old, image))


def test_an_image_of_another_size_than_told_is_refused():
    assert swapped(wsq(width=160, height=120)) == "image_other_size image[0].image"
    assert swapped(wsq(width=120, height=161)) == "image_other_size image[0].image"


def test_a_wsq_bomb_inside_a_record_is_refused_before_anything_is_decoded():
    assert swapped(wsq(width=65_535, height=65_535)) == "too_big image[0].image"


def test_an_image_of_another_kind_than_told_is_refused():
    jpeg = encoded("JPEG")
    padded = wsq(coded=len(jpeg) - len(wsq(coded=0)))
    assert swapped(padded, compression=Compression.JPEG) == "image_other_kind image[0].image"


def test_a_colour_image_is_no_print():
    colour = FingerImage(
        FingerPosition.LEFT_INDEX,
        120,
        160,
        encoded("PNG", mode="RGB"),
        Sampling(compression=Compression.PNG),
    )
    with pytest.raises(ValueError, match="image_other_depth"):
        write_finger_images(finger_record(colour))


def test_an_image_of_another_depth_than_told_is_refused():
    deep = replace(a_finger(), sampling=Sampling(bits=16))
    with pytest.raises(ValueError, match="image_other_depth"):
        write_finger_images(finger_record(deep))


@pytest.mark.parametrize(
    "record",
    [
        FingerImageRecord(Edition.Y2005, ()),
        FingerImageRecord(Edition.Y2011, ()),
        finger_record(a_finger(), a_finger(Compression.PNG, number=1), edition=Edition.Y2005),
        finger_record(a_finger(number=1), edition=Edition.Y2005),
        finger_record(a_finger(number=2)),
        finger_record(a_finger(), a_finger()),
        finger_record(*[a_finger(number=n) for n in range(33)]),
        finger_record(replace(a_finger(), quality=101), edition=Edition.Y2005),
        finger_record(replace(a_finger(), quality=50)),
        finger_record(replace(a_finger(), width_px=121)),
        finger_record(replace(a_finger(), width_px=70_000)),
        finger_record(replace(a_finger(), capture=Capture(vendor=1)), edition=Edition.Y2005),
        replace(finger_record(), device=1),
        finger_record(
            replace(a_finger(), sampling=Sampling(compression=Compression.JPEG2000_LOSSLESS)),
            edition=Edition.Y2005,
        ),
        finger_record(
            replace(a_finger(), impression=Impression.VERTICAL_ROLL), edition=Edition.Y2005
        ),
    ],
)
def test_what_an_edition_has_no_place_for_is_not_written(record):
    with pytest.raises(ValueError, match=r"."):
        write_finger_images(record)


def test_a_33rd_image_is_not_read():
    one = write_finger_images(finger_record(a_finger(), edition=Edition.Y2005))
    many = one[:32] + one[32:] * 33
    assert refusal(changed(many, 8, f"{len(many):012x}")) == "too_big images"


def test_a_record_beyond_its_limit_is_not_even_looked_at():
    assert refusal(BY_HAND_2011 + bytes(64 * 1024 * 1024)) == "too_big record"
