"""The PRR queue of an office: who is next, by the policy of the day (S2, S4, S5, S9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from ampera.readiness.models import Asked, OneLiveCard
from ampera.readiness.rules.policy import OfficeCard, policy, reasons_printed
from ampera.readiness.rules.states import RequestState
from ampera.register.queries import local_day, office_seen, offices, served_kecamatan
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

_COLUMNS: Final = {
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


def office_card(office: OfficeCode | str) -> OfficeCard | None:
    """What the register says of an office that the policy asks about; None for an unknown one."""
    code = office if isinstance(office, OfficeCode) else OfficeCode(office)
    seen = office_seen(code)
    if seen is None:
        return None
    hosts = tuple(each for each in served_kecamatan(code) if each != code)
    return OfficeCard(code, seen.prints_from, seen.capabilities, hosts)


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


def waiting_rows(card: OfficeCard, *, day: date) -> QuerySet[Asked] | Refusal:
    """The queue as rows, for this station only."""
    reasons = reasons_printed(card, day=day, by=policy())
    if isinstance(reasons, Refusal):
        return reasons
    rows = Asked.objects.filter(
        Q(printable_from="") | Q(printable_from__lte=day.isoformat()),
        state=RequestState.WAITING,
        reason__in=sorted(reasons),
    )
    if card.office.tier is Tier.KECAMATAN:
        rows = rows.filter(served_at__in=[str(card.office), *(str(each) for each in card.hosts)])
    order: Sequence[str] = [_COLUMNS[each] for each in policy().order_on(day)]
    # A guard without its card would stop every lot at the same person; that is for `verify` to say.
    return rows.exclude(resident__in=OneLiveCard.objects.values("resident")).order_by(*order)
