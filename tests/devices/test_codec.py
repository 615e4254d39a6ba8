"""IPP messages survive the way to bytes and back, and no bytes make the decoder fall over."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ampera.devices.ipp.codec import COLLECTION_DEPTH_MAX, decode, encode
from ampera.devices.ipp.values import (
    ASCII_TAGS,
    OUT_OF_BAND,
    UTF8_TAGS,
    Attribute,
    Collection,
    Content,
    Group,
    GroupTag,
    IntRange,
    IppError,
    Message,
    Resolution,
    Tag,
    Value,
    WithLanguage,
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
INT32 = st.integers(-(2**31), 2**31 - 1)
ASCII = st.text(st.characters(max_codepoint=127), max_size=40)
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
UTF8 = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC
)


@st.composite
def times(draw: st.DrawFn) -> datetime:
    at = draw(st.datetimes(timezones=OFFSETS, allow_imaginary=False))
    return at.replace(microsecond=at.microsecond // 100_000 * 100_000, fold=0)


def tagged(tags: frozenset[Tag], contents: st.SearchStrategy[Content]) -> st.SearchStrategy[Value]:
    return st.builds(Value, st.sampled_from(sorted(tags)).map(int), contents)


SIMPLE = st.one_of(
    tagged(OUT_OF_BAND, st.none()),
    tagged(frozenset({Tag.INTEGER, Tag.ENUM}), INT32),
    tagged(frozenset({Tag.BOOLEAN}), st.booleans()),
    tagged(frozenset({Tag.OCTET_STRING}), st.binary(max_size=40)),
    tagged(frozenset({Tag.DATE_TIME}), times()),
    tagged(
        frozenset({Tag.RESOLUTION}), st.builds(Resolution, INT32, INT32, st.sampled_from([3, 4]))
    ),
    tagged(frozenset({Tag.RANGE}), st.builds(IntRange, INT32, INT32)),
    tagged(
        frozenset({Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE}),
        st.builds(WithLanguage, ASCII, UTF8),
    ),
    tagged(UTF8_TAGS, UTF8),
    tagged(ASCII_TAGS, ASCII),
    st.builds(Value, st.sampled_from([0x20, 0x2F, 0x38, 0x43, 0x5F]), st.binary(max_size=10)),
)


def attributes_of(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Attribute]:
    return st.builds(Attribute, NAMES, st.lists(values, min_size=1, max_size=3).map(tuple))


def collections_of(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    members = st.lists(attributes_of(values), max_size=3).map(tuple)
    return members.map(lambda inside: Value(int(Tag.BEGIN_COLLECTION), Collection(inside)))


VALUES = st.recursive(SIMPLE, collections_of, max_leaves=6)
GROUPS = st.builds(
    Group,
    st.integers(1, 15).filter(lambda tag: tag != 3),
    st.lists(attributes_of(VALUES), max_size=4).map(tuple),
)
MESSAGES = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    INT32,
    st.lists(GROUPS, max_size=3).map(tuple),
    st.tuples(st.integers(0, 127), st.integers(0, 127)),
)


@CALM
@given(MESSAGES, st.binary(max_size=30))
def test_a_message_and_its_document_survive_the_way_to_bytes_and_back(
    message: Message, document: bytes
) -> None:
    assert decode(encode(message, document)) == (message, document)


@CALM
@given(st.binary(max_size=200))
@example(b"")
@example(b"\x02\x00\x00\x0b\x00\x00\x00\x01")
def test_any_bytes_are_a_message_or_an_ipp_error(data: bytes) -> None:
    try:
        message, rest = decode(data)
    except IppError:
        return
    assert encode(message, rest) == data


@CALM
@given(MESSAGES, st.data())
def test_a_message_with_one_byte_changed_is_a_message_or_an_ipp_error(
    message: Message, data: st.DataObject
) -> None:
    sound = bytearray(encode(message))
    at = data.draw(st.integers(0, len(sound) - 1))
    sound[at] = data.draw(st.integers(0, 255))
    try:
        other, rest = decode(bytes(sound))
    except IppError:
        return
    assert encode(other, rest) == bytes(sound)


@CALM
@given(MESSAGES, st.data())
def test_a_message_cut_short_is_never_read(message: Message, data: st.DataObject) -> None:
    sound = encode(message)
    with pytest.raises(IppError):
        decode(sound[: data.draw(st.integers(0, len(sound) - 1))])


def test_the_bytes_are_those_of_the_standard() -> None:
    """Written by hand after the example of RFC 8010 §A, with our media instead of theirs."""
    size = Collection(
        (
            Attribute.of(Tag.INTEGER, "x-dimension", 5398),
            Attribute.of(Tag.INTEGER, "y-dimension", 8560),
        )
    )
    message = Message(
        0x0002,
        1,
        (
            Group.of(
                GroupTag.OPERATION, [Attribute.of(Tag.CHARSET, "attributes-charset", "utf-8")]
            ),
            Group.of(GroupTag.JOB, [Attribute.of(Tag.BEGIN_COLLECTION, "media-size", size)]),
        ),
    )
    by_hand = (
        b"\x02\x00\x00\x02\x00\x00\x00\x01"
        b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x02\x34\x00\x0amedia-size\x00\x00"
        b"\x4a\x00\x00\x00\x0bx-dimension\x21\x00\x00\x00\x04\x00\x00\x15\x16"
        b"\x4a\x00\x00\x00\x0by-dimension\x21\x00\x00\x00\x04\x00\x00\x21\x70"
        b"\x37\x00\x00\x00\x00\x03"
    )
    assert encode(message, b"%PDF") == by_hand + b"%PDF"


def framed(attribute: bytes) -> bytes:
    return b"\x02\x00\x00\x0b\x00\x00\x00\x01\x01" + attribute + b"\x03"


def raw_attribute(tag: int, name: bytes, value: bytes) -> bytes:
    return (
        bytes([tag]) + struct.pack(">H", len(name)) + name + struct.pack(">H", len(value)) + value
    )


def nested(depth: int) -> bytes:
    inner = b"\x37\x00\x00\x00\x00"
    for _ in range(depth - 1):
        inner = b"\x4a\x00\x00\x00\x01m\x34\x00\x00\x00\x00" + inner + b"\x37\x00\x00\x00\x00"
    return framed(b"\x34\x00\x01m\x00\x00" + inner)


@pytest.mark.parametrize(
    "attribute",
    [
        raw_attribute(Tag.INTEGER, b"", b"\0\0\0\1"),
        raw_attribute(Tag.INTEGER, b"a", b"\0\0\1"),
        raw_attribute(Tag.BOOLEAN, b"a", b"\x02"),
        raw_attribute(Tag.NO_VALUE, b"a", b"x"),
        raw_attribute(Tag.RANGE, b"a", b"\0" * 7),
        raw_attribute(Tag.RESOLUTION, b"a", b"\0" * 8 + b"\x05"),
        raw_attribute(Tag.DATE_TIME, b"a", b"\x07\xe1\x0d\x01\0\0\0\0+\0\0"),
        raw_attribute(Tag.DATE_TIME, b"a", b"\x07\xe1\x01\x01\0\0\0\0?\0\0"),
        raw_attribute(Tag.TEXT, b"a", b"\xff"),
        raw_attribute(Tag.KEYWORD, b"a", b"\xc3\xa9"),
        raw_attribute(Tag.KEYWORD, b"\xc3\xa9", b"a"),
        raw_attribute(Tag.TEXT_WITH_LANGUAGE, b"a", b"\0\x02id\0\x03ab"),
        raw_attribute(Tag.TEXT_WITH_LANGUAGE, b"a", b"\0\x02id\0\x01abc"),
        raw_attribute(Tag.MEMBER_NAME, b"a", b"b"),
        raw_attribute(Tag.END_COLLECTION, b"a", b""),
        raw_attribute(0x7F, b"a", b"\0\0\0\0"),
        raw_attribute(Tag.BEGIN_COLLECTION, b"a", b"x"),
        raw_attribute(Tag.BEGIN_COLLECTION, b"a", b"") + raw_attribute(Tag.INTEGER, b"", b"\0" * 4),
        raw_attribute(Tag.BEGIN_COLLECTION, b"a", b"") + b"\x4a\0\0\0\1m\x37\0\0\0\0",
        b"\x47\x80\x00",
        b"\x00",
    ],
)
def test_malformed_bytes_are_refused(attribute: bytes) -> None:
    with pytest.raises(IppError):
        decode(framed(attribute))


def test_collections_nest_only_so_deep() -> None:
    message, _ = decode(nested(COLLECTION_DEPTH_MAX))
    assert encode(message) == nested(COLLECTION_DEPTH_MAX)
    with pytest.raises(IppError):
        decode(nested(COLLECTION_DEPTH_MAX + 1))


@pytest.mark.parametrize(
    "value",
    [
        Value(Tag.INTEGER, 2**31),
        Value(Tag.INTEGER, True),
        Value(Tag.BOOLEAN, 1),
        Value(Tag.KEYWORD, "é"),
        Value(Tag.TEXT, "x" * 32768),
        Value(Tag.TEXT, "\ud800"),
        Value(Tag.NO_VALUE, "x"),
        Value(Tag.MEMBER_NAME, "x"),
        Value(0x01, None),
        Value(0x7F, b"x"),
        Value(Tag.RESOLUTION, Resolution(300, 300, 5)),
        Value(Tag.DATE_TIME, datetime(2017, 9, 7, tzinfo=UTC).replace(microsecond=1)),
    ],
)
def test_what_the_standard_cannot_say_is_not_written(value: Value) -> None:
    message = Message(0x0B, 1, (Group.of(GroupTag.OPERATION, [Attribute("a", (value,))]),))
    with pytest.raises(IppError):
        encode(message)


def test_an_attribute_without_values_is_not_written() -> None:
    message = Message(0x0B, 1, (Group.of(GroupTag.OPERATION, [Attribute("a", ())]),))
    with pytest.raises(IppError):
        encode(message)
