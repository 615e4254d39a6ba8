"""Where things stand on a card: layouts as data, in millimetres, one file for each edition.

Positions change when a real blank is measured or when a decree changes the card; code does not. A
layout is read once a process and never altered afterwards.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

PT_PER_MM: Final = 72 / 25.4
#: ISO/IEC 7810, format ID-1.
ID1_MM: Final = (85.60, 53.98)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left and upper edge from the upper left corner of the card, in millimetres."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class TextRules:
    """How texts of the column are set and how far they may shrink before they wrap."""

    width_percent: float
    label_pt: float
    value_pt: float
    value_pt_min: float
    size_step_pt: float


@dataclass(frozen=True, slots=True)
class Heading:
    """The two centred lines that name province and city."""

    center_x_mm: float
    provinsi_y_mm: float
    kabkota_y_mm: float
    width_mm: float
    pt: float
    pt_min: float


@dataclass(frozen=True, slots=True)
class NikLine:
    """The line of the NIK, larger than all others."""

    label_x_mm: float
    value_x_mm: float
    y_mm: float
    pt: float


@dataclass(frozen=True, slots=True)
class Column:
    """The column of fields. Rows stand `pitch_mm` apart, closer when some need two lines."""

    label_x_mm: float
    colon_x_mm: float
    value_x_mm: float
    width_mm: float
    top_mm: float
    bottom_mm: float
    pitch_mm: float
    pitch_mm_min: float
    wrap_mm: float


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the column; `width_mm` only where it is narrower than the column."""

    key: str
    label: str
    lines_max: int
    indent_mm: float = 0.0
    width_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A field that shares the line of another one."""

    label: str
    label_x_mm: float
    value_x_mm: float
    width_mm: float


@dataclass(frozen=True, slots=True)
class Issue:
    """Place and date of issue, centred below the portrait."""

    center_x_mm: float
    width_mm: float
    place_y_mm: float
    date_y_mm: float
    wrap_mm: float
    pt: float
    pt_min: float


@dataclass(frozen=True, slots=True)
class Specimen:
    """The mark across every card that is not made by a provisioned production office."""

    text: str
    center_x_mm: float
    center_y_mm: float
    angle_degrees: float
    pt: float
    gray: float
    opacity_percent: float


@dataclass(frozen=True, slots=True)
class Layout:
    """One edition of a card face."""

    name: str
    width_mm: float
    height_mm: float
    text: TextRules
    heading: Heading
    nik: NikLine
    column: Column
    rows: tuple[Row, ...]
    golongan_darah: Beside
    portrait: Box
    issue: Issue
    signature: Box
    specimen: Specimen


@cache
def layout(name: str) -> Layout:
    """The layout of that name. Raises ValueError for an unknown name or an unsound file."""
    file = files("ampera.papers").joinpath("layouts", f"{name}.toml")
    if not name.replace("-", "").isalnum() or not file.is_file():
        raise ValueError(f"there is no card layout {name!r}")
    return parse_layout(tomllib.loads(file.read_text(encoding="utf-8")))


def parse_layout(raw: dict[str, Any]) -> Layout:
    """Build a layout from its file's tables. Raises ValueError when a part leaves the card."""
    try:
        made = Layout(
            name=raw["name"],
            width_mm=raw["page"]["width_mm"],
            height_mm=raw["page"]["height_mm"],
            text=TextRules(**raw["text"]),
            heading=Heading(**raw["heading"]),
            nik=NikLine(**raw["nik"]),
            column=Column(**raw["column"]),
            rows=tuple(Row(**row) for row in raw["rows"]),
            golongan_darah=Beside(**raw["golongan_darah"]),
            portrait=Box(**raw["portrait"]),
            issue=Issue(**raw["issue"]),
            signature=Box(**raw["signature"]),
            specimen=Specimen(**raw["specimen"]),
        )
    except (KeyError, TypeError) as no:
        raise ValueError(f"a card layout lacks or misspells something: {no}") from no
    _require_sound(made)
    return made


def _require_sound(made: Layout) -> None:
    """A layout that is wrong must fail when it is read, not when the first card comes out."""
    if (made.width_mm, made.height_mm) != ID1_MM:
        raise ValueError(f"a card is {ID1_MM} mm, the layout says otherwise")
    for name, box in (("portrait", made.portrait), ("signature", made.signature)):
        if min(box.x_mm, box.y_mm, box.width_mm, box.height_mm) <= 0:
            raise ValueError(f"the {name} has no place on the card")
        right, lower = box.x_mm + box.width_mm, box.y_mm + box.height_mm
        if right > made.width_mm or lower > made.height_mm:
            raise ValueError(f"the {name} leaves the card")
    column = made.column
    if column.value_x_mm + column.width_mm > made.portrait.x_mm:
        raise ValueError("the column of fields runs into the portrait")
    if column.top_mm + (len(made.rows) - 1) * column.pitch_mm > column.bottom_mm:
        raise ValueError("the rows do not fit between top and bottom")
    if column.bottom_mm >= made.height_mm:
        raise ValueError("the column of fields leaves the card")
