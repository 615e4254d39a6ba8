"""The record layout of ISO/IEC 19794-4:2011, §8: a header of 16 bytes, then representations that
tell their own length, where they come from, and how they were sampled."""

from __future__ import annotations

import struct
from typing import Final

from ampera.records.codes import Edition, FingerPosition, Impression
from ampera.records.finger_images import (
    BITS_MAX,
    BYTES_MAX,
    CODES_2011,
    IMAGES_MAX,
    FingerImage,
    FingerImageRecord,
    Sampling,
    Scale,
    check_image,
    code_of,
    compression_of,
)
from ampera.records.reading import Cursor, answered, check_length, opened, proved, sub_record
from ampera.records.representation import (
    FINGER_TECHNOLOGIES,
    read_capture,
    read_extensions,
    write_capture,
    write_extensions,
)

STANDARD: Final = "ISO/IEC 19794-4:2011"
BEGINS: Final = b"FIR\x00020\x00"
_HEAD: Final = struct.Struct(">IHBB")
_LENGTH_BYTES: Final = 4
_POSITIONS: Final = frozenset(FingerPosition)
_IMPRESSIONS: Final = frozenset(Impression)


@answered
def read_finger_images_2011(data: bytes) -> FingerImageRecord:
    """The record in these bytes, or a refusal `records.*` that says where it is wrong."""
    cursor = opened(data, standard=STANDARD, begins=BEGINS, bytes_max=BYTES_MAX)
    length = cursor.number(4, place="length")
    check_length(cursor, told=length, found=len(data), place="length")
    count = cursor.at_most(IMAGES_MAX, size=2, place="image_count")
    is_certified = bool(cursor.one_of({0, 1}, place="certification_flag"))
    positions = cursor.number(1, place="position_count")
    images: list[FingerImage] = []
    for at in range(count):
        inner = sub_record(cursor, part=f"image[{at}]")
        images.append(_read_image(inner, is_certified=is_certified))
    cursor.finish()
    _check_counts(cursor, images=images, positions=positions)
    return FingerImageRecord(Edition.Y2011, tuple(images))


def _read_image(cursor: Cursor, *, is_certified: bool) -> FingerImage:
    capture = read_capture(cursor, technologies=FINGER_TECHNOLOGIES, is_certified=is_certified)
    position = cursor.one_of(_POSITIONS, place="position")
    number = cursor.one_of(range(IMAGES_MAX), place="number")
    scale = cursor.one_of(frozenset(Scale), place="scale")
    x_scan, y_scan = cursor.number(2, place="x_scan"), cursor.number(2, place="y_scan")
    x, y = cursor.number(2, place="x_resolution"), cursor.number(2, place="y_resolution")
    if not x or not y:
        raise cursor.no("records.value_unknown", place="resolution", value=0)
    bits = cursor.one_of(range(1, BITS_MAX + 1), place="bits")
    compression = compression_of(cursor, codes=CODES_2011)
    impression = cursor.one_of(_IMPRESSIONS, place="impression")
    width, height = cursor.number(2, place="width"), cursor.number(2, place="height")
    data = cursor.take(cursor.number(4, place="image_length"), place="image")
    image = FingerImage(
        FingerPosition(position),
        width,
        height,
        data,
        Sampling(x, y, Scale(scale), x_scan, y_scan, bits, compression),
        number,
        Impression(impression),
        capture=capture,
        extensions=read_extensions(cursor),
    )
    check_image(cursor, image=image)
    return image


def _check_counts(cursor: Cursor, *, images: list[FingerImage], positions: int) -> None:
    """Images of a position are counted from 0 or from 1, for makers do both, without a gap; and
    the header tells how many positions there are."""
    seen: dict[FingerPosition, int] = {}
    for at, image in enumerate(images):
        next_number = seen.get(image.position, min(image.number, 1))
        if image.number != next_number:
            raise cursor.no(
                "records.out_of_order",
                place=f"image[{at}].number",
                told=image.number,
                found=next_number,
            )
        seen[image.position] = next_number + 1
    if not images or positions != len(seen):
        raise cursor.no(
            "records.length_wrong", place="position_count", told=positions, found=len(seen)
        )


def write_finger_images_2011(record: FingerImageRecord) -> bytes:
    """The record's bytes. Raises ValueError for what the standard has no place for: an image that
    is not what it says, what only 2005 tells."""
    is_certified = any(image.capture.certificates for image in record.images)
    positions = len({image.position for image in record.images})
    try:
        body = b"".join(_written(image, is_certified=is_certified) for image in record.images)
        length = len(BEGINS) + _HEAD.size + len(body)
        head = _HEAD.pack(length, len(record.images), is_certified, positions)
    except (struct.error, KeyError) as no:
        raise ValueError(f"this has no place in {STANDARD}: {no}") from no
    return proved(BEGINS + head + body, record=record, read=read_finger_images_2011)


def _written(image: FingerImage, *, is_certified: bool) -> bytes:
    sampling = image.sampling
    out = write_capture(image.capture, is_certified=is_certified)
    out += struct.pack(
        ">BBBHHHHBBBHHI",
        *(image.position, image.number, sampling.scale, sampling.x_scan, sampling.y_scan),
        *(sampling.x_resolution, sampling.y_resolution, sampling.bits),
        *(code_of(sampling.compression, codes=CODES_2011), image.impression),
        *(image.width_px, image.height_px, len(image.data)),
    )
    out += image.data + write_extensions(image.extensions)
    return struct.pack(">I", _LENGTH_BYTES + len(out)) + out
