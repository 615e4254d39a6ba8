"""Who gets a suket, and who does not: at a real dinas with a queue that is too long."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ampera.dedup.queries import Verdict
from ampera.journal.models import EntryRow
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.readiness.actions import import_cards, void_card
from ampera.readiness.rules.holds import hold_reasons
from ampera.register.queries import local_day
from ampera.suket import actions, queries
from ampera.suket.models import Suket
from ampera.suket.queries import Worth
from ampera.words import Reason, Refusal
from tests.stations.readiness_line import DINAS, KEC, PUSAT, by, write
from tests.stations.suket_desk import HOLDER, code, given, issue, recorded, seen, whole, with_kepala


@pytest.fixture
def city(line):
    return with_kepala(line)


def test_a_recorded_resident_without_a_card_gets_a_suket(city):
    request = recorded(city)
    answer = issue(city, request)
    assert answer["number"] == "471.13/00001/16.71/2017"
    suket = seen(city, answer["suket"])
    assert (suket.worth, suket.valid_until.isoformat()) == (Worth.VALID, "2018-03-06")
    assert "10231" in suket.by_letter
    assert (suket.nama, suket.copies) == ("SITI CONTOH", 0)
    whole(city)


def test_personal_data_stand_in_the_body_alone(city):
    suket = given(city, recorded(city))
    with city.at(DINAS):
        (entry,) = [each for each in entries_about([suket]) if each.kind == "suket.issued/1"]
    told = json.dumps(dict(entry.facts))
    for secret in HOLDER.as_body().values():
        assert secret not in told
    assert entry.body["nama"] == "SITI CONTOH"
    assert entry.facts["policy"] == "2016-10-01"


def test_the_pusat_holds_the_entry_and_no_table_of_it(city):
    given(city, recorded(city))
    city.post()
    with city.at(PUSAT):
        assert EntryRow.objects.filter(kind="suket.issued/1").exists()
        assert not Suket.objects.exists()


def test_a_kecamatan_issues_none(city):
    request = recorded(city)
    with city.at(KEC):
        assert code(actions.issue(by(), request=request, holder=HOLDER)) == "suket.not_the_dinas"


def test_whoever_was_not_recorded_gets_none(city):
    request = city.ask("res_1")
    city.confirm(request)
    city.post()
    assert code(issue(city, request)) == "suket.not_recorded"
    city.capture("res_1", request, "enr_1")
    city.post()
    # Captured, and the centre has not said that it holds the recording.
    assert code(issue(city, request)) == "suket.not_recorded"
    with city.at(PUSAT):
        facts = {"enrolment": "enr_1", "packet": "a" * 64, "office": KEC, "arrival": 1}
        write("enrolment.received/1", subject="enr_1", facts=facts, to=DINAS)
    city.post()
    assert isinstance(issue(city, request), dict)


def decided(city, request, verdict, *, order=1):
    with city.at(PUSAT):
        facts = {
            "enrolment": "enr_1",
            "request": request,
            "resident": "res_1",
            "verdict": verdict,
            "of": None,
            "order": order,
            "office": KEC,
            "arrival": order,
        }
        write("dedup.decided/1", subject="enr_1", facts=facts, to=DINAS)
    city.post()


@pytest.mark.parametrize("verdict", [Verdict.DUPLICATE_RECORD, Verdict.ADJUDICATE_RECORD])
def test_a_record_that_the_centre_holds_back_is_not_certified(city, verdict):
    request = city.ask("res_1")
    city.capture("res_1", request, "enr_1")
    city.post()
    decided(city, request, verdict.value)
    no = issue(city, request)
    assert no == Refusal("suket.record_blocked", verdict=verdict.value)


def test_the_corner_says_what_the_record_is_worth(city):
    request = city.ask("res_1")
    city.capture("res_1", request, "enr_1")
    city.confirm(request)
    city.post()
    decided(city, request, Verdict.PRINT_READY_RECORD.value)
    assert seen(city, given(city, request)).status == "PRINT_READY_RECORD"


def test_a_card_that_lies_ready_needs_no_suket(city):
    request = recorded(city)
    (permit,) = city.grant()
    city.post()
    assert isinstance(issue(city, request), dict)  # a permit is not a card yet
    city.print_card(permit)
    city.post()
    assert code(issue(city, request)) == "suket.card_is_ready"
    city.check(permit, "READY")
    city.post()
    assert code(issue(city, request)) == "suket.card_is_ready"
    city.hand_over(permit)
    city.post()
    assert code(issue(city, request)) == "suket.card_handed_over"


def test_a_request_that_was_turned_down_gets_none(city):
    request = recorded(city)
    with city.at(DINAS):
        facts = {"request": request, "why": "not_the_person"}
        write("request.rejected/1", subject=request, facts=facts, to=KEC)
    assert code(issue(city, request)) == "suket.request_closed"


@pytest.mark.parametrize("why", ["DIED", "ANNULLED", "BLOCKED"])
def test_a_blocked_or_annulled_record_gets_none(city, why):
    request = recorded(city)
    (permit,) = city.grant()
    city.post()
    with city.at(DINAS):
        card = queries.asking.cards_of("res_1")[0].card
        assert isinstance(void_card(by(), card=card, why=why, witness="off_b"), dict)
    assert permit
    assert code(issue(city, request)) == "suket.record_ended"


def test_a_hold_on_the_card_holds_the_letter_in_its_place_too(city):
    request = recorded(city)
    with city.at(DINAS):
        until = (local_day() + timedelta(days=5)).isoformat()
        facts = {
            "hold": "hld_1",
            "resident": "res_1",
            "reason": next(iter(hold_reasons())),
            "since": local_day().isoformat(),
            "until": until,
            "by": "off_a",
        }
        body = {"owner": "CONTOH", "basis": "CONTOH"}
        write("hold.placed/1", subject="hld_1", facts=facts, body=body)
    assert issue(city, request) == Refusal("suket.held", day=until)
    city.offices.clock.move(timedelta(days=6))
    assert isinstance(issue(city, request), dict)


def test_the_dead_and_other_people_get_none(city):
    request = recorded(city)
    assert code(issue(city, request, is_alive=False)) == "suket.holder_died"
    assert code(issue(city, request, nik="9999014107900002")) == "suket.other_person"
    assert code(issue(city, "req_none")) == "intake.no_such_request"


def test_a_second_one_waits_until_the_first_ran_out(city):
    request = recorded(city)
    first = issue(city, request)
    no = issue(city, request)
    assert no == Refusal("suket.one_is_valid", number=first["number"], day="2018-03-06")
    city.offices.clock.move(timedelta(days=181))
    renew_kepala(city)
    second = issue(city, request)
    assert second["number"] == "471.13/00001/16.71/2018"
    assert seen(city, first["suket"]).worth is Worth.EXPIRED
    whole(city)


def renew_kepala(city):
    from ampera.register.actions import renew_officer

    with city.at(PUSAT):
        until = local_day() + timedelta(days=80)
        done = renew_officer(by(""), officer=city.kepala, until=until)
        assert not isinstance(done, Refusal), done
    city.post()


def test_without_a_head_of_office_nobody_signs(city):
    request = recorded(city)
    city.offices.clock.move(timedelta(days=90))
    assert code(issue(city, request)) == "suket.nobody_signs"


def test_on_a_day_without_a_letter_none_is_given(city):
    request = recorded(city)
    city.offices.clock.move(timedelta(days=365 * 5 + 90))
    no = issue(city, request)
    assert (no.code, no.facts["day"]) == ("suket.not_allowed", "2022-11-01")


def test_a_replacement_of_a_card_from_before_may_have_one(city):
    with city.at(DINAS):
        import_cards(by(), residents=["res_9"])
    request = recorded(city, "res_9", reason=Reason.DAMAGED)
    assert isinstance(issue(city, request), dict)


def test_nothing_is_given_while_the_server_is_quarantined(city):
    request = recorded(city)
    suket = given(city, recorded(city, "res_2"))
    with city.at(DINAS):
        quarantine("test")
        assert code(actions.issue(by(), request=request, holder=HOLDER)) == "server.quarantined"
        assert code(actions.print_letter(by(), suket=suket)) == "server.quarantined"
        back = actions.withdraw(by(), suket=suket, why="MISUSED")
        assert back == {"suket": suket}


def test_the_same_command_gives_the_same_number_and_none_is_left_out(city):
    request = recorded(city)
    refused = issue(city, "req_none")
    assert isinstance(refused, Refusal)
    with city.at(DINAS):
        command = by()
        first = actions.issue(command, request=request, holder=HOLDER)
        assert actions.issue(command, request=request, holder=HOLDER) == first
    second = issue(city, recorded(city, "res_2"))
    assert (first["number"][7:12], second["number"][7:12]) == ("00001", "00002")
    whole(city)
