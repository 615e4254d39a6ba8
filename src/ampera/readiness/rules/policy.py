"""The printing policy: which office prints which reasons from which day (S2, S4, S5). Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: The capability of an office that has a card printer.
PRINTING: Final = "cetak"
ORDERS: Final = frozenset({"first_card", "waiting_since", "request"})


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """What the policy asks about an office: its printer, its opening day, whom it hosts."""

    office: OfficeCode
    prints_from: date | None
    capabilities: frozenset[str]
    hosts: tuple[OfficeCode, ...] = ()  #: kecamatan without a printer that it serves (S5)

    def facts(self) -> dict[str, Any]:
        return {
            "office": str(self.office),
            "prints_from": self.prints_from.isoformat() if self.prints_from else "",
            "capabilities": sorted(self.capabilities),
            "hosts": [str(each) for each in self.hosts],
        }


@dataclass(frozen=True, slots=True)
class PrintingRow:
    """From this day on, these reasons are printed at a kecamatan and those at the dinas."""

    since: date
    reasons: Mapping[Tier, frozenset[Reason]]


@dataclass(frozen=True, slots=True)
class Policy:
    """All dated rows, oldest first."""

    printing: tuple[PrintingRow, ...]
    queue: tuple[tuple[date, tuple[str, ...]], ...]
    permit_days: int
    renew_below_days: int
    forfeit_after_days: int

    def printing_on(self, day: date) -> Mapping[Tier, frozenset[Reason]]:
        """The row in force on a day; nothing is printed before the first."""
        rows = [row for row in self.printing if row.since <= day]
        return rows[-1].reasons if rows else {}

    def order_on(self, day: date) -> tuple[str, ...]:
        rows = [order for since, order in self.queue if since <= day]
        return rows[-1] if rows else ("request",)


def read_policy(text: str) -> Policy:
    """Read policy data. Raises ValueError or KeyError when a row says what nobody understands."""
    data = tomllib.loads(text)
    printing = tuple(
        PrintingRow(
            row["from"],
            MappingProxyType(
                {
                    Tier.KECAMATAN: frozenset(Reason(each) for each in row["kecamatan"]),
                    Tier.DINAS: frozenset(Reason(each) for each in row["dinas"]),
                }
            ),
        )
        for row in sorted(data["printing"], key=lambda row: row["from"])
    )
    queue = tuple(
        (row["from"], tuple(row["order"]))
        for row in sorted(data["queue"], key=lambda row: row["from"])
    )
    for _, order in queue:
        if not set(order) <= ORDERS or order[-1] != "request":
            raise ValueError(f"a queue is ordered by {sorted(ORDERS)}, the request last")
    permit = data["permit"]
    return Policy(
        printing=printing,
        queue=queue,
        permit_days=permit["days"],
        renew_below_days=permit["renew_below_days"],
        forfeit_after_days=permit["forfeit_after_days"],
    )


@cache
def policy() -> Policy:
    """The policy of this release, from `policy.toml`."""
    return read_policy(files("ampera.readiness").joinpath("policy.toml").read_text("utf-8"))


def reasons_printed(card: OfficeCard, *, day: date, by: Policy) -> frozenset[Reason] | Refusal:
    """Which reasons this office prints on that day, or why it prints nothing."""
    office = str(card.office)
    if PRINTING not in card.capabilities or card.prints_from is None:
        return Refusal("readiness.office_cannot_print", office=office)
    if day < card.prints_from:
        return Refusal("readiness.office_not_open", office=office, day=card.prints_from.isoformat())
    reasons = by.printing_on(day).get(card.office.tier, frozenset())
    return reasons or Refusal("readiness.office_cannot_print", office=office)


def printing_tier(reason: Reason, *, day: date, by: Policy) -> Tier | None:
    """The tier that prints this reason on that day; the kecamatan comes first where both may."""
    row = by.printing_on(day)
    for tier in (Tier.KECAMATAN, Tier.DINAS):
        if reason in row.get(tier, frozenset()):
            return tier
    return None


def print_until(day: date, *, by: Policy) -> date:
    """The last day on which a permit granted or renewed today may be printed."""
    return day + timedelta(days=by.permit_days)


def is_to_renew(until: date, *, day: date, by: Policy) -> bool:
    """Is a permit near enough to its end, but not past it?"""
    return day <= until < day + timedelta(days=by.renew_below_days)


def is_forfeitable(until: date, *, day: date, by: Policy) -> bool:
    return day > until + timedelta(days=by.forfeit_after_days)
