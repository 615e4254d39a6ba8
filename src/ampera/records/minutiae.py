"""Finger minutiae records of ISO/IEC 19794-2, as data, in both editions, read and written.

SNI adopted the standard, and Permendagri 72/2022 names it for the data in the chip.

Units. Places are pixels from the upper left corner, x to the right and y down. Directions are steps
of 360/256 degrees, counter-clockwise from the x axis to the right (§6.5 of 2005). Resolutions are
pixels a centimetre: 197 stands for 500 ppi. All are whole numbers in the record itself, so what is
read and written again is the same; rounding happens only where a template is made, or put onto a
card (`minutiae_card`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ampera.records.codes import Edition, FingerPosition, Impression
from ampera.records.reading import Cursor
from ampera.records.representation import NO_CAPTURE, Capture, Extension

#: Steps of a full turn.
TURN: Final = 256
#: A record holds 11 positions of 16 views; no program of ours makes more than ten views.
VIEWS_MAX: Final = 176
MINUTIAE_MAX: Final = 255
#: All views full: 272 kB. The rest is room for extended data.
BYTES_MAX: Final = 512 * 1024
#: Pixels a centimetre of 500 ppi, and the least that the standard takes (250 ppi).
PX_PER_CM: Final = 197
PX_PER_CM_MIN: Final = 99
PLACE_MAX: Final = 0x3FFF
#: Bytes of a minutia without and with its quality.
POINT_BYTES: Final = 5
POINT_BYTES_RATED: Final = 6


class MinutiaKind(IntEnum):
    """§6.3, by its own numbers. OTHER: not told, or neither."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


@dataclass(frozen=True, slots=True)
class Minutia:
    """A point where a ridge ends or forks. `angle`: steps of 360/256 degrees. `quality`: 0 to 100
    (in 2005 from 1), None when not told; 2011's *could not be computed* (255) is read as None."""

    x_px: int
    y_px: int
    angle: int
    kind: MinutiaKind = MinutiaKind.OTHER
    quality: int | None = None

    @property
    def degrees(self) -> float:
        """The direction, counter-clockwise from the x axis."""
        return self.angle * 360 / TURN


@dataclass(frozen=True, slots=True)
class MinutiaeView:
    """The minutiae of one impression of one finger.

    `number`: 0 for the first view of this position in the record, 1 for the second, and so on.
    `capture` is told by 2011 only. `quality` of the whole finger, 0 to 100, by 2005 only: 2011
    has it in `capture.qualities`. `ending_type`: how ridge endings were found (2011: 0 valley
    skeleton fork, 1 ridge skeleton end point); 0 in 2005, which does not tell.
    """

    position: FingerPosition
    width_px: int
    height_px: int
    minutiae: tuple[Minutia, ...]
    number: int = 0
    impression: Impression = Impression.LIVE_PLAIN
    x_px_per_cm: int = PX_PER_CM
    y_px_per_cm: int = PX_PER_CM
    quality: int = 0
    ending_type: int = 0
    capture: Capture = NO_CAPTURE
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class MinutiaeRecord:
    """The views of one person's fingers. In 2005 all have one image size and resolution.

    `device` and `compliance` (of the image, 4 bits; 8: certified to annex B) are told by 2005 only.
    """

    edition: Edition
    views: tuple[MinutiaeView, ...]
    device: int = 0
    compliance: int = 0


_RATINGS_2005: Final = frozenset(range(101))
_NOT_TOLD_2011: Final = 254
_RATINGS_2011: Final = frozenset({*range(101), _NOT_TOLD_2011, 255})
_KINDS: Final = frozenset(MinutiaKind)


def read_points(
    cursor: Cursor, *, size: tuple[int, int], count: int, point_bytes: int, edition: Edition
) -> tuple[Minutia, ...]:
    """`count` minutiae, each within an image of this size. The two bits beside y are reserved."""
    found = []
    for number in range(count):
        place = f"minutia[{number}]"
        packed, y = cursor.number(2, place=place), cursor.number(2, place=place)
        kind, x = packed >> 14, packed & PLACE_MAX
        if kind not in _KINDS:
            raise cursor.no("records.value_unknown", place=f"{place}.kind", value=kind)
        if x >= size[0] or y >= size[1]:
            raise cursor.no(
                "records.outside", place=place, told=f"{x},{y}", limit=f"{size[0]}×{size[1]}"
            )
        angle = cursor.number(1, place=place)
        quality = _read_quality(cursor, place=place, edition=edition, is_told=point_bytes == 6)
        found.append(Minutia(x, y, angle, MinutiaKind(kind), quality))
    return tuple(found)


def _read_quality(cursor: Cursor, *, place: str, edition: Edition, is_told: bool) -> int | None:
    if not is_told:
        return None
    if edition is Edition.Y2005:
        return cursor.one_of(_RATINGS_2005, place=f"{place}.quality") or None
    quality = cursor.one_of(_RATINGS_2011, place=f"{place}.quality")
    return None if quality >= _NOT_TOLD_2011 else quality


def write_points(minutiae: Sequence[Minutia], *, is_rated: bool, edition: Edition) -> bytes:
    """The bytes that `read_points` reads. Raises OverflowError for what has no place in them."""
    not_told = 0 if edition is Edition.Y2005 else _NOT_TOLD_2011
    out = bytearray()
    for each in minutiae:
        if not 0 <= each.x_px <= PLACE_MAX:
            raise ValueError("a minutia beyond what 14 bits can tell")
        out += (each.kind << 14 | each.x_px).to_bytes(2, "big") + each.y_px.to_bytes(2, "big")
        out += each.angle.to_bytes(1, "big")
        if is_rated:
            out += (not_told if each.quality is None else each.quality).to_bytes(1, "big")
    return bytes(out)


def check_numbers(cursor: Cursor, *, views: Sequence[MinutiaeView]) -> None:
    """Views of one position are counted from 0, in order. Refuses records.out_of_order."""
    seen: Counter[FingerPosition] = Counter()
    for at, view in enumerate(views):
        if view.number != seen[view.position]:
            raise cursor.no(
                "records.out_of_order",
                place=f"view[{at}].number",
                told=view.number,
                found=seen[view.position],
            )
        seen[view.position] += 1
