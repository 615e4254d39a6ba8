"""A film of a paper in somebody's hand, for Chromium's simulated camera, and single shots of it.

The page is drawn by poppler from the printed PDF. No two pictures are alike: the hand turns and
tilts the paper and moves it, the lens is not quite sharp, one side is darker, the sensor is noisy.
The same seed gives the same film.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from tests.papers.poppler import picture_of

SIZE: Final = (1280, 720)
#: What the simulated camera shows; `{}` is the film, which may be made after the browser started.
CAMERA_FLAGS: Final = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--use-file-for-fake-video-capture={}",
)

Point = tuple[float, float]


class Hand:
    """Holds a printed page before a lens."""

    def __init__(self, pdf: bytes, *, seed: int) -> None:
        self._page = picture_of(pdf, dpi=300)
        (code,) = zxingcpp.read_barcodes(self._page)
        found = code.position
        corners = (found.top_left, found.top_right, found.bottom_right, found.bottom_left)
        self._corners: list[Point] = [(each.x, each.y) for each in corners]
        self._chance = random.Random(seed)

    def shot(self, *, size: tuple[int, int] = SIZE, fills: float = 0.7) -> Image.Image:
        """One picture in which the code takes about that part of the shorter side."""
        chance, (width, height) = self._chance, size
        side = fills * min(size) / 2
        angle = math.radians(chance.uniform(-12, 12))
        middle = (width * chance.uniform(0.47, 0.53), height * chance.uniform(0.48, 0.52))
        there: list[Point] = []
        for x, y in ((-side, -side), (side, -side), (side, side), (-side, side)):
            tilt = chance.uniform(0.97, 1.03)
            turned = (
                x * math.cos(angle) - y * math.sin(angle),
                x * math.sin(angle) + y * math.cos(angle),
            )
            there.append((middle[0] + tilt * turned[0], middle[1] + tilt * turned[1]))
        numbers = _perspective(there, here=self._corners)
        flat = self._page.transform(
            size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor=90
        )
        blurred = flat.filter(ImageFilter.GaussianBlur(chance.uniform(0.8, 1.6)))
        return _lit(blurred, chance)

    def film(self, path: Path, *, shots: int) -> None:
        """Motion JPEG: first the bare table, then the paper."""
        empty = Image.new("L", SIZE, 90)
        with path.open("wb") as film:
            for picture in [empty] * 3 + [self.shot() for _ in range(shots)]:
                picture.convert("RGB").save(film, "JPEG", quality=80)


def bare_table(path: Path) -> None:
    """A film on which nothing is to be seen."""
    with path.open("wb") as film:
        for grey in (90, 92):
            Image.new("RGB", SIZE, (grey, grey, grey)).save(film, "JPEG")


def as_file(picture: Image.Image, *, name: str = "foto.jpg") -> dict[str, object]:
    """A photograph as a file chooser hands it over."""
    data = BytesIO()
    picture.convert("RGB").save(data, "JPEG", quality=85)
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def _lit(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Less contrast than on paper, a shadow from one side, and the sensor's noise."""
    dark, light = chance.uniform(25, 50), chance.uniform(170, 225)
    soft = picture.point([round(dark + value / 255 * (light - dark)) for value in range(256)])
    slope = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270)))
    weak = slope.resize(soft.size).point([255 - value // 4 for value in range(256)])
    noise = Image.frombytes("L", (256, 256), chance.randbytes(256 * 256))
    grain = noise.point([118 + value // 13 for value in range(256)])
    whole = Image.new("L", soft.size)
    for left in range(0, soft.size[0], 256):
        for top in range(0, soft.size[1], 256):
            whole.paste(grain, (left, top))
    return ImageChops.add(ImageChops.multiply(soft, weak), whole, scale=1.0, offset=-128)


def _perspective(there: Sequence[Point], *, here: Sequence[Point]) -> tuple[float, ...]:
    """The eight numbers with which Pillow fetches each pixel of the picture from the page."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(there, here, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for at in range(8):  # Gauss and Jordan
        best = max(range(at, 8), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for row in range(8):
            if row != at:
                factor = rows[row][at]
                rows[row] = [
                    value - factor * own for value, own in zip(rows[row], rows[at], strict=True)
                ]
    return tuple(row[8] for row in rows)
