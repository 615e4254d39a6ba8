"""Two officers act on loans at one moment on PostgreSQL: one number is one loan, one blanko is owed
once."""

from __future__ import annotations

from datetime import timedelta

from ampera.blanko.actions import loans, open_books
from ampera.blanko.queries import loan_seen
from ampera.blanko.rules import Carried, Goods, LoanTerms
from ampera.journal.actions import Command
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.houses import START

CARRIED = Carried(name="K", paper="NIP", letter="1/2")
OURS = ["ALC000001", "ALC000002"]


def terms(city: str) -> LoanTerms:
    return LoanTerms(city=city, until=START.date() + timedelta(30), carried=CARRIED)


def opened() -> None:
    by = Command("c0", officer="off_a")
    assert isinstance(open_books(by, boxes=[], serials=OURS, witness="off_b"), dict)


def lend(items, *, city: str = "16.72", command: str = "lend"):
    return loans.lend(
        Command(command, officer="off_a"),
        items=items,
        document="PJ-1",
        witness="off_b",
        terms=terms(city),
    )


def test_one_number_is_one_loan(postgres_database, monkeypatch):
    with acting_as("16.71"):
        opened()
        monkeypatch.setattr(loans, "loan_seen", Meeting().after(loans.loan_seen))
        said = race(
            lambda: lend(OURS[:1], command="l1"),
            lambda: lend(OURS[1:], city="16.73", command="l2"),
        )
        assert sum(isinstance(each, Refusal) for each in said) == 1, said


def both_settle(monkeypatch) -> tuple[list[object], int]:
    """One blanko is owed; two officers take in another one for it, each at one moment."""
    opened()
    lend(OURS[:1])
    monkeypatch.setattr(loans, "loan_seen", Meeting().after(loans.loan_seen))

    def take_back(serial: str):
        return loans.take_back(
            Command(f"t{serial}", officer="off_a"),
            loan="PJ-1",
            goods=Goods(serials=(serial,)),
            document=f"PJ-1/{serial}",
            witness="off_b",
        )

    said = race(lambda: take_back("BLC000001"), lambda: take_back("BLC000002"))
    monkeypatch.undo()
    seen = loan_seen("16.71", "PJ-1")
    assert seen is not None
    return said, seen.replaced


def test_what_is_owed_is_taken_once(postgres_database, monkeypatch):
    with acting_as("16.71"):
        said, replaced = both_settle(monkeypatch)
        assert [each.code for each in said if isinstance(each, Refusal)] == ["blanko.loan_too_many"]
        assert replaced == 1


def test_without_the_lane_two_officers_would_take_it_twice(postgres_database, monkeypatch):
    """Shows that the race above is one: the negative control."""
    with acting_as("16.71"):
        monkeypatch.setattr(loans, "hold", lambda _: None)
        said, replaced = both_settle(monkeypatch)
        assert not [each for each in said if isinstance(each, Refusal)], said
        assert replaced == 2
