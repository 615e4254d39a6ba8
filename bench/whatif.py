"""The plan: a thousand futures of 120 days and 16 kecamatan, and the whole shipped scenario.

The first figure is the day-step model alone, its draws included: the issue allows it one second.
The second is `ampera plan palembang-2017` as somebody types it: a new process, its imports, the
scenario and all seven levers on a thousand futures of 180 days; five seconds are allowed. Counted
is the processor time of one core, which on an idle machine is the time that somebody waits; the
best of some rounds, because others can only slow a round down.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from ampera.planning.rules.whatif.answers import run
from ampera.planning.rules.whatif.futures import draw
from ampera.planning.rules.whatif.scenario import Scenario
from ampera.planning.rules.whatif.shipped import shipped_scenario
from bench.ground import Measured

ROUNDS: Final = 5
SECONDS_OF_MODEL: Final = 1.0
SECONDS_OF_COMMAND: Final = 5.0


def measure(folder: Path) -> tuple[Measured, Measured]:
    found = shipped_scenario("palembang-2017")
    assert isinstance(found, Scenario)
    scenario = replace(found, days=120)

    def model() -> None:
        run(scenario, futures=draw(scenario, replications=1000, seed=1))

    def command() -> None:
        asked = [sys.executable, "-m", "ampera", "plan", "palembang-2017", "--json"]
        subprocess.run(asked, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return (
        Measured("allowed / 1,000 × 120 × 16", SECONDS_OF_MODEL, _best(model), "CPU s", goal=1.0),
        Measured(
            "allowed / plan palembang-2017", SECONDS_OF_COMMAND, _best(command), "CPU s", goal=1.0
        ),
    )


def _best(work: Callable[[], None]) -> float:
    found = []
    for _ in range(ROUNDS):
        began = _cpu_seconds()
        work()
        found.append(_cpu_seconds() - began)
    return min(found)


def _cpu_seconds() -> float:
    """Of this process and of those it waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
