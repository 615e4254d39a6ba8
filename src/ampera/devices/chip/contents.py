"""From a print packet, opened in memory, to what one chip holds. Nothing is kept or written."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final

from PIL import Image

from ampera.devices.chip.layout import ChipFile, Layout, the_layout
from ampera.enrolment.ports.packets import PrintPacket
from ampera.enrolment.rules.printed import PrintedFields
from ampera.papers.portrait import PORTRAIT_LIMITS, SIGNATURE_LIMITS, ImageLimits, read_image
from ampera.printing.ports.chip import ChipContents
from ampera.words.refusal import Refusal

#: Below this a face is hard to know again; a smaller picture in better quality is preferred.
_QUALITIES: Final = (85, 80, 75, 70, 65, 60)
#: Ink or paper, of 256 greys.
_INK: Final = 160
#: First byte of a minutiae file: what follows is a template, or the hash of the finger's image, or
#: nothing, because the finger could not be taken.
TEMPLATE, IMAGE_HASH, NO_FINGER = b"\x01", b"\x02", b"\x00"


def contents_of(
    packet: PrintPacket,
    *,
    minutiae: Mapping[str, bytes] | None = None,
    layout: Layout | None = None,
) -> ChipContents | Refusal:
    """What goes onto the chip of this packet's card.

    `minutiae` are templates by finger (ISO/IEC 19794-2 card format). Nothing here extracts them
    yet: without one the hash of the finger's image stands in its place, so that one person's chip
    can be told from another's. Refuses `printing.chip_too_small` and whatever is wrong with an
    image (`papers.*`). The same packet gives the same bytes.
    """
    plan = layout if layout is not None else the_layout()
    made: dict[str, bytes] = {}
    for file in plan.contents:
        data = _data(file, packet=packet, minutiae=minutiae or {})
        if isinstance(data, Refusal):
            return data
        made[file.name] = data
    contents = ChipContents(packet.version, made)
    return plan.fits(contents) or contents


def _data(file: ChipFile, *, packet: PrintPacket, minutiae: Mapping[str, bytes]) -> bytes | Refusal:
    match file.encoding:
        case "texts":
            return _texts(packet.printed, file=file)
        case "jpeg":
            return _portrait(packet.portrait, file=file)
        case "png":
            # Where an exception stands for the signature the file is empty.
            return b"" if packet.signature is None else _signature(packet.signature, file=file)
        case "minutiae":
            if (template := minutiae.get(file.finger)) is not None:
                return TEMPLATE + template
            told = packet.finger_sha256.get(file.finger)
            return NO_FINGER if told is None else IMAGE_HASH + bytes.fromhex(told)
        case _:
            raise ValueError(f"{file.name}: no such encoding: {file.encoding}")


def _texts(printed: PrintedFields, *, file: ChipFile) -> bytes | Refusal:
    made = bytearray()
    body = printed.as_body()
    for name in file.texts:
        text = body[name].encode()
        if len(text) > 255:
            return Refusal("printing.chip_too_small", file=name, size=len(text), most=255)
        made += bytes([len(text)]) + text
    return bytes(made)


def texts_of(data: bytes, *, file: ChipFile) -> dict[str, str]:
    """Read what `_texts` wrote. Raises ValueError when it is not of that form."""
    told, at = {}, 0
    for name in file.texts:
        end = at + 1 + data[at] if at < len(data) else len(data) + 1
        if end > len(data):
            raise ValueError(f"{file.name} ends before {name}")
        told[name], at = data[at + 1 : end].decode(), end
    if at != len(data):
        raise ValueError(f"{file.name} goes on behind its end")
    return told


def _opened(data: bytes, *, limits: ImageLimits) -> Image.Image | Refusal:
    facts = read_image(
        data, kinds=limits.kinds, bytes_max=limits.bytes_max, pixels_max=limits.pixels_max
    )
    if isinstance(facts, Refusal):
        return facts
    image = Image.open(BytesIO(data), formats=[facts.kind.value])
    if image.mode in ("RGBA", "LA", "P"):
        drawn = image.convert("RGBA")
        paper = Image.new("RGBA", drawn.size, "white")
        return Image.alpha_composite(paper, drawn).convert("RGB")
    return image.convert("RGB")


def _portrait(data: bytes, *, file: ChipFile) -> bytes | Refusal:
    """The portrait made small: on the card it has 0.3 million pixels, on the chip a seventh."""
    image = _opened(data, limits=PORTRAIT_LIMITS)
    if isinstance(image, Refusal):
        return image
    size = len(data)
    for width_height in file.sizes:
        small = image.resize(_within(image.size, room=width_height), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            out = BytesIO()
            small.save(out, format="JPEG", quality=quality, optimize=True)
            if (size := out.tell()) <= file.bytes_max:
                return out.getvalue()
    return Refusal("printing.chip_too_small", file=file.name, size=size, most=file.bytes_max)


def _signature(data: bytes, *, file: ChipFile) -> bytes | Refusal:
    """The signature as ink on paper, one bit a pixel."""
    image = _opened(data, limits=SIGNATURE_LIMITS)
    if isinstance(image, Refusal):
        return image
    size = len(data)
    for width_height in file.sizes:
        small = image.convert("L").resize(
            _within(image.size, room=width_height), Image.Resampling.LANCZOS
        )
        out = BytesIO()
        # A list, one answer a grey: the image library turns it into one bit a pixel.
        ink = [255 if grey > _INK else 0 for grey in range(256)]
        small.point(ink, mode="1").save(out, format="PNG", optimize=True)
        if (size := out.tell()) <= file.bytes_max:
            return out.getvalue()
    return Refusal("printing.chip_too_small", file=file.name, size=size, most=file.bytes_max)


def _within(size: tuple[int, int], *, room: tuple[int, int]) -> tuple[int, int]:
    """The largest size of the same shape within the room; nothing is made larger."""
    scale = min(1.0, room[0] / size[0], room[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
