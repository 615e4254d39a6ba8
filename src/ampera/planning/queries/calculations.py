"""Long calculations as screens see them: what waits, how far it is, what came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ampera.planning.models import Calculation
from ampera.planning.rules.calculations import OPEN, State
from ampera.words.refusal import Refusal

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculationSeen:
    """One calculation; `answer` only where it was asked for and is there."""

    key: str
    state: State
    why: str  #: of a stopped one: `restart`, `too_long` or `broken`
    name: str
    title: str
    policy: str
    scenario: str  #: the file
    replications: int
    seed: int
    officer: str
    asked_at: datetime
    heard_at: datetime
    done_parts: int
    parts: int
    before: int = 0  #: how many wait before it
    answer: dict[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def percent(self) -> int:
        """Whole percents done, 0 while it waits."""
        return 100 * self.done_parts // self.parts if self.parts else 0


def calculation_seen(key: str) -> CalculationSeen | Refusal:
    """One calculation by its name. Refusals: planning.calculation_not_found."""
    row = Calculation.objects.filter(key=key).first()
    if row is None:
        return Refusal("planning.calculation_not_found")
    before = 0
    if row.state == State.WAITING:
        earlier = Calculation.objects.filter(state__in=OPEN, asked_at__lt=row.asked_at)
        before = earlier.count()
    return _seen(row, before=before, answer=row.answer)


def calculations(*, most: int = _SHOWN) -> list[CalculationSeen]:
    """The last ones that were asked for, the newest first; without answers."""
    rows = Calculation.objects.defer("answer").order_by("-asked_at", "key")[:most]
    return [_seen(row, before=0, answer=None) for row in rows]


def is_still_running(key: str, *, started_at: datetime) -> bool:
    """Does anybody still wait for this very run?"""
    found = Calculation.objects.filter(key=key, state=State.RUNNING, started_at=started_at)
    return found.exists()


def _seen(row: Calculation, *, before: int, answer: dict[str, Any] | None) -> CalculationSeen:
    return CalculationSeen(
        key=row.key,
        state=State(row.state),
        why=row.why,
        name=row.name,
        title=row.title,
        policy=row.policy,
        scenario=row.scenario,
        replications=row.replications,
        seed=row.seed,
        officer=row.officer,
        asked_at=row.asked_at,
        heard_at=row.heard_at,
        done_parts=row.done_parts,
        parts=row.parts,
        before=before,
        answer=answer,
    )
