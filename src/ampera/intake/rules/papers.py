"""Papers and policy as dated data: what must be shown for a reason, and which tier serves it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason

_FOLDER: Final = files("ampera.intake.rules")


@dataclass(frozen=True, slots=True)
class PaperName:
    """What a paper is called on screens and receipts."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class PaperRule:
    """The papers for one reason between two days, and the law or letter that says so."""

    reason: Reason
    required: tuple[str, ...]
    since: date
    until: date | None  #: the last day; None while it is in force
    basis: str
    facts: tuple[str, ...] = ()  #: papers of which number, day and issuer are written down
    takes_in_old_card: bool = False  #: at the handover of the new one
    is_kk_first: bool = False  #: the register's data are changed before a card is asked for

    def is_in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@cache
def paper_names() -> Mapping[str, PaperName]:
    """Every paper by its word in the journal (`police_letter`)."""
    return {name: PaperName(**row) for name, row in _read("papers")["names"].items()}


@cache
def paper_rules() -> Sequence[PaperRule]:
    """All rules of the data file. Raises ValueError for a paper without a name."""
    rules = tuple(
        PaperRule(
            reason=Reason(row["reason"]),
            required=tuple(row["required"]),
            since=row["from"],
            until=row.get("until"),
            basis=row["basis"],
            facts=tuple(row.get("facts", ())),
            takes_in_old_card=row.get("old_card", False),
            is_kk_first=row.get("kk_first", False),
        )
        for row in _read("papers")["papers"]
    )
    for rule in rules:
        if unnamed := set(rule.required) - set(paper_names()):
            raise ValueError(f"papers without a name: {sorted(unnamed)}")
    return rules


def papers_required(reason: Reason, *, on: date) -> PaperRule:
    """The rule in force for a reason (domain §2.2). A day without exactly one rule is a defect."""
    found = [rule for rule in paper_rules() if rule.reason is reason and rule.is_in_force(on)]
    assert len(found) == 1, f"{len(found)} paper rules for {reason} on {on}"
    return found[0]


def serves(tier: Tier, *, reason: Reason, on: date) -> bool:
    """Does an office of that tier serve the reason itself (S4)? What it does not, it hands on."""
    return any(
        Tier(row["tier"]) is tier and reason in row["reasons"] and row["from"] <= on
        for row in _read("policy")["serves"]
    )


def serves_residents_of_others(reason: Reason, *, on: date) -> bool:
    """May a resident of another kabkota ask for this here (Permendagri 8/2016 art. 15)?"""
    return any(
        reason in row["reasons"] and row["from"] <= on for row in _read("policy")["out_of_domicile"]
    )


def out_of_domicile(on: date) -> tuple[tuple[Reason, ...], str]:
    """What a resident of another kabkota may ask for on that day, and the law that says so."""
    rows = [row for row in _read("policy")["out_of_domicile"] if row["from"] <= on]
    reasons = tuple(Reason(each) for row in rows for each in row["reasons"])
    return reasons, "; ".join(row["basis"] for row in rows)


def kabkota_of(office: OfficeCode) -> str:
    """`16.71` of 16.71.02 and of 16.71."""
    return office.text[:5]


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
