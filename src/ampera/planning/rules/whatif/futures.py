"""Everything that chance decides about a city's next days, drawn once for every run of a plan.

Arrivals, supplies and luck are drawn before the first run and shared by all: the levers are judged
on the same futures (common random numbers), so a difference between two runs is no accident of the
draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ampera.planning.rules.whatif.scenario import Figure, Scenario, Supply
from ampera.planning.rules.whatif.tables import Counts

#: Of a replication's spoil rate so many values are told apart.
RATES: Final = 8
#: A day after every horizon.
NEVER: Final = 2**30


@dataclass(frozen=True, slots=True)
class Futures:
    """What happens whatever the city does. D days, R replications, N printing offices."""

    new_at_start: Counts  #: first cards waiting on the first morning; R, N
    replacements_at_start: Counts  #: R
    new: NDArray[np.int16]  #: first cards that become print ready; D, R, N
    replacements: NDArray[np.int32]  #: asked for in the whole city; D, R
    luck: NDArray[np.uint32]  #: four bytes: the printers' day and three rounds of spoils; D, R, N
    rate: NDArray[np.intp]  #: which of the spoil rates is the true one; R
    supply_day: NDArray[np.int32]  #: NEVER when it does not come; R, supplies
    supply: Counts  #: blanks; R, supplies

    @property
    def days(self) -> int:
        return int(self.new.shape[0])

    @property
    def replications(self) -> int:
        return int(self.new.shape[1])


def draw(scenario: Scenario, *, replications: int, seed: int) -> Futures:
    """The futures of this seed: the same numbers on every machine with the same NumPy."""
    chance = np.random.default_rng(seed)
    offices = scenario.printing_offices
    shape = (scenario.days, replications, len(offices))
    rates = np.zeros(shape[1:])
    asked = np.zeros(replications)
    waiting = np.zeros(shape[1:])
    pool = np.zeros(replications)
    for column, office in enumerate(offices):
        for each in (office, *scenario.guests_of(office.code)):
            waiting[:, column] += _within(each.new_waiting, chance=chance, size=replications)
            pool += _within(each.replacements_waiting, chance=chance, size=replications)
            rates[:, column] += _within(each.new_a_day, chance=chance, size=replications)
            asked += _within(each.replacements_a_day, chance=chance, size=replications)
    # Beyond the horizon too: one of the levers brings supplies forward.
    days = scenario.calendar.days(scenario.days + scenario.levers.supply_days_earlier)
    drawn = [
        _arrival(each, days=days, chance=chance, size=replications) for each in scenario.supplies
    ]
    none = np.zeros((replications, 0), np.int32)
    return Futures(
        new_at_start=np.rint(waiting).astype(np.int32),
        replacements_at_start=np.rint(pool).astype(np.int32),
        new=chance.poisson(rates, shape).astype(np.int16),
        replacements=chance.poisson(asked, shape[:2]).astype(np.int32),
        luck=chance.integers(0, 2**32, shape, dtype=np.uint32),
        rate=chance.integers(0, RATES, replications).astype(np.intp),
        supply_day=np.stack([day for day, _ in drawn], axis=1) if drawn else none,
        supply=np.stack([count for _, count in drawn], axis=1) if drawn else none,
    )


def spoil_rates(scenario: Scenario) -> list[float]:
    """The rates between which a replication's own one is chosen."""
    low, high = scenario.spoil_rate.low, scenario.spoil_rate.high
    return [low + (high - low) * (step + 0.5) / RATES for step in range(RATES)]


def _within(
    figure: Figure, *, chance: np.random.Generator, size: int
) -> NDArray[np.float64] | float:
    if not figure.is_range:
        return figure.low
    return chance.uniform(figure.low, figure.high, size)


def _arrival(
    supply: Supply, *, days: Sequence[date], chance: np.random.Generator, size: int
) -> tuple[NDArray[np.int32], Counts]:
    """On which working day it can be shared out, and how much it is."""
    span = (supply.latest - supply.earliest).days
    later = chance.integers(0, span + 1, size)
    first = supply.earliest.toordinal()
    # A supply that arrives while the office is closed waits for the next working day.
    ordinals = np.array([day.toordinal() for day in days])
    day = np.searchsorted(ordinals, first + later).astype(np.int32)
    comes = chance.random(size) < supply.probability
    amount = np.broadcast_to(_within(supply.blanko, chance=chance, size=size), (size,))
    comes &= day < len(days)
    return np.where(comes, day, NEVER).astype(np.int32), np.rint(amount).astype(np.int32)
