"""Rules of the print agent: models, hours, heat and pace."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ampera.printing.rules.heat import (
    COLD_SECONDS_MIN,
    Load,
    fresh,
    from_record,
    observe,
    to_record,
    warmed_up,
)
from ampera.printing.rules.hours import (
    day_after,
    is_open,
    is_time_to_wake,
    print_policy,
    read_policy,
    seconds_to_close,
    working_days,
)
from ampera.printing.rules.limit import (
    limit_of,
    new_day,
    stopped_at,
    warmth,
    weights_at,
    went_on_at,
)
from ampera.printing.rules.models import RestRule, model_of, models, read_models
from ampera.printing.rules.pacing import decide_pace, rest_seconds
from ampera.printing.rules.printers import load_of

WIB = timezone(timedelta(hours=7))
MONDAY = datetime(2017, 9, 4, tzinfo=WIB)
DAY = MONDAY.toordinal()
MODEL = model_of("Ampera simulated retransfer card printer 60")


def at(hour: float, *, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


# ---- models ----


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Ampera simulated retransfer card printer 180", "retransfer_180"),
        ("AMPERA Retransfer Card Printer 60", "retransfer_60"),
        ("Retransfer card printer 600", "default"),
        ("Fargo HDP5000", "retransfer_60"),
        ("", "default"),
    ],
)
def test_a_printer_is_known_by_whole_words_of_what_it_says_it_is(told, name):
    assert model_of(told).name == name


def test_a_table_of_models_needs_a_default_and_figures_above_zero():
    with pytest.raises(ValueError, match="default"):
        read_models("")
    assert all(model.card_seconds > 0 for model in models().values())


# ---- hours ----


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(7.9), False),
        (at(8), True),
        (at(15.99), True),
        (at(16), False),
        (at(10, day=5), False),  # Saturday
        (datetime(2017, 8, 17, 10, tzinfo=WIB), False),  # the day of independence
    ],
)
def test_an_office_is_open_on_working_days_from_eight_to_four(moment, expected):
    assert is_open(moment, zone=WIB, by=print_policy()) is expected


def test_before_it_opens_the_whole_day_is_still_to_come():
    policy = print_policy()
    assert seconds_to_close(at(7), zone=WIB, by=policy) == 9 * 3600
    assert seconds_to_close(at(15), zone=WIB, by=policy) == 3600
    assert seconds_to_close(at(16), zone=WIB, by=policy) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(at(7.93), False), (at(7.94), True), (at(9), True), (at(16), False), (at(7.95, day=6), False)],
)
def test_a_printer_is_woken_its_warm_up_before_the_office_opens(moment, expected):
    found = is_time_to_wake(moment, zone=WIB, warm_up_seconds=180, by=print_policy())
    assert found is expected


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (at(10), at(14), 0.5),
        (at(10), at(10, day=1), 1.0),
        (at(12, day=4), at(12, day=7), 1.0),  # over a weekend
        (at(17), at(7, day=1), 0.0),
        (at(14), at(10), 0.0),
    ],
)
def test_working_days_count_opening_hours_only(since, until, days):
    assert working_days(since, until=until, zone=WIB, by=print_policy()) == pytest.approx(days)


def test_so_many_working_days_from_a_friday_end_after_the_weekend():
    assert day_after(date(2017, 9, 8), working_days=1, by=print_policy()) == date(2017, 9, 8)
    assert day_after(date(2017, 9, 8), working_days=2, by=print_policy()) == date(2017, 9, 11)


def test_hours_that_end_before_they_begin_are_refused():
    text = (
        "[[hours]]\nfrom = 2014-12-01\ndays = ['mon']\nopen = 09:00:00\nclose = 08:00:00\n"
        "[holidays]\nevery_year = []\ndated = []\n"
        "[warm_up]\nspare_seconds = 0\npatience = 1\n"
        "[stops]\ntold_after_seconds = 1\nreturned_after_working_days = 1\n"
    )
    with pytest.raises(ValueError, match="opens before"):
        read_policy(text)


# ---- heat ----


@pytest.mark.parametrize(
    ("words", "is_processing", "load"),
    [
        (["subunit-over-temperature"], False, Load.HOT),
        (["subunit-cooling-down"], True, Load.HOT),
        (["subunit-power-saver"], False, Load.OFF),
        (["subunit-warming-up", "subunit-under-temperature"], True, Load.WARMING),
        (["media-low"], True, Load.PRINTING),
        ([], False, Load.READY),
    ],
)
def test_what_heats_a_printer_follows_from_its_own_words(words, is_processing, load):
    assert load_of(words, is_processing=is_processing) is load


class Truth:
    """A printer with one heat that obeys Newton's law, as the rules believe that all do."""

    def __init__(self, *, seconds: float = 2700.0, share: float = 0.2, limit: float = 0.8):
        self.seconds, self.share, self.limit = seconds, share, limit
        self.heat, self.at, self.stops = -share, 0.0, 0
        self.belief = fresh(MODEL, at=0.0, day=DAY)

    def see(self, load: Load) -> None:
        self.belief = observe(self.belief, load=load, at=self.at, day=DAY + int(self.at // 86400))

    def passes(self, seconds: float, *, ends: float) -> None:
        self.heat = ends + (self.heat - ends) * math.exp(-seconds / self.seconds)
        self.at += seconds

    def card(self) -> None:
        self.see(Load.PRINTING)
        self.passes(60, ends=1.0)
        if self.heat < self.limit:
            self.see(Load.READY)
            return
        self.stops += 1
        self.see(Load.HOT)
        self.passes(1200, ends=-self.share)
        self.see(Load.READY)

    def work(self, hours: float) -> int:
        """Print at the pace that the rules want; cards that came out."""
        ends, cards = self.at + hours * 3600, 0
        while self.at < ends:
            self.see(Load.READY)
            wait = decide_pace(self.belief, seconds_left=ends - self.at, cards_left=9999)
            if wait.wait_seconds:
                self.passes(wait.wait_seconds, ends=0.0)
                self.see(Load.READY)
            self.card()
            cards += 1
        return cards


def test_a_printer_that_never_stopped_is_never_held_back():
    cool = Truth(limit=1.2)
    assert cool.work(8) == 480
    assert cool.stops == 0


def test_after_two_stops_it_is_kept_below_its_cut_off_and_prints_more():
    learnt, plain = Truth(limit=0.7), Truth(limit=0.7)
    cards = learnt.work(16)
    printed = 0
    while plain.at < 16 * 3600:
        plain.card()
        printed += 1
    assert learnt.stops < plain.stops / 3
    assert cards > printed * 1.05


def test_a_stop_shows_the_limit_in_the_guess_that_is_right():
    truth = Truth(limit=0.7, seconds=2844.0)
    while truth.stops < 3:
        truth.card()
    best = truth.belief.best
    assert best.seconds == pytest.approx(2844, rel=0.01)
    assert truth.belief.limit_of(best)[0] == pytest.approx(0.7, abs=0.02)


def test_with_few_cards_left_there_is_no_reason_to_wait():
    truth = Truth(limit=0.7)
    while truth.stops < 2:
        truth.card()
    truth.passes(3000, ends=0.0)
    truth.see(Load.READY)
    assert decide_pace(truth.belief, seconds_left=20000, cards_left=3).wait_seconds == 0


def test_a_belief_survives_the_database():
    truth = Truth(limit=0.7)
    while truth.stops < 2:
        truth.card()
    kept = from_record(json.loads(json.dumps(to_record(truth.belief))))
    assert kept.limit == pytest.approx(truth.belief.limit, abs=1e-4)
    assert kept.best.limit.covariances == pytest.approx(truth.belief.best.limit.covariances)
    assert replace(kept, guesses=()) == replace(truth.belief, guesses=())


def test_a_clock_that_went_back_moves_nothing():
    truth = Truth()
    truth.card()
    before = truth.belief
    assert observe(before, load=before.load, at=before.at - 500, day=DAY).best == before.best


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(list(Load)), st.floats(min_value=0, max_value=90_000)),
        max_size=40,
    ),
    left=st.floats(min_value=1, max_value=40_000),
    cards=st.integers(min_value=1, max_value=500),
)
def test_whatever_a_printer_says_heat_and_pace_stay_in_bounds(steps, left, cards):
    belief, moment = fresh(MODEL, at=0.0, day=DAY), 0.0
    for load, seconds in steps:
        moment += seconds
        belief = observe(belief, load=load, at=moment, day=DAY + int(moment // 86400))
    assert all(-guess.share - 1e-6 <= guess.heat <= 1 for guess in belief.guesses)
    pace = decide_pace(belief, seconds_left=left, cards_left=cards)
    assert 0 <= pace.wait_seconds <= max(belief.cooled_seconds, 1)


# ---- how high the cut-off lies on which day ----

MORNING = weights_at(hour=9, warm_up=0.0)


def test_a_stop_tells_today_better_than_it_tells_the_usual_day():
    limit = limit_of(0.8, spread=0.01, today=0.01)
    after = stopped_at(limit, heat=0.76, weights=MORNING, exact=0.004)
    today, tomorrow = after.at(MORNING), new_day(after, today=0.01).at(MORNING)
    assert today[0] == pytest.approx(0.76, abs=0.01)
    assert today[0] < tomorrow[0] < limit.at(MORNING)[0]
    assert today[1] < tomorrow[1]


def test_going_on_at_a_heat_lifts_a_limit_that_was_thought_lower_and_no_other():
    limit = limit_of(0.8, spread=0.02, today=0.01)
    lifted = went_on_at(limit, heat=0.81, weights=MORNING, exact=0.004)
    assert lifted.at(MORNING)[0] > max(0.81, limit.at(MORNING)[0])
    assert lifted.at(MORNING)[1] < limit.at(MORNING)[1]
    assert went_on_at(limit, heat=0.3, weights=MORNING, exact=0.004) == limit


def test_warm_mornings_and_the_hour_are_told_apart_by_what_stops_show():
    """The printer warms up by one per cent faster where its limit is 0.03 lower."""
    limit = limit_of(0.7, spread=0.2, today=0.005)
    for warm_up, heat in [(0.0, 0.80), (-2.0, 0.74), (1.0, 0.83), (-1.0, 0.77)] * 3:
        weights = weights_at(hour=10, warm_up=warm_up)
        limit = new_day(stopped_at(limit, heat=heat, weights=weights, exact=0.004), today=0.005)
    assert limit.at(weights_at(hour=10, warm_up=-3.0))[0] == pytest.approx(0.71, abs=0.012)
    assert limit.at(weights_at(hour=10, warm_up=2.0))[0] == pytest.approx(0.86, abs=0.012)


def test_rooms_are_warmest_at_two():
    assert max(range(24), key=warmth) == 14
    assert weights_at(hour=14, warm_up=0.0)[2] == -1


@given(
    seen=st.lists(
        st.tuples(
            st.sampled_from([stopped_at, went_on_at]),
            st.floats(min_value=-0.5, max_value=1.0),
            st.floats(min_value=0, max_value=24),
            st.floats(min_value=-20, max_value=20),
        ),
        max_size=20,
    )
)
def test_whatever_a_printer_does_variances_stay_above_zero_and_figures_finite(seen):
    limit = limit_of(0.7, spread=0.2, today=0.01)
    for learn, heat, hour, warm_up in seen:
        weights = weights_at(hour=hour, warm_up=warm_up)
        limit = new_day(learn(limit, heat=heat, weights=weights, exact=0.004), today=0.01)
        mean, variance = limit.at(weights)
        assert math.isfinite(mean)
        assert variance >= 0
    assert all(limit.covariances[5 * i] >= -1e-12 for i in range(4))


def woken(belief, *, hour: float, day: int):
    """Cold through, and on at this hour of the office's clock."""
    moment = (day - 719163) * 86400 + (hour - 7) * 3600
    belief = observe(belief, load=Load.OFF, at=moment - 2 * COLD_SECONDS_MIN, day=day)
    return observe(belief, load=Load.WARMING, at=moment, day=day)


def test_a_printer_that_warms_up_faster_than_usual_stands_in_a_warm_room():
    belief = fresh(MODEL, at=(DAY - 719163) * 86400.0, day=DAY)
    belief = warmed_up(woken(belief, hour=7.8, day=DAY), seconds=200)
    usual = belief.limit
    belief = warmed_up(woken(belief, hour=7.8, day=DAY + 1), seconds=196)
    assert belief.warm_up == pytest.approx(-2)
    assert belief.limit < usual - 0.02


@pytest.mark.parametrize("why", ["noon", "not cold", "second of the day", "no warm-up at all"])
def test_only_the_first_cold_morning_tells_of_the_room(why):
    belief = fresh(MODEL, at=(DAY - 719163) * 86400.0, day=DAY)
    belief = woken(belief, hour=12.0 if why == "noon" else 7.8, day=DAY)
    if why == "second of the day":
        belief = warmed_up(belief, seconds=200)
    if why == "not cold":
        belief = observe(belief, load=Load.OFF, at=belief.at + 60, day=DAY)
        belief = observe(belief, load=Load.WARMING, at=belief.at + 60, day=DAY)
    seconds = 0.0 if why == "no warm-up at all" else 190.0
    assert warmed_up(belief, seconds=seconds) is belief


def test_while_the_day_is_long_there_is_time_for_the_bold_guess_and_later_for_the_careful_one():
    truth = Truth(limit=0.7)
    while truth.stops < 1:
        truth.card()
    belief = truth.belief
    limits = [belief.limit_of(each)[0] for each in belief.plausible]
    assert limits == sorted(limits)
    assert limits[0] < belief.limit < limits[-1]
    assert belief.is_early(seconds_left=7 * 3600)
    assert not belief.is_early(seconds_left=2 * 3600)


def test_who_may_get_through_the_day_without_a_stop_is_not_held_back():
    truth = Truth(limit=0.7)
    while truth.stops < 3:
        truth.card()
    while decide_pace(truth.belief, seconds_left=20000, cards_left=9999).target == math.inf:
        truth.card()
        assert truth.stops == 3, "held back before it stops again"
    soon_over = decide_pace(truth.belief, seconds_left=90, cards_left=9999)
    assert soon_over.wait_seconds == 0, "a minute and a half do not heat it to its limit"


def test_after_the_very_first_stop_late_in_the_day_it_prints_on():
    truth = Truth(limit=0.7)
    while truth.stops < 1:
        truth.card()
    late = decide_pace(truth.belief, seconds_left=3600, cards_left=9999)
    assert (late.wait_seconds, late.target) == (0.0, math.inf)


@pytest.mark.parametrize(
    ("cards", "idle", "binding", "expected"),
    [(99, 0, True, 0), (100, 0, True, 1800), (100, 600, True, 1200), (100, 0, False, 0)],
)
def test_a_rest_rule_rests_only_where_it_binds(cards, idle, binding, expected):
    rule = RestRule(after_cards=100, minutes=30, is_binding=binding)
    assert rest_seconds(rule, cards_in_a_row=cards, idle_seconds=idle) == expected
