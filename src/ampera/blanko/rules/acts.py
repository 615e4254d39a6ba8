"""What an act of two persons asks, and how a shipment seen is split. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Who fetches or brings blanko in person, by which paper, and under which letter."""

    name: str = field(repr=False)
    paper: str = field(repr=False)  #: NIP or the number of an identity paper
    letter: str  #: of assignment, or of the request

    def body(self) -> dict[str, Any]:
        return {"name": self.name, "paper": self.paper}

    @property
    def is_whole(self) -> bool:
        return bool(self.name and self.paper and self.letter)

    @classmethod
    def read(cls, facts: Mapping[str, Any], *, body: Mapping[str, Any] | None) -> Carried | None:
        """From an entry; None where nobody was named. Erased names are empty."""
        if "letter" not in facts:
            return None
        told = body or {}
        return cls(
            name=str(told.get("name", "")),
            paper=str(told.get("paper", "")),
            letter=str(facts["letter"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanTerms:
    """With which city, on whose request, until when, and who took the blanko away."""

    city: str  #: code of the other dinas, which borrows or lends: `16.72`
    until: date | None  #: None: as the policy says
    carried: Carried


def check_loan(terms: LoanTerms, *, own: OfficeCode, today: date) -> Refusal | None:
    """Between two cities, with a letter, a name with a paper, and a day that is not past."""
    if own.tier is not Tier.DINAS:
        return Refusal("blanko.loan_tier", office=str(own))
    try:
        city = OfficeCode(terms.city)
    except ValueError:
        return Refusal("blanko.loan_city", city=terms.city)
    if city.tier is not Tier.DINAS or city == own:
        return Refusal("blanko.loan_city", city=terms.city)
    if not terms.carried.is_whole:
        return Refusal("blanko.courier_missing")
    if terms.until is not None and terms.until < today:
        return Refusal("blanko.loan_until", day=terms.until.isoformat())
    return None


def check_two(officer: str, *, witness: str) -> Refusal | None:
    """Two persons: both proved themselves in this act; the second is not the author."""
    if not witness or witness == officer:
        return Refusal("officer.same_person")
    return None


def split_seen(
    sent: Iterable[str], *, seen: Iterable[str], shipment: str
) -> tuple[list[str], list[str]] | Refusal:
    """(received, missing) of a shipment. Goods that are not of it are refused: they are
    *unmatched*.
    """
    sent_items, seen_items = set(sent), set(seen)
    for extra in sorted(seen_items - sent_items):
        return Refusal("blanko.not_in_shipment", item=extra, shipment=shipment)
    return sorted(seen_items), sorted(sent_items - seen_items)
