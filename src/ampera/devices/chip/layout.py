"""The file set of a chip, read from `files.toml`: what goes where, how large it may be, and the
marker that tells a complete chip from a torn one. Bytes in, bytes out; no device is asked."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ampera.printing.ports.chip import ChipContents
from ampera.words.refusal import Refusal

CONTROL: Final = "control"
_MAGIC: Final = b"AMPC"
_HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class ChipFile:
    """One elementary file (EF) of the chip. `bytes_max` is for the content, without its length."""

    name: str
    ef: bytes
    bytes_max: int
    encoding: str
    texts: tuple[str, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    finger: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole file set. `contents` are the files in the order in which they are written."""

    format: int
    application: bytes
    budget_bytes: int
    length_bytes: int
    extended_bytes: int
    contents: tuple[ChipFile, ...]
    control: ChipFile

    @property
    def every(self) -> tuple[ChipFile, ...]:
        """All files in the order in which they are written, the marker last."""
        return (*self.contents, self.control)

    def file(self, name: str) -> ChipFile:
        """Raises KeyError for a name that stands not in the file set."""
        return {each.name: each for each in self.every}[name]

    def stored_bytes(self, file: ChipFile) -> int:
        """Room of one file on the chip, its length in front included."""
        return self.length_bytes + file.bytes_max

    def fits(self, contents: ChipContents) -> Refusal | None:
        """Does everything fit, each in its file and all on the chip? None is yes."""
        for file in self.contents:
            if file.name not in contents.files:
                return Refusal("printing.chip_file_missing", file=file.name)
            size = len(contents.files[file.name])
            if size > file.bytes_max:
                return _too_small(file.name, size=size, most=file.bytes_max)
        total = sum(self.length_bytes + len(data) for data in contents.files.values())
        total += self.stored_bytes(self.control)
        if total > self.budget_bytes:
            return _too_small("chip", size=total, most=self.budget_bytes)
        return None

    def stored(self, data: bytes) -> bytes:
        """A file as it lies on the chip: its length, then its content."""
        return len(data).to_bytes(self.length_bytes, "big") + data

    def marker(self, contents: ChipContents) -> bytes:
        """The control file that says *complete*: record's version and the hash of every file."""
        hashes = [_sha256(contents.files[file.name]) for file in self.contents]
        head = _MAGIC + bytes([self.format]) + bytes.fromhex(contents.version)
        return head + b"".join(hashes)

    def complete(self, found: Mapping[str, bytes], *, marker: bytes) -> ChipContents | None:
        """The contents, when the marker is one of this format and agrees with every file."""
        head = len(_MAGIC) + 1
        if not marker.startswith(_MAGIC + bytes([self.format])):
            return None
        version = marker[head : head + _HASH_BYTES].hex()
        contents = ChipContents(version, {f.name: found[f.name] for f in self.contents})
        is_whole = len(version) == 2 * _HASH_BYTES and self.marker(contents) == marker
        return contents if is_whole else None


def _too_small(name: str, *, size: int, most: int) -> Refusal:
    return Refusal("printing.chip_too_small", file=name, size=size, most=most)


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@cache
def the_layout() -> Layout:
    """The file set of this release. Raises ValueError when the data contradict themselves."""
    text = files("ampera.devices.chip").joinpath("files.toml").read_text(encoding="utf-8")
    return layout_from(tomllib.loads(text))


def layout_from(told: Mapping[str, Any]) -> Layout:
    """A file set from its data.

    Raises ValueError when two files have one name or number, when the marker is not the last, or
    when the files at their largest exceed the budget.
    """
    rows = [_file(row) for row in told["file"]]
    layout = Layout(
        format=told["format"],
        application=bytes.fromhex(told["application"]),
        budget_bytes=told["budget_bytes"],
        length_bytes=told["length_bytes"],
        extended_bytes=told["extended_bytes"],
        contents=tuple(rows[:-1]),
        control=rows[-1],
    )
    _examine(layout)
    return layout


def _file(row: Mapping[str, Any]) -> ChipFile:
    return ChipFile(
        name=row["name"],
        ef=bytes.fromhex(row["ef"]),
        bytes_max=row["bytes_max"],
        encoding=row["encoding"],
        texts=tuple(row.get("texts", ())),
        sizes=tuple((width, height) for width, height in row.get("sizes", ())),
        finger=row.get("finger", ""),
    )


def _examine(layout: Layout) -> None:
    every = layout.every
    if layout.control.name != CONTROL:
        raise ValueError("the control file is written last: it is the marker")
    if not _are_different([f.name for f in every]) or not _are_different([f.ef for f in every]):
        raise ValueError("two files have one name or one number")
    room = sum(layout.stored_bytes(file) for file in every)
    if room > layout.budget_bytes:
        raise ValueError(f"the files need {room} bytes, the chip has {layout.budget_bytes}")
    marker = len(_MAGIC) + 1 + _HASH_BYTES * (1 + len(layout.contents))
    if marker > layout.control.bytes_max:
        raise ValueError("the marker does not fit the control file")
    if any(file.bytes_max >= 2 ** (8 * layout.length_bytes) - 1 for file in every):
        raise ValueError("a length does not fit in front of its file")


def _are_different(values: Sequence[object]) -> bool:
    return len(set(values)) == len(values)
