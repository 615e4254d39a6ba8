"""The tick loop: a failing step is logged once, the rest goes on; who has nothing to do sleeps."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest

from ampera.journal.actions import Command, perform
from ampera.sync.courier import Progress
from ampera.sync.protocol.state import Limits
from ampera.tiers import worker as worker_module
from ampera.tiers.faults import masked
from ampera.tiers.upward import UpwardLink
from ampera.tiers.worker import FULL_SECONDS, Worker
from tests.houses import Offices

NIK = "1671020101909001"


class Monotonic:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class NoLink(UpwardLink):
    """A way up that nobody asks: the exchanges are played."""

    def __init__(self) -> None:
        pass


@pytest.fixture
def clock() -> Monotonic:
    return Monotonic()


def _look(subject: str) -> None:
    def work(pen):
        pen.write_look(subjects=[subject], purpose="counter")
        return {}

    perform(Command(id=f"cmd_{subject}"), work, content={})


def test_an_idle_server_does_everything_only_now_and_then(offices: Offices, clock):
    done: list[str] = []
    with offices.at("16.71.02"):
        worker = Worker(link=None, monotonic=clock, more_steps=[lambda: done.append("full")])
        for _ in range(3):
            worker.tick()
        settled = len(done)
        worker.tick()
        assert len(done) == settled
        clock.seconds += FULL_SECONDS
        worker.tick()
        assert len(done) == settled + 1


def test_what_is_written_is_seen_at_the_next_tick(offices: Offices, clock):
    done: list[str] = []
    with offices.at("16.71.02"):
        worker = Worker(link=None, monotonic=clock, more_steps=[lambda: done.append("full")])
        for _ in range(3):
            worker.tick()
        before = len(done)
        _look("res_1")
        worker.tick()
        assert len(done) == before + 1


def test_own_entries_reach_the_second_log_without_anybody_asking(offices: Offices, clock):
    with offices.at("16.71.02") as here:
        _look("res_2")
        Worker(link=None, monotonic=clock).tick()
        assert here.second_log.last_seqs() == {"16.71.02/audit@1": 1}


def test_a_failing_step_is_logged_once_and_the_others_go_on(offices: Offices, clock, caplog):
    done: list[str] = []

    def fail() -> None:
        raise RuntimeError("the same every time")

    with offices.at("16.71.02"), caplog.at_level(logging.ERROR, "ampera.worker"):
        worker = Worker(link=None, monotonic=clock, more_steps=[fail, lambda: done.append("after")])
        for _ in range(3):
            clock.seconds += FULL_SECONDS
            worker.tick()
    assert len(done) >= 3
    (told,) = [each for each in caplog.records if "fail" in each.getMessage()]
    assert told.getMessage().startswith("fault ")
    assert told.exc_info is not None


def test_the_printer_is_asked_each_tick_only_while_a_card_is_in_work(offices: Offices, clock):
    steps: list[int] = []
    with offices.at("16.71.02"):
        worker = Worker(link=None, monotonic=clock, print_step=lambda: steps.append(1))
        for _ in range(3):
            worker.tick()
        settled = len(steps)
        worker.tick()
        assert len(steps) == settled
        worker.is_printing = lambda: True
        worker.tick()
        assert len(steps) == settled + 1


def test_a_backlog_of_post_does_not_keep_the_printer_waiting(offices: Offices, clock, monkeypatch):
    """Each exchange takes 0.2 s; weeks of them are waiting; a tick has half a second for them."""
    exchanges: list[float] = []

    def exchange(link: object, *, now: datetime, limits: Limits, steps_max: int) -> Progress:
        exchanges.append(clock.seconds)
        clock.seconds += 0.2 * steps_max
        return Progress(was_asked=True, sent=500, has_more=True, next_at=now + timedelta(hours=1))

    monkeypatch.setattr(worker_module, "run_courier", exchange)
    with offices.at("16.71.02"):
        worker = Worker(link=NoLink(), monotonic=clock)
        worker.tick()
        assert len(exchanges) == 3
        # More is waiting, so the next tick goes on at once and not when an idle one would.
        worker.tick()
        assert len(exchanges) == 6


def test_a_backlog_of_reactions_does_not_keep_the_post_waiting(
    offices: Offices, clock, monkeypatch
):
    left = [40]

    def some(*, most: int) -> int:
        clock.seconds += 0.125
        done = min(most, left[0])
        left[0] -= done
        return done

    monkeypatch.setattr(worker_module, "react", some)
    with offices.at("16.71.02"):
        worker = Worker(link=None, monotonic=clock)
        worker.tick()
        assert left == [20]
        # Nothing was written that anybody could see, and still the next tick goes on with the rest.
        worker.tick()
        assert left == [0]


def test_no_nik_gets_into_the_log():
    told = masked(f"resident {NIK} of KK 1671020101900001 sha 00{'a' * 62} at seq 12")
    assert NIK not in told
    assert "167102******9001" in told
    assert "a" * 62 in told
