"""Face records: bytes laid out by hand, images that are not what the record says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ampera.records import (
    Capture,
    Certificate,
    Edition,
    FaceCompression,
    FaceImage,
    FaceImageKind,
    FacePoint,
    FaceRecord,
    Gender,
    Pose,
    QualityScore,
    read_faces,
    write_faces,
)
from ampera.words import Refusal
from tests.records.samples import a_face, encoded, face_record

JPEG = encoded("JPEG", width=120, height=160, mode="RGB")
#: ISO/IEC 19794-5:2005 §5, field by field; the image stands behind.
HEAD_2005 = bytes.fromhex(
    "46414300 30313000"  # FAC, edition "010"
    "00000000 0001"  # length (put in below), one image
    "00000000 0001"  # length of the block (put in below), one feature point
    "02 03 02 000003 0001"  # female, brown eyes, black hair, glasses, neutral
    "03 b4 01 06 00 01"  # 4 degrees left, -2 down, 0 rolled; sure to 10, not told, 0
    "01 c1 003c 0050 0000"  # MPEG-4 point 12.1 at 60, 80
    "01 00 0078 00a0"  # full frontal, JPEG, 120 by 160
    "01 02 0007 0000"  # RGB, digital still camera, device 7, quality
)
FACE_2005 = FaceImage(
    120,
    160,
    JPEG,
    gender=Gender.FEMALE,
    eye_colour=3,
    hair_colour=2,
    properties=3,
    expression=1,
    pose=Pose(4, -2, 0, 10, None, 0),
    points=(FacePoint(1, 0xC1, 60, 80),),
    source=2,
    device=7,
)
#: ISO/IEC 19794-5:2011 §5, field by field; the image stands behind.
HEAD_2011 = bytes.fromhex(
    "46414300 30333000"  # FAC, edition "030"
    "00000000 0001 00 0000"  # length (below), one image, no certificates, no sequence
    "00000000"  # length of the representation (below)
    "07ea 0b 17 09 05 1e 01f4"  # 2026-11-23 09:05:30.500
    "02 001d 0102"  # digital still camera, vendor 29, device 258
    "01 ff 0101 0002"  # one quality, which could not be computed
    "0001 01 01 02 a0 000000 0000"  # one landmark; male, black eyes and hair, 160 cm
    "00 00 00 00 00 00"  # pose not told
    "03 11 0001 0002 0003"  # a landmark in space
    "01 00 0078 00a0"  # full frontal, JPEG, 120 by 160
    "01 0001 00 01 00000000"  # sampling level 1, rotated, made from none, RGB; image length (below)
)
FACE_2011 = FaceImage(
    120,
    160,
    JPEG,
    gender=Gender.MALE,
    eye_colour=1,
    hair_colour=2,
    points=(FacePoint(3, 0x11, 1, 2, 3),),
    capture=Capture(
        datetime(2026, 11, 23, 9, 5, 30, 500_000, tzinfo=UTC),
        technology=2,
        vendor=29,
        device=258,
        qualities=(QualityScore(None, 257, 2),),
    ),
    height_cm=160,
    sampling_level=1,
    processing=1,
)


def whole(head: bytes, *, block_at: int, image: bytes = JPEG) -> bytes:
    """The header with its lengths put in, and the image behind it."""
    data = bytearray(head + image)
    data[8:12] = len(data).to_bytes(4, "big")
    data[block_at : block_at + 4] = (len(data) - block_at).to_bytes(4, "big")
    if head is HEAD_2011:
        data[len(head) - 4 : len(head)] = len(image).to_bytes(4, "big")
    return bytes(data)


BY_HAND_2005 = whole(HEAD_2005, block_at=14)
BY_HAND_2011 = whole(HEAD_2011, block_at=17)


def refusal(data: bytes) -> str:
    found = read_faces(data)
    assert isinstance(found, Refusal)
    return f"{found.code.removeprefix('records.')} {found.facts['place']}"


def changed(data: bytes, at: int, to: str) -> bytes:
    new = bytes.fromhex(to)
    return data[:at] + new + data[at + len(new) :]


def test_a_record_of_2005_is_what_its_bytes_say():
    record = FaceRecord(Edition.Y2005, (FACE_2005,))
    assert read_faces(BY_HAND_2005) == record
    assert write_faces(record) == BY_HAND_2005


def test_a_record_of_2011_is_what_its_bytes_say():
    record = FaceRecord(Edition.Y2011, (FACE_2011,))
    assert read_faces(BY_HAND_2011) == record
    assert write_faces(record) == BY_HAND_2011


@pytest.mark.parametrize(
    ("at", "to", "says"),
    [
        (4, "30323000", "not_a_record format_identifier"),
        (8, "00000001", "length_wrong length"),
        (12, "0000", "value_unknown image_count"),
        (12, "0002", "cut_short image[1].length"),
        (12, "ffff", "too_big image_count"),
        (14, "00000003", "length_wrong image[0].length"),
        (14, "7fffffff", "cut_short image[0]"),
        (18, "0101", "too_big image[0].point_count"),
        (20, "03", "value_unknown image[0].gender"),
        (21, "08", "value_unknown image[0].eye_colour"),
        (22, "0a", "value_unknown image[0].hair_colour"),
        (26, "0008", "value_unknown image[0].expression"),
        (28, "b5", "value_unknown image[0].pose"),
        (31, "b6", "value_unknown image[0].pose_uncertainty"),
        (34, "02", "value_unknown image[0].point[0].kind"),
        (36, "0078", "outside image[0].point[0]"),
        (38, "00a0", "outside image[0].point[0]"),
        (40, "0001", "value_unknown image[0].point[0].reserved"),
        (42, "03", "value_unknown image[0].kind"),
        (43, "01", "image_other_kind image[0].image"),
        (43, "02", "value_unknown image[0].compression"),
        (44, "0079", "image_other_size image[0].image"),
        (44, "0000", "outside image[0].point[0]"),
        (46, "00a1", "image_other_size image[0].image"),
        (48, "03", "image_other_depth image[0].image"),
        (48, "05", "value_unknown image[0].colour_space"),
        (49, "08", "value_unknown image[0].source"),
        (54, "00", "image_unknown image[0].image"),
    ],
)
def test_one_wrong_field_of_2005_is_named(at, to, says):
    assert refusal(changed(BY_HAND_2005, at, to)) == says


@pytest.mark.parametrize(
    ("at", "to", "says"),
    [
        (14, "01", "value_unknown certification_flag"),
        (15, "0001", "value_unknown sequence"),
        (15, "0004", "value_unknown sequence"),
        (23, "0d", "value_unknown image[0].captured_at"),
        (30, "07", "value_unknown image[0].device_technology"),
        (36, "80", "value_unknown image[0].quality[0]"),
        (58, "04", "value_unknown image[0].point[0].kind"),
        (58, "01", "value_unknown image[0].point[0].z"),
        (66, "04", "value_unknown image[0].kind"),
        (67, "04", "value_unknown image[0].compression"),
        (67, "03", "image_other_kind image[0].image"),
        (72, "08", "value_unknown image[0].sampling_level"),
        (75, "11", "value_unknown image[0].made_from"),
        (76, "07", "value_unknown image[0].colour_space"),
        (76, "05", "image_other_depth image[0].image"),
        (77, "00000001", "left_over image[0]"),
        (77, "ffffffff", "cut_short image[0].image"),
    ],
)
def test_one_wrong_field_of_2011_is_named(at, to, says):
    assert refusal(changed(BY_HAND_2011, at, to)) == says


@pytest.mark.parametrize("edition", Edition)
@pytest.mark.parametrize("compression", FaceCompression)
def test_every_compression_comes_back_where_the_edition_has_it(edition, compression):
    data = encoded(compression.removesuffix("_LOSSLESS"), mode="RGB")
    record = face_record(replace(a_face(), data=data, compression=compression), edition=edition)
    if edition is Edition.Y2005 and compression not in ("JPEG", "JPEG2000"):
        with pytest.raises(ValueError, match="no place"):
            write_faces(record)
    else:
        assert read_faces(write_faces(record)) == record


@pytest.mark.parametrize("edition", Edition)
def test_two_images_come_back(edition):
    record = face_record(a_face(), replace(a_face(), gender=Gender.FEMALE), edition=edition)
    assert read_faces(write_faces(record)) == record


def test_a_grey_portrait_says_so():
    grey = replace(a_face(), data=encoded("JPEG"), colour_space=3)
    assert read_faces(write_faces(face_record(grey))) == face_record(grey)
    unsaid = replace(grey, colour_space=0)
    assert read_faces(write_faces(face_record(unsaid))) == face_record(unsaid)


@pytest.mark.parametrize(
    "record",
    [
        FaceRecord(Edition.Y2005, ()),
        FaceRecord(Edition.Y2011, ()),
        face_record(replace(a_face(), pose=Pose(yaw=3))),
        face_record(replace(a_face(), pose=Pose(yaw=182))),
        face_record(replace(a_face(), pose=Pose(yaw=-180))),
        face_record(replace(a_face(), pose=Pose(yaw_uncertainty=362))),
        face_record(replace(a_face(), pose=Pose(yaw_uncertainty=-2))),
        face_record(replace(a_face(), properties=1 << 24)),
        face_record(replace(a_face(), points=(FacePoint(1, 0, 120, 0),))),
        face_record(replace(a_face(), points=(FacePoint(1, 0, 0, 0),) * 257)),
        face_record(replace(a_face(), capture=Capture(certificates=(Certificate(1, 1),)))),
        face_record(replace(a_face(), source=1)),
        face_record(replace(a_face(), height_cm=1), edition=Edition.Y2005),
        face_record(replace(a_face(), kind=FaceImageKind.POST_PROCESSED), edition=Edition.Y2005),
        face_record(replace(a_face(), points=(FacePoint(2, 0, 0, 0),)), edition=Edition.Y2005),
        replace(face_record(a_face(), a_face()), sequence=0),
        face_record(*[a_face()] * 17),
    ],
)
def test_what_an_edition_has_no_place_for_is_not_written(record):
    with pytest.raises(ValueError, match=r"."):
        write_faces(record)
