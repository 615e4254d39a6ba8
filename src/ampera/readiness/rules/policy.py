"""The printing policy: which office prints which reasons from which day, in which order, how many
a day (S2, S4, S5). Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: The capability of an office that has a card printer.
PRINTING: Final = "cetak"
ORDERS: Final = frozenset({"jump", "urgency", "first_card", "waiting_since", "request"})
#: The rank of a request that nobody called urgent.
NOT_URGENT: Final = 99


class QuotaClass(StrEnum):
    """Whom a quota counts."""

    ANY = "any"
    FIRST = "first"
    REPLACEMENT = "replacement"
    GUEST = "guest"  #: a resident of another kabkota: out of domicile


class Moved(StrEnum):
    """How one request comes before others."""

    URGENT = "URGENT"  #: before those that are less urgent
    JUMPED = "JUMPED"  #: before everybody


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
class QueueRow:
    """From this day on, queues stand in this order."""

    since: date
    order: tuple[str, ...]
    basis: str
    per_day: Mapping[Moved, int]  #: how many requests of an office may be moved so on one day


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many cards a day for one class of requests at an office."""

    office: str  #: a code; `kecamatan` or `dinas` stands for each office of that tier
    of: QuotaClass
    per_day: int

    def is_of(self, office: OfficeCode) -> bool:
        return self.office in (office.text, office.tier.value)


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """From this day on, these limits hold, and no others."""

    since: date
    basis: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class UrgencyCode:
    """A reason for which a request may come before others, and the papers that prove it."""

    code: str
    moves: frozenset[Moved]
    rank: int  #: the smaller goes first among the urgent
    text_id: str
    text_en: str
    basis: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LendingRow:
    """From this day on, an office's cards are printed elsewhere for so many days at the most."""

    since: date
    days_max: int
    basis: str


@dataclass(frozen=True, slots=True)
class LendingReason:
    """Why an office's cards are printed elsewhere."""

    code: str
    text_id: str
    text_en: str
    needs_stop: bool  #: only while all printers of the office are reported down


@dataclass(frozen=True, slots=True)
class Policy:
    """All dated rows, oldest first."""

    printing: tuple[PrintingRow, ...]
    queue: tuple[QueueRow, ...]
    quotas: tuple[QuotaRow, ...]
    urgencies: Mapping[str, UrgencyCode]
    evidence: Mapping[str, tuple[str, str]]  #: code → (Indonesian, English)
    lending: tuple[LendingRow, ...]
    lending_reasons: Mapping[str, LendingReason]
    permit_days: int
    renew_below_days: int
    forfeit_after_days: int

    def printing_on(self, day: date) -> Mapping[Tier, frozenset[Reason]]:
        """The row in force on a day; nothing is printed before the first."""
        rows = [row for row in self.printing if row.since <= day]
        return rows[-1].reasons if rows else {}

    def queue_on(self, day: date) -> QueueRow:
        """The row in force on a day; before the first the request's id alone decides."""
        rows = [row for row in self.queue if row.since <= day]
        return rows[-1] if rows else QueueRow(date.min, ("request",), "", {})

    def order_on(self, day: date) -> tuple[str, ...]:
        return self.queue_on(day).order

    def quotas_on(self, day: date) -> QuotaRow:
        """The row of quotas in force on a day; no limits before the first."""
        rows = [row for row in self.quotas if row.since <= day]
        return rows[-1] if rows else QuotaRow(date.min, "", ())

    def lending_on(self, day: date) -> LendingRow:
        """The row of lendings in force on a day; before the first nothing is lent."""
        rows = [row for row in self.lending if row.since <= day]
        return rows[-1] if rows else LendingRow(date.min, 0, "")

    def limits_on(self, day: date, *, office: OfficeCode) -> dict[QuotaClass, int]:
        """Cards a day by class at that office; empty where nothing is limited."""
        found: dict[QuotaClass, int] = {}
        for limit in self.quotas_on(day).limits:
            if limit.is_of(office):
                found[limit.of] = min(limit.per_day, found.get(limit.of, limit.per_day))
        return found


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
    queue = tuple(_queue_row(row) for row in sorted(data["queue"], key=lambda row: row["from"]))
    quotas = tuple(_quota_row(row) for row in sorted(data["quota"], key=lambda row: row["from"]))
    evidence = {name: (row["id"], row["en"]) for name, row in data["evidence"].items()}
    urgencies = {name: _urgency(name, row) for name, row in data["urgency"].items()}
    for each in urgencies.values():
        if not each.evidence or not set(each.evidence) <= set(evidence):
            raise ValueError(f"{each.code} is proved by papers that nobody has described")
    lending = [LendingRow(row["from"], row["days_max"], row["basis"]) for row in data["lending"]]
    reasons = {
        name: LendingReason(name, row["id"], row["en"], row["needs_stop"])
        for name, row in data["lending_reason"].items()
    }
    permit = data["permit"]
    return Policy(
        printing=printing,
        queue=queue,
        quotas=quotas,
        urgencies=MappingProxyType(urgencies),
        evidence=MappingProxyType(evidence),
        lending=tuple(sorted(lending, key=lambda row: row.since)),
        lending_reasons=MappingProxyType(reasons),
        permit_days=permit["days"],
        renew_below_days=permit["renew_below_days"],
        forfeit_after_days=permit["forfeit_after_days"],
    )


def _queue_row(row: Mapping[str, Any]) -> QueueRow:
    order = tuple(row["order"])
    if not set(order) <= ORDERS or order[-1] != "request":
        raise ValueError(f"a queue is ordered by {sorted(ORDERS)}, the request last")
    per_day = {
        Moved.URGENT: row.get("urgencies_per_day", 0),
        Moved.JUMPED: row.get("jumps_per_day", 0),
    }
    return QueueRow(row["from"], order, row["basis"], MappingProxyType(per_day))


def _quota_row(row: Mapping[str, Any]) -> QuotaRow:
    limits = tuple(
        Limit(each["office"], QuotaClass(each["of"]), each["per_day"]) for each in row["limits"]
    )
    # A quota of nobody would let its class wait for ever; a closed office is another rule's word.
    if any(each.per_day < 1 for each in limits):
        raise ValueError("a quota lets at least one card a day through")
    return QuotaRow(row["from"], row["basis"], limits)


def _urgency(code: str, row: Mapping[str, Any]) -> UrgencyCode:
    if not 1 <= row["rank"] < NOT_URGENT:
        raise ValueError(f"{code}: a rank lies between 1 and {NOT_URGENT - 1}")
    moves = frozenset(Moved(each) for each in row["moves"])
    return UrgencyCode(
        code=code,
        moves=moves,
        rank=row["rank"],
        text_id=row["id"],
        text_en=row["en"],
        basis=row["basis"],
        evidence=tuple(row["evidence"]),
    )


def policy_text() -> str:
    """The policy data of this release, from `policy.toml`."""
    return files("ampera.readiness").joinpath("policy.toml").read_text("utf-8")


@cache
def policy() -> Policy:
    """The policy of this release."""
    return read_policy(policy_text())


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
