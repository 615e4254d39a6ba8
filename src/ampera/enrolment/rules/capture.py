"""The gate before a capture: citizens recorded twice make the duplicates that stop their own
card.

Nobody is captured whose data were not reported (S10), whose NIK is not confirmed, who is too
young, or who is known to be recorded anywhere (S8).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ampera.enrolment.rules.printed import PrintedFields
from ampera.intake.rules.requests import RequestFacts
from ampera.register.rules.ages import may_be_recorded
from ampera.register.rules.codes import MARITAL
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

PORTRAIT: Final = "portrait"
#: Everything that one capture may hold. Iris is not taken yet.
IMAGES: Final = (PORTRAIT, "signature", "finger_1", "finger_2")
IMAGE_BYTES_MAX: Final = 2_000_000


class CaptureException(StrEnum):
    """Why a modality is left out (biometric exception, domain §2.7)."""

    ABSENT = "absent"  #: the limb is not there
    INJURED = "injured"
    UNREADABLE = "unreadable"  #: worn or stiff: no sample passed
    CANNOT_SIGN = "cannot_sign"  #: a line stands for the signature


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFacts:
    """What is known besides the request: the NIK that it is for, an earlier recording, the local
    day."""

    nik_of_request: str
    recorded_as: str  #: an earlier enrolment known here of the same resident or NIK, or empty
    on: date
    #: The centre looked for the recording of somebody who asks for a replacement, and has none.
    is_asked_for: bool = False


def decide_capture(
    request: RequestFacts | None,
    *,
    printed: PrintedFields,
    image_sizes: Mapping[str, int],
    exceptions: Mapping[str, str],
    known: CaptureFacts,
) -> Refusal | None:
    """May this resident be captured now, with these images? None is yes."""
    if (no := _about_request(request, known.is_asked_for)) is not None:
        return no
    if printed.nik != known.nik_of_request:
        return Refusal("enrolment.other_resident")
    if known.recorded_as:
        return Refusal("enrolment.already_recorded", enrolment=known.recorded_as)
    if (no := _about_age(printed, on=known.on)) is not None:
        return no
    return about_images(image_sizes, exceptions=exceptions)


def decide_open_gate(
    request: RequestFacts | None, *, born: date, marital: int, known: CaptureFacts
) -> Refusal | None:
    """The same gate before the camera is touched: everything but the images."""
    if (no := _about_request(request, known.is_asked_for)) is not None:
        return no
    if known.recorded_as:
        return Refusal("enrolment.already_recorded", enrolment=known.recorded_as)
    if not may_be_recorded(born=born, marital=marital, on=known.on):
        return Refusal("enrolment.too_young")
    return None


def _about_request(  # positional: a request and what the centre said of it
    request: RequestFacts | None, is_asked_for: bool
) -> Refusal | None:
    if request is None:
        return Refusal("enrolment.no_request")
    if not request.is_open:
        return Refusal("enrolment.request_not_open")
    if request.reason is not Reason.NEW and not is_asked_for:
        # Lost, damaged and changed cards are made from the first recording (domain §2.2); who has
        # none, with a card from before, is recorded once the centre said so.
        return Refusal("enrolment.only_first_card")
    if not request.is_completed:
        return Refusal("enrolment.data_incomplete")
    if not (request.is_confirmed or request.is_nik_known):
        return Refusal("enrolment.nik_unconfirmed")
    return None


def _about_age(printed: PrintedFields, *, on: date) -> Refusal | None:
    """UU 24/2013 art. 63 and the practice of recording from sixteen (domain §2.1)."""
    marital = MARITAL.read(printed.status_perkawinan)
    if marital is None:
        return Refusal("enrolment.field_unreadable", field="status_perkawinan")
    try:
        born = date.fromisoformat(printed.tanggal_lahir)
    except ValueError:
        return Refusal("enrolment.field_unreadable", field="tanggal_lahir")
    if not may_be_recorded(born=born, marital=marital, on=on):
        return Refusal("enrolment.too_young")
    return None


def about_images(sizes: Mapping[str, int], *, exceptions: Mapping[str, str]) -> Refusal | None:
    """Is every modality either there or excepted with a reason? A portrait has no exception."""
    known_reasons: Collection[str] = {each.value for each in CaptureException}
    for name in (*sizes, *exceptions):
        if name not in IMAGES:
            return Refusal("enrolment.image_unknown", image=name)
    for name in IMAGES:
        if name in exceptions and name in sizes:
            return Refusal("enrolment.exception_contradicts", image=name)
        if name in exceptions and (name == PORTRAIT or exceptions[name] not in known_reasons):
            return Refusal("enrolment.exception_not_allowed", image=name)
        if name not in exceptions and not sizes.get(name):
            return Refusal("enrolment.image_missing", image=name)
        if sizes.get(name, 0) > IMAGE_BYTES_MAX:
            return Refusal("enrolment.image_too_large", image=name, bytes_max=IMAGE_BYTES_MAX)
    return None
