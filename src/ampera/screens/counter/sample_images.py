"""Images for a recording in the demo: drawn, nobody's, and marked DATA CONTOH."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from ampera.papers.portrait import synthetic_portrait, synthetic_signature
from ampera.register.queries import ResidentSeen
from ampera.words.nik import Sex

_FINGER_PX: Final = (300, 400)
_INK: Final = 40
_MARK: Final = "DATA CONTOH"


def sample_images(resident: ResidentSeen) -> dict[str, bytes]:
    """The four images of a capture. The same resident gives the same bytes."""
    seed = int.from_bytes(hashlib.sha256(resident.id.encode()).digest()[:6])
    is_woman = resident.sex is Sex.FEMALE
    return {
        "portrait": synthetic_portrait(seed, birth_year=resident.born.year, is_woman=is_woman),
        "signature": synthetic_signature(seed),
        "finger_1": _finger(seed),
        "finger_2": _finger(seed + 1),
    }


def _finger(seed: int) -> bytes:
    """Rings around a point that the seed gives: like a finger print, and nobody's."""
    width, height = _FINGER_PX
    image = Image.new("L", _FINGER_PX, 245)
    pen = ImageDraw.Draw(image)
    middle, centre = width // 2 + seed % 41 - 20, height // 2 + seed % 53 - 26
    for ring in range(6, 150, 7 + seed % 3):
        box = (middle - ring, centre - ring * 1.25, middle + ring, centre + ring * 1.25)
        pen.arc(box, start=seed % 60, end=330 + seed % 25, fill=_INK, width=3)
    pen.rectangle((0, height - 36, width, height), fill=_INK)
    font = ImageFont.load_default(size=28)
    pen.text((width / 2, height - 18), _MARK, fill=255, anchor="mm", font=font)
    out = BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()
