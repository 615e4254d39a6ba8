"""What a thousand futures come to: when who clears, the fan of the backlog, what holds it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ampera.planning.rules.whatif.futures import Futures
from ampera.planning.rules.whatif.scenario import Policy, Scenario
from ampera.planning.rules.whatif.steps import DayEnd, steps, works_of
from ampera.planning.rules.whatif.tables import Counts

Progress = Callable[[int, int], None]
_PERCENTS: Final = (10, 50, 90)


class Cause(StrEnum):
    """Why a card that waits was not printed today; each lost card has one cause."""

    BLANKO = "blanko"  #: printer time was left and the shelf was empty
    PRINTERS = "printers"  #: stops took the time
    HOURS = "hours"  #: every minute was used: what one more hour would have printed
    POLICY = "policy"  #: another office had time and blanks and may not print it


@dataclass(frozen=True, slots=True)
class Clearing:
    """The working day, counted from 1, at whose close nothing asked for before it waits. None: not
    within the horizon in that share of the replications."""

    p10: int | None
    p50: int | None
    p90: int | None
    never: int  #: replications that do not clear within the horizon


@dataclass(frozen=True, slots=True)
class Band:
    """P10, P50 and P90 of a number."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month of the horizon: cards a working day that each cause kept back."""

    first: date
    last: date
    lost: dict[Cause, float]

    @property
    def bottleneck(self) -> Cause | None:
        """The cause that kept most back; None when nothing did."""
        worst = max(Cause, key=lambda cause: self.lost[cause])
        return worst if self.lost[worst] >= 1 else None


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario in all its futures: what the levers are compared by."""

    scenario: Scenario
    days: tuple[date, ...]
    city: Counts  #: day on which the city cleared, D when it did not; R
    offices: Counts  #: the same by office; R, N
    waiting: Counts  #: at the close of each day; D, R
    waiting_end: Counts  #: at the end of the horizon by office, replacements with the dinas; R, N
    printed: NDArray[np.int64]  #: in the whole horizon; R
    spoiled: NDArray[np.int64]
    blanko_left: NDArray[np.int64]
    lost: NDArray[np.float64]  #: mean cards by day and cause; D, 4

    @property
    def card_days(self) -> NDArray[np.int64]:
        """Days that cards waited, summed over all cards; R."""
        found: NDArray[np.int64] = self.waiting.sum(axis=0, dtype=np.int64)
        return found


def run(scenario: Scenario, *, futures: Futures, progress: Progress | None = None) -> Run:
    """Let the scenario live through these futures. `progress` is told (day, days)."""
    days, replications = futures.days, futures.replications
    offices = len(scenario.printing_offices)
    city = np.full(replications, days, np.int32)
    cleared = np.full((replications, offices), days, np.int32)
    waiting = np.zeros((days, replications), np.int32)
    printed = np.zeros(replications, np.int64)
    spoiled = np.zeros(replications, np.int64)
    lost = np.zeros((days, len(Cause)))
    hour = _cards_an_hour(scenario)
    end: DayEnd | None = None
    for end in steps(scenario, futures=futures):
        day = end.day
        left = end.left
        np.minimum(cleared, np.where(left == 0, day, days), out=cleared)
        total = left.sum(axis=1, dtype=np.int32)
        np.minimum(city, np.where(total == 0, day, days), out=city)
        waiting[day] = total + futures.new[day].sum(axis=1) + futures.replacements[day]
        spoiled += end.printed.spoiled.sum(axis=1)
        printed += end.printed.fed.sum(axis=1) - end.printed.spoiled.sum(axis=1)
        lost[day] = _lost(end, scenario=scenario, hour=hour)
        if progress is not None:
            progress(day + 1, days)
    assert end is not None, "a scenario has at least one day"
    waiting_end = end.city.new.copy()
    waiting_end[:, -1] += end.city.pool
    return Run(
        scenario=scenario, days=tuple(works_of(scenario).days), city=city, offices=cleared,
        waiting=waiting, waiting_end=waiting_end, printed=printed, spoiled=spoiled,
        blanko_left=end.city.store + end.city.shelf.sum(axis=1, dtype=np.int64), lost=lost,
    )  # fmt: skip


def _cards_an_hour(scenario: Scenario) -> Counts:
    return np.array(
        [
            int(each.printers.middle) * int(3600 // each.printing.seconds_a_card.middle)
            for each in scenario.printing_offices
        ],
        np.int32,
    )


def _lost(end: DayEnd, *, scenario: Scenario, hour: Counts) -> NDArray[np.float64]:
    """Cards of today by cause, the mean over all replications. Each counts once: what another
    office might have printed first, then blanks, then stops, then hours."""
    work = end.left.copy()
    time_left = end.can - end.printed.fed
    policy = np.zeros(len(work), np.int32)
    if scenario.policy is Policy.DINAS_ONLY:
        # Time of offices that have nothing left to do, as far as blanks lie anywhere in the city.
        spare = np.where(work == 0, time_left, 0).sum(axis=1, dtype=np.int32)
        blanko = end.city.store + end.city.shelf.sum(axis=1, dtype=np.int32)
        policy = np.minimum(work[:, -1], np.minimum(spare, blanko)).astype(np.int32)
        work[:, -1] -= policy
    short = np.minimum(work, time_left)
    # Where no blank is left, neither a printer nor an hour more would print anything.
    work = np.where(end.city.shelf > 0, work - short, 0)
    stopped = np.minimum(work, np.maximum(end.nominal - end.can, 0))
    work = work - stopped
    # An office that does not print yet has no hours to lengthen.
    hours = np.minimum(work, np.where(end.nominal > 0, hour, 0))
    sums = (short.sum(), stopped.sum(), hours.sum(), policy.sum())
    return np.array(sums, float) / len(work)


def clearing(day: Counts, *, days: int) -> Clearing:
    """Percentiles of a day of clearing; `days` stands for not within the horizon."""
    found = np.percentile(day, _PERCENTS, method="inverted_cdf").astype(int)
    p10, p50, p90 = (int(each) + 1 if each < days else None for each in found)
    return Clearing(p10, p50, p90, int((day >= days).sum()))


def band(values: NDArray[np.float64]) -> Band:
    """P10, P50 and P90 of a sample."""
    p10, p50, p90 = np.percentile(values, _PERCENTS, method="inverted_cdf")
    return Band(float(p10), float(p50), float(p90))


def fan(told: Run) -> list[tuple[date, Band]]:
    """What waits at the close of each working day."""
    p10, p50, p90 = np.percentile(told.waiting, _PERCENTS, axis=1)
    return [
        (day, Band(float(p10[at]), float(p50[at]), float(p90[at])))
        for at, day in enumerate(told.days)
    ]


def periods(told: Run) -> list[Period]:
    """The bottleneck month by month."""
    months: dict[tuple[int, int], list[int]] = {}
    for at, day in enumerate(told.days):
        months.setdefault((day.year, day.month), []).append(at)
    return [
        Period(
            told.days[rows[0]],
            told.days[rows[-1]],
            {cause: float(told.lost[rows, at].mean()) for at, cause in enumerate(Cause)},
        )
        for rows in months.values()
    ]
