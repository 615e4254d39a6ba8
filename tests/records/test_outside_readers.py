"""Records judged by programs that are not ours, where they are installed.

`nbis-py` (NIST's minutiae extractor), `iso19794` (IDEMIA's reader of finger and face images) and
`wsq` (NIST's coder of prints). None of them knows every field: each test says what is compared.
"""

from __future__ import annotations

import math
import struct
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace

import pytest
from PIL import Image

from ampera.records import (
    Capture,
    Certificate,
    Compression,
    Edition,
    FaceImageKind,
    FingerPosition,
    Gender,
    Impression,
    Minutia,
    MinutiaKind,
    PayloadFacts,
    PayloadKind,
    QualityScore,
    read_faces,
    read_finger_images,
    read_minutiae,
    read_payload,
    write_faces,
    write_finger_images,
    write_minutiae,
)
from ampera.words import Refusal
from tests.records.samples import (
    a_finger,
    a_view,
    drawn,
    face_record,
    finger_record,
    minutiae_record,
)
from tests.records.test_face_records import FACE_2005

#: Where the first minutia stands in a record of 2005 with one view.
FIRST_POINT = 28


def nbis_extractor():
    nbis = pytest.importorskip(
        "nbis",
        reason="nbis-py is not installed: no outside judge of minutiae (pip install nbis-py)",
    )
    settings = nbis.NbisExtractorSettings(
        min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=False, ppi=500
    )
    return nbis.new_nbis_extractor(settings)


def whorl(*, width: int = 300, height: int = 400) -> bytes:
    """A drawn whorl with dislocations, which an extractor finds as minutiae. Nobody's finger."""
    breaks = [(90, 120, 1), (210, 150, -1), (120, 260, 1), (190, 280, -1), (80, 200, -1)]
    image = Image.new("L", (width, height), 255)
    pixels = image.load()
    for y in range(height):
        for x in range(width):
            if ((x - 150) / 135) ** 2 + ((y - 200) / 185) ** 2 < 1:
                phase = 2 * math.pi * math.hypot(x - 150, (y - 190) * 0.85) / 9
                phase += sum(sign * math.atan2(y - b, x - a) for a, b, sign in breaks)
                pixels[x, y] = int(127 + 120 * math.sin(phase))
    out = BytesIO()
    image.save(out, format="PNG", dpi=(500, 500))
    return out.getvalue()


def nbis_envelope(points: bytes, *, width: int, height: int) -> bytes:
    """Minutiae in what nbis-py reads: it names the edition of 2005 but has eight bytes of its own
    where the standard has resolution, counts and the header of the view."""
    head = struct.pack(">HHH", 0, width, height) + bytes(7) + bytes([len(points) // 6])
    return b"FMR\x00 20\x00" + struct.pack(">I", 12 + len(head) + len(points)) + head + points


def kind_of(found) -> MinutiaKind:
    return MinutiaKind.BIFURCATION if "BIFURCATION" in str(found) else MinutiaKind.ENDING


def test_nbis_finds_our_minutiae_where_we_put_them():
    extractor = nbis_extractor()
    ours = tuple(
        # It counts 32 directions, so every eighth of ours.
        Minutia(7 * n, 390 - 5 * n, 8 * n % 256, MinutiaKind(1 + n % 2), 1 + n)
        for n in range(40)
    )
    data = write_minutiae(minutiae_record(a_view(*ours)))
    points = data[FIRST_POINT : FIRST_POINT + 6 * len(ours)]
    theirs = extractor.load_iso_19794_2_2005(nbis_envelope(points, width=300, height=400)).get()
    assert len(theirs) == len(ours)
    for mine, found in zip(ours, theirs, strict=True):
        assert (mine.x_px, mine.y_px) == (found.x(), found.y())
        assert mine.kind is kind_of(found.kind())
        assert mine.degrees == found.angle()


def test_we_write_the_minutiae_of_nbis_as_nbis_does():
    minutiae = nbis_extractor().extract_minutiae(whorl())
    found = minutiae.get()
    assert len(found) > 5
    ours = tuple(
        Minutia(each.x(), each.y(), round(each.angle() * 256 / 360) % 256, kind_of(each.kind()))
        for each in found
    )
    data = write_minutiae(minutiae_record(a_view(*ours)))
    theirs = minutiae.to_iso_19794_2_2005()
    for n in range(len(ours)):
        ours_at, theirs_at = FIRST_POINT + 6 * n, 26 + 6 * n
        # Not the last byte: its quality has 63 steps, ours 100 as the standard says.
        assert data[ours_at : ours_at + 5] == theirs[theirs_at : theirs_at + 5]


def test_what_nbis_calls_a_record_of_2005_is_refused():
    theirs = nbis_extractor().extract_minutiae(whorl()).to_iso_19794_2_2005()
    found = read_minutiae(theirs)
    assert isinstance(found, Refusal)
    assert (found.code, found.facts["place"]) == ("records.value_unknown", "resolution")


def idemia(module: str):
    return pytest.importorskip(
        f"iso19794.{module}",
        reason="iso19794 is not installed: no outside judge of images (pip install iso19794)",
    )


def test_an_outside_reader_finds_in_our_finger_record_what_we_put_there():
    outside = idemia("FIR")
    capture = Capture(
        datetime(2026, 11, 23, 9, 5, 30, tzinfo=UTC),
        vendor=29,
        qualities=(QualityScore(86, 257, 2),),
        certificates=(Certificate(3, 1),),
    )
    finger = replace(a_finger(Compression.JPEG), capture=capture, impression=Impression.SWIPE)
    data = write_finger_images(finger_record(finger))
    stream = BytesIO(data)
    assert struct.unpack(">4s4sIHBB", stream.read(16)) == (
        *(b"FIR\x00", b"020\x00", len(data)),
        *(1, 1, 1),
    )
    stub = SimpleNamespace(fp=stream, info={"certification_flag": True})
    told, offset, sizes = outside.FIRImageFile.read_header(stub)
    assert told["position"] == "LEFT_THUMB"
    assert told["image_compression_algo"] == "JPEG"
    assert told["impression_type"] == "LIVESCAN_SWIPE"
    assert told["scale_units"] == "PPI"
    assert told["horizontal_image_sampling_rate"] == 500
    assert told["capture_datetime"].isoformat() == "2026-11-23T09:05:30"
    assert told["capture_device_vendor_id"] == b"\x00\x1d"
    assert [each.score for each in told["quality_records"]] == [86]
    assert [each.authority_id for each in told["certification_records"]] == [b"\x00\x03"]
    assert (sizes.horizontal_line_length, sizes.vertical_line_length) == (120, 160)
    assert data[16 + offset :] == finger.data


def test_we_read_the_finger_record_that_an_outside_writer_made():
    idemia("FIR")
    image, out = drawn(), BytesIO()
    image.header = {  # its writer looks for it here
        "capture_datetime": datetime(2026, 11, 23, 9, 5, 30, tzinfo=UTC),
        "position": "RIGHT_INDEX_FINGER",
        "number": 1,
        "image_compression_algo": "JPEG",
        "impression_type": "LIVESCAN_ROLLED",
    }
    image.save(out, "FIR")
    found = read_finger_images(out.getvalue())
    assert not isinstance(found, Refusal)
    (finger,) = found.images
    assert finger.position is FingerPosition.RIGHT_INDEX
    assert finger.impression is Impression.LIVE_ROLLED
    assert finger.sampling.compression is Compression.JPEG
    assert (finger.width_px, finger.height_px) == image.size
    assert Image.open(BytesIO(finger.data)).size == image.size
    assert write_finger_images(found) == out.getvalue()


def test_an_outside_reader_finds_in_our_face_record_what_we_put_there():
    outside = idemia("FAC")
    data = write_faces(face_record(FACE_2005, edition=Edition.Y2005))
    stream = BytesIO(data)
    assert struct.unpack(">4s4sIH", stream.read(14)) == (b"FAC\x00", b"010\x00", len(data), 1)
    told, offset, sizes = outside.FACImageFile.read_header(
        SimpleNamespace(fp=stream, info={"version": "010"})
    )
    assert told["gender"] == "F"
    assert (told["eye_colour"], told["hair_colour"]) == ("BROWN", "BLACK")
    assert told["property_mask"] == ["SPECIFIED", "GLASSES"]
    assert (told["face_image_type"], told["source_type"]) == ("FULL_FRONTAL", "STATIC_CAMERA")
    assert [(each.point_code, each.x, each.y) for each in told["landmark_points"]] == [
        (0xC1, 60, 80)
    ]
    assert (sizes.width, sizes.height) == (120, 160)
    assert data[14 + offset :] == FACE_2005.data


def test_we_read_the_face_record_that_an_outside_writer_made():
    idemia("FAC")
    image, out = drawn(mode="RGB"), BytesIO()
    image.header = {"gender": "M", "face_image_type": "TOKEN_FRONTAL", "eye_colour": "GREEN"}
    image.save(out, "FAC", version="010")
    found = read_faces(out.getvalue())
    assert not isinstance(found, Refusal)
    (face,) = found.images
    assert (face.gender, face.kind) == (Gender.MALE, FaceImageKind.TOKEN_FRONTAL)
    assert (face.width_px, face.height_px) == image.size
    # It writes RGB as the first number that stands for it: 0, not told.
    assert face.colour_space == 0
    assert write_faces(found) == out.getvalue()


def a_real_wsq(*, width: int = 120, height: int = 160) -> bytes:
    pytest.importorskip(
        "wsq", reason="wsq is not installed: no outside coder of prints (pip install wsq)"
    )
    out = BytesIO()
    drawn(width=width, height=height).save(out, format="WSQ")
    return out.getvalue()


def test_the_header_of_a_real_wsq_is_read():
    data = a_real_wsq(width=300, height=260)
    assert read_payload(data) == PayloadFacts(PayloadKind.WSQ, 300, 260, 1, 8)


def test_a_real_wsq_travels_in_a_record_and_is_unpacked_by_its_coder():
    finger = replace(a_finger(), data=a_real_wsq())
    found = read_finger_images(write_finger_images(finger_record(finger)))
    assert not isinstance(found, Refusal)
    with Image.open(BytesIO(found.images[0].data)) as image:
        image.load()
        assert image.size == (120, 160)


def test_a_real_wsq_turned_into_a_bomb_is_refused_by_its_header():
    data = a_real_wsq()
    at = data.index(b"\xff\xa2\x00\x11") + 6
    bomb = data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :]
    found = read_payload(bomb)
    assert isinstance(found, Refusal)
    assert found.code == "records.too_big"
