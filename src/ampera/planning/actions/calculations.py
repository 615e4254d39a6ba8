"""Ask for a long calculation, stop it, and note how far it is. No entry: nothing is decided by it.

A page asks; the worker takes them one after another and computes each in a process of its own
(`tiers/calculating.py`). Whoever comes second to a row finds it changed: every step is one
compare-and-set on its state and on the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from ampera.planning.models import Calculation
from ampera.planning.rules import calculations as rules
from ampera.planning.rules.calculations import OPEN, Limits, State
from ampera.planning.rules.whatif.scenario import Scenario
from ampera.planning.rules.whatif.writing import write_scenario
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """One calculation that this worker is to compute now."""

    key: str
    scenario: str
    replications: int
    seed: int
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an officer wants computed."""

    scenario: Scenario
    replications: int
    seed: int = 1


def start_calculation(
    asked: Asked, *, officer: str, now: datetime, limits: Limits
) -> str | Refusal:
    """The name under which the result will be found; at once where it is there or under way.

    A stopped or cancelled one begins anew. Refusals: planning.calculations_full.
    """
    text = write_scenario(asked.scenario)
    key = rules.calculation_key(text, replications=asked.replications, seed=asked.seed)
    with transaction.atomic():
        row = Calculation.objects.filter(key=key).only("state").first()
        if row is not None and row.state in {*OPEN, State.DONE}:
            return key
        waiting = Calculation.objects.filter(state__in=OPEN)
        no = rules.decide_start(
            open_of_officer=waiting.filter(officer=officer).count(),
            open_of_all=waiting.count(),
            limits=limits,
        )
        if no is not None:
            return no
        fresh = {
            **{"state": State.WAITING, "why": "", "officer": officer, "asked_at": now},
            **{"started_at": None, "heard_at": now, "done_parts": 0, "parts": 0, "answer": None},
            **{"name": asked.scenario.name, "title": asked.scenario.title, "scenario": text},
            **{"policy": asked.scenario.policy.value, "replications": asked.replications},
            "seed": asked.seed,
        }
        Calculation.objects.update_or_create(key=key, defaults=fresh)
    return key


def cancel_calculation(
    key: str, *, officer: str, may_stop_others: bool, now: datetime
) -> Refusal | None:
    """Stop it; the worker ends its process at the next tick.

    Refusals: planning.calculation_not_found, planning.calculation_over,
    planning.calculation_of_other.
    """
    row = Calculation.objects.filter(key=key).only("state", "officer").first()
    if row is None:
        return Refusal("planning.calculation_not_found")
    no = rules.decide_cancel(
        State(row.state), asked_by=row.officer, officer=officer, may_stop_others=may_stop_others
    )
    if no is not None:
        return no
    still = Calculation.objects.filter(key=key, state__in=OPEN)
    if not still.update(state=State.CANCELLED, heard_at=now):
        return Refusal("planning.calculation_over")  # it ended meanwhile
    return None


def take_calculation(*, now: datetime) -> Taken | None:
    """The one that waits longest is under way from now on; None when none waits."""
    row = Calculation.objects.filter(state=State.WAITING).order_by("asked_at", "key").first()
    if row is None:
        return None
    waits = Calculation.objects.filter(key=row.key, state=State.WAITING)
    if not waits.update(state=State.RUNNING, started_at=now, heard_at=now):
        return None
    return Taken(row.key, row.scenario, row.replications, row.seed, now)


def note_progress(taken: Taken, *, done: int, parts: int, now: datetime) -> bool:
    """How far it is. False: nobody waits for this run any more."""
    return bool(_run_of(taken).update(done_parts=done, parts=parts, heard_at=now))


def finish_calculation(taken: Taken, *, answer: dict[str, Any], now: datetime) -> bool:
    """Keep the result. False: nobody waits for this run any more."""
    return bool(_run_of(taken).update(state=State.DONE, answer=answer, heard_at=now))


def stop_calculation(taken: Taken, *, why: str, now: datetime) -> bool:
    """It was not finished, and why: `too_long` or `broken`."""
    return bool(_run_of(taken).update(state=State.STOPPED, why=why, heard_at=now))


def stop_those_of_before(*, now: datetime) -> int:
    """When a server starts, whatever ran in it before runs no more. How many there were."""
    left = Calculation.objects.filter(state=State.RUNNING)
    return left.update(state=State.STOPPED, why="restart", heard_at=now)


def forget_old_calculations(*, now: datetime, limits: Limits) -> int:
    """What is over and older than it is kept goes. How many went."""
    old = Calculation.objects.exclude(state__in=OPEN).filter(heard_at__lt=now - limits.kept)
    count, _ = old.delete()
    return count


def _run_of(taken: Taken):  # type: ignore[no-untyped-def]
    return Calculation.objects.filter(
        key=taken.key, state=State.RUNNING, started_at=taken.started_at
    )
