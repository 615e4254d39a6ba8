"""A long run of writing leaves the database to whoever waits: an officer's click above all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest
from django.db import connection, transaction

from ampera.journal import turns
from ampera.journal.marks import put_mark
from ampera.journal.queries import part_after
from ampera.journal.turns import REST_SECONDS_MAX, turn
from ampera.sync.protocol.messages import Part, Push, PushAnswer
from tests.contracts.conftest import KEC, local_link, make_receiver
from tests.contracts.test_post_contract import UP
from tests.sync.province import Province, write_batch

PARTS, ROWS = 4, 5


class Wall:
    """Seconds that pass at each look, and somebody who waits for the database."""

    def __init__(self, file: str, *, step: float) -> None:
        self._file, self._seconds, self._step = file, count(), step
        self.rests: list[float] = []
        self.clicks = 0

    def now(self) -> float:
        return next(self._seconds) * self._step

    def rest(self, seconds: float) -> None:
        """Another window writes meanwhile, and would not wait a millisecond for it."""
        self.rests.append(seconds)
        with closing(sqlite3.connect(self._file, timeout=0, isolation_level=None)) as window:
            window.execute("BEGIN IMMEDIATE")
            window.execute("INSERT INTO journal_mark VALUES (?, '1')", [f"click {self.clicks}"])
            window.execute("COMMIT")
        self.clicks += 1


@pytest.fixture
def wall(sqlite_database, monkeypatch) -> Wall:
    made = Wall(str(connection.settings_dict["NAME"]), step=0.02)
    monkeypatch.setattr(turns, "rest", made.rest)
    monkeypatch.setattr(turns, "now", made.now)
    return made


def test_between_two_parts_of_a_push_another_window_writes_without_waiting(wall):
    with Province(KEC) as offices:
        receiver = make_receiver(offices)
        with local_link(offices, receiver) as link, offices.at(KEC) as here:
            write_batch("run", count=PARTS * ROWS)
            answer = link.ask(Push(at=here.clock.now(), parts=tuple(parts_of_the_run())))
    assert isinstance(answer, PushAnswer)
    assert answer.places[UP].seq == PARTS * ROWS
    assert wall.clicks == PARTS


def test_a_run_rests_as_long_as_each_transaction_took(wall):
    for number in range(3):
        with turn(), transaction.atomic():
            put_mark(f"run {number}", value=1)
    assert wall.rests == pytest.approx([0.02] * 3)
    assert wall.clicks == 3


def test_nobody_rests_for_ever_after_a_slow_transaction(wall):
    wall._step = 60
    with turn():
        put_mark("run", value=1)
    assert wall.rests == [REST_SECONDS_MAX]


def test_a_run_that_fails_leaves_the_way_free_too(wall):
    with pytest.raises(ValueError, match="a defect"), turn():
        raise ValueError("a defect")
    assert wall.clicks == 1
    with turn():
        put_mark("run", value=1)
    assert wall.clicks == 2


def test_nobody_rests_inside_a_transaction(wall):
    with transaction.atomic(), pytest.raises(AssertionError), turn():
        pass


@pytest.mark.postgres
def test_on_a_database_that_queues_who_waits_nobody_rests(postgres_database, monkeypatch):
    rests: list[float] = []
    monkeypatch.setattr(turns, "rest", rests.append)
    with turn(), transaction.atomic():
        put_mark("run", value=1)
    assert rests == []


def parts_of_the_run() -> Iterator[Part]:
    """Several parts of one chain, each signed at its end."""
    for after in range(0, PARTS * ROWS, ROWS):
        found = part_after(UP, after, most=ROWS)
        assert found is not None
        yield Part(found.chain, found.entries, found.signatures)
