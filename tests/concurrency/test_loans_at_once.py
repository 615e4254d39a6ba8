"""Two officers lend under one number at one moment on PostgreSQL: one number is one loan."""

from __future__ import annotations

from datetime import timedelta

from ampera.blanko.actions import open_books, settling
from ampera.blanko.rules import Carried, LoanTerms
from ampera.journal.actions import Command
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.houses import START


def test_one_number_is_one_loan(postgres_database, monkeypatch):
    terms = [
        LoanTerms(
            city=c,
            until=START.date() + timedelta(30),
            carried=Carried(name="K", paper="NIP", letter="1/2"),
        )
        for c in ("16.72", "16.73")
    ]
    with acting_as("16.71"):
        open_books(
            Command("c0", officer="off_a"),
            boxes=[],
            serials=["ALC000001", "ALC000002"],
            witness="off_b",
        )
        monkeypatch.setattr(settling, "loan_seen", Meeting().after(settling.loan_seen))
        said = race(
            *[
                (
                    lambda n=n: settling.lend(
                        Command(f"l{n}", officer="off_a"),
                        items=[f"ALC00000{n}"],
                        document="PJ-1",
                        witness="off_b",
                        terms=terms[n - 1],
                    )
                )
                for n in (1, 2)
            ]
        )
        assert sum(isinstance(each, Refusal) for each in said) == 1, said
