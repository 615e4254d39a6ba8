"""The days of the print room's week: what befalls the printer, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.devices.simulated.memory import MemoryPrinter
from ampera.tiers.city.week import Week
from ampera.world.week_days import (
    BEFORE,
    MONDAY,
    OPEN,
    days_of,
    limit_of,
    printer_random,
    shortened,
    the_model,
)


def a_printer(seed=1):
    return MemoryPrinter(
        now=MONDAY - timedelta(hours=12), rng=printer_random(seed), model=the_model()
    )


def test_a_room_is_as_cold_before_opening_as_at_opening_and_warmest_after_noon():
    wednesday = days_of(1)[2]
    assert wednesday.celsius(-BEFORE) == wednesday.morning == wednesday.celsius(timedelta(0))
    warmest = max(range(0, 480, 10), key=lambda m: wednesday.celsius(timedelta(minutes=m)))
    assert 300 <= warmest <= 360
    top = wednesday.celsius(timedelta(minutes=warmest))
    assert top == pytest.approx(wednesday.morning + wednesday.warmer, abs=0.1)


def test_on_a_shorter_day_everything_befalls_it_as_much_sooner():
    thursday = days_of(1)[3]
    short = shortened(thursday, length=timedelta(hours=1))
    assert thursday.cut is not None
    assert short.cut == thursday.cut / 8
    assert short.jams == tuple(each / 8 for each in thursday.jams)
    assert short.morning == thursday.morning
    assert shortened(thursday, length=OPEN) == thursday


def test_a_shorter_day_has_a_lower_limit():
    monday = days_of(1)[0]
    hour = limit_of(a_printer(), day=monday, opening=MONDAY, length=timedelta(hours=1))
    two = limit_of(a_printer(), day=monday, opening=MONDAY, length=timedelta(hours=2))
    assert 15 <= hour <= 20
    assert two > hour


def test_the_printer_that_is_watched_has_the_luck_of_the_simulated_one():
    for seed in (1, 2):
        rng = printer_random(seed)
        rng.getrandbits(128)  # its uuid
        assert Week(seed=seed).printer_seed == rng.getrandbits(64)
        real = a_printer(seed).machine.supplies["ribbon"].real_cards
        assert real == a_printer(seed).machine.supplies["ribbon"].real_cards


def test_a_faster_clock_is_followed_by_shorter_ticks_down_to_a_twentieth_of_a_second():
    assert Week(speed=1).tick_seconds == 1.0
    assert Week(speed=60).tick_seconds == pytest.approx(0.1)
    assert Week(speed=5000).tick_seconds == 0.05


def test_an_office_gets_boxes_and_people_for_its_whole_week():
    load = Week(days=5).load
    assert load.boxes * 250 >= 750 + 40, "some are spoiled"
    assert load.people * 0.5 >= 750, "half of them are old enough for a card"
    assert Week(days=1, permits=20).load.boxes == 1
