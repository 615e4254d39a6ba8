"""Long calculations: what each may cost, its name, and who may stop it."""

from __future__ import annotations

from datetime import date

import pytest

from ampera.planning.rules.calculations import (
    State,
    calculation_key,
    decide_cancel,
    decide_start,
    limits_policy,
    read_limits,
)

LIMITS = limits_policy().on(date(2017, 9, 6))
ROW = (
    "[[limits]]\nfrom = 2014-12-01\nat_once = 1\nwaiting_an_officer = 2\nwaiting = 6\n"
    "seconds = 900\nkept_days = 30\nreplications = [300]\n"
)


def test_the_name_changes_with_whatever_changes_the_answer():
    name = calculation_key("a", replications=300, seed=1)
    others = {
        calculation_key("b", replications=300, seed=1),
        calculation_key("a", replications=301, seed=1),
        calculation_key("a", replications=300, seed=2),
    }
    assert len(others | {name}) == 4
    assert name == calculation_key("a", replications=300, seed=1)


@pytest.mark.parametrize(
    ("mine", "all_", "is_refused"), [(0, 0, 0), (1, 5, 0), (2, 2, 1), (0, 6, 1)]
)
def test_one_more_is_refused_where_enough_wait(mine, all_, is_refused):
    no = decide_start(open_of_officer=mine, open_of_all=all_, limits=LIMITS)
    assert (no is not None) == bool(is_refused)
    if no is not None:
        assert no.code == "planning.calculations_full"


@pytest.mark.parametrize("state", [State.DONE, State.CANCELLED, State.STOPPED])
def test_what_is_over_cannot_be_cancelled(state):
    no = decide_cancel(state, asked_by="off_a", officer="off_a", may_stop_others=True)
    assert no is not None
    assert no.code == "planning.calculation_over"


def test_the_one_who_asked_and_the_head_may_cancel_and_nobody_else():
    def told(officer: str, *, is_head: bool = False):
        return decide_cancel(
            State.RUNNING, asked_by="off_a", officer=officer, may_stop_others=is_head
        )

    assert told("off_a") is None
    assert told("off_b", is_head=True) is None
    assert told("off_b").code == "planning.calculation_of_other"


def test_a_later_row_holds_from_its_day():
    later = ROW.replace("2014-12-01", "2018-01-01").replace("at_once = 1", "at_once = 3")
    policy = read_limits(ROW + later)
    assert policy.on(date(2017, 12, 31)).at_once == 1
    assert policy.on(date(2018, 1, 1)).at_once == 3
    assert policy.on(date(2000, 1, 1)).at_once == 1, "the first row before its day too"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at_once = 1", "at_once = 0"),
        ("seconds = 900", 'seconds = "lama"'),
        ("replications = [300]", "replications = []"),
        ("kept_days = 30", "kept_days = -1"),
    ],
)
def test_a_policy_of_nonsense_does_not_load(old, new):
    with pytest.raises(ValueError, match=r"limit|replications"):
        read_limits(ROW.replace(old, new))


def test_a_policy_without_rows_does_not_load():
    with pytest.raises(ValueError, match="no row"):
        read_limits("limits = []")
