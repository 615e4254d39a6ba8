"""The member of a city that plays its residents and officers: a client like any other.

It is a process of its own, so that it can be killed and started again while the servers go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ampera.tiers.city.plan import CityPlan
from ampera.tiers.city_clock import CityClock
from ampera.world.driving.driver import Playing, bounded, play

ACTIVITY: Final = "activity"


@dataclass(frozen=True, slots=True)
class Activity:
    """How lively a city is. `per_hour` 0: as its offices make likely."""

    per_hour: float = 0.0
    seed: int = 1


def diary_of(plan: CityPlan) -> Path:
    """Where every act is told in one line."""
    return plan.data / "activity.log"


def run_activity(plan: CityPlan, *, activity: Activity, clock: CityClock) -> int:
    """Play the city that runs, until this process is ended."""
    play(
        Playing(
            city_file=plan.city_file,
            diary=diary_of(plan),
            clock=clock,
            speed=clock.anchor.speed,
            seed=activity.seed,
            per_hour=activity.per_hour,
        )
    )
    return 0


def about(plan: CityPlan, *, activity: Activity, clock: CityClock) -> str:
    """One line for whoever started the city."""
    speed = clock.anchor.speed
    rate = bounded(activity.per_hour, offices=1 + len(plan.kecamatan), speed=speed)
    return (
        f"Warga simulasi (DATA CONTOH) datang sendiri, paling banyak {rate:.0f} per jam kota; lihat"
        f" {diary_of(plan)}. Tanpa mereka: --no-activity."
    )
