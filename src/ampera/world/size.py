"""How large a simulated world is, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is and how long its faults last."""

    kecamatan: tuple[int, ...] = (1, 2, 2, 2)
    people_max: int = 4
    ticks: int = 45


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a world ended."""

    seed: int
    hash: str  #: over all chains as the pusat holds them
    ticks: int
    entries: int
    cards: int
    deaths: int
