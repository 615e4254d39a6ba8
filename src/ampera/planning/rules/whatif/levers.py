"""What changes it most: each lever on the same futures, ranked, with what is only noise said.

The days won at P50 rank first, then the waiting saved. Every comparison is made replication by
replication, so its own P10 and P90 say how sure it is: a lever whose saving lies on both sides of
zero does nothing that can be seen, and two neighbours whose difference does are a tie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from ampera.planning.rules.whatif.answers import (
    Band,
    Clearing,
    Period,
    Progress,
    Run,
    band,
    clearing,
    periods,
    run,
)
from ampera.planning.rules.whatif.futures import NEVER, Futures, draw
from ampera.planning.rules.whatif.scenario import MINUTES_MAX, Figure, OfficePlan, Policy, Scenario


class Lever(StrEnum):
    """One thing that the city could change."""

    DINAS_PRINTER = "dinas-printer"  #: one more printer at the dinas
    EVENING = "evening-hours"  #: longer hours at every office
    AFTER_OWN = "after-own"  #: kecamatan print replacements after their own first cards
    POOLED = "pooled"  #: and the first cards of others
    MOVE = "move-blanks"  #: blanks beyond need are taken back and shared again
    EARLIER = "earlier-supply"  #: every supply comes some working days earlier
    FEWER_SPOILS = "fewer-spoils"  #: a part of today's spoils


@dataclass(frozen=True, slots=True)
class Pulled:
    """One lever against the scenario as it is."""

    lever: Lever
    clears: Clearing
    days_won: Band  #: working days by which the city clears earlier, paired
    is_at_least: bool  #: the scenario as it is does not clear in half the futures: more is won
    card_days_saved: Band  #: days of waiting saved over all cards within the horizon, paired
    is_noise: bool  #: the saving lies on both sides of zero
    is_tied: bool  #: not to be told apart from the lever ranked before it


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole answer to one scenario."""

    told: Run
    city: Clearing
    offices: tuple[Clearing, ...]  #: as in scenario.printing_offices
    periods: tuple[Period, ...]
    levers: tuple[Pulled, ...]  #: the strongest first
    replications: int
    seed: int


def plan(
    scenario: Scenario,
    *,
    replications: int,
    seed: int,
    with_levers: bool = True,
    progress: Progress | None = None,
) -> Plan:
    """Run the scenario and every lever that applies to it. `progress` is told (done, of)."""
    futures = draw(scenario, replications=replications, seed=seed)
    tried = applicable(scenario) if with_levers else []
    days = scenario.days
    whole = days * (1 + len(tried))

    def heard(number: int) -> Progress | None:
        if progress is None:
            return None
        return lambda day, _: progress(number * days + day, whole)

    told = run(scenario, futures=futures, progress=heard(0))
    pulled = [
        (lever, _pull(scenario, lever=lever, futures=futures, progress=heard(number)))
        for number, lever in enumerate(tried, start=1)
    ]
    return Plan(
        told=told,
        city=clearing(told.city, days=days),
        offices=tuple(clearing(each, days=days) for each in told.offices.T),
        periods=tuple(periods(told)),
        levers=tuple(ranked(told, others=pulled)),
        replications=replications,
        seed=seed,
    )


def applicable(scenario: Scenario) -> list[Lever]:
    """The levers that are not pulled already."""
    found = [Lever.DINAS_PRINTER, Lever.EVENING]
    if scenario.policy is Policy.DINAS_ONLY:
        found.append(Lever.AFTER_OWN)
    if scenario.policy is not Policy.POOLED:
        found.append(Lever.POOLED)
    if not scenario.allocation.is_moved:
        found.append(Lever.MOVE)
    if scenario.supplies:
        found.append(Lever.EARLIER)
    if scenario.spoil_rate.high > 0:
        found.append(Lever.FEWER_SPOILS)
    return found


def pulled(scenario: Scenario, *, lever: Lever) -> Scenario:
    """The scenario with this lever pulled. `earlier-supply` changes the futures instead."""
    return _CHANGES[lever](scenario)


def ranked(base: Run, *, others: list[tuple[Lever, Run]]) -> list[Pulled]:
    """The strongest first; equal ones by name of the lever, so that the order is always one."""

    def rank(each: tuple[Lever, Run]) -> tuple[float, float, str]:
        lever, told = each
        won = float(np.median(base.city - told.city))
        saved = float(np.median(base.card_days - told.card_days))
        return (-won, -saved, lever.value)

    order = sorted(others, key=rank)
    found: list[Pulled] = []
    before: Run | None = None
    for lever, told in order:
        saved = (base.card_days - told.card_days).astype(float)
        spread = band(saved)
        found.append(
            Pulled(
                lever=lever,
                clears=clearing(told.city, days=len(told.days)),
                days_won=band((base.city - told.city).astype(float)),
                is_at_least=bool(np.median(base.city) >= len(base.days)),
                card_days_saved=spread,
                is_noise=_straddles(spread),
                is_tied=before is not None
                and _straddles(band((before.card_days - told.card_days).astype(float))),
            )
        )
        before = told
    return found


def _straddles(spread: Band) -> bool:
    return spread.p10 <= 0 <= spread.p90


def _pull(scenario: Scenario, *, lever: Lever, futures: Futures, progress: Progress | None) -> Run:
    if lever is Lever.EARLIER:
        by = np.where(futures.supply_day < NEVER, scenario.levers.supply_days_earlier, 0)
        earlier = np.maximum(futures.supply_day - by, 0).astype(np.int32)
        return run(scenario, futures=replace(futures, supply_day=earlier), progress=progress)
    return run(pulled(scenario, lever=lever), futures=futures, progress=progress)


def _one_more_printer(scenario: Scenario) -> Scenario:
    return _offices(
        scenario,
        change=lambda each: (
            replace(each, printers=_plus(each.printers, by=1)) if each.is_dinas else each
        ),
    )


def _longer(scenario: Scenario) -> Scenario:

    def change(office: OfficePlan) -> OfficePlan:
        how = office.printing
        by = min(scenario.levers.evening_minutes, MINUTES_MAX - how.minutes_a_day.high)
        return replace(office, printing=replace(how, minutes_a_day=_plus(how.minutes_a_day, by=by)))

    return _offices(scenario, change=change)


def _offices(scenario: Scenario, *, change: Callable[[OfficePlan], OfficePlan]) -> Scenario:
    return replace(scenario, offices=tuple(change(each) for each in scenario.offices))


def _plus(figure: Figure, *, by: float) -> Figure:
    return replace(figure, low=figure.low + by, high=figure.high + by)


def _moved(scenario: Scenario) -> Scenario:
    return replace(scenario, allocation=replace(scenario.allocation, is_moved=True))


def _fewer_spoils(scenario: Scenario) -> Scenario:
    kept, rate = scenario.levers.spoils_kept, scenario.spoil_rate
    return replace(scenario, spoil_rate=replace(rate, low=rate.low * kept, high=rate.high * kept))


_CHANGES: Final[dict[Lever, Callable[[Scenario], Scenario]]] = {
    Lever.DINAS_PRINTER: _one_more_printer,
    Lever.EVENING: _longer,
    Lever.AFTER_OWN: lambda scenario: replace(scenario, policy=Policy.AFTER_OWN),
    Lever.POOLED: lambda scenario: replace(scenario, policy=Policy.POOLED),
    Lever.MOVE: _moved,
    Lever.EARLIER: lambda scenario: scenario,
    Lever.FEWER_SPOILS: _fewer_spoils,
}
assert set(_CHANGES) == set(Lever)
