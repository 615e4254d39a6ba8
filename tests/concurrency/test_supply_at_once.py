"""Two windows at the letter to the centre on PostgreSQL: one draft, one number, one shipment."""

from __future__ import annotations

from ampera.journal.actions import Command
from ampera.planning.actions import supply as acts
from ampera.planning.models import SupplyRequest
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race


def test_a_letter_that_is_sent_is_not_dropped_at_the_same_moment(postgres_database, monkeypatch):
    with acting_as("16.71"):
        made = acts.request_supply(Command("c1", officer="off_a"), wanted=5, note="untuk dua bulan")
        assert isinstance(made, dict), made
        monkeypatch.setattr(acts, "supply_seen", Meeting().after(acts.supply_seen))
        said = race(
            lambda: acts.send_request(Command("c2", officer="off_head"), request=made["request"]),
            lambda: acts.drop_request(Command("c3", officer="off_b"), request=made["request"]),
        )
        assert sum(isinstance(each, Refusal) for each in said) == 1, said


def test_there_is_one_draft(postgres_database, monkeypatch):
    with acting_as("16.71"):
        monkeypatch.setattr(acts, "open_draft", Meeting().after(acts.open_draft))
        said = race(
            *[
                (
                    lambda n=n: acts.request_supply(
                        Command(f"c{n}", officer=f"off_{n}"), wanted=5, note="untuk dua bulan"
                    )
                )
                for n in (1, 2)
            ]
        )
        assert SupplyRequest.objects.count() == 1, said
