"""How high the cut-off of one printer lies on which day, learnt by least squares. Pure.

`rules/heat.py` counts heat in a unit of its own, in which the cut-off is a number that is lower in
a warmer room. No printer tells how warm its room is. But three things go with it: how long the
printer took to warm up this morning (shorter in a warm room), the hour (rooms are warmest at two in
the afternoon), and what the printer did today already. So the cut-off is taken for a sum of four
unknown numbers, each with what it counts for at a given moment:

1. the usual cut-off (1),
2. what one per cent of a longer warm-up makes (per cents of this morning),
3. what the warmest hour makes (minus the share of the warmth that has come),
4. what only today makes (1; forgotten at night).

Each stop tells the sum exactly; each heat at which the printer went on tells a least value of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

#: What is believed before the first stop, and how surely: a warmer room has a lower cut-off. A
#: degree makes about one per cent of a warm-up of minutes, and about a thirtieth of the unit.
_MEANS: Final = (0.0, 0.02, 0.03, 0.0)
_SPREADS: Final = (0.0, 0.012, 0.02, 0.0)
#: With each night, and again when its morning was measured, the usual cut-off may have moved so
#: far: dust, wear, another season.
_NIGHT: Final = 0.0015
_WARMEST_HOUR: Final = 14.0
#: Beyond so many spreads chances are taken for nought.
_FAR: Final = 6.0

Weights = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Limit:
    """The four numbers and how surely they are known: covariances, row by row."""

    means: tuple[float, ...]
    covariances: tuple[float, ...]

    def at(self, weights: Weights) -> tuple[float, float]:
        """The cut-off at a moment, and its variance."""
        mean = sum(w * m for w, m in zip(weights, self.means, strict=True))
        return mean, max(
            0.0, sum(w * g for w, g in zip(weights, self._gains(weights), strict=True))
        )

    def _gains(self, weights: Weights) -> list[float]:
        rows = self.covariances
        return [sum(rows[4 * i + j] * weights[j] for j in range(4)) for i in range(4)]

    def _moved(self, weights: Weights, *, by: float, narrowed: float) -> Limit:
        gains = self._gains(weights)
        means = tuple(m + g * by for m, g in zip(self.means, gains, strict=True))
        rows = tuple(
            self.covariances[4 * i + j] - gains[i] * gains[j] * narrowed
            for i in range(4)
            for j in range(4)
        )
        return Limit(means, rows)


def weights_at(*, hour: float, warm_up: float) -> Weights:
    """What each of the four counts for: `hour` of the local day, `warm_up` in per cent more than
    the first that was measured."""
    return (1.0, warm_up, -warmth(hour), 1.0)


def warmth(hour: float) -> float:
    """The share of the day's warmth at an hour: none at eight in the morning, all at two."""
    return math.cos(2 * math.pi * (hour - _WARMEST_HOUR) / 24)


def limit_of(usual: float, *, spread: float, today: float) -> Limit:
    """Before anything was seen: about `usual`; `today` is how far one day differs from another."""
    variances = [each**2 for each in (spread, *_SPREADS[1:3], today)]
    rows = tuple(variances[i] if i == j else 0.0 for i in range(4) for j in range(4))
    return Limit((usual, *_MEANS[1:]), rows)


def stopped_at(limit: Limit, *, heat: float, weights: Weights, exact: float) -> Limit:
    """It stopped itself at this heat: that was the cut-off, to within `exact`."""
    mean, variance = limit.at(weights)
    every = variance + exact**2
    return limit._moved(weights, by=(heat - mean) / every, narrowed=1 / every)


def went_on_at(limit: Limit, *, heat: float, weights: Weights, exact: float) -> Limit:
    """It went on at this heat: the cut-off is not below it. Nothing new where that was known."""
    mean, variance = limit.at(weights)
    every = math.sqrt(variance + exact**2)
    z = (heat - mean) / every
    if z < -_FAR:
        return limit
    ratio = _density(z) / chance_above(z) if z < _FAR else z
    return limit._moved(weights, by=ratio / every, narrowed=ratio * (ratio - z) / every**2)


def new_day(limit: Limit, *, today: float) -> Limit:
    """What only yesterday made is forgotten; `today` is how far a day is from what is foretold."""
    means, rows = list(limit.means), list(limit.covariances)
    means[3] = 0.0
    for i in range(4):
        rows[4 * i + 3] = rows[12 + i] = 0.0
    rows[0] += _NIGHT**2
    rows[15] = today**2
    return Limit(tuple(means), tuple(rows))


def chance_above(z: float) -> float:
    """The chance that a normal number lies more than so many spreads above its mean."""
    return math.erfc(z / math.sqrt(2)) / 2


def _density(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
