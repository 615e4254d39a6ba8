"""The compact card format of ISO/IEC 19794-2 (§8 of 2005, §9 of 2011): three bytes a minutia.

For a chip: no header at all, so how many bytes there are says how many minutiae. Places are tenths
of a millimetre, one byte each, so 25.5 mm are the most; directions are steps of 360/64 degrees.

Rounding (`onto_card`): places to the nearest tenth of a millimetre, halves up, which moves a
minutia by at most 0.05 mm (one pixel of 500 ppi); directions to the nearest of 64 steps, halves
up and around the turn, at most 2.8125 degrees. Quality is not told on a card.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ampera.records.minutiae import MINUTIAE_MAX, PX_PER_CM, TURN, Minutia, MinutiaKind
from ampera.records.reading import Cursor, answered, proved

STANDARD: Final = "ISO/IEC 19794-2 compact card"
#: Steps of a full turn on a card.
CARD_TURN: Final = 64
_POINT_BYTES: Final = 3
_TENTHS_MAX: Final = 0xFF
_TENTHS_PER_CM: Final = 100
_KINDS: Final = frozenset(MinutiaKind)


@dataclass(frozen=True, slots=True)
class CardMinutia:
    """One minutia as a card holds it. `x`, `y`: tenths of a millimetre from the upper left, y down.
    `angle`: steps of 360/64 degrees, counter-clockwise from the x axis."""

    x: int
    y: int
    angle: int
    kind: MinutiaKind = MinutiaKind.OTHER


@answered
def read_card(data: bytes) -> tuple[CardMinutia, ...]:
    """The minutiae in a chip's bytes, or a refusal `records.*`."""
    cursor = Cursor(data, standard=STANDARD)
    limit = MINUTIAE_MAX * _POINT_BYTES
    if len(data) > limit:
        raise cursor.no("records.too_big", place="record", amount=len(data), limit=limit)
    found: list[CardMinutia] = []
    while cursor.left:
        place = f"minutia[{len(found)}]"
        x, y, packed = cursor.take(_POINT_BYTES, place=place)
        if packed >> 6 not in _KINDS:
            raise cursor.no("records.value_unknown", place=f"{place}.kind", value=packed >> 6)
        found.append(CardMinutia(x, y, packed & (CARD_TURN - 1), MinutiaKind(packed >> 6)))
    return tuple(found)


def write_card(minutiae: tuple[CardMinutia, ...]) -> bytes:
    """A chip's bytes. Raises ValueError for more than 255 or what a byte cannot tell."""
    if not all(0 <= each.angle < CARD_TURN for each in minutiae):
        raise ValueError(f"a card counts {CARD_TURN} directions")
    data = b"".join(bytes((m.x, m.y, m.kind << 6 | m.angle)) for m in minutiae)
    return proved(data, record=minutiae, read=read_card)


def onto_card(
    minutiae: Iterable[Minutia],
    *,
    x_px_per_cm: int = PX_PER_CM,
    y_px_per_cm: int = PX_PER_CM,
    count_max: int = MINUTIAE_MAX,
) -> tuple[CardMinutia, ...]:
    """The best `count_max` of these by quality, as a card can hold them, ordered by y, then x.

    When one of them lies beyond 25.5 mm all are moved together to the upper left corner; one that
    is still beyond is left out. The same minutiae in any order give the same card.
    """
    if x_px_per_cm <= 0 or y_px_per_cm <= 0:
        raise ValueError("a resolution is above 0")
    points = [(_nearest(m.x_px, x_px_per_cm), _nearest(m.y_px, y_px_per_cm), m) for m in minutiae]
    left = _corner([x for x, _, _ in points])
    top = _corner([y for _, y, _ in points])
    fit = [
        (x - left, y - top, m)
        for x, y, m in points
        if x - left <= _TENTHS_MAX and y - top <= _TENTHS_MAX
    ]
    fit.sort(key=lambda each: (-(each[2].quality or 0), each[1], each[0], each[2].angle))
    chosen: set[tuple[int, int, int, MinutiaKind]] = set()
    for x, y, m in fit:
        if len(chosen) == min(count_max, MINUTIAE_MAX):
            break
        # Two that become one on the card count once.
        chosen.add((y, x, (m.angle * CARD_TURN + TURN // 2) // TURN % CARD_TURN, m.kind))
    return tuple(CardMinutia(x, y, angle, kind) for y, x, angle, kind in sorted(chosen))


def from_card(
    card: Iterable[CardMinutia], *, x_px_per_cm: int = PX_PER_CM, y_px_per_cm: int = PX_PER_CM
) -> tuple[Minutia, ...]:
    """What a matcher compares with a live print: the card's minutiae in pixels of this
    resolution, each at the middle of what its tenth of a millimetre stands for."""
    turn = TURN // CARD_TURN
    half = _TENTHS_PER_CM // 2
    return tuple(
        Minutia(
            (m.x * x_px_per_cm + half) // _TENTHS_PER_CM,
            (m.y * y_px_per_cm + half) // _TENTHS_PER_CM,
            m.angle * turn,
            m.kind,
        )
        for m in card
    )


def _nearest(place_px: int, px_per_cm: int) -> int:
    """Tenths of a millimetre, halves up, in whole numbers: the same on every machine."""
    return (2 * place_px * _TENTHS_PER_CM + px_per_cm) // (2 * px_per_cm)


def _corner(places: list[int]) -> int:
    return min(places) if places and max(places) > _TENTHS_MAX else 0
