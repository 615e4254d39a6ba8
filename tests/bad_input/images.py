"""Bytes that call themselves a portrait. No image here is a person's."""

from __future__ import annotations

import struct
import zlib
from random import Random


def no_image(size: int = 10_000_000) -> bytes:
    """Ten megabytes of chance."""
    return Random(10).randbytes(size)


def no_image_but_its_first_bytes(size: int = 10_000_000) -> bytes:
    """The same behind a JPEG's first bytes."""
    return b"\xff\xd8\xff\xe0" + no_image(size)


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A sound PNG of a few kilobytes that unpacks to billions of pixels."""
    rows = zlib.compress(b"\x00" * 4_000_000, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def jpeg_bomb(portrait: bytes) -> bytes:
    """A sound JPEG whose frame header says 65,500 x 65,500."""
    at = next(
        at for at in range(len(portrait)) if portrait[at : at + 2] in (b"\xff\xc0", b"\xff\xc2")
    )
    return portrait[: at + 5] + struct.pack(">HH", 65_500, 65_500) + portrait[at + 9 :]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
