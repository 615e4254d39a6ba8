"""Two windows give sukets at one moment: two people get two numbers, one person gets one suket."""

from __future__ import annotations

import pytest

from ampera.journal.actions import Command, perform
from ampera.journal.rebuild import compare_with_rebuild
from ampera.suket import actions, queries
from ampera.suket.models import NewestOf, Series, Suket
from ampera.suket.queries import Holder, asking
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race

DINAS, YEAR = "16.71", 2017
NIKS = {"1": "9999014107900001", "2": "9999014107900002"}


@pytest.fixture(autouse=True)
def signed(monkeypatch):
    """Who signs is told by the pusat; here there is none to tell it."""
    monkeypatch.setattr(asking, "signatory_name", lambda: "Kepala (CONTOH)")


def recorded(number: str) -> None:
    """Somebody asked at the dinas's own counter, and the centre has the recording."""

    def work(pen):
        request, resident = f"req_{number}", f"res_{number}"
        facts = {
            "request": request,
            "resident": resident,
            "reason": "NEW",
            "papers": [],
            "missing": [],
            "ticket_hash": number * 64,
            "home": "16.71.02",
            "host": DINAS,
            "nik_known": True,
        }
        body = {"nik": NIKS[number], "no_kk": "", "nama": "", "tanggal_lahir": ""}
        pen.write("request.taken/1", subject=request, facts=facts, body=body)
        return {}

    assert perform(Command(f"cmd_taken_{number}"), work, content={}) == {}


def holder(number: str) -> Holder:
    return Holder(
        nik=NIKS[number],
        nama="CONTOH",
        tempat_lahir="PALEMBANG",
        tanggal_lahir="1990-07-01",
        jenis_kelamin="PEREMPUAN",
        alamat="JL. CONTOH",
    )


def issue(number: str, window: int = 1):
    command = Command(f"cmd_{number}_{window}", "off_a")
    return lambda: actions.issue(command, request=f"req_{number}", holder=holder(number))


@pytest.fixture
def all_recorded(monkeypatch):
    """That the centre has the recordings is not what these races are about."""
    monkeypatch.setattr(asking, "_is_recorded", lambda *_, **__: True)


def place_of(answer) -> str:
    return answer["number"].split("/")[1]


@pytest.mark.parametrize("given_before", [0, 1])
def test_two_people_at_two_windows_get_two_numbers(
    postgres_database, monkeypatch, all_recorded, given_before
) -> None:
    with acting_as(DINAS):
        for number in NIKS:
            recorded(number)
        if given_before:
            first = issue("1", 0)()
            actions.withdraw(Command("cmd_back"), suket=first["suket"], why="WRONG_DATA")
        monkeypatch.setattr(actions, "last_number", Meeting().after(actions.last_number))
        said = race(issue("1"), issue("2"))
        wanted = {f"{n + given_before:05d}" for n in (1, 2)}
        assert {place_of(each) for each in said} == wanted
        assert [each for check in queries.CHECKS for each in check()] == []
        assert compare_with_rebuild() == []


def test_control_a_series_that_is_read_and_then_set_gives_one_number_twice(
    postgres_database, monkeypatch, all_recorded
) -> None:
    with acting_as(DINAS):
        for number in NIKS:
            recorded(number)
        Series.objects.create(year=YEAR, last=0)
        meeting = Meeting()

        def read_then_set(year):
            last = Series.objects.get(pk=year).last
            meeting.wait()
            Series.objects.filter(pk=year).update(last=last + 1)
            return last + 1

        monkeypatch.setattr(actions, "next_number", read_then_set)
        said = race(issue("1"), issue("2"))
        assert [place_of(each) for each in said] == ["00001", "00001"]
        assert queries.numbers_have_no_gap() == ["the sukets of 2017 are not numbered 1 to 2"]


@pytest.mark.parametrize("given_before", [0, 1])
def test_one_person_at_two_windows_gets_one_suket(
    postgres_database, monkeypatch, all_recorded, given_before
) -> None:
    with acting_as(DINAS):
        recorded("1")
        if given_before:
            first = issue("1", 0)()
            actions.withdraw(Command("cmd_back"), suket=first["suket"], why="WRONG_DATA")
        monkeypatch.setattr(actions, "newest_of", Meeting().after(actions.newest_of))
        said = race(issue("1", 1), issue("1", 2))
        (no,) = [each for each in said if isinstance(each, Refusal)]
        assert no.code == "suket.one_is_valid"
        assert Suket.objects.count() == 1 + given_before
        # The loser's number was never taken: none is left out.
        assert [each for check in queries.CHECKS for each in check()] == []
        assert compare_with_rebuild() == []


def test_control_a_place_that_nobody_compares_gives_one_person_two(
    postgres_database, monkeypatch, all_recorded
) -> None:
    with acting_as(DINAS):
        recorded("1")
        Series.objects.create(year=YEAR, last=0)
        meeting = Meeting()
        monkeypatch.setattr(actions, "newest_of", meeting.after(actions.newest_of))
        monkeypatch.setattr(actions, "take_place", lambda **_: meeting.wait())
        # Both have decided before either writes; the series alone lets the later one try again.
        decide = Meeting().after(actions.decide_issue)
        monkeypatch.setattr(actions, "decide_issue", decide)
        monkeypatch.setattr(actions, "next_number", _next_without_comparing())
        race(issue("1", 1), issue("1", 2))
        assert queries.nobody_has_two_sukets() == ["res_1 has two sukets valid on one day"]
        assert NewestOf.objects.count() == 0


def _next_without_comparing():
    """Two numbers, whoever comes first: what is looked at here is the person."""
    numbers = iter((1, 2))
    return lambda year: next(numbers)
