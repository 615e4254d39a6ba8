"""Mandates and the PRR queue at real servers: who is ready, and in which order."""

from __future__ import annotations

from datetime import date, timedelta

from ampera.journal.quarantine import quarantine
from ampera.readiness import actions, queries
from ampera.readiness.actions import ReadyRecord
from ampera.readiness.rules.policy import OfficeCard
from ampera.words import OfficeCode, Reason, Refusal
from tests.stations.readiness_line import (
    DINAS,
    HOSTED,
    KEC,
    OPENING,
    OTHER,
    PUSAT,
    assert_whole,
    by,
    queue,
    write,
)


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
