"""The ways of sharing: dated data with the basis that each rests on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.planning.rules.sharing import Way
from ampera.planning.rules.ways import read_ways, ways_policy

ROWS = """
[[sharing]]
from = 2017-11-01
ways = ["NEW_FIRST"]
[[sharing]]
from = 2017-09-07
ways = ["ALIKE", "NEW_FIRST"]
[way.ALIKE]
id = "sama"
en = "alike"
basis = "praktik"
[way.NEW_FIRST]
id = "baru dahulu"
en = "new first"
basis = "keputusan"
"""


def test_every_way_is_offered_and_says_what_it_rests_on() -> None:
    offered = ways_policy().on(date(2017, 9, 7))
    assert [each.way for each in offered] == list(Way)
    assert all(each.text_id and each.text_en and each.basis for each in offered)


def test_a_new_order_holds_from_its_day() -> None:
    policy, day = read_ways(ROWS), date(2017, 11, 1)
    assert [each.way for each in policy.on(day)] == [Way.NEW_FIRST]
    before = policy.on(day - timedelta(days=1))
    assert [each.text_en for each in before] == ["alike", "new first"]
    assert policy.on(date(2017, 9, 6)) == ()


@pytest.mark.parametrize(
    "wrong", [ROWS.replace('["NEW_FIRST"]', "[]"), ROWS.replace('["NEW_FIRST"]', '["SHARE"]')]
)
def test_a_row_that_makes_no_sense_is_a_defect(wrong) -> None:
    with pytest.raises(ValueError, match="a row of ways"):
        read_ways(wrong)
