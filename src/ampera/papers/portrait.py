"""Is this really an image? Judged before anything else touches bytes that came from outside.

A portrait reaches the card printer, the screens of every tier and the decoder libraries behind
them. So a file is measured from its own header before it is unpacked, its end is looked for, and
it is unpacked once here, where a failure is an answer and not a crash.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Final

from PIL import Image

from ampera.papers.synthetic import synthetic_portrait, synthetic_signature
from ampera.words import Refusal

__all__ = [
    "PORTRAIT_LIMITS",
    "SIGNATURE_LIMITS",
    "ImageFacts",
    "ImageKind",
    "ImageLimits",
    "read_image",
    "synthetic_portrait",
    "synthetic_signature",
]


class ImageKind(StrEnum):
    """The two kinds of image that a card or a record may hold."""

    JPEG = "JPEG"
    PNG = "PNG"


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What is taken: kinds, bytes of the file, pixels after unpacking."""

    kinds: frozenset[ImageKind]
    bytes_max: int
    pixels_max: int


#: A card's portrait is about 20 kB and 0.3 million pixels; the room is for cameras, not for cards.
PORTRAIT_LIMITS: Final = ImageLimits(
    frozenset(ImageKind), bytes_max=2_000_000, pixels_max=16_000_000
)
SIGNATURE_LIMITS: Final = ImageLimits(
    frozenset({ImageKind.PNG}), bytes_max=200_000, pixels_max=2_000_000
)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a sound image is."""

    kind: ImageKind
    width_px: int
    height_px: int
    byte_count: int
    sha256: str  #: of the file, hexadecimal
    is_upright: (
        bool  #: False when the camera left a mark that viewers should turn it (EXIF orientation)
    )


_PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n"
_PNG_ENDS: Final = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_JPEG_BEGINS: Final = b"\xff\xd8\xff"
_JPEG_ENDS: Final = b"\xff\xd9"
#: JPEG markers with the size (ITU-T T.81, table B.1): frame headers, without DHT, JPG and DAC.
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: JPEG markers without a length: TEM, RST0-7.
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_EXIF_ORIENTATION: Final = 0x0112
#: Beyond this the image library warns by itself; all limits must lie below.
_PIXELS_MAX_EVER: Final = 80_000_000


def read_image(
    data: bytes, *, kinds: Collection[ImageKind | str], bytes_max: int, pixels_max: int
) -> ImageFacts | Refusal:
    """Facts of an image, or why it is none: measured first, unpacked only within the limits.

    Refusals: `papers.not_an_image`, `papers.image_wrong_kind`, `papers.image_too_big` (bytes or
    pixels), `papers.image_broken` (cut short, damaged, or with something behind its end). A file
    closed properly after too few rows is taken, its rest in grey or black: eyes must see that.
    """
    assert 0 < pixels_max <= _PIXELS_MAX_EVER
    assert bytes_max > 0
    taken = [ImageKind(each) for each in kinds]
    kind = _kind(data)
    if kind is None:
        return Refusal("papers.not_an_image")
    if kind not in taken:
        accepted = "/".join(sorted(taken))
        return Refusal("papers.image_wrong_kind", kind=kind.value, accepted=accepted)
    if len(data) > bytes_max:
        return _too_big(amount=len(data), unit="byte", limit=bytes_max)
    size = _png_size(data) if kind is ImageKind.PNG else _jpeg_size(data)
    if size is None or not _is_whole(data, kind):
        return Refusal("papers.image_broken")
    if size[0] * size[1] > pixels_max:
        return _too_big(amount=size[0] * size[1], unit="piksel", limit=pixels_max)
    is_upright = _unpacked(data, kind=kind, size=size)
    if is_upright is None:
        return Refusal("papers.image_broken")
    return ImageFacts(
        kind=kind,
        width_px=size[0],
        height_px=size[1],
        byte_count=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        is_upright=is_upright,
    )


def _too_big(*, amount: int, unit: str, limit: int) -> Refusal:
    return Refusal("papers.image_too_big", amount=amount, unit=unit, limit=limit)


def _kind(data: bytes) -> ImageKind | None:
    if data.startswith(_PNG_BEGINS):
        return ImageKind.PNG
    return ImageKind.JPEG if data.startswith(_JPEG_BEGINS) else None


def _is_whole(data: bytes, kind: ImageKind) -> bool:
    """Does the file end as its format says? Cameras may pad with zeros; nothing else may follow."""
    if kind is ImageKind.PNG:
        return data.endswith(_PNG_ENDS)
    return data.rstrip(b"\x00").endswith(_JPEG_ENDS)


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the first chunk, which must be IHDR (PNG, section 5.6)."""
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return (width, height) if width and height else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header, found by walking the segments; None without one."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte before the marker
            at += 1
        elif marker in _JPEG_BARE:
            at += 2
        elif marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return (width, height) if width and height else None
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _unpacked(data: bytes, *, kind: ImageKind, size: tuple[int, int]) -> bool | None:
    """Unpack the whole image: is it upright? None when it cannot be or says another size."""
    try:
        with Image.open(BytesIO(data), formats=[kind.value]) as checked:
            checked.verify()  # checksums; the object is spent afterwards
        with Image.open(BytesIO(data), formats=[kind.value]) as image:
            if image.size != size:
                return None
            image.load()
            return int(image.getexif().get(_EXIF_ORIENTATION, 1)) in (0, 1)
    except Exception:
        # Hostile bytes make a decoder fail in more ways than it lists; all mean the same here.
        return None
