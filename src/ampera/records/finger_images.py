"""Finger image records of ISO/IEC 19794-4, as data, in both editions.

Resolutions are told twice: of the sensor's scan and of the image kept, in pixels an inch or a
centimetre as `scale` says. Compression has other numbers in the two editions (5 is PNG in 2005 and
lossless JPEG 2000 in 2011), so `Compression` is named here and numbered where it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from ampera.records.codes import Edition, FingerPosition, Impression
from ampera.records.payloads import PayloadFacts, PayloadKind, check_payload
from ampera.records.reading import Cursor
from ampera.records.representation import NO_CAPTURE, Capture, Extension

#: Ten fingers, three slaps, and as many again that were taken twice.
IMAGES_MAX: Final = 32
BYTES_MAX: Final = 64 * 1024 * 1024
#: Of grey; 8 is what every sensor gives.
BITS_MAX: Final = 16


class Scale(IntEnum):
    """What resolutions count, by the standard's numbers."""

    PIXELS_PER_INCH = 1
    PIXELS_PER_CM = 2


class Compression(StrEnum):
    """How an image is kept. Bit-packed pixels are not taken: no device of ours writes them."""

    RAW = "RAW"
    WSQ = "WSQ"
    JPEG = "JPEG"
    JPEG2000 = "JPEG2000"  #: lossy; in 2005 either
    JPEG2000_LOSSLESS = "JPEG2000_LOSSLESS"
    PNG = "PNG"


#: 19794-4:2005 table 3.
CODES_2005: Final[Mapping[int, Compression]] = MappingProxyType(
    {
        0: Compression.RAW,
        2: Compression.WSQ,
        3: Compression.JPEG,
        4: Compression.JPEG2000,
        5: Compression.PNG,
    }
)
#: 19794-4:2011 table 9.
CODES_2011: Final[Mapping[int, Compression]] = MappingProxyType(
    {
        0: Compression.RAW,
        2: Compression.WSQ,
        3: Compression.JPEG,
        4: Compression.JPEG2000,
        5: Compression.JPEG2000_LOSSLESS,
        6: Compression.PNG,
    }
)
_KINDS: Final = MappingProxyType(
    {
        Compression.RAW: PayloadKind.RAW,
        Compression.WSQ: PayloadKind.WSQ,
        Compression.JPEG: PayloadKind.JPEG,
        Compression.JPEG2000: PayloadKind.JPEG2000,
        Compression.JPEG2000_LOSSLESS: PayloadKind.JPEG2000,
        Compression.PNG: PayloadKind.PNG,
    }
)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How an image was sampled. `bits` of grey a pixel, 1 to 16. Resolutions count `scale`; a scan
    of 0 is not told."""

    x_resolution: int = 500
    y_resolution: int = 500
    scale: Scale = Scale.PIXELS_PER_INCH
    x_scan: int = 500
    y_scan: int = 500
    bits: int = 8
    compression: Compression = Compression.WSQ


@dataclass(frozen=True, slots=True)
class FingerImage:
    """One image of one finger or slap.

    `number`: of the views of this position, from 0; 2005 writes it from 1, and of 2011 also records
    that begin with 1 are taken. `quality`: 0 to 100 or None, told by 2005 only; 2011 has it in
    `capture.qualities`. `capture` and `extensions` are told by 2011 only.
    """

    position: FingerPosition
    width_px: int
    height_px: int
    data: bytes
    sampling: Sampling = Sampling()
    number: int = 0
    impression: Impression = Impression.LIVE_PLAIN
    quality: int | None = None
    capture: Capture = NO_CAPTURE
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class FingerImageRecord:
    """The images of one person's fingers. In 2005 all have one `Sampling`.

    `device` and `acquisition_level` (Annex A: 10, 20, 30, 31, 40, 41) are told by 2005 only.
    """

    edition: Edition
    images: tuple[FingerImage, ...]
    device: int = 0
    acquisition_level: int = 0


def compression_of(
    cursor: Cursor, *, codes: Mapping[int, Compression], place: str = "compression"
) -> Compression:
    """The next byte as a compression. Refuses records.value_unknown."""
    return codes[cursor.one_of(codes, place=place)]


def code_of(compression: Compression, *, codes: Mapping[int, Compression]) -> int:
    """The number of this compression in an edition. Raises KeyError where the edition has none."""
    return {each: code for code, each in codes.items()}[compression]


def check_image(cursor: Cursor, *, image: FingerImage) -> None:
    """The image's own header must say what the record says. Refuses records.image_*."""
    sampling = image.sampling
    if not image.width_px or not image.height_px:
        size = f"{image.width_px}×{image.height_px}"
        raise cursor.no("records.image_other_size", place="image", told=size, found="?")
    told = PayloadFacts(
        _KINDS[sampling.compression], image.width_px, image.height_px, 1, sampling.bits
    )
    check_payload(cursor, data=image.data, told=told, channels=frozenset({1}))
