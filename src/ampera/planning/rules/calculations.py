"""Long calculations: what each may cost, under which name its result is found, who may stop it.

A calculation is no entry: it decides nothing and may be made again from its scenario at any time,
with the same result. Pure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from ampera.words.refusal import Refusal

#: Changes whenever the same scenario would be answered otherwise: old results get no new visitors.
MODEL: Final = "what-if/1"
COMPARED: Final = (2, 3)
_KEY_LENGTH: Final = 24


class State(StrEnum):
    """Where a calculation stands."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELLED = "CANCELLED"  #: by an officer
    STOPPED = "STOPPED"  #: by the server: it was restarted, or the calculation took too long


OPEN: Final = frozenset({State.WAITING, State.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What calculations may cost, from one row of `calculations.toml`."""

    at_once: int
    waiting_an_officer: int
    waiting: int
    seconds: int
    kept: timedelta
    replications: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LimitsPolicy:
    """All rows, by the day from which each holds."""

    rows: tuple[tuple[date, Limits], ...]

    def on(self, day: date) -> Limits:
        """What holds on that day; before the first row, the first."""
        since = [limits for begins, limits in self.rows if begins <= day]
        return since[-1] if since else self.rows[0][1]


def read_limits(text: str) -> LimitsPolicy:
    """The policy of a TOML text. Raises ValueError or KeyError for one that makes no sense: it is
    part of a release."""
    rows = sorted(
        ((each["from"], _limits(each)) for each in tomllib.loads(text)["limits"]),
        key=lambda row: row[0],
    )
    if not rows:
        raise ValueError("no row of limits")
    return LimitsPolicy(tuple(rows))


def _limits(row: Mapping[str, object]) -> Limits:
    counts = {name: row[name] for name in ("at_once", "waiting_an_officer", "waiting", "seconds")}
    days, replications = row["kept_days"], row["replications"]
    if not isinstance(replications, list) or not replications:
        raise ValueError("no number of replications is offered")
    for value in (*counts.values(), days, *replications):
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"a limit is {value!r}")
    assert isinstance(days, int)
    return Limits(
        kept=timedelta(days=days),
        replications=tuple(replications),
        **{name: int(str(value)) for name, value in counts.items()},
    )


@cache
def limits_policy() -> LimitsPolicy:
    """The policy of this release, from `calculations.toml`."""
    return read_limits(files("ampera.planning").joinpath("calculations.toml").read_text("utf-8"))


def calculation_key(text: str, *, replications: int, seed: int) -> str:
    """The name of a result: the same scenario, seed and model have the same, wherever and whenever
    they are computed. `text` is what `write_scenario` gives."""
    asked = f"{MODEL}\n{replications}\n{seed}\n{text}"
    return sha256(asked.encode()).hexdigest()[:_KEY_LENGTH]


def decide_start(*, open_of_officer: int, open_of_all: int, limits: Limits) -> Refusal | None:
    """May this officer ask for one more? Refusals: planning.calculations_full."""
    if open_of_officer >= limits.waiting_an_officer:
        return Refusal(
            "planning.calculations_full", found=open_of_officer, limit=limits.waiting_an_officer
        )
    if open_of_all >= limits.waiting:
        return Refusal("planning.calculations_full", found=open_of_all, limit=limits.waiting)
    return None


def decide_cancel(
    state: State, *, asked_by: str, officer: str, may_stop_others: bool
) -> Refusal | None:
    """May this officer stop it? Refusals: planning.calculation_over, planning.calculation_of_other.

    Whoever asked for it may, and whoever answers for the plan.
    """
    if state not in OPEN:
        return Refusal("planning.calculation_over")
    if asked_by != officer and not may_stop_others:
        return Refusal("planning.calculation_of_other")
    return None
