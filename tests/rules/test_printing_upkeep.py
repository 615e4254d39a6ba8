"""Rules of a printer's log: stops and their causes, supplies and how long they last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.printing.rules.hours import print_policy
from ampera.printing.rules.models import model_of
from ampera.printing.rules.stops import (
    Standstill,
    StopCause,
    StopSeen,
    Upkeep,
    cause_of,
    decide_upkeep,
    is_office_down,
    is_over,
    is_to_return,
    is_to_tell,
    standstills,
)
from ampera.printing.rules.supplies import (
    Change,
    Yield,
    lasting_of,
    nominal_of,
    usual_day,
    yield_of,
)
from ampera.words import Refusal

WIB = timezone(timedelta(hours=7))
MONDAY = datetime(2017, 9, 4, 1, 0, tzinfo=UTC)


def stop(cause=StopCause.JAM, *, printer="p1", since=MONDAY, until=None) -> StopSeen:
    return StopSeen(f"{printer}@{since}", "16.71.02", printer, cause, since, until)


@pytest.mark.parametrize(
    ("words", "reachable", "may_print", "cause"),
    [
        ([], False, False, StopCause.POWER),
        (["media-jam"], True, True, None),
        (["media-jam", "cover-open"], True, False, StopCause.JAM),
        (["cover-open", "subunit-over-temperature"], True, False, StopCause.COVER),
        (["marker-supply-empty"], True, False, StopCause.RIBBON),
        (["subunit-cooling-down"], True, False, StopCause.HEAT),
        (["media-empty", "media-needed"], True, False, None),
        (["paused"], True, False, None),
        (["output-area-full"], True, False, StopCause.OTHER),
        ([], True, False, None),
    ],
)
def test_why_a_printer_stands_still(words, reachable, may_print, cause):
    assert cause_of(words, is_reachable=reachable, may_print=may_print) is cause


def test_a_stop_is_told_when_it_lasts_and_somebody_would_print():
    policy = print_policy()
    for minutes, wanted, told in ((4, True, False), (5, True, True), (500, False, False)):
        now = MONDAY + timedelta(minutes=minutes)
        assert is_to_tell(since=MONDAY, now=now, would_print=wanted, by=policy) is told


def test_a_printer_that_was_taken_away_is_down_until_it_is_said_to_be_back():
    assert is_over(stop(), cause=None, is_back=False)
    assert not is_over(stop(), cause=StopCause.HEAT, is_back=True)
    assert not is_over(stop(StopCause.REPAIR), cause=None, is_back=False)
    assert is_over(stop(StopCause.REPAIR), cause=None, is_back=True)


def test_an_office_is_down_when_none_of_its_printers_works():
    both = frozenset({"p1", "p2"})
    assert is_office_down([stop()], printers=frozenset({"p1"}))
    assert not is_office_down([stop()], printers=both)
    assert is_office_down([stop(), stop(printer="p2")], printers=both)
    assert not is_office_down([stop(until=MONDAY)], printers=frozenset({"p1"}))
    assert not is_office_down([], printers=frozenset())


def test_heat_passes_by_itself_and_is_no_reason_to_grant_nothing():
    hot = [stop(StopCause.HEAT)]
    assert not is_office_down(hot, printers=frozenset({"p1"}))
    assert is_office_down(hot, printers=frozenset({"p1"}), minding_heat=True)


@pytest.mark.parametrize(("hours", "expected"), [(1, False), (31, False), (32, True), (100, True)])
def test_permits_go_back_after_two_working_days(hours, expected):
    found = is_to_return(
        [stop()],
        printers=frozenset({"p1"}),
        now=MONDAY + timedelta(hours=hours),
        zone=WIB,
        by=print_policy(),
    )
    assert found is expected


def test_two_printers_count_from_when_the_last_of_them_went_down():
    stops = [stop(), stop(printer="p2", since=MONDAY + timedelta(days=1))]
    now = MONDAY + timedelta(days=2)
    names = frozenset({"p1", "p2"})
    assert not is_to_return(stops, printers=names, now=now, zone=WIB, by=print_policy())


@pytest.mark.parametrize(
    ("what", "known", "away", "code"),
    [
        (Upkeep.RIBBON, False, False, "printing.printer_unknown"),
        (Upkeep.RETURNED, True, False, "printing.printer_not_away"),
        (Upkeep.SENT_AWAY, True, True, "printing.printer_away"),
        (Upkeep.RETURNED, True, True, None),
        (Upkeep.PART, True, False, None),
    ],
)
def test_what_may_be_noted_of_a_printer(what, known, away, code):
    answer = decide_upkeep(what, is_known=known, is_away=away, printer="p1")
    assert (answer.code if isinstance(answer, Refusal) else None) == code


# ---- supplies ----


def test_the_box_is_believed_until_a_piece_was_used_up():
    model = model_of("retransfer card printer 60")
    assert nominal_of(Upkeep.RIBBON, model=model) == 200
    assert yield_of([], nominal=200) == Yield(200, is_measured=False)
    assert yield_of([Change(127, was_empty=True)], nominal=200) == Yield(127, is_measured=True)


def test_a_piece_taken_out_early_only_shows_that_it_yields_at_least_so_much():
    assert yield_of([Change(80, was_empty=False)], nominal=200) == Yield(200, is_measured=False)
    assert yield_of([Change(230, was_empty=False)], nominal=200) == Yield(230, is_measured=False)


def test_the_median_of_the_newest_five_decides():
    changes = [Change(cards, was_empty=True) for cards in (120, 125, 127, 60, 130, 500, 500, 500)]
    assert yield_of(changes, nominal=200).cards == 125


def test_the_day_of_running_out_skips_weekends():
    friday = date(2017, 9, 8)
    found = lasting_of(
        Yield(125, is_measured=True), used=25, cards_a_day=60, today=friday, by=print_policy()
    )
    assert (found.left, found.runs_out, found.is_short) == (100, date(2017, 9, 11), True)


def test_nobody_prints_so_no_day_can_be_told():
    piece = Yield(500, is_measured=False)
    found = lasting_of(piece, used=10, cards_a_day=0, today=date(2017, 9, 8), by=print_policy())
    assert found.runs_out is None


@given(used=st.integers(min_value=0, max_value=3000), a_day=st.floats(min_value=0.1, max_value=500))
def test_more_used_never_lasts_longer(used, a_day):
    def ends(cards: int) -> date:
        found = lasting_of(
            Yield(500, is_measured=True),
            used=cards,
            cards_a_day=a_day,
            today=date(2017, 9, 8),
            by=print_policy(),
        )
        assert found.left >= 0
        return found.runs_out or date.max

    assert ends(used + 1) <= ends(used)


def test_a_usual_day_is_one_on_which_something_was_printed():
    assert usual_day([0, 100, 120, 0]) == 110
    assert usual_day([]) == 0


def test_stops_are_added_up_by_cause_within_the_day_the_longest_first():
    minute = timedelta(minutes=1)
    at = MONDAY
    stops = [
        stop(StopCause.HEAT, since=at + 10 * minute, until=at + 40 * minute),
        stop(StopCause.JAM, since=at - 5 * minute, until=at + 2 * minute),
        stop(StopCause.HEAT, since=at + 100 * minute, until=None),
        stop(StopCause.POWER, since=at - 60 * minute, until=at - 30 * minute),
    ]
    assert standstills(stops, since=at, until=at + 110 * minute) == (
        Standstill(StopCause.HEAT, 2, 40 * minute),
        Standstill(StopCause.JAM, 1, 2 * minute),
    )
