"""Two persons look: an attempt of unknown outcome is settled, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ampera.journal.house import house
from ampera.printing.actions import ChipEvidence, read_chip_of, settle_attempt
from ampera.printing.ports import encoder_here
from ampera.printing.queries import attempt_seen
from ampera.printing.rules.attempts import READ_CAUSES, AttemptSeen, AttemptState
from ampera.register.queries import Action, OfficerSeen
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
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
            "Blanko ditemukan utuh dan bersih, di hopper, di pencetak atau di wadah kartu rusak.",
            "Blanko kembali ke rak. Izin cetak kembali dan kartu dicetak lagi.",
        ),
        "DISPUTE": (
            "Blanko tidak ditemukan di mana pun.",
            "Blanko masuk selisih dan izin tertahan sampai dua petugas Disdukcapil memutuskan.",
        ),
    }
)
_PLACES: Final = ("baki keluaran", "hopper", "dalam pencetak", "wadah kartu rusak")
#: Why a blanko of unknown fate was found ruined; what a printer does to a blanko.
_RUINED: Final = ("failed_print", "jam", "heat", "power", "double_feed", "bad_blank", "no_chip")


@needs(Action.CARD_SETTLE)
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, officer: OfficerSeen, *, attempt: str) -> HttpResponse:
    """What do you see? Two persons answer; nobody guesses."""
    seen = _attempt_here(attempt)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("cetak"))
    if request.method == "GET":
        return _guide(request, seen)
    here = reverse("selesaikan", args=[attempt])
    outcome = request.POST.get("outcome", "")
    cause = request.POST.get("cause", "")
    if outcome not in OUTCOMES or (outcome == AttemptState.SPOILED and cause not in _RUINED):
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    second = witness_of(request, officer, may=Action.CARD_SETTLE)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = settle_attempt(
        command_of(request, officer),
        attempt=attempt,
        outcome=outcome,
        witness=second.id,
        cause=cause if outcome == AttemptState.SPOILED else _RUINED[0],
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return done(request, f"Tercatat oleh dua petugas. {OUTCOMES[outcome][1]}", page="cetak")


@needs(Action.CARD_SETTLE)
@require_POST
def read_chip(request: HttpRequest, officer: OfficerSeen, *, attempt: str) -> HttpResponse:
    """Read the chip of the blanko that lies on the reader: it says more than any memory."""
    seen = _attempt_here(attempt)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("cetak"))
    encoder = encoder_here()
    if encoder is None:
        return show_refusal(request, Refusal("printing.no_reader"))
    evidence = read_chip_of(attempt, encoder=encoder)
    if isinstance(evidence, Refusal):
        return show_refusal(request, evidence, back=reverse("selesaikan", args=[attempt]))
    return _guide(request, seen, evidence=evidence)


def _guide(
    request: HttpRequest, seen: AttemptSeen, *, evidence: ChipEvidence | None = None
) -> HttpResponse:
    """The page with its three steps: what the printer says, what the chip says, what eyes see."""
    return show(
        request,
        "screens/counter/settle.html",
        seen=seen,
        outcomes=[
            (code, *words)
            for code, words in OUTCOMES.items()
            if not (code == AttemptState.PRINTED and seen.cause in READ_CAUSES)
        ],
        places=_PLACES,
        ruined=_RUINED,
        is_open=seen.state is AttemptState.UNKNOWN,
        may_still_print=seen.holds_printer,
        is_unprinted=seen.cause in READ_CAUSES,
        has_encoder=encoder_here() is not None,
        evidence=evidence,
    )


def _attempt_here(attempt: str) -> AttemptSeen | Refusal:
    seen = attempt_seen(attempt)
    is_here = seen is not None and seen.office == str(house().code)
    return seen if seen is not None and is_here else Refusal("printing.no_such_attempt")
