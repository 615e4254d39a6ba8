"""The clock of a request: what stops it, and that no second counts twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.planning.rules.service_time import (
    Evidence,
    Kept,
    LentWay,
    Pause,
    Way,
    read_clock,
    summarize,
)
from ampera.planning.rules.spans import Span, clip, join, total, without

T0 = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
KEC = "16.71.02"
OTHER = "16.71.06"


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def a_first_card(**moments: float) -> Way:
    """Moments in minutes; a first card whose data were complete at 0."""
    given_: dict[str, Any] = {name: at(minutes) for name, minutes in moments.items()}
    return Way(request="req", office=KEC, completed_at=T0, **given_)


def stopped(cause: Pause, since: float, until: float, *, office: str = "") -> Evidence:
    return Evidence(cause, Span(at(since), at(until)), "test", office)


def minutes_of(reading: Any) -> dict[str, float]:
    return {
        "own": reading.own.total_seconds() / 60,
        **{cause.value: length.total_seconds() / 60 for cause, length in reading.paused.items()},
    }


WHOLE = a_first_card(
    captured_at=10, received_at=12, decided_at=42, granted_at=43, printed_at=50, ready_at=52
)


def test_a_first_card_is_complete_only_with_its_recording():
    assert read_clock(a_first_card(), evidence=[], now=at(500)) is None
    reading = read_clock(a_first_card(captured_at=10), evidence=[], now=at(15))
    assert reading is not None
    assert (reading.total, reading.is_running) == (timedelta(minutes=5), True)


def test_a_replacement_needs_no_recording_of_its_own():
    way = Way(request="req", office=KEC, completed_at=T0, is_first=False, confirmed_at=at(5))
    reading = read_clock(way, evidence=[], now=at(30))
    assert reading is not None
    assert minutes_of(reading) == {"own": 30}


def test_the_time_in_the_centres_queue_is_not_the_offices():
    reading = read_clock(WHOLE, evidence=[], now=at(1000))
    assert reading is not None
    assert minutes_of(reading) == {"own": 12, "CENTRE": 30}
    assert (reading.kept, reading.is_running) == (Kept.IN_AN_HOUR, False)


def test_a_cut_line_stops_the_clock_only_until_the_permit_is_there():
    reading = read_clock(WHOLE, evidence=[stopped(Pause.LINE, 0, 47)], now=at(1000))
    assert reading is not None
    # From 10 to 12 and from 42 to 43; the centre's half hour is the centre's.
    assert minutes_of(reading) == {"own": 9, "CENTRE": 30, "LINE": 3}


def test_what_stopped_another_office_stops_no_clock_of_this_one():
    told = [stopped(Pause.PRINTER, 0, 60, office=OTHER), stopped(Pause.LINE, 0, 60, office=OTHER)]
    assert read_clock(WHOLE, evidence=told, now=at(1000)) == read_clock(
        WHOLE, evidence=[], now=at(1000)
    )


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        # The home's printer is the reason until its printing was lent, the other one's afterwards.
        (stopped(Pause.PRINTER, 0, 100, office=KEC), {"own": 40, "PRINTER": 20}),
        (stopped(Pause.PRINTER, 0, 100, office=OTHER), {"own": 20, "PRINTER": 40}),
        (stopped(Pause.BLANKO, 35, 100, office=KEC), {"own": 60}),
        (stopped(Pause.LINE, 10, 15, office=KEC), {"own": 55, "LINE": 5}),
        (stopped(Pause.LINE, 10, 15, office=OTHER), {"own": 60}),
    ],
)
def test_a_lent_card_waits_for_its_homes_printer_and_then_for_the_other_one(told, minutes):
    way = Way(
        request="req",
        office=OTHER,
        completed_at=T0,
        is_first=False,
        confirmed_at=at(0),
        granted_at=at(30),
        printed_at=at(60),
        ready_at=at(60),
        lent=LentWay(home=KEC, at=OTHER, since=at(20)),
    )
    reading = read_clock(way, evidence=[told], now=at(1000))
    assert reading is not None
    assert minutes_of(reading) == minutes


def test_a_jam_stops_the_clock_only_when_there_is_something_to_print():
    reading = read_clock(WHOLE, evidence=[stopped(Pause.PRINTER, 11, 45)], now=at(1000))
    assert reading is not None
    assert minutes_of(reading) == {"own": 9, "CENTRE": 30, "PRINTER": 3}


def test_no_second_counts_for_two_causes():
    told = [stopped(cause, 40, 60) for cause in (Pause.BLANKO, Pause.RIBBON, Pause.POWER)]
    reading = read_clock(WHOLE, evidence=told, now=at(1000))
    assert reading is not None
    assert minutes_of(reading) == {"own": 4, "CENTRE": 30, "POWER": 8}


@pytest.mark.parametrize(
    ("own_minutes", "kept"),
    [(60, Kept.IN_AN_HOUR), (61, Kept.IN_A_DAY), (1440, Kept.IN_A_DAY), (1441, Kept.LATE)],
)
def test_an_hour_is_promised_and_a_day_is_the_limit(own_minutes, kept):
    way = a_first_card(captured_at=0, ready_at=own_minutes)
    reading = read_clock(way, evidence=[], now=at(9999))
    assert reading is not None
    assert reading.kept is kept


def test_a_rejected_request_stops_its_clock():
    way = a_first_card(captured_at=0, ended_at=20)
    reading = read_clock(way, evidence=[], now=at(500))
    assert reading is not None
    assert (minutes_of(reading), reading.is_running) == ({"own": 20}, False)


def test_a_card_that_was_rejected_and_printed_again_counts_as_own_delay():
    way = a_first_card(captured_at=0, decided_at=0, printed_at=100, ready_at=101)
    reading = read_clock(way, evidence=[], now=at(500))
    assert reading is not None
    assert reading.own == timedelta(minutes=101)


def test_the_sum_of_an_office():
    late = a_first_card(captured_at=0, ready_at=3000)
    running = a_first_card(captured_at=0)
    readings = [read_clock(way, evidence=[], now=at(4000)) for way in (WHOLE, late, running)]
    summary = summarize(KEC, [each for each in readings if each is not None])
    assert (summary.finished, summary.running, summary.late_running) == (2, 1, 1)
    assert summary.kept == {Kept.IN_AN_HOUR: 1, Kept.IN_A_DAY: 0, Kept.LATE: 1}
    assert (summary.kept_percent, summary.own_median) == (50, timedelta(minutes=12))
    assert summary.paused == {Pause.CENTRE: timedelta(minutes=30)}


def test_an_office_without_requests_has_no_percentage():
    assert summarize(KEC, []).kept_percent is None


MINUTES = st.integers(0, 300)
SPANS = st.lists(st.tuples(MINUTES, MINUTES).map(lambda two: Span(at(min(two)), at(max(two)))))


@given(SPANS, SPANS)
def test_cutting_out_loses_and_adds_nothing(spans, cuts):
    left = without(spans, cuts)
    taken = [part for cut in join(cuts) for part in clip(spans, cut)]
    assert total(left) + total(taken) == total(spans)
    assert all(part.within(cut) is None for part in left for cut in cuts)


@st.composite
def ways(draw: st.DrawFn) -> Way:
    """A way that stopped anywhere, its moments in order."""
    names = ("captured_at", "received_at", "decided_at", "granted_at", "printed_at", "ready_at")
    reached = draw(st.integers(0, len(names)))
    steps = sorted(draw(st.lists(MINUTES, min_size=reached, max_size=reached)))
    return a_first_card(**dict(zip(names, steps, strict=False)))


CAUSES = st.lists(st.tuples(st.sampled_from(list(Pause)), MINUTES, MINUTES), max_size=6)


def _told(causes):
    return [stopped(cause, min(two), max(two)) for cause, *two in causes]


@given(ways(), CAUSES)
def test_own_time_and_pauses_make_up_the_whole(way, causes):
    reading = read_clock(way, evidence=_told(causes), now=at(400))
    if reading is not None:
        assert reading.own >= timedelta(0)
        assert reading.own + sum(reading.paused.values(), timedelta(0)) == reading.total


@given(ways(), CAUSES, CAUSES)
def test_more_evidence_never_makes_an_office_slower(way, causes, more):
    little = read_clock(way, evidence=_told(causes), now=at(400))
    much = read_clock(way, evidence=_told(causes + more), now=at(400))
    if little is not None and much is not None:
        assert much.own <= little.own
        assert much.total == little.total
