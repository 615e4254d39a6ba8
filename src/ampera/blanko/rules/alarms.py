"""What in the books calls for a person, with a stable code, and when a share of ruined ones is more
than chance. Pure.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from ampera.blanko.rules.policy import Closing, Spoils

_MILLE: Final = 1000
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that a person must look at: a code, whose it is, since when, and its facts."""

    code: str  #: a key of `alarms.toml`
    office: str
    since: datetime | None
    facts: Mapping[str, Any]

    def text(self, language: str = "id") -> str:
        """What is the matter, in `id` or `en`."""
        return str(texts()[self.code][language]).format_map({"office": self.office, **self.facts})

    def next_step(self, language: str = "id") -> str:
        """What to do now."""
        return str(texts()[self.code][f"next_{language}"])

    @property
    def key(self) -> str:
        """Tells this alarm from every other: code, office and what it is about."""
        names = ("item", "shipment", "officer", "loan")
        about = next((self.facts[name] for name in names if self.facts.get(name)), None)
        return f"{self.code}:{self.office}:{about or ''}"


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Code → its texts, from `alarms.toml`."""
    data = tomllib.loads(files("ampera.blanko").joinpath("alarms.toml").read_text("utf-8"))
    return MappingProxyType(data)


@dataclass(frozen=True, slots=True)
class Tried:
    """How many blanko were fed, and how many of them were ruined."""

    tried: int = 0
    spoiled: int = 0

    def __add__(self, other: Tried) -> Tried:
        return Tried(self.tried + other.tried, self.spoiled + other.spoiled)

    def __sub__(self, other: Tried) -> Tried:
        return Tried(self.tried - other.tried, self.spoiled - other.spoiled)


def chance_of(spoiled: int, *, tried: int, rate: float) -> float:
    """The chance that so many or more of `tried` are ruined when each is with that rate: the upper
    tail of the binomial distribution, exact. Small samples need no rule of their own: of three
    blanko even two ruined ones are not rare enough."""
    if spoiled <= 0:
        return 1.0
    if not 0 < rate < 1:
        return 0.0 if rate <= 0 else 1.0
    log_rate, log_rest = math.log(rate), math.log1p(-rate)
    total = 0.0
    for count in range(spoiled, tried + 1):
        ways = math.lgamma(tried + 1) - math.lgamma(count + 1) - math.lgamma(tried - count + 1)
        term = math.exp(ways + count * log_rate + (tried - count) * log_rest)
        total += term
        if count > tried * rate and term < total * 1e-12:
            break
    return min(1.0, total)


def rate_of(others: Tried, *, rule: Spoils) -> float:
    """The rate that is normal: that of everybody else, where they have printed enough to say.

    (k + 1) / (n + 2), so that a city without one ruined blanko does not accuse the first.
    """
    if others.tried < rule.city_cards_min:
        return rule.normal_per_mille / _MILLE
    return (others.spoiled + 1) / (others.tried + 2)


def is_above_normal(own: Tried, *, others: Tried, rule: Spoils) -> bool:
    """Are these ruined ones more than chance explains?"""
    if own.spoiled < rule.least:
        return False
    chance = chance_of(own.spoiled, tried=own.tried, rate=rate_of(others, rule=rule))
    return chance * _MILLION < rule.chance_per_million


def day_due(now: datetime, *, rule: Closing) -> date | None:
    """The newest working day whose closing hour has passed at local time `now`."""
    for day in _days_back(now.date()):
        is_past = day < now.date() or now.time() >= rule.close_by
        if day.weekday() in rule.weekdays and is_past:
            return day
    return None


def _days_back(day: date) -> Iterator[date]:
    return (day - timedelta(days=back) for back in range(8))


def working_hours(since: datetime, *, until: datetime, rule: Closing) -> float:
    """Hours between two local moments, whole days on which nobody works left out."""
    hours = (until - since).total_seconds() / 3600
    day = since.date()
    while day <= until.date():
        if day.weekday() not in rule.weekdays:
            begin = datetime.combine(day, time.min, tzinfo=since.tzinfo)
            inside = min(until, begin + timedelta(days=1)) - max(since, begin)
            hours -= max(0.0, inside.total_seconds() / 3600)
        day += timedelta(days=1)
    return max(0.0, hours)
