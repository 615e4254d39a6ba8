"""Of two lendings that make a loop, decided at one moment, exactly one stands."""

from __future__ import annotations

from datetime import date, timedelta

from ampera.journal.actions import Command
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness.actions import lending
from ampera.readiness.models import LentPrinting
from ampera.readiness.rules.lending import LendWish
from ampera.register.actions import describe_office
from ampera.words import OfficeCode, Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.concurrency.test_one_live_card import DINAS, FIRST, SECOND
from tests.houses import START


def describe() -> None:
    for code in (DINAS, FIRST, SECOND):
        done = describe_office(
            Command(f"cmd_{code}"),
            office=OfficeCode(code),
            name=code,
            hosted_by=None,
            capabilities=["cetak"],
            prints_from=date(2017, 9, 1),
        )
        assert not isinstance(done, Refusal), done


def lend(home: str, at: str, *, days_on: int = 0):
    day = START.date() + timedelta(days=days_on)

    def run():
        wish = LendWish(
            home=OfficeCode(home),
            at=OfficeCode(at),
            since=day,
            until=day + timedelta(days=2),
            why="OFFICE_SHUT",
            ends_when_up=False,
        )
        command = Command(f"cmd_{home}_{at}_{days_on}", officer="off_a")
        return lending.lend_printing(command, wish=wish, is_home_down=False, is_at_down=False)

    return run


def both_ways_at_once(monkeypatch) -> list[object]:
    describe()
    # The chains of both offices have begun: who begins one at the same moment decides anew anyway.
    assert isinstance(lend(FIRST, SECOND, days_on=30)(), dict)
    meeting = Meeting().after(lending.lendings_around)
    monkeypatch.setattr(lending, "lendings_around", meeting)
    return race(lend(FIRST, SECOND), lend(SECOND, FIRST))


def test_a_loop_of_two_lendings_is_not_made(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        said = both_ways_at_once(monkeypatch)
        (no,) = [each for each in said if isinstance(each, Refusal)]
        assert no.code == "readiness.lending_in_chain"
        assert LentPrinting.objects.count() == 2
        assert compare_with_rebuild() == []


def test_control_without_the_lane_both_stand(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        monkeypatch.setattr(lending, "hold", lambda key: None)
        said = both_ways_at_once(monkeypatch)
        assert all(isinstance(each, dict) for each in said)
        assert LentPrinting.objects.count() == 3
