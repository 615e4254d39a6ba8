"""When a card can be expected: an honest range, or that nobody can tell."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from ampera.planning.rules.expected import Because, QueueFacts, Supply, expected
from ampera.printing.rules.hours import print_policy

TODAY = date(2017, 9, 7)  # a Thursday


def queue(ready=0, not_ready=0, blanko=1000, capacity=160, usual=0) -> QueueFacts:
    return QueueFacts(
        ready=ready, not_ready=not_ready, blanko=blanko, capacity=capacity, usual=usual
    )


def ask(facts: QueueFacts, *supplies: Supply):
    return expected(facts, today=TODAY, supplies=supplies, by=print_policy())


def test_nobody_before_it_means_today():
    told = ask(queue())
    assert (told.first, told.last, told.because) == (TODAY, TODAY, Because.QUEUE)


def test_the_latest_day_counts_everybody_who_asked_at_the_pace_of_late():
    told = ask(queue(ready=159, not_ready=100, usual=100))
    assert told.first == TODAY
    assert told.last == date(2017, 9, 11), "three working days with a weekend between"


def test_no_blanks_and_no_known_supply_cannot_be_told():
    told = ask(queue(ready=5, blanko=5))
    assert (told.first, told.last, told.because) == (None, None, Because.NO_BLANKO)


def test_a_promised_supply_moves_the_range_to_its_day():
    november = Supply(day=date(2017, 11, 1), count=500)
    told = ask(queue(ready=100, blanko=0), november)
    assert told.because is Because.SUPPLY
    assert told.first is not None
    assert told.first >= november.day


def test_a_supply_too_small_or_past_its_day_promises_nothing():
    for supply in (
        Supply(day=date(2017, 11, 1), count=100),
        Supply(day=date(2017, 9, 6), count=5000),
    ):
        assert ask(queue(ready=100, blanko=0), supply).because is Because.NO_BLANKO


def test_an_office_that_does_not_print_says_so():
    assert ask(queue(capacity=0)).because is Because.NO_CAPACITY


def test_more_than_a_year_is_no_date():
    assert ask(queue(ready=54_000, blanko=60_000)).because is Because.TOO_FAR


@given(
    ready=some.integers(0, 3000),
    not_ready=some.integers(0, 3000),
    more=some.integers(1, 500),
    capacity=some.integers(1, 400),
    usual=some.integers(0, 400),
)
def test_a_longer_queue_is_never_sooner(ready, not_ready, more, capacity, usual):
    short = ask(queue(ready, not_ready, 10_000, capacity, usual))
    longer = ask(queue(ready + more, not_ready, 10_000, capacity, usual))
    if longer.first is None:
        return
    assert short.first is not None
    assert short.first <= longer.first
    assert short.last <= longer.last
    assert longer.first <= longer.last
