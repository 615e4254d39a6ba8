"""Chance looked up instead of drawn: quantiles of a printer's day and of its spoils.

A replication's luck on a day is a few bits. The same bits mean the same luck in every run, so that
two runs differ by what was changed and by nothing else: longer hours never make fewer cards, more
blanks fed never fewer spoils. 256 steps of luck keep the mean to a fraction of a card (tested).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int32]

STEPS: Final = 256
#: Printer-days from which a quantile is read. Their seed is part of the table, not of a run.
_SAMPLES: Final = 32_768
_SEED: Final = 1671
_MIDDLES: Final = (np.arange(STEPS) + 0.5) / STEPS


@lru_cache(maxsize=64)
def cards_a_day(
    printers: int, *, minutes: float, seconds_a_card: float, stop_every: float, stop: float
) -> Counts:
    """Cards that these printers can feed in one day, by luck from the worst to the best.

    A stop interrupts a card and does not end it (S12); a card that cannot be finished before the
    office closes is not begun. Units: minutes, but seconds for a card.
    """
    if printers == 0:
        return np.zeros(STEPS, np.int32)
    most = int(minutes * 60 // seconds_a_card)
    if stop_every <= 0 or stop <= 0:
        return np.full(STEPS, printers * most, np.int32)
    chance = np.random.default_rng((_SEED, printers))
    total = np.zeros(_SAMPLES)
    for _ in range(printers):
        running = _minutes_running(chance, minutes=minutes, stop_every=stop_every, stop=stop)
        total += np.floor(running * 60 / seconds_a_card + 1e-9)
    return np.quantile(total, _MIDDLES, method="nearest").astype(np.int32)


def _minutes_running(
    chance: np.random.Generator, *, minutes: float, stop_every: float, stop: float
) -> NDArray[np.float64]:
    begins = np.zeros(_SAMPLES)
    running = np.zeros(_SAMPLES)
    while (begins < minutes).any():
        length = chance.exponential(stop_every, _SAMPLES)
        running += np.clip(minutes - begins, 0, length)
        begins += length + stop
    return running


@lru_cache(maxsize=64)
def spoils(rate: float, *, most: int) -> Counts:
    """How many of n fed cards are spoiled: row n of 0..most, column luck. Binomial."""
    if rate <= 0:
        return np.zeros((most + 1, STEPS), np.int32)
    fed = np.arange(most + 1)
    logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, most + 1)))))
    deepest = min(most, int(most * rate + 8 * np.sqrt(most * rate) + 8))
    below = np.zeros(most + 1)
    found = np.zeros((most + 1, STEPS), np.int32)
    for count in range(deepest):
        can = fed >= count
        rest = np.where(can, fed - count, 0)
        ways = logs[fed] - logs[count] - logs[rest]
        chance = np.exp(ways + count * np.log(rate) + rest * np.log1p(-rate))
        below += np.where(can, chance, 0.0)
        found += below[:, None] < _MIDDLES
    return np.minimum(found, fed[:, None]).astype(np.int32)
