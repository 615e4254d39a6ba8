"""Cards a day against the physical limit: the print agent, plain printing, and who knows the heat.

The agent is the real rules of `ampera.printing` (heat, pacing, warm-up), the printer the simulated
machine with its whole heat, and time is virtual: no database and no waiting, so that thousands of
days are a matter of minutes. All three print the same days: the same printer, rooms, jams, power
cuts and ribbons from the same seed.

- **plain** feeds a card whenever the printer would take one, from opening time on.
- **agent** is what the office runs: it has no thermometer, only the printer's words, and what it
  learnt on the days before.
- **limit** knows the printer's temperature and figures exactly: it is warm at opening time and
  prints each card as early as it can without ever reaching the cut-off. Heat fades, so a card that
  is printed earlier leaves no less room for those after it: nobody prints more.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ampera.devices.simulated.heating import HeatMode
from ampera.devices.simulated.model import Capacity, CardChances, PrinterModel, model_named
from ampera.devices.simulated.thermal import Load as Heated
from ampera.devices.simulated.thermal import decayed, seconds_until
from ampera.printing.ports import PrinterState
from ampera.printing.rules.heat import Belief, Load, fresh, observe
from ampera.printing.rules.hours import PrintPolicy, print_policy
from ampera.printing.rules.models import model_of
from ampera.printing.rules.pacing import decide_pace
from ampera.printing.rules.printers import load_of
from bench.printing_desk import LOOK, SCENES, Desk, Policy, Scene

MODELS: Final = ("retransfer-180", "retransfer-60")
#: The goals of the issue.
GOAL: Final = 0.97


class Plain:
    """A card whenever the printer would take one."""

    def opens(self, desk: Desk) -> datetime:
        return desk.opening

    def looked(self, desk: Desk) -> None:
        """It looks at nothing but the printer's readiness."""

    def wait_seconds(self, desk: Desk) -> float:
        return 0.0


class Agent:
    """The print agent's own rules. What it knows it has from the printer's words."""

    def __init__(self, model: PrinterModel, *, policy: PrintPolicy) -> None:
        self.model = model_of(model.make_and_model)
        self.by = policy
        self.warm_up_seconds = 0.0
        self.cold_since: datetime | None = None
        self.belief: Belief | None = None
        self.is_woken = False

    def opens(self, desk: Desk) -> datetime:
        self.is_woken = False
        return desk.opening

    def looked(self, desk: Desk) -> None:
        load = _load(desk)
        at, day = desk.at.timestamp(), desk.opening.toordinal()
        belief = self.belief or fresh(self.model, at=at, day=day)
        if load is not belief.load:
            self._warm_up(desk.at, was=belief.load, now=load)
        self.belief = observe(belief, load=load, at=at, day=day)
        lead = (self.warm_up_seconds or self.model.warm_up_seconds) + self.by.spare_seconds
        is_time = desk.at >= desk.opening - timedelta(seconds=lead)
        if is_time and not self.is_woken and desk.machine.is_powered:
            desk.printer.wake()
            self.is_woken = True

    def _warm_up(self, at: datetime, *, was: Load, now: Load) -> None:
        if now is Load.WARMING:
            self.cold_since = at if was is Load.OFF else None
        elif self.cold_since is not None:
            self.warm_up_seconds = max(self.warm_up_seconds, (at - self.cold_since).total_seconds())
            self.cold_since = None

    def wait_seconds(self, desk: Desk) -> float:
        assert self.belief is not None
        if self.belief.load is Load.WARMING:
            return LOOK.total_seconds() / 10
        left = (desk.closing - desk.at).total_seconds()
        return decide_pace(self.belief, seconds_left=left, cards_left=10_000).wait_seconds


def _load(desk: Desk) -> Load:
    if not desk.machine.is_powered:
        return Load.OFF
    seen = desk.printer.look()
    words = [reason.keyword for reason in seen.reasons]
    return load_of(words, is_processing=seen.state is PrinterState.PROCESSING)


class Limit:
    """Knows the temperature and every figure: the most that can be printed."""

    def opens(self, desk: Desk) -> datetime:
        return desk.opening

    def looked(self, desk: Desk) -> None:
        lead = desk.heating.seconds_until_ready
        is_asleep = desk.heating.mode is HeatMode.ASLEEP
        if desk.machine.is_powered and is_asleep and desk.at >= desk.opening - timedelta(minutes=6):
            desk.machine.wake()
        assert lead >= 0

    def wait_seconds(self, desk: Desk) -> float:
        heating, card = desk.heating, desk.machine.print_time.total_seconds()
        if not heating.is_ready:
            return max(0.1, heating.seconds_until_ready)
        figures, room = heating.figures, heating.room
        printing = figures.settles(Heated.PRINTING, room=room)
        most = figures.cut_off_celsius - 0.002
        start = printing + (most - printing) * math.exp(card / figures.body_seconds)
        body = heating.temperatures.body
        ends = decayed(body, towards=printing, seconds=card, constant=figures.body_seconds)
        if ends <= most:
            return 0.0
        wait = seconds_until(
            body,
            threshold=start,
            towards=figures.settles(Heated.STANDBY, room=room),
            constant=figures.body_seconds,
        )
        left = (desk.closing - desk.at).total_seconds()
        is_last = wait + 2 * card > left >= card and desk.machine.model.when_too_hot == "finish"
        return 0.0 if is_last else wait + 0.01


@dataclass(frozen=True, slots=True)
class Row:
    """One model in one kind of day: means of cards a day."""

    model: str
    scene: str
    plain: float
    agent: float
    limit: float
    first_day: float  #: the agent's share of the limit on the first day with an unknown printer
    stops_plain: float
    stops_agent: float
    days: int
    days_below_plain: int

    @property
    def share(self) -> float:
        return self.agent / self.limit

    @property
    def plain_share(self) -> float:
        return self.plain / self.limit


def only_heat(name: str) -> PrinterModel:
    """The model with its heat; trouble comes from the scene, the same for all."""
    return replace(
        model_named(name), supplies=(), chances=CardChances(), capacity=Capacity(), cleaning=None
    )


Print = Callable[[], Policy]


def week(
    model: PrinterModel, *, scene: Scene, seed: int, days: int
) -> dict[str, list[tuple[int, int]]]:
    """Cards and stops of every day, by who printed."""
    found = {}
    makers: dict[str, Print] = {
        "plain": Plain,
        "agent": lambda: Agent(model, policy=print_policy()),
        "limit": Limit,
    }
    for name, make in makers.items():
        desk = Desk(model, scene=scene, seed=seed, policy=make())
        found[name] = [desk.day(number) for number in range(days)]
    return found


def measure_row(name: str, *, scene: Scene, seeds: int, days: int) -> Row:
    """The mean over all seeds; the first day, on which nothing is known yet, is told apart."""
    model = only_heat(name)
    weeks = [week(model, scene=scene, seed=seed, days=days + 1) for seed in range(seeds)]

    def mean(who: str, what: int) -> float:
        every = [day[what] for each in weeks for day in each[who][1:]]
        return sum(every) / len(every)

    below = sum(
        mine[0] < others[0]
        for each in weeks
        for mine, others in zip(each["agent"], each["plain"], strict=True)
    )
    first = sum(each["agent"][0][0] for each in weeks) / sum(each["limit"][0][0] for each in weeks)
    return Row(
        model=name,
        scene=scene.name,
        plain=mean("plain", 0),
        agent=mean("agent", 0),
        limit=mean("limit", 0),
        first_day=first,
        stops_plain=mean("plain", 1),
        stops_agent=mean("agent", 1),
        days=seeds * (days + 1),
        days_below_plain=below,
    )


def rows(*, seeds: int, days: int, scenes: Sequence[Scene] = SCENES) -> Iterator[Row]:
    """Every model in every kind of day."""
    for name in MODELS:
        for scene in scenes:
            yield measure_row(name, scene=scene, seeds=seeds, days=days)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--days", type=int, default=10, help="after the first, of each seed")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--write", type=Path, help="a folder for printing-bench.svg and .md")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    found = []
    for row in rows(seeds=chosen.seeds, days=chosen.days):
        found.append(row)
        if not chosen.json:
            print(told(row))
    took = time.monotonic() - began
    if chosen.json:
        print(json.dumps([{**asdict(row), "share": row.share} for row in found]))
    days = 3 * sum(row.days for row in found)
    print(f"{days} days printed in {took:.0f} s", file=sys.stderr)
    if chosen.write is not None:
        from bench.printing_chart import write_pages

        write_pages(found, folder=chosen.write, seeds=chosen.seeds, days=chosen.days)
    return 0


def told(row: Row) -> str:
    """One line for people."""
    verdict = "reached" if row.share >= GOAL and row.agent >= row.plain else "MISSED"
    return (
        f"{row.model:15} {row.scene:13} plain {row.plain:6.1f} ({row.plain_share:6.1%})"
        f"  agent {row.agent:6.1f} ({row.share:6.1%})  limit {row.limit:6.1f}"
        f"  first day {row.first_day:6.1%}  stops {row.stops_plain:.1f} → {row.stops_agent:.1f}"
        f"  below plain {row.days_below_plain}/{row.days}  {verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
