"""The values that an IPP message carries, as Python sees them.

Every value keeps its tag, because IPP tells a keyword from a name and a printer's `no-value` from
an empty text by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final, TypeAlias


class GroupTag(IntEnum):
    """Delimiters of RFC 8010 §3.5.1 that open a group of attributes."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """Value tags of RFC 8010 §3.5.2."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    NOT_SETTABLE = 0x15
    DELETE_ATTRIBUTE = 0x16
    ADMIN_DEFINE = 0x17
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTET_STRING = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


#: Tags that say something instead of a value (RFC 8010 §3.5.2, "out-of-band").
OUT_OF_BAND: Final = frozenset(
    {
        Tag.UNSUPPORTED,
        Tag.UNKNOWN,
        Tag.NO_VALUE,
        Tag.NOT_SETTABLE,
        Tag.DELETE_ATTRIBUTE,
        Tag.ADMIN_DEFINE,
    }
)
UTF8_TAGS: Final = frozenset({Tag.TEXT, Tag.NAME})
ASCII_TAGS: Final = frozenset(
    {Tag.KEYWORD, Tag.URI, Tag.URI_SCHEME, Tag.CHARSET, Tag.LANGUAGE, Tag.MIME_TYPE}
)

DOTS_PER_INCH: Final = 3
DOTS_PER_CENTIMETRE: Final = 4


class IppError(ValueError):
    """Bytes that are no IPP message, or a message that cannot be written as bytes."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Dots across and along the feed; `unit` is DOTS_PER_INCH or DOTS_PER_CENTIMETRE."""

    across: int
    along: int
    unit: int = DOTS_PER_INCH


@dataclass(frozen=True, slots=True)
class IntRange:
    """`rangeOfInteger`: both ends belong to it."""

    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class WithLanguage:
    """A text or name that carries its own natural language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Named members, each an attribute of its own; collections nest."""

    members: tuple[Attribute, ...]

    def get(self, name: str) -> Attribute | None:
        """The first member of this name."""
        return next((member for member in self.members if member.name == name), None)


Content: TypeAlias = (
    int | str | bytes | datetime | Resolution | IntRange | WithLanguage | Collection | None
)


@dataclass(frozen=True, slots=True)
class Value:
    """One value with its tag. `tag` is a plain int: unknown tags are carried as bytes."""

    tag: int
    content: Content


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and one or more values (`1setOf`)."""

    name: str
    values: tuple[Value, ...]

    @classmethod
    def of(cls, tag: Tag, name: str, *contents: Content) -> Attribute:  # positional: a pair
        """An attribute whose values all have one tag: `Attribute.of(Tag.KEYWORD, "sides", "a")`."""
        return cls(name, tuple(Value(tag, content) for content in contents))

    @property
    def texts(self) -> tuple[str, ...]:
        """The values that are texts, a language of their own dropped."""
        found = []
        for value in self.values:
            if isinstance(value.content, str):
                found.append(value.content)
            elif isinstance(value.content, WithLanguage):
                found.append(value.content.text)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Group:
    """Attributes under one delimiter: of the operation, of a job, of the printer."""

    tag: int
    attributes: tuple[Attribute, ...]

    @classmethod
    def of(cls, tag: GroupTag, attributes: Iterable[Attribute]) -> Group:  # positional: a pair
        return cls(int(tag), tuple(attributes))

    def get(self, name: str) -> Attribute | None:
        """The first attribute of this name; some printers send one twice and mean the first."""
        return next((each for each in self.attributes if each.name == name), None)

    def text(self, name: str) -> str | None:
        """The first text of the attribute, or None."""
        found = self.get(name)
        return found.texts[0] if found is not None and found.texts else None

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.get(name)
        return found.texts if found is not None else ()

    def integer(self, name: str) -> int | None:
        """The first value when it is an integer or an enum, else None."""
        found = self.get(name)
        if found is None or found.values[0].tag not in (Tag.INTEGER, Tag.ENUM):
            return None
        content = found.values[0].content
        return content if isinstance(content, int) else None

    def boolean(self, name: str) -> bool | None:
        """The first value when it is a boolean, else None."""
        found = self.get(name)
        content = found.values[0].content if found is not None else None
        return content if isinstance(content, bool) else None


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer. `code` is the operation of a request, the status of an answer."""

    code: int
    request_id: int
    groups: tuple[Group, ...]
    version: tuple[int, int] = (2, 0)

    def first(self, tag: GroupTag) -> Group:
        """The first group under this delimiter; an empty one when there is none."""
        return next((group for group in self.groups if group.tag == tag), Group(int(tag), ()))

    def all(self, tag: GroupTag) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.tag == tag)
