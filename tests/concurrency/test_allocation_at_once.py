"""Two heads decide one proposal at one moment on PostgreSQL: exactly one word stands."""

from __future__ import annotations

from ampera.blanko.actions import open_books
from ampera.journal.actions import Command
from ampera.journal.models import EntryRow
from ampera.planning.actions import allocation as acts
from ampera.planning.models import Proposal
from ampera.planning.queries.allocation import ClaimsNow
from ampera.planning.rules.allocation import Claim
from ampera.planning.rules.proposals import Wish
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race

DINAS, KEC, OTHER = "16.71", "16.71.02", "16.71.06"


def claims(*_, **__):
    made = [
        Claim(office=o, backlog=5, on_hand=0, need=5, capacity=100, minimum=0) for o in (KEC, OTHER)
    ]
    return ClaimsNow(10, tuple(made), Claim(office=DINAS, backlog=0, need=0, capacity=100))


def test_two_heads_decide_one_proposal(postgres_database, monkeypatch):
    with acting_as(DINAS):
        monkeypatch.setattr(acts, "claims_now", claims)
        open_books(
            Command("c0", officer="off_a"),
            boxes=[],
            serials=[f"ALC{n:06d}" for n in range(10)],
            witness="off_b",
        )
        made = acts.propose_allocation(Command("c1", officer="off_a"), wish=Wish())
        assert isinstance(made, dict), made
        monkeypatch.setattr(acts, "allocation_seen", Meeting().after(acts.allocation_seen))

        def say(who, outcome, reason=""):
            return lambda: acts.decide_allocation(
                Command(f"c_{who}", officer=who),
                allocation=made["allocation"],
                outcome=outcome,
                reason=reason,
            )

        said = race(say("off_head1", "ACCEPTED"), say("off_head2", "REJECTED", "tunggu kiriman"))
        decided = EntryRow.objects.filter(kind__startswith="allocation.decided").count()
        assert decided == 1, (decided, said)
        assert sum(isinstance(each, Refusal) for each in said) == 1


def test_two_heads_propose_at_once(postgres_database, monkeypatch):
    with acting_as(DINAS):
        monkeypatch.setattr(acts, "claims_now", claims)
        open_books(
            Command("c0", officer="off_a"),
            boxes=[],
            serials=[f"ALC{n:06d}" for n in range(10)],
            witness="off_b",
        )
        monkeypatch.setattr(acts, "has_open_proposal", Meeting().after(acts.has_open_proposal))
        race(
            *[
                (
                    lambda n=n: acts.propose_allocation(
                        Command(f"p{n}", officer=f"off_{n}"), wish=Wish()
                    )
                )
                for n in (1, 2)
            ]
        )
        assert Proposal.objects.filter(outcome="").count() == 1
