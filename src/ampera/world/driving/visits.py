"""What residents do, drawn from a seed: who comes when, with what, and who collects. Pure.

The same seed, day and office give the same visits, whatever was asked before: a driver that starts
again knows them without having written them down. Nobody here exists: DATA CONTOH.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from ampera.intake.rules.papers import papers_required
from ampera.register.rules.palembang import FIRST_FOUR, OFFICES
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.world.driving.hours import LAST_VISIT, RUSH, local, opening

#: Why people come to a kecamatan, and why straight to the dinas, which prints replacements (S4).
_REASONS: Final = {
    Tier.KECAMATAN: (
        *((Reason.NEW, 68), (Reason.LOST, 14), (Reason.DAMAGED, 8)),
        *((Reason.DATA_CHANGED, 7), (Reason.MOVED, 3)),
    ),
    Tier.DINAS: (
        *((Reason.LOST, 40), (Reason.DAMAGED, 25)),
        *((Reason.DATA_CHANGED, 25), (Reason.MOVED, 10)),
    ),
}
#: Of ten residents two go to the dinas with whatever they need, and never to their kecamatan.
_GO_TO_DINAS_SHARE: Final = 0.2
#: Where cards are printed already, four come for one elsewhere: it was in the newspaper.
_PRINTING_WEIGHT: Final = 4.0
_KEPT_AT_DINAS: Final = (14, 26)
_COLLECT_MINUTES: Final = (5, 90)


@dataclass(frozen=True, slots=True)
class Habits:
    """How residents of one city behave. Shares lie between 0 and 1."""

    seed: int = 1
    per_hour: float = 40.0  #: visits in an hour of the city's clock, all offices together
    lacks_papers: float = 0.12
    clicks_twice: float = 0.15
    asks_at_two_offices: float = 0.015
    never_collects: float = 0.08
    sends_proxy: float = 0.06
    #: Of residents who ask for a new card, so many have one that this city printed, if there are.
    had_own_card: float = 0.7
    worn_fingers: float = 0.04
    spoiled: float = 0.02
    rejected: float = 0.02
    short_shipment: float = 0.2


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody comes to a counter."""

    key: str
    at: datetime
    office: OfficeCode
    reason: Reason
    pick: float  #: which of those who might come: a place between 0 and 1
    pick_area: float  #: from which kecamatan that the office serves
    lacks_paper: bool
    comes_back_after: timedelta  #: with the paper that was missing
    clicks_twice: bool  #: the officer's mouse: the same command twice
    also_at_dinas: bool  #: asks there first, so that one person is recorded twice
    had_own_card: bool


def chance_of(habits: Habits, *about: object) -> Random:
    """A source of chance for one question, the same each time it is asked."""
    told = "/".join(str(each) for each in (habits.seed, *about))
    return Random(hashlib.sha256(told.encode()).digest())


def visits_on(
    at: datetime, *, office: OfficeCode, offices: Sequence[OfficeCode], habits: Habits
) -> list[Visit]:
    """All visits of one office on the local day of that moment, in their order.

    `offices` are all that people may go to: they share `per_hour` between them.
    """
    hours = opening(at, office=office)
    if hours is None:
        return []
    day = hours[0].date()
    weights = {each: _weight(each, at=hours[0]) for each in offices}
    per_hour = habits.per_hour * weights[office] / sum(weights.values())
    chance = chance_of(habits, "visits", f"{habits.per_hour:g}", day, office)
    found: list[Visit] = []
    now = hours[0]
    while per_hour > 0:
        rate = per_hour * RUSH.get(now.hour, 1.0)
        now += timedelta(hours=chance.expovariate(rate))
        if now > hours[1] - LAST_VISIT:
            break
        key = f"{habits.seed}/{habits.per_hour:g}/{day}/{office}/{len(found)}"
        found.append(_visit(key, now, office, habits))
    return found


def _visit(key: str, at: datetime, office: OfficeCode, habits: Habits) -> Visit:
    chance = chance_of(habits, "visit", key)
    reasons = _REASONS[office.tier]
    reason = chance.choices([each for each, _ in reasons], [share for _, share in reasons])[0]
    is_first = reason is Reason.NEW
    return Visit(
        key=key,
        at=at,
        office=office,
        reason=reason,
        pick=chance.random(),
        pick_area=chance.random(),
        lacks_paper=chance.random() < habits.lacks_papers,
        comes_back_after=timedelta(minutes=chance.randint(40, 150)),
        clicks_twice=chance.random() < habits.clicks_twice,
        also_at_dinas=is_first and chance.random() < habits.asks_at_two_offices,
        had_own_card=not is_first and chance.random() < habits.had_own_card,
    )


def _weight(office: OfficeCode, *, at: datetime) -> float:
    plan = next((each for each in OFFICES if each.code == office), None)
    opens = plan.prints_from if plan is not None else None
    is_printing = opens is not None and opens <= local(at, office=office).date()
    return _PRINTING_WEIGHT if is_printing else 1.0


def goes_to_dinas(nik: str, *, habits: Habits) -> bool:
    """Which of the two counters a resident goes to. Nobody goes to both by chance: the two servers
    would hear of each other too late."""
    return chance_of(habits, "counter", nik).random() < _GO_TO_DINAS_SHARE


def papers_shown(visit: Visit) -> list[str]:
    """The papers that the resident brings; one of them is left at home when `lacks_paper`."""
    day = local(visit.at, office=visit.office).date()
    required = list(papers_required(visit.reason, on=day).required)
    if visit.lacks_paper:
        del required[int(visit.pick * len(required))]
    return required


def letter_shown(visit: Visit) -> dict[str, Any]:
    """The police's letter of whoever lost a card, as a counter copies it."""
    if visit.reason is not Reason.LOST:
        return {}
    day = local(visit.at, office=visit.office).date()
    number = f"SKH/{int(visit.pick * 9000) + 1000}/CONTOH"
    return {"letter": {"number": number, "on": day.isoformat(), "office": "Polsek Contoh"}}


def collects_at(card: str, *, ready_at: datetime, habits: Habits) -> datetime | None:
    """When the holder comes for a finished card; None: never, it stays in the drawer."""
    chance = chance_of(habits, "collect", card)
    if chance.random() < habits.never_collects:
        return None
    return ready_at + timedelta(minutes=chance.uniform(*_COLLECT_MINUTES))


def has_worn_finger(request: str, *, habits: Habits) -> bool:
    """Is one finger of this resident unreadable (domain §2.7)?"""
    return chance_of(habits, "finger", request).random() < habits.worn_fingers


def sends_proxy(card: str, *, habits: Habits) -> bool:
    """Does somebody else come for the card, with a letter?"""
    return chance_of(habits, "proxy", card).random() < habits.sends_proxy


def is_rejected(card: str, *, habits: Habits) -> bool:
    """Is the print so bad that two officers reject the card?"""
    return chance_of(habits, "check", card).random() < habits.rejected


def is_spoiled(run: str, *, habits: Habits) -> bool:
    """Does a card of this run jam in the printer?"""
    return chance_of(habits, "spoil", run).random() < habits.spoiled


def shares_of_blanko(
    offices: Sequence[OfficeCode], *, on_shelf: int, habits: Habits
) -> dict[OfficeCode, int]:
    """How many blanko of its own shelf the dinas gives to the kecamatan that print first.

    It keeps a handful and asks the pusat for more: nobody has enough while the next supply is
    months away (S3).
    """
    takers = sorted(each for each in offices if each.text in FIRST_FOUR)
    chance = chance_of(habits, "share")
    given = on_shelf - chance.randint(*_KEPT_AT_DINAS)
    if not takers or given < len(takers):
        return {}
    return {each: given // len(takers) for each in takers}


def is_short(shipment: str, *, habits: Habits) -> bool:
    """Does one blanko of this shipment not arrive?"""
    return chance_of(habits, "short", shipment).random() < habits.short_shipment
