"""The last place of a day goes to exactly one of two residents; read-then-write promises it
twice."""

from __future__ import annotations

from datetime import date

from ampera.appointments import actions, queries
from ampera.appointments.actions import PrintRoom
from ampera.appointments.models import DayBook
from ampera.intake.actions import take_request
from ampera.journal.actions import Command
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import Reason, Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.recordings import NEW_PAPERS, a_resident

KEC = "16.71.02"
FRIDAY, MONDAY = date(2017, 9, 8), date(2017, 9, 11)


def requests(count: int) -> list[str]:
    """So many open requests, at an office whose book was begun before."""
    DayBook.objects.create(office=KEC)
    found = []
    for number in range(1, count + 1):
        answer = take_request(
            Command(f"cmd_take_{number}", "off_a"),
            resident_facts=a_resident(number),
            reason=Reason.NEW,
            papers=NEW_PAPERS,
        )
        assert isinstance(answer, dict), answer
        found.append(answer["request"])
    return found


def book(request: str, *, day: date = FRIDAY, window: str = ""):
    def run():
        return actions.book_day(
            Command(f"cmd_{request}{window}", "off_a"),
            request=request,
            day=day,
            room=PrintRoom(capacity=2, backlog=0),
        )

    return run


def meet_after_deciding(monkeypatch) -> None:
    """Both have seen that the day has a place."""
    monkeypatch.setattr(actions, "_decide", Meeting().after(actions._decide))


def test_the_last_place_of_a_day_goes_to_one_of_two(postgres_database, monkeypatch) -> None:
    with acting_as(KEC) as here:
        one, other = requests(2)
        meet_after_deciding(monkeypatch)
        said = race(book(one), book(other))
        assert sum(isinstance(each, dict) for each in said) == 1
        assert Refusal("appointments.day_full", day="2017-09-08") in said
        assert queries.booked_by_day(here.code, since=FRIDAY) == {FRIDAY: 1}
        assert compare_with_rebuild() == []


def test_one_request_gets_one_day_from_two_windows(postgres_database, monkeypatch) -> None:
    with acting_as(KEC):
        (request,) = requests(1)
        meet_after_deciding(monkeypatch)
        said = race(book(request, window="_a"), book(request, day=MONDAY, window="_b"))
        assert sum(isinstance(each, dict) for each in said) == 1
        (no,) = [each for each in said if isinstance(each, Refusal)]
        assert no.code == "appointments.already_booked"
        assert queries.nobody_is_promised_twice() == []


def test_control_without_turning_the_page_the_place_is_promised_twice(
    postgres_database, monkeypatch
) -> None:
    with acting_as(KEC) as here:
        one, other = requests(2)
        meet_after_deciding(monkeypatch)
        monkeypatch.setattr(actions, "_turn", lambda office, page: None)
        said = race(book(one), book(other))
        assert all(isinstance(each, dict) for each in said)
        assert queries.booked_by_day(here.code, since=FRIDAY) == {FRIDAY: 2}
