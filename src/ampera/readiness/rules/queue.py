"""Whose turn it is: the order of a queue, what quotas hold back, who may be moved forward. Pure.

The order is strict: the request's id, which nobody chooses, stands last in each policy row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from ampera.readiness.rules.policy import (
    NOT_URGENT,
    Moved,
    Policy,
    QuotaClass,
    UrgencyCode,
)
from ampera.readiness.rules.states import RequestState
from ampera.words.office import OfficeCode
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

T = TypeVar("T")

#: A note says what the paper was, never who somebody is: no number of a register fits in here.
NOTE_MAX: Final = 120
_LONG_NUMBER: Final = re.compile(r"(?:[0-9][ .-]?){9,}")
#: Requests that no queue has let go yet; a kecamatan knows of none whether it is print ready.
_BEFORE_GRANT: Final = frozenset(
    {RequestState.NOT_READY, RequestState.NOT_CONFIRMED, RequestState.WAITING}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortKey:
    """All that a queue may be ordered by, for one request at one moment."""

    request: str
    waiting_since: str  #: UTC text of when the request was taken
    is_first: bool
    is_jump: bool = False
    urgency: int = NOT_URGENT  #: the smaller goes first

    def parts(self, order: Iterable[str]) -> tuple[int | str, ...]:  # positional: by that order
        """What is compared, in the order of a policy row."""
        known: Mapping[str, int | str] = {
            "jump": 0 if self.is_jump else 1,
            "urgency": self.urgency,
            "first_card": 0 if self.is_first else 1,
            "waiting_since": self.waiting_since,
            "request": self.request,
        }
        return tuple(known[name] for name in order)

    def facts(self) -> dict[str, Any]:
        """As it stands in the entry of a grant."""
        return {
            "jump": self.is_jump,
            "urgency": self.urgency,
            "first_card": self.is_first,
            "waiting_since": self.waiting_since,
        }


def key_of_facts(request: str, told: Mapping[str, Any]) -> SortKey:  # positional: whose facts
    """The key that a grant's entry tells."""
    return SortKey(
        request=request,
        waiting_since=told["waiting_since"],
        is_first=bool(told["first_card"]),
        is_jump=bool(told["jump"]),
        urgency=int(told["urgency"]),
    )


def decider(  # positional: a pair
    first: SortKey, second: SortKey, *, order: Iterable[str]
) -> str:
    """Which part of the order puts one before the other: the first in which they differ."""
    names = tuple(order)
    pairs = zip(names, first.parts(names), second.parts(names), strict=True)
    return next((name for name, one, other in pairs if one != other), "request")


# ---- quotas ----


def quota_classes(*, reason: Reason, home: str, office: OfficeCode) -> frozenset[QuotaClass]:
    """Which quotas count this request: `home` is the kecamatan (or wilayah) of the domicile."""
    found = {QuotaClass.ANY, QuotaClass.FIRST}
    if reason.is_replacement:
        found = {QuotaClass.ANY, QuotaClass.REPLACEMENT}
    return frozenset(found | ({QuotaClass.GUEST} if home[:5] != office.text[:5] else set()))


def picked(
    waiting: Iterable[tuple[T, frozenset[QuotaClass]]],
    *,
    most: int,
    left: Mapping[QuotaClass, int],
) -> Iterator[tuple[int, T]]:
    """(place in the queue, who) of those whose turn it is now, at most `most`.

    `left` says what each quota of today still lets through. Who is held back keeps the place: of
    each class those who come first in the queue go first, today and on every later day.
    """
    room = dict(left)
    for place, (one, classes) in enumerate(waiting, start=1):
        if most <= 0 or room.get(QuotaClass.ANY, 1) <= 0:
            return
        bound = classes & room.keys()
        if any(room[each] <= 0 for each in bound):
            continue
        for each in bound:
            room[each] -= 1
        most -= 1
        yield place, one


def day_of_turn(today: date, *, used: int, before: int, per_day: int) -> date:
    """The day on which a quota lets somebody through who has `before` others of the class ahead.

    `used` counts the cards of today. Today itself when there is room; every day counts alike.
    """
    assert per_day >= 1, "a quota of nobody is no quota"
    return today + timedelta(days=max(0, (used + before) // per_day))


# ---- being moved forward ----


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFacts:
    """What decides whether a request may be moved forward."""

    state: RequestState | None  #: None while the request is not known here, or not of this office
    is_at_dinas: bool
    is_moved_so: bool  #: is it urgent already, or has it jumped already?
    moved_today: int  #: requests of the same queue that were moved so today and still are


def decide_move(
    what: Moved, *, reason: str, evidence: str, facts: MoveFacts, by: Policy, day: date
) -> UrgencyCode | Refusal:
    """May this request come before others, for this reason, on this evidence?"""
    code = by.urgencies.get(reason)
    if code is None or what not in code.moves:
        return Refusal("readiness.urgency_unknown")
    if evidence not in code.evidence:
        return Refusal("readiness.evidence_unknown")
    if facts.state is None:
        return Refusal("readiness.not_here")
    if (no := _has_left(facts.state, is_at_dinas=facts.is_at_dinas)) is not None:
        return no
    row = by.queue_on(day)
    if ("jump" if what is Moved.JUMPED else "urgency") not in row.order:
        return Refusal("readiness.not_in_policy", day=row.since.isoformat())
    if facts.is_moved_so:
        return Refusal("readiness.moved_already")
    if facts.moved_today >= row.per_day.get(what, 0):
        return Refusal("readiness.moves_used_up", most=row.per_day.get(what, 0))
    return code


def _has_left(state: RequestState, *, is_at_dinas: bool) -> Refusal | None:
    if state is RequestState.ON_ITS_WAY:
        return Refusal("readiness.granted_already")
    # Only the dinas knows who is print ready, so a kecamatan may say it of whom it took in.
    waits = state is RequestState.WAITING if is_at_dinas else state in _BEFORE_GRANT
    return None if waits else Refusal("readiness.not_in_queue")


def decide_undo(
    *, state: RequestState | None, is_undone: bool, is_at_dinas: bool
) -> Refusal | None:
    """May a movement be taken back? Only while the request still waits."""
    if state is None:
        return Refusal("readiness.move_unknown")
    if is_undone:
        return Refusal("readiness.move_undone")
    return _has_left(state, is_at_dinas=is_at_dinas)


def check_two(officer: str, witness: str) -> Refusal | None:  # positional: a pair
    """Two persons, different ones, both in the act (architecture §5)."""
    is_two = bool(officer) and bool(witness) and officer != witness
    return None if is_two else Refusal("officer.same_person")


def check_note(note: str) -> Refusal | None:
    """A note tells what the paper was. A long number would be somebody's NIK, KK or telephone."""
    if len(note) > NOTE_MAX or _LONG_NUMBER.search(note) or "\n" in note:
        return Refusal("readiness.note_form", most=NOTE_MAX)
    return None


# ---- why this one came before that one ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One of the two requests that are compared, at the moment of the comparison."""

    key: SortKey
    office: str  #: whose queue; empty where none is known
    is_waiting: bool  #: in the queue at that moment
    is_held_back: bool = False  #: by a quota of that day


def why_before(  # positional: a pair
    first: Standing, second: Standing, *, order: Iterable[str]
) -> str:
    """The one reason for which `first` came before `second`; `unexplained` when the order of the
    day says the contrary and nothing held the second one back: a case for the auditor."""
    names = tuple(order)
    if first.office != second.office:
        return "other_queue"
    if not second.is_waiting:
        return "not_waiting_then"
    if first.key.parts(names) < second.key.parts(names):
        return decider(first.key, second.key, order=names)
    return "quota" if second.is_held_back else "unexplained"
