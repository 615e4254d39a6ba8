"""The record layout of ISO/IEC 19794-2:2005, §7: one header of 24 bytes, then views of 4 bytes and
six a minutia, each followed by its extended data."""

from __future__ import annotations

import struct
from typing import Final

from ampera.records.codes import (
    MINUTIAE_IMPRESSIONS_2005,
    SINGLE_FINGERS,
    Edition,
    FingerPosition,
)
from ampera.records.minutiae import (
    BYTES_MAX,
    MINUTIAE_MAX,
    PLACE_MAX,
    POINT_BYTES_RATED,
    PX_PER_CM_MIN,
    VIEWS_MAX,
    MinutiaeRecord,
    MinutiaeView,
    check_numbers,
    read_points,
    write_points,
)
from ampera.records.reading import Cursor, answered, check_length, opened, proved
from ampera.records.representation import read_extensions, write_extensions

STANDARD: Final = "ISO/IEC 19794-2:2005"
BEGINS: Final = b"FMR\x00 20\x00"
_HEAD: Final = struct.Struct(">IHHHHHBB")
_EDITION: Final = Edition.Y2005


@answered
def read_minutiae_2005(data: bytes) -> MinutiaeRecord:
    """The record in these bytes, or a refusal `records.*` that says where it is wrong."""
    cursor = opened(data, standard=STANDARD, begins=BEGINS, bytes_max=BYTES_MAX)
    length = cursor.number(4, place="length")
    check_length(cursor, told=length, found=len(data), place="length")
    equipment = cursor.number(2, place="capture_equipment")
    size = _size(cursor)
    scale = _scale(cursor), _scale(cursor)
    count = cursor.at_most(VIEWS_MAX, size=1, place="view_count")
    cursor.nothing(1, place="reserved")
    views: list[MinutiaeView] = []
    for at in range(count):
        cursor.part = f"view[{at}]."
        views.append(_read_view(cursor, size=size, scale=scale))
    cursor.part = ""
    cursor.finish()
    check_numbers(cursor, views=views)
    if not views:
        raise cursor.no("records.value_unknown", place="view_count", value=0)
    return MinutiaeRecord(_EDITION, tuple(views), equipment & 0x0FFF, equipment >> 12)


def _size(cursor: Cursor) -> tuple[int, int]:
    sides = []
    for place in ("width", "height"):
        side = cursor.at_most(PLACE_MAX, size=2, place=place)
        if not side:
            raise cursor.no("records.value_unknown", place=place, value=side)
        sides.append(side)
    return sides[0], sides[1]


def _scale(cursor: Cursor) -> int:
    scale = cursor.number(2, place="resolution")
    if scale < PX_PER_CM_MIN:
        raise cursor.no("records.value_unknown", place="resolution", value=scale)
    return scale


def _read_view(cursor: Cursor, *, size: tuple[int, int], scale: tuple[int, int]) -> MinutiaeView:
    position = cursor.one_of(SINGLE_FINGERS, place="position")
    packed = cursor.number(1, place="impression")
    number, impression = packed >> 4, packed & 0x0F
    if impression not in MINUTIAE_IMPRESSIONS_2005:
        raise cursor.no("records.value_unknown", place="impression", value=impression)
    quality = cursor.one_of(range(101), place="quality")
    count = cursor.number(1, place="minutia_count")
    points = cursor.enter(count * POINT_BYTES_RATED, part="minutiae")
    minutiae = read_points(
        points, size=size, count=count, point_bytes=POINT_BYTES_RATED, edition=_EDITION
    )
    extended = cursor.number(2, place="extended_length")
    return MinutiaeView(
        FingerPosition(position),
        *size,
        minutiae,
        number,
        MINUTIAE_IMPRESSIONS_2005[impression],
        *scale,
        quality,
        extensions=read_extensions(cursor.enter(extended, part="extended")),
    )


def write_minutiae_2005(record: MinutiaeRecord) -> bytes:
    """The record's bytes. Raises ValueError for what the standard has no place for: views of
    several sizes, more than 255 minutiae, a quality of 0, what only 2011 tells."""
    images = {(v.width_px, v.height_px, v.x_px_per_cm, v.y_px_per_cm) for v in record.views}
    if len(images) != 1 or any(len(v.minutiae) > MINUTIAE_MAX for v in record.views):
        raise ValueError("views of one image size, with at most 255 minutiae each")
    try:
        body = b"".join(_written(view) for view in record.views)
        equipment = record.compliance << 12 | record.device
        length = len(BEGINS) + _HEAD.size + len(body)
        head = _HEAD.pack(length, equipment, *images.pop(), len(record.views), 0)
    except (struct.error, OverflowError, KeyError) as no:
        raise ValueError(f"this has no place in {STANDARD}: {no}") from no
    return proved(BEGINS + head + body, record=record, read=read_minutiae_2005)


_CODES: Final = {impression: code for code, impression in MINUTIAE_IMPRESSIONS_2005.items()}


def _written(view: MinutiaeView) -> bytes:
    packed = view.number << 4 | _CODES[view.impression]
    head = struct.pack(">BBBB", view.position, packed, view.quality, len(view.minutiae))
    points = write_points(view.minutiae, is_rated=True, edition=_EDITION)
    extended = write_extensions(view.extensions)
    return head + points + struct.pack(">H", len(extended)) + extended
