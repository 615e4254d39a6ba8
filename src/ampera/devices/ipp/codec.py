"""IPP messages to bytes and back (RFC 8010 §3), strict on whatever is malformed.

`decode` raises `IppError` for every sequence of bytes that is not a message, and nothing else. What
it returns, `encode` writes back to the same bytes. A document behind the message is not looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from ampera.devices.ipp.values import (
    ASCII_TAGS,
    DOTS_PER_CENTIMETRE,
    DOTS_PER_INCH,
    OUT_OF_BAND,
    UTF8_TAGS,
    Attribute,
    Collection,
    Content,
    Group,
    IntRange,
    IppError,
    Message,
    Resolution,
    Tag,
    Value,
    WithLanguage,
)

END_OF_ATTRIBUTES: Final = 0x03
LENGTH_MAX: Final = 0x7FFF  # lengths are SIGNED-SHORT
COLLECTION_DEPTH_MAX: Final = 8  # media-col needs three
_DELIMITER_MAX: Final = 0x0F
_VALUE_TAG_MIN: Final = 0x10
_EXTENSION: Final = 0x7F
_STRUCTURE: Final = frozenset({Tag.END_COLLECTION, Tag.MEMBER_NAME})
_KNOWN: Final = frozenset(int(tag) for tag in Tag)
_HEADER: Final = struct.Struct(">bbHi")
_DATE_TIME: Final = struct.Struct(">HBBBBBBcBB")


def encode(message: Message, document: bytes = b"") -> bytes:  # positional: a pair
    """The bytes of a message with the document behind it. Raises IppError."""
    major, minor = message.version
    try:
        parts = [_HEADER.pack(major, minor, message.code, message.request_id)]
    except struct.error as wrong:
        raise IppError(f"header out of range: {wrong}") from None
    for group in message.groups:
        if not 0 < group.tag <= _DELIMITER_MAX or group.tag == END_OF_ATTRIBUTES:
            raise IppError(f"0x{group.tag:02x} does not open a group")
        parts.append(bytes([group.tag]))
        for attribute in group.attributes:
            parts.extend(_encoded(attribute, depth=0))
    parts.append(bytes([END_OF_ATTRIBUTES]))
    parts.append(document)
    return b"".join(parts)


def decode(data: bytes) -> tuple[Message, bytes]:
    """A message and the bytes after it. Raises IppError on anything that is not one."""
    if len(data) < _HEADER.size + 1:
        raise IppError("shorter than a header and an end")
    major, minor, code, request_id = _HEADER.unpack_from(data)
    reader = _Reader(data, at=_HEADER.size)
    groups: list[Group] = []
    while (tag := reader.byte()) != END_OF_ATTRIBUTES:
        if not 0 < tag <= _DELIMITER_MAX:
            raise IppError(f"0x{tag:02x} stands where a group should begin")
        groups.append(Group(tag, tuple(reader.attributes())))
    message = Message(code, request_id, tuple(groups), (major, minor))
    return message, data[reader.at :]


def _field(data: bytes) -> bytes:
    if len(data) > LENGTH_MAX:
        raise IppError("a field is longer than 32767 bytes")
    return struct.pack(">H", len(data)) + data


def _ascii(text: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError:
        raise IppError("only US-ASCII may stand here") from None


def _encoded(attribute: Attribute, *, depth: int) -> Iterator[bytes]:
    if not attribute.name or not attribute.values:
        raise IppError("an attribute has a name and at least one value")
    name = attribute.name
    for value in attribute.values:
        yield bytes([_writable(value.tag)]) + _field(_ascii(name))
        if isinstance(value.content, Collection):
            yield from _encoded_collection(value.content, depth=depth + 1)
        else:
            yield _field(_encoded_content(value))
        name = ""  # an additional value has no name


def _encoded_collection(collection: Collection, *, depth: int) -> Iterator[bytes]:
    if depth > COLLECTION_DEPTH_MAX:
        raise IppError("collections nest too deeply")
    yield _field(b"")
    for member in collection.members:
        if not member.name or not member.values:
            raise IppError("a member has a name and at least one value")
        yield bytes([Tag.MEMBER_NAME]) + _field(b"") + _field(_ascii(member.name))
        for value in member.values:
            yield bytes([_writable(value.tag)]) + _field(b"")
            if isinstance(value.content, Collection):
                yield from _encoded_collection(value.content, depth=depth + 1)
            else:
                yield _field(_encoded_content(value))
    yield bytes([Tag.END_COLLECTION]) + _field(b"") + _field(b"")


def _writable(tag: int) -> int:
    if not _VALUE_TAG_MIN <= tag < _EXTENSION or tag in _STRUCTURE:
        raise IppError(f"0x{tag:02x} is not a tag of a value")
    return tag


def _encoded_content(value: Value) -> bytes:
    try:
        return _packed(value.tag, value.content)
    except (struct.error, UnicodeEncodeError, OverflowError) as wrong:
        raise IppError(f"0x{value.tag:02x}: {wrong}") from None


def _packed(tag: int, content: Content) -> bytes:  # noqa: C901 - one line a type
    match content:
        case None if tag in OUT_OF_BAND:
            return b""
        case bool() if tag == Tag.BOOLEAN:
            return b"\x01" if content else b"\x00"
        case int() if tag in (Tag.INTEGER, Tag.ENUM) and not isinstance(content, bool):
            return struct.pack(">i", content)
        case Resolution() if tag == Tag.RESOLUTION:
            if content.unit not in (DOTS_PER_INCH, DOTS_PER_CENTIMETRE):
                raise IppError("a resolution is per inch or per centimetre")
            return struct.pack(">iib", content.across, content.along, content.unit)
        case IntRange() if tag == Tag.RANGE:
            return struct.pack(">ii", content.lower, content.upper)
        case datetime() if tag == Tag.DATE_TIME:
            return _packed_time(content)
        case WithLanguage() if tag in (Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE):
            return _field(_ascii(content.language)) + _field(content.text.encode())
        case str() if tag in UTF8_TAGS:
            return content.encode()
        case str() if tag in ASCII_TAGS:
            return _ascii(content)
        case bytes() if _is_raw(tag):
            return content
        case _:
            raise IppError(f"0x{tag:02x} does not hold {type(content).__name__}")


def _is_raw(tag: int) -> bool:
    """True for octetString and for tags that this codec does not know."""
    return tag == Tag.OCTET_STRING or tag not in _KNOWN


def _packed_time(at: datetime) -> bytes:
    """RFC 2579 DateAndTime: tenths of a second, offset from UTC in whole minutes."""
    offset = at.utcoffset()
    if offset is None or offset % timedelta(minutes=1) or at.microsecond % 100_000:
        raise IppError("a dateTime has an offset in minutes and tenths of a second")
    minutes = abs(offset) // timedelta(minutes=1)
    return _DATE_TIME.pack(
        at.year,
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.second,
        at.microsecond // 100_000,
        b"-" if offset < timedelta(0) else b"+",
        *divmod(minutes, 60),
    )


def _unpacked_time(raw: bytes) -> datetime:
    if len(raw) != _DATE_TIME.size:
        raise IppError("a dateTime has 11 bytes")
    year, month, day, hour, minute, second, tenths, sign, hours, minutes = _DATE_TIME.unpack(raw)
    if sign not in (b"+", b"-") or minutes > 59 or hours > 23 or tenths > 9:
        raise IppError("a dateTime is out of range")
    offset = timedelta(hours=hours, minutes=minutes)
    if sign == b"-" and not offset:
        raise IppError("minus nought is no offset")  # so that what is read can be written back
    zone = timezone(-offset if sign == b"-" else offset) if offset else UTC
    try:
        return datetime(year, month, day, hour, minute, second, tenths * 100_000, zone)
    except ValueError as wrong:
        raise IppError(f"no such time: {wrong}") from None


class _Reader:
    """Walks the bytes once; every step past the end is an IppError."""

    def __init__(self, data: bytes, *, at: int) -> None:
        self.data = data
        self.at = at

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise IppError("ends before end-of-attributes")
        self.at += 1
        return self.data[self.at - 1]

    def field(self) -> bytes:
        if self.at + 2 > len(self.data):
            raise IppError("ends within a length")
        length = int.from_bytes(self.data[self.at : self.at + 2], "big")
        start, self.at = self.at + 2, self.at + 2 + length
        if length > LENGTH_MAX or self.at > len(self.data):
            raise IppError("a length reaches past the end")
        return self.data[start : self.at]

    def peek(self) -> int:
        if self.at >= len(self.data):
            raise IppError("ends before end-of-attributes")
        return self.data[self.at]

    def attributes(self) -> Iterator[Attribute]:
        """The attributes of one group, up to the next delimiter, which is left to be read."""
        name = ""
        values: list[Value] = []
        while self.peek() >= _VALUE_TAG_MIN:
            tag = self.byte()
            said = _unpacked_name(self.field())
            if said:
                if values:
                    yield Attribute(name, tuple(values))
                name, values = said, []
            elif not values:
                raise IppError("the first value of an attribute has no name")
            values.append(self.value(tag, depth=0))
        if values:
            yield Attribute(name, tuple(values))

    def value(self, tag: int, *, depth: int) -> Value:
        raw = self.field()
        if tag == Tag.BEGIN_COLLECTION:
            if raw:
                raise IppError("a collection begins with an empty value")
            return Value(tag, self.collection(depth=depth + 1))
        return Value(tag, _unpacked(tag, raw))

    def collection(self, *, depth: int) -> Collection:
        if depth > COLLECTION_DEPTH_MAX:
            raise IppError("collections nest too deeply")
        members: list[Attribute] = []
        tag = self.inner_tag()
        while tag == Tag.MEMBER_NAME:
            name = _unpacked_name(self.field())
            values: list[Value] = []
            while (tag := self.inner_tag()) not in _STRUCTURE:
                values.append(self.value(tag, depth=depth))
            if not name or not values:
                raise IppError("a member has a name and at least one value")
            members.append(Attribute(name, tuple(values)))
        if tag != Tag.END_COLLECTION or self.field():
            raise IppError("a collection holds named members and ends with an empty value")
        return Collection(tuple(members))

    def inner_tag(self) -> int:
        """The next tag inside a collection; its own name field is always empty."""
        tag = self.byte()
        if tag < _VALUE_TAG_MIN or self.field():
            raise IppError("a delimiter or a name stands inside a collection")
        return tag


def _unpacked_name(raw: bytes) -> str:
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError:
        raise IppError("a name is not US-ASCII") from None


def _sized(raw: bytes, size: int) -> bytes:
    if len(raw) != size:
        raise IppError(f"{len(raw)} bytes where {size} belong")
    return raw


def _unpacked(tag: int, raw: bytes) -> Content:  # noqa: C901, PLR0912 - one line a type
    if tag >= _EXTENSION or tag in _STRUCTURE:
        raise IppError(f"0x{tag:02x} is not a tag of a value")
    if tag in OUT_OF_BAND:
        _sized(raw, 0)
        return None
    if tag in (Tag.INTEGER, Tag.ENUM):
        return int.from_bytes(_sized(raw, 4), "big", signed=True)
    if tag == Tag.BOOLEAN:
        if raw not in (b"\x00", b"\x01"):
            raise IppError("a boolean is 0 or 1")
        return raw == b"\x01"
    if tag == Tag.RESOLUTION:
        across, along, unit = struct.unpack(">iib", _sized(raw, 9))
        if unit not in (DOTS_PER_INCH, DOTS_PER_CENTIMETRE):
            raise IppError("a resolution is per inch or per centimetre")
        return Resolution(across, along, unit)
    if tag == Tag.RANGE:
        return IntRange(*struct.unpack(">ii", _sized(raw, 8)))
    if tag == Tag.DATE_TIME:
        return _unpacked_time(raw)
    if _is_raw(tag):
        return raw
    try:
        if tag in UTF8_TAGS:
            return raw.decode()
        if tag in ASCII_TAGS:
            return raw.decode("ascii")
        return _unpacked_with_language(raw)
    except UnicodeDecodeError:
        raise IppError(f"0x{tag:02x} holds bytes that are no text") from None


def _unpacked_with_language(raw: bytes) -> WithLanguage:
    inner = _Reader(raw, at=0)
    language, text = inner.field(), inner.field()
    if inner.at != len(raw):
        raise IppError("bytes are left after a text with language")
    return WithLanguage(language.decode("ascii"), text.decode())
