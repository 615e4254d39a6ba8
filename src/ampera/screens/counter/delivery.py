"""Penyerahan: cards that wait, the handover into the right hand, its receipt."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.delivery.actions import hand_over
from ampera.delivery.queries import (
    HandoverSeen,
    card_held,
    handed_over,
    ready_cards,
    ready_count,
    uncollected,
)
from ampera.delivery.rules import CardHeld, Custody, Receiver, Verified
from ampera.intake.queries import RequestSeen, request_for
from ampera.journal.house import house
from ampera.readiness.queries import NamedPermit, named_permits
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.screens.sheets import PROXY_PARTS, handover_receipt_pdf
from ampera.screens.shell import command_of, needs, pdf, show, show_refusal
from ampera.screens.wording import REASONS, VERIFIED
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """A card in the drawer, with the name of who may fetch it."""

    held: CardHeld
    named: NamedPermit | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """A handover, and the request that the card was made for."""

    seen: HandoverSeen
    asked: RequestSeen


@needs(Action.CARD_HAND_OVER)
@require_GET
def ready(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Cards that wait for their holders, the longest waiting first."""
    cards = ready_cards()
    late = {each.card for each in uncollected()}
    permits, purpose = [each.permit for each in cards], Purpose.HANDOVER.value
    named = {
        each.permit.permit: each
        for each in (named_permits(officer.id, permits=permits, purpose=purpose) if cards else [])
    }
    return show(
        request,
        "screens/counter/delivery.html",
        lines=[ReadyLine(each, named.get(each.permit), each.card in late) for each in cards],
        total=ready_count(),
        late_count=len(late),
    )


@needs(Action.CARD_HAND_OVER)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """Give one card away; it is valid from this moment, and the old one is not."""
    held = card_held(card)
    if held is None or held.office != house().code.text:
        no = Refusal("delivery.no_such_card")
        return show_refusal(request, no, back=reverse("penyerahan"))
    if held.custody is Custody.HANDED_OVER:
        return HttpResponseRedirect(reverse("bukti_serah", args=[card]))
    if request.method == "GET":
        return show(
            request,
            "screens/counter/hand_over.html",
            held=held,
            named=_named(officer, held.permit),
            is_ready=held.custody is Custody.READY,
            verified=list(VERIFIED.items()),
        )
    return _given(request, officer, card)


def _given(request: HttpRequest, officer: OfficerSeen, card: str) -> HttpResponse:
    here = reverse("serahkan", args=[card])
    verified, to = request.POST.get("verified", ""), request.POST.get("to", "")
    known = {each.value for each in Verified}
    if verified not in known or to not in {each.value for each in Receiver}:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    is_proxy = to == Receiver.PROXY
    answer = hand_over(
        command_of(request, officer),
        card=card,
        to=to,
        proxy_name=_text(request, "proxy_name") if is_proxy else "",
        proxy_basis=_basis(request) if is_proxy else "",
        verified=verified,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return HttpResponseRedirect(reverse("bukti_serah", args=[card]))


@needs(Action.CARD_HAND_OVER)
@require_GET
def proof(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """The handover as it happened."""
    handed = _handed_here(officer, card)
    if isinstance(handed, Refusal):
        return show_refusal(request, handed, back=reverse("penyerahan"))
    return show(
        request,
        "screens/counter/handed_over.html",
        seen=handed.seen,
        asked=handed.asked,
        reason=REASONS[handed.asked.reason][0],
        verified=VERIFIED.get(handed.seen.verified, handed.seen.verified),
        has_proxy=handed.seen.to == Receiver.PROXY,
    )


@needs(Action.CARD_HAND_OVER)
@require_GET
def proof_paper(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """The receipt that the receiver signs."""
    handed = _handed_here(officer, card)
    if isinstance(handed, Refusal):
        return show_refusal(request, handed, back=reverse("penyerahan"))
    made = handover_receipt_pdf(handed.seen, asked=handed.asked)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("penyerahan"))
    return pdf(made, name=f"tanda-terima-kartu-{card[-8:]}")


def _handed_here(officer: OfficerSeen, card: str) -> Handed | Refusal:
    """A handover of this office with its request: the look at the holder's name is recorded."""
    seen = handed_over(card)
    if seen is None or seen.office != house().code.text:
        return Refusal("delivery.no_such_card")
    asked = request_for(officer, request=seen.request, purpose=Purpose.HANDOVER)
    return asked if isinstance(asked, Refusal) else Handed(seen, asked)


def _named(officer: OfficerSeen, permit: str) -> NamedPermit | None:
    """Whose card it is; the look is recorded."""
    found = named_permits(officer.id, permits=[permit], purpose=Purpose.HANDOVER.value)
    return next(iter(found), None)


def _text(request: HttpRequest, name: str) -> str:
    return " ".join(request.POST.get(name, "").split())[:120]


def _basis(request: HttpRequest) -> str:
    """Relation and paper in one text, as the entry's body keeps it; empty when either lacks."""
    parts = [_text(request, "proxy_relation"), _text(request, "proxy_paper")]
    return PROXY_PARTS.join(parts) if all(parts) else ""
