"""Two windows at once, on PostgreSQL, with the control in which the guard is taken out."""

from __future__ import annotations

import pytest

from ampera.blanko.queries import accounts
from ampera.withdrawal.actions import destroying, finish_batch, open_batch
from ampera.withdrawal.models import Batch, Destruction, Gone, InBatch, Piece
from ampera.withdrawal.rules.pieces import How
from ampera.words import Refusal
from tests.recordings import at_once
from tests.stations.printing_desk import DINAS, by, lone_dinas
from tests.stations.withdrawn_cards import batch_of, brought, done_with, spoiled

pytestmark = pytest.mark.postgres


class NoGuard:
    """A table that lets everything in."""

    class objects:
        @staticmethod
        def bulk_create(rows: object) -> None: ...

    def __init__(self, **_: object) -> None: ...


def test_of_two_windows_one_takes_the_found_card_in(postgres_database):
    lone_dinas(permits=1, blanks=1)
    for number in range(4):
        found = [lambda n=number: brought(serial=f"XYZ0000000{n}", how=How.FOUND)] * 3
        answers = at_once(*found)
        refused = [each for each in answers if isinstance(each, Refusal)]
        assert len(refused) == 2, answers
        assert {each.code for each in refused} == {"withdrawal.lies_already"}
        assert Piece.objects.count() == number + 1


def test_of_two_windows_one_has_the_piece_in_its_batch(postgres_database):
    lone_dinas(permits=1, blanks=4)
    for number in range(4):
        ruined = spoiled(number + 1)
        tried = [lambda piece=ruined: open_batch(by(), cause="FAILED_PRINT", pieces=[piece])] * 3
        answers = at_once(*tried)
        refused = [each for each in answers if isinstance(each, Refusal)]
        assert {each.code for each in refused} == {"withdrawal.in_another_batch"}
        assert len(refused) == 2
        assert (Batch.objects.count(), InBatch.objects.count()) == (number + 1, number + 1)


def test_a_batch_that_two_windows_finish_is_destroyed_once(postgres_database):
    lone_dinas(permits=1, blanks=2)
    batch = batch_of("FAILED_PRINT", spoiled(1), spoiled(2))
    done = [lambda: finish_batch(by(), batch=batch, done=done_with())] * 3
    answers = at_once(*done)
    assert sum(isinstance(each, dict) for each in answers) == 1, answers
    assert (Destruction.objects.count(), Gone.objects.count()) == (1, 2)
    assert accounts(DINAS)["destroyed"] == 2


def test_control_without_the_guard_a_piece_lies_in_two_batches(postgres_database, monkeypatch):
    """What the guard is for: taken out, two batches that were opened at once hold one piece."""
    lone_dinas(permits=1, blanks=1)
    ruined = spoiled(1)
    monkeypatch.setattr(destroying, "InBatch", NoGuard)
    tried = [lambda: open_batch(by(), cause="FAILED_PRINT", pieces=[ruined])] * 2
    answers = at_once(*tried)
    assert all(isinstance(each, dict) for each in answers), answers
    assert Batch.objects.count() == 2
