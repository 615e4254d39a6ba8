"""How a receiver must be known and when a card counts as uncollected: dated data, read once.

The policy is applied in the action and its result stands in the entry; a new row moves nothing
that was handed over.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

#: A finger is never recorded by a person: the matcher says it.
_WAYS: Final = frozenset({"DOCUMENT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncollected:
    """After how many days a ready card is reminded of, brought, reported."""

    remind_days: int
    lurah_days: int
    report_days: int

    def __post_init__(self) -> None:
        if not 0 < self.remind_days <= self.lurah_days <= self.report_days:
            raise ValueError("a card is reminded of, then brought, then reported")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of the policy with its words; `ask` is what to do next, where there is something."""

    code: str
    id: str
    en: str
    ask: str = ""
    ask_en: str = ""
    door: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """All dated rows, oldest first."""

    verification: tuple[tuple[date, frozenset[str]], ...]
    uncollected: tuple[tuple[date, Uncollected], ...]
    exceptions: Mapping[str, Code]
    undelivered: Mapping[str, Code]
    #: How the number of a card from before Ampera looks: a pattern.
    old_serial: str

    def is_old_serial(self, serial: str) -> bool:
        """May this be the number of a card from before Ampera?"""
        return serial.isascii() and re.fullmatch(self.old_serial, serial) is not None

    def may_record_alone(self, verified: str, *, day: date) -> bool:
        """May one officer record this way of knowing the receiver, without a second?"""
        rows = [ways for since, ways in self.verification if since <= day]
        return bool(rows) and verified in rows[-1]

    def uncollected_on(self, day: date) -> Uncollected:
        """The row in force; the first one before it."""
        rows = [row for since, row in self.uncollected if since <= day]
        return rows[-1] if rows else self.uncollected[0][1]


def read_policy(text: str) -> Policy:
    """Read policy data. Raises ValueError or KeyError when a row says what nobody understands."""
    data = tomllib.loads(text)
    verification = tuple(
        (row["from"], frozenset(row["alone"]))
        for row in sorted(data["verification"], key=lambda row: row["from"])
    )
    for _, ways in verification:
        if not ways <= _WAYS:
            raise ValueError(f"alone may be recorded: {sorted(_WAYS)}")
    return Policy(
        verification=verification,
        uncollected=tuple(
            (row["from"], Uncollected(**{k: v for k, v in row.items() if k != "from"}))
            for row in sorted(data["uncollected"], key=lambda row: row["from"])
        ),
        exceptions=_codes(data["exception"]),
        undelivered=_codes(data["undelivered"]),
        old_serial=re.compile(data["old_card"]["serial"]).pattern,
    )


def _codes(rows: list[dict[str, Any]]) -> Mapping[str, Code]:
    found = {row["code"]: Code(**row) for row in rows}
    if len(found) != len(rows):
        raise ValueError("a code stands twice")
    return MappingProxyType(found)


@cache
def policy() -> Policy:
    """The policy of this release, from `policy.toml`."""
    return read_policy(files("ampera.delivery").joinpath("policy.toml").read_text("utf-8"))
