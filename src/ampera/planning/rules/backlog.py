"""What backlog is: one definition for every page, report and plan. Pure: facts in, place out.

Published figures of one city and one week lie between 82,000 and 222,000 because nobody said what
was counted (domain §11). Here three parts are counted, each at a cut-off time, and each case stands
in one of them at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ampera.words.office import OfficeCode
from ampera.words.reason import Reason


class Part(StrEnum):
    """The three parts of the backlog (domain §10.18)."""

    READY = "READY"  #: PRINT_READY_RECORD, not printed: needs a blanko
    NOT_READY = "NOT_READY"  #: asked for, and something before the print is missing
    PRINTED = "PRINTED"  #: printed, not in the holder's hand


class Actor(StrEnum):
    """Who has to do the next thing."""

    RESIDENT = "RESIDENT"
    KECAMATAN = "KECAMATAN"
    DINAS = "DINAS"
    PUSAT = "PUSAT"


class Why(StrEnum):
    """What a case waits for. The order is that of the line, last stop first."""

    TO_HAND_OVER = "TO_HAND_OVER"
    TO_CHECK = "TO_CHECK"
    IN_QUEUE = "IN_QUEUE"
    PERMITTED = "PERMITTED"
    IN_DISPUTE = "IN_DISPUTE"
    OTHER_CARD = "OTHER_CARD"
    HAS_CARD = "HAS_CARD"
    TO_CONFIRM = "TO_CONFIRM"
    DUPLICATE = "DUPLICATE"
    TO_BE_MANDATED = "TO_BE_MANDATED"
    ADJUDICATION = "ADJUDICATION"
    AT_CENTRE = "AT_CENTRE"
    RECORDING_SOUGHT = "RECORDING_SOUGHT"
    RECORDED_ELSEWHERE = "RECORDED_ELSEWHERE"
    RECORDING_SENT = "RECORDING_SENT"
    TO_BE_RECORDED = "TO_BE_RECORDED"
    NOT_REPORTED = "NOT_REPORTED"
    PAPERS_MISSING = "PAPERS_MISSING"


class CardSeen(StrEnum):
    """The live card of a request at the cut-off, as far as it had come."""

    NONE = ""
    PERMITTED = "PERMITTED"
    DISPUTED = "DISPUTED"
    PRINTED = "PRINTED"
    READY = "READY"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What was known of one open request at the cut-off. Cases with the same facts are counted
    together."""

    reason: Reason
    is_completed: bool
    lacks_papers: bool
    is_nik_known: bool
    is_confirmed: bool
    is_captured: bool
    is_received: bool  #: the centre has the recording
    is_asked: bool  #: an adjudicator was called
    verdict: str  #: the final word, empty before it
    #: Of a recording that is not known here: the office that has it, "" for nobody; None unasked.
    found_at: str | None
    has_record: bool  #: a PRINT_READY_RECORD of the resident, mandated to this dinas
    is_own_record: bool  #: … of a recording made for this very request
    asks_anew: bool  #: an earlier card was blocked or never fetched
    card: CardSeen
    is_barred: bool  #: another card of the resident is under way
    has_valid: bool  #: the resident holds a valid card of another request


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the backlog a case stands."""

    part: Part
    why: Why
    actor: Actor


_ACTORS: Final[Mapping[Why, tuple[Part, Actor]]] = {
    Why.TO_HAND_OVER: (Part.PRINTED, Actor.RESIDENT),
    Why.TO_CHECK: (Part.PRINTED, Actor.KECAMATAN),
    Why.IN_QUEUE: (Part.READY, Actor.DINAS),
    Why.PERMITTED: (Part.READY, Actor.KECAMATAN),
    Why.IN_DISPUTE: (Part.READY, Actor.DINAS),
    Why.OTHER_CARD: (Part.NOT_READY, Actor.DINAS),
    Why.HAS_CARD: (Part.NOT_READY, Actor.DINAS),
    Why.TO_CONFIRM: (Part.NOT_READY, Actor.DINAS),
    Why.DUPLICATE: (Part.NOT_READY, Actor.DINAS),
    Why.TO_BE_MANDATED: (Part.NOT_READY, Actor.PUSAT),
    Why.ADJUDICATION: (Part.NOT_READY, Actor.PUSAT),
    Why.AT_CENTRE: (Part.NOT_READY, Actor.PUSAT),
    Why.RECORDING_SOUGHT: (Part.NOT_READY, Actor.PUSAT),
    Why.RECORDED_ELSEWHERE: (Part.NOT_READY, Actor.PUSAT),
    Why.RECORDING_SENT: (Part.NOT_READY, Actor.KECAMATAN),
    Why.TO_BE_RECORDED: (Part.NOT_READY, Actor.RESIDENT),
    Why.NOT_REPORTED: (Part.NOT_READY, Actor.KECAMATAN),
    Why.PAPERS_MISSING: (Part.NOT_READY, Actor.RESIDENT),
}
assert set(_ACTORS) == set(Why)
_OF_CARD: Final = {
    CardSeen.READY: Why.TO_HAND_OVER,
    CardSeen.PRINTED: Why.TO_CHECK,
    CardSeen.PERMITTED: Why.PERMITTED,
    CardSeen.DISPUTED: Why.IN_DISPUTE,
}
_PRINT_READY: Final = "PRINT_READY_RECORD"


def place_of(facts: CaseFacts) -> Place:
    """Where a case stands, the furthest stop first, by the same rules as the queue itself
    (`readiness.rules.states.request_state`; a test holds the two together)."""
    why = _why(facts)
    part, actor = _ACTORS[why]
    return Place(part, why, actor)


def _why(facts: CaseFacts) -> Why:
    if facts.card is not CardSeen.NONE:
        return _OF_CARD[facts.card]
    if facts.is_barred:
        return Why.OTHER_CARD
    if facts.reason is Reason.NEW and facts.has_valid:
        return Why.HAS_CARD
    is_from_file = facts.reason.is_replacement or facts.asks_anew
    if facts.has_record and facts.is_own_record and not facts.reason.is_replacement:
        return Why.IN_QUEUE
    if facts.has_record and is_from_file:
        return Why.IN_QUEUE if facts.is_confirmed else Why.TO_CONFIRM
    return _before_record(facts)


def _before_record(facts: CaseFacts) -> Why:
    if not facts.is_completed:
        return Why.PAPERS_MISSING if facts.lacks_papers else Why.NOT_REPORTED
    if not facts.is_confirmed and (facts.reason.is_replacement or not facts.is_nik_known):
        return Why.TO_CONFIRM
    if facts.verdict:
        return Why.TO_BE_MANDATED if facts.verdict == _PRINT_READY else Why.DUPLICATE
    if facts.is_asked:
        return Why.ADJUDICATION
    if facts.is_captured:
        return Why.AT_CENTRE if facts.is_received else Why.RECORDING_SENT
    if not facts.reason.is_replacement or facts.found_at == "":
        return Why.TO_BE_RECORDED
    return Why.RECORDING_SOUGHT if facts.found_at is None else Why.RECORDED_ELSEWHERE


#: Ages of cases are told in these steps: up to so many days; above the last one: older.
AGE_STEPS_DAYS: Final = (7, 30, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogRow:
    """Cases of one office that stand at the same place for the same reason.

    `office` is the kecamatan that serves the request (its host where it is hosted). `at` is where
    the card is made or lies: the permit's office once there is a permit, before that the office
    that prints this reason by the policy of the cut-off's day. `ages` counts the cases by days
    since the request was taken: one number for each of `AGE_STEPS_DAYS`, then the older ones.
    """

    office: OfficeCode
    at: OfficeCode
    reason: Reason
    place: Place
    count: int
    ages: tuple[int, ...]
    oldest: datetime  #: when the oldest of them was asked for

    @property
    def is_new(self) -> bool:
        """A first card, not a replacement."""
        return self.reason is Reason.NEW


@dataclass(frozen=True, slots=True)
class CityBacklog:
    """The backlog of all that one server knows, at one moment."""

    cutoff: datetime
    rows: tuple[BacklogRow, ...]

    def count(
        self,
        part: Part | None = None,
        *,
        office: OfficeCode | None = None,
        at: OfficeCode | None = None,
        is_new: bool | None = None,
        actor: Actor | None = None,
    ) -> int:
        """How many cases; each argument narrows. Parts add up to the whole, offices to the city."""
        return sum(
            row.count
            for row in self.rows
            if (part is None or row.place.part is part)
            and (office is None or row.office == office)
            and (at is None or row.at == at)
            and (is_new is None or row.is_new is is_new)
            and (actor is None or row.place.actor is actor)
        )

    def need(self, at: OfficeCode) -> int:
        """Blanks that this office needs now: cards ready to print there and not printed, those
        with an open permit included, those in dispute not (their blanko is gone)."""
        return sum(
            row.count
            for row in self.rows
            if row.at == at and row.place.part is Part.READY and row.place.why is not Why.IN_DISPUTE
        )

    def offices(self) -> list[OfficeCode]:
        """Every kecamatan that serves a case, by code."""
        return sorted({row.office for row in self.rows})

    def by(self, key: Callable[[BacklogRow], str]) -> dict[str, int]:
        """Cases by whatever a row says, the most first, then by name."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[key(row)] = found.get(key(row), 0) + row.count
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    def narrowed(self, rows: Iterable[BacklogRow]) -> CityBacklog:
        """The same moment with some of the rows only."""
        return CityBacklog(self.cutoff, tuple(rows))

    def ages(self) -> tuple[int, ...]:
        """Cases by age, as in the rows."""
        steps = range(len(AGE_STEPS_DAYS) + 1)
        return tuple(sum(row.ages[step] for row in self.rows) for step in steps)

    @property
    def oldest(self) -> datetime | None:
        """When the oldest open case was asked for; None without one."""
        return min((row.oldest for row in self.rows), default=None)
