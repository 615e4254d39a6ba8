"""The capture: the gate, the sealed packet on the medium, then the entry.

In that order, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import DatabaseError

from ampera.enrolment.models import OneCapture, Packet
from ampera.enrolment.ports import room
from ampera.enrolment.ports.packets import seal_capture, sha256_of
from ampera.enrolment.queries import centre_answer, recorded_as
from ampera.enrolment.rules.capture import PORTRAIT, CaptureFacts, decide_capture
from ampera.enrolment.rules.printed import PrintedFields
from ampera.intake.queries import request_seen
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.register.queries import local_day
from ampera.words.refusal import Refusal


def capture(
    command: Command,
    *,
    request: str,
    images: Mapping[str, bytes],
    printed: PrintedFields,
    exceptions: Mapping[str, str] | None = None,
) -> Answer | Refusal:
    """Record a resident: seal the images to the centre's two keys and say so in the journal.

    `images`: portrait, signature, finger_1, finger_2; each one missing needs a reason in
    `exceptions` (`CaptureException`). Whether an image is a sound one is the caller's to decide
    (papers.portrait). Answers {enrolment, packet, version}. Refuses what the gate refuses
    (enrolment.*); the images are then nowhere but with the caller.
    """
    excepted = dict(exceptions or {})
    made: list[str] = []

    def record(pen: Pen) -> Answer | Refusal:
        no = _gate(request, images, printed, excepted)
        if no is not None:
            return no
        enrolment = pen.new_id("enr")
        packet = room().store.put(_sealed(enrolment, images, station=pen.house.code.text))
        made.append(packet)
        return _write_captured(pen, (enrolment, packet, request), images, printed, excepted)

    content = {
        "request": request,
        "images": {name: sha256_of(image) for name, image in sorted(images.items())},
        "printed": printed.as_body(),
        "exceptions": excepted,
    }
    kept = None
    try:
        answer = perform(command, record, content=content)
        kept = None if isinstance(answer, Refusal) else answer["packet"]
        return answer
    finally:
        # A lost race or a defect leaves a sealed packet that no entry names.
        for packet in made:
            if packet != kept and not _is_named(packet):
                room().store.remove(packet)


def _is_named(packet: str) -> bool:
    """Does an entry name it? A commit whose answer never came may have stood all the same.

    Yes, too, when the database cannot be asked: a sealed packet too many harms nobody, one too few
    is a recording for which somebody has to come again.
    """
    try:
        return Packet.objects.filter(pk=packet).exists()
    except DatabaseError:
        return True


def _gate(
    request: str,
    images: Mapping[str, bytes],
    printed: PrintedFields,
    exceptions: Mapping[str, str],
) -> Refusal | None:
    found = request_seen(request)
    seen = None if isinstance(found, Refusal) else found
    return decide_capture(
        seen.facts if seen else None,
        printed=printed,
        image_sizes={name: len(image) for name, image in images.items()},
        exceptions=exceptions,
        known=CaptureFacts(
            nik_of_request=seen.nik if seen else "",
            recorded_as=recorded_as(seen.resident, nik=printed.nik) if seen else "",
            on=local_day(),
            is_asked_for=centre_answer(request) == "",
        ),
    )


def _sealed(enrolment: str, images: Mapping[str, bytes], *, station: str) -> bytes:
    return seal_capture(
        images,
        enrolment=enrolment,
        station=station,
        sealer=room().sealer,
        recipients=room().centre_recipients,
    )


def _write_captured(
    pen: Pen,
    ids: tuple[str, str, str],
    images: Mapping[str, bytes],
    printed: PrintedFields,
    exceptions: Mapping[str, str],
) -> Answer:
    enrolment, packet, request = ids
    seen = request_seen(request)
    assert not isinstance(seen, Refusal), "the gate saw it in this transaction"
    # Of two windows that both found nothing recorded, one loses here and decides anew.
    OneCapture.objects.create(resident=seen.resident, enrolment=enrolment)
    Packet.objects.create(id=packet, enrolment=enrolment)
    version = printed.version(portrait_sha256=sha256_of(images[PORTRAIT]))
    body = {**printed.as_body(), "exceptions": dict(exceptions)}
    pen.write(
        "enrolment.captured/1",
        subject=enrolment,
        facts={
            "enrolment": enrolment,
            "request": request,
            "resident": seen.resident,
            "packet": packet,
            "version": version,
            "modalities": sorted(images),
        },
        body=body,
    )
    return {"enrolment": enrolment, "packet": packet, "version": version}
