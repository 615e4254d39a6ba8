"""The visual check of a printed card beside a picture of how it should look; before that its
chip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.enrolment.queries import PrintedFields, enrolments_of
from ampera.journal.house import house
from ampera.printing.actions import check_card, fail_chip, personalise_card
from ampera.printing.ports import encoder_here
from ampera.printing.queries import PrintedCard, encoding_of, printed_card
from ampera.printing.rules.attempts import Result
from ampera.readiness.queries import NamedPermit, PermitSeen, named_permits, permit_seen
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.screens.ports import ports
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal, witness_of
from ampera.words.refusal import Refusal

#: What is looked at, one by one. Printers drop letters (domain §6), so nobody says just *good*.
CHECKLIST: Final = (
    ("nomor", "Nomor seri di kartu sama dengan nomor di atas."),
    ("huruf", "Semua huruf dan angka ada: NIK, nama, tempat dan tanggal lahir, alamat."),
    ("foto", "Foto jelas, wajahnya orang ini, warna latarnya benar."),
    ("tanda", "Tanda tangan ada dan utuh."),
    ("muka", "Permukaan bersih: tanpa garis, gelembung, noda atau lengkung."),
)
#: Why a finished card is thrown out.
_CAUSES: Final = ("failed_print", "heat", "bad_blank", "no_chip", "failed_encode")
#: What an officer may say of a chip that no reader gets to.
_CHIP_CAUSES: Final = ("no_chip", "failed_encode", "torn")


@needs(Action.CARD_CHECK)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """Compare the card in the hand with the picture of it: READY or REJECTED."""
    made = _card_here(card)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("cetak"))
    if request.method == "POST":
        return _checked(request, officer, card)
    named = _named(officer, made)
    permit = permit_seen(made.permit)
    printed = _printed(permit) if permit is not None else None
    return show(
        request,
        "screens/counter/check.html",
        made=made,
        named=named,
        fields=_fields(printed) if printed is not None else [],
        has_paper=ports().card_pdf is not None,
        has_picture=ports().card_picture is not None,
        checklist=CHECKLIST,
        causes=_CAUSES,
        chip=encoding_of(made.attempt),
        has_encoder=encoder_here() is not None,
        chip_causes=_CHIP_CAUSES,
    )


@needs(Action.CARD_CHECK, Action.CARD_PRINT)
@require_POST
def chip(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """Write the chip of the card that lies on the reader, or say that it cannot be written."""
    made = _card_here(card)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("cetak"))
    here = reverse("periksa", args=[card])
    encoder, compose = encoder_here(), ports().chip_contents
    if encoder is None or compose is None:
        return show_refusal(request, Refusal("printing.no_reader"), back=here)
    command, cause = command_of(request, officer), request.POST.get("cause", "")
    if cause in _CHIP_CAUSES:
        answer = fail_chip(command, attempt=made.attempt, cause=cause)
    else:
        if (lay := ports().lay_on_reader) is not None:
            lay(made.serial)
        answer = personalise_card(command, attempt=made.attempt, encoder=encoder, compose=compose)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    if answer["outcome"] == "WRITTEN":
        said = "Cip ditulis, dibaca kembali dan cocok. Periksa muka kartu sekarang."
    else:
        said = "Cip gagal. Kartu ini hanya dapat ditolak, berdua."
    return done(request, said, page="periksa", card=card)


def _checked(request: HttpRequest, officer: OfficerSeen, card: str) -> HttpResponse:
    here = reverse("periksa", args=[card])
    result, cause = request.POST.get("result", ""), request.POST.get("cause", "")
    if result not in (Result.READY, Result.REJECTED):
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    if result == Result.READY:
        if set(request.POST.getlist("seen")) != {code for code, _ in CHECKLIST}:
            return show_refusal(request, Refusal("screens.not_all_looked_at"), back=here)
        answer = check_card(command_of(request, officer), card=card, result=result)
        said = "Kartu siap diserahkan."
    else:
        if cause not in _CAUSES:
            return show_refusal(request, Refusal("printing.no_spoil_cause"), back=here)
        second = witness_of(request, officer, may=Action.CARD_SETTLE)
        if isinstance(second, Refusal):
            return show_refusal(request, second, back=here)
        command = command_of(request, officer)
        answer = check_card(command, card=card, result=result, witness=second.id, cause=cause)
        said = "Kartu ditolak dan masuk rusak cetak. Disdukcapil memberi izin baru."
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return done(request, said, page="cetak")


@needs(Action.CARD_CHECK)
@require_GET
def face(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """The face as it was sent to the printer, as a PDF."""
    document = _drawn(officer, card, ports().card_pdf)
    if isinstance(document, Refusal):
        return show_refusal(request, document, back=reverse("cetak"))
    return pdf(document, name=f"kartu-{card[-8:]}")


@needs(Action.CARD_CHECK)
@require_GET
def picture(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """The same face as a picture, for the page on which the card is checked."""
    drawn = _drawn(officer, card, ports().card_picture)
    if isinstance(drawn, Refusal):
        return show_refusal(request, drawn, back=reverse("cetak"))
    return HttpResponse(drawn, content_type="image/svg+xml")


def _drawn(  # positional: who looks, at which card, and what draws it
    officer: OfficerSeen, card: str, draw: Callable[[str], bytes | Refusal] | None
) -> bytes | Refusal:
    """A card of this office as it should look. The look at whose it is is recorded."""
    made = _card_here(card)
    if isinstance(made, Refusal):
        return made
    if draw is None:
        return Refusal("screens.no_card_picture")
    _named(officer, made)
    return draw(made.permit)


def _card_here(card: str) -> PrintedCard | Refusal:
    made = printed_card(card)
    is_here = made is not None and made.office == str(house().code)
    return made if made is not None and is_here else Refusal("printing.not_printed_here")


def _named(officer: OfficerSeen, made: PrintedCard) -> NamedPermit | None:
    """The name on the card; the look is recorded."""
    permits, purpose = [made.permit], Purpose.PRINTING.value
    return next(iter(named_permits(officer.id, permits=permits, purpose=purpose)), None)


def _printed(permit: PermitSeen) -> PrintedFields | None:
    """What the permit's version of the record says, where its recording is known here."""
    known = enrolments_of(permit.resident)
    return next((each.printed for each in known if each.version == permit.version), None)


def _fields(printed: PrintedFields) -> list[tuple[str, str]]:
    """In the order of the card."""
    body = printed.as_body()
    return [(name, text) for name, text in body.items() if name != "printable_from"]
