"""Sharing blanko: 4,000 over 16 kecamatan, 1,000,000 over the nation's 7,266 offices, and the same
in two steps over 38 provinces and 514 cities.

Allowed are 5 ms, and 50 ms for the nation. Shelves, capacities and weights differ from office to
office, drawn from one seed. Beside the million the nation is asked with hardly any stock and with
enough for all: the slowest of the three counts. Processor time, the best of some rounds, because
others on the machine can only slow a round down.
"""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import Final

from ampera.planning.rules.allocation import Claim, allocate
from ampera.planning.rules.sharing import cascade
from bench.ground import Measured

ROUNDS: Final = 7
CITY, NATION = 16, 7_266
PROVINCES, CITIES = 38, 514
MS_CITY: Final = 5.0
MS_NATION: Final = 50.0
STOCK_CITY: Final = 4_000
STOCKS_NATION: Final = (37, 1_000_000, 20_000_000)


def measure(_: Path) -> tuple[Measured, ...]:
    city, nation = _offices(CITY), _offices(NATION)
    slowest = max(_best(stock, nation) for stock in STOCKS_NATION)
    return (
        Measured("allowed / 4,000 over 16", MS_CITY, _best(STOCK_CITY, city), "ms", goal=1.0),
        Measured("allowed / over 7,266 offices", MS_NATION, slowest, "ms", goal=1.0),
        Measured("allowed / 38 provinces, 514 cities", MS_NATION, _steps(), "ms", goal=1.0),
    )


def _steps() -> float:
    """Milliseconds for both steps of the centre."""
    groups: dict[str, list[Claim]] = {}
    for number, claim in enumerate(_offices(CITIES)):
        groups.setdefault(f"{number % PROVINCES:02d}", []).append(claim)
    named = sorted(groups.items())
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        made = cascade(1_000_000, groups=named)
        found.append(1000 * (time.process_time() - began))
        assert made.given <= 1_000_000
    return min(found)


def _offices(count: int) -> list[Claim]:
    rng = Random(1)
    return [
        Claim(
            office=f"{number:05d}",
            backlog=max(50, round(rng.lognormvariate(7.7, 0.5))),
            on_hand=rng.randrange(50),
            capacity=160 * rng.randrange(5, 30),
            minimum=rng.choice((0, 20)),
            weight=rng.choice((80, 100, 140)),
        )
        for number in range(count)
    ]


def _best(stock: int, offices: list[Claim]) -> float:  # positional: what over whom
    """Milliseconds."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        made = allocate(stock, offices)
        found.append(1000 * (time.process_time() - began))
        assert made.given + made.left == stock
    return min(found)
