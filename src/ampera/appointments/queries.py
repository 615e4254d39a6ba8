"""What others may see of appointments. Names come through a door that records the look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from ampera.appointments.models import Appointment
from ampera.appointments.rules import (
    AppointmentState,
    Calendar,
    DayRoom,
    Office,
    calendar_on,
    calendars,
    rooms,
    to_be_told,
)
from ampera.intake.queries import RequestSeen, request_seen
from ampera.intake.rules.tickets import hash_of_ticket, read_ticket
from ampera.journal import sql
from ampera.journal.actions import record_look
from ampera.register.queries import OfficerSeen, Purpose, local_day
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode
from ampera.words.reason import Reason

LISTED_MAX: Final = 200
_COLUMNS: Final = ("appointment", "request", "office", "day", "state", "made_at", "made_by")
#: Written out: a whole city asks for it with its telephones, each time beside the status.
BY_TICKET: Final = f"""
SELECT {", ".join(_COLUMNS)} FROM appointments_appointment
 WHERE ticket_hash = %s AND state <> '{AppointmentState.CANCELLED.value}'
 ORDER BY made_at DESC, appointment DESC LIMIT 1
"""  # noqa: S608 - names of this file only


@dataclass(frozen=True, slots=True)
class AppointmentSeen:
    """One promise, without a name."""

    appointment: str
    request: str
    office: OfficeCode
    day: date
    state: AppointmentState
    made_at: datetime
    made_by: str  #: the officer, or empty when the resident asked with the receipt's code


@dataclass(frozen=True, slots=True)
class NamedAppointment:
    """One line of an office's day."""

    seen: AppointmentSeen
    reason: Reason
    is_over: bool  #: the card is in a hand, or the request was turned down
    nik: str = field(repr=False)
    nama: str = field(repr=False)


def booked_by_day(office: OfficeCode, *, since: date) -> dict[date, int]:
    """How many appointments stand on each day from that one on."""
    rows = Appointment.objects.filter(
        office=office.text, state=AppointmentState.BOOKED, day__gte=since.isoformat()
    )
    counted = Counter(rows.values_list("day", flat=True))
    return {date.fromisoformat(day): count for day, count in sorted(counted.items())}


def office_as_of(office: OfficeCode, *, today: date, capacity: int, backlog: int) -> Office:
    """What decides how many places a day has; the two numbers come from who knows them."""
    return Office(
        today=today,
        capacity=capacity,
        backlog=backlog,
        booked=booked_by_day(office, since=today),
    )


def day_rooms(office: OfficeCode, *, capacity: int, backlog: int) -> list[DayRoom]:
    """The coming days of an office with their places: `capacity` cards a day as measured,
    `backlog` cards that its queue owes without an appointment."""
    today = local_day()
    facts = office_as_of(office, today=today, capacity=capacity, backlog=backlog)
    return rooms(facts, calendar=calendar_today())


def calendar_today() -> Calendar:
    """The row of the calendar that is in force today."""
    return calendar_on(local_day(), among=calendars())


def booked_requests(office: OfficeCode) -> list[str]:
    """The requests that have a day at this office, from today on."""
    rows = Appointment.objects.filter(office=office.text, state=AppointmentState.BOOKED)
    rows = rows.filter(day__gte=local_day().isoformat())
    return list(rows.order_by("request").values_list("request", flat=True))


def appointment_of(request: str) -> AppointmentSeen | None:
    """The newest appointment of a request that was not cancelled."""
    rows = Appointment.objects.filter(request=request)
    return _newest(rows.exclude(state=AppointmentState.CANCELLED))


def appointment_of_ticket(ticket: str) -> AppointmentSeen | None:
    """The appointment of the request of that receipt, for whoever holds it; no name."""
    plain = read_ticket(ticket)
    rows = sql.read(BY_TICKET, hash_of_ticket(plain or "-"))
    row = Appointment(**dict(zip(_COLUMNS, rows[0], strict=True))) if rows else None
    return _seen(row) if row is not None and row.office and row.day else None


def appointments_on(
    officer: OfficerSeen, *, day: date, purpose: Purpose = Purpose.COUNTER
) -> list[NamedAppointment]:
    """Who comes to the officer's own office on that day, by the time of the promise; one look."""
    rows = Appointment.objects.filter(office=officer.office.text, day=day.isoformat())
    rows = rows.exclude(state=AppointmentState.CANCELLED).order_by("made_at", "appointment")
    return _named(officer, [_seen(row) for row in rows[:LISTED_MAX]], purpose)


def appointments_to_tell(
    officer: OfficerSeen,
    *,
    per_day: int,
    blanko: int,
    days: int,
    purpose: Purpose = Purpose.COUNTER,
) -> list[NamedAppointment]:
    """Whose day within so many days cannot be kept, with so many cards a day and so many blanko;
    who was promised first keeps the day. One look."""
    today = local_day()
    rows = Appointment.objects.filter(
        office=officer.office.text,
        state=AppointmentState.BOOKED,
        day__gte=today.isoformat(),
        day__lte=(today + timedelta(days=days)).isoformat(),
    ).order_by("day", "made_at", "appointment")
    seen = {row.appointment: _seen(row) for row in rows}
    booked = [(each.day, each.appointment) for each in seen.values()]
    told = to_be_told(booked, per_day=per_day, blanko=blanko)
    return _named(officer, [seen[each] for _, each in told[:LISTED_MAX]], purpose)


def nobody_is_promised_twice() -> list[str]:
    """For `verify`: a request has at most one appointment that stands."""
    standing = Appointment.objects.filter(state=AppointmentState.BOOKED).exclude(request="")
    counted = Counter(standing.values_list("request", flat=True))
    return [f"{each} has two appointments" for each in sorted(counted) if counted[each] > 1]


def _newest(rows: QuerySet[Appointment]) -> AppointmentSeen | None:
    row = rows.order_by("-made_at", "-appointment").first()
    return _seen(row) if row is not None and row.office and row.day else None


def _named(  # positional: for that purpose
    officer: OfficerSeen, seen: list[AppointmentSeen], purpose: Purpose
) -> list[NamedAppointment]:
    if seen:
        subjects = [each.request for each in seen]
        record_look(officer=officer.id, subjects=subjects, purpose=purpose.value)
    found = ((each, request_seen(each.request)) for each in seen)
    return [_line(each, asked) for each, asked in found if isinstance(asked, RequestSeen)]


def _line(seen: AppointmentSeen, asked: RequestSeen) -> NamedAppointment:  # positional: its
    return NamedAppointment(
        seen=seen,
        reason=asked.reason,
        is_over=not asked.facts.is_open,
        nik=asked.nik,
        nama=asked.nama,
    )


def _seen(row: Appointment) -> AppointmentSeen:
    return AppointmentSeen(
        appointment=row.appointment,
        request=row.request,
        office=OfficeCode(row.office),
        day=date.fromisoformat(row.day),
        state=AppointmentState(row.state),
        made_at=utc_from_text(row.made_at),
        made_by=row.made_by,
    )


CHECKS: Final = (nobody_is_promised_twice,)
