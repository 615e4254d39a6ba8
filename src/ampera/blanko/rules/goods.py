"""Serials, ranges and sealed boxes: what can be counted at all. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ampera.words.refusal import Refusal

#: No entry makes a server write more rows than this for one box.
SIZE_READ_MAX: Final = 100_000


@cache
def _marks() -> Mapping[str, Any]:
    """The shapes of serials and labels, from `serials.toml`."""
    text = files("ampera.blanko").joinpath("serials.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def is_serial(text: str) -> bool:
    """Is this the number of a blanko?"""
    return text.isascii() and re.fullmatch(_marks()["serial"], text) is not None


def is_box_label(text: str) -> bool:
    return (
        text.isascii() and re.fullmatch(_marks()["box"], text) is not None and not is_serial(text)
    )


def box_size_max() -> int:
    return int(_marks()["box_size_max"])


def serial_after(first: str, *, steps: int) -> str:
    """The serial that many places on. Raises ValueError when the digits run over or there is no
    serial.
    """
    match = re.fullmatch(_marks()["serial"], first)
    if match is None:
        raise ValueError("no serial of a blanko")
    prefix, digits = match["prefix"], match["digits"]
    following = str(int(digits) + steps).zfill(len(digits))
    if len(following) > len(digits):
        raise ValueError("the serials of this box run over their digits")
    return prefix + following


@dataclass(frozen=True, slots=True)
class Box:
    """A sealed box: known by its label and the range of its serials until it is opened."""

    box: str
    first: str
    size: int

    @property
    def last(self) -> str:
        return serial_after(self.first, steps=self.size - 1)

    def serials(self) -> Iterator[str]:
        """All serials inside, in order."""
        return (serial_after(self.first, steps=step) for step in range(self.size))

    def facts(self) -> dict[str, Any]:
        return {"box": self.box, "first": self.first, "size": self.size}

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Box:
        box = cls(str(facts["box"]), str(facts["first"]), int(facts["size"]))
        if not 1 <= box.size <= SIZE_READ_MAX or not is_serial(box.last):
            raise ValueError("a box holds a range of serials")
        return box


def check_goods(boxes: Sequence[Box], *, serials: Sequence[str]) -> Refusal | None:
    """Are these labels, ranges and serials such as can be counted? Ranges must not overlap."""
    if not boxes and not serials:
        return Refusal("blanko.nothing_given")
    for serial in serials:
        if not is_serial(serial):
            return Refusal("blanko.serial_form", serial=serial)
    for box in boxes:
        if (no := _check_box(box)) is not None:
            return no
    return _check_disjoint(boxes, serials)


def _check_box(box: Box) -> Refusal | None:
    if not is_box_label(box.box):
        return Refusal("blanko.box_form", box=box.box)
    if not is_serial(box.first):
        return Refusal("blanko.serial_form", serial=box.first)
    if not 1 <= box.size <= box_size_max():
        return Refusal("blanko.box_size", box=box.box, most=box_size_max())
    try:
        serial_after(box.first, steps=box.size - 1)
    except ValueError:
        return Refusal("blanko.serial_form", serial=box.first)
    return None


def _check_disjoint(boxes: Sequence[Box], serials: Sequence[str]) -> Refusal | None:
    if (item := first_repeated([*(box.box for box in boxes), *serials])) is not None:
        return Refusal("blanko.counted_twice", item=item)
    ranges = [(box.first, box.last) for box in boxes] + [(each, each) for each in serials]
    for before, after in overlapping(ranges):
        return Refusal("blanko.range_overlaps", serial=max(before[0], after[0]))
    return None


def first_repeated(items: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None


def overlapping(
    ranges: Iterable[tuple[str, str]],
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Pairs of serial ranges (first, last) that share a serial, by one pass over the sorted ranges.

    Serials of other prefix or width never meet, so ranges are sorted within their family.
    """
    reach: dict[tuple[str, int], tuple[str, str]] = {}
    for each in sorted(ranges, key=lambda one: (one[0], one[1])):
        family = (each[0].rstrip("0123456789"), len(each[0]))
        before = reach.get(family)
        if before is not None and each[0] <= before[1]:
            yield before, each
        if before is None or each[1] > before[1]:
            reach[family] = each
