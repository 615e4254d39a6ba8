"""The dinas asks the centre for blanks, and the letter is followed until they are here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.blanko.actions import open_books, receive_shipment, ship
from ampera.blanko.rules import Box
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.journal.rebuild import compare_with_rebuild
from ampera.planning.actions.supply import (
    drop_request,
    note_answer,
    note_supply,
    request_supply,
    send_request,
)
from ampera.planning.queries.supply import evidence_now, promised, supply_seen
from ampera.planning.rules.supply import SupplyEvidence, SupplyState, check_draft
from ampera.words import Refusal
from tests.api.city import DINAS, PUSAT, SU1, City
from tests.houses import Offices
from tests.interleavings import assert_order_free


@pytest.fixture
def city(django_db_blocker):
    with django_db_blocker.unblock(), Offices() as offices:
        yield City(offices)


def by(officer: str = "off_a") -> Command:
    return Command(id=house().ids.new("cmd"), officer=officer)


def draft(city: City, wanted: int = 500, note: str = "untuk dua bulan") -> str:
    with city.offices.at(DINAS):
        made = request_supply(by(), wanted=wanted, note=note)
    assert isinstance(made, dict), made
    return made["request"]


def code(answer) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def state(city: City, request: str) -> SupplyState:
    with city.offices.at(DINAS):
        seen = supply_seen(request)
    assert seen is not None
    return seen.state


def test_a_letter_goes_from_draft_to_answer_and_promises_a_day(city):
    request = draft(city)
    with city.offices.at(DINAS):
        sent = send_request(by(), request=request)
        assert sent == {"number": "001/BLANKO/16.71/2017"}
        assert promised() == []
        told = note_answer(by(), request=request, promised=400, promised_on=date(2017, 11, 1))
        assert told == {}
        assert [(each.day, each.count) for each in promised()] == [(date(2017, 11, 1), 400)]
    assert state(city, request) is SupplyState.ANSWERED


def test_the_figures_in_the_letter_are_those_of_its_day(city):
    request = draft(city)
    with city.offices.at(DINAS):
        before = supply_seen(request).evidence
    city.ready_record(city.person())
    city.turn()
    with city.offices.at(DINAS):
        assert supply_seen(request).evidence == before
        assert evidence_now().prr_new == before.prr_new + 1


def test_each_act_belongs_to_one_stage(city):
    request = draft(city)
    with city.offices.at(DINAS):
        assert code(request_supply(by(), wanted=5, note="lagi")) == "supply.request_open"
        early = note_answer(by(), request=request, promised=1, promised_on=None)
        assert code(early) == "supply.wrong_state"
        assert drop_request(by(), request=request) == {}
        assert code(send_request(by(), request=request)) == "supply.wrong_state"
        assert code(send_request(by(), request="sup_none")) == "supply.unknown"
    with city.offices.at(SU1):
        assert code(request_supply(by(), wanted=5)) == "supply.not_the_dinas"


def test_an_answer_names_no_day_before_the_letter_and_none_for_a_refusal(city):
    request = draft(city)
    with city.offices.at(DINAS):
        send_request(by(), request=request)
        for count, day in ((10, date(2017, 9, 6)), (0, date(2017, 11, 1)), (-1, None)):
            told = note_answer(by(), request=request, promised=count, promised_on=day)
            assert code(told) == "supply.answer_wrong"


def test_more_than_the_evidence_supports_takes_a_reason():
    evidence = SupplyEvidence(
        cutoff="2017-09-07T01:00:00.000000Z",
        prr_new=44_000,
        prr_other=54_000,
        not_ready=0,
        capacity_day=2_720,
        capacity_month=57_120,
        used=17_000,
        spoiled=0,
        shelf=4_000,
        transit=0,
        dispute=0,
        days_of_stock=2,
    )
    assert evidence.proven == 53_120
    above = check_draft(98_000, evidence=evidence, note=" ", open_one="")
    assert code(above) == "supply.above_evidence"
    assert check_draft(98_000, evidence=evidence, note="Pilkada", open_one="") is None
    assert check_draft(53_120, evidence=evidence, note="", open_one="") is None
    assert code(check_draft(0, evidence=evidence, note="", open_one="")) == "supply.count_wrong"


def test_what_came_is_the_shipment_that_two_counted(city):
    request = draft(city)
    with city.offices.at(DINAS):
        send_request(by(), request=request)
        note_answer(by(), request=request, promised=4, promised_on=None)
        wrong = note_supply(by(), request=request, shipment="shp_none")
        assert code(wrong) == "supply.no_such_shipment"
    shipment, items = _from_the_centre(city)
    with city.offices.at(DINAS):
        early = note_supply(by(), request=request, shipment=shipment)
        assert code(early) == "supply.shipment_under_way"
        done = receive_shipment(by(), shipment=shipment, seen_boxes=items, witness="off_b")
        assert isinstance(done, dict), done
        came = note_supply(by(), request=request, shipment=shipment)
        assert isinstance(came, dict), came
        assert came["received"] == 4
    assert state(city, request) is SupplyState.RECEIVED
    second = draft(city)
    with city.offices.at(DINAS):
        send_request(by(), request=second)
        note_answer(by(), request=second, promised=4, promised_on=None)
        again = note_supply(by(), request=second, shipment=shipment)
        assert code(again) == "supply.shipment_used"


def _from_the_centre(city: City) -> tuple[str, list[str]]:
    with city.offices.at(PUSAT):
        box = Box("DUS-PINTA-1", "SPC90000001", 4)
        opened = open_books(by(), boxes=[box], serials=[], witness="off_b")
        assert isinstance(opened, dict), opened
        sent = ship(by(), to=DINAS, boxes=[box.box], courier="off_c")
        assert isinstance(sent, dict), sent
    city.offices.post()
    return sent["shipment"], [box.box]


def test_tables_are_those_of_the_journal_in_any_order(city):
    request = draft(city)
    with city.offices.at(DINAS):
        send_request(by(), request=request)
        note_answer(by(), request=request, promised=4, promised_on=date(2017, 12, 1))
    city.offices.clock.move(timedelta(days=1))
    drop = draft(city)
    with city.offices.at(DINAS):
        drop_request(by(), request=drop)
        assert compare_with_rebuild() == []
    assert_order_free(city.offices, DINAS)
