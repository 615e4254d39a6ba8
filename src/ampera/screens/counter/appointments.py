"""Janji: who comes on which day, so that nobody queues for a card that cannot be printed then."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.appointments.actions import PrintRoom, book_day, cancel_day, move_day, note_missed
from ampera.appointments.queries import (
    AppointmentSeen,
    appointment_of,
    appointments_on,
    appointments_to_tell,
    booked_requests,
    calendar_today,
    day_rooms,
)
from ampera.blanko.queries import shelf_count
from ampera.intake.queries import RequestSeen, request_for
from ampera.journal.house import house
from ampera.printing.queries import is_office_down_now, measured_capacity
from ampera.readiness.queries import Wait, WaitCode, owed_count, why_it_waits
from ampera.register.queries import Action, OfficerSeen, Purpose, local_day
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: Who is told in time when the printer or the blanko fail: those of the next days.
TELL_DAYS: Final = 3
DAYS_SHOWN: Final = 10
#: Reasons to wait that no day cures by itself.
_BARS: Final = frozenset(
    {WaitCode.VERDICT, WaitCode.NOT_RECORDED, WaitCode.HAS_CARD, WaitCode.OTHER_CARD}
    | {WaitCode.RECORD_FIRST, WaitCode.RECORDED_ELSEWHERE}
)
_DONE: Final = "Janji {what}: {day}. Beritahukan harinya kepada pemohon."


def print_room(office: OfficeCode, *, request: str = "") -> PrintRoom:
    """What an office can print, and owes to those who wait without an appointment; and whether
    the card of this request can be printed at all."""
    return PrintRoom(
        capacity=measured_capacity(office),
        backlog=owed_count(office, but=booked_requests(office)),
        is_barred=bool(request) and bool(bars_of(request)),
    )


def bars_of(request: str) -> list[Wait]:
    """What keeps this card from being printed on any day, until somebody settles it."""
    waits = why_it_waits(request)
    return [] if isinstance(waits, Refusal) else [each for each in waits if each.code in _BARS]


@needs(Action.QUEUE_CALL, Action.JOURNAL_SEE)
@require_GET
def of_day(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Janji hari ini, or of another day; who reads the names is recorded. Made to be printed."""
    here, today = house().code, local_day()
    day = _day(request.GET.get("hari", "")) or today
    room = print_room(here)
    is_down, shelf = is_office_down_now(here), shelf_count(here)
    return show(
        request,
        "screens/counter/appointments.html",
        day=day,
        today=today,
        lines=appointments_on(officer, day=day, purpose=_purpose(officer)),
        rooms=day_rooms(here, capacity=room.capacity, backlog=room.backlog)[:DAYS_SHOWN],
        room=room,
        calendar=calendar_today(),
        is_down=is_down,
        shelf=shelf,
        to_tell=appointments_to_tell(
            officer,
            per_day=0 if is_down else room.capacity,
            blanko=shelf,
            days=TELL_DAYS,
            purpose=_purpose(officer),
        ),
        may_change=officer.may(Action.QUEUE_CALL),
    )


@needs(Action.QUEUE_CALL)
@require_http_methods(["GET", "POST"])
def of_request(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The day of one request: choose one, or another one."""
    seen = request_for(officer, request=request_id, purpose=Purpose.COUNTER)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("janji"))
    standing = appointment_of(request_id)
    if request.method == "GET":
        return _choose(request, seen, standing)
    here = reverse("janji_permohonan", args=[request_id])
    day = _day(request.POST.get("day", ""))
    if day is None:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    command = command_of(request, officer)
    room = print_room(house().code, request=request_id)
    if standing is None:
        answer = book_day(command, request=request_id, day=day, room=room)
    else:
        answer = move_day(command, appointment=standing.appointment, day=day, room=room)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = _DONE.format(what="dibuat" if standing is None else "dipindahkan", day=f"{day:%d-%m-%Y}")
    return done(request, said, page="janji_permohonan", request_id=request_id)


@needs(Action.QUEUE_CALL)
@require_POST
def cancel(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The resident does not want the day any more."""
    standing = _standing(request, officer, request_id)
    if isinstance(standing, Refusal):
        return show_refusal(request, standing, back=reverse("janji"))
    answer = cancel_day(command_of(request, officer), appointment=standing.appointment)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("janji"))
    said = "Janji dibatalkan; tempatnya kosong lagi."
    return done(request, said, page="janji_permohonan", request_id=request_id)


@needs(Action.QUEUE_CALL)
@require_POST
def missed(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """Nobody came."""
    standing = _standing(request, officer, request_id)
    if isinstance(standing, Refusal):
        return show_refusal(request, standing, back=reverse("janji"))
    answer = note_missed(command_of(request, officer), appointment=standing.appointment)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("janji"))
    return done(request, "Dicatat: pemohon tidak datang. Janji dapat dipindahkan.", page="janji")


def _standing(
    request: HttpRequest, officer: OfficerSeen, request_id: str
) -> AppointmentSeen | Refusal:
    seen = request_for(officer, request=request_id, purpose=Purpose.COUNTER)
    if isinstance(seen, Refusal):
        return seen
    return appointment_of(request_id) or Refusal("appointments.unknown")


def _choose(
    request: HttpRequest, seen: RequestSeen, standing: AppointmentSeen | None
) -> HttpResponse:
    here = house().code
    room = print_room(here)
    rooms = day_rooms(here, capacity=room.capacity, backlog=room.backlog)
    is_ours = seen.facts.is_open and seen.facts.serving_office == here
    return show(
        request,
        "screens/counter/appointment.html",
        seen=seen,
        standing=standing,
        is_ours=is_ours,
        bars=[each.text() for each in bars_of(seen.id)] if is_ours else [],
        is_elsewhere=seen.facts.serving_office != here,
        days=[each for each in rooms if each.places and _is_other(each.day, standing)],
        today=local_day(),
    )


def _is_other(day: date, standing: AppointmentSeen | None) -> bool:  # positional: a pair
    return standing is None or standing.day != day or standing.state != "BOOKED"


def _purpose(officer: OfficerSeen) -> Purpose:
    return Purpose.COUNTER if officer.may(Action.QUEUE_CALL) else Purpose.AUDIT


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
