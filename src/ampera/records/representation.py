"""What begins every representation of the editions of 2011: ISO/IEC 19794-1:2011.

When it was taken, on which device, how good somebody's algorithm finds it, and by which schemes the
device was certified. One coding for minutiae, finger images and faces.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ampera.records.reading import Cursor

#: 19794-1:2011: a quality that could not be computed.
_SCORE_FAILED: Final = 255
_SCORES: Final = frozenset({*range(101), _SCORE_FAILED})
_TIME: Final = struct.Struct(">HBBBBBH")
#: Nothing is known of the time: every byte 255.
_NO_TIME: Final = b"\xff" * _TIME.size
_MICROSECONDS: Final = 1000
#: The standard knows six kinds of block; makers add a few of their own.
EXTENSIONS_MAX: Final = 64
#: Kinds of finger sensor (19794-4:2011 table 4): 0 not told, 1 to 20.
FINGER_TECHNOLOGIES: Final = frozenset(range(21))
#: Kinds of camera (19794-5:2011 table 4): 0 not told, 1 to 6, 128 and up the maker's own.
FACE_TECHNOLOGIES: Final = frozenset({*range(7), *range(128, 256)})


@dataclass(frozen=True, slots=True)
class QualityScore:
    """One algorithm's opinion. `score`: 0 (worst) to 100; None when it could not be computed.
    `vendor` and `algorithm` are registered with the CBEFF authority; 0 is not told."""

    score: int | None
    vendor: int = 0
    algorithm: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """A scheme by which the device was certified, and who runs it."""

    authority: int
    scheme: int


@dataclass(frozen=True, slots=True)
class Capture:
    """Where a representation comes from. `at`: UTC, whole milliseconds; None when not told."""

    at: datetime | None = None
    technology: int = 0
    vendor: int = 0
    device: int = 0
    qualities: tuple[QualityScore, ...] = ()
    certificates: tuple[Certificate, ...] = ()


#: Nothing told.
NO_CAPTURE: Final = Capture()


@dataclass(frozen=True, slots=True)
class Extension:
    """A block of extended data, kept as it is: we act on none. `code` 256 and up: a maker's own."""

    code: int
    data: bytes


def read_capture(cursor: Cursor, *, technologies: frozenset[int], is_certified: bool) -> Capture:
    """Date, device, qualities and, where the record's header announces them, certificates."""
    at = _read_time(cursor)
    technology = cursor.one_of(technologies, place="device_technology")
    vendor = cursor.number(2, place="device_vendor")
    device = cursor.number(2, place="device_type")
    qualities = []
    for number in range(cursor.number(1, place="quality_count")):
        place = f"quality[{number}]"
        score = cursor.one_of(_SCORES, place=place)
        pair = cursor.number(2, place=place), cursor.number(2, place=place)
        qualities.append(QualityScore(None if score == _SCORE_FAILED else score, *pair))
    certificates = []
    for number in range(cursor.number(1, place="certificate_count") if is_certified else 0):
        place = f"certificate[{number}]"
        certificates.append(
            Certificate(cursor.number(2, place=place), cursor.number(1, place=place))
        )
    return Capture(at, technology, vendor, device, tuple(qualities), tuple(certificates))


def write_capture(capture: Capture, *, is_certified: bool) -> bytes:
    """The bytes that `read_capture` reads. Raises struct.error or ValueError for what has no place
    in them."""
    out = _write_time(capture.at)
    out += struct.pack(">BHH", capture.technology, capture.vendor, capture.device)
    out += struct.pack(">B", len(capture.qualities))
    for each in capture.qualities:
        score = _SCORE_FAILED if each.score is None else each.score
        out += struct.pack(">BHH", score, each.vendor, each.algorithm)
    if is_certified:
        out += struct.pack(">B", len(capture.certificates))
        for certificate in capture.certificates:
            out += struct.pack(">HB", certificate.authority, certificate.scheme)
    return out


def _read_time(cursor: Cursor) -> datetime | None:
    told = cursor.take(_TIME.size, place="captured_at")
    if told == _NO_TIME:
        return None
    year, month, day, hour, minute, second, milliseconds = _TIME.unpack(told)
    try:
        return datetime(
            *(year, month, day, hour, minute, second),
            microsecond=milliseconds * _MICROSECONDS,
            tzinfo=UTC,
        )
    except ValueError:
        raise cursor.no("records.value_unknown", place="captured_at", value=told.hex()) from None


def _write_time(at: datetime | None) -> bytes:
    if at is None:
        return _NO_TIME
    moment = at.astimezone(UTC)
    if moment.microsecond % _MICROSECONDS:
        raise ValueError("a record tells whole milliseconds")
    return _TIME.pack(*moment.timetuple()[:6], moment.microsecond // _MICROSECONDS)


def read_extensions(cursor: Cursor) -> tuple[Extension, ...]:
    """All blocks until the end of this cursor. Each tells its length with its own four bytes."""
    found: list[Extension] = []
    while cursor.left:
        place = f"extension[{len(found)}]"
        if len(found) == EXTENSIONS_MAX:
            raise cursor.no(
                "records.too_big", place=place, amount=len(found) + 1, limit=EXTENSIONS_MAX
            )
        code = cursor.number(2, place=place)
        length = cursor.number(2, place=place)
        if code == 0:
            raise cursor.no("records.value_unknown", place=place, value=code)
        if length < _EXTENSION_HEAD:
            raise cursor.no("records.length_wrong", place=place, told=length, found=_EXTENSION_HEAD)
        found.append(Extension(code, cursor.take(length - _EXTENSION_HEAD, place=place)))
    return tuple(found)


def write_extensions(extensions: tuple[Extension, ...]) -> bytes:
    """The bytes that `read_extensions` reads."""
    return b"".join(
        struct.pack(">HH", each.code, _EXTENSION_HEAD + len(each.data)) + each.data
        for each in extensions
    )


_EXTENSION_HEAD: Final = 4
