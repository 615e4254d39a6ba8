"""What simulated residents decide: the same each time it is asked, and as people do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ampera.intake.rules.papers import papers_required
from ampera.words.office import OfficeCode
from ampera.words.reason import Reason
from ampera.world.driving import visits
from ampera.world.driving.driver import bounded
from ampera.world.driving.hours import is_open, local, next_opening, opening
from ampera.world.driving.visits import Habits, Visit, visits_on

DINAS = OfficeCode("16.71")
PRINTS = OfficeCode("16.71.02")  #: from the first day
WAITS = OfficeCode("16.71.06")  #: from the Monday after
CITY = [DINAS, PRINTS, WAITS]
#: Thursday 7 September 2017, 08:00 WIB.
MORNING = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
MANY = Habits(per_hour=300)


def on(day: int, *, office: OfficeCode = PRINTS, habits: Habits = MANY) -> list[Visit]:
    return visits_on(MORNING + timedelta(days=day), office=office, offices=CITY, habits=habits)


def all_visits() -> list[Visit]:
    return [each for office in CITY for day in range(5) for each in on(day, office=office)]


def test_the_same_seed_gives_the_same_visits_at_any_moment_of_the_day():
    later = visits_on(MORNING + timedelta(hours=5), office=PRINTS, offices=CITY, habits=MANY)
    assert later == on(0)
    assert later != on(0, habits=replace(MANY, seed=2))


def test_no_visit_has_the_name_of_another():
    keys = [each.key for each in all_visits()]
    assert len(set(keys)) == len(keys)


def test_people_come_while_the_office_is_open_and_never_on_sunday():
    for visit in all_visits():
        assert is_open(visit.at, office=visit.office)
    sunday = 3
    assert on(sunday) == []
    assert opening(MORNING + timedelta(days=sunday), office=PRINTS) is None


def test_more_come_in_the_morning_than_at_noon():
    hours = [local(each.at, office=each.office).hour for each in all_visits()]
    assert hours.count(8) > hours.count(12) > 0


def test_more_come_to_where_cards_are_printed_already():
    assert len(on(0)) > 2 * len(on(0, office=WAITS))
    monday = 4
    assert len(on(monday)) < 1.5 * len(on(monday, office=WAITS))


def test_twice_the_rate_brings_twice_as_many():
    few, many = len(on(0, habits=Habits(per_hour=100))), len(on(0, habits=Habits(per_hour=200)))
    assert 1.5 < many / few < 2.6


def test_first_cards_are_never_asked_for_at_the_dinas():
    assert all(each.reason.is_replacement for each in on(0, office=DINAS))
    reasons = {each.reason for each in on(0)}
    assert reasons == set(Reason)


def test_a_resident_brings_the_papers_of_the_day_or_leaves_one_at_home():
    short = [each for each in all_visits() if each.lacks_paper]
    assert 0.05 < len(short) / len(all_visits()) < 0.2
    for visit in all_visits():
        required = papers_required(visit.reason, on=date(2017, 9, 7)).required
        shown = visits.papers_shown(visit)
        assert set(shown) <= set(required)
        assert len(required) - len(shown) == visit.lacks_paper
        assert visits.papers_shown(replace(visit, lacks_paper=False)) == list(required)


def test_only_who_asks_for_a_first_card_asks_at_two_offices():
    twice = [each for each in all_visits() if each.also_at_dinas]
    assert twice
    assert all(each.reason is Reason.NEW for each in twice)


def test_each_resident_goes_to_one_of_the_two_counters():
    numbers = [f"167102010190{serial}" for serial in range(9000, 9500)]
    to_dinas = [each for each in numbers if visits.goes_to_dinas(each, habits=MANY)]
    assert 0.1 < len(to_dinas) / len(numbers) < 0.3
    assert to_dinas == [each for each in numbers if visits.goes_to_dinas(each, habits=MANY)]


def test_some_cards_are_never_collected_and_the_others_on_the_same_day():
    cards = [f"crd_{number}" for number in range(400)]
    told = [visits.collects_at(each, ready_at=MORNING, habits=MANY) for each in cards]
    assert 10 < told.count(None) < 70
    waits = [at - MORNING for at in told if at is not None]
    assert timedelta(minutes=5) < min(waits) < max(waits) < timedelta(hours=4)


@pytest.mark.parametrize("decide", [visits.is_rejected, visits.has_worn_finger, visits.sends_proxy])
def test_what_is_rare_happens_now_and_then(decide):
    happened = sum(decide(f"id_{number}", habits=MANY) for number in range(1000))
    assert 5 < happened < 120


def test_the_dinas_shares_its_blanko_among_those_who_print_and_keeps_a_handful():
    offices = [DINAS, *(OfficeCode(f"16.71.{number:02d}") for number in range(1, 17))]
    shares = visits.shares_of_blanko(offices, on_shelf=250, habits=MANY)
    assert {each.text for each in shares} == {"16.71.02", "16.71.07", "16.71.13", "16.71.15"}
    assert 10 <= 250 - sum(shares.values()) <= 30
    assert visits.shares_of_blanko([DINAS, WAITS], on_shelf=250, habits=MANY) == {}
    assert visits.shares_of_blanko(offices, on_shelf=12, habits=MANY) == {}


def test_the_doors_open_on_the_next_working_day():
    saturday_evening = MORNING + timedelta(days=2, hours=12)
    assert not is_open(saturday_evening, office=PRINTS)
    assert next_opening(saturday_evening, office=PRINTS) == MORNING + timedelta(days=4)
    assert next_opening(MORNING - timedelta(hours=1), office=PRINTS) == MORNING
    assert is_open(MORNING, office=PRINTS)


@pytest.mark.parametrize(
    ("per_hour", "speed", "bound"),
    [(0, 1, 42.5), (0, 10, 42.5), (0, 60, 30), (100, 10, 100), (100, 900, 2)],
)
def test_a_fast_clock_brings_no_more_visitors_a_second_than_the_machine_bears(
    per_hour, speed, bound
):
    assert bounded(per_hour, offices=17, speed=speed) == pytest.approx(bound, rel=0.01)
