"""What a simulated printer uses up, and the chance that befalls a card.

Ribbon and film end when their *real* yield is used, while the level that is told counts down from
the nominal one. All chance is drawn from the machine's seed and a running number, so a run is the
same again whoever asks in between and however often the process dies.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ampera.devices.simulated.cards import Fate
from ampera.devices.simulated.model import PrinterModel, SupplyFigures
from ampera.printing.ports import Supply


class SupplyPiece:
    """The ribbon, or the film, that is in the printer now."""

    def __init__(self, figures: SupplyFigures, *, seed: int) -> None:
        self.figures = figures
        self.number = 1  #: which piece this is since the printer was new
        self.used = 0  #: cards
        self._seed = seed
        self.real_cards = self._drawn()

    @property
    def is_empty(self) -> bool:
        return self.used >= self.real_cards

    @property
    def level_percent(self) -> int:
        """What the printer tells: nominal yield left, never 0 before it really ends."""
        if self.is_empty:
            return 0
        left = self.figures.nominal_cards - self.used
        return max(1, -(-100 * left // self.figures.nominal_cards))

    @property
    def is_low(self) -> bool:
        return self.level_percent <= self.figures.low_percent

    @property
    def seen(self) -> Supply:
        return Supply(self.figures.name, self.figures.kind, self.level_percent)

    def use(self) -> None:
        """One card."""
        self.used += 1

    def change(self) -> None:
        """Hands put a new piece in; what was left of the old one is gone."""
        self.number += 1
        self.used = 0
        self.real_cards = self._drawn()

    def reseed(self, seed: int) -> None:
        """Take up another printer's luck."""
        self._seed = seed
        self.real_cards = self._drawn()

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return {"number": self.number, "used": self.used, "real_cards": self.real_cards}

    def restore(self, record: Mapping[str, Any]) -> None:
        self.number, self.used = record["number"], record["used"]
        self.real_cards = record["real_cards"]

    def _drawn(self) -> int:
        figures = self.figures
        rng = _seeded(f"{self._seed}/{figures.name}/{self.number}")
        share = rng.gauss(figures.real_share_mean, figures.real_share_spread)
        share_max = 2 * figures.real_share_mean - figures.real_share_min
        share = min(max(share, figures.real_share_min), share_max)
        return max(1, round(share * figures.nominal_cards))


@dataclass(frozen=True, slots=True)
class CardChance:
    """What befalls one feeding by chance."""

    jams: bool = False
    misfeeds: bool = False
    second: Fate | None = None  #: what becomes of a second blank that went in, too


NOTHING_HAPPENS = CardChance()


def chance_of(
    model: PrinterModel, *, seed: int, feeding: int, is_cleaning_overdue: bool
) -> CardChance:
    """What befalls the `feeding`-th card fed. All draws are made whether used or not."""
    if not model.has_chance:
        return NOTHING_HAPPENS
    rng = _seeded(f"{seed}/card/{feeding}")
    jam, misfeed, double, ruins = (rng.random() for _ in range(4))
    chances = model.chances
    factor = 1.0
    if is_cleaning_overdue and model.cleaning is not None:
        factor = model.cleaning.overdue_factor
    second = None
    if double < chances.double_feed:
        second = Fate.RUINED if ruins < chances.double_feed_ruins else Fate.UNTOUCHED
    return CardChance(jam < chances.jam * factor, misfeed < chances.misfeed * factor, second)


def _seeded(text: str) -> random.Random:
    return random.Random(text)  # noqa: S311 - seeded chance is the point of a simulator
