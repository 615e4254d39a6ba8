"""Images judged by their headers: what they say, what they cannot be, and bombs."""

from __future__ import annotations

import struct

import pytest

from ampera.records import PayloadFacts, PayloadKind, read_payload
from ampera.words import Refusal
from tests.records.samples import encoded, png_header, wsq


def code(data: bytes) -> str:
    found = read_payload(data)
    assert isinstance(found, Refusal)
    return found.code.removeprefix("records.")


@pytest.mark.parametrize(
    ("data", "kind", "channels"),
    [
        (wsq(width=300, height=400), PayloadKind.WSQ, 1),
        (encoded("JPEG", width=300, height=400), PayloadKind.JPEG, 1),
        (encoded("JPEG", width=300, height=400, mode="RGB"), PayloadKind.JPEG, 3),
        (encoded("JPEG2000", width=300, height=400), PayloadKind.JPEG2000, 1),
        (encoded("J2K", width=300, height=400, mode="RGB"), PayloadKind.JPEG2000, 3),
        (encoded("PNG", width=300, height=400), PayloadKind.PNG, 1),
        (encoded("PNG", width=300, height=400, mode="RGBA"), PayloadKind.PNG, 4),
    ],
)
def test_a_header_tells_kind_size_and_channels(data, kind, channels):
    assert read_payload(data) == PayloadFacts(kind, 300, 400, channels, 8)


def test_bytes_that_begin_as_nothing_are_no_image():
    assert code(b"") == "image_unknown"
    assert code(b"GIF89a" + bytes(100)) == "image_unknown"


def test_a_wsq_bomb_is_refused_by_its_header():
    assert code(wsq(width=65_535, height=65_535)) == "too_big"
    assert code(wsq(width=4_000, height=4_000, coded=9)) == "too_big"
    assert code(wsq(width=4_001, height=4_000, coded=70_000)) == "too_big"
    assert isinstance(read_payload(wsq(width=4_000, height=4_000, coded=70_000)), PayloadFacts)


def test_a_png_and_a_jpeg_2000_bomb_are_refused_by_their_headers():
    assert code(png_header(30_000, 30_000, padding=20_000)) == "too_big"
    assert code(png_header(3_000, 3_000)) == "too_big"
    stream = bytearray(encoded("J2K", width=300, height=400))
    struct.pack_into(">II", stream, 8, 2**32 - 1, 2**32 - 1)
    assert code(bytes(stream)) == "too_big"


def test_a_jpeg_2000_picture_begins_behind_its_offset():
    stream = bytearray(encoded("J2K", width=300, height=400))
    struct.pack_into(">II", stream, 16, 20, 30)
    assert read_payload(bytes(stream)) == PayloadFacts(PayloadKind.JPEG2000, 280, 370, 1, 8)


def test_a_jpeg_2000_of_countless_tiles_is_refused():
    stream = bytearray(encoded("J2K", width=300, height=400))
    struct.pack_into(">II", stream, 24, 1, 1)
    assert code(bytes(stream)) == "too_big"


def test_a_jpeg_2000_whose_first_channel_has_not_all_pixels_is_refused():
    stream = bytearray(encoded("J2K", width=300, height=400))
    assert stream[42:45] == bytes((7, 1, 1))
    stream[43] = 2
    assert code(bytes(stream)) == "image_broken"


def test_a_jpeg_of_countless_scans_is_refused():
    image = encoded("JPEG")
    assert code(image[:-2] + b"\xff\xda" * 100 + b"\xff\xd9") == "image_broken"


def test_more_than_a_record_may_hold_is_refused():
    assert code(b"\xff\xa0" + bytes(33 * 1024 * 1024)) == "too_big"


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000", "J2K", "PNG"])
def test_an_image_without_rows_or_columns_is_refused(kind):
    image = encoded(kind, width=300, height=400)
    none = image.replace(b"\x01\x90", b"\x00\x00").replace(b"\x01\x2c", b"\x00\x00")
    assert isinstance(read_payload(none), Refusal)
    assert code(wsq(width=0)) == "image_broken"


def test_the_two_headers_of_a_jpeg_2000_file_must_agree():
    image = encoded("JPEG2000", width=300, height=400)
    at = image.index(b"ihdr") + 4
    other = image[:at] + struct.pack(">II", 40, 30) + image[at + 8 :]
    assert code(other) == "image_broken"


@pytest.mark.parametrize("kind", ["WSQ", "JPEG", "PNG"])
def test_an_image_that_does_not_end_as_its_format_ends_is_refused(kind):
    image = wsq() if kind == "WSQ" else encoded(kind)
    assert code(image[:-1]) == "image_broken"
    assert code(image + b"\x00") == "image_broken"


@pytest.mark.parametrize("kind", ["WSQ", "JPEG", "JPEG2000", "J2K", "PNG"])
def test_an_image_cut_inside_its_header_is_refused(kind):
    image = wsq() if kind == "WSQ" else encoded(kind)
    for end in range(min(len(image), 60)):
        assert isinstance(read_payload(image[:end]), Refusal)


@pytest.mark.parametrize(
    "frame", [b"\xff\xc3", b"\xff\xc9", b"\xff\xda", b"\xff\xd8", b"\x00\xc0", b"\xff\x00"]
)
def test_a_jpeg_of_a_kind_that_no_camera_writes_is_refused(frame):
    image = encoded("JPEG")
    assert code(image.replace(b"\xff\xc0", frame, 1)) == "image_broken"


def test_a_wsq_with_another_segment_before_its_frame_is_refused():
    assert code(wsq().replace(b"\xff\xa8", b"\xff\xa3", 1)) == "image_broken"
    assert code(wsq().replace(b"\xff\xa8\x00\x0d", b"\xff\xa8\x00\x01", 1)) == "image_broken"
    assert code(wsq().replace(b"\xff\xa2\x00\x11", b"\xff\xa2\x00\x10", 1)) == "image_broken"


def test_a_png_whose_header_fails_its_checksum_is_refused():
    image = bytearray(encoded("PNG"))
    image[19] ^= 1
    assert code(bytes(image)) == "image_broken"
