"""Requests to the centre with their evidence, what was promised, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from ampera.blanko.queries.shipments import ShipmentSeen, shipments_from
from ampera.journal.house import house
from ampera.planning.models import SupplyGrant, SupplyRequest
from ampera.planning.queries.city import CityNow, city_now
from ampera.planning.rules.allocation import Limit
from ampera.planning.rules.backlog import Part
from ampera.planning.rules.expected import Supply
from ampera.planning.rules.supply import SupplyEvidence, SupplyState, evidence_from
from ampera.printing.queries.today import cards_made
from ampera.printing.rules.attempts import AttemptState
from ampera.printing.rules.hours import print_policy
from ampera.register.queries import local_day
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import PUSAT, OfficeCode

#: The centre is told what was used over so many days.
EVIDENCE_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSeen:
    """What the centre said to a letter when it shared out once."""

    at: datetime
    count: int
    promised_on: date | None
    number: str
    limit: Limit | None  #: what decided the count; None where the head changed it


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplySeen:
    """One request. Times are None while the act has not happened. Where the centre shares out in
    the system, its words are the answer; one that came on paper is noted by the dinas."""

    request: str
    office: OfficeCode
    number: str
    state: SupplyState
    at: datetime
    officer: str
    wanted: int
    note: str
    evidence: SupplyEvidence
    sent_at: datetime | None
    sent_by: str
    answered_at: datetime | None
    promised: int
    promised_on: date | None
    answer: str
    answer_on_paper: bool
    received_at: datetime | None
    shipment: str
    received: int
    grants: tuple[GrantSeen, ...] = ()

    @property
    def granted(self) -> int:
        """Blanks that the centre's own decisions gave to this letter."""
        return sum(each.count for each in self.grants)


def evidence_now(city: CityNow | None = None) -> SupplyEvidence:
    """The figures that the centre asks for, at this moment."""
    seen = city or city_now()
    now, today = seen.backlog.cutoff, local_day()
    span = [(now - timedelta(days=EVIDENCE_DAYS), now + timedelta(seconds=1))]
    used = sum(each[0] for each in cards_made(span).values())
    spoiled = sum(each[0] for each in cards_made(span, outcome=AttemptState.SPOILED).values())
    by = print_policy()
    working = sum(by.hours_on(today + timedelta(days)) is not None for days in range(EVIDENCE_DAYS))
    usual = sum(each.usual for each in seen.offices)
    waits = seen.backlog.count(Part.READY)
    pace = usual or (seen.capacity if waits else 0)
    return SupplyEvidence(
        cutoff=utc_text(now),
        prr_new=seen.backlog.count(Part.READY, is_new=True),
        prr_other=seen.backlog.count(Part.READY, is_new=False),
        not_ready=seen.backlog.count(Part.NOT_READY),
        capacity_day=seen.capacity,
        capacity_month=seen.capacity * working,
        used=used,
        spoiled=spoiled,
        shelf=seen.shelf,
        transit=seen.transit,
        dispute=seen.dispute,
        days_of_stock=seen.shelf // pace if pace else None,
    )


def supply_requests(most: int = 50) -> list[SupplySeen]:
    """All requests, newest first."""
    return _all_seen(SupplyRequest.objects.order_by("-at", "request")[:most])


def supply_seen(request: str) -> SupplySeen | None:
    found = _all_seen(SupplyRequest.objects.filter(pk=request))
    return found[0] if found else None


def letters_open() -> list[SupplySeen]:
    """Of every city its newest letter that was sent and whose blanks have not come, by city: what
    the centre shares out on. An older one is what the newer one asks for again."""
    rows = SupplyRequest.objects.exclude(number="").exclude(
        state__in=[SupplyState.DROPPED.value, SupplyState.RECEIVED.value]
    )
    newest = {row.office: row for row in rows.order_by("sent_at", "request")}
    return _all_seen([newest[office] for office in sorted(newest)])


def open_draft() -> str:
    """The number of the draft that waits to be sent, empty without one."""
    row = SupplyRequest.objects.filter(state=SupplyState.DRAFTED.value).first()
    return row.request if row is not None else ""


def requests_in(state: SupplyState) -> int:
    """How many letters have come so far and no further."""
    count = SupplyRequest.objects.filter(state=state.value).count()
    if state not in (SupplyState.SENT, SupplyState.ANSWERED):
        return count
    # Sent, and answered by the centre's own decision, which nobody notes at the dinas.
    given = SupplyGrant.objects.filter(count__gt=0).values("request")
    granted = SupplyRequest.objects.filter(state=SupplyState.SENT.value, request__in=given).count()
    return count + (granted if state is SupplyState.ANSWERED else -granted)


def letters_numbered(ending: str) -> int:
    """How many letters have a number with this ending, which names the year of the office's own
    calendar: the next one gets the next number."""
    return SupplyRequest.objects.filter(number__endswith=ending).count()


def is_shipment_used(shipment: str) -> bool:
    """Is it linked to a request already?"""
    return SupplyRequest.objects.filter(shipment=shipment).exists()


def shipments_to_link() -> list[ShipmentSeen]:
    """Shipments of the centre to this office that no request names."""
    used = set(SupplyRequest.objects.exclude(shipment="").values_list("shipment", flat=True))
    found = shipments_from(PUSAT, to=house().code)
    return [each for each in found if each.shipment not in used]


def promised() -> list[Supply]:
    """Blanks that the centre promised for a day and that are not here yet, by day."""
    rows = SupplyRequest.objects.filter(
        state__in=[SupplyState.SENT.value, SupplyState.ANSWERED.value]
    )
    found: list[Supply] = []
    for seen in _all_seen(rows.order_by("request")):
        if seen.state is not SupplyState.ANSWERED:
            continue
        told = [(seen.promised_on, seen.promised)]
        if not seen.answer_on_paper:
            told = [(each.promised_on, each.count) for each in seen.grants]
        found += [
            Supply(day=day, count=count, number=seen.number) for day, count in told if day and count
        ]
    return sorted(found, key=lambda each: (each.day, each.number))


def _all_seen(rows: Iterable[SupplyRequest]) -> list[SupplySeen]:
    """Letters with what the centre said to them; two statements."""
    letters = list(rows)
    grants: dict[str, list[GrantSeen]] = {}
    about = SupplyGrant.objects.filter(request__in=[row.request for row in letters])
    for grant in about.order_by("at", "place"):
        grants.setdefault(grant.request, []).append(
            GrantSeen(
                at=utc_from_text(grant.at),
                count=grant.count,
                promised_on=_day(grant.promised_on),
                number=grant.number,
                limit=Limit(grant.limit) if grant.limit else None,
            )
        )
    return [_answered(_seen(row, tuple(grants.get(row.request, ())))) for row in letters]


def _answered(seen: SupplySeen) -> SupplySeen:
    """A letter to which the centre gave blanks is answered, without anybody noting it here."""
    given = [each for each in seen.grants if each.count]
    if seen.state is not SupplyState.SENT or not given:
        return seen
    days = [each.promised_on for each in given if each.promised_on is not None]
    return replace(
        seen,
        state=SupplyState.ANSWERED,
        answered_at=given[-1].at,
        promised=seen.granted,
        promised_on=max(days) if days else None,
        answer=given[-1].number,
    )


def _seen(row: SupplyRequest, grants: tuple[GrantSeen, ...]) -> SupplySeen:  # positional: a letter
    return SupplySeen(
        request=row.request,
        office=OfficeCode(row.office),
        number=row.number,
        state=SupplyState(row.state),
        at=utc_from_text(row.at),
        officer=row.officer,
        wanted=row.wanted,
        note=row.note,
        evidence=evidence_from(row.evidence),
        sent_at=_time(row.sent_at),
        sent_by=row.sent_by,
        answered_at=_time(row.answered_at),
        promised=row.promised,
        promised_on=_day(row.promised_on),
        answer=row.answer,
        answer_on_paper=bool(row.answered_at),
        received_at=_time(row.received_at),
        shipment=row.shipment,
        received=row.received,
        grants=grants,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str) -> datetime | None:
    return utc_from_text(text) if text else None
