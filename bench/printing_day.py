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
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ampera.devices.simulated.heating import HeatMode
from ampera.devices.simulated.model import Capacity, CardChances, PrinterModel, model_named
from ampera.devices.simulated.thermal import Load as Heated
from ampera.devices.simulated.thermal import decayed, seconds_until
from ampera.printing.ports import PrinterState
from ampera.printing.rules.heat import Belief, Load, fresh, observe, warmed_up
from ampera.printing.rules.hours import PrintPolicy, print_policy
from ampera.printing.rules.models import model_of
from ampera.printing.rules.pacing import decide_pace
from ampera.printing.rules.printers import load_of
from bench.printing_desk import HELD_OUT, LOOK, SCENES, Desk, Policy, Scene

MODELS: Final = ("retransfer-180", "retransfer-60")
#: Nobody's leaflet: the agent starts from the table's default row, which is far off.
UNKNOWN: Final = "unknown-90"
#: The first seed of days on which nothing was chosen.
HELD_OUT_SEED: Final = 100
#: The goals of the issue.
GOAL: Final = 0.97


class Plain:
    """A card whenever the printer would take one."""

    look_seconds = LOOK.total_seconds()

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
        self.woken_at: datetime | None = None
        self.wait_until: datetime | None = None

    @property
    def look_seconds(self) -> float:
        """As the office's worker: each second while it warms up."""
        is_warming = self.is_woken and self.belief is not None and self.belief.load is Load.OFF
        return 1.0 if self.cold_since is not None or is_warming else LOOK.total_seconds()

    def opens(self, desk: Desk) -> datetime:
        self.is_woken, self.woken_at = False, None
        return desk.opening

    def looked(self, desk: Desk) -> None:
        load = _load(desk)
        at, day = desk.at.timestamp(), desk.opening.toordinal()
        belief = self.belief or fresh(self.model, at=at, day=day)
        if self.belief is None or load is not belief.load or day != belief.day:
            self.belief = observe(belief, load=load, at=at, day=day)
        if load is not belief.load:
            self._warm_up(desk, was=belief.load, now=load)
        lead = (self.warm_up_seconds or self.model.warm_up_seconds) + self.by.spare_seconds
        is_time = desk.at >= desk.opening - timedelta(seconds=lead)
        if is_time and not self.is_woken and desk.machine.is_powered:
            desk.printer.wake()
            self.is_woken, self.woken_at = True, desk.at

    def _warm_up(self, desk: Desk, *, was: Load, now: Load) -> None:
        if now is Load.WARMING:
            up = timedelta(seconds=desk.printer.look().up_time_seconds)
            began = max(self.woken_at or desk.at - LOOK, desk.at - up)
            self.cold_since = began if was is Load.OFF else None
            return
        since, self.cold_since = self.cold_since, None
        if since is not None and now in (Load.READY, Load.PRINTING):
            took = (desk.at - since).total_seconds()
            self.warm_up_seconds = max(self.warm_up_seconds, took)
            assert self.belief is not None
            self.belief = warmed_up(self.belief, seconds=took)

    def wait_seconds(self, desk: Desk) -> float:
        assert self.belief is not None
        if self.belief.load is Load.WARMING:
            return LOOK.total_seconds() / 10
        if self.wait_until is not None and desk.at < self.wait_until:
            return (self.wait_until - desk.at).total_seconds()
        left = (desk.closing - desk.at).total_seconds()
        belief = self.belief
        here = observe(belief, load=belief.load, at=desk.at.timestamp(), day=belief.day)
        wait = decide_pace(here, seconds_left=left, cards_left=10_000).wait_seconds
        self.wait_until = desk.at + timedelta(seconds=wait)
        return wait


def _load(desk: Desk) -> Load:
    if not desk.machine.is_powered:
        return Load.OFF
    seen = desk.printer.look()
    words = [reason.keyword for reason in seen.reasons]
    return load_of(words, is_processing=seen.state is PrinterState.PROCESSING)


class Limit:
    """Knows the temperature and every figure: the most that can be printed."""

    look_seconds = LOOK.total_seconds()

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
    is_held_out: bool
    plain: float
    agent: float
    limit: float
    first_day: float  #: the agent's share of the limit on the first day with an unknown printer
    stops_plain: float
    stops_agent: float
    days: int
    days_below_plain: int
    cards_below_plain: int  #: on those days together
    cards_most_below: int  #: on the worst of them
    runs_below_plain: int  #: of `seeds`: all days of one seed together

    @property
    def share(self) -> float:
        return self.agent / self.limit

    @property
    def plain_share(self) -> float:
        return self.plain / self.limit


def only_heat(name: str) -> PrinterModel:
    """The model with its heat; trouble comes from the scene, the same for all."""
    model = model_named("retransfer-60" if name == UNKNOWN else name)
    if name == UNKNOWN:
        assert model.thermal is not None
        heat = {
            **{"body_seconds": 4000.0, "standby_rise": 9.5, "printing_rise": 42.0},
            **{"roller_seconds": 170.0, "cut_off_celsius": 65.0, "cools_celsius": 61.0},
            "resume_celsius": 54.0,
        }
        model = replace(
            model,
            name=name,
            make_and_model="Card printer that no table knows",
            print_seconds=90.0,
            thermal=replace(model.thermal, **heat),
        )
    return replace(model, supplies=(), chances=CardChances(), capacity=Capacity(), cleaning=None)


Days = list[tuple[int, int]]  #: cards and stops of every day


@dataclass(frozen=True, slots=True)
class Work:
    """The days of one seed at one model, printed by one of the three."""

    model: str
    scene: Scene
    seed: int
    days: int
    who: str


def print_days(work: Work) -> Days:
    """Cards and stops of every day."""
    model = only_heat(work.model)
    makers: dict[str, Callable[[], Policy]] = {
        "plain": Plain,
        "agent": lambda: Agent(model, policy=print_policy()),
        "limit": Limit,
    }
    desk = Desk(model, scene=work.scene, seed=work.seed, policy=makers[work.who]())
    return [desk.day(number) for number in range(work.days)]


Kind = tuple[str, Scene, bool]  #: model, kind of day, is it held out


def kinds(*, is_held_out: bool) -> list[Kind]:
    """Every model in every kind of day of one half of the bench."""
    models = (*MODELS, UNKNOWN) if is_held_out else MODELS
    scenes = HELD_OUT if is_held_out else SCENES
    return [(model, scene, is_held_out) for model in models for scene in scenes]


def rows(every: Sequence[Kind], *, seeds: int, days: int, processes: int) -> Iterator[Row]:
    """The means over all seeds, as they come; the first day, on which nothing is known yet, is told
    apart."""
    works = [
        [
            Work(model, scene, seed + HELD_OUT_SEED * is_held_out, days + 1, who)
            for who in ("plain", "agent", "limit")
            for seed in range(seeds)
        ]
        for model, scene, is_held_out in every
    ]
    with ProcessPoolExecutor(processes) as pool:
        waiting = [[pool.submit(print_days, work) for work in each] for each in works]
        for kind, futures in zip(every, waiting, strict=True):
            found = [future.result() for future in futures]
            yield _row(
                kind, plain=found[:seeds], agent=found[seeds : 2 * seeds], limit=found[2 * seeds :]
            )


def _row(kind: Kind, *, plain: list[Days], agent: list[Days], limit: list[Days]) -> Row:
    def mean(runs: list[Days], what: int) -> float:
        every = [day[what] for run in runs for day in run[1:]]
        return sum(every) / len(every)

    pairs = list(zip(agent, plain, strict=True))
    less = [others[0] - mine[0] for a, p in pairs for mine, others in zip(a, p, strict=True)]
    below = [each for each in less if each > 0]
    sums = [(sum(day[0] for day in a), sum(day[0] for day in p)) for a, p in pairs]
    model, scene, is_held_out = kind
    return Row(
        model=model,
        scene=scene.name,
        is_held_out=is_held_out,
        plain=mean(plain, 0),
        agent=mean(agent, 0),
        limit=mean(limit, 0),
        first_day=sum(run[0][0] for run in agent) / sum(run[0][0] for run in limit),
        stops_plain=mean(plain, 1),
        stops_agent=mean(agent, 1),
        days=len(less),
        days_below_plain=len(below),
        cards_below_plain=sum(below),
        cards_most_below=max(below, default=0),
        runs_below_plain=sum(a < p for a, p in sums),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--days", type=int, default=12, help="after the first, of each seed")
    parser.add_argument("--half", choices=("tuned", "held-out", "both"), default="both")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--write", type=Path, help="a folder for printing-bench.svg and .md")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    every = kinds(is_held_out=False) if chosen.half != "held-out" else []
    every += kinds(is_held_out=True) if chosen.half != "tuned" else []
    found = []
    for row in rows(every, seeds=chosen.seeds, days=chosen.days, processes=chosen.processes):
        found.append(row)
        if not chosen.json:
            print(told(row), flush=True)
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
    half = "held out" if row.is_held_out else "tuned on"
    return (
        f"{half} {row.model:15} {row.scene:15} plain {row.plain:6.1f} ({row.plain_share:6.1%})"
        f"  agent {row.agent:6.1f} ({row.share:6.1%})  limit {row.limit:6.1f}"
        f"  first day {row.first_day:6.1%}  stops {row.stops_plain:.1f} → {row.stops_agent:.1f}"
        f"  below plain {row.days_below_plain}/{row.days} by {row.cards_below_plain} cards"
        f"  {verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
