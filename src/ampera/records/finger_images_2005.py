"""The record layout of ISO/IEC 19794-4:2005, §7: one header of 32 bytes with the sampling of all
images, then images behind headers of 14 bytes."""

from __future__ import annotations

import struct
from collections import Counter
from typing import Final

from ampera.records.codes import FINGERS_2005, IMAGE_IMPRESSIONS_2005, Edition, FingerPosition
from ampera.records.finger_images import (
    BITS_MAX,
    BYTES_MAX,
    CODES_2005,
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

STANDARD: Final = "ISO/IEC 19794-4:2005"
BEGINS: Final = b"FIR\x00010\x00"
_HEAD_BYTES: Final = 32
_LENGTH_BYTES: Final = 6
_IMAGE_HEAD: Final = struct.Struct(">IBBBBBHHB")
#: Table 1 of the annex on acquisition: 125, 250, 500 and 1000 ppi, and 0 where not told.
_LEVELS: Final = frozenset({0, 10, 20, 30, 31, 40, 41})
_QUALITY_NOT_TOLD: Final = 254
_QUALITIES: Final = frozenset({*range(101), _QUALITY_NOT_TOLD})


@answered
def read_finger_images_2005(data: bytes) -> FingerImageRecord:
    """The record in these bytes, or a refusal `records.*` that says where it is wrong."""
    cursor = opened(data, standard=STANDARD, begins=BEGINS, bytes_max=BYTES_MAX)
    length = cursor.number(_LENGTH_BYTES, place="length")
    check_length(cursor, told=length, found=len(data), place="length")
    device = cursor.number(2, place="device")
    level = cursor.one_of(_LEVELS, size=2, place="acquisition_level")
    told = cursor.at_most(IMAGES_MAX, size=1, place="finger_count")
    sampling = _read_sampling(cursor)
    cursor.nothing(2, place="reserved")
    images: list[FingerImage] = []
    counts: list[int] = []
    while cursor.left:
        at = len(images)
        if at == IMAGES_MAX:
            raise cursor.no("records.too_big", place="images", amount=at + 1, limit=at)
        inner = sub_record(cursor, part=f"image[{at}]")
        image, count = _read_image(inner, sampling=sampling)
        images.append(image)
        counts.append(count)
    _check_counts(cursor, images=images, counts=counts, told=told)
    return FingerImageRecord(Edition.Y2005, tuple(images), device, level)


def _read_sampling(cursor: Cursor) -> Sampling:
    scale = cursor.one_of(frozenset(Scale), place="scale")
    x_scan, y_scan = cursor.number(2, place="x_scan"), cursor.number(2, place="y_scan")
    x, y = cursor.number(2, place="x_resolution"), cursor.number(2, place="y_resolution")
    if not x or not y:
        raise cursor.no("records.value_unknown", place="resolution", value=0)
    bits = cursor.one_of(range(1, BITS_MAX + 1), place="bits")
    compression = compression_of(cursor, codes=CODES_2005)
    return Sampling(x, y, Scale(scale), x_scan, y_scan, bits, compression)


def _read_image(cursor: Cursor, *, sampling: Sampling) -> tuple[FingerImage, int]:
    position = cursor.one_of(FINGERS_2005, place="position")
    count = cursor.one_of(range(1, IMAGES_MAX + 1), place="view_count")
    number = cursor.one_of(range(1, IMAGES_MAX + 1), place="number")
    quality = cursor.one_of(_QUALITIES, place="quality")
    impression = cursor.one_of(IMAGE_IMPRESSIONS_2005, place="impression")
    width, height = cursor.number(2, place="width"), cursor.number(2, place="height")
    cursor.nothing(1, place="reserved")
    image = FingerImage(
        FingerPosition(position),
        width,
        height,
        cursor.take(cursor.left, place="image"),
        sampling,
        number - 1,
        IMAGE_IMPRESSIONS_2005[impression],
        None if quality == _QUALITY_NOT_TOLD else quality,
    )
    check_image(cursor, image=image)
    return image, count


def _check_counts(
    cursor: Cursor, *, images: list[FingerImage], counts: list[int], told: int
) -> None:
    """Views of a position are counted from 1, and each tells how many there are.

    The header counts fingers or images: makers read §7.1.6 in both ways, so both are taken.
    """
    of_position = Counter(each.position for each in images)
    seen: Counter[FingerPosition] = Counter()
    for at, (image, count) in enumerate(zip(images, counts, strict=True)):
        found = seen[image.position]
        if image.number != found or count != of_position[image.position]:
            raise cursor.no(
                "records.out_of_order",
                place=f"image[{at}].number",
                told=f"{image.number + 1}/{count}",
                found=f"{found + 1}/{of_position[image.position]}",
            )
        seen[image.position] += 1
    if not images or told not in (len(images), len(of_position)):
        raise cursor.no("records.length_wrong", place="finger_count", told=told, found=len(images))


def write_finger_images_2005(record: FingerImageRecord) -> bytes:
    """The record's bytes; its header counts images. Raises ValueError for what the standard has
    no place for: images of several samplings, what only 2011 tells."""
    samplings = {image.sampling for image in record.images}
    if len(samplings) != 1:
        raise ValueError("all images of a record have one sampling")
    sampling = samplings.pop()
    counts = Counter(image.position for image in record.images)
    try:
        body = b"".join(_written(image, count=counts[image.position]) for image in record.images)
        head = struct.pack(
            ">HHBBHHHHBBH",
            *(record.device, record.acquisition_level, len(record.images), sampling.scale),
            *(sampling.x_scan, sampling.y_scan, sampling.x_resolution, sampling.y_resolution),
            *(sampling.bits, code_of(sampling.compression, codes=CODES_2005), 0),
        )
    except (struct.error, KeyError) as no:
        raise ValueError(f"this has no place in {STANDARD}: {no}") from no
    length = (_HEAD_BYTES + len(body)).to_bytes(_LENGTH_BYTES, "big")
    return proved(BEGINS + length + head + body, record=record, read=read_finger_images_2005)


_IMPRESSION_CODES: Final = {each: code for code, each in IMAGE_IMPRESSIONS_2005.items()}


def _written(image: FingerImage, *, count: int) -> bytes:
    quality = _QUALITY_NOT_TOLD if image.quality is None else image.quality
    head = _IMAGE_HEAD.pack(
        *(_IMAGE_HEAD.size + len(image.data), image.position, count, image.number + 1, quality),
        *(_IMPRESSION_CODES[image.impression], image.width_px, image.height_px, 0),
    )
    return head + image.data
