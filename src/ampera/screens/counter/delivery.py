"""Penyerahan: cards that wait, the handover into the right hand, its receipt."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.delivery.actions import Proof, hand_over, match_holder
from ampera.delivery.actions.door import DOOR_EXCEPTION
from ampera.delivery.queries import (
    HandoverSeen,
    bundle_seen,
    bundles_out,
    card_held,
    handed_over,
    ready_cards,
    ready_count,
    uncollected,
)
from ampera.delivery.rules import (
    CardHeld,
    Code,
    Custody,
    OldCard,
    Place,
    Receiver,
    Verified,
    must_take_old_card,
    policy,
)
from ampera.intake.queries import RequestSeen, facts_of, request_for
from ampera.journal.house import house
from ampera.journal.second_log import secure
from ampera.readiness.queries import (
    HoldSeen,
    LentHolder,
    NamedPermit,
    hold_of,
    lent_holder,
    named_permits,
)
from ampera.register.queries import Action, OfficerSeen, Purpose, local_day
from ampera.screens.ports import ports
from ampera.screens.sheets import PROXY_PARTS, handover_receipt_pdf
from ampera.screens.shell import command_of, needs, pdf, show, show_refusal, witness_of
from ampera.screens.wording import OLD_CARDS, REASONS, VERIFIED
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
    asked: RequestSeen | LentHolder


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
        late_days=policy().uncollected_on(local_day()).lurah_days,
        in_bundles=sum(len(each.held) for each in bundles_out()),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks before one card is given, and what stands in its way."""

    named: NamedPermit | None
    hold: HoldSeen | None
    takes_old_card: bool
    verified: list[tuple[str, str]]
    exceptions: list[Code]
    bundle: str  #: the carrier's bundle, when the officer writes down what a run sheet says


@needs(Action.CARD_HAND_OVER)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """Give one card away; it is valid from this moment, and the old one is not."""
    held = card_held(card)
    if held is None or held.office != house().code.text:
        no = Refusal("delivery.no_such_card")
        return show_refusal(request, no, back=reverse("penyerahan"))
    # The same form once more tries the second medium again, and writes nothing twice.
    if held.custody is Custody.HANDED_OVER and request.method == "GET":
        return _proved(request, card)
    bundle = _bundle_on_paper(held)
    if request.method == "POST":
        return _given(request, officer, card=card, bundle=bundle)
    is_here = held.place == Place.COUNTER or bool(bundle)
    return show(
        request,
        "screens/counter/hand_over.html",
        held=held,
        asked=_asked(officer, held, bundle=bundle),
        old_cards=list(OLD_CARDS.items()),
        is_ready=held.custody is Custody.READY and is_here,
        in_bundle="" if is_here else held.bundle,
    )


def _proved(request: HttpRequest, card: str) -> HttpResponse:  # positional: a page and its card
    """On to the receipt of a card that was given out, once that lies on a second medium."""
    try:
        secure()
    except OSError:
        no = Refusal("delivery.second_log_missing")
        return show_refusal(request, no, back=reverse("penyerahan"))
    return HttpResponseRedirect(reverse("bukti_serah", args=[card]))


def _bundle_on_paper(held: CardHeld) -> str:
    """The bundle of a card that somebody without an account carries: the run sheet tells of it."""
    seen = bundle_seen(held.bundle) if held.bundle and Place(held.place).is_out else None
    return held.bundle if seen is not None and not seen.carrier else ""


def _asked(officer: OfficerSeen, held: CardHeld, *, bundle: str) -> Asked:
    named = _named(officer, held.permit)
    permit = named.permit if named is not None else None
    facts = facts_of(permit.request) if permit is not None else None
    return Asked(
        named=named,
        hold=hold_of(permit.resident) if permit is not None else None,
        takes_old_card=facts is not None and must_take_old_card(facts.reason),
        verified=[] if bundle else _ways(),
        exceptions=[each for each in policy().exceptions.values() if not each.door],
        bundle=bundle,
    )


def _ways() -> list[tuple[str, str]]:
    """How a receiver may be known on this day, with or without a finger matcher."""
    day, rows = local_day(), policy()
    has_matcher = ports().finger_matcher is not None

    def is_open(way: str) -> bool:
        is_matched = way == Verified.FINGER and has_matcher
        return way == Verified.EXCEPTION or is_matched or rows.may_record_alone(way, day=day)

    return [(way, words) for way, words in VERIFIED.items() if is_open(way)]


def _given(request: HttpRequest, officer: OfficerSeen, *, card: str, bundle: str) -> HttpResponse:
    here = reverse("serahkan", args=[card])
    to = request.POST.get("to", "")
    if to not in {each.value for each in Receiver}:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    proof = _proof(request, officer, card=card, bundle=bundle)
    if isinstance(proof, Refusal):
        return show_refusal(request, proof, back=here)
    is_proxy = to == Receiver.PROXY
    answer = hand_over(
        command_of(request, officer),
        card=card,
        to=to,
        proxy_name=_text(request, "proxy_name") if is_proxy else "",
        proxy_basis=_basis(request) if is_proxy else "",
        proof=proof,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return HttpResponseRedirect(reverse("bukti_serah", args=[card]))


def _proof(
    request: HttpRequest, officer: OfficerSeen, *, card: str, bundle: str
) -> Proof | Refusal:
    """How the receiver was known, by the form; the second officer where one filled it in."""
    verified = Verified.EXCEPTION.value if bundle else request.POST.get("verified", "")
    if verified not in {each.value for each in Verified}:
        return Refusal("screens.nothing_chosen")
    second = ""
    if request.POST.get("second_login", "").strip():
        seen = witness_of(request, officer, may=Action.BLANKO_WITNESS)
        if isinstance(seen, Refusal):
            return seen
        second = seen.id
    is_matched = False
    if verified == Verified.FINGER and ports().finger_matcher is not None:
        no = match_holder(ports().finger_matcher, card=card)
        if no is not None:
            return no
        is_matched = True
    old_card = request.POST.get("old_card", "")
    return Proof(
        verified=verified,
        exception=DOOR_EXCEPTION if bundle else request.POST.get("exception", ""),
        second=second,
        is_matched=is_matched,
        old_card=old_card if old_card in {each.value for each in OldCard} else "",
        old_serial=_text(request, "old_serial")[:40],
        bundle=bundle,
    )


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
        exception=policy().exceptions.get(handed.seen.exception),
        old_card=OLD_CARDS.get(handed.seen.old_card, ""),
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
    """A handover of this office with its request: the look at the holder's name is recorded.

    The request of a card that was printed for another office lies there; its holder's name is told
    on this day only.
    """
    seen = handed_over(card)
    if seen is None or seen.office != house().code.text:
        return Refusal("delivery.no_such_card")
    asked = request_for(officer, request=seen.request, purpose=Purpose.HANDOVER)
    if not isinstance(asked, Refusal):
        return Handed(seen, asked)
    lent = lent_holder(officer.id, permit=seen.permit, purpose=Purpose.HANDOVER.value)
    return Handed(seen, lent) if lent is not None else asked


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
