"""When a day closes, how long a difference stands, when the books raise an alarm: dated data.
Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from ampera.words.office import OfficeCode, Tier

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """By when a day is closed, on which weekdays (0 is Monday), and how long a difference
    stands."""

    close_by: time
    weekdays: frozenset[int]
    settle_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoils:
    """What share of ruined blanko is more than chance: see `policy.toml` for the reasons."""

    window_days: int
    normal_per_mille: int
    city_cards_min: int
    chance_per_million: int
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """After how many days a shipment is overdue, by who is to receive it."""

    kecamatan_days: int
    dinas_days: int
    far_days: int
    far: frozenset[str]

    def days_to(self, receiver: OfficeCode) -> int:
        if receiver.text[:2] in self.far:
            return self.far_days
        return self.kecamatan_days if receiver.tier is Tier.KECAMATAN else self.dinas_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All dated rows, oldest first."""

    closing: tuple[tuple[date, Closing], ...]
    spoils: tuple[tuple[date, Spoils], ...]
    shipment: tuple[tuple[date, Overdue], ...]
    silence: tuple[tuple[date, int], ...]
    loan: tuple[tuple[date, int], ...]

    def closing_on(self, day: date) -> Closing:
        return _in_force(self.closing, day)

    def spoils_on(self, day: date) -> Spoils:
        return _in_force(self.spoils, day)

    def overdue_on(self, day: date) -> Overdue:
        return _in_force(self.shipment, day)

    def silence_hours_on(self, day: date) -> int:
        return _in_force(self.silence, day)

    def loan_due(self, day: date) -> date:
        """By when a loan of that day is to be back where its minutes name no other day."""
        return day + timedelta(days=_in_force(self.loan, day))


def _in_force(rows: tuple[tuple[date, T], ...], day: date) -> T:  # positional: rows and a day
    """The row in force on a day; the first one before it."""
    found = [row for since, row in rows if since <= day]
    return found[-1] if found else rows[0][1]


def read_policy(text: str) -> Policy:
    """Read policy data. Raises ValueError or KeyError when a row says what nobody understands."""
    data = tomllib.loads(text)
    policy = Policy(
        closing=tuple((row["from"], _closing(row)) for row in _dated(data["closing"])),
        spoils=tuple((row["from"], Spoils(**_without(row))) for row in _dated(data["spoils"])),
        shipment=tuple(
            (row["from"], Overdue(**{**_without(row), "far": frozenset(row["far"])}))
            for row in _dated(data["shipment"])
        ),
        silence=tuple((row["from"], int(row["hours"])) for row in _dated(data["silence"])),
        loan=tuple((row["from"], int(row["days"])) for row in _dated(data["loan"])),
    )
    if any(days < 1 for _, days in policy.loan):
        raise ValueError("a loan lasts at least a day")
    for _, spoils in policy.spoils:
        if not (0 < spoils.normal_per_mille < 1000 and 0 < spoils.chance_per_million < 10**6):
            raise ValueError("a rate and a chance lie between nothing and all")
    return policy


def _closing(row: dict[str, Any]) -> Closing:
    weekdays = frozenset(row["weekdays"])
    if not weekdays <= frozenset(range(7)) or row["settle_days"] < 1:
        raise ValueError("weekdays go from 0 to 6, and a difference stands at least a day")
    return Closing(
        close_by=time.fromisoformat(row["close_by"]),
        weekdays=weekdays,
        settle_days=row["settle_days"],
    )


def _dated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["from"])


def _without(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "from"}


@cache
def policy() -> Policy:
    """The policy of this release, from `policy.toml`."""
    return read_policy(files("ampera.blanko").joinpath("policy.toml").read_text("utf-8"))
