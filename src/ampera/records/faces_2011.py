"""The record layout of ISO/IEC 19794-5:2011, §5: a header of 17 bytes, then representations that
tell their own length, where they come from, the face (17 bytes), its landmarks, and the image."""

from __future__ import annotations

import struct
from typing import Final

from ampera.records.codes import Edition
from ampera.records.faces import (
    BYTES_MAX,
    CODES_2011,
    COLOUR_SPACES_2011,
    EYE_COLOURS,
    HAIR_COLOURS,
    IMAGES_MAX,
    POINTS_MAX,
    FaceImage,
    FaceImageKind,
    FacePoint,
    FaceRecord,
    Gender,
    check_face,
    code_of,
    compression_of,
    read_pose,
    write_pose,
)
from ampera.records.reading import Cursor, answered, check_length, opened, proved, sub_record
from ampera.records.representation import FACE_TECHNOLOGIES, read_capture, write_capture

STANDARD: Final = "ISO/IEC 19794-5:2011"
BEGINS: Final = b"FAC\x00030\x00"
_HEAD: Final = struct.Struct(">IHBH")
_LENGTH_BYTES: Final = 4
_SEQUENCES: Final = frozenset(range(4))
_SAMPLING_LEVELS: Final = frozenset(range(8))
_POINT_KINDS: Final = frozenset({1, 2, 3})
_IN_SPACE: Final = 3


@answered
def read_faces_2011(data: bytes) -> FaceRecord:
    """The record in these bytes, or a refusal `records.*` that says where it is wrong."""
    cursor = opened(data, standard=STANDARD, begins=BEGINS, bytes_max=BYTES_MAX)
    length = cursor.number(4, place="length")
    check_length(cursor, told=length, found=len(data), place="length")
    count = cursor.at_most(IMAGES_MAX, size=2, place="image_count")
    if not count:
        raise cursor.no("records.value_unknown", place="image_count", value=0)
    cursor.nothing(1, place="certification_flag")  # §5.3.6: no camera is certified yet
    sequence = cursor.one_of(_SEQUENCES, size=2, place="sequence")
    if (sequence == 0) != (count == 1):
        raise cursor.no("records.value_unknown", place="sequence", value=sequence)
    images = tuple(_read_image(sub_record(cursor, part=f"image[{at}]")) for at in range(count))
    cursor.finish()
    return FaceRecord(Edition.Y2011, images, sequence)


def _read_image(cursor: Cursor) -> FaceImage:
    capture = read_capture(cursor, technologies=FACE_TECHNOLOGIES, is_certified=False)
    count = cursor.at_most(POINTS_MAX, size=2, place="point_count")
    gender = Gender(cursor.one_of(frozenset(Gender), place="gender"))
    eyes = cursor.one_of(EYE_COLOURS, place="eye_colour")
    hair = cursor.one_of(HAIR_COLOURS, place="hair_colour")
    height_cm = cursor.number(1, place="height_cm")
    properties = cursor.number(3, place="properties")
    expression = cursor.number(2, place="expression")
    pose = read_pose(cursor)
    points = tuple(_read_point(cursor, f"point[{number}]") for number in range(count))
    kind = FaceImageKind(cursor.one_of(frozenset(FaceImageKind), place="kind"))
    compression = compression_of(cursor, codes=CODES_2011)
    width, height = cursor.number(2, place="width"), cursor.number(2, place="height")
    level = cursor.one_of(_SAMPLING_LEVELS, place="sampling_level")
    processing = cursor.number(2, place="processing")
    made_from = cursor.one_of(range(IMAGES_MAX + 1), place="made_from")
    space = cursor.one_of(COLOUR_SPACES_2011, place="colour_space")
    data = cursor.take(cursor.number(4, place="image_length"), place="image")
    cursor.finish()
    image = FaceImage(
        width,
        height,
        data,
        compression,
        kind,
        space,
        gender=gender,
        eye_colour=eyes,
        hair_colour=hair,
        properties=properties,
        expression=expression,
        pose=pose,
        points=points,
        capture=capture,
        height_cm=height_cm,
        sampling_level=level,
        processing=processing,
        made_from=made_from,
    )
    check_face(cursor, image=image, edition=Edition.Y2011)
    return image


def _read_point(cursor: Cursor, place: str) -> FacePoint:
    kind = cursor.one_of(_POINT_KINDS, place=f"{place}.kind")
    code = cursor.number(1, place=place)
    x, y = cursor.number(2, place=place), cursor.number(2, place=place)
    z = cursor.number(2, place=place)
    if z and kind != _IN_SPACE:
        raise cursor.no("records.value_unknown", place=f"{place}.z", value=z)
    return FacePoint(kind, code, x, y, z)


def write_faces_2011(record: FaceRecord) -> bytes:
    """The record's bytes. Raises ValueError for what the standard has no place for: an image that
    is not what it says, certificates, what only 2005 tells."""
    try:
        body = b"".join(_written(image) for image in record.images)
        length = len(BEGINS) + _HEAD.size + len(body)
        head = _HEAD.pack(length, len(record.images), 0, record.sequence)
    except (struct.error, OverflowError, KeyError) as no:
        raise ValueError(f"this has no place in {STANDARD}: {no}") from no
    return proved(BEGINS + head + body, record=record, read=read_faces_2011)


def _written(image: FaceImage) -> bytes:
    out = write_capture(image.capture, is_certified=False)
    out += struct.pack(
        *(">HBBBB", len(image.points), image.gender, image.eye_colour, image.hair_colour),
        image.height_cm,
    )
    out += image.properties.to_bytes(3, "big") + struct.pack(">H", image.expression)
    out += write_pose(image.pose)
    for point in image.points:
        out += struct.pack(">BBHHH", point.kind, point.code, point.x_px, point.y_px, point.z)
    out += struct.pack(
        ">BBHHBHBBI",
        *(image.kind, code_of(image.compression, codes=CODES_2011)),
        *(image.width_px, image.height_px, image.sampling_level, image.processing),
        *(image.made_from, image.colour_space, len(image.data)),
    )
    return struct.pack(">I", _LENGTH_BYTES + len(out) + len(image.data)) + out + image.data
