"""Permits at real servers: who grants them, who takes and spends them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.journal.actions import perform
from ampera.readiness import actions, queries
from ampera.readiness.actions import ReadyRecord
from ampera.readiness.models import Permit, PermitHold
from ampera.readiness.queries import CardState, PermitState
from ampera.words import Reason, Refusal
from tests.stations.readiness_line import (
    DINAS,
    KEC,
    OTHER,
    PUSAT,
    assert_whole,
    by,
    queue,
)

# ---- granting ----


def test_a_permit_names_one_card_one_office_one_version_and_its_last_day(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request, version="v7")
    line.post()
    (permit,) = line.grant()
    line.post()
    with line.at(KEC):
        seen = queries.permit_seen(permit)
        assert (seen.resident, seen.request, seen.version) == ("res_1", request, "v7")
        assert (str(seen.office), seen.replaces) == (KEC, None)
        assert seen.print_until == date(2017, 9, 7) + timedelta(days=45)
        assert queries.card_state(seen.card) is CardState.PERMITTED
        assert [each.permit for each in queries.open_permits(KEC)] == [permit]
        (named,) = queries.named_permits("off_a", permits=[permit], purpose="print")
        assert (named.nama, named.nik) == ("SITI CONTOH", "9999014107900001")
    with line.at(OTHER):
        assert queries.permit_seen(permit) is None
    assert_whole(line)


def test_a_lot_is_never_larger_than_asked(line):
    for number in range(5):
        line.ready(f"res_{number}")
    line.post()
    assert len(line.grant(most=3)) == 3
    with line.at(DINAS):
        assert queries.open_permit_count(KEC) == 3
        assert queries.ready_count(KEC) == 2
    assert len(line.grant(most=3)) == 2
    assert line.grant(most=3) == Refusal("readiness.nobody_waits")
    line.ready("res_9")
    line.post()
    assert line.grant(most=0) == Refusal("readiness.nobody_waits")


def test_nothing_is_granted_while_entries_of_the_office_are_unread(line):
    line.ready("res_1")
    line.post()
    with line.at(DINAS):
        no = actions.grant_lot(by(), office=KEC, most=1, is_all_seen=False)
        assert no == Refusal("readiness.unread_entries", office=KEC)
        assert queries.open_permits() == []


@pytest.mark.parametrize(("server", "office"), [(KEC, KEC), (PUSAT, KEC), (DINAS, "99.01.01")])
def test_only_the_dinas_of_an_office_grants(line, server, office):
    with line.at(server):
        no = actions.grant_lot(by(), office=office, most=1)
        assert no == Refusal("readiness.not_the_dinas", office=office)


def test_two_requests_of_one_person_get_one_card(line):
    for number in range(2):
        line.ready("res_1", request=f"req_{number}")
    line.post()
    assert len(line.grant()) == 1
    assert line.grant() == Refusal("readiness.nobody_waits")
    assert_whole(line)


def test_a_card_from_before_ampera_bars_a_first_card(line):
    line.ready("res_1")
    line.ready("res_2")
    line.post()
    with line.at(DINAS):
        assert actions.import_cards(by(), residents=["res_1"]) == {"imported": 1}
        assert actions.import_cards(by(), residents=["res_1"]) == {"imported": 0}
    assert queue(line) == ["res_2"]
    with line.at(KEC):
        no = actions.import_cards(by(), residents=["res_1"])
        assert no == Refusal("readiness.not_the_dinas", office=KEC)
    line.post()
    assert_whole(line)


# ---- taking and spending ----


def test_an_attempt_takes_the_permit_and_nobody_else_does(line):
    permit = line.permit_for("res_1")
    assert line.begin(permit, "att_1") is None
    assert line.begin(permit, "att_2") == Refusal("readiness.permit_held")
    line.end(permit, "att_1", "SPOILED")
    assert line.begin(permit, "att_2") is None
    line.end(permit, "att_2", "PRINTED")
    assert line.begin(permit, "att_3") == Refusal("readiness.permit_spent")
    line.post()
    assert_whole(line)


def test_an_attempt_that_does_not_hold_the_permit_gives_nothing_back(line):
    permit = line.permit_for("res_1")
    line.begin(permit, "att_1")

    def give_back(step):
        def work(pen):
            return step(pen, permit=permit, attempt="att_9") or {}

        with line.at(KEC):
            return run(work)

    for step in (actions.release_permit_in, actions.spend_permit_in):
        assert give_back(step) == Refusal("readiness.permit_not_held")


def run(work):
    """A command of another station, in which readiness is one step."""
    return perform(by(), work, content={})


def test_another_office_does_not_print_under_the_permit(line):
    permit = line.permit_for("res_1")
    assert line.begin(permit, "att_1", at=DINAS) == Refusal("readiness.permit_elsewhere")
    with line.at(OTHER):

        def work(pen):
            return actions.take_permit_in(pen, permit=permit, attempt="att_1") or {}

        assert run(work) == Refusal("readiness.permit_unknown")


def test_a_permit_ends_by_itself_at_its_last_day(line):
    permit = line.permit_for("res_1")
    line.offices.clock.move(timedelta(days=45))
    assert line.begin(permit, "att_1") is None
    line.end(permit, "att_1", "SPOILED")
    line.offices.clock.move(timedelta(days=1))
    assert line.begin(permit, "att_2") == Refusal("readiness.permit_expired", day="2017-10-22")


def test_a_doubtful_clock_stops_printing(line):
    permit = line.permit_for("res_1")
    line.offices.clock.move(-timedelta(minutes=3))
    assert line.begin(permit, "att_1") == Refusal("server.clock_doubtful")


def test_guards_are_made_anew_from_the_facts(line):
    first, second = line.permit_for("res_1"), line.permit_for("res_2")
    line.begin(first, "att_1")
    for server in (PUSAT, DINAS, KEC):
        with line.at(server):
            actions.refresh_guards()
    assert line.begin(first, "att_2") == Refusal("readiness.permit_held")
    assert line.begin(second, "att_3") is None
    line.end(first, "att_1", "PRINTED")
    with line.at(DINAS):
        assert queries.guards_agree() == []
    with line.at(PUSAT):
        moved = ReadyRecord("res_1", "req_x", "enr_x", "v2", "99.01.01", Reason.MOVED)
        no = actions.give_mandate(by(), ready=moved)
        assert no.code == "readiness.mandate_elsewhere"


def test_a_printed_and_a_returned_permit_stay_held_after_guards_are_made_anew(line):
    printed, returned = line.permit_for("res_1"), line.permit_for("res_2")
    line.print_card(printed)
    with line.at(DINAS):
        actions.recall_permit(by(), permit=returned, why="moved")
    line.post()
    with line.at(KEC):
        assert actions.answer_recalls() == 1
        actions.refresh_guards()
        states = [queries.permit_seen(each).state for each in (printed, returned)]
        assert states == [PermitState.PRINTED, PermitState.RETURNED]
    assert line.begin(printed, "att_9") == Refusal("readiness.permit_spent")
    assert line.begin(returned, "att_9") == Refusal("readiness.permit_returned")


def test_an_attempt_holds_its_permit_before_the_grant_has_come_back(line):
    """World 2: after a restore the stick gave back the attempt, and only later the tier above gave
    back the grant. The guard made in between knew no permit, so nobody could say what had become of
    the card, and its attempt stood open for ever."""
    working, printed = line.permit_for("res_1"), line.permit_for("res_2")
    line.begin(working, "att_1")
    line.print_card(printed)
    with line.at(KEC):
        grants = list(Permit.objects.all())
        Permit.objects.all().delete()
        actions.refresh_guards()
        Permit.objects.bulk_create(grants)
    line.end(working, "att_1", "PRINTED")
    assert line.begin(printed, "att_9") == Refusal("readiness.permit_spent")
    with line.at(KEC):
        assert PermitHold.objects.get(pk=printed).is_spent
        assert PermitHold.objects.get(pk=working).is_spent
