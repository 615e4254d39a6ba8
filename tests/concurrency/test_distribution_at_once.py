"""Two heads of the centre decide one proposal at one moment on PostgreSQL: no city is told both."""

from __future__ import annotations

import pytest

from ampera.blanko.actions import take_from_maker
from ampera.blanko.rules import Box
from ampera.journal.actions import Command
from ampera.journal.models import EntryRow
from ampera.planning.actions import distribution as acts
from ampera.planning.models import SupplyRequest
from ampera.planning.rules.proposals import Wish
from ampera.planning.rules.supply import SupplyEvidence
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race

PUSAT, PALEMBANG = "00", "16.71"
MORNING = "2017-09-07T01:00:00.000000Z"
FIGURES = SupplyEvidence(
    cutoff=MORNING, prr_new=20, prr_other=0, not_ready=0, capacity_day=100, capacity_month=2000,
    used=0, spoiled=0, shelf=0, transit=0, dispute=0, days_of_stock=None,
)  # fmt: skip


@pytest.fixture
def centre(postgres_database):
    """Ten blanko in the store, and a city's letter that asks for more."""
    with acting_as(PUSAT):
        made = take_from_maker(
            Command("c0", officer="off_a"),
            boxes=[Box("BX-1", "SPD00001000", 10)],
            document="BA",
            witness="off_b",
        )
        assert isinstance(made, dict), made
        SupplyRequest.objects.create(
            request="sup_1", office=PALEMBANG, number="001/BLANKO/16.71/2017", state="SENT",
            at=MORNING, officer="off_c", wanted=50, evidence=FIGURES.facts(), sent_at=MORNING,
            sent_by="off_c",
        )  # fmt: skip
        yield


def decide_at_once(monkeypatch):
    made = acts.propose_distribution(Command("c1", officer="off_a"), wish=Wish())
    assert isinstance(made, dict), made
    monkeypatch.setattr(acts, "allocation_seen", Meeting().after(acts.allocation_seen))

    def say(who, outcome, reason=""):
        return lambda: acts.decide_distribution(
            Command(f"c_{who}", officer=who),
            allocation=made["allocation"],
            outcome=outcome,
            reason=reason,
        )

    said = race(say("off_head1", "ACCEPTED"), say("off_head2", "REJECTED", "tunggu kiriman"))
    return said, EntryRow.objects.filter(kind__startswith="allocation.decided").count()


def test_two_heads_decide_one_proposal(centre, monkeypatch):
    said, decided = decide_at_once(monkeypatch)
    assert decided == 1, said
    assert sum(isinstance(each, Refusal) for each in said) == 1


def test_without_the_lane_both_words_would_stand(centre, monkeypatch):
    monkeypatch.setattr(acts, "hold", lambda _: None)
    said, decided = decide_at_once(monkeypatch)
    assert decided == 2, said


def test_two_heads_propose_at_once(centre, monkeypatch):
    meeting = Meeting()
    monkeypatch.setattr(acts, "has_open_proposal", meeting.after(acts.has_open_proposal))
    said = race(
        *[
            (
                lambda n=n: acts.propose_distribution(
                    Command(f"p{n}", officer=f"off_{n}"), wish=Wish()
                )
            )
            for n in (1, 2)
        ]
    )
    assert sum(isinstance(each, dict) for each in said) == 1, said
