"""Causes and what becomes of withdrawn pieces, as dated data (domain §2.6)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


class Cause(StrEnum):
    """Why a piece was withdrawn; the word of reports and berita acara."""

    FACTORY_BAD = "FACTORY_BAD"
    FAILED_ENCODE = "FAILED_ENCODE"
    FAILED_PRINT = "FAILED_PRINT"
    DAMAGED = "DAMAGED"
    DATA_CHANGED = "DATA_CHANGED"
    MOVED = "MOVED"
    DIED = "DIED"
    FOUND_AGAIN = "FOUND_AGAIN"
    BLOCKED = "BLOCKED"
    ANNULLED = "ANNULLED"
    UNCOLLECTED = "UNCOLLECTED"
    OTHER = "OTHER"


class Way(StrEnum):
    """What is done with withdrawn pieces."""

    SENT = "SENT"  #: to the ministry, as evidence for its audit
    CUT = "CUT"
    BURNED = "BURNED"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done from a day on, how long a piece may lie, and which order says so."""

    since: date
    way: Way
    lies_days_max: int  #: negative: nothing is said about it
    basis: str

    def is_overdue(self, came_on: date, *, day: date) -> bool:
        """Does a piece that came in on that day lie too long?"""
        return self.lies_days_max >= 0 and came_on + timedelta(days=self.lies_days_max) < day


@dataclass(frozen=True, slots=True)
class CauseText:
    """A cause in words, and printing's words for it."""

    id: str
    en: str
    spoiled_as: tuple[str, ...]


@cache
def _data() -> Mapping[str, Any]:
    text = files("ampera.withdrawal").joinpath("policy.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def rules() -> Sequence[Rule]:
    """Every rule, oldest first."""
    rows = [
        Rule(row["from"], Way(row["way"]), row["lies_days_max"], row["basis"])
        for row in _data()["rule"]
    ]
    return tuple(sorted(rows, key=lambda each: each.since))


def rule_on(day: date) -> Rule:
    """The rule in force; the oldest also holds before its first day."""
    return next((each for each in reversed(rules()) if each.since <= day), rules()[0])


@cache
def causes() -> Mapping[Cause, CauseText]:
    """The text of every cause."""
    found = {
        Cause(row["code"]): CauseText(row["id"], row["en"], tuple(row["spoiled_as"]))
        for row in _data()["cause"]
    }
    assert set(found) == set(Cause)
    return MappingProxyType(found)


def travel_days_max() -> int:
    """How many days a package may be under way before that is an alarm."""
    return int(_data()["travel"]["days_max"])


def cause_of_spoil(word: str) -> Cause:
    """Printing's word for why a blank was ruined, as a cause of this register."""
    for cause, text in causes().items():
        if word in text.spoiled_as:
            return cause
    return Cause.OTHER
