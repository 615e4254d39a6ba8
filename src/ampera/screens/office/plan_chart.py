"""The fan of the backlog as a picture that prints in black and white, and the table beside it.

Coordinates are texts with a point: a page in Indonesian would write them with a comma.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ampera.papers.wording import grouped
from ampera.planning.rules.whatif.kept import PlanSeen

WIDTH: Final = 720
HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 22, 30
_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Mei",
    "Jun",
    "Jul",
    "Agu",
    "Sep",
    "Okt",
    "Nov",
    "Des",
]
_LABEL_EVERY: Final = 40  #: so far apart, in the picture's units, stand the names of months
_ROWS: Final = 14


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the picture with its name."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws."""

    band: str  #: points of the area between P10 and P90
    median: str  #: points of the line
    other: str  #: the median of the scenario beside it, dashed; empty without one
    across: tuple[Mark, ...]  #: numbers of cards
    along: tuple[Mark, ...]  #: months
    supplies: tuple[Mark, ...]
    rows: tuple[tuple[date, int, int, int], ...]  #: the table beside the picture

    @property
    def left(self) -> str:
        return str(_LEFT)

    @property
    def right(self) -> str:
        return str(WIDTH - _RIGHT)

    @property
    def top(self) -> str:
        return str(_TOP)

    @property
    def floor(self) -> str:
        return str(HEIGHT - _BOTTOM)


def chart_of(plan: PlanSeen, *, other: PlanSeen | None = None) -> Chart:
    """The picture of one plan, with the median of another over the same days."""
    bands = list(zip(plan.days, plan.fan, strict=True))
    beside = (
        list(zip(other.days, other.fan, strict=True))[: len(bands)] if other is not None else []
    )
    most = _round_up(max(band.p90 for _, band in [*bands, *beside]))

    def x(at: float) -> str:
        return f"{_LEFT + (WIDTH - _LEFT - _RIGHT) * at / max(len(bands) - 1, 1):.1f}"

    def y(cards: float) -> str:
        return f"{HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * cards / most:.1f}"

    upper = [f"{x(at)},{y(band.p90)}" for at, (_, band) in enumerate(bands)]
    lower = [f"{x(at)},{y(band.p10)}" for at, (_, band) in enumerate(bands)]
    every = max(1, -(-len(bands) // _ROWS))
    days = [day for day, _ in bands]
    return Chart(
        band=" ".join([*upper, *reversed(lower)]),
        median=" ".join(f"{x(at)},{y(band.p50)}" for at, (_, band) in enumerate(bands)),
        other=" ".join(f"{x(at)},{y(band.p50)}" for at, (_, band) in enumerate(beside)),
        across=tuple(
            Mark(y(most * step / 4), grouped(round(most * step / 4))) for step in range(5)
        ),
        along=tuple(_months(days, x=[float(x(at)) for at in range(len(days))])),
        supplies=tuple(_supplies(plan, days=days, x=[x(at) for at in range(len(days))])),
        rows=tuple(
            (day, round(each.p10), round(each.p50), round(each.p90)) for day, each in bands[::every]
        ),
    )


def _round_up(number: float) -> int:
    """The next number that divides well by four."""
    if number <= 4:
        return 4
    step = 10 ** (len(str(int(number))) - 1) * 4 // 10 or 4
    return int(-(-number // step) * step)


def _months(days: Sequence[date], *, x: Sequence[float]) -> list[Mark]:
    found: list[Mark] = []
    last = -1e9
    for at, day in enumerate(days):
        begins = at == 0 or day.month != days[at - 1].month
        if begins and x[at] - last >= _LABEL_EVERY:
            last = x[at]
            found.append(Mark(f"{x[at]:.1f}", f"{_MONTHS[day.month - 1]} {day:%y}"))
    return found


def _supplies(plan: PlanSeen, *, days: Sequence[date], x: Sequence[str]) -> list[Mark]:
    """Where the middle of each supply's dates lies within the horizon."""
    found = []
    for supply in plan.scenario.supplies:
        middle = supply.earliest + timedelta(days=(supply.latest - supply.earliest).days // 2)
        at = next((at for at, day in enumerate(days) if day >= middle), None)
        if at is not None:
            found.append(Mark(x[at], "+" + grouped(round(supply.blanko.middle))))
    return found
