"""Recall and return under a lending, its end, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.printing.actions import lend_printing, return_while_down
from ampera.printing.actions.stops import note_repair
from ampera.printing.queries import open_stop
from ampera.readiness import actions, queries
from ampera.readiness.models import LentPrinting
from ampera.readiness.queries import WaitCode
from ampera.readiness.rules.lending import LendWish
from ampera.words import OfficeCode, Refusal
from tests.stations.lending_desk import (
    PRINTER,
    down,
    end,
    lend,
    lending_line,
    lent,
    permits_at,
    up,
)
from tests.stations.readiness_line import (
    DINAS,
    KEC,
    OTHER,
    answer,
    assert_whole,
    by,
    codes,
    queue,
    recall,
)


@pytest.fixture
def line(offices):
    return lending_line(offices)


# ---- recall, return, and the end ----


def test_a_recalled_permit_comes_back_from_the_printing_office(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    lent(line)
    (permit,) = line.grant(OTHER)
    line.post()
    assert recall(line, permit) is None
    line.post()
    assert answer(line, at=KEC) == 0, "the home office holds nothing to give back"
    assert answer(line, at=OTHER) == 1
    line.post()
    with line.at(KEC):
        assert queries.permit_seen(permit).state == "RETURNED"
    assert queue(line, OTHER) == ["res_1"]
    assert_whole(line)


def test_the_home_office_hears_of_renewal_recall_and_forfeit_too(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    lent(line, ends_when_up=False)
    (permit,) = line.grant(OTHER)
    line.post()
    line.offices.clock.move(timedelta(days=20))
    with line.at(DINAS):
        renewed = actions.renew_permits(by(), office=OTHER)
    assert renewed == {"renewed": [permit]}
    line.post()
    line.offices.clock.move(timedelta(days=30))
    assert codes(line, request, at=KEC)[0] is WaitCode.PERMITTED, "it was renewed"
    assert recall(line, permit) is None
    line.post()
    assert codes(line, request, at=KEC)[0] is WaitCode.RECALLED
    line.offices.clock.move(timedelta(days=40))
    with line.at(DINAS):
        assert actions.forfeit_permit(by(), permit=permit) == {"permit": permit}
    line.post()
    with line.at(KEC):
        assert queries.permit_seen(permit).state == "FORFEITED"
    assert_whole(line)


def test_what_an_office_gave_back_for_its_printer_is_granted_where_it_is_lent(line):
    permit = line.permit_for("res_1")
    down(line)
    line.offices.clock.move(timedelta(days=4, hours=1))
    with line.at(KEC):
        assert return_while_down() == 1
    line.post()
    with line.at(DINAS):
        since = line.offices.clock.at - timedelta(days=9)
        assert queries.returned_count(OfficeCode(KEC), since=since) == 1
    assert isinstance(lend(line), dict)
    line.grant(OTHER)
    line.post()
    (again,) = permits_at(line, OTHER)
    assert (again.resident, again.permit == permit) == ("res_1", False)
    line.deliver(again.permit, at=OTHER)
    assert_whole(line)


def test_what_lies_open_at_home_when_a_lending_begins_stays_there(line):
    permit = line.permit_for("res_1")
    lent(line)
    assert line.grant(OTHER) == Refusal("readiness.nobody_waits")
    with line.at(KEC):
        assert [each.permit for each in queries.open_permits(KEC)] == [permit]


def test_when_the_printer_is_up_new_permits_go_home_and_open_ones_stay(line):
    for resident in ("res_1", "res_2"):
        line.ready(resident)
        line.offices.clock.move(timedelta(hours=1))
    line.post()
    lending = lent(line)
    (stays,) = line.grant(OTHER, most=1)
    line.post()
    up(line)
    with line.at(DINAS):
        row = LentPrinting.objects.get()
        assert (row.lending, row.ended_why, row.ended_by) == (lending, "PRINTER_UP", "")
    assert queue(line, OTHER) == []
    (home,) = line.grant(KEC)
    line.post()
    assert [each.permit for each in permits_at(line, OTHER)] == [stays]
    assert [each.permit for each in permits_at(line, KEC)] == [home]
    line.deliver(stays, at=OTHER)
    line.deliver(home, at=KEC)
    assert_whole(line)


def test_a_lending_for_fixed_days_and_a_printer_that_is_retired_end_nothing(line):
    lending = lent(line, ends_when_up=False)
    up(line)
    with line.at(DINAS):
        assert queries.lending_of(OfficeCode(KEC), day=date(2017, 9, 7)).lending == lending
    assert end(line, lending) == {"lending": lending}
    lending = lent(line)
    with line.at(KEC):
        note_repair(by(), printer=PRINTER, what="RETIRED")
    line.post()
    with line.at(DINAS):
        assert open_stop(PRINTER) is None
        assert queries.lending_of(OfficeCode(KEC), day=date(2017, 9, 7)).lending == lending


def test_after_its_last_day_permits_go_home_again_without_a_word(line):
    request = line.ready("res_1")
    line.post()
    lent(line, days=2)
    line.offices.clock.move(timedelta(days=1))
    assert queue(line, OTHER) == ["res_1"]
    line.offices.clock.move(timedelta(days=1))
    assert (queue(line, OTHER), queue(line, KEC)) == ([], ["res_1"])
    assert codes(line, request) == [WaitCode.IN_QUEUE]
    with line.at(DINAS):
        lending = LentPrinting.objects.get().lending
    assert end(line, lending) == Refusal("readiness.lending_over")


def test_a_lending_that_begins_later_moves_nobody_before(line):
    line.ready("res_1")
    line.post()
    down(line)
    tomorrow = line.offices.clock.at.date() + timedelta(days=1)
    assert "lending" in lend(line, since=tomorrow, until=tomorrow)
    assert (queue(line, KEC), queue(line, OTHER)) == (["res_1"], [])
    line.offices.clock.move(timedelta(days=1))
    assert (queue(line, KEC), queue(line, OTHER)) == ([], ["res_1"])


# ---- refusals at the servers ----


def test_only_the_dinas_lends_and_ends(line):
    down(line)
    no = Refusal("readiness.not_the_dinas", office=KEC)
    assert lend(line, at_server=KEC) == no
    lending = lend(line)["lending"]
    line.post()
    with line.at(KEC):
        assert actions.end_lending(by(), lending=lending) == no
    assert end(line, "lnd_unknown") == Refusal("readiness.lending_unknown")
    assert end(line, lending) == {"lending": lending}
    assert end(line, lending) == Refusal("readiness.lending_over")


def test_a_loop_and_a_helper_that_is_down_itself_are_refused(line):
    no = Refusal("readiness.lending_not_down", office=KEC)
    assert lend(line) == no, "its printer runs"
    lent(line)
    down(line, at=OTHER)
    no = lend(line, OTHER, KEC)
    assert no == Refusal("readiness.lending_target_down", office=KEC)
    no = lend(line, OTHER, DINAS)
    assert no == Refusal("readiness.lending_in_chain", office=KEC, to=OTHER)
    with line.at(DINAS):
        lending = LentPrinting.objects.get().lending
    end(line, lending)
    assert lend(line) == Refusal("readiness.lending_target_down", office=OTHER)
    assert "lending" in lend(line, at=DINAS)


def test_the_same_command_lends_once(line):
    down(line)
    command = by()
    today = line.offices.clock.at.date()
    wish = LendWish(
        home=OfficeCode(KEC),
        at=OfficeCode(OTHER),
        since=today,
        until=today,
        why="PRINTER_DOWN",
        ends_when_up=False,
    )
    with line.at(DINAS):
        first = lend_printing(command, wish=wish)
        assert lend_printing(command, wish=wish) == first
        assert LentPrinting.objects.count() == 1


def test_a_lost_answer_is_given_again_also_when_the_printer_is_up_by_then(line):
    today = line.offices.clock.at.date()
    wish = LendWish(
        home=OfficeCode(KEC),
        at=OfficeCode(OTHER),
        since=today,
        until=today,
        why="PRINTER_DOWN",
        ends_when_up=True,
    )
    command = by()
    down(line)
    with line.at(DINAS):
        first = lend_printing(command, wish=wish)
    up(line)
    with line.at(DINAS):
        assert lend_printing(command, wish=wish) == first
