"""Loans between cities and couriers by name: asked by letter, lent by two, returned or used up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box, Carried, LoanTerms
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.words import Refusal
from tests.stations.blanko_days import DINAS, KEC, SERIALS, assert_books_are_whole, by, opened

COURIER = Carried(name="KURIR CONTOH", paper="NIP 99", letter="400/12/2017")
TERMS = LoanTerms(city="16.72", until=date(2017, 10, 7), carried=COURIER)
BOX = Box("BOX-1", "SPC00000101", 10)


def lend(*items: str, number: str = "PJ-1", terms: LoanTerms = TERMS):
    return actions.lend(by(), items=items, document=number, witness="off_b", terms=terms)


def test_a_loan_is_lent_returned_in_part_and_settled(offices):
    with offices.at(DINAS):
        opened(*SERIALS, boxes=[BOX])
        assert lend("BOX-1", SERIALS[0], SERIALS[1]) == {"items": ["BOX-1", SERIALS[0], SERIALS[1]]}
        loan = queries.loan_seen("PJ-1")
        assert (loan.lent, loan.out, loan.city, loan.until) == (12, 12, "16.72", TERMS.until)
        assert loan.carried == COURIER
        assert queries.accounts(DINAS) == {"shelf": 4, "loaned": 12}
        back = actions.take_back(by(), items=[SERIALS[0]], document="PJ-1/K", witness="off_b")
        assert isinstance(back, dict)
        spent = actions.settle_loan(by(), items=["BOX-1"], document="PJ-1/P", witness="off_b")
        assert isinstance(spent, dict)
        loan = queries.loan_seen("PJ-1")
        assert (loan.lent, loan.returned, loan.spent, loan.out) == (12, 1, 10, 1)
        assert loan.serials == (SERIALS[1],)
        # Never more than was lent.
        again = actions.take_back(by(), items=["BOX-1"], document="PJ-1/K2", witness="off_b")
        assert again.code == "blanko.not_there"
        assert [each.document for each in queries.loans(DINAS)] == ["PJ-1"]
        assert_books_are_whole()


def test_the_name_of_the_courier_stands_in_the_body_only(offices):
    with offices.at(DINAS):
        opened(*SERIALS)
        lend(SERIALS[0])
        entry = entries_about([SERIALS[0]])[-1]
        assert "KURIR" not in str(entry.facts)
        assert entry.body == {"name": "KURIR CONTOH", "paper": "NIP 99"}


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (replace(TERMS, city="16.71"), "blanko.loan_city"),
        (replace(TERMS, city="16.71.02"), "blanko.loan_city"),
        (replace(TERMS, city="kota"), "blanko.loan_city"),
        (replace(TERMS, until=date(2017, 9, 6)), "blanko.loan_until"),
        (replace(TERMS, carried=replace(COURIER, letter="")), "blanko.courier_missing"),
    ],
)
def test_a_loan_without_its_terms_is_refused(offices, terms, code):
    with offices.at(DINAS):
        opened(*SERIALS)
        no = lend(SERIALS[0], terms=terms)
        assert isinstance(no, Refusal)
        assert no.code == code
        assert queries.loans(DINAS) == []


def test_a_number_names_one_loan(offices):
    with offices.at(DINAS):
        opened(*SERIALS)
        lend(SERIALS[0])
        assert lend(SERIALS[1]) == Refusal("blanko.loan_known", document="PJ-1")


def test_nothing_is_lent_from_a_quarantined_house(offices):
    with offices.at(DINAS):
        opened(*SERIALS)
        quarantine("the tail is not proved whole")
        assert lend(SERIALS[0]) == Refusal("server.quarantined")


def test_a_shipment_from_the_centre_goes_with_a_named_courier(offices):
    with offices.at("00"):
        actions.take_from_maker(by(), boxes=[BOX], document="BA-1", witness="off_b")
        sent = actions.ship(by(), to=DINAS, boxes=["BOX-1"], courier="off_k", carried=COURIER)
    with offices.at(DINAS):
        opened()
    offices.post()
    with offices.at(DINAS):
        assert queries.shipment_carried(sent["shipment"]) == COURIER
        actions.receive_shipment(
            by(), shipment=sent["shipment"], seen_boxes=["BOX-1"], witness="off_b"
        )
        plain = actions.ship(by(), to=KEC, boxes=["BOX-1"], courier="off_k")
        assert queries.shipment_carried(plain["shipment"]) is None
        assert_books_are_whole()


def test_a_loan_past_its_day_is_an_alarm_until_all_of_it_is_back(offices):
    def overdue():
        return [each for each in queries.alarms() if each.code == "loan_overdue"]

    with offices.at(DINAS):
        opened(*SERIALS)
        lend(*SERIALS[:2])
        offices.clock.at += timedelta(days=30)
        assert overdue() == [], "its last day is not over"
        offices.clock.at += timedelta(days=1)
        [alarm] = overdue()
        assert alarm.facts == {"loan": "PJ-1", "count": 2, "city": "16.72", "until": "2017-10-07"}
        assert alarm.key == f"loan_overdue:{DINAS}:PJ-1"
        assert "belum kembali dari 16.72" in alarm.text("id")
        actions.take_back(by(), items=SERIALS[:1], document="PJ-1/K", witness="off_b")
        assert overdue()[0].facts["count"] == 1
        actions.settle_loan(by(), items=SERIALS[1:2], document="PJ-1/P", witness="off_b")
        assert overdue() == []
