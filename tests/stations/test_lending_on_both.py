"""The act of lending on either database: lent, granted, ended, and each no."""

from __future__ import annotations

from datetime import date, timedelta

from ampera.journal.actions import Command
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness import actions, queries
from ampera.readiness.models import Permit
from ampera.readiness.rules.lending import LendWish
from ampera.register.actions import describe_office
from ampera.words import OfficeCode, Refusal
from tests.concurrency.racing import acting_as
from tests.concurrency.test_one_live_card import DINAS, FIRST, SECOND, mandated
from tests.houses import START


def test_a_lending_is_decided_granted_under_and_ended(django_database):
    day = START.date()

    def lend(number: int, *, days: int = 3, is_home_down: bool = True):
        wish = LendWish(
            home=OfficeCode(FIRST),
            at=OfficeCode(SECOND),
            since=day,
            until=day + timedelta(days=days - 1),
            why="PRINTER_DOWN",
            ends_when_up=True,
        )
        command = Command(f"cmd_lend_{number}", officer="off_a")
        return actions.lend_printing(
            command, wish=wish, is_home_down=is_home_down, is_at_down=False
        )

    def grant(number: int, office: str):
        return actions.grant_lot(Command(f"cmd_lot_{number}"), office=office, most=5)

    with acting_as(DINAS):
        for code in (DINAS, FIRST, SECOND):
            describe_office(
                Command(f"cmd_{code}"),
                office=OfficeCode(code),
                name=code,
                hosted_by=None,
                capabilities=["cetak"],
                prints_from=date(2017, 9, 1),
            )
        mandated(("req_1", FIRST))
        assert lend(1, days=99) == Refusal("readiness.lending_days", most=30)
        no = lend(2, is_home_down=False)
        assert no == Refusal("readiness.lending_not_down", office=FIRST)
        lending = lend(3)["lending"]
        assert lend(3) == {"lending": lending}, "asked again it is the same answer"
        assert lend(4).code == "readiness.lent_already"
        assert grant(1, FIRST) == Refusal("readiness.nobody_waits")
        assert len(grant(2, SECOND)["granted"]) == 1
        permit = Permit.objects.get()
        assert (permit.office, permit.lending, permit.lent_from) == (SECOND, lending, FIRST)
        ended = actions.end_lending(Command("cmd_end", officer="off_a"), lending=lending)
        assert ended == {"lending": lending}
        (seen,) = queries.lendings()
        assert (seen.is_over, seen.granted, seen.open) == (True, 1, 1)
        assert compare_with_rebuild() == []
