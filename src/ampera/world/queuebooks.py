"""The auditor's own view of queues: nobody comes before others without a reason and two persons,
not more of them a day than the city allows, and what a grant tells of its place is true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from ampera.world.chainbooks import BrokenPromise, Line

#: What the order of the city allows a day and queue. Written down here a second time.
MOVES_A_DAY: Final = {"queue.urged/1": 10, "queue.jumped/1": 2}
_NOT_URGENT: Final = 99
_WIB: Final = timedelta(hours=7)
_DINAS_LENGTH: Final = len("16.71")


@dataclass(slots=True)
class QueueBooks:
    """Movements and grants, as they were told."""

    #: Cards a day of each kecamatan, where the city has a quota; else 0.
    cards_a_day: int = 0
    moves: dict[str, Line] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    #: (who granted, by which command) → what each grant told.
    lots: dict[tuple[str, str], list[Mapping[str, Any]]] = field(default_factory=dict)
    #: (office, day) → permit → whose request.
    granted: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def take(self, lines: Iterable[Line]) -> None:
        """Take in entries, in any order. Raises BrokenPromise."""
        for line in lines:
            if line.kind in MOVES_A_DAY:
                self._moved(line)
            elif line.kind == "queue.undone/1":
                self._by_two(line)
                self.undone.add(line.facts["move"])
            elif line.kind == "permit.granted/1" and line.facts.get("queue"):
                granted = self.lots.setdefault((line.origin, line.command), [])
                # The home office of a card that is printed elsewhere is told of the same grant.
                office = str(line.facts["office"])
                today = self.granted.setdefault((office, _day(line)), {})
                today[line.facts["permit"]] = line.facts["request"]
                if all(each["permit"] != line.facts["permit"] for each in granted):
                    granted.append(line.facts)

    def _moved(self, line: Line) -> None:
        self._by_two(line)
        for what in ("reason", "evidence"):
            if not line.facts[what]:
                raise BrokenPromise(f"{line.facts['request']} came before others without {what}")
        self.moves[line.facts["move"]] = line

    def _by_two(self, line: Line) -> None:
        if not line.officer or line.facts["witness"] in ("", line.officer):
            raise BrokenPromise(f"{line.kind} {line.subject} was said by one officer alone")

    def check(self, restored: Set[str], *, returned: Set[str] = frozenset()) -> None:
        """Quotas of every day, and the place of every grant. Raises BrokenPromise."""
        counts: Counter[tuple[str, str, str, str]] = Counter()
        for move, line in self.moves.items():
            if move not in self.undone and line.origin not in restored:
                counts[line.kind, line.origin, line.facts["office"], _day(line)] += 1
        for (kind, origin, office, day), count in sorted(counts.items()):
            if count > MOVES_A_DAY[kind]:
                raise BrokenPromise(f"{origin} wrote {count} {kind} for {office} on {day}")
        self._check_quota(returned)
        for lot in self.lots.values():
            self._check_lot(sorted(lot, key=lambda facts: int(facts["queue"]["place"])))

    def _check_quota(self, returned: Set[str]) -> None:
        """A permit that came back made no card, so it counts no more."""
        for (office, day), permits in sorted(self.granted.items()):
            count = len({req for permit, req in permits.items() if permit not in returned})
            if self.cards_a_day and len(office) > _DINAS_LENGTH and count > self.cards_a_day:
                raise BrokenPromise(f"{office} was granted {count} cards on {day}")

    def _check_lot(self, lot: list[Mapping[str, Any]]) -> None:
        """Nobody of one lot stands before somebody who comes first by the order that is told."""
        before: tuple[Any, ...] = ()
        last = 0
        for facts in lot:
            told, request = facts["queue"], facts["request"]
            place, key = told["place"], _key(request, told)
            if not last < place <= told["of"]:
                raise BrokenPromise(f"{request} was granted as number {place} of {told['of']}")
            if before and key <= before:
                raise BrokenPromise(f"{request} was granted behind one who comes after it")
            before, last = key, place
            self._check_key(request, told["key"])

    def _check_key(self, request: str, key: Mapping[str, Any]) -> None:  # positional: a pair
        """Who is told to have come before others was moved by somebody."""
        mine = [each for each in self.moves.values() if each.facts["request"] == request]
        if key["jump"] and not any(each.kind == "queue.jumped/1" for each in mine):
            raise BrokenPromise(f"{request} was granted as one who jumped, and nobody said so")
        ranks = {each.facts["rank"] for each in mine if each.kind == "queue.urged/1"}
        if key["urgency"] < _NOT_URGENT and key["urgency"] not in ranks:
            raise BrokenPromise(f"{request} was granted as urgent, and nobody said so")


def _day(line: Line) -> str:
    """The day of an entry, where it was written."""
    return (datetime.fromisoformat(line.at) + _WIB).date().isoformat()


def _key(request: str, told: Mapping[str, Any]) -> tuple[Any, ...]:  # positional: a pair
    """What is compared, in the order that the grant itself tells."""
    key = told["key"]
    parts = {
        "jump": not key["jump"],
        "urgency": key["urgency"],
        "first_card": not key["first_card"],
        "waiting_since": key["waiting_since"],
        "request": request,
    }
    return tuple(parts[name] for name in told["order"])
