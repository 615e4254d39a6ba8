"""The record layout of ISO/IEC 19794-5:2005, §5: a header of 14 bytes, then for each image a block
of 20 bytes about the face, eight for each feature point, and 12 about the image."""

from __future__ import annotations

import struct
from typing import Final

from ampera.records.codes import Edition
from ampera.records.faces import (
    BYTES_MAX,
    CODES_2005,
    COLOUR_SPACES_2005,
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

STANDARD: Final = "ISO/IEC 19794-5:2005"
BEGINS: Final = b"FAC\x00010\x00"
_HEAD: Final = struct.Struct(">IH")
_LENGTH_BYTES: Final = 4
#: Table 8, and from 0x8000 the maker's own.
_EXPRESSIONS: Final = frozenset({*range(8), *range(0x8000, 0x10000)})
_KINDS: Final = frozenset(range(3))
_SOURCES: Final = frozenset({*range(8), *range(128, 256)})


@answered
def read_faces_2005(data: bytes) -> FaceRecord:
    """The record in these bytes, or a refusal `records.*` that says where it is wrong."""
    cursor = opened(data, standard=STANDARD, begins=BEGINS, bytes_max=BYTES_MAX)
    length = cursor.number(4, place="length")
    check_length(cursor, told=length, found=len(data), place="length")
    count = cursor.at_most(IMAGES_MAX, size=2, place="image_count")
    if not count:
        raise cursor.no("records.value_unknown", place="image_count", value=0)
    images = tuple(_read_image(sub_record(cursor, part=f"image[{at}]")) for at in range(count))
    cursor.finish()
    return FaceRecord(Edition.Y2005, images)


def _read_image(cursor: Cursor) -> FaceImage:
    count = cursor.at_most(POINTS_MAX, size=2, place="point_count")
    gender = Gender(cursor.one_of(frozenset(Gender), place="gender"))
    eyes = cursor.one_of(EYE_COLOURS, place="eye_colour")
    hair = cursor.one_of(HAIR_COLOURS, place="hair_colour")
    properties = cursor.number(3, place="properties")
    expression = cursor.one_of(_EXPRESSIONS, size=2, place="expression")
    pose = read_pose(cursor)
    points = tuple(_read_point(cursor, f"point[{number}]") for number in range(count))
    kind = FaceImageKind(cursor.one_of(_KINDS, place="kind"))
    compression = compression_of(cursor, codes=CODES_2005)
    width, height = cursor.number(2, place="width"), cursor.number(2, place="height")
    space = cursor.one_of(COLOUR_SPACES_2005, place="colour_space")
    source = cursor.one_of(_SOURCES, place="source")
    device, quality = cursor.number(2, place="device"), cursor.number(2, place="quality")
    image = FaceImage(
        width,
        height,
        cursor.take(cursor.left, place="image"),
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
        source=source,
        device=device,
        quality=quality,
    )
    check_face(cursor, image=image, edition=Edition.Y2005)
    return image


def _read_point(cursor: Cursor, place: str) -> FacePoint:
    kind = cursor.one_of({1}, place=f"{place}.kind")  # §5.6.1: MPEG-4 is the only one
    code = cursor.number(1, place=place)
    x, y = cursor.number(2, place=place), cursor.number(2, place=place)
    cursor.nothing(2, place=f"{place}.reserved")
    return FacePoint(kind, code, x, y)


def write_faces_2005(record: FaceRecord) -> bytes:
    """The record's bytes. Raises ValueError for what the standard has no place for: an image that
    is not what it says, what only 2011 tells."""
    try:
        body = b"".join(_written(image) for image in record.images)
        head = _HEAD.pack(len(BEGINS) + _HEAD.size + len(body), len(record.images))
    except (struct.error, OverflowError, KeyError) as no:
        raise ValueError(f"this has no place in {STANDARD}: {no}") from no
    return proved(BEGINS + head + body, record=record, read=read_faces_2005)


def _written(image: FaceImage) -> bytes:
    out = struct.pack(">HBBB", len(image.points), image.gender, image.eye_colour, image.hair_colour)
    out += image.properties.to_bytes(3, "big") + struct.pack(">H", image.expression)
    out += write_pose(image.pose)
    for point in image.points:
        out += struct.pack(">BBHHH", point.kind, point.code, point.x_px, point.y_px, 0)
    out += struct.pack(
        ">BBHHBBHH",
        *(image.kind, code_of(image.compression, codes=CODES_2005)),
        *(image.width_px, image.height_px, image.colour_space),
        *(image.source, image.device, image.quality),
    )
    return struct.pack(">I", _LENGTH_BYTES + len(out) + len(image.data)) + out + image.data
