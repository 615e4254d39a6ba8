"""Hypothesis strategies for every kind of record, with all that its edition can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from ampera.records import (
    Capture,
    Certificate,
    Compression,
    Edition,
    Extension,
    FaceCompression,
    FaceImage,
    FaceImageKind,
    FacePoint,
    FaceRecord,
    FingerImage,
    FingerImageRecord,
    FingerPosition,
    Gender,
    Impression,
    Minutia,
    MinutiaeRecord,
    MinutiaeView,
    MinutiaKind,
    Pose,
    QualityScore,
    Sampling,
    Scale,
)
from tests.records.samples import encoded, wsq

BYTE, SHORT = st.integers(0, 255), st.integers(0, 0xFFFF)
#: Whole milliseconds since 1970, for some hundred years.
MOMENTS = st.integers(0, 4_000_000_000_000).map(
    lambda each: datetime.fromtimestamp(each // 1000, tz=UTC).replace(
        microsecond=each % 1000 * 1000
    )
)
EXTENSIONS = st.lists(
    st.builds(Extension, st.integers(1, 0xFFFF), st.binary(max_size=20)), max_size=3
).map(tuple)


def captures(
    *, technologies: st.SearchStrategy[int], is_finger: bool
) -> st.SearchStrategy[Capture]:
    certificates = st.lists(st.builds(Certificate, SHORT, BYTE), max_size=2).map(tuple)
    return st.builds(
        Capture,
        st.none() | MOMENTS,
        technologies,
        SHORT,
        SHORT,
        st.lists(
            st.builds(QualityScore, st.none() | st.integers(0, 100), SHORT, SHORT), max_size=3
        ).map(tuple),
        certificates if is_finger else st.just(()),
    )


FINGER_CAPTURES = captures(technologies=st.integers(0, 20), is_finger=True)
FACE_CAPTURES = captures(technologies=st.integers(0, 6) | st.integers(128, 255), is_finger=False)


@st.composite
def points(draw, *, width: int, height: int, least: int, worst: int):
    one = st.builds(
        Minutia,
        st.integers(0, width - 1),
        st.integers(0, height - 1),
        BYTE,
        st.sampled_from(MinutiaKind),
        st.none() | st.integers(worst, 100),
    )
    return tuple(draw(st.lists(one, min_size=least, max_size=20)))


def numbered(items):
    """The same, each numbered among those of its position."""
    seen: dict[FingerPosition, int] = {}
    out = []
    for item in items:
        seen[item.position] = seen.get(item.position, -1) + 1
        out.append(replace(item, number=seen[item.position]))
    return tuple(out)


@st.composite
def minutiae_records(draw, edition: Edition):
    is_old = edition is Edition.Y2005
    sides, scales = st.integers(1, 0x3FFF), st.integers(99, 0x3FFF)
    size = draw(st.tuples(sides, sides, scales, scales))
    views = []
    for _ in range(draw(st.integers(1, 4))):
        width, height, x_scale, y_scale = (
            size if is_old else draw(st.tuples(sides, sides, scales, scales))
        )
        positions = list(FingerPosition)[:11] if is_old else list(FingerPosition)
        impressions = [Impression(n) for n in (0, 1, 2, 3, 8)] if is_old else list(Impression)
        least, worst = (0, 1) if is_old else (1, 0)
        views.append(
            MinutiaeView(
                draw(st.sampled_from(positions)),
                width,
                height,
                draw(points(width=width, height=height, least=least, worst=worst)),
                0,
                draw(st.sampled_from(impressions)),
                x_scale,
                y_scale,
                draw(st.integers(0, 100)) if is_old else 0,
                0 if is_old else draw(st.integers(0, 1)),
                Capture() if is_old else draw(FINGER_CAPTURES),
                draw(EXTENSIONS),
            )
        )
    told = draw(st.tuples(st.integers(0, 0xFFF), st.integers(0, 15))) if is_old else (0, 0)
    return MinutiaeRecord(edition, numbered(views), *told)


PRINTS = {
    Compression.WSQ: (wsq(width=90, height=70), 90, 70),
    Compression.JPEG: (encoded("JPEG", width=90, height=70), 90, 70),
    Compression.JPEG2000: (encoded("JPEG2000", width=64, height=70), 64, 70),
    Compression.JPEG2000_LOSSLESS: (encoded("J2K", width=64, height=70), 64, 70),
    Compression.PNG: (encoded("PNG", width=33, height=44), 33, 44),
}


@st.composite
def finger_image_records(draw, edition: Edition):
    is_old = edition is Edition.Y2005
    known = [each for each in Compression if not is_old or each != "JPEG2000_LOSSLESS"]

    def sampling() -> Sampling:
        compression = draw(st.sampled_from(known))
        bits = draw(st.integers(1, 16)) if compression is Compression.RAW else 8
        rate = st.integers(1, 0xFFFF)
        scale = draw(st.sampled_from(Scale))
        return Sampling(draw(rate), draw(rate), scale, draw(SHORT), draw(SHORT), bits, compression)

    one, images = sampling(), []
    for _ in range(draw(st.integers(1, 4))):
        how = one if is_old else sampling()
        if how.compression is Compression.RAW:
            width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
            size = width * height * (1 if how.bits <= 8 else 2)
            data = draw(st.binary(min_size=size, max_size=size))
        else:
            data, width, height = PRINTS[how.compression]
        positions = [*list(FingerPosition)[:14]] if is_old else list(FingerPosition)
        old = [Impression(n) for n in (0, 1, 2, 3, 7, 8, 24)]
        images.append(
            FingerImage(
                draw(st.sampled_from(positions)),
                width,
                height,
                data,
                how,
                0,
                draw(st.sampled_from(old if is_old else list(Impression))),
                draw(st.none() | st.integers(0, 100)) if is_old else None,
                Capture() if is_old else draw(FINGER_CAPTURES),
                () if is_old else draw(EXTENSIONS),
            )
        )
    told = draw(st.tuples(SHORT, st.sampled_from([0, 10, 31, 41]))) if is_old else (0, 0)
    return FingerImageRecord(edition, numbered(images), *told)


ANGLES = st.none() | st.integers(-89, 90).map(lambda each: each * 2)
DOUBTS = st.none() | st.integers(0, 180).map(lambda each: each * 2)
POSES = st.builds(Pose, ANGLES, ANGLES, ANGLES, DOUBTS, DOUBTS, DOUBTS)
PHOTO = encoded("JPEG", width=48, height=64, mode="RGB")
PHOTO_2000 = encoded("JPEG2000", width=48, height=64, mode="RGB")
PHOTO_PNG = encoded("PNG", width=48, height=64, mode="RGB")
PHOTOS = {
    FaceCompression.JPEG: PHOTO,
    FaceCompression.JPEG2000: PHOTO_2000,
    FaceCompression.JPEG2000_LOSSLESS: PHOTO_2000,
    FaceCompression.PNG: PHOTO_PNG,
}


@st.composite
def face_records(draw, edition: Edition):
    is_old = edition is Edition.Y2005
    place = st.tuples(BYTE, st.integers(0, 47), st.integers(0, 63))
    images = []
    for _ in range(draw(st.integers(1, 3))):
        compression = draw(st.sampled_from(list(FaceCompression)[: 2 if is_old else 4]))
        flat = [
            FacePoint(draw(st.integers(1, 1 if is_old else 2)), *draw(place))
            for _ in range(draw(st.integers(0, 3)))
        ]
        deep = [] if is_old else [FacePoint(3, 7, draw(SHORT), draw(SHORT), draw(SHORT))]
        told = {"source": 2, "device": draw(SHORT), "quality": draw(SHORT)}
        new = {
            "capture": draw(FACE_CAPTURES),
            "height_cm": draw(BYTE),
            "sampling_level": draw(st.integers(0, 7)),
            "processing": draw(SHORT),
            "made_from": draw(st.integers(0, 16)),
        }
        images.append(
            FaceImage(
                48,
                64,
                PHOTOS[compression],
                compression,
                draw(st.sampled_from(list(FaceImageKind)[: 3 if is_old else 4])),
                draw(st.sampled_from([0, 1, 2, 4 if is_old else 6, 128])),
                draw(st.sampled_from(Gender)),
                draw(st.integers(0, 7) | st.just(255)),
                draw(st.integers(0, 9) | st.just(255)),
                draw(st.integers(0, 0xFFFFFF)),
                draw(st.integers(0, 7) if is_old else SHORT),
                draw(POSES),
                tuple(flat + deep),
                **(told if is_old else new),
            )
        )
    sequence = 0 if is_old or len(images) == 1 else draw(st.integers(1, 3))
    return FaceRecord(edition, tuple(images), sequence)
