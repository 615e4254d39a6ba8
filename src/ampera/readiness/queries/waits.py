"""Why a card waits, from what this server knows."""

from __future__ import annotations

from datetime import date

from ampera.enrolment.queries import centre_answer, recorded_as
from ampera.readiness.models import Asked, Card, Permit, Verdict
from ampera.readiness.queries.lending import lent_place, office_card
from ampera.readiness.queries.queue import is_any_quota, quota_day
from ampera.readiness.rules.policy import policy
from ampera.readiness.rules.states import CardState, PermitState, RequestState
from ampera.readiness.rules.waiting import PermitOfWait, WaitFacts, printing_office, waits_of
from ampera.readiness.rules.waits import Wait
from ampera.register.queries import host_of, local_day
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


def why_it_waits(request: str, *, blanko_on_shelf: int | None = None) -> list[Wait] | Refusal:
    """Every reason why the card of a request is not in its holder's hand, nearest first.

    `blanko_on_shelf` is the number at the office that would print, where the caller knows it.
    """
    asked = Asked.objects.filter(pk=request).exclude(resident="").first()
    if asked is None:
        return Refusal("readiness.not_here")
    day, by = local_day(), policy()
    facts = _facts(asked, day)
    office = printing_office(facts, day=day, by=by)
    card = office_card(office) if office is not None else None
    return waits_of(
        facts,
        day=day,
        by=by,
        offices={card.office: card} if card is not None else {},
        is_shelf_empty=blanko_on_shelf == 0,
        quota_day=quota_day(request) if is_any_quota() else None,
    )


def _facts(asked: Asked, day: date) -> WaitFacts:  # positional: on that day
    verdict = Verdict.objects.filter(request=asked.request).order_by("-order").first()
    live = [state.value for state in CardState if state.is_live]
    card = Card.objects.filter(request=asked.request, state__in=live).order_by("rank").first()
    permit = Permit.objects.filter(pk=card.permit).first() if card is not None else None
    host = host_of(OfficeCode(asked.served_at)) if asked.served_at else None
    return WaitFacts(
        state=RequestState(asked.state),
        reason=asked.reason,
        is_confirmed=asked.is_confirmed,
        printable_from=asked.printable_from,
        host=host,
        verdict=verdict.verdict if verdict is not None else "",
        is_recorded=bool(recorded_as(asked.resident)),
        centre_answer=centre_answer(asked.request),
        card=CardState(card.state) if card is not None else None,
        permit=None
        if permit is None
        else PermitOfWait(
            office=permit.office,
            state=PermitState(permit.state),
            is_recalled=permit.is_recalled,
            print_until=permit.print_until,
            lent_from=permit.lent_from,
            lent_why=permit.lent_why,
        ),
        lent=lent_place(host, reason=asked.reason, day=day) if card is None else None,
    )
