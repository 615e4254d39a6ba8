"""The record layout of ISO/IEC 19794-2:2011, §8: a header of 15 bytes, then representations that
tell their own length, where they come from, and their own image size."""

from __future__ import annotations

import struct
from typing import Final

from ampera.records.codes import Edition, FingerPosition, Impression
from ampera.records.minutiae import (
    BYTES_MAX,
    MINUTIAE_MAX,
    PLACE_MAX,
    POINT_BYTES,
    POINT_BYTES_RATED,
    PX_PER_CM_MIN,
    VIEWS_MAX,
    MinutiaeRecord,
    MinutiaeView,
    check_numbers,
    read_points,
    write_points,
)
from ampera.records.reading import Cursor, answered, check_length, opened, proved, sub_record
from ampera.records.representation import (
    FINGER_TECHNOLOGIES,
    read_capture,
    read_extensions,
    write_capture,
    write_extensions,
)

STANDARD: Final = "ISO/IEC 19794-2:2011"
BEGINS: Final = b"FMR\x00030\x00"
_HEAD: Final = struct.Struct(">IHB")
_EDITION: Final = Edition.Y2011
_LENGTH_BYTES: Final = 4
_ENDING_TYPES: Final = frozenset({0, 1})
_POSITIONS: Final = frozenset(FingerPosition)
_IMPRESSIONS: Final = frozenset(Impression)


@answered
def read_minutiae_2011(data: bytes) -> MinutiaeRecord:
    """The record in these bytes, or a refusal `records.*` that says where it is wrong."""
    cursor = opened(data, standard=STANDARD, begins=BEGINS, bytes_max=BYTES_MAX)
    length = cursor.number(4, place="length")
    check_length(cursor, told=length, found=len(data), place="length")
    count = cursor.at_most(VIEWS_MAX, size=2, place="view_count")
    is_certified = bool(cursor.one_of({0, 1}, place="certification_flag"))
    views: list[MinutiaeView] = []
    for at in range(count):
        inner = sub_record(cursor, part=f"view[{at}]")
        views.append(_read_view(inner, is_certified=is_certified))
        inner.finish()
    cursor.finish()
    check_numbers(cursor, views=views)
    if not views:
        raise cursor.no("records.value_unknown", place="view_count", value=0)
    return MinutiaeRecord(_EDITION, tuple(views))


def _read_view(cursor: Cursor, *, is_certified: bool) -> MinutiaeView:
    capture = read_capture(cursor, technologies=FINGER_TECHNOLOGIES, is_certified=is_certified)
    position = cursor.one_of(_POSITIONS, place="position")
    number = cursor.one_of(range(16), place="number")
    scale = _side(cursor, "x_resolution"), _side(cursor, "y_resolution")
    impression = cursor.one_of(_IMPRESSIONS, place="impression")
    size = _side(cursor, "width"), _side(cursor, "height")
    packed = cursor.number(1, place="point_form")
    point_bytes, ending_type = packed >> 4, packed & 0x0F
    if point_bytes not in (POINT_BYTES, POINT_BYTES_RATED) or ending_type not in _ENDING_TYPES:
        raise cursor.no("records.value_unknown", place="point_form", value=packed)
    count = cursor.number(1, place="minutia_count")
    if count == 0:  # §8.4: 1 to 255
        raise cursor.no("records.value_unknown", place="minutia_count", value=count)
    points = cursor.enter(count * point_bytes, part="minutiae")
    minutiae = read_points(
        points, size=size, count=count, point_bytes=point_bytes, edition=_EDITION
    )
    extended = cursor.number(2, place="extended_length")
    return MinutiaeView(
        FingerPosition(position),
        *size,
        minutiae,
        number,
        Impression(impression),
        *scale,
        ending_type=ending_type,
        capture=capture,
        extensions=read_extensions(cursor.enter(extended, part="extended")),
    )


def _side(cursor: Cursor, place: str) -> int:
    value = cursor.at_most(PLACE_MAX, size=2, place=place)
    if value < (PX_PER_CM_MIN if place.endswith("resolution") else 1):
        raise cursor.no("records.value_unknown", place=place, value=value)
    return value


def write_minutiae_2011(record: MinutiaeRecord) -> bytes:
    """The record's bytes; minutiae take a byte of quality only where one of them tells it. Raises
    ValueError for what the standard has no place for: a view without minutiae, what only 2005
    tells."""
    is_certified = any(view.capture.certificates for view in record.views)
    try:
        body = b"".join(_written(view, is_certified=is_certified) for view in record.views)
        length = len(BEGINS) + _HEAD.size + len(body)
        head = _HEAD.pack(length, len(record.views), is_certified)
    except (struct.error, OverflowError) as no:
        raise ValueError(f"this has no place in {STANDARD}: {no}") from no
    return proved(BEGINS + head + body, record=record, read=read_minutiae_2011)


def _written(view: MinutiaeView, *, is_certified: bool) -> bytes:
    is_rated = any(each.quality is not None for each in view.minutiae)
    point_bytes = POINT_BYTES_RATED if is_rated else POINT_BYTES
    if len(view.minutiae) > MINUTIAE_MAX:
        raise ValueError("a view has at most 255 minutiae")
    out = write_capture(view.capture, is_certified=is_certified)
    out += struct.pack(
        ">BBHHBHHBB",
        *(view.position, view.number, view.x_px_per_cm, view.y_px_per_cm, view.impression),
        *(view.width_px, view.height_px, point_bytes << 4 | view.ending_type),
        len(view.minutiae),
    )
    out += write_points(view.minutiae, is_rated=is_rated, edition=_EDITION)
    extended = write_extensions(view.extensions)
    out += struct.pack(">H", len(extended)) + extended
    return struct.pack(">I", _LENGTH_BYTES + len(out)) + out
