"""The quick model and the slow one, written apart, agree within the band that both samples allow.

The band: z times the standard error of the difference of two means. With the three dozen means
compared here a true agreement leaves a band of 4 standard errors less than once in four hundred
suites; and the seeds are fixed. Half a card is added for what the slow model prints on the last
minute of a day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest

from ampera.planning.rules.whatif.answers import run
from ampera.planning.rules.whatif.futures import draw
from ampera.planning.rules.whatif.scenario import Policy, Scenario, Supply, exactly
from ampera.planning.rules.whatif.steps import steps
from tests.planning import oracle
from tests.planning.scenarios import a_printer, a_scenario, an_office, between

Z = 4.0
CARDS = 0.5
SLOW, QUICK = 40, 1000
LATE = timedelta(days=2)
DAYS_LOOKED_AT = (2, 5, 6, 9, 15)


def a_hard_city(policy: Policy) -> Scenario:
    """Too few blanks for a week, an uncertain supply, late and hosted offices, two printers."""
    return a_scenario(
        an_office("99.01.01", new_waiting=exactly(500), new_a_day=between(6, 14),
                  blanko=exactly(60)),
        an_office("99.01.02", new_waiting=exactly(900), new_a_day=exactly(5),
                  printing=a_printer(every=120, stop=50), opens=date(2017, 9, 13)),
        an_office("99.01.03", new_waiting=exactly(120), hosted_by="99.01.01"),
        an_office("99.01", printers=exactly(2), replacements_waiting=exactly(1100),
                  replacements_a_day=between(5, 20), is_dinas=True),
        policy=policy, days=16, store=exactly(800), spoil_rate=between(0.01, 0.06),
        supplies=(Supply(date(2017, 9, 18), date(2017, 9, 20), between(3000, 3500)),),
    )  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """Means compared, by name: one value a replication."""

    values: dict[str, np.ndarray]


def slow_sample(scenario: Scenario) -> Sample:
    seen = oracle.futures_of(scenario, count=SLOW, seed=1)
    found = {"clears": np.array([each.clears for each in seen], float)}
    for day in DAYS_LOOKED_AT:
        found[f"printed by day {day}"] = np.array([each.printed[day] for each in seen], float)
        found[f"waiting on day {day}"] = np.array([each.waiting[day] for each in seen], float)
    return Sample(found)


def quick_sample(scenario: Scenario) -> Sample:
    futures = draw(scenario, replications=QUICK, seed=2)
    printed = np.cumsum(
        [
            (end.printed.fed - end.printed.spoiled).sum(axis=1)
            for end in steps(scenario, futures=futures)
        ],
        axis=0,
    )
    told = run(scenario, futures=futures)
    found = {"clears": told.city.astype(float)}
    for day in DAYS_LOOKED_AT:
        found[f"printed by day {day}"] = printed[day].astype(float)
        found[f"waiting on day {day}"] = told.waiting[day].astype(float)
    return Sample(found)


def disagreements(slow: Sample, quick: Sample) -> list[str]:
    found = []
    for name, ours in quick.values.items():
        theirs = slow.values[name]
        band = Z * np.sqrt(ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs))
        allowed = band + (0.0 if name == "clears" else CARDS)
        if abs(ours.mean() - theirs.mean()) > allowed + 1e-9:
            found.append(f"{name}: {ours.mean():.2f} and {theirs.mean():.2f}, band {allowed:.2f}")
    return found


@pytest.fixture(scope="module", params=list(Policy))
def slow(request) -> tuple[Scenario, Sample]:
    scenario = a_hard_city(request.param)
    return scenario, slow_sample(scenario)


def test_both_models_agree(slow):
    scenario, sample = slow
    assert not disagreements(sample, quick_sample(scenario))


def one_more_hour(scenario: Scenario) -> Scenario:
    def longer(office):
        how = office.printing
        minutes = exactly(how.minutes_a_day.low + 60)
        return replace(office, printing=replace(how, minutes_a_day=minutes))

    return replace(scenario, offices=tuple(longer(each) for each in scenario.offices))


def no_stops(scenario: Scenario) -> Scenario:
    def steady(office):
        return replace(office, printing=replace(office.printing, stop_minutes=exactly(0)))

    return replace(scenario, offices=tuple(steady(each) for each in scenario.offices))


PLANTED: dict[str, Callable[[Scenario], Scenario]] = {
    "spoils ignored": lambda scenario: replace(scenario, spoil_rate=exactly(0)),
    "one more hour a day": one_more_hour,
    "stops ignored": no_stops,
    "a blank of a hundred more": lambda scenario: replace(scenario, store=exactly(900)),
    "a supply two days late": lambda scenario: replace(
        scenario,
        supplies=tuple(
            replace(each, earliest=each.earliest + LATE, latest=each.latest + LATE)
            for each in scenario.supplies
        ),
    ),
}


@pytest.mark.parametrize("error", sorted(PLANTED))
def test_a_planted_error_is_seen(slow, error):
    """Negative control: the band is narrow enough for an error of this size to leave it."""
    scenario, sample = slow
    assert disagreements(sample, quick_sample(PLANTED[error](scenario)))
