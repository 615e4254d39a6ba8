"""A blank is waited for, and meanwhile its permit ends: nothing is printed on what is fed then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.journal.actions import perform
from ampera.journal.house import House
from ampera.printing.queries import why_waiting
from ampera.printing.rules.attempts import AttemptState, Cause
from ampera.readiness.actions import answer_recalls
from ampera.readiness.queries import PermitState, permit_seen
from ampera.words import OfficeCode
from tests.stations.printing_desk import (
    DINAS,
    KEC,
    PRINTER,
    books_and_tables_are_whole,
    by,
    code,
    place_of,
    serial,
)
from tests.stations.stage_desk import StageDesk


@pytest.fixture
def desk(offices):
    """An attempt waits for its blank to be fed."""
    made = StageDesk(offices, permits=1)
    with made.at():
        made.start(1)
        made.work(3)
        assert code(why_waiting(PRINTER)) == "printing.feed_blanko"
    offices.post()
    return made


def told(desk, kind, *, subject, **facts):
    """The dinas says something of the permit or its card, and the office hears it."""

    def work(pen):
        pen.write(kind, subject=subject, facts=facts, to=OfficeCode(KEC))
        return {}

    with desk.offices.at(DINAS):
        assert perform(by(), work, content={}) == {}
    desk.offices.post()


def feed_and_work(desk):
    with desk.at():
        desk.load(1)
        desk.work()


def assert_nothing_was_printed(desk):
    with desk.at():
        assert desk.finished() == []
        attempt = desk.attempt(1)
        assert (attempt.state, attempt.cause) == (AttemptState.WITHDRAWN, Cause.NEVER_SENT)
        assert place_of(serial(1)) == "shelf"
        assert books_and_tables_are_whole()


def test_a_card_voided_meanwhile_is_not_printed(desk):
    void = {"card": "crd_1", "resident": "res_1", "why": "DIED", "witness": "", "request": "req_1"}
    told(desk, "card.voided/1", subject="crd_1", **void)
    feed_and_work(desk)
    assert_nothing_was_printed(desk)


def test_a_forfeited_permit_prints_nothing(desk):
    told(desk, "permit.forfeited/1", subject="prm_1", permit="prm_1")
    feed_and_work(desk)
    assert_nothing_was_printed(desk)


def test_a_permit_past_its_day_prints_nothing_and_goes_back(desk):
    """Two days later the dinas may grant the card elsewhere, whether it is heard of here or not."""
    desk.offices.clock.move(timedelta(days=60))
    feed_and_work(desk)
    assert_nothing_was_printed(desk)
    with desk.at():
        assert answer_recalls() == 1
        assert permit_seen("prm_1").state is PermitState.RETURNED


def test_a_recalled_permit_goes_back_instead_of_becoming_a_card(desk):
    told(desk, "permit.recalled/1", subject="prm_1", permit="prm_1", why="VERSION_CHANGED")
    feed_and_work(desk)
    assert_nothing_was_printed(desk)


def test_nothing_is_sent_while_the_clock_is_doubtful(desk, monkeypatch):
    """When a permit ends is said by the office's own clock, so it must be one to trust."""
    monkeypatch.setattr(House, "is_clock_doubtful", property(lambda _: True))
    feed_and_work(desk)
    with desk.at():
        assert desk.finished() == []
        assert desk.attempt(1).state is AttemptState.OPEN
        assert code(why_waiting(PRINTER)) == "server.clock_doubtful"
        monkeypatch.undo()
        desk.work()
        assert desk.attempt(1).state is AttemptState.PRINTED
