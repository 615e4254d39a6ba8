"""How long withdrawn pieces may lie, and the report of a month."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.journal.alarms import open_alarms
from ampera.withdrawal.actions import destroying as destroying_module
from ampera.withdrawal.actions import (
    flag_overdue,
)
from ampera.withdrawal.queries import (
    Balance,
    lying_at,
    monthly_report,
)
from ampera.withdrawal.rules.pieces import How
from ampera.withdrawal.rules.policy import Cause, Rule, Way
from tests.stations.printing_desk import DINAS, KEC, Desk, by
from tests.stations.withdrawn_cards import (
    brought,
    destroyed,
    handed,
    printed,
    spoiled,
)


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=4, blanks=6)


# ---- how long a piece may lie ----


def daily(*_: object) -> Rule:
    return Rule(desk_day(), Way.BURNED, 0, "SE contoh")


def desk_day():
    from datetime import date

    return date(2017, 1, 1)


def test_what_lies_longer_than_the_rule_of_the_day_is_an_alarm_until_it_is_gone(desk, monkeypatch):
    from ampera.withdrawal.queries import lying as lying_module

    with desk.at():
        ruined = spoiled(1)
        desk.offices.clock.move(timedelta(days=1))
        assert flag_overdue() == 0, "in 2017 nothing was said about it"
        monkeypatch.setattr(destroying_module, "rule_on", daily)
        monkeypatch.setattr(lying_module, "rule_on", daily)
        assert flag_overdue() == 1
        ((key, text),) = open_alarms()
        assert (key, text[:2]) == ("withdrawal:overdue", "1 ")
        assert lying_at()[0].is_overdue
        fresh = spoiled(2)
        assert flag_overdue() == 1, "what came in today may lie until tonight"
        destroyed("FAILED_PRINT", ruined)
        assert flag_overdue() == 0
        assert open_alarms() == []
        assert [each.piece for each in lying_at()] == [fresh]


# ---- the report of a month ----


def test_the_month_adds_up_by_cause_and_in_all(desk):
    with desk.at():
        kept = spoiled(1)
        desk.offices.clock.move(timedelta(days=30))  # October
        ruined, bad = spoiled(2), spoiled(3, cause="bad_blank")
        card = printed(4)
        handed(4)
        piece = brought(card, how=How.FOUND)["piece"]
        destroyed("FAILED_PRINT", ruined)
        from ampera.withdrawal.actions import give_back

        give_back(by(), piece=piece, is_holder=True)
        september = monthly_report(year=2017, month=9)
        assert september.total == Balance(came=1)
        october = monthly_report(year=2017, month=10)
        assert october.total == Balance(opening=1, came=3, given_back=1, gone=1)
        assert october.total.closing == 2
        assert october.by_cause[Cause.FAILED_PRINT] == Balance(opening=1, came=1, gone=1)
        assert october.by_cause[Cause.FACTORY_BAD] == Balance(came=1)
        assert october.by_cause[Cause.OTHER] == Balance(came=1, given_back=1)
        assert october.is_balanced
        assert october.sum_of_causes == october.total
        november = monthly_report(year=2017, month=11)
        assert november.total == Balance(opening=2)
        assert {each.piece for each in lying_at()} == {kept, bad}
        assert monthly_report(year=2017, month=12).first_day.isoformat() == "2017-12-01"
    desk.offices.post()
    with desk.offices.at(DINAS):
        from ampera.words import OfficeCode

        at_the_dinas = monthly_report(year=2017, month=10, office=OfficeCode(KEC))
        assert at_the_dinas.total == october.total


def test_a_report_whose_causes_do_not_give_its_total_says_so(desk):
    from dataclasses import replace

    with desk.at():
        spoiled(1)
        report = monthly_report(year=2017, month=9)
        assert report.is_balanced
        cirebon = replace(report, total=Balance(came=10_090))
        assert not cirebon.is_balanced
