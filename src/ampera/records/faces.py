"""Face image records of ISO/IEC 19794-5, as data, in both editions.

Rounding: a pose is told in steps of 2 degrees, so `Pose` takes even degrees only and is written
and read the same. Three-dimensional images are not taken: no camera of ours makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from ampera.records.codes import Edition
from ampera.records.payloads import PayloadFacts, PayloadKind, check_payload
from ampera.records.reading import Cursor
from ampera.records.representation import NO_CAPTURE, Capture

#: One portrait is the rule; the rest is room for a sequence.
IMAGES_MAX: Final = 16
BYTES_MAX: Final = 32 * 1024 * 1024
#: MPEG-4 knows 84 feature points; the anthropometric ones are fewer.
POINTS_MAX: Final = 256
STEP_DEGREES: Final = 2
_TURN_STEPS: Final = 180
POSE_CODES: Final = frozenset(range(_TURN_STEPS + 1))
#: 0 not told, 1 for exactly, up to 181 for 360 degrees.
UNCERTAINTY_CODES: Final = frozenset(range(_TURN_STEPS + 2))


class Gender(IntEnum):
    """§5.5.3, by its numbers."""

    NOT_TOLD = 0
    MALE = 1
    FEMALE = 2
    UNKNOWN = 255


class FaceImageKind(IntEnum):
    """§5.7.1: what conditions the image meets. POST_PROCESSED is known to 2011 only."""

    BASIC = 0
    FULL_FRONTAL = 1
    TOKEN_FRONTAL = 2
    POST_PROCESSED = 3


class FaceCompression(StrEnum):
    """How the image is kept. 2005 knows JPEG and JPEG 2000, without telling whether lossless."""

    JPEG = "JPEG"
    JPEG2000 = "JPEG2000"
    JPEG2000_LOSSLESS = "JPEG2000_LOSSLESS"
    PNG = "PNG"


#: 19794-5:2005 table 11 and 19794-5:2011 table 17.
CODES_2005: Final[Mapping[int, FaceCompression]] = MappingProxyType(
    {0: FaceCompression.JPEG, 1: FaceCompression.JPEG2000}
)
CODES_2011: Final[Mapping[int, FaceCompression]] = MappingProxyType(
    dict(enumerate(FaceCompression))
)
_KINDS: Final = MappingProxyType(
    {
        FaceCompression.JPEG: PayloadKind.JPEG,
        FaceCompression.JPEG2000: PayloadKind.JPEG2000,
        FaceCompression.JPEG2000_LOSSLESS: PayloadKind.JPEG2000,
        FaceCompression.PNG: PayloadKind.PNG,
    }
)
_GREY, _COLOUR = frozenset({1}), frozenset({3})
#: What a colour space promises: channels and bits of each; 0 bits: not said.
_SPACES_2005: Final = MappingProxyType({1: (_COLOUR, 8), 2: (_COLOUR, 8), 3: (_GREY, 8)})
_SPACES_2011: Final = MappingProxyType({**_SPACES_2005, 4: (_COLOUR, 16), 5: (_GREY, 16)})

EYE_COLOURS: Final = frozenset({*range(8), 255})
HAIR_COLOURS: Final = frozenset({*range(10), 255})
COLOUR_SPACES_2005: Final = frozenset({*range(5), *range(128, 256)})
COLOUR_SPACES_2011: Final = frozenset({*range(7), *range(128, 256)})


@dataclass(frozen=True, slots=True)
class Pose:
    """How the head is turned, in even degrees from -178 to 180, None where not told; and how far
    that may be wrong, in even degrees to 360, None where not told."""

    yaw: int | None = None
    pitch: int | None = None
    roll: int | None = None
    yaw_uncertainty: int | None = None
    pitch_uncertainty: int | None = None
    roll_uncertainty: int | None = None


@dataclass(frozen=True, slots=True)
class FacePoint:
    """A point of the face. `kind`: 1 MPEG-4, 2 anthropometric, 3 (2011) anthropometric in space.
    `code`: which point, four bits major and four minor. `z` is 0 except for kind 3."""

    kind: int
    code: int
    x_px: int
    y_px: int
    z: int = 0


@dataclass(frozen=True, slots=True)
class FaceImage:
    """One image of a face, and what somebody found on it.

    `properties`: 24 bits of table 7 (1: they are told; 2 glasses, 4 moustache, 8 beard, …).
    `expression`: a number of table 8 in 2005, bits of table 11 in 2011. Told by 2005 only:
    `source` (1 to 7), `device`, `quality`. Told by 2011 only: `capture`, `height_cm`,
    `sampling_level` (pixels across the head: 0 to 7), `processing` (bits of table 19) and
    `made_from` (number of the image that this was made from).
    """

    width_px: int
    height_px: int
    data: bytes
    compression: FaceCompression = FaceCompression.JPEG
    kind: FaceImageKind = FaceImageKind.FULL_FRONTAL
    colour_space: int = 1
    gender: Gender = Gender.NOT_TOLD
    eye_colour: int = 0
    hair_colour: int = 0
    properties: int = 0
    expression: int = 0
    pose: Pose = Pose()
    points: tuple[FacePoint, ...] = ()
    source: int = 0
    device: int = 0
    quality: int = 0
    capture: Capture = NO_CAPTURE
    height_cm: int = 0
    sampling_level: int = 0
    processing: int = 0
    made_from: int = 0


@dataclass(frozen=True, slots=True)
class FaceRecord:
    """The face images of one person. `sequence`, told by 2011 only: 0 one image, 1 to 3 several,
    and how they follow each other."""

    edition: Edition
    images: tuple[FaceImage, ...]
    sequence: int = 0


def read_pose(cursor: Cursor) -> Pose:
    """Six bytes: three angles, then how far each may be wrong (§5.5.8 and §5.5.9 of 2005)."""
    angles = [cursor.one_of(POSE_CODES, place="pose") for _ in range(3)]
    doubts = [cursor.one_of(UNCERTAINTY_CODES, place="pose_uncertainty") for _ in range(3)]
    return Pose(*map(_degrees, angles), *((d - 1) * STEP_DEGREES if d else None for d in doubts))


def _degrees(code: int) -> int | None:
    if not code:
        return None
    steps = code - 1
    return STEP_DEGREES * (steps if steps <= _TURN_STEPS // 2 else steps - _TURN_STEPS)


def write_pose(pose: Pose) -> bytes:
    """The bytes that `read_pose` reads. Raises ValueError for degrees that have no step."""
    angles = (pose.yaw, pose.pitch, pose.roll)
    doubts = (pose.yaw_uncertainty, pose.pitch_uncertainty, pose.roll_uncertainty)
    if any((each or 0) % STEP_DEGREES for each in (*angles, *doubts)):
        raise ValueError("a pose is told in even degrees")
    turned = (0 if a is None else a // STEP_DEGREES % _TURN_STEPS + 1 for a in angles)
    return bytes((*turned, *(0 if d is None else d // STEP_DEGREES + 1 for d in doubts)))


def compression_of(cursor: Cursor, *, codes: Mapping[int, FaceCompression]) -> FaceCompression:
    """The next byte as a compression. Refuses records.value_unknown."""
    return codes[cursor.one_of(codes, place="compression")]


def code_of(compression: FaceCompression, *, codes: Mapping[int, FaceCompression]) -> int:
    """The number of this compression in an edition. Raises KeyError where the edition has none."""
    return {each: code for code, each in codes.items()}[compression]


def check_face(cursor: Cursor, *, image: FaceImage, edition: Edition) -> None:
    """The image's own header must say what the record says, and its points lie on it. Refuses
    records.image_*, records.outside."""
    size = f"{image.width_px}×{image.height_px}"
    for number, point in enumerate(image.points):
        is_flat = point.kind in (1, 2)
        if is_flat and (point.x_px >= image.width_px or point.y_px >= image.height_px):
            told = f"{point.x_px},{point.y_px}"
            raise cursor.no("records.outside", place=f"point[{number}]", told=told, limit=size)
    spaces = _SPACES_2005 if edition is Edition.Y2005 else _SPACES_2011
    channels, bits = spaces.get(image.colour_space, (_GREY | _COLOUR, 0))
    told_facts = PayloadFacts(
        _KINDS[image.compression], image.width_px, image.height_px, max(channels), bits
    )
    check_payload(cursor, data=image.data, told=told_facts, channels=channels)
