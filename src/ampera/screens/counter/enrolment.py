"""Perekaman: the gate, the images, the resident's yes to the photo, the sealed capture.

Images go from the browser through this server's memory into the seal. Between the two steps they
travel in the form itself: nothing of them is ever laid on a disk in clear.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.enrolment.actions import capture
from ampera.enrolment.queries import gate, printed_fields
from ampera.enrolment.rules.capture import IMAGES, PORTRAIT, CaptureException, about_images
from ampera.intake.queries import RequestSeen, request_for
from ampera.journal.house import house
from ampera.papers.portrait import PORTRAIT_LIMITS, SIGNATURE_LIMITS, ImageLimits, read_image
from ampera.register.queries import Action, OfficerSeen, Purpose, ResidentSeen, resident_by_id
from ampera.screens.counter.sample_images import sample_images
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.words.refusal import Refusal

TITLES: Final[Mapping[str, str]] = {
    PORTRAIT: "Foto wajah",
    "signature": "Tanda tangan",
    "finger_1": "Sidik jari telunjuk kanan",
    "finger_2": "Sidik jari telunjuk kiri",
}
LIMITS: Final[Mapping[str, ImageLimits]] = {
    PORTRAIT: PORTRAIT_LIMITS,
    "signature": SIGNATURE_LIMITS,
    "finger_1": PORTRAIT_LIMITS,
    "finger_2": PORTRAIT_LIMITS,
}
EXCEPTIONS: Final[Mapping[CaptureException, str]] = {
    CaptureException.ABSENT: "anggota tubuh tidak ada",
    CaptureException.INJURED: "terluka",
    CaptureException.UNREADABLE: "tidak terbaca",
    CaptureException.CANNOT_SIGN: "tidak dapat menandatangani",
}
assert set(EXCEPTIONS) == set(CaptureException)


@dataclass(frozen=True, slots=True)
class Modality:
    """One field of the form."""

    name: str
    title: str
    kinds: str  #: media types for the file chooser
    exceptions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """One image on its way to the seal, as the second form carries it."""

    name: str
    title: str
    encoded: str
    address: str  #: a data: address for the page
    kilobytes: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who is recorded for which request; both were opened through their doors."""

    request: RequestSeen
    resident: ResidentSeen


@needs(Action.ENROLMENT_CAPTURE)
@require_GET
def start(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The gate, and the form for the images when it is open."""
    sitting = _open(officer, request_id)
    if isinstance(sitting, Refusal):
        return show_refusal(request, sitting, back=reverse("permohonan"))
    return _show_form(request, sitting)


@needs(Action.ENROLMENT_CAPTURE)
@require_POST
def preview(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The resident sees the photo and agrees before anything is sealed (letter of 14 Oct 2024)."""
    sitting = _open(officer, request_id)
    if isinstance(sitting, Refusal):
        return show_refusal(request, sitting, back=reverse("permohonan"))
    if house().is_demo and "sample" in request.POST:
        images = sample_images(sitting.resident)
    else:
        images = _uploaded(request)
    exceptions = _exceptions(request)
    no = about_images({name: len(data) for name, data in images.items()}, exceptions=exceptions)
    no = no or _about_files(images)
    if no is not None:
        return _show_form(request, sitting, refusal=no)
    taken = {name: _taken(name, data) for name, data in images.items()}
    return show(
        request,
        "screens/counter/enrolment_preview.html",
        seen=sitting.request,
        resident=sitting.resident,
        taken=list(taken.values()),
        portrait=taken[PORTRAIT],
        exceptions=[(name, TITLES[name], EXCEPTIONS[CaptureException(why)], why)
                    for name, why in exceptions.items()],
    )  # fmt: skip


@needs(Action.ENROLMENT_CAPTURE)
@require_POST
def record(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """Seal the images and say so in the journal. Sent twice, it happens once."""
    sitting = _open(officer, request_id)
    if isinstance(sitting, Refusal):
        return show_refusal(request, sitting, back=reverse("permohonan"))
    here = reverse("rekam", args=[request_id])
    if request.POST.get("agreed") != "yes":
        return show_refusal(request, Refusal("screens.photo_not_agreed"), back=here)
    images = _decoded(request)
    no = images if isinstance(images, Refusal) else _about_files(images)
    if no is not None:
        return show_refusal(request, no, back=here)
    assert not isinstance(images, Refusal)
    answer = capture(
        command_of(request, officer),
        request=request_id,
        images=images,
        printed=printed_fields(sitting.resident),
        exceptions=_exceptions(request),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("perkara", args=[request_id]))
    said = (
        "Perekaman tersimpan dan disegel untuk pusat. Jangan merekam lagi: satu kali seumur hidup."
    )
    return done(request, said, page="perkara", request_id=request_id)


def _open(officer: OfficerSeen, request_id: str) -> Sitting | Refusal:
    seen = request_for(officer, request=request_id, purpose=Purpose.ENROLMENT)
    if isinstance(seen, Refusal):
        return seen
    resident = resident_by_id(officer, seen.resident, purpose=Purpose.ENROLMENT)
    return resident if isinstance(resident, Refusal) else Sitting(seen, resident)


def _show_form(
    request: HttpRequest, sitting: Sitting, *, refusal: Refusal | None = None
) -> HttpResponse:
    resident = sitting.resident
    shut = gate(
        sitting.request.id,
        born=resident.born,
        marital=resident.marital_code,
        nik=resident.nik.digits,
    )
    return show(
        request,
        "screens/counter/enrolment.html",
        status=refusal.status if refusal is not None else 200,
        seen=sitting.request,
        resident=resident,
        shut=shut,
        refusal=refusal,
        modalities=[_modality(name) for name in IMAGES],
    )


def _modality(name: str) -> Modality:
    kinds = ",".join(sorted(f"image/{kind.lower()}" for kind in LIMITS[name].kinds))
    exceptions = [] if name == PORTRAIT else [CaptureException.ABSENT, CaptureException.INJURED]
    if name == "signature":
        exceptions = [CaptureException.CANNOT_SIGN]
    elif name != PORTRAIT:
        exceptions.append(CaptureException.UNREADABLE)
    words = tuple((each.value, EXCEPTIONS[each]) for each in exceptions)
    return Modality(name, TITLES[name], kinds, words)


def _uploaded(request: HttpRequest) -> dict[str, bytes]:
    found = {}
    for name in IMAGES:
        file = request.FILES.get(name)
        if isinstance(file, UploadedFile):
            # One byte more than allowed is enough to say that a file is too large.
            found[name] = file.read(LIMITS[name].bytes_max + 1)
    return found


def _exceptions(request: HttpRequest) -> dict[str, str]:
    given = {name: request.POST.get(f"exception_{name}", "") for name in IMAGES}
    return {name: why for name, why in given.items() if why}


def _about_files(images: Mapping[str, bytes]) -> Refusal | None:
    for name, data in images.items():
        if name not in LIMITS:
            return Refusal("enrolment.image_unknown", image=name)
        limits = LIMITS[name]
        facts = read_image(
            data, kinds=limits.kinds, bytes_max=limits.bytes_max, pixels_max=limits.pixels_max
        )
        if isinstance(facts, Refusal):
            return facts
        if name == PORTRAIT and not facts.is_upright:
            return Refusal("screens.photo_not_upright")
    return None


def _taken(name: str, data: bytes) -> Taken:
    encoded = base64.b64encode(data).decode("ascii")
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return Taken(
        name=name,
        title=TITLES[name],
        encoded=encoded,
        address=f"data:image/{kind};base64,{encoded}",
        kilobytes=max(1, len(data) // 1024),
    )


def _decoded(request: HttpRequest) -> dict[str, bytes] | Refusal:
    try:
        return {
            name: base64.b64decode(request.POST[name], validate=True)
            for name in IMAGES
            if request.POST.get(name)
        }
    except binascii.Error:
        return Refusal("papers.image_broken")
