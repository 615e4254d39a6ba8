"""The code tables that several parts of ISO/IEC 19794 share: fingers and kinds of impression.

Ampera records fingers, so palms and joint impressions beyond the slaps are unknown here.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Edition(IntEnum):
    """The two editions of the standard in use. 2011 is the one that MOSIP and SNI write."""

    Y2005 = 2005
    Y2011 = 2011


class FingerPosition(IntEnum):
    """Which finger or slap, by the standard's numbers (19794-2:2005 table 2, 19794-4:2011 tables
    6 and 7)."""

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10
    RIGHT_FOUR = 13
    LEFT_FOUR = 14
    BOTH_THUMBS = 15
    RIGHT_INDEX_MIDDLE = 40
    RIGHT_MIDDLE_RING = 41
    RIGHT_RING_LITTLE = 42
    LEFT_INDEX_MIDDLE = 43
    LEFT_MIDDLE_RING = 44
    LEFT_RING_LITTLE = 45
    BOTH_INDEXES = 46
    RIGHT_INDEX_TO_RING = 47
    RIGHT_MIDDLE_TO_LITTLE = 48
    LEFT_INDEX_TO_RING = 49
    LEFT_MIDDLE_TO_LITTLE = 50


class Impression(IntEnum):
    """How the print was taken, by the numbers of 2011. The editions of 2005 count differently."""

    LIVE_PLAIN = 0
    LIVE_ROLLED = 1
    NONLIVE_PLAIN = 2
    NONLIVE_ROLLED = 3
    LATENT_IMPRESSION = 4
    LATENT_TRACING = 5
    LATENT_PHOTO = 6
    LATENT_LIFT = 7
    SWIPE = 8
    VERTICAL_ROLL = 9
    CONTACTLESS = 24
    OTHER = 28
    UNKNOWN = 29


SINGLE_FINGERS: Final = frozenset(FingerPosition(code) for code in range(11))
#: Positions of the images of 2005: single fingers and the three slaps.
FINGERS_2005: Final = SINGLE_FINGERS | {
    FingerPosition.RIGHT_FOUR,
    FingerPosition.LEFT_FOUR,
    FingerPosition.BOTH_THUMBS,
}

#: 19794-2:2005 §7.4.2.3 knows these only.
MINUTIAE_IMPRESSIONS_2005: Final = {
    code: Impression(code) for code in (0, 1, 2, 3, Impression.SWIPE)
}
#: 19794-4:2005 table 7: 7 is any latent print, 9 a contactless one (a rolled one in 2011).
IMAGE_IMPRESSIONS_2005: Final = {
    **MINUTIAE_IMPRESSIONS_2005,
    7: Impression.LATENT_LIFT,
    9: Impression.CONTACTLESS,
}


def fingers_known(*, edition: Edition) -> frozenset[FingerPosition]:
    """The positions that an image of this edition may have."""
    return FINGERS_2005 if edition is Edition.Y2005 else frozenset(FingerPosition)
