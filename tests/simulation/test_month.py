"""Days closed all over a city, and a blank that is stolen: found the same day, at the right office.

`ampera sim --month SEED` plays 30 days of all 16 kecamatan; here a few days of three of them.
"""

from __future__ import annotations

import pytest

from ampera.blanko.actions import days
from ampera.blanko.rules import DayDifference
from ampera.tiers.wiring import make_registry
from ampera.world.chainbooks import BrokenPromise
from ampera.world.month import CityMonth

KECAMATAN = ("16.71.02", "16.71.07", "16.71.13")
DAYS = 3


@pytest.fixture
def month(django_db_blocker):
    # Each simulated server has a database of its own.
    with django_db_blocker.unblock():
        city = CityMonth(1, make_registry(), kecamatan=KECAMATAN)
        yield city
        city.close()


def test_each_day_closes_at_each_office_and_a_theft_is_found_that_evening(month) -> None:
    for number in range(DAYS):
        month.work_a_day()
        evening = month.close_the_day(number)
        assert (evening.closed, evening.refused, evening.missing) == (4, {}, {})
        month.night()
    assert len(month.ground.shelf.cards) >= 2 * DAYS * len(KECAMATAN)
    month.work_a_day()
    office, serial = month.steal_one()
    evening = month.close_the_day(DAYS)
    assert evening.missing == {office: (serial,)}
    assert month.where_is(serial) == f"{office}/dispute"
    assert month.judge() == 4 * (DAYS + 1)


def test_books_that_do_not_compare_are_found_out(month, monkeypatch) -> None:
    """The negative control: a count that is believed to agree, whatever eyes saw."""
    agrees = DayDifference(missing=(), missing_spoils=(), found=())
    monkeypatch.setattr(days.rules, "compare_day", lambda counted, books, office: agrees)
    month.work_a_day()
    month.steal_one()
    assert month.close_the_day(0).missing == {}
    with pytest.raises(BrokenPromise, match="seen"):
        month.judge()
