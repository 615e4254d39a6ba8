"""Days promised at real servers: booked, moved, taken back, missed, and known to the dinas."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.appointments import actions, queries
from ampera.appointments.actions import PrintRoom
from ampera.appointments.models import Appointment
from ampera.appointments.rules import AppointmentState
from ampera.intake import actions as intake_actions
from ampera.intake.actions import reject_request
from ampera.journal.actions import Command
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import OfficeCode, Reason, Refusal
from tests.interleavings import assert_order_free
from tests.recordings import a_resident, taken

KEC, DINAS, OTHER = "16.71.02", "16.71", "16.71.06"
FRIDAY, MONDAY = date(2017, 9, 8), date(2017, 9, 11)
ROOM = PrintRoom(capacity=2, backlog=0)  # one card a day is promised
KEC_CODE = OfficeCode(KEC)
numbers = iter(range(1, 10_000))


@pytest.fixture
def asked(offices, monkeypatch):
    """Takes requests; nobody's NIK is confirmed by itself."""
    monkeypatch.setattr(intake_actions, "agrees_with_register", lambda *_, **__: None)

    def ask(number=1, *, at=KEC, reason=Reason.NEW):
        request = taken(offices, a_resident(number), at=at, reason=reason)
        offices.post()
        return request

    return ask


def by():
    return Command(id=f"cmd_a{next(numbers)}", officer="off_sari")


def book(request, day=FRIDAY, room=ROOM):
    return actions.book_day(by(), request=request, day=day, room=room)


def test_a_day_is_promised_once_and_the_dinas_knows_of_it(offices, asked):
    request = asked()
    with offices.at(KEC):
        made = book(request)
        assert made["day"] == "2017-09-08"
        assert book(request) == Refusal("appointments.already_booked", day="2017-09-08")
        assert queries.appointment_of(request).day == FRIDAY
        assert queries.nobody_is_promised_twice() == []
        assert compare_with_rebuild() == []
    offices.post()
    with offices.at(DINAS):
        seen = queries.appointment_of(request)
        assert (seen.office.text, seen.day, seen.state) == (KEC, FRIDAY, AppointmentState.BOOKED)
        assert compare_with_rebuild() == []


def test_nobody_is_booked_on_a_day_over_what_can_be_printed(offices, asked):
    first, second = asked(1), asked(2)
    with offices.at(KEC):
        book(first)
        assert book(second) == Refusal("appointments.day_full", day="2017-09-08")
        owing = PrintRoom(capacity=2, backlog=2)
        assert book(second, MONDAY, owing) == Refusal("appointments.day_full", day="2017-09-11")
        assert "appointment" in book(second, MONDAY)
        rooms = queries.day_rooms(KEC_CODE, capacity=2, backlog=0)
    assert [(each.day, each.booked, each.places) for each in rooms[:3]] == [
        (date(2017, 9, 7), 0, 1),
        (FRIDAY, 1, 0),
        (MONDAY, 1, 0),
    ]


def test_who_the_office_does_not_serve_gets_no_day(offices, asked):
    request = asked(1)
    with offices.at(OTHER):
        assert book(request) == Refusal("intake.no_such_request")
    with offices.at(KEC):
        assert book("req_unknown") == Refusal("intake.no_such_request")
    with offices.at(DINAS):
        done = reject_request(by(), request=request, why="withdrawn")
        assert isinstance(done, dict), done
    offices.post()
    with offices.at(KEC):
        assert book(request) == Refusal("intake.not_open")


def test_no_day_is_given_to_a_card_that_cannot_be_printed(offices, asked):
    request = asked()
    with offices.at(KEC):
        barred = PrintRoom(capacity=2, backlog=0, is_barred=True)
        assert book(request, room=barred) == Refusal("appointments.cannot_be_printed")


def test_a_replacement_gets_its_day_at_the_dinas(offices, asked):
    request = asked(1, reason=Reason.LOST)
    with offices.at(DINAS):
        assert "appointment" in book(request)
        seen = queries.appointment_of(request)
        assert seen.office.text == DINAS


def test_a_day_is_moved_and_its_place_is_free_again(offices, asked):
    first, second = asked(1), asked(2)
    with offices.at(KEC):
        made = book(first)["appointment"]
        move = actions.move_day
        no = move(by(), appointment=made, day=FRIDAY, room=ROOM)
        assert no == Refusal("appointments.same_day", day="2017-09-08")
        assert move(by(), appointment=made, day=MONDAY, room=ROOM)["day"] == "2017-09-11"
        assert "appointment" in book(second)
        no = move(by(), appointment=made, day=FRIDAY, room=ROOM)
        assert no == Refusal("appointments.day_full", day="2017-09-08")
        no = move(by(), appointment="apt_unknown", day=FRIDAY, room=ROOM)
        assert no == Refusal("appointments.unknown")
        assert queries.appointment_of(first).day == MONDAY


def test_a_cancelled_day_is_nobodys_and_may_be_asked_for_again(offices, asked):
    request = asked()
    with offices.at(KEC):
        made = book(request)["appointment"]
        assert actions.cancel_day(by(), appointment=made) == {"appointment": made}
        no = actions.cancel_day(by(), appointment=made)
        assert no == Refusal("appointments.unknown")
        assert queries.appointment_of(request) is None
        assert "appointment" in book(request)


def test_who_did_not_come_may_have_another_day(offices, asked):
    request = asked()
    with offices.at(KEC):
        made = book(request)["appointment"]
        no = actions.note_missed(by(), appointment=made)
        assert no == Refusal("appointments.not_yet", day="2017-09-08")
    offices.clock.move(timedelta(days=1))
    with offices.at(KEC):
        assert actions.note_missed(by(), appointment=made) == {"appointment": made}
        assert queries.appointment_of(request).state is AppointmentState.MISSED
        no = actions.note_missed(by(), appointment=made)
        assert no == Refusal("appointments.missed_already")
        moved = actions.move_day(by(), appointment=made, day=MONDAY, room=ROOM)
        assert moved["day"] == "2017-09-11"
        assert queries.appointment_of(request).state is AppointmentState.BOOKED
    offices.post()
    for code in (KEC, DINAS):
        assert_order_free(offices, code, tries=6)
        with offices.at(code):
            assert compare_with_rebuild() == []


def test_the_holder_of_a_receipt_asks_for_a_day_and_for_another(offices, asked, monkeypatch):
    request = asked(1, at=DINAS, reason=Reason.LOST)
    with offices.at(DINAS):
        ask = actions.book_by_ticket
        monkeypatch.setattr(actions, "by_ticket", lambda ticket: _Seen(request))
        first = ask(by(), ticket="K7M29QXA4TRP", day=FRIDAY, room=ROOM)
        assert ask(by(), ticket="K7M29QXA4TRP", day=FRIDAY, room=ROOM) == first
        other = ask(by(), ticket="K7M29QXA4TRP", day=MONDAY, room=ROOM)
        assert other == {**first, "day": "2017-09-11"}
        monkeypatch.undo()
        no = ask(by(), ticket="K7M29QXA4TRP", day=FRIDAY, room=ROOM)
        assert no == Refusal("intake.no_such_ticket")


class _Seen:
    def __init__(self, request: str) -> None:
        self.id = request


def test_verify_tells_of_two_promises_to_one_request(offices, asked):
    request = asked()
    with offices.at(KEC):
        book(request)
        Appointment.objects.create(appointment="apt_x", request=request, office=KEC)
        assert queries.nobody_is_promised_twice() == [f"{request} has two appointments"]
