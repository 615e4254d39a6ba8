"""Two workers of the centre at once, on PostgreSQL: one NIK is print ready once.

The recordings come from two cities, so the verdicts go into two chains: nothing but the guard
stands between two workers. The control shows that without it both would be print ready.
"""

from __future__ import annotations

import threading

import pytest

from ampera.dedup.actions import decide_next, deciding
from ampera.dedup.models import OnePrintReady, RecordVerdict, Turn
from ampera.dedup.queries import ready_as
from ampera.enrolment.models import Enrolment
from ampera.enrolment.queries import enrolment_seen
from tests.recordings import at_once, lone_server

pytestmark = pytest.mark.postgres
NIK = "9971021705990001"
AT = "2017-09-07T01:00:00.000000Z"


def arrived(number: int, *, office: str) -> str:
    """A recording of the same NIK that lies at the centre, as its entries would leave it."""
    enrolment = f"enr_{number}"
    Enrolment.objects.create(
        id=enrolment,
        request=f"req_{number}",
        resident=f"res_{number}",
        office=office,
        nik=NIK,
        arrival=number,
        captured_at=AT,
        received_at=AT,
    )
    return enrolment


@pytest.fixture
def centre(postgres_database, monkeypatch):
    """The centre with two recordings of one NIK; both workers look before either writes."""
    meeting = threading.Barrier(2)
    met = threading.local()

    def look_together(resident: str, *, nik: str) -> str:
        found = ready_as(resident, nik=nik)
        if not getattr(met, "once", False):
            met.once = True
            meeting.wait(30)
        return found

    monkeypatch.setattr(deciding, "ready_as", look_together)
    with lone_server("00"):
        yield [arrived(1, office="16.71.02"), arrived(2, office="16.72.01")]


def judge_both(enrolments: list[str]) -> list[str]:
    """Each worker judges one, by an engine that sees nothing."""
    works = [lambda e=each: deciding._judge(enrolment_seen(e), []) for each in enrolments]
    assert at_once(*works) == [None, None]
    return sorted(RecordVerdict.objects.values_list("verdict", flat=True))


def test_of_two_workers_one_finds_the_nik_print_ready(centre):
    assert judge_both(centre) == ["DUPLICATE_RECORD", "PRINT_READY_RECORD"]
    loser = RecordVerdict.objects.get(verdict="DUPLICATE_RECORD")
    winner = RecordVerdict.objects.get(verdict="PRINT_READY_RECORD")
    assert loser.decided_of == winner.enrolment
    assert sorted(Turn.objects.values_list("number", flat=True)) == [1, 2]


def test_without_the_guard_both_would_be(centre, monkeypatch):
    for guard in (OnePrintReady, Turn):
        monkeypatch.setattr(guard.objects, "create", lambda **_: None)
    assert judge_both(centre) == ["PRINT_READY_RECORD", "PRINT_READY_RECORD"]


def test_two_workers_that_judge_the_same_recordings_say_it_once(postgres_database):
    with lone_server("00"):
        arrived(1, office="16.71.02")
        arrived(2, office="16.72.01")
        answers = at_once(decide_next, decide_next)
        assert all(isinstance(each, int) for each in answers), answers
        words = RecordVerdict.objects.order_by("arrival").values_list("verdict", flat=True)
        assert list(words) == ["PRINT_READY_RECORD", "DUPLICATE_RECORD"]
        assert RecordVerdict.objects.get(arrival=2).decided_of == "enr_1"
