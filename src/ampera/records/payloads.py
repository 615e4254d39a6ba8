"""What an image inside a record says of itself, read from its header before any decoder sees it.

WSQ, JPEG, JPEG 2000 and PNG. A record that tells another width or height than its image is refused,
and so is a header that promises more pixels than its bytes can carry: a bomb costs nothing here.
Nothing is unpacked; whether the rest of the image is sound shows when it is decoded, within the
size that was found here.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ampera.records.reading import Cursor, Unreadable, answered

STANDARD: Final = "image"
#: 1000 ppi over a whole slap is 8 million pixels.
PIXELS_MAX: Final = 16_000_000
BYTES_MAX: Final = 32 * 1024 * 1024
#: More than this of one byte is no picture: deflate, the densest of the four, reaches 1,032 on one
#: flat colour, WSQ and JPEG some 80. A print has 15, a face 10.
PIXELS_PER_BYTE_MAX: Final = 1_000
#: A tile costs a decoder memory even when it is empty.
_JP2_TILES_MAX: Final = 4_096
#: Of tables, comments and boxes before the picture: an EXIF or colour profile takes some hundred.
_SEGMENTS_MAX: Final = 1_024
#: A progressive image has about ten; each makes a decoder walk over all pixels again.
_JPEG_SCANS_MAX: Final = 64


class PayloadKind(StrEnum):
    """The image formats that the records of the standard carry, and pixels as they are."""

    RAW = "RAW"
    WSQ = "WSQ"
    JPEG = "JPEG"
    JPEG2000 = "JPEG2000"
    PNG = "PNG"


@dataclass(frozen=True, slots=True)
class PayloadFacts:
    """What the header of an image says. `channels`: 1 grey, 3 colour. `bits`: of one channel."""

    kind: PayloadKind
    width_px: int
    height_px: int
    channels: int
    bits: int


_WSQ_BEGINS, _WSQ_ENDS = b"\xff\xa0", b"\xff\xa1"
_WSQ_FRAME: Final = 0xFFA2
#: Tables and comments that may stand before the frame: transform, quantization, Huffman, restart.
_WSQ_TABLES: Final = frozenset({0xFFA4, 0xFFA5, 0xFFA6, 0xFFA7, 0xFFA8})
_WSQ_FRAME_BYTES: Final = 17
_JPEG_BEGINS, _JPEG_ENDS = b"\xff\xd8\xff", b"\xff\xd9"
#: Sequential and progressive Huffman (ITU-T T.81 table B.1): the only ones that cameras write.
_JPEG_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
#: Other frames, and what may not stand before one: scans, images, restarts. Fill bytes (0xFF) are
#: allowed by the standard and written by nobody.
_JPEG_STRANGE: Final = frozenset({*range(0xC3, 0xDB), 0x00, 0x01, 0xFF}) - {0xC4, 0xCC}
_J2K_BEGINS: Final = b"\xff\x4f\xff\x51"
_J2K_ENDS: Final = b"\xff\xd9"
_JP2_BEGINS: Final = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n"
_PNG_ENDS: Final = b"\x00\x00\x00\x00IEND\xaeB`\x82"
#: Colour types and their channels (PNG §11.2.1): grey, colour, palette, grey and colour with alpha.
_PNG_CHANNELS: Final = MappingProxyType({0: 1, 2: 3, 3: 3, 4: 2, 6: 4})


def payload_kind(data: bytes) -> PayloadKind | None:
    """Which format these bytes begin as; None for none that we know."""
    if data.startswith(_WSQ_BEGINS):
        return PayloadKind.WSQ
    if data.startswith(_JPEG_BEGINS):
        return PayloadKind.JPEG
    if data.startswith((_J2K_BEGINS, _JP2_BEGINS)):
        return PayloadKind.JPEG2000
    return PayloadKind.PNG if data.startswith(_PNG_BEGINS) else None


@answered
def read_payload(data: bytes) -> PayloadFacts:
    """What this image says of itself. Refuses records.image_unknown, records.image_broken,
    records.too_big and what the cursor refuses; nothing is unpacked."""
    return look_into(Cursor(data, standard=STANDARD), data=data)


def look_into(cursor: Cursor, *, data: bytes) -> PayloadFacts:
    """The same for an image inside a record: `cursor` only says where it stands."""
    if len(data) > BYTES_MAX:
        raise cursor.no("records.too_big", place="image", amount=len(data), limit=BYTES_MAX)
    kind = payload_kind(data)
    if kind is None:
        raise cursor.no("records.image_unknown", place="image")
    walk = Cursor(data, standard=cursor.standard)
    walk.part = cursor.part
    facts = _LOOKS[kind](walk, data)
    _check_size(cursor, facts=facts, byte_count=len(data))
    return facts


def _check_size(cursor: Cursor, *, facts: PayloadFacts, byte_count: int) -> None:
    if not facts.width_px or not facts.height_px:
        raise _broken(cursor, facts.kind)
    pixels = facts.width_px * facts.height_px
    limit = min(PIXELS_MAX, byte_count * PIXELS_PER_BYTE_MAX)
    if pixels > limit:
        raise cursor.no("records.too_big", place="image", amount=pixels, limit=limit)


def _broken(cursor: Cursor, kind: PayloadKind) -> Unreadable:
    return cursor.no("records.image_broken", place="image", kind=kind.value)


def _wsq(cursor: Cursor, data: bytes) -> PayloadFacts:
    """IAFIS-IC-0110 (V3) §4: segments up to the frame, which tells height before width."""
    kind = PayloadKind.WSQ
    if not data.endswith(_WSQ_ENDS):
        raise _broken(cursor, kind)
    cursor.take(2, place="image")
    for _ in range(_SEGMENTS_MAX):
        marker = cursor.number(2, place="image")
        if marker == _WSQ_FRAME:
            break
        if marker not in _WSQ_TABLES:
            raise _broken(cursor, kind)
        _skip_segment(cursor, kind)
    else:
        raise _broken(cursor, kind)
    if cursor.number(2, place="image") != _WSQ_FRAME_BYTES:
        raise _broken(cursor, kind)
    cursor.take(2, place="image")  # black and white
    height, width = cursor.number(2, place="image"), cursor.number(2, place="image")
    return PayloadFacts(kind, width, height, channels=1, bits=8)


def _skip_segment(cursor: Cursor, kind: PayloadKind) -> None:
    length = cursor.number(2, place="image")
    if length < 2:
        raise _broken(cursor, kind)
    cursor.take(length - 2, place="image")


def _jpeg(cursor: Cursor, data: bytes) -> PayloadFacts:
    """ITU-T T.81 annex B: segments up to the frame."""
    kind = PayloadKind.JPEG
    if not data.endswith(_JPEG_ENDS) or data.count(b"\xff\xda") > _JPEG_SCANS_MAX:
        raise _broken(cursor, kind)
    cursor.take(2, place="image")
    for _ in range(_SEGMENTS_MAX):
        begins, marker = cursor.take(2, place="image")
        if begins != 0xFF or marker in _JPEG_STRANGE:
            raise _broken(cursor, kind)
        if marker in _JPEG_FRAMES:
            break
        _skip_segment(cursor, kind)
    else:
        raise _broken(cursor, kind)
    length, bits = cursor.number(2, place="image"), cursor.number(1, place="image")
    height, width = cursor.number(2, place="image"), cursor.number(2, place="image")
    channels = cursor.number(1, place="image")
    if length != 8 + 3 * channels:
        raise _broken(cursor, kind)
    return PayloadFacts(kind, width, height, channels=channels, bits=bits)


def _jpeg2000(cursor: Cursor, data: bytes) -> PayloadFacts:
    """ISO/IEC 15444-1: a bare codestream, or one in a file of boxes whose header must agree."""
    if data.startswith(_J2K_BEGINS):
        return _codestream(cursor)
    header: tuple[int, int] | None = None
    found: PayloadFacts | None = None
    for _ in range(_SEGMENTS_MAX):
        if not cursor.left:
            break
        name, box = _box(cursor)
        if name == b"jp2h":
            name, inner = _box(box)
            if name != b"ihdr":  # §I.5.3: it comes first
                raise _broken(cursor, PayloadKind.JPEG2000)
            height, width = inner.number(4, place="image"), inner.number(4, place="image")
            header = width, height
        elif name == b"jp2c":
            if found is not None:
                raise _broken(cursor, PayloadKind.JPEG2000)
            found = _codestream(box)
    if found is None or cursor.left or header != (found.width_px, found.height_px):
        raise _broken(cursor, PayloadKind.JPEG2000)
    return found


def _box(cursor: Cursor) -> tuple[bytes, Cursor]:
    length, name = cursor.number(4, place="image"), cursor.take(4, place="image")
    head = 8
    if length == 1:
        length, head = cursor.number(8, place="image"), 16
    elif length == 0:  # to the end of the file
        length = head + cursor.left
    if length < head:
        raise _broken(cursor, PayloadKind.JPEG2000)
    inner = cursor.enter(length - head, part="image")
    inner.part = cursor.part
    return name, inner


def _codestream(cursor: Cursor) -> PayloadFacts:
    """§A.5.1, the SIZ segment: the picture is what the grid has behind its offset."""
    kind = PayloadKind.JPEG2000
    if cursor.take(4, place="image") != _J2K_BEGINS:
        raise _broken(cursor, kind)
    length = cursor.number(2, place="image")
    cursor.take(2, place="image")  # capabilities
    grid = [cursor.number(4, place="image") for _ in range(8)]
    right, bottom, left, top, tile_width, tile_height, tile_left, tile_top = grid
    channels = cursor.number(2, place="image")
    if length != 38 + 3 * channels or not channels or not tile_width or not tile_height:
        raise _broken(cursor, kind)
    # Each channel: its depth, and every how many pixels across and down it has one.
    told = [tuple(cursor.take(3, place="image")) for _ in range(min(channels, 5))]
    depths = {depth for depth, _, _ in told}
    # The first channel has all pixels; colour may be coarser.
    if told[0][1:] != (1, 1) or not all(across and down for _, across, down in told):
        raise _broken(cursor, kind)
    if channels > 4 or len(depths) != 1 or right <= left or bottom <= top:
        raise _broken(cursor, kind)
    if tile_left > left or tile_top > top:
        raise _broken(cursor, kind)
    across = -(-(right - tile_left) // tile_width)
    down = -(-(bottom - tile_top) // tile_height)
    if across * down > _JP2_TILES_MAX:
        raise cursor.no(
            "records.too_big", place="image.tiles", amount=across * down, limit=_JP2_TILES_MAX
        )
    if cursor.take(cursor.left, place="image")[-2:] != _J2K_ENDS:
        raise _broken(cursor, kind)
    bits = (depths.pop() & 0x7F) + 1
    return PayloadFacts(kind, right - left, bottom - top, channels=channels, bits=bits)


def _png(cursor: Cursor, data: bytes) -> PayloadFacts:
    """PNG §11.2.1: the first chunk is IHDR, and its checksum holds."""
    kind = PayloadKind.PNG
    if not data.endswith(_PNG_ENDS):
        raise _broken(cursor, kind)
    cursor.take(len(_PNG_BEGINS), place="image")
    length, chunk = cursor.number(4, place="image"), cursor.take(17, place="image")
    checksum = cursor.number(4, place="image")
    if length != 13 or not chunk.startswith(b"IHDR") or zlib.crc32(chunk) != checksum:
        raise _broken(cursor, kind)
    width, height = int.from_bytes(chunk[4:8], "big"), int.from_bytes(chunk[8:12], "big")
    bits, colour = chunk[12], chunk[13]
    if colour not in _PNG_CHANNELS or bits not in (1, 2, 4, 8, 16):
        raise _broken(cursor, kind)
    return PayloadFacts(kind, width, height, channels=_PNG_CHANNELS[colour], bits=bits)


_LOOKS: Final[Mapping[PayloadKind, Callable[[Cursor, bytes], PayloadFacts]]] = MappingProxyType(
    {
        PayloadKind.WSQ: _wsq,
        PayloadKind.JPEG: _jpeg,
        PayloadKind.JPEG2000: _jpeg2000,
        PayloadKind.PNG: _png,
    }
)


def check_payload(
    cursor: Cursor, *, data: bytes, told: PayloadFacts, channels: frozenset[int]
) -> None:
    """Refuse an image that is not what its record tells: records.image_other_kind,
    records.image_other_size, records.image_other_depth. Bare pixels must be as many as told.

    `told.channels` is not asked; `channels` are those that may be. `told.bits` 0: any.
    """
    size = f"{told.width_px}×{told.height_px}"
    if told.kind is PayloadKind.RAW:
        wanted = told.width_px * told.height_px * told.channels * -(-told.bits // 8)
        if wanted > BYTES_MAX or told.width_px * told.height_px > PIXELS_MAX:
            raise cursor.no("records.too_big", place="image", amount=wanted, limit=BYTES_MAX)
        if wanted != len(data) or not data:
            raise cursor.no("records.length_wrong", place="image", told=len(data), found=wanted)
        return
    facts = look_into(cursor, data=data)
    if facts.kind is not told.kind:
        raise cursor.no(
            "records.image_other_kind", place="image", told=told.kind.value, found=facts.kind.value
        )
    found = f"{facts.width_px}×{facts.height_px}"
    if found != size:
        raise cursor.no("records.image_other_size", place="image", told=size, found=found)
    if facts.channels not in channels or told.bits not in (0, facts.bits):
        raise cursor.no(
            "records.image_other_depth",
            place="image",
            told=f"{'/'.join(str(each) for each in sorted(channels))}×{told.bits or '*'}",
            found=f"{facts.channels}×{facts.bits}",
        )
