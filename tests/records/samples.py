"""Images and records made by hand for the tests of the record formats. Nobody's finger or face."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw

from ampera.records import (
    Compression,
    Edition,
    FaceImage,
    FaceRecord,
    FingerImage,
    FingerImageRecord,
    FingerPosition,
    Minutia,
    MinutiaeRecord,
    MinutiaeView,
    MinutiaKind,
    Sampling,
)


def drawn(*, width: int = 120, height: int = 160, mode: str = "L") -> Image.Image:
    """Rings, so that an encoder has something to do."""
    image = Image.new(mode, (width, height), "white")
    pen = ImageDraw.Draw(image)
    for inset in range(4, min(width, height) // 2, 6):
        pen.ellipse((inset, inset, width - inset, height - inset), outline="black")
    return image


def encoded(kind: str, *, width: int = 120, height: int = 160, mode: str = "L") -> bytes:
    """The drawn image as JPEG, PNG, JPEG2000 (a file of boxes) or J2K (the bare codestream)."""
    out = BytesIO()
    more = {"no_jp2": True} if kind == "J2K" else {}
    name = "JPEG2000" if kind == "J2K" else kind
    drawn(width=width, height=height, mode=mode).save(out, format=name, **more)
    return out.getvalue()


def wsq(*, width: int = 120, height: int = 160, coded: int = 400) -> bytes:
    """A WSQ file as far as its frame header: tables before it, coded blocks of noise behind it."""

    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">HH", marker, 2 + len(body)) + body

    frame = struct.pack(">BBHHBHBHBH", 0, 255, height, width, 0, 0, 0, 0, 0, 0)[:15]
    return (
        b"\xff\xa0"
        + segment(0xFFA8, b"NIST_COM 1\n")
        + segment(0xFFA4, bytes(56))
        + segment(0xFFA5, bytes(387))
        + segment(0xFFA2, frame)
        + segment(0xFFA6, bytes(17))
        + segment(0xFFA3, b"\x00")
        + bytes(coded)
        + b"\xff\xa1"
    )


def png_header(width: int, height: int, *, padding: int = 0) -> bytes:
    """A PNG that says this size and holds nothing but what it is padded with."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", bytes(padding)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


SOME_MINUTIAE = (
    Minutia(18, 231, 200, MinutiaKind.ENDING, 10),
    Minutia(299, 399, 64, MinutiaKind.BIFURCATION, 100),
    Minutia(100, 50, 0, MinutiaKind.OTHER, None),
)


def a_view(
    *minutiae: Minutia, position: FingerPosition = FingerPosition.RIGHT_INDEX, number: int = 0
) -> MinutiaeView:
    return MinutiaeView(position, 300, 400, minutiae or SOME_MINUTIAE, number)


def minutiae_record(*views: MinutiaeView, edition: Edition = Edition.Y2005) -> MinutiaeRecord:
    return MinutiaeRecord(edition, views or (a_view(),))


_IMAGES = {
    Compression.RAW: lambda: drawn().tobytes(),
    Compression.WSQ: wsq,
    Compression.JPEG: lambda: encoded("JPEG"),
    Compression.JPEG2000: lambda: encoded("JPEG2000"),
    Compression.JPEG2000_LOSSLESS: lambda: encoded("J2K"),
    Compression.PNG: lambda: encoded("PNG"),
}


def a_finger(
    compression: Compression = Compression.WSQ,
    *,
    position: FingerPosition = FingerPosition.LEFT_THUMB,
    number: int = 0,
) -> FingerImage:
    sampling = Sampling(compression=compression)
    return FingerImage(position, 120, 160, _IMAGES[compression](), sampling, number)


def finger_record(*images: FingerImage, edition: Edition = Edition.Y2011) -> FingerImageRecord:
    return FingerImageRecord(edition, images or (a_finger(),))


def a_face() -> FaceImage:
    return FaceImage(120, 160, encoded("JPEG", mode="RGB"))


def face_record(*images: FaceImage, edition: Edition = Edition.Y2011) -> FaceRecord:
    several = 1 if len(images) > 1 and edition is Edition.Y2011 else 0
    return FaceRecord(edition, images or (a_face(),), several)
