"""Portraits and signatures of people who do not exist, for demonstrations and tests.

A portrait is a drawn outline without a face, marked DATA CONTOH, so that nobody can take it for a
person and no real photo is ever needed. Which features it has follows from the digest of its
seed: no source of chance, the same seed gives the same bytes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import reportlab
from PIL import Image, ImageDraw, ImageFont

#: Size of a synthetic portrait: 3 to 4, as a passport photo.
PORTRAIT_PX: Final = (480, 640)
SIGNATURE_PX: Final = (480, 200)
#: Red behind people born in an odd year, blue in an even year (domain §3.1).
RED: Final = (196, 22, 28)
BLUE: Final = (24, 74, 168)
MARK: Final = "DATA CONTOH"

_SKIN: Final = ((236, 196, 160), (222, 176, 136), (205, 155, 112), (183, 132, 92), (158, 110, 76))
_HAIR: Final = ((28, 24, 22), (44, 34, 28), (64, 48, 38), (96, 92, 90))
_CLOTH: Final = (
    (242, 242, 238),
    (58, 66, 84),
    (94, 62, 48),
    (46, 92, 82),
    (132, 108, 60),
    (104, 66, 104),
    (150, 158, 166),
)
#: Drawn larger and made smaller afterwards, which smooths the edges.
_FINER: Final = 2
_INK_FINER: Final = 3
#: Dots along one stroke, so close that they join.
_INK_POINTS: Final = 2_400


def _choices(purpose: str, seed: int) -> bytes:
    """32 bytes that follow from the seed; each feature takes one of them."""
    return hashlib.sha256(f"ampera:{purpose}:{seed}".encode()).digest()


def background(birth_year: int) -> tuple[int, int, int]:
    """The colour behind a WNI: red for an odd birth year, blue for an even one (domain §3.1)."""
    return RED if birth_year % 2 else BLUE


def synthetic_portrait(seed: int, *, birth_year: int, is_woman: bool | None = None) -> bytes:
    """A JPEG of about 20 kB, 480 x 640 pixels: head and shoulders in outline, DATA CONTOH.

    `is_woman` chooses among head covers and hair; None leaves that to the seed too.
    """
    pick = _choices("portrait", seed)
    woman = bool(pick[0] & 1) if is_woman is None else is_woman
    width, height = PORTRAIT_PX[0] * _FINER, PORTRAIT_PX[1] * _FINER
    image = Image.new("RGB", (width, height), background(birth_year))
    pen = ImageDraw.Draw(image)
    body = _Body(
        middle=width // 2 + (pick[1] % 17 - 8) * _FINER,
        top=(118 + pick[2] % 24) * _FINER,
        head_width=(168 + pick[3] % 28) * _FINER,
        head_height=(226 + pick[4] % 26) * _FINER,
        shoulders=(372 + pick[5] % 60) * _FINER,
        bottom=height,
    )
    skin = _SKIN[pick[6] % len(_SKIN)]
    hair = _HAIR[pick[7] % len(_HAIR)]
    cloth = _CLOTH[pick[8] % len(_CLOTH)]
    cover = _CLOTH[pick[9] % len(_CLOTH)]
    style = pick[10] % 3
    if woman:
        _draw_woman(pen, body, _Colours(skin, hair, cloth, cover), is_covered=style < 2)
    else:
        _draw_man(pen, body, _Colours(skin, hair, cloth, cover), has_peci=style == 0)
    image = image.resize(PORTRAIT_PX, Image.Resampling.LANCZOS)
    _mark(image, head=(body.middle / _FINER, (body.top + body.head_height * 0.58) / _FINER))
    out = BytesIO()
    image.save(out, format="JPEG", quality=85, dpi=(300, 300))
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Body:
    """Where an outline stands in its picture, in pixels of the finer drawing."""

    middle: int
    top: int
    head_width: int
    head_height: int
    shoulders: int
    bottom: int

    def head(self, *, grown: float = 0.0, down: float = 0.0) -> tuple[float, float, float, float]:
        """The ellipse of the head, grown on all sides or moved down by parts of its height."""
        wide, high = self.head_width / 2 + grown, self.head_height / 2 + grown
        centre = self.top + self.head_height / 2 + down * self.head_height
        return (self.middle - wide, centre - high, self.middle + wide, centre + high)


@dataclass(frozen=True, slots=True)
class _Colours:
    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    cloth: tuple[int, int, int]
    cover: tuple[int, int, int]


def _darker(colour: tuple[int, int, int], percent: int) -> tuple[int, int, int]:
    red, green, blue = (part * (100 - percent) // 100 for part in colour)
    return (red, green, blue)


def _draw_shoulders(pen: ImageDraw.ImageDraw, body: _Body, colours: _Colours) -> None:
    neck = body.head_width * 0.27
    chin = body.top + body.head_height
    upper = chin + body.head_height * 0.16
    half = body.shoulders / 2
    pen.rounded_rectangle(
        (body.middle - half, upper, body.middle + half, body.bottom * 1.2),
        radius=body.shoulders * 0.27,
        fill=colours.cloth,
    )
    pen.rectangle(
        (
            body.middle - neck,
            chin - body.head_height * 0.22,
            body.middle + neck,
            upper + neck * 0.4,
        ),
        fill=_darker(colours.skin, 12),
    )
    pen.ellipse(
        (body.middle - neck, upper - neck * 0.1, body.middle + neck, upper + neck * 0.9),
        fill=_darker(colours.skin, 12),
    )


def _draw_man(pen: ImageDraw.ImageDraw, body: _Body, colours: _Colours, *, has_peci: bool) -> None:
    _draw_shoulders(pen, body, colours)
    ear = body.head_width * 0.09
    left, upper, right, lower = body.head()
    level = (upper + lower) / 2 + body.head_height * 0.04
    for side in (left, right):
        pen.ellipse((side - ear, level - ear * 2, side + ear, level + ear * 2), fill=colours.skin)
    pen.ellipse(body.head(grown=7 * _FINER, down=-0.03), fill=colours.hair)
    pen.ellipse(body.head(down=0.06), fill=colours.skin)
    if has_peci:
        wide = body.head_width * 0.5 + 8 * _FINER
        pen.rounded_rectangle(
            (
                body.middle - wide,
                body.top - body.head_height * 0.13,
                body.middle + wide,
                body.top + body.head_height * 0.25,
            ),
            radius=12 * _FINER,
            fill=(24, 24, 28),
        )


def _draw_woman(
    pen: ImageDraw.ImageDraw, body: _Body, colours: _Colours, *, is_covered: bool
) -> None:
    if is_covered:
        _draw_shoulders(pen, body, colours)
        pen.ellipse(body.head(grown=26 * _FINER, down=0.02), fill=colours.cover)
        half = body.head_width * 0.74
        chin = body.top + body.head_height * 0.72
        pen.polygon(
            [
                (body.middle - body.head_width * 0.6, chin - body.head_height * 0.2),
                (body.middle + body.head_width * 0.6, chin - body.head_height * 0.2),
                (body.middle + half * 1.15, body.bottom),
                (body.middle - half * 1.15, body.bottom),
            ],
            fill=colours.cover,
        )
        pen.ellipse(body.head(grown=-10 * _FINER, down=0.05), fill=_darker(colours.cover, 14))
        pen.ellipse(body.head(grown=-15 * _FINER, down=0.06), fill=colours.skin)
        return
    wide = body.head_width / 2 + 24 * _FINER
    pen.rounded_rectangle(
        (
            body.middle - wide,
            body.top + body.head_height * 0.3,
            body.middle + wide,
            body.top + body.head_height * 1.34,
        ),
        radius=44 * _FINER,
        fill=colours.hair,
    )
    pen.ellipse(body.head(grown=24 * _FINER, down=-0.02), fill=colours.hair)
    _draw_shoulders(pen, body, colours)
    pen.ellipse(body.head(grown=-4 * _FINER, down=0.08), fill=colours.skin)


@cache
def _mark_font(size_px: int) -> ImageFont.FreeTypeFont:
    file = Path(reportlab.__file__).parent / "fonts" / "VeraBd.ttf"
    return ImageFont.truetype(file, size_px, layout_engine=ImageFont.Layout.BASIC)


def _mark(image: Image.Image, *, head: tuple[float, float]) -> None:
    """DATA CONTOH on a bar at the foot and in the face: no crop is without the mark."""
    width, height = image.size
    bar = height // 9
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, height - bar, width, height), fill=(20, 20, 24))
    centre = (width / 2, height - bar / 2)
    pen.text(centre, MARK, font=_mark_font(46), fill=(255, 255, 255), anchor="mm")
    pen.multiline_text(
        head,
        MARK.replace(" ", "\n"),
        font=_mark_font(25),
        fill=(70, 50, 44),
        anchor="mm",
        align="center",
        spacing=8,
    )


def synthetic_signature(seed: int) -> bytes:
    """A PNG of 480 x 200 pixels, dark on a transparent ground, that is nobody's signature."""
    pick = _choices("signature", seed)
    width, height = SIGNATURE_PX[0] * _INK_FINER, SIGNATURE_PX[1] * _INK_FINER
    ink = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(ink)
    for x, y, thick in _stroke(pick):
        half = _INK_FINER * (1.3 + 1.5 * thick)
        centre_x, centre_y = width * x, height * y
        pen.ellipse((centre_x - half, centre_y - half, centre_x + half, centre_y + half), fill=255)
    ink = ink.resize(SIGNATURE_PX, Image.Resampling.LANCZOS)
    image = Image.new("LA", SIGNATURE_PX, (20, 0))
    image.putalpha(ink)
    out = BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _stroke(pick: bytes) -> Iterator[tuple[float, float, float]]:
    """Points of one stroke (x, y, thickness; all 0 to 1): loops that die away, then a tail."""
    loops = 5 + pick[0] % 4
    slant, bounce = 0.03 + pick[1] / 255 * 0.05, 1 + pick[2] % 3
    turn, lean = pick[3] / 255 * math.tau, pick[4] / 255 * math.tau
    for step in range(_INK_POINTS):
        part = step / _INK_POINTS
        angle = math.tau * loops * part + turn
        tall = 0.10 + 0.26 * abs(math.cos(math.pi * bounce * part + lean)) * (1.15 - part)
        x = 0.12 + 0.70 * part + slant * math.sin(angle + math.pi / 2)
        y = 0.50 - tall * math.sin(angle) + 0.06 * math.sin(math.tau * part + lean)
        yield x, y, 0.5 + 0.5 * math.sin(angle + 0.8)
    falling = 0.10 * (pick[5] / 255 - 0.5)
    for step in range(_INK_POINTS // 4):
        part = step / (_INK_POINTS // 4)
        yield x + 0.10 * part, y + falling * part - 0.05 * part * part, 0.5 * (1 - part)
