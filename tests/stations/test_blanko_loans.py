"""Loans between cities and couriers by name: asked by letter, lent by two, returned or used up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box, Carried, Goods, LoanTerms
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.words import Refusal
from tests.stations.blanko_days import DINAS, KEC, SERIALS, assert_books_are_whole, by, opened

COURIER = Carried(name="KURIR CONTOH", paper="NIP 99", letter="400/12/2017")
TERMS = LoanTerms(city="16.72", until=date(2017, 10, 7), carried=COURIER)
BOX = Box("BOX-1", "SPC00000101", 10)


def lend(*items: str, number: str = "PJ-1", terms: LoanTerms = TERMS):
    return actions.lend(by(), items=items, document=number, witness="off_b", terms=terms)


def take_back(*serials: str, boxes=(), loan: str = "PJ-1"):
    goods = Goods(boxes=tuple(boxes), serials=serials)
    return actions.take_back(by(), loan=loan, goods=goods, document=f"{loan}/K", witness="off_b")


def spend(*items: str, loan: str = "PJ-1"):
    return actions.settle_loan(by(), loan=loan, items=items, document=f"{loan}/P", witness="off_b")


def test_a_loan_is_lent_returned_in_part_and_settled(offices):
    with offices.at(DINAS):
        opened(*SERIALS, boxes=[BOX])
        lent = lend("BOX-1", SERIALS[0], SERIALS[1])
        assert lent == {"items": ["BOX-1", SERIALS[0], SERIALS[1]], "turn": 1}
        loan = queries.loan_seen(DINAS, "PJ-1")
        assert (loan.lent, loan.out, loan.city, loan.until) == (12, 12, "16.72", TERMS.until)
        assert loan.carried == COURIER
        assert queries.accounts(DINAS) == {"shelf": 4, "loaned": 12}
        assert take_back(SERIALS[0]) == {"items": [SERIALS[0]], "replaced": [], "owed": 11}
        assert spend("BOX-1") == {"items": ["BOX-1"], "owed": 1}
        loan = queries.loan_seen(DINAS, "PJ-1")
        assert (loan.lent, loan.returned, loan.spent, loan.out) == (12, 1, 10, 1)
        assert loan.serials == (SERIALS[1],)
        # Never more than was lent.
        assert take_back(boxes=[BOX]).code == "blanko.loan_too_many"
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
        take_back(SERIALS[0])
        assert overdue()[0].facts["count"] == 1
        spend(SERIALS[1])
        assert overdue() == []


def test_what_comes_back_belongs_to_the_named_loan(offices):
    with offices.at(DINAS):
        opened(*SERIALS)
        lend(*SERIALS[:2])
        lend(SERIALS[2], number="PJ-2")
        assert take_back(SERIALS[0], loan="PJ-9") == Refusal("blanko.loan_unknown", document="PJ-9")
        other = Refusal("blanko.loan_here", item=SERIALS[2], place=f"{DINAS}/loaned")
        assert take_back(SERIALS[2]) == other, "it is lent, but not under this number"
        no = Refusal("blanko.not_in_loan", item=SERIALS[2], document="PJ-1")
        assert spend(SERIALS[2]) == no
        assert spend("SPC99999999").code == "blanko.not_in_loan"
        assert take_back(SERIALS[3]).code == "blanko.loan_here", "it lies on the shelf"
        assert take_back(boxes=[replace(BOX, box=SERIALS[0])]).code == "blanko.box_form"
        assert queries.accounts(DINAS) == {"shelf": 3, "loaned": 3}


def test_a_part_of_a_lent_box_comes_back_and_the_rest_stays_out_by_serial(offices):
    inside = tuple(BOX.serials())
    with offices.at(DINAS):
        opened(boxes=[BOX])
        lend("BOX-1")
        twice = take_back(inside[0], boxes=[BOX])
        assert twice.code == "blanko.range_overlaps"
        assert take_back(boxes=[replace(BOX, size=4)]) == Refusal(
            "blanko.loan_other_box", box="BOX-1"
        )
        assert take_back(*inside[:3])["owed"] == 7
        loan = queries.loan_seen(DINAS, "PJ-1")
        assert (loan.returned, loan.out, loan.boxes) == (3, 7, ())
        assert loan.serials == inside[3:]
        assert spend(*inside[3:]) == {"items": list(inside[3:]), "owed": 0}
        assert queries.accounts(DINAS) == {"shelf": 3, "written_off": 7}
        assert_books_are_whole()


def test_a_loan_without_a_day_is_due_as_the_policy_says(offices):
    with offices.at(DINAS):
        opened(*SERIALS)
        lend(SERIALS[0], terms=replace(TERMS, until=None))
        assert queries.loan_seen(DINAS, "PJ-1").until == date(2017, 10, 7)
