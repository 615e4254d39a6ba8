"""An answer that was computed, light enough to be kept: what pages show, and nothing of the runs.

As JSON it survives the process that computed it, and is read again as the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ampera.planning.rules.whatif.answers import Band, Cause, Clearing, Period, fan
from ampera.planning.rules.whatif.levers import Lever, Plan, Pulled
from ampera.planning.rules.whatif.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSeen:
    """The whole answer to one scenario, as it is shown."""

    scenario: Scenario
    days: tuple[date, ...]
    fan: tuple[Band, ...]  #: what waits at the close of each day
    city: Clearing
    offices: tuple[Clearing, ...]  #: as in scenario.printing_offices
    periods: tuple[Period, ...]
    levers: tuple[Pulled, ...]
    replications: int
    seed: int


def seen_of(plan: Plan) -> PlanSeen:
    """What is shown of a plan."""
    bands = fan(plan.told)
    return PlanSeen(
        scenario=plan.told.scenario,
        days=tuple(day for day, _ in bands),
        fan=tuple(band for _, band in bands),
        city=plan.city,
        offices=plan.offices,
        periods=plan.periods,
        levers=plan.levers,
        replications=plan.replications,
        seed=plan.seed,
    )


def kept_of(seen: PlanSeen) -> dict[str, Any]:
    """The answer as JSON holds it; the scenario stands beside it as a file."""
    return {
        "days": [day.isoformat() for day in seen.days],
        "fan": [[band.p10, band.p50, band.p90] for band in seen.fan],
        "city": asdict(seen.city),
        "offices": [asdict(each) for each in seen.offices],
        "periods": [
            {
                "first": each.first.isoformat(),
                "last": each.last.isoformat(),
                "lost": {cause.value: count for cause, count in each.lost.items()},
            }
            for each in seen.periods
        ],
        "levers": [{**asdict(each), "lever": each.lever.value} for each in seen.levers],
        "replications": seen.replications,
        "seed": seen.seed,
    }


def read_kept(kept: Mapping[str, Any], *, scenario: Scenario) -> PlanSeen:
    """The same answer again."""
    return PlanSeen(
        scenario=scenario,
        days=tuple(map(date.fromisoformat, kept["days"])),
        fan=tuple(Band(*each) for each in kept["fan"]),
        city=Clearing(**kept["city"]),
        offices=tuple(Clearing(**each) for each in kept["offices"]),
        periods=tuple(
            Period(
                date.fromisoformat(each["first"]),
                date.fromisoformat(each["last"]),
                {Cause(cause): count for cause, count in each["lost"].items()},
            )
            for each in kept["periods"]
        ),
        levers=tuple(_pulled(each) for each in kept["levers"]),
        replications=kept["replications"],
        seed=kept["seed"],
    )


def _pulled(kept: Mapping[str, Any]) -> Pulled:
    return Pulled(
        lever=Lever(kept["lever"]),
        clears=Clearing(**kept["clears"]),
        days_won=Band(**kept["days_won"]),
        is_at_least=kept["is_at_least"],
        card_days_saved=Band(**kept["card_days_saved"]),
        is_noise=kept["is_noise"],
        is_tied=kept["is_tied"],
    )
