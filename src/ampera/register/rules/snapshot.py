"""The register of one office as bytes: lines of JSON under gzip, equal for equal registers.

First line: whose copy it is, and the offices. Then one line a resident, by NIK. Last line: how
many. What a kecamatan does not need is not there: no parents, no disability, no dead, nobody under
sixteen (architecture §4).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

FORMAT: Final = "ampera-register/1"
#: A line or a copy beyond these is not ours: a broken or hostile copy must not fill the memory.
LINE_BYTES_MAX: Final = 8192
HEAD_BYTES_MAX: Final = 1 << 20


class BrokenSnapshotError(Exception):
    """The bytes are no whole snapshot."""


def _line(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def pack(head: Mapping[str, Any], *, residents: Iterable[Mapping[str, Any]]) -> bytes:
    """Write a snapshot. `head` tells the office and the offices; residents come in order of NIK."""
    target = io.BytesIO()
    count = 0
    # No time and no file name in the gzip header: equal registers make equal bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0, compresslevel=6) as packed:
        packed.write(_line({**head, "format": FORMAT}))
        for resident in residents:
            packed.write(_line(resident))
            count += 1
        packed.write(_line({"end": count}))
    return target.getvalue()


def unpack(content: bytes) -> tuple[Mapping[str, Any], Iterator[Mapping[str, Any]]]:
    """The head, and the residents one by one. Both may raise BrokenSnapshotError."""
    lines = _lines(content)
    head = next(lines, None)
    if head is None or head.get("format") != FORMAT:
        raise BrokenSnapshotError("this is no register snapshot")
    return head, _residents(lines)


def _residents(lines: Iterator[dict[str, Any]]) -> Iterator[Mapping[str, Any]]:
    count = 0
    for line in lines:
        if "end" in line:
            if line["end"] != count or next(lines, None) is not None:
                raise BrokenSnapshotError("residents are missing")
            return
        yield line
        count += 1  # noqa: SIM113 - the last line is compared with it
    raise BrokenSnapshotError("it ends too early")


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            most = HEAD_BYTES_MAX
            while line := packed.readline(most):
                if len(line) == most and not line.endswith(b"\n"):
                    raise BrokenSnapshotError("a line is too long")
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise BrokenSnapshotError("a line is no record")
                yield value
                most = LINE_BYTES_MAX
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise BrokenSnapshotError(type(error).__name__) from error


def hash_of(content: bytes) -> str:
    """SHA-256 of the bytes: a kecamatan asks for the copy again only when this changes."""
    return hashlib.sha256(content).hexdigest()
