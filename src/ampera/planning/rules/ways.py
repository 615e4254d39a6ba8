"""Which ways of sharing the head may choose from, in words, and what each rests on. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

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

    def on(self, day: date) -> tuple[WayText, ...]:
        """What may be chosen on that day; the first is what a form is filled in with."""
        since = [ways for begins, ways in self.rows if begins <= day]
        return tuple(self.texts[way] for way in since[-1]) if since else ()


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
    return WaysPolicy(texts, tuple(rows))


@cache
def ways_policy() -> WaysPolicy:
    """The policy of this release, from `allocation.toml`."""
    return read_ways(files("ampera.planning").joinpath("allocation.toml").read_text("utf-8"))
