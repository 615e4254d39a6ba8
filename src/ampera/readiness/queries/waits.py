"""Why a card waits, from what this server knows."""

from __future__ import annotations

from datetime import date

from ampera.readiness.models import Asked, Card, Permit, Verdict
from ampera.readiness.queries.queue import office_card
from ampera.readiness.rules.policy import policy, printing_tier, reasons_printed
from ampera.readiness.rules.states import CardState, PermitState, RequestState
from ampera.readiness.rules.waits import Wait, WaitCode
from ampera.register.queries import host_of, local_day
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

READY_VERDICT = "PRINT_READY_RECORD"


def why_it_waits(request: str, *, blanko_on_shelf: int | None = None) -> list[Wait] | Refusal:
    """Every reason why the card of a request is not in its holder's hand, nearest first.

    `blanko_on_shelf` is the number at the office that would print, where the caller knows it.
    """
    asked = Asked.objects.filter(pk=request).exclude(resident="").first()
    if asked is None:
        return Refusal("readiness.not_here")
    match RequestState(asked.state):
        case RequestState.DELIVERED:
            return [Wait(WaitCode.DELIVERED)]
        case RequestState.REJECTED:
            return [Wait(WaitCode.REQUEST_REJECTED)]
        case RequestState.CLOSED:
            return [Wait(WaitCode.CLOSED)]
        case RequestState.ON_ITS_WAY:
            return [_on_its_way(request)]
        case RequestState.OTHER_CARD:
            return [Wait(WaitCode.OTHER_CARD)]
        case RequestState.HAS_CARD:
            return [Wait(WaitCode.HAS_CARD)]
        case RequestState.NOT_READY | RequestState.NOT_CONFIRMED:
            return _before_ready(asked, blanko_on_shelf)
        case RequestState.WAITING:
            return _before_permit(asked, blanko_on_shelf)


def _before_ready(asked: Asked, blanko_on_shelf: int | None) -> list[Wait]:
    verdict = Verdict.objects.filter(request=asked.request).order_by("-order").first()
    if verdict is not None and verdict.verdict == READY_VERDICT:
        # A kecamatan is told the verdict, not the mandate: the queue itself stands at the dinas.
        return _before_permit(asked, blanko_on_shelf)
    found = [] if asked.is_confirmed else [Wait(WaitCode.WAITING_FOR_CONFIRMATION)]
    if verdict is not None:
        return [*found, Wait(WaitCode.VERDICT, {"verdict": verdict.verdict})]
    if asked.state == RequestState.NOT_READY:
        found.append(Wait(WaitCode.WAITING_FOR_CENTRE))
    return found


def _before_permit(asked: Asked, blanko_on_shelf: int | None) -> list[Wait]:
    day, by = local_day(), policy()
    found = []
    if asked.printable_from and date.fromisoformat(asked.printable_from) > day:
        found.append(Wait(WaitCode.UNDER_AGE, {"day": asked.printable_from}))
    tier = printing_tier(Reason(asked.reason), day=day, by=by)
    host = host_of(OfficeCode(asked.served_at)).text
    office = host if tier is Tier.KECAMATAN else host[:5]
    card = office_card(office)
    reasons = reasons_printed(card, day=day, by=by) if card is not None else None
    if isinstance(reasons, Refusal) and reasons.code == "readiness.office_not_open":
        facts = {"office": office, "day": str(reasons.facts["day"])}
        found.append(Wait(WaitCode.OFFICE_NOT_OPEN, facts))
    elif tier is None or reasons is None or isinstance(reasons, Refusal):
        found.append(Wait(WaitCode.OFFICE_CANNOT_PRINT, {"office": office}))
    if blanko_on_shelf == 0:
        found.append(Wait(WaitCode.WAITING_FOR_BLANKO, {"office": office}))
    return found or [Wait(WaitCode.IN_QUEUE, {"office": office})]


def _on_its_way(request: str) -> Wait:
    live = [state.value for state in CardState if state.is_live]
    card = Card.objects.filter(request=request, state__in=live).order_by("rank").first()
    assert card is not None, "a request on its way has a card under way"
    permit = Permit.objects.filter(pk=card.permit).first()
    where = {"office": permit.office if permit is not None else ""}
    if card.state == CardState.READY:
        return Wait(WaitCode.READY_TO_COLLECT, where)
    if card.state == CardState.PRINTED:
        return Wait(WaitCode.TO_BE_CHECKED)
    if permit is None:
        return Wait(WaitCode.PRINTING, where)
    if permit.state in (PermitState.DISPUTED, PermitState.SUSPECT):
        return Wait(WaitCode.IN_DISPUTE)
    if permit.state == PermitState.IN_ATTEMPT:
        return Wait(WaitCode.PRINTING, where)
    if permit.is_recalled:
        return Wait(WaitCode.RECALLED, where)
    if date.fromisoformat(permit.print_until) < local_day():
        return Wait(WaitCode.PERMIT_EXPIRED, {**where, "day": permit.print_until})
    return Wait(WaitCode.PERMITTED, where)
