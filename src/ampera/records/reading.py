"""Reading bytes from outside so that nothing is believed before it is checked against the rest.

A reader walks its bytes with a `Cursor`. What is wrong leaves the walk as `Unreadable`, which never
leaves this package: `answered` turns it into the refusal that it carries.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Container
from typing import Final, TypeVar

from ampera.words.refusal import Refusal

R = TypeVar("R")
_LENGTH_BYTES: Final = 4


class Unreadable(Exception):
    """The walk cannot go on. Carries the refusal; only `answered` may catch it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(repr(refusal))
        self.refusal = refusal


def answered(read: Callable[[bytes], R]) -> Callable[[bytes], R | Refusal]:
    """The reader as others see it: a record, or a refusal."""

    @functools.wraps(read)
    def answering(data: bytes) -> R | Refusal:
        try:
            return read(bytes(data))
        except Unreadable as no:
            return no.refusal

    return answering


def proved(data: bytes, *, record: R, read: Callable[[bytes], R | Refusal]) -> bytes:
    """What a writer made, when the strict reader takes it and finds the same record in it.

    Raises ValueError otherwise: a record that cannot be written is a defect of its maker. So what
    may be written is said once, by the reader.
    """
    found = read(data)
    if isinstance(found, Refusal):
        raise ValueError(f"no reader would take this record: {found!r}")
    if found != record:
        raise ValueError("the record would not come back as it is: it says more than its format")
    return data


class Cursor:
    """A place in bytes of which all must be read. `standard` and `part` say to a person where."""

    __slots__ = ("_at", "_data", "_end", "part", "standard")

    def __init__(self, data: bytes, *, standard: str) -> None:
        self._data, self._at, self._end = data, 0, len(data)
        self.standard, self.part = standard, ""

    @property
    def left(self) -> int:
        """Bytes not yet read."""
        return self._end - self._at

    def take(self, count: int, *, place: str) -> bytes:
        """The next bytes. Refuses records.cut_short."""
        if count > self.left:
            raise self.no("records.cut_short", place=place, needed=count, left=self.left)
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, size: int, *, place: str) -> int:
        """The next big-endian number without sign."""
        return int.from_bytes(self.take(size, place=place), "big")

    def one_of(self, known: Container[int], *, size: int = 1, place: str) -> int:
        """The next number, when the standard knows it. Refuses records.value_unknown."""
        value = self.number(size, place=place)
        if value not in known:
            raise self.no("records.value_unknown", place=place, value=value)
        return value

    def nothing(self, size: int, *, place: str) -> None:
        """Reserved bytes, which must be zero: what hides there would be lost when written again."""
        self.one_of({0}, size=size, place=place)

    def at_most(self, limit: int, *, size: int, place: str) -> int:
        """The next number, when it is within our limit. Refuses records.too_big."""
        value = self.number(size, place=place)
        if value > limit:
            raise self.no("records.too_big", place=place, amount=value, limit=limit)
        return value

    def enter(self, count: int, *, part: str) -> Cursor:
        """A cursor over the next `count` bytes only; this one goes on behind them."""
        if count > self.left:
            raise self.no("records.cut_short", place=part, needed=count, left=self.left)
        inner = Cursor(self._data, standard=self.standard)
        inner._at, inner._end = self._at, self._at + count
        inner.part = f"{self.part}{part}."
        self._at += count
        return inner

    def finish(self) -> None:
        """Nothing may be left. Refuses records.left_over."""
        if self.left:
            place = self.part.rstrip(".") or "record"
            raise self.no("records.left_over", place=place, count=self.left, whole=True)

    def no(self, code: str, *, place: str, whole: bool = False, **facts: str | int) -> Unreadable:
        """The refusal to raise. `whole`: `place` is told already with its part."""
        where = place if whole else f"{self.part}{place}"
        return Unreadable(Refusal(code, standard=self.standard, place=where, **facts))


def opened(data: bytes, *, standard: str, begins: bytes, bytes_max: int) -> Cursor:
    """A cursor behind the eight bytes that every record begins with: what it is, and its edition.

    Refuses records.too_big, records.not_a_record.
    """
    cursor = Cursor(data, standard=standard)
    if len(data) > bytes_max:
        raise cursor.no("records.too_big", place="record", amount=len(data), limit=bytes_max)
    if not data.startswith(begins):
        raise cursor.no("records.not_a_record", place="format_identifier")
    cursor.take(len(begins), place="format_identifier")
    return cursor


def sub_record(cursor: Cursor, *, part: str) -> Cursor:
    """A cursor over the next part, which tells its own length in its first four bytes.

    Refuses records.cut_short, records.length_wrong.
    """
    told = cursor.number(_LENGTH_BYTES, place=f"{part}.length")
    inner = cursor.enter(max(0, told - _LENGTH_BYTES), part=part)
    check_length(inner, told=told, found=max(told, _LENGTH_BYTES), place="length")
    return inner


def check_length(cursor: Cursor, *, told: int, found: int, place: str) -> None:
    """Refuses records.length_wrong when the record tells another length than it has."""
    if told != found:
        raise cursor.no("records.length_wrong", place=place, told=told, found=found)
