"""Mandates, the PRR queue and permits at real servers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.journal.actions import perform
from ampera.journal.alarms import open_alarms
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import waiting_count
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness import actions, queries
from ampera.readiness.actions import ReadyRecord
from ampera.readiness.models import Permit, PermitHold
from ampera.readiness.queries import CardState, PermitState
from ampera.readiness.rules.policy import OfficeCard
from ampera.words import OfficeCode, Reason, Refusal
from tests.stations.readiness_line import DINAS, HOSTED, KEC, OTHER, PUSAT, Line, by, write

OPENING = date(2017, 9, 7)


@pytest.fixture
def line(offices):
    """Seberang Ulu I prints from today and hosts Jakabaring, Ilir Timur II from Monday on."""
    made = Line(offices)
    made.describe(DINAS, date(2014, 12, 1))
    made.describe(KEC, OPENING)
    made.describe(OTHER, date(2017, 9, 11))
    made.describe(HOSTED, None, host=KEC)
    return made


def assert_whole(line: Line) -> None:
    for server in (PUSAT, DINAS, KEC, OTHER):
        with line.at(server):
            assert [each for check in queries.CHECKS for each in check()] == []
            assert compare_with_rebuild() == []
            assert waiting_count() == {}
            assert open_alarms() == []


def queue(line: Line, office: str = KEC) -> list[str]:
    with line.at(DINAS):
        return [each.resident for each in queries.queue_for(office)]


def test_all_offices_read_at_once_are_those_read_one_by_one(line):
    with line.at(DINAS):
        together = queries.office_cards()
        assert together == [queries.office_card(each.office) for each in together]
        assert {str(each.office): len(each.hosts) for each in together}[KEC] == 1


def test_somebody_waits_as_soon_as_one_record_is_ready(line):
    with line.at(DINAS):
        assert not queries.is_anyone_waiting()
    line.ready("res_1")
    line.post()
    with line.at(DINAS):
        assert queries.is_anyone_waiting()


# ---- mandates ----


def test_the_centre_gives_the_mandate_with_print_ready(line):
    request = line.ask("res_1")
    line.capture("res_1", request, "enr_1")
    line.post()
    verdict = {
        "enrolment": "enr_1",
        "request": request,
        "resident": "res_1",
        "of": None,
        "office": KEC,
        "arrival": 1,
    }
    with line.at(PUSAT):
        write(
            "dedup.decided/1",
            subject="enr_1",
            facts=verdict | {"verdict": "DUPLICATE_RECORD", "order": 1},
            to=DINAS,
        )
    line.post()
    assert queue(line) == []
    with line.at(PUSAT):
        write(
            "dedup.decided/1",
            subject="enr_1",
            facts=verdict | {"verdict": "PRINT_READY_RECORD", "order": 2},
            to=DINAS,
        )
    line.post()
    assert queue(line) == ["res_1"]
    with line.at(PUSAT):
        assert actions.give_mandates() == 0, "the tick repeats nothing"
    assert_whole(line)


def test_a_quarantined_centre_gives_no_mandate(line):
    with line.at(PUSAT):
        quarantine("restored")
        ready = ReadyRecord("res_1", "req_1", "enr_1", "v1", KEC, Reason.NEW)
        assert actions.give_mandate(by(), ready=ready) == Refusal("server.quarantined")


def test_a_verdict_that_comes_before_the_request_gets_its_mandate_later(line):
    with line.at(PUSAT):
        facts = {
            "enrolment": "enr_1",
            "request": "req_later",
            "resident": "res_1",
            "verdict": "PRINT_READY_RECORD",
            "of": None,
            "order": 1,
            "office": KEC,
            "arrival": 1,
        }
        write("dedup.decided/1", subject="enr_1", facts=facts, to=DINAS)
    line.post()
    with line.at(PUSAT):
        assert actions.give_mandates() == 0
    request = line.ask("res_1")
    line.capture("res_1", request, "enr_1")
    line.post()
    with line.at(PUSAT):
        assert actions.give_mandates() == 1
    line.post()
    assert queue(line) == ["res_1"]


def test_one_dinas_at_a_time_holds_the_mandate_of_a_resident(line):
    line.ready("res_1")
    moved = ReadyRecord("res_1", "req_x", "enr_x", "v2", "99.01.01", Reason.MOVED)
    again = ReadyRecord("res_1", "req_1", "enr_1", "v1", KEC, Reason.NEW)
    with line.at(PUSAT):
        no = actions.give_mandate(by(), ready=moved)
        assert no == Refusal("readiness.mandate_elsewhere", office=DINAS)
        actions.give_mandate(by(), ready=again)
        no = actions.give_mandate(by(), ready=again)
        assert no == Refusal("readiness.mandate_given")
    with line.at(DINAS):
        no = actions.give_mandate(by(), ready=again)
        assert no == Refusal("readiness.not_the_centre")


# ---- the queue ----


def test_first_cards_come_first_then_who_waited_longest(line):
    line.ready("res_b")
    line.offices.clock.move(timedelta(minutes=1))
    line.ready("res_a")
    line.post()
    assert queue(line) == ["res_b", "res_a"]


def test_the_wait_counts_from_the_request_not_from_the_verdict(line):
    late = line.ask("res_late")
    line.offices.clock.move(timedelta(days=1))
    line.ready("res_early_verdict")
    line.offices.clock.move(timedelta(days=1))
    line.ready("res_late", request=late)
    line.post()
    assert queue(line) == ["res_late", "res_early_verdict"]


def test_under_age_residents_are_hidden_until_their_day(line):
    line.ready("res_1", printable_from=date(2017, 9, 9))
    line.post()
    assert queue(line) == []
    assert line.grant() == Refusal("readiness.nobody_waits")
    # The birthday begins at the office's midnight, seven hours before UTC's.
    line.offices.clock.move(timedelta(days=1, hours=16, minutes=1))
    assert queue(line) == ["res_1"]


def test_an_office_that_is_not_open_yet_gets_no_permits(line):
    line.ready("res_1", home=OTHER)
    line.post()
    no = line.grant(OTHER)
    assert no == Refusal("readiness.office_not_open", office=OTHER, day="2017-09-11")
    assert queue(line, OTHER) == []
    line.offices.clock.move(timedelta(days=4))
    assert len(line.grant(OTHER)) == 1


def test_residents_of_a_hosted_kecamatan_are_printed_by_the_host(line):
    line.ready("res_jakabaring", home=HOSTED)
    line.post()
    assert queue(line, KEC) == ["res_jakabaring"]
    assert queue(line, HOSTED) == []
    assert line.grant(HOSTED) == Refusal("readiness.office_cannot_print", office=HOSTED)
    assert len(line.grant(KEC)) == 1


def test_lost_and_changed_cards_are_printed_at_the_dinas_only(line):
    line.deliver(line.permit_for("res_1"))
    request = line.ask("res_1", reason=Reason.DATA_CHANGED)
    line.post()
    assert queue(line, DINAS) == [], "the dinas has not confirmed the new data"
    line.confirm(request)
    line.post()
    assert queue(line, DINAS) == ["res_1"]
    assert queue(line, KEC) == []
    assert len(line.grant(DINAS)) == 1


def test_who_serves_stands_in_the_request_and_moves_when_it_is_handed_on(line):
    line.describe("16.71.03", OPENING)
    request = line.ask("res_1", home="16.71.03", host=KEC)
    line.ready("res_1", request=request, home="16.71.03")
    line.post()
    assert (queue(line, KEC), queue(line, "16.71.03")) == (["res_1"], [])
    with line.at(KEC):
        facts = {"request": request, "to": "16.71.03", "reason": "moved house"}
        write("request.handed_on/1", subject=request, facts=facts)
    line.post()
    assert (queue(line, KEC), queue(line, "16.71.03")) == ([], ["res_1"])


def test_a_rejected_request_leaves_the_queue(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    with line.at(DINAS):
        facts = {"request": request, "why": "kk lama"}
        write("request.rejected/1", subject=request, facts=facts, to=KEC)
    assert queue(line) == []


def test_the_description_of_an_office_may_be_given(line):
    line.ready("res_1", home="16.71.09")
    line.post()
    card = OfficeCard(OfficeCode("16.71.09"), OPENING, frozenset({"cetak"}))
    with line.at(DINAS):
        assert actions.grant_lot(by(), office="16.71.09", most=5) == Refusal(
            "readiness.office_unknown", office="16.71.09"
        )
        assert queries.ready_count("16.71.09") == 0
        assert queries.ready_count("16.71.09", card=card) == 1
        granted = actions.grant_lot(by(), office="16.71.09", most=5, card=card)
        assert len(granted["granted"]) == 1


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
