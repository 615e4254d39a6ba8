"""Two persons look: an attempt of unknown outcome is settled, a printed card is checked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.enrolment.queries import PrintedFields, enrolments_of
from ampera.journal.house import house
from ampera.printing.actions import check_card, settle_attempt
from ampera.printing.queries import PrintedCard, attempt_seen, printed_card
from ampera.printing.rules.attempts import AttemptSeen, AttemptState, Result
from ampera.readiness.queries import NamedPermit, PermitSeen, named_permits, permit_seen
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.screens.ports import ports
from ampera.screens.shell import (
    command_of,
    done,
    needs,
    pdf,
    show,
    show_refusal,
    witness_of,
)
from ampera.words.refusal import Refusal

#: What two pairs of eyes can have seen, in the words of the counter, and what follows from it.
OUTCOMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "PRINTED": (
            "Kartu jadi, dengan data penduduk ini, ada di baki keluaran.",
            "Kartu diperiksa berikutnya. Izin cetak terpakai.",
        ),
        "SPOILED": (
            "Blanko ditemukan, tetapi rusak, tercetak sebagian atau cipnya sudah ditulisi.",
            "Blanko masuk rusak cetak. Izin cetak kembali dan kartu dicetak lagi.",
        ),
        "SHELF": (
            "Blanko ditemukan utuh dan bersih, di hopper atau di dalam pencetak.",
            "Blanko kembali ke rak. Izin cetak kembali dan kartu dicetak lagi.",
        ),
        "DISPUTE": (
            "Blanko tidak ditemukan di mana pun.",
            "Blanko masuk selisih dan izin tertahan sampai dua petugas Disdukcapil memutuskan.",
        ),
    }
)
_PLACES: Final = ("baki keluaran", "hopper", "dalam pencetak", "wadah kartu rusak")


@needs(Action.CARD_SETTLE)
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, officer: OfficerSeen, *, attempt: str) -> HttpResponse:
    """What do you see? Two persons answer; nobody guesses."""
    seen = _attempt_here(attempt)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("cetak"))
    if request.method == "GET":
        return show(
            request,
            "screens/counter/settle.html",
            seen=seen,
            outcomes=[(code, *words) for code, words in OUTCOMES.items()],
            places=_PLACES,
            is_open=seen.state is AttemptState.UNKNOWN,
            may_still_print=seen.holds_printer,
        )
    here = reverse("selesaikan", args=[attempt])
    outcome = request.POST.get("outcome", "")
    if outcome not in OUTCOMES:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    second = witness_of(request, officer, may=Action.CARD_SETTLE)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = settle_attempt(
        command_of(request, officer), attempt=attempt, outcome=outcome, witness=second.id
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return done(request, f"Tercatat oleh dua petugas. {OUTCOMES[outcome][1]}", page="cetak")


@needs(Action.CARD_CHECK)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """Compare the card in the hand with what should stand on it: READY or REJECTED."""
    made = _card_here(card)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("cetak"))
    if request.method == "GET":
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
        )
    return _checked(request, officer, card)


def _checked(request: HttpRequest, officer: OfficerSeen, card: str) -> HttpResponse:
    here = reverse("periksa", args=[card])
    result = request.POST.get("result", "")
    if result not in (Result.READY, Result.REJECTED):
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    witness = None
    if result == Result.REJECTED:
        second = witness_of(request, officer, may=Action.CARD_SETTLE)
        if isinstance(second, Refusal):
            return show_refusal(request, second, back=here)
        witness = second.id
    answer = check_card(command_of(request, officer), card=card, result=result, witness=witness)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    if result == Result.READY:
        return done(request, "Kartu siap diserahkan.", page="cetak")
    said = "Kartu ditolak dan masuk rusak cetak. Disdukcapil memberi izin baru."
    return done(request, said, page="cetak")


@needs(Action.CARD_CHECK)
@require_GET
def face(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """The face as it was sent to the printer, as a PDF."""
    made = _card_here(card)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("cetak"))
    draw = ports().card_pdf
    if draw is None:
        return show_refusal(request, Refusal("screens.no_card_picture"))
    _named(officer, made)
    document = draw(made.permit)
    if isinstance(document, Refusal):
        return show_refusal(request, document, back=reverse("periksa", args=[card]))
    return pdf(document, name=f"kartu-{card[-8:]}")


def _attempt_here(attempt: str) -> AttemptSeen | Refusal:
    seen = attempt_seen(attempt)
    is_here = seen is not None and seen.office == str(house().code)
    return seen if seen is not None and is_here else Refusal("printing.no_such_attempt")


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
