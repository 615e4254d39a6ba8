"""Printing lent: for some days one office's cards are printed at another one. Pure.

A lending moves nothing that is open. It says where permits are granted while it lasts: what was
granted to either office before it, or under it, stays where it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ampera.readiness.rules.policy import OfficeCard, Policy, reasons_printed
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: Why a lending ended before its last day.
PRINTER_UP: Final = "PRINTER_UP"
DECIDED: Final = "DECIDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """The cards of `home` are printed at `at`, from `since` to `until`, its last day."""

    lending: str
    home: OfficeCode
    at: OfficeCode
    since: date
    until: date
    why: str  #: a code of `policy.toml`
    ends_when_up: bool  #: … or until a printer of `home` is up again, if that comes first
    begun_at: str  #: UTC text
    ended_at: str = ""  #: UTC text, empty while nobody ended it
    ended_why: str = ""

    def is_in_force(self, day: date, *, moment: str = "") -> bool:
        """Are cards of `home` granted elsewhere on that day, at that moment of it (UTC text)?

        Without a moment: now.
        """
        if not self.since <= day <= self.until:
            return False
        if not moment:
            return not self.ended_at
        return self.begun_at <= moment and (not self.ended_at or moment < self.ended_at)

    def is_over(self, day: date) -> bool:
        return bool(self.ended_at) or day > self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class LendWish:
    """What an officer of the dinas wants to decide."""

    home: OfficeCode
    at: OfficeCode
    since: date
    until: date
    why: str
    ends_when_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LendFacts:
    """What decides it. The cards are None for offices that nobody described."""

    dinas: OfficeCode
    home: OfficeCard | None
    at: OfficeCard | None
    is_home_down: bool  #: are all printers of `home` reported down?
    is_at_down: bool
    others: tuple[Lending, ...]  #: lendings of either office that are not over


def decide_lend(wish: LendWish, *, facts: LendFacts, day: date, by: Policy) -> Refusal | None:
    """May the cards of one office be printed at another? None means yes."""
    return (
        _check_offices(wish, facts, by)
        or _check_days(wish, day, by)
        or _check_stop(wish, facts, by)
        or _check_others(wish, facts.others)
    )


def _check_offices(  # positional: one wish
    wish: LendWish, facts: LendFacts, by: Policy
) -> Refusal | None:
    for code, card in ((wish.home, facts.home), (wish.at, facts.at)):
        if card is None or facts.dinas not in (code, code.upper):
            return Refusal("readiness.office_unknown", office=code.text)
    assert facts.home is not None
    assert facts.at is not None
    if wish.home.tier is not Tier.KECAMATAN:
        # The dinas prints what needs its own desks: the old card, the register, a guest's mandate.
        return Refusal("readiness.lending_of_dinas")
    if wish.home == wish.at:
        return Refusal("readiness.lending_to_itself")
    target = reasons_printed(facts.at, day=wish.since, by=by)
    if isinstance(target, Refusal):
        return target
    lent = lent_reasons(facts.home, at=wish.at, day=wish.since, by=by)
    if not lent:
        return Refusal("readiness.nothing_to_lend", office=wish.home.text)
    return None


def _check_days(wish: LendWish, day: date, by: Policy) -> Refusal | None:  # positional: one wish
    most = by.lending_on(wish.since).days_max
    is_in_order = day <= wish.since <= wish.until
    if not is_in_order or wish.until >= wish.since + timedelta(days=most):
        return Refusal("readiness.lending_days", most=most)
    return None


def _check_stop(  # positional: one wish
    wish: LendWish, facts: LendFacts, by: Policy
) -> Refusal | None:
    reason = by.lending_reasons.get(wish.why)
    if reason is None:
        return Refusal("readiness.lending_reason")
    if reason.needs_stop and not facts.is_home_down:
        return Refusal("readiness.lending_not_down", office=wish.home.text)
    if facts.is_at_down:
        return Refusal("readiness.lending_target_down", office=wish.at.text)
    return None


def _check_others(wish: LendWish, others: Iterable[Lending]) -> Refusal | None:  # positional
    """Lendings are not chained: no card is sent on from the office to which it was lent."""
    for each in others:
        if each.until < wish.since or wish.until < each.since:
            continue
        if each.home == wish.home:
            told = {"office": each.home.text, "to": each.at.text, "day": each.until.isoformat()}
            return Refusal("readiness.lent_already", **told)
        if wish.at == each.home or wish.home == each.at:
            told = {"office": each.home.text, "to": each.at.text}
            return Refusal("readiness.lending_in_chain", **told)
    return None


def decide_end(lending: Lending | None, *, day: date) -> Refusal | None:
    """May this lending be ended now?"""
    if lending is None:
        return Refusal("readiness.lending_unknown")
    if lending.is_over(day):
        return Refusal("readiness.lending_over")
    return None


def lent_reasons(home: OfficeCard, *, at: OfficeCode, day: date, by: Policy) -> frozenset[Reason]:
    """Which of its cards an office that cannot print lends to that one.

    To a kecamatan first cards only: the counter that hands over a replacement takes the old card
    in, and another kecamatan knows nothing of it.
    """
    reasons = reasons_printed(home, day=day, by=by)
    if isinstance(reasons, Refusal):
        return frozenset()
    if at.tier is Tier.KECAMATAN:
        return frozenset(each for each in reasons if not each.is_replacement)
    return reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """An office that could print for another one."""

    office: OfficeCode
    on_shelf: int  #: blanks
    open_permits: int
    waiting: int  #: its own queue
    lot: int  #: permits that it can still be given: by its blanks and its days of work
    capacity: int  #: cards a day

    @property
    def free(self) -> int:
        """Cards that it could print beyond its own queue, as far as is known now."""
        return max(0, self.lot - self.waiting)


def best_helpers(helpers: Collection[Helper]) -> list[Helper]:
    """The most free first: beyond its own queue, then by its lot, its pace and its code.

    How far an office is nobody has told: distance does not count.
    """
    return sorted(helpers, key=lambda h: (-h.free, -h.lot, -h.capacity, h.office.text))
