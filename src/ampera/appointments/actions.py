"""Promising a day, moving it, taking it back, noting who did not come. At the office's own server.

How many cards a day can be printed and how many the queue owes is said by the caller, who knows
printing and the queue; this station knows neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ampera.appointments.models import Appointment, DayBook
from ampera.appointments.queries import office_as_of
from ampera.appointments.rules import AppointmentState, calendar_on, calendars, decide_day
from ampera.intake.queries import by_ticket, facts_of
from ampera.intake.rules.requests import RequestFacts
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.queries import entries_about
from ampera.journal.store import PlaceTakenError
from ampera.register.rules.days import day_at
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class PrintRoom:
    """What the caller knows of the printing at this office."""

    capacity: int  #: cards a day, measured
    backlog: int  #: cards that the queue owes without an appointment
    is_barred: bool = False  #: something that no day cures keeps this card from being printed


def book_day(
    command: Command, *, request: str, day: date, room: PrintRoom
) -> dict[str, Any] | Refusal:
    """Promise a day to an open request that this office serves. Returns {"appointment", "day"}.

    Refuses a day that is past, closed, too far or full, and a request that has its day already.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        facts = _ours(request, pen.house.code)
        if isinstance(facts, Refusal):
            return facts
        page = _page_of(pen.house.code)
        standing = Appointment.objects.filter(request=request, state=AppointmentState.BOOKED)
        if (known := standing.values_list("day", flat=True).first()) is not None:
            return Refusal("appointments.already_booked", day=known)
        if (no := _decide(pen, day, room)) is not None:
            return no
        _turn(pen.house.code, page)
        appointment = pen.new_id("apt")
        told = {
            "appointment": appointment,
            "request": request,
            "ticket_hash": _ticket_hash(request),
            "office": pen.house.code.text,
            "day": day.isoformat(),
            "by": command.officer,
        }
        pen.write("appointment.made/1", subject=appointment, facts=told)
        return {"appointment": appointment, "day": day.isoformat()}

    return perform(command, work, content=_content(day, request=request))


def move_day(
    command: Command, *, appointment: str, day: date, room: PrintRoom
) -> dict[str, Any] | Refusal:
    """Promise another day instead. Also after the resident did not come."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        page = _page_of(pen.house.code)
        row = _standing(appointment, pen.house.code)
        if isinstance(row, Refusal):
            return row
        if isinstance(facts := _ours(row.request, pen.house.code), Refusal):
            return facts
        if row.day == day.isoformat():
            return Refusal("appointments.same_day", day=row.day)
        others = Appointment.objects.filter(request=row.request, state=AppointmentState.BOOKED)
        if others.exclude(pk=row.pk).exists():
            return Refusal("appointments.already_booked", day=row.day)
        if (no := _decide(pen, day, room)) is not None:
            return no
        _turn(pen.house.code, page)
        told = {"appointment": appointment, "request": row.request, "day": day.isoformat()}
        pen.write("appointment.moved/1", subject=appointment, facts={**told, "by": command.officer})
        return {"appointment": appointment, "day": day.isoformat()}

    return perform(command, work, content=_content(day, appointment=appointment))


def cancel_day(command: Command, *, appointment: str) -> dict[str, Any] | Refusal:
    """The promise is taken back at the resident's wish; its place is free again."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        row = _standing(appointment, pen.house.code)
        if isinstance(row, Refusal):
            return row
        told = {"appointment": appointment, "request": row.request, "by": command.officer}
        pen.write("appointment.cancelled/1", subject=appointment, facts=told)
        return {"appointment": appointment}

    return perform(command, work, content={"appointment": appointment})


def note_missed(command: Command, *, appointment: str) -> dict[str, Any] | Refusal:
    """Nobody came on the promised day; it may still be moved to another."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        row = _standing(appointment, pen.house.code)
        if isinstance(row, Refusal):
            return row
        if row.state != AppointmentState.BOOKED:
            return Refusal("appointments.missed_already")
        today = day_at(pen.house.code, at=pen.now)
        if row.day > today.isoformat():
            return Refusal("appointments.not_yet", day=row.day)
        told = {"appointment": appointment, "request": row.request, "day": row.day}
        pen.write("appointment.missed/1", subject=appointment, facts=told)
        return {"appointment": appointment}

    return perform(command, work, content={"appointment": appointment})


def book_by_ticket(
    command: Command, *, ticket: str, day: date, room: PrintRoom
) -> dict[str, Any] | Refusal:
    """The holder of a receipt asks for a day, or for another one. The same day again is the same
    answer: a resident presses twice."""
    seen = by_ticket(ticket)
    if isinstance(seen, Refusal):
        return seen
    standing = Appointment.objects.filter(request=seen.id)
    standing = standing.exclude(state=AppointmentState.CANCELLED).order_by("-made_at")
    row = standing.first()
    if row is None:
        return book_day(command, request=seen.id, day=day, room=room)
    if row.day == day.isoformat() and row.state == AppointmentState.BOOKED:
        return {"appointment": row.appointment, "day": row.day}
    return move_day(command, appointment=row.appointment, day=day, room=room)


def _decide(pen: Pen, day: date, room: PrintRoom) -> Refusal | None:  # positional: that day
    if room.is_barred:
        return Refusal("appointments.cannot_be_printed")
    today = day_at(pen.house.code, at=pen.now)
    office = office_as_of(pen.house.code, today=today, capacity=room.capacity, backlog=room.backlog)
    return decide_day(day, office=office, calendar=calendar_on(today, among=calendars()))


def _page_of(office: OfficeCode) -> int:
    """The page of the office's book before anything of it is read."""
    book, _ = DayBook.objects.get_or_create(pk=office.text)
    return book.page


def _turn(office: OfficeCode, page: int) -> None:  # positional: that page
    """Of two who read the same page one turns it; the other's command is decided anew."""
    if DayBook.objects.filter(pk=office.text, page=page).update(page=page + 1) != 1:
        raise PlaceTakenError(f"the book of {office}")


def _ours(request: str, here: OfficeCode) -> RequestFacts | Refusal:  # positional: at
    facts = facts_of(request)
    if facts is None or facts.serving_office != here:
        return Refusal("intake.no_such_request")
    return facts if facts.is_open else Refusal("intake.not_open")


def _standing(appointment: str, here: OfficeCode) -> Appointment | Refusal:  # positional: at
    row = Appointment.objects.filter(pk=appointment, office=here.text).first()
    if row is None or row.state == AppointmentState.CANCELLED:
        return Refusal("appointments.unknown")
    return row


def _ticket_hash(request: str) -> str:
    taken = (each for each in entries_about([request]) if each.kind == "request.taken/1")
    return next((str(each.facts["ticket_hash"]) for each in taken), "")


def _content(day: date, **about: str) -> Mapping[str, Any]:  # positional: said
    # What can be printed is a circumstance, not what the command says.
    return {"day": day.isoformat(), **about}
