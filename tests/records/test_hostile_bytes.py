"""Any bytes at all give a record or a refusal: no exception, no long wait, no memory gone.

Bytes without sense never come past the first eight, so most are records with something changed.
"""

from __future__ import annotations

import struct
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ampera.records import (
    Compression,
    Edition,
    read_card,
    read_faces,
    read_finger_images,
    read_minutiae,
    read_payload,
    write_card,
    write_faces,
    write_finger_images,
    write_minutiae,
)
from ampera.words import Refusal
from tests.records.samples import (
    a_finger,
    encoded,
    face_record,
    finger_record,
    minutiae_record,
    wsq,
)

READERS: list[Callable[[bytes], Any]] = [
    read_minutiae,
    read_finger_images,
    read_faces,
    read_card,
    read_payload,
]
WHOLE = [
    *(write_minutiae(minutiae_record(edition=each)) for each in Edition),
    *(write_finger_images(finger_record(edition=each)) for each in Edition),
    write_finger_images(
        finger_record(a_finger(Compression.JPEG), a_finger(Compression.PNG, number=1))
    ),
    *(write_faces(face_record(edition=each)) for each in Edition),
    *(encoded(kind) for kind in ("JPEG", "JPEG2000", "J2K", "PNG")),
    wsq(),
]
BEGINNINGS = [each[:8] for each in WHOLE]
hard = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


WRITERS = {read_minutiae: write_minutiae, read_finger_images: write_finger_images}
WRITERS |= {read_faces: write_faces, read_card: write_card}


def read_by_all(data: bytes) -> None:
    for read in READERS:
        found = read(data)
        if not isinstance(found, Refusal):
            # Whatever is believed can be told again, and is the same then.
            assert read not in WRITERS or read(WRITERS[read](found)) == found
        else:
            assert found.code.startswith("records.")
            for language in ("id", "en"):
                assert "…" not in found.text(language) + found.next_step(language)


@hard
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=400))
@example(b"", b"")
def test_bytes_without_sense_are_refused(begins, rest):
    read_by_all(rest)
    read_by_all(begins + rest)


@dataclass(frozen=True)
class Change:
    """Something done to bytes at a place that is told as a part of their length."""

    where: float
    what: str
    value: bytes

    def done_to(self, data: bytes) -> bytes:
        at = int(self.where * len(data))
        match self.what:
            case "replace":
                return data[:at] + self.value + data[at + len(self.value) :]
            case "insert":
                return data[:at] + self.value + data[at:]
            case "cut":
                return data[:at] + data[at + len(self.value) :]
            case "end":
                return data[:at]
        return data


#: Most fields stand in the first hundred bytes, so that is where most changes are made.
NEAR = st.floats(0, 0.999) | st.floats(0, 0.15)
NASTY = st.sampled_from([b"\x00", b"\xff", b"\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff"])
CHANGES = st.builds(
    Change,
    NEAR,
    st.sampled_from(["replace", "replace", "insert", "cut", "end"]),
    NASTY | st.binary(min_size=1, max_size=4),
)


@hard
@given(st.sampled_from(WHOLE), st.lists(CHANGES, min_size=1, max_size=4), st.booleans())
def test_a_changed_record_is_read_or_refused(data, changes, told_right):
    for change in changes:
        data = change.done_to(data)
    if told_right and len(data) > 14:
        # The length is the first thing that is checked: made right, what stands behind is met.
        at, size = (8, 6) if data[:8] == b"FIR\x00010\x00" else (8, 4)
        data = data[:at] + len(data).to_bytes(size, "big") + data[at + size :]
    read_by_all(data)


@pytest.mark.parametrize("whole", WHOLE, ids=range(len(WHOLE)))
def test_no_single_byte_of_a_header_makes_a_reader_fall(whole):
    for at in range(min(len(whole), 130)):
        for value in (0, 1, 0x7F, 0xFF, whole[at] ^ 0x80, whole[at] ^ 1):
            read_by_all(whole[:at] + bytes([value]) + whole[at + 1 :])


def with_length(head: bytes, body: bytes, size: int = 4) -> bytes:
    return head + (len(head) + size + len(body)).to_bytes(size, "big") + body


def many_extensions() -> bytes:
    """A finger image followed by as many empty blocks as the limit of bytes allows."""
    one = write_finger_images(finger_record())
    blocks = b"\x01\x00\x00\x04" * 4_000_000
    rest = one[20:] + blocks
    body = one[12:16] + struct.pack(">I", len(rest) + 4) + rest
    return with_length(one[:8], body)


HEAVY = {
    "empty blocks": many_extensions,
    "fill bytes": lambda: b"\xff\xd8" + b"\xff" * 30_000_000 + b"\xff\xd9",
    "empty segments of JPEG": lambda: b"\xff\xd8" + b"\xff\xe0\x00\x02" * 7_000_000 + b"\xff\xd9",
    "empty segments of WSQ": lambda: b"\xff\xa0" + b"\xff\xa8\x00\x02" * 7_000_000 + b"\xff\xa1",
    "empty boxes": lambda: (
        b"\x00\x00\x00\x0cjP  \r\n\x87\n" + struct.pack(">I4s", 8, b"free") * 3_000_000
    ),
    "nothing in 60 MB": lambda: with_length(b"FIR\x00020\x00", bytes(60_000_000)),
}


@pytest.mark.parametrize("make", HEAVY.values(), ids=HEAVY)
def test_the_heaviest_bytes_are_refused_at_once(make):
    data = make()
    tracemalloc.start()
    began = time.process_time()
    for read in READERS:
        assert isinstance(read(data), Refusal)
    seconds = time.process_time() - began
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 5  # of processor time; a walk over all of it would take half a minute
    assert taken < 2 * len(data)
