"""How many places a day has: what is promised can be printed, and who came first keeps the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.appointments.rules import (
    AppointmentState,
    Office,
    calendar_on,
    calendars,
    decide_day,
    read_calendars,
    rooms,
    share_of,
    state_of,
    to_be_told,
)
from ampera.words import Refusal

THURSDAY = date(2017, 9, 7)
CALENDAR = calendar_on(THURSDAY, among=calendars())
FRIDAY, SATURDAY, MONDAY = (THURSDAY + timedelta(days=ahead) for ahead in (1, 2, 4))


def office(capacity=10, backlog=0, **booked):
    days = {date.fromisoformat(day.replace("_", "-").strip("d")): n for day, n in booked.items()}
    return Office(today=THURSDAY, capacity=capacity, backlog=backlog, booked=days)


def places(facts) -> dict[date, int]:
    return {each.day: each.places for each in rooms(facts, calendar=CALENDAR)}


def test_a_share_of_the_measured_cards_is_promised_on_working_days():
    assert share_of(10, calendar=CALENDAR) == 8
    found = places(office())
    assert (found[THURSDAY], found[FRIDAY], found[MONDAY]) == (8, 8, 8)
    assert SATURDAY not in found


def test_what_the_queue_owes_is_printed_before_new_promises():
    found = places(office(backlog=20))
    assert (found[THURSDAY], found[FRIDAY], found[MONDAY]) == (0, 0, 4)


def test_what_was_promised_for_a_day_is_not_promised_again():
    found = places(office(d2017_09_08=8))
    assert (found[THURSDAY], found[FRIDAY], found[MONDAY]) == (8, 0, 8)


def test_when_the_printer_got_slower_today_prints_for_tomorrow():
    """Eight were promised for Friday, four a day come out now: Thursday has nothing to give."""
    found = places(office(capacity=5, d2017_09_08=8))
    assert (found[THURSDAY], found[FRIDAY], found[MONDAY]) == (0, 0, 4)


@given(
    st.integers(0, 12),
    st.integers(0, 40),
    st.dictionaries(st.integers(0, 9), st.integers(0, 9), max_size=6),
    st.data(),
)
def test_no_promise_breaks_an_earlier_one(capacity, backlog, ahead, data):
    """Whoever books where there is room: never more than the share on a day, and by each day all
    that is owed by then can have been printed, unless it was too much before."""
    share = share_of(capacity, calendar=CALENDAR)
    open_days = [each.day for each in rooms(office(), calendar=CALENDAR)]
    booked = {open_days[at]: min(count, share) for at, count in ahead.items()}
    for _ in range(5):
        facts = Office(today=THURSDAY, capacity=capacity, backlog=backlog, booked=booked)
        free = [each.day for each in rooms(facts, calendar=CALENDAR) if each.places > 0]
        if not free:
            break
        day = data.draw(st.sampled_from(free))
        assert decide_day(day, office=facts, calendar=CALENDAR) is None
        booked = {**booked, day: booked.get(day, 0) + 1}
        assert booked[day] <= share
        owed = backlog
        for number, each in enumerate(open_days, start=1):
            owed += booked.get(each, 0)
            assert each < day or owed <= share * number


def test_days_that_cannot_be_promised_are_refused_with_their_reason():
    def asked(day, **facts):
        return decide_day(day, office=office(**facts), calendar=CALENDAR)

    assert asked(FRIDAY) is None
    assert asked(THURSDAY - timedelta(days=1)) == Refusal("appointments.day_past")
    assert asked(SATURDAY) == Refusal("appointments.day_closed", day="2017-09-09")
    far = THURSDAY + timedelta(days=CALENDAR.horizon_days + 1)
    assert asked(far) == Refusal("appointments.too_far", days=30)
    assert asked(FRIDAY, capacity=0) == Refusal("appointments.day_full", day="2017-09-08")
    assert asked(FRIDAY, d2017_09_08=8) == Refusal("appointments.day_full", day="2017-09-08")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("share_percent = 80", "share_percent = 101"),
        ("horizon_days = 30", "horizon_days = 0"),
        ("weekdays = [1, 2, 3, 4, 5]", "weekdays = []"),
    ],
)
def test_a_calendar_that_promises_nothing_is_a_defect(old, new):
    from importlib.resources import files

    text = files("ampera.appointments").joinpath("policy.toml").read_text("utf-8")
    with pytest.raises(ValueError, match="calendar"):
        read_calendars(text.replace(old, new))


def test_a_holiday_is_closed():
    row = (
        "[[calendar]]\nfrom = 2017-09-01\nweekdays = [1,2,3,4,5]\nclosed = [2017-09-08]\n"
        'horizon_days = 5\nshare_percent = 100\nbasis = "x"\n'
    )
    calendar = calendar_on(THURSDAY, among=read_calendars(row))
    no = decide_day(FRIDAY, office=office(), calendar=calendar)
    assert no == Refusal("appointments.day_closed", day="2017-09-08")
    assert calendar_on(date(2010, 1, 1), among=calendars()) == calendars()[0]


def test_where_an_appointment_stands_follows_from_what_was_said():
    def state(day="2017-09-08", missed="", is_cancelled=False):
        return state_of(day=day, missed_day=missed, is_cancelled=is_cancelled)

    assert state() is AppointmentState.BOOKED
    assert state(missed="2017-09-08") is AppointmentState.MISSED
    assert state(day="2017-09-11", missed="2017-09-08") is AppointmentState.BOOKED
    assert state(missed="2017-09-08", is_cancelled=True) is AppointmentState.CANCELLED


def test_who_was_promised_first_keeps_the_day_when_the_printer_or_the_blanko_fail():
    booked = [(FRIDAY, "a"), (FRIDAY, "b"), (MONDAY, "c"), (FRIDAY, "d")]
    assert to_be_told(booked, per_day=9, blanko=9) == []
    assert to_be_told(booked, per_day=2, blanko=9) == [(FRIDAY, "d")]
    assert to_be_told(booked, per_day=9, blanko=3) == [(MONDAY, "c")]
    assert to_be_told(booked, per_day=9, blanko=1) == [(FRIDAY, "b"), (FRIDAY, "d"), (MONDAY, "c")]
    assert len(to_be_told(booked, per_day=0, blanko=9)) == 4
