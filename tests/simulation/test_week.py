"""A week of one print room, one morning of it: the real code in a cold room with a slow printer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.tiers.wiring import make_registry
from ampera.world.week import PrintWeek
from ampera.world.week_days import days_of


@pytest.fixture(scope="module")
def registry(django_db_blocker):
    with django_db_blocker.unblock():
        yield make_registry()


def test_a_morning_ends_with_every_blank_where_the_books_have_it(registry):
    [monday] = PrintWeek(1, registry, permits=12, days=1).play()
    assert (monday.name, monday.cards, monday.spoiled) == ("Senin", 12, 0)
    assert monday.limit > 100


def test_every_week_has_its_jams_its_cut_and_its_short_ribbon():
    for seed in range(5):
        days = days_of(seed)
        assert sum(len(day.jams) for day in days) == 2
        assert [day.name for day in days if day.cut is not None] == ["Kamis"]
        assert [day.name for day in days if day.ribbon is not None] == ["Jumat"]
        for day in days:
            assert all(timedelta(0) < each < timedelta(hours=8) for each in day.jams)
    assert days_of(1) != days_of(2)
