"""Holds on a handover: the card is recorded, permitted and printed, but not given (domain §7.3).

A hold bars the handover alone. It has an owner, a paper and a last day; two officers lift it
before that day. Pure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class HoldReason:
    """Why a handover may be held, from which day on, and for how many days at most."""

    code: str
    since: date
    days_max: int
    id: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFacts:
    """What decides whether a hold is in force; `until` is its last day."""

    since: date
    until: date
    lifted_on: date | None = None

    def is_in_force(self, on: date) -> bool:
        if self.lifted_on is not None and self.lifted_on <= on:
            return False
        return self.since <= on <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWanted:
    """What an officer says who places a hold: who asked, on which paper, until when."""

    reason: str
    owner: str  #: the office or agency that asked for it
    basis: str  #: the paper: its kind, number and day
    until: date


@cache
def hold_reasons() -> Mapping[str, HoldReason]:
    """Every reason by its code, from `holds.toml`."""
    text = files("ampera.readiness").joinpath("holds.toml").read_text("utf-8")
    return MappingProxyType(
        {
            row["code"]: HoldReason(row["code"], row["from"], row["days_max"], row["id"], row["en"])
            for row in tomllib.loads(text)["reason"]
        }
    )


def check_place(wanted: HoldWanted, *, day: date, officer: str) -> Refusal | None:
    """May this hold be placed on that day?"""
    reason = hold_reasons().get(wanted.reason)
    if reason is None or day < reason.since:
        return Refusal("readiness.hold_reason")
    if not officer:
        return Refusal("readiness.hold_by_nobody")
    if not wanted.owner.strip() or not wanted.basis.strip():
        return Refusal("readiness.hold_basis")
    last = day + timedelta(days=reason.days_max)
    if not day <= wanted.until <= last:
        return Refusal("readiness.hold_until", day=last.isoformat(), days=reason.days_max)
    return None


def check_lift(
    known: HoldFacts | None, *, day: date, officer: str, witness: str, basis: str
) -> Refusal | None:
    """May this hold be lifted? Before its last day by two officers and on a paper; after it there
    is nothing to lift."""
    if known is None:
        return Refusal("readiness.hold_unknown")
    if known.lifted_on is not None or day > known.until:
        return Refusal("readiness.hold_over")
    if not basis.strip():
        return Refusal("readiness.hold_basis")
    if not officer or not witness or witness == officer:
        return Refusal("officer.same_person")
    return None
