"""The recording of one resident: images in, sealed at once, and never given out again."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, act, officer_of
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.enrolment.actions import capture
from ampera.enrolment.queries import printed_fields
from ampera.intake.queries import request_for
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.papers.portrait import (
    PORTRAIT_LIMITS,
    SIGNATURE_LIMITS,
    ImageLimits,
    read_image,
    synthetic_portrait,
    synthetic_signature,
)
from ampera.register.queries import Action, Purpose, ResidentSeen, resident_by_id
from ampera.words.nik import Sex
from ampera.words.refusal import Refusal

router: Final = Router()

_LIMITS: Final[dict[str, ImageLimits]] = {
    "portrait": PORTRAIT_LIMITS,
    "signature": SIGNATURE_LIMITS,
    "finger_1": PORTRAIT_LIMITS,
    "finger_2": PORTRAIT_LIMITS,
}


class Record(Given):
    """Images as base64: portrait, signature, finger_1, finger_2; a reason for each that lacks."""

    images: dict[str, str] = Field(default_factory=dict, max_length=8, repr=False)
    exceptions: dict[str, str] = Field(default_factory=dict, max_length=8)
    sample: bool = False  #: in the demo: drawn images of nobody


class Recorded(Schema):
    enrolment: str
    packet: str
    version: str


@router.post("/requests/{request_id}/recording", response={200: Recorded, **PROBLEMS})
def record(request: HttpRequest, request_id: str, body: Record) -> Answered:
    """Record the resident of a request that is complete and whose NIK is confirmed."""
    officer = officer_of(request)

    def do(command: Command) -> dict[str, Any] | Refusal:
        found = request_for(officer, request=request_id, purpose=Purpose.ENROLMENT)
        if isinstance(found, Refusal):
            return found
        seen = resident_by_id(officer, found.resident, purpose=Purpose.ENROLMENT)
        if isinstance(seen, Refusal):
            return seen
        images = _images(body, seen)
        if isinstance(images, Refusal):
            return images
        return capture(
            command,
            request=request_id,
            images=images,
            printed=printed_fields(seen),
            exceptions=body.exceptions,
        )

    return act(request, Action.ENROLMENT_CAPTURE, do=do)


def _images(body: Record, seen: ResidentSeen) -> dict[str, bytes] | Refusal:
    if body.sample and body.images:
        return Refusal("api.images_or_sample")
    if body.sample:
        if not (house().is_demo and seen.is_sample):
            return Refusal("api.sample_not_allowed")
        return {name: image for name, image in _drawn(seen).items() if name not in body.exceptions}
    found: dict[str, bytes] = {}
    for name, text in body.images.items():
        try:
            found[name] = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return Refusal("api.not_base64", image=name[:20])
        if name in _LIMITS and (no := _why_unsound(name, found[name])) is not None:
            return no
    return found


def _why_unsound(name: str, image: bytes) -> Refusal | None:  # positional: a name, its bytes
    """Before anything else touches bytes that came from outside."""
    limits = _LIMITS[name]
    facts = read_image(
        image, kinds=limits.kinds, bytes_max=limits.bytes_max, pixels_max=limits.pixels_max
    )
    if isinstance(facts, Refusal):
        return facts
    is_turned = name == "portrait" and not facts.is_upright
    return Refusal("screens.photo_not_upright") if is_turned else None


def _drawn(seen: ResidentSeen) -> dict[str, bytes]:
    """Images of nobody; the same for the same resident, so that a repeated command is the same."""
    seed = int.from_bytes(hashlib.sha256(seen.id.encode()).digest()[:6], "big")
    return {
        "portrait": synthetic_portrait(
            seed, birth_year=seen.born.year, is_woman=seen.sex is Sex.FEMALE
        ),
        "signature": synthetic_signature(seed),
        # A drawn stroke stands for a finger: no ridge of anybody is needed to show the way.
        "finger_1": synthetic_signature(seed + 1),
        "finger_2": synthetic_signature(seed + 2),
    }
