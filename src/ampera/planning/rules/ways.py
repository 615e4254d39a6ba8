"""Which ways of sharing the head may choose from, in words, and what each rests on. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from ampera.planning.rules.allocation import WEIGHT_NORMAL
from ampera.planning.rules.sharing import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class WayText:
    """One way as the head reads it."""

    way: Way
    text_id: str
    text_en: str
    basis: str  #: the order, law or practice that it rests on


@dataclass(frozen=True, slots=True)
class WaysPolicy:
    """All ways, and which of them are offered from which day on."""

    texts: Mapping[Way, WayText]
    rows: tuple[tuple[date, tuple[Way, ...]], ...]
    urgency: tuple[tuple[date, int], ...] = ()

    def on(self, day: date) -> tuple[WayText, ...]:
        """What may be chosen on that day; the first is what a form is filled in with."""
        since = [ways for begins, ways in self.rows if begins <= day]
        return tuple(self.texts[way] for way in since[-1]) if since else ()

    def urgent_counts(self, day: date) -> int:
        """What an urgent card counts on that day, in per cent of another one."""
        since = [counts for begins, counts in self.urgency if begins <= day]
        return since[-1] if since else WEIGHT_NORMAL


def weight_of(backlog: int, *, urgent: int, counts: int) -> int:
    """The weight of an office's claim in which so many of the cards are urgent; per cent."""
    if not backlog:
        return WEIGHT_NORMAL
    few = min(urgent, backlog)
    return max(1, round((WEIGHT_NORMAL * (backlog - few) + counts * few) / backlog))


def read_ways(text: str) -> WaysPolicy:
    """The policy of a TOML text. Raises ValueError or KeyError for one that makes no sense: it is
    part of a release."""
    raw = tomllib.loads(text)
    texts = {
        Way(code): WayText(
            way=Way(code), text_id=each["id"], text_en=each["en"], basis=each["basis"]
        )
        for code, each in raw["way"].items()
    }
    rows = sorted((each["from"], tuple(map(Way, each["ways"]))) for each in raw["sharing"])
    if any(not ways or set(ways) - set(texts) for _, ways in rows):
        raise ValueError("a row of ways is empty or names one without a text")
    urgency = sorted((each["from"], each["counts"]) for each in raw.get("urgency", ()))
    if any(counts < WEIGHT_NORMAL for _, counts in urgency):
        raise ValueError("an urgent card never counts less than another one")
    return WaysPolicy(texts, tuple(rows), tuple(urgency))


@cache
def ways_policy() -> WaysPolicy:
    """The policy of this release, from `allocation.toml`."""
    return read_ways(files("ampera.planning").joinpath("allocation.toml").read_text("utf-8"))
