"""A loan in the books of both cities: others come back in place of the lent ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box, Carried, Goods, LoanTerms
from ampera.journal.alarms import open_alarms
from ampera.journal.quarantine import quarantine
from ampera.journal.verify import verify_server
from ampera.words import Refusal
from tests.houses import Offices
from tests.interleavings import assert_order_free
from tests.stations.blanko_days import assert_books_are_whole, attempted, by, close, opened

PUSAT, LENDER, BORROWER = "00", "16.71", "16.72"
CARRIED = Carried(name="KURIR CONTOH", paper="NIP 99", letter="400/12/2017")
TERMS = LoanTerms(city=BORROWER, until=date(2017, 10, 7), carried=CARRIED)
MINE = tuple(f"SPC{n:08d}" for n in range(1, 13))
THEIRS = tuple(f"SPC{n:08d}" for n in range(501, 521))
BOX = Box("BOX-1", "SPC00000101", 10)


@pytest.fixture
def cities(django_db_blocker):
    with django_db_blocker.unblock(), Offices(PUSAT, LENDER, BORROWER) as made:
        with made.at(LENDER):
            opened(*MINE, boxes=[BOX])
        with made.at(BORROWER):
            opened(*THEIRS)
        yield made


def lend(*items: str, number: str = "PJ-1"):
    return actions.lend(by(), items=items, document=number, witness="off_b", terms=TERMS)


def borrow(*serials: str, boxes=(), number: str = "PJ-1", **changes):
    return actions.borrow(
        by(),
        loan=number,
        goods=Goods(boxes=tuple(boxes), serials=serials),
        terms=changes.pop("terms", replace(TERMS, city=LENDER)),
        witness=changes.pop("witness", "off_b"),
        **changes,
    )


def give(*items: str, number: str = "PJ-1"):
    return actions.give_back(
        by(), loan=number, items=items, document=f"{number}/S", witness="off_b"
    )


def waive(count: int, *, paper: str = "PJ-1/P"):
    return actions.waive_debt(by(), loan="PJ-1", count=count, document=paper, witness="off_b")


def take_back(*serials: str, boxes=(), number: str = "PJ-1", **more):
    goods = Goods(boxes=tuple(boxes), serials=serials)
    told = {"loan": number, "document": f"{number}/K", "witness": "off_b"}
    return actions.take_back(by(), goods=goods, **told, **more)


def ten_lent(cities) -> tuple[str, ...]:
    with cities.at(LENDER):
        lent = lend(*MINE[:10])
    with cities.at(BORROWER):
        assert borrow(*MINE[:10], turn=lent["turn"]) == {"borrowed": 10}
    return MINE[:10]


def whole_everywhere(cities) -> None:
    cities.post()
    for code in (PUSAT, LENDER, BORROWER):
        with cities.at(code):
            assert verify_server() == []
            assert list(open_alarms()) == []
        assert_order_free(cities, code, tries=4)


def test_ten_are_lent_six_become_cards_and_four_with_six_others_come_back(cities):
    lent = ten_lent(cities)
    with cities.at(BORROWER):
        for serial in lent[:6]:
            attempted(serial)
        given = give(*lent[6:], *THEIRS[:6])
        assert (given["turn"], given["owed"]) == (2, 0)
        assert queries.accounts(BORROWER) == {"shelf": 14, "issued": 6, "ceded": 10}
        debt = queries.debt_seen(BORROWER, "PJ-1")
        assert (debt.borrowed, debt.given, debt.owed) == (10, 10, 0)
        assert dict(debt.places) == {"issued": 6, "ceded": 4}
    with cities.at(LENDER):
        back = take_back(*lent[6:], *THEIRS[:6], turn=given["turn"])
        assert back == {"items": list(lent[6:]), "replaced": list(THEIRS[:6]), "owed": 0}
        assert queries.accounts(LENDER) == {"shelf": 22, "ceded": 6}
        loan = queries.loan_seen(LENDER, "PJ-1")
        counts = (loan.lent, loan.returned, loan.replaced, loan.spent, loan.owed, loan.out)
        assert counts == (10, 4, 6, 0, 0, 0)
    whole_everywhere(cities)
    with cities.at(PUSAT):
        where = {serial: queries.whereis(serial).place for serial in (*lent, *THEIRS[:6])}
    assert {where[serial] for serial in lent[:6]} == {f"{BORROWER}/issued"}
    assert {where[serial] for serial in (*lent[6:], *THEIRS[:6])} == {f"{LENDER}/shelf"}
    for code in (LENDER, BORROWER):
        with cities.at(code):
            day = close(code)
            assert isinstance(day, dict), day
            assert_books_are_whole()


def test_a_blanko_goes_there_and_back_many_times_and_is_in_one_place(cities):
    turn = 1
    for round_ in range(3):
        number = f"PJ-{round_}"
        with cities.at(LENDER):
            assert lend(MINE[0], number=number)["turn"] == turn
        with cities.at(BORROWER):
            borrow(MINE[0], number=number, turn=turn)
            turn = give(MINE[0], number=number)["turn"]
        with cities.at(LENDER):
            assert take_back(MINE[0], number=number)["owed"] == 0, "without the turn of the paper"
        turn += 1
    whole_everywhere(cities)
    with cities.at(PUSAT):
        assert queries.whereis(MINE[0]).place == f"{LENDER}/shelf"


def test_a_ceded_blanko_comes_again_as_one_of_the_other_city(cities):
    with cities.at(LENDER):
        lend(MINE[0])
        take_back(THEIRS[0])
        assert queries.whereis(MINE[0]).place == f"{LENDER}/ceded"
        lend(MINE[1], number="PJ-2")
        assert take_back(MINE[0], number="PJ-2", turn=3)["replaced"] == [MINE[0]]
        assert queries.whereis(MINE[0]).place == f"{LENDER}/shelf"
        assert_books_are_whole()


def test_a_part_of_a_box_comes_back_and_the_rest_is_cards_in_the_other_city(cities):
    inside = tuple(BOX.serials())
    with cities.at(LENDER):
        lend("BOX-1")
    with cities.at(BORROWER):
        borrow(boxes=[BOX])
        actions.open_box(by(), box="BOX-1")
        for serial in inside[:6]:
            attempted(serial)
        given = give(*inside[6:])
        assert (given["owed"], given["turn"]) == (6, 2)
        assert give(*THEIRS[:6])["turn"] == 1
        assert dict(queries.debt_seen(BORROWER, "PJ-1").places) == {"issued": 6, "ceded": 4}
    with cities.at(LENDER):
        assert take_back(*inside[6:], turn=2)["owed"] == 6
        loan = queries.loan_seen(LENDER, "PJ-1")
        assert (loan.out, loan.serials) == (6, inside[:6])
        assert take_back(*THEIRS[:6], turn=1)["owed"] == 0
        assert queries.accounts(LENDER) == {"shelf": 22, "ceded": 6}
    whole_everywhere(cities)
    with cities.at(PUSAT):
        assert {queries.whereis(each).place for each in inside[:6]} == {f"{BORROWER}/issued"}


def test_single_ones_of_a_box_that_was_given_away_sealed_may_come_again(cities):
    box = Box("BOX-7", "SPC00000701", 10)
    with cities.at(LENDER):
        lend("BOX-1")
        assert take_back(boxes=[box])["owed"] == 0
        assert queries.loan_seen(LENDER, "PJ-1").others == (("BOX-7", box),)
        lend(MINE[0], number="PJ-2")
        assert take_back("SPC00000103", number="PJ-2")["owed"] == 0
        assert queries.whereis("SPC00000103").place == f"{LENDER}/shelf"
        assert queries.whereis("SPC00000104").place == f"{LENDER}/ceded"
        assert_books_are_whole()


def test_never_more_comes_back_than_is_owed(cities):
    with cities.at(LENDER):
        lend(MINE[0])
        no = Refusal("blanko.loan_too_many", document="PJ-1", count=2, owed=1)
        assert take_back(MINE[0], THEIRS[0]) == no
        assert take_back(THEIRS[0])["owed"] == 0
        assert take_back(MINE[0]).code == "blanko.loan_too_many"


def test_what_replaces_is_known_nowhere_else_in_the_books(cities):
    with cities.at(LENDER):
        lend(*MINE[:3])
        assert take_back(MINE[5]).code == "blanko.loan_here"
        assert take_back("SPC00000105").code == "blanko.range_overlaps", "it lies in a sealed box"
        assert take_back("kartu").code == "blanko.serial_form"
        assert take_back().code == "blanko.nothing_given"
        assert take_back(THEIRS[0], turn=0).code == "blanko.loan_turn"
        assert take_back(THEIRS[0], turn=1001).code == "blanko.loan_turn"
        assert queries.accounts(LENDER) == {"shelf": 19, "loaned": 3}


def test_what_is_borrowed_has_its_number_its_terms_and_two_persons(cities):
    with cities.at(BORROWER):
        assert borrow(MINE[0], witness="off_a").code == "officer.same_person"
        assert borrow(MINE[0], number="").code == "blanko.document_missing"
        assert borrow(MINE[0], terms=TERMS).code == "blanko.loan_city", "not of itself"
        assert borrow(MINE[0], turn=0).code == "blanko.loan_turn"
        assert borrow().code == "blanko.nothing_given"
        assert borrow(THEIRS[0]).code == "blanko.loan_here"
        assert borrow(MINE[0]) == {"borrowed": 1}
        assert borrow(MINE[1]) == Refusal("blanko.loan_known", document="PJ-1")
        quarantine("the tail is not proved whole")
        assert borrow(MINE[1], number="PJ-2") == Refusal("server.quarantined")
        assert give(MINE[0]) == Refusal("server.quarantined")


def test_nothing_is_borrowed_before_the_books_are_open(offices):
    with offices.at(LENDER):
        no = borrow(MINE[0], terms=TERMS)
        assert no == Refusal("blanko.books_not_open", office=LENDER)


def test_a_kecamatan_neither_lends_to_a_city_nor_borrows(offices):
    with offices.at("16.71.02"):
        opened(*MINE)
        no = Refusal("blanko.loan_tier", office="16.71.02")
        assert borrow(THEIRS[0], terms=TERMS) == no
        assert lend(MINE[0]) == no


def test_never_more_is_given_back_than_is_owed_and_only_from_the_shelf(cities):
    ten_lent(cities)
    with cities.at(BORROWER):
        assert give(THEIRS[0], number="PJ-9") == Refusal("blanko.loan_unknown", document="PJ-9")
        assert give(*THEIRS[:11]).code == "blanko.loan_too_many"
        assert give(THEIRS[0], THEIRS[0]).code == "blanko.counted_twice"
        assert give().code == "blanko.nothing_given"
        assert give("SPC99999999").code == "blanko.unknown"
        attempted(THEIRS[0])
        assert give(THEIRS[0]).code == "blanko.not_there"


def test_what_the_lender_wrote_off_is_no_longer_owed(cities):
    lent = ten_lent(cities)
    with cities.at(LENDER):
        actions.settle_loan(by(), loan="PJ-1", items=lent[:6], document="PJ-1/P", witness="off_b")
    with cities.at(BORROWER):
        assert waive(6) == {"owed": 4}
        assert waive(1) == Refusal("blanko.loan_paper", document="PJ-1/P")
        assert waive(5, paper="PJ-1/Q").code == "blanko.loan_too_many"
        assert waive(0, paper="PJ-1/Q").code == "blanko.nothing_given"
        assert give(*lent[6:])["owed"] == 0
    with cities.at(LENDER):
        assert take_back(*lent[6:])["owed"] == 0
    whole_everywhere(cities)


def test_a_debt_past_its_day_is_an_alarm_at_the_city_that_borrowed(cities):
    lent = ten_lent(cities)
    cities.clock.at += timedelta(days=31)
    with cities.at(BORROWER):
        [alarm] = [each for each in queries.alarms() if each.code == "debt_overdue"]
        assert alarm.facts == {
            "loan": "PJ-1", "count": 10, "city": LENDER, "until": "2017-10-07"
        }  # fmt: skip
        give(*lent)
        assert not [each for each in queries.alarms() if each.code == "debt_overdue"]


def test_a_forged_arrival_is_parked(cities):
    """Only a dinas takes from another city, onto its shelf, with a number of a new turn."""
    from ampera.blanko.rules import Move, from_city, may_move
    from ampera.words import OfficeCode

    def may(origin, n, source, target):
        move = Move(MINE[0], n, from_city(OfficeCode(source)), target)
        return may_move(OfficeCode(origin), move=move)

    assert may(LENDER, 1000, BORROWER, f"{LENDER}/shelf")
    assert not may(LENDER, 1001, BORROWER, f"{LENDER}/shelf")
    assert not may(LENDER, 0, BORROWER, f"{LENDER}/shelf")
    assert not may(LENDER, 1000, LENDER, f"{LENDER}/shelf")
    assert not may(LENDER, 1000, BORROWER, f"{BORROWER}/shelf")
    assert not may("16.71.02", 1000, BORROWER, "16.71.02/shelf")
    assert not may(LENDER, 1000, "16.72.01", f"{LENDER}/shelf")


def test_two_cities_with_one_number_are_two_loans_at_the_centre(cities):
    for code, serial, to in ((LENDER, MINE[0], BORROWER), (BORROWER, THEIRS[0], LENDER)):
        with cities.at(code):
            terms = replace(TERMS, city=to)
            actions.lend(by(), items=[serial], document="PJ-1", witness="off_b", terms=terms)
    cities.post()
    with cities.at(PUSAT):
        for code, serial in ((LENDER, MINE[0]), (BORROWER, THEIRS[0])):
            loan = queries.loan_seen(code, "PJ-1")
            assert (loan.serials, loan.lent) == ((serial,), 1)
            assert [each.office.text for each in queries.loans(code)] == [code]
