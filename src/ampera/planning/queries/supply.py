"""Requests to the centre with their evidence, what was promised, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from ampera.blanko.queries.shipments import ShipmentSeen, shipments_from
from ampera.journal.house import house
from ampera.planning.models import SupplyRequest
from ampera.planning.queries.city import CityNow, city_now
from ampera.planning.rules.backlog import Part
from ampera.planning.rules.expected import Supply
from ampera.planning.rules.supply import SupplyEvidence, SupplyState, evidence_from
from ampera.printing.queries.today import cards_made
from ampera.printing.rules.attempts import AttemptState
from ampera.printing.rules.hours import print_policy
from ampera.register.queries import local_day
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import PUSAT

#: The centre is told what was used over so many days.
EVIDENCE_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplySeen:
    """One request. Times are None while the act has not happened."""

    request: str
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
    received_at: datetime | None
    shipment: str
    received: int


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
    return [_seen(row) for row in SupplyRequest.objects.order_by("-at", "request")[:most]]


def supply_seen(request: str) -> SupplySeen | None:
    row = SupplyRequest.objects.filter(pk=request).first()
    return _seen(row) if row is not None else None


def open_draft() -> str:
    """The number of the draft that waits to be sent, empty without one."""
    row = SupplyRequest.objects.filter(state=SupplyState.DRAFTED.value).first()
    return row.request if row is not None else ""


def requests_in(state: SupplyState) -> int:
    """How many letters have come so far and no further."""
    return SupplyRequest.objects.filter(state=state.value).count()


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
    """Blanks that the centre promised for a day and that are not here yet."""
    rows = SupplyRequest.objects.filter(state=SupplyState.ANSWERED.value, promised__gt=0)
    return [
        Supply(day=date.fromisoformat(row.promised_on), count=row.promised)
        for row in rows.exclude(promised_on="").order_by("promised_on", "request")
    ]


def _seen(row: SupplyRequest) -> SupplySeen:
    return SupplySeen(
        request=row.request,
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
        promised_on=date.fromisoformat(row.promised_on) if row.promised_on else None,
        answer=row.answer,
        received_at=_time(row.received_at),
        shipment=row.shipment,
        received=row.received,
    )


def _time(text: str) -> datetime | None:
    return utc_from_text(text) if text else None
