"""Biometric records as other systems write them: ISO/IEC 19794-2, -4, -5 of 2005 and of 2011.

Minutiae, finger images and faces come from devices, other cities and the centre, and go to the chip
and to whoever matches them. So the bytes are read here by readers of our own, which believe no
number before it is checked against the rest, and written by writers whose every record such a
reader takes and finds unchanged. Bytes in, records out: nothing here knows a person, a station, a
database or a clock, and no image is unpacked.

`read_minutiae`, `read_finger_images` and `read_faces` find the edition in the record's own header;
`write_*` write the edition that the record names.
"""

from __future__ import annotations

from ampera.records.codes import Edition, FingerPosition, Impression
from ampera.records.faces import (
    FaceCompression,
    FaceImage,
    FaceImageKind,
    FacePoint,
    FaceRecord,
    Gender,
    Pose,
)
from ampera.records.faces_2005 import read_faces_2005, write_faces_2005
from ampera.records.faces_2011 import BEGINS as FACES_2011
from ampera.records.faces_2011 import read_faces_2011, write_faces_2011
from ampera.records.finger_images import (
    Compression,
    FingerImage,
    FingerImageRecord,
    Sampling,
    Scale,
)
from ampera.records.finger_images_2005 import (
    read_finger_images_2005,
    write_finger_images_2005,
)
from ampera.records.finger_images_2011 import BEGINS as FINGER_IMAGES_2011
from ampera.records.finger_images_2011 import (
    read_finger_images_2011,
    write_finger_images_2011,
)
from ampera.records.minutiae import Minutia, MinutiaeRecord, MinutiaeView, MinutiaKind
from ampera.records.minutiae_2005 import read_minutiae_2005, write_minutiae_2005
from ampera.records.minutiae_2011 import BEGINS as MINUTIAE_2011
from ampera.records.minutiae_2011 import read_minutiae_2011, write_minutiae_2011
from ampera.records.minutiae_card import CardMinutia, from_card, onto_card, read_card, write_card
from ampera.records.payloads import PayloadFacts, PayloadKind, read_payload
from ampera.records.representation import Capture, Certificate, Extension, QualityScore
from ampera.words.refusal import Refusal

__all__ = [
    "Capture",
    "CardMinutia",
    "Certificate",
    "Compression",
    "Edition",
    "Extension",
    "FaceCompression",
    "FaceImage",
    "FaceImageKind",
    "FacePoint",
    "FaceRecord",
    "FingerImage",
    "FingerImageRecord",
    "FingerPosition",
    "Gender",
    "Impression",
    "Minutia",
    "MinutiaKind",
    "MinutiaeRecord",
    "MinutiaeView",
    "PayloadFacts",
    "PayloadKind",
    "Pose",
    "QualityScore",
    "Sampling",
    "Scale",
    "from_card",
    "onto_card",
    "read_card",
    "read_faces",
    "read_finger_images",
    "read_minutiae",
    "read_payload",
    "write_card",
    "write_faces",
    "write_finger_images",
    "write_minutiae",
]


def read_minutiae(data: bytes) -> MinutiaeRecord | Refusal:
    """A record of ISO/IEC 19794-2 of either edition. Refuses with `records.*`."""
    is_new = data.startswith(MINUTIAE_2011)
    return read_minutiae_2011(data) if is_new else read_minutiae_2005(data)


def write_minutiae(record: MinutiaeRecord) -> bytes:
    """The record in its edition. Raises ValueError for what that edition has no place for."""
    is_new = record.edition is Edition.Y2011
    return write_minutiae_2011(record) if is_new else write_minutiae_2005(record)


def read_finger_images(data: bytes) -> FingerImageRecord | Refusal:
    """A record of ISO/IEC 19794-4 of either edition. Refuses with `records.*`."""
    is_new = data.startswith(FINGER_IMAGES_2011)
    return read_finger_images_2011(data) if is_new else read_finger_images_2005(data)


def write_finger_images(record: FingerImageRecord) -> bytes:
    """The record in its edition. Raises ValueError for what that edition has no place for."""
    is_new = record.edition is Edition.Y2011
    return write_finger_images_2011(record) if is_new else write_finger_images_2005(record)


def read_faces(data: bytes) -> FaceRecord | Refusal:
    """A record of ISO/IEC 19794-5 of either edition. Refuses with `records.*`."""
    is_new = data.startswith(FACES_2011)
    return read_faces_2011(data) if is_new else read_faces_2005(data)


def write_faces(record: FaceRecord) -> bytes:
    """The record in its edition. Raises ValueError for what that edition has no place for."""
    is_new = record.edition is Edition.Y2011
    return write_faces_2011(record) if is_new else write_faces_2005(record)
