"""Pictures: what is really one, and the drawn people of the demonstrations."""

from __future__ import annotations

import hashlib
import struct
import zlib
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ampera.papers.card import PictureUnusable, card_face
from ampera.papers.portrait import (
    PORTRAIT_LIMITS,
    SIGNATURE_LIMITS,
    ImageFacts,
    ImageKind,
    ImageLimits,
    read_image,
    synthetic_portrait,
    synthetic_signature,
)
from ampera.words import Refusal
from tests.papers.samples import a_card

PORTRAIT = synthetic_portrait(1, birth_year=1991)
SIGNATURE = synthetic_signature(1)
BOTH = [ImageKind.JPEG, ImageKind.PNG]


def read(data: bytes, *, limits: ImageLimits = PORTRAIT_LIMITS) -> ImageFacts | Refusal:
    return read_image(
        data, kinds=limits.kinds, bytes_max=limits.bytes_max, pixels_max=limits.pixels_max
    )


def png(width: int, height: int, *, rows: bytes) -> bytes:
    """A grey PNG of one bit a pixel, built by hand so that its header can say anything."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def test_a_portrait_is_read() -> None:
    facts = read(PORTRAIT)
    assert facts == ImageFacts(
        kind=ImageKind.JPEG,
        width_px=480,
        height_px=640,
        byte_count=len(PORTRAIT),
        sha256=hashlib.sha256(PORTRAIT).hexdigest(),
        is_upright=True,
    )


def test_a_signature_is_read() -> None:
    facts = read(SIGNATURE, limits=SIGNATURE_LIMITS)
    assert isinstance(facts, ImageFacts)
    assert (facts.kind, facts.width_px, facts.height_px) == (ImageKind.PNG, 480, 200)


def test_ten_megabytes_that_are_no_image_are_no_image() -> None:
    assert read(b"\x00" * 10_000_000) == Refusal("papers.not_an_image")
    assert read(b"GIF89a" + b"\x00" * 10_000_000) == Refusal("papers.not_an_image")
    assert read(b"") == Refusal("papers.not_an_image")


def test_a_camera_file_of_ten_megabytes_is_too_big() -> None:
    data = PORTRAIT + b"\x00" * 10_000_000
    assert read(data) == Refusal(
        "papers.image_too_big", amount=len(data), unit="byte", limit=PORTRAIT_LIMITS.bytes_max
    )


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    width = height = 30_000
    bomb = png(width, height, rows=bytes((width // 8 + 1) * 400))
    assert len(bomb) < 100_000
    no = read(bomb)
    assert isinstance(no, Refusal)
    assert (no.code, no.facts["amount"]) == ("papers.image_too_big", 900_000_000)


@pytest.mark.parametrize("whole", [PORTRAIT, SIGNATURE], ids=["jpeg", "png"])
def test_a_file_cut_anywhere_is_never_taken(whole: bytes) -> None:
    for length in {*range(0, len(whole), 701), *range(len(whole) - 12, len(whole))}:
        no = read(whole[:length])
        assert isinstance(no, Refusal), length
        assert no.code in {"papers.image_broken", "papers.not_an_image"}
    assert read(whole[: len(whole) // 2]) == Refusal("papers.image_broken")


def test_a_damaged_png_is_broken() -> None:
    spoiled = bytearray(SIGNATURE)
    spoiled[len(spoiled) // 2] ^= 0xFF
    assert read(bytes(spoiled)) == Refusal("papers.image_broken")


@pytest.mark.parametrize("whole", [PORTRAIT, SIGNATURE], ids=["jpeg", "png"])
def test_nothing_may_hide_behind_the_end(whole: bytes) -> None:
    assert read(whole + b"PK\x03\x04 something else") == Refusal("papers.image_broken")


def test_a_camera_may_pad_its_file_with_zeros() -> None:
    assert isinstance(read(PORTRAIT + b"\x00" * 512), ImageFacts)


def test_a_kind_that_is_not_asked_for_is_refused() -> None:
    no = read(PORTRAIT, limits=SIGNATURE_LIMITS)
    assert no == Refusal("papers.image_wrong_kind", kind="JPEG", accepted="PNG")


def test_every_refusal_has_its_texts_filled() -> None:
    answers = [
        read(b"x"),
        read(PORTRAIT, limits=SIGNATURE_LIMITS),
        read(PORTRAIT + b"\x00" * 10_000_000),
        read(PORTRAIT[:5000]),
    ]
    for no in answers:
        assert isinstance(no, Refusal)
        for language in ("id", "en"):
            assert "…" not in no.text(language) + no.next_step(language)


def test_a_picture_that_lies_on_its_side_is_known_and_not_printed() -> None:
    turned = Image.open(BytesIO(PORTRAIT))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    turned.save(out, format="JPEG", exif=exif)
    facts = read(out.getvalue())
    assert isinstance(facts, ImageFacts)
    assert not facts.is_upright
    with pytest.raises(PictureUnusable) as no:
        card_face(a_card(portrait=out.getvalue()))
    assert no.value.field == "portrait"


@settings(max_examples=150, deadline=None)
@given(tail=st.binary(max_size=300), head=st.sampled_from([b"", b"\xff\xd8\xff", PORTRAIT[:700]]))
def test_hostile_bytes_get_an_answer_and_never_a_crash(tail: bytes, head: bytes) -> None:
    answer = read(head + tail + b"\xff\xd9")
    if isinstance(answer, ImageFacts):  # a scan that ends early but closes well is drawn grey
        assert (answer.width_px, answer.height_px) == (480, 640)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(2, len(PORTRAIT) - 3), flip=st.integers(1, 255))
def test_a_damaged_jpeg_is_read_or_refused_but_never_another_size(at: int, flip: int) -> None:
    spoiled = bytearray(PORTRAIT)
    spoiled[at] ^= flip
    answer = read(bytes(spoiled))
    if isinstance(answer, ImageFacts):
        with Image.open(BytesIO(spoiled)) as image:
            assert image.size == (answer.width_px, answer.height_px)


@pytest.mark.parametrize(("year", "is_red"), [(1991, True), (1990, False), (2001, True)])
def test_the_background_follows_the_birth_year(year: int, is_red: bool) -> None:
    image = Image.open(BytesIO(synthetic_portrait(5, birth_year=year))).convert("RGB")
    red, _, blue = image.getpixel((10, 10))  # type: ignore[misc]
    assert (red > blue) is is_red


def test_synthetic_people_differ_by_seed_and_repeat_by_seed() -> None:
    many = {synthetic_portrait(seed, birth_year=1990) for seed in range(12)}
    assert len(many) == 12
    assert synthetic_portrait(4, birth_year=1990) in many
    assert len({synthetic_signature(seed) for seed in range(12)}) == 12
    assert synthetic_portrait(4, birth_year=1990, is_woman=True) != synthetic_portrait(
        4, birth_year=1990, is_woman=False
    )


def test_a_synthetic_portrait_is_about_twenty_kilobytes() -> None:
    for seed in range(6):
        assert 10_000 < len(synthetic_portrait(seed, birth_year=1980 + seed)) < 30_000


def test_a_synthetic_portrait_carries_its_mark_at_the_foot() -> None:
    image = Image.open(BytesIO(PORTRAIT)).convert("L")
    bar = image.crop((0, 590, 480, 620)).tobytes()
    changes = sum(1 for one, next_one in pairwise(bar) if abs(one - next_one) > 100)
    assert changes > 200  # white letters on a dark bar


def test_limits_that_the_image_library_would_not_hold_are_a_defect() -> None:
    with pytest.raises(AssertionError):
        read_image(PORTRAIT, kinds=BOTH, bytes_max=1000, pixels_max=10**9)
