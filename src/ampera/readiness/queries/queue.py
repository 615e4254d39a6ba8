"""The PRR queue of an office: who is next, by the policy of the day (S2, S4, S5, S9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db.models import Q, QuerySet

from ampera.journal.house import house
from ampera.readiness.models import Asked, OneLiveCard, Permit
from ampera.readiness.queries.lending import lending_of, lent_around, office_card
from ampera.readiness.rules.lending import lent_reasons
from ampera.readiness.rules.policy import (
    NOT_URGENT,
    OfficeCard,
    QuotaClass,
    policy,
    printing_tier,
    reasons_printed,
)
from ampera.readiness.rules.queue import SortKey, day_of_turn, picked, quota_classes
from ampera.readiness.rules.states import PermitState, RequestState
from ampera.register.queries import (
    host_of,
    local_day,
    offices,
)
from ampera.register.rules.days import zone_of
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

_COLUMNS: Final = {
    "jump": "jump",
    "urgency": "urgency",
    "first_card": "-is_first",
    "waiting_since": "waiting_since",
    "request": "request",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One place in the queue."""

    request: str
    resident: str
    reason: Reason
    since: datetime
    served_at: str
    is_jump: bool = False
    urgency: int = NOT_URGENT


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is now, and where in the queue this request stands."""

    asked: Asked
    place: int


@dataclass(frozen=True, slots=True)
class Lot:
    """The next turns of one office's queue, as long as it is at this moment."""

    turns: tuple[Turn, ...]
    length: int


def office_cards() -> list[OfficeCard]:
    """What the register says of all offices known here, by code, in one reading."""
    known = offices()
    guests: dict[OfficeCode, tuple[OfficeCode, ...]] = {}
    for each in known:
        if each.hosted_by not in (None, each.code):
            guests[each.hosted_by] = (*guests.get(each.hosted_by, ()), each.code)
    at_home = {
        each.code
        for each in known
        if each.tier is Tier.KECAMATAN and each.hosted_by in (None, each.code)
    }
    return [
        OfficeCard(
            each.code,
            each.prints_from,
            each.capabilities,
            guests.get(each.code, ()) if each.code in at_home else (),
        )
        for each in known
    ]


def is_anyone_waiting() -> bool:
    """Is there anybody at all in a queue? A cheap look before offices are gone through."""
    return Asked.objects.filter(state=RequestState.WAITING).exists()


def queue_for(
    office: OfficeCode | str, *, most: int | None = None, card: OfficeCard | None = None
) -> list[Waiting]:
    """Who waits for a permit at this office, next one first; nobody while it does not print.

    Under-age residents are hidden until their day. `card` stands in for the register's description.
    """
    card = card or office_card(office)
    if card is None:
        return []
    rows = waiting_rows(card, day=local_day())
    if isinstance(rows, Refusal):
        return []
    return [
        Waiting(
            request=row.request,
            resident=row.resident,
            reason=Reason(row.reason),
            since=utc_from_text(row.waiting_since),
            served_at=row.served_at,
            is_jump=row.jump == 0,
            urgency=row.urgency,
        )
        for row in rows[:most]
    ]


def ready_count(office: OfficeCode | str, *, card: OfficeCard | None = None) -> int:
    """How long the queue of this office is."""
    card = card or office_card(office)
    if card is None:
        return 0
    rows = waiting_rows(card, day=local_day())
    return 0 if isinstance(rows, Refusal) else rows.count()


def urgent_count(office: OfficeCode | str, *, card: OfficeCard | None = None) -> int:
    """Of what this office is to print now, permitted or not: how many are urgent or were put first,
    by movements in the queue that stand."""
    card = card or office_card(office)
    rows = waiting_rows(card, day=local_day()) if card is not None else None
    is_urgent = Q(jump=0) | Q(urgency__lt=NOT_URGENT)
    waiting = 0 if rows is None or isinstance(rows, Refusal) else rows.filter(is_urgent).count()
    permits = Permit.objects.filter(office=str(office), state=PermitState.OPEN)
    return waiting + permits.filter(is_urgent).count()


def owed_count(office: OfficeCode, *, but: Collection[str]) -> int:
    """How many cards an office owes now: in its queue or permitted and not printed, without those
    requests. A kecamatan knows of its permits only."""
    card = office_card(office)
    rows = waiting_rows(card, day=local_day()) if card is not None else None
    waiting = 0 if rows is None or isinstance(rows, Refusal) else rows.exclude(pk__in=but).count()
    permits = Permit.objects.filter(office=office.text, state=PermitState.OPEN)
    return waiting + permits.exclude(request__in=but).count()


def waiting_rows(card: OfficeCard, *, day: date) -> QuerySet[Asked] | Refusal:
    """The queue as rows, for this station only."""
    reasons = reasons_printed(card, day=day, by=policy())
    if isinstance(reasons, Refusal):
        return reasons
    printed_here = Q(reason__in=sorted(reasons))
    if card.office.tier is Tier.KECAMATAN:
        served = [str(card.office), *(str(each) for each in card.hosts)]
        printed_here &= Q(served_at__in=served)
    away, lent_here = lent_around(card.office, day)
    if away is not None:
        printed_here &= ~away.rows()
    # Who is lent to this office stands in one queue with its own, by the same order.
    for lent in lent_here:
        printed_here |= lent.rows()
    rows = Asked.objects.filter(
        printed_here,
        Q(printable_from="") | Q(printable_from__lte=day.isoformat()),
        state=RequestState.WAITING,
    )
    order: Sequence[str] = [_COLUMNS[each] for each in policy().order_on(day)]
    # A guard without its card would stop every lot at the same person; that is for `verify` to say.
    return rows.exclude(resident__in=OneLiveCard.objects.values("resident")).order_by(*order)


def next_turns(waiting: QuerySet[Asked], *, office: OfficeCode, day: date, most: int) -> Lot:
    """Whose turn it is at this office, at most `most`, by the quotas of that day.

    `waiting` is the queue in its order. Without a quota these are simply the first.
    """
    limits = policy().limits_on(day, office=office)
    length = waiting.count()
    if not limits:
        first = enumerate(waiting[: max(most, 0)], start=1)
        return Lot(tuple(Turn(asked, place) for place, asked in first), length)
    used = used_today(office, day=day, limits=limits)
    left = {of: per_day - used[of] for of, per_day in limits.items()}
    rows = ((asked, classes_of(asked, office)) for asked in waiting.iterator())
    turns = tuple(Turn(asked, place) for place, asked in picked(rows, most=most, left=left))
    return Lot(turns, length)


def used_today(
    office: OfficeCode, *, day: date, limits: Mapping[QuotaClass, int]
) -> dict[QuotaClass, int]:
    """How many cards of that day each limit has counted. A permit that came back made no card, so
    it counts no more."""
    if not limits:
        return {}
    granted = Permit.objects.filter(office=office.text, granted_at__gte=day_start(office, day))
    kept = granted.exclude(state__in=[PermitState.RETURNED, PermitState.FORFEITED])
    asked = Asked.objects.in_bulk(kept.values_list("request", flat=True))
    counted = [classes_of(each, office) for each in asked.values()]
    return {of: sum(of in each for each in counted) for of in limits}


def classes_of(asked: Asked, office: OfficeCode) -> frozenset[QuotaClass]:  # positional: at
    """Which quotas of an office count this request."""
    return quota_classes(reason=Reason(asked.reason), home=asked.home, office=office)


def quota_day(request: str) -> date | None:
    """The day on which the quotas let a waiting request through, where that is not today.

    An estimate: who comes first may change by an urgency. None where no quota holds it back.
    """
    asked = Asked.objects.filter(pk=request, state=RequestState.WAITING).first()
    day = local_day()
    office = printing_place(asked, day=day) if asked is not None else None
    if asked is None or office is None:
        return None
    limits = policy().limits_on(day, office=office)
    card = office_card(office) if limits else None
    rows = waiting_rows(card, day=day) if card is not None else None
    if rows is None or isinstance(rows, Refusal):
        return None
    before: dict[QuotaClass, int] = dict.fromkeys(limits, 0)
    for each in rows.iterator():
        if each.request == request:
            break
        for of in classes_of(each, office) & limits.keys():
            before[of] += 1
    mine = classes_of(asked, office)
    used = used_today(office, day=day, limits=limits)
    days = [
        day_of_turn(day, used=used[of], before=before[of], per_day=per_day)
        for of, per_day in limits.items()
        if of in mine
    ]
    turn = max(days, default=day)
    return turn if turn > day else None


def is_any_quota() -> bool:
    """Does any quota hold today? A cheap look before a queue is gone through."""
    return bool(policy().quotas_on(local_day()).limits)


def key_of(asked: Asked) -> SortKey:
    """By what a request stands in its queue now."""
    return SortKey(
        request=asked.request,
        waiting_since=asked.waiting_since,
        is_first=asked.is_first,
        is_jump=asked.jump == 0,
        urgency=asked.urgency,
    )


def printing_place(asked: Asked, *, day: date, moment: str = "") -> OfficeCode | None:
    """Where the card of a request would be granted on that day, at that moment (UTC text) of it;
    without a moment: now. Another office than the home's while that one's printing is lent."""
    office = queue_office(asked, day=day)
    if office is None or office.tier is not Tier.KECAMATAN:
        return office
    lending = lending_of(office, day=day, moment=moment)
    card = office_card(office) if lending is not None else None
    if lending is None or card is None:
        return office
    reasons = lent_reasons(card, at=lending.at, day=day, by=policy())
    return lending.at if asked.reason in reasons else office


def queue_office(asked: Asked, *, day: date) -> OfficeCode | None:
    """The office in whose queue a request stands by the home and the policy, or would once it is
    ready; None for nobody's. A lending changes where it is granted, and not this."""
    if not asked.served_at or not asked.reason:
        return None
    tier = printing_tier(Reason(asked.reason), day=day, by=policy())
    host = host_of(OfficeCode(asked.served_at))
    if tier is Tier.KECAMATAN:
        return host
    if tier is Tier.DINAS:
        # Guests stand in the queue of the dinas that has their mandate, not in that of their home.
        here = house().code
        return here if here.tier is Tier.DINAS else here.upper
    return None


def is_served_by(asked: Asked, *, office: OfficeCode) -> bool:
    """Does this office serve the request? A dinas serves all that its server knows."""
    if office.tier is not Tier.KECAMATAN:
        return office.tier is Tier.DINAS
    return bool(asked.served_at) and host_of(OfficeCode(asked.served_at)) == office


def day_start(office: OfficeCode, day: date) -> str:  # positional: that day there
    """UTC text of the office's midnight."""
    return utc_text(datetime.combine(day, time(), tzinfo=zone_of(office)))
