"""The auditor's own view of cards: what the entries say of requests, permits, attempts and cards,
held against the cards that really exist and whose names and faces stand on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Final

from ampera.world.chainbooks import BrokenPromise, Line
from ampera.world.shelf import WHOLE, PhysicalCard, Shelf, Spot

#: What an officer may tell a resident so that the request ends there. Anything else is no reason.
ENDING_REFUSALS: Final = frozenset(
    {
        "enrolment.already_recorded",
        "enrolment.request_not_open",
        "intake.already_open",
        "intake.not_a_first_card",
        "DUPLICATE_RECORD",
        "HAS_CARD",
        "OTHER_CARD",
    }
)
_PRINTED: Final = "PRINTED"


@dataclass(slots=True)
class CardBooks:
    """Facts by the record they speak of. Each holds what was said first; later words add up."""

    requests: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    permits: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    attempts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    checked: dict[str, str] = field(default_factory=dict)
    #: Attempt → (how often it was corrected, the serial that it names since).
    corrected: dict[str, tuple[int, str]] = field(default_factory=dict)
    #: Card → the serial that its check told, of those that were found good.
    good: dict[str, str] = field(default_factory=dict)
    handed: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    void: set[str] = field(default_factory=set)
    suspects: set[str] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)
    #: Permit → whether it ended because all of its office lay in custody.
    forfeited: dict[str, bool] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    #: (chain, original chain, original place) of everything that was told on.
    retold: set[tuple[str, str, int]] = field(default_factory=set)

    def take(self, lines: Iterable[Line]) -> None:
        """Take in entries, in any order."""
        for line in lines:
            self._take(line.kind, line.facts)
            if (original := line.facts.get("retells")) is not None:
                told = (line.chain, original["chain"], original["seq"])
                if told in self.retold:
                    raise BrokenPromise(f"{told[1]} {told[2]} was told on twice in {line.chain}")
                self.retold.add(told)

    def _take(self, kind: str, facts: Mapping[str, Any]) -> None:  # noqa: C901, PLR0912
        # One arm a kind, each a line or two: as a table of functions it would be longer.
        match kind:
            case "request.taken/1":
                self.requests.setdefault(facts["request"], facts)
            case "request.rejected/1":
                self.rejected.setdefault(facts["request"], facts["why"])
            case "dedup.decided/1":
                if facts["verdict"] != "ADJUDICATE_RECORD":
                    self._verdict(facts)
            case "permit.granted/1":
                self.permits.setdefault(facts["permit"], facts)
            case "attempt.opened/1":
                self._opened(facts)
            case "attempt.ended/1":
                self._once(self.ended, facts["attempt"], facts["outcome"], "ended")
            case "attempt.settled/1":
                self._once(self.settled, facts["attempt"], facts["outcome"], "was settled")
            case "attempt.corrected/1":
                for each in facts["named"]:
                    told = (each["n"], each["serial"])
                    known = self.corrected.get(each["attempt"], (0, ""))
                    self.corrected[each["attempt"]] = max(known, told)
            case "card.checked/1":
                self._once(self.checked, facts["card"], facts["result"], "was checked")
                if facts["result"] == "READY":
                    self.good[facts["card"]] = facts["serial"]
            case "card.handed_over/1":
                if facts["card"] in self.handed:
                    raise BrokenPromise(f"card {facts['card']} was handed over twice")
                self.handed[facts["card"]] = facts
                if facts["voids"]:
                    self.void.add(facts["voids"])
            case "permit.returned/1":
                self.returned.add(facts["permit"])
            case "permit.forfeited/1":
                self.forfeited[facts["permit"]] = bool(facts.get("seizure"))
            case "permit.suspected/1":
                self.suspects.add(facts["permit"])
            case "card.voided/1":
                self.void.add(facts["card"])

    def check(self, shelf: Shelf) -> None:
        """No one has two valid cards, no request two cards, and a card is with whom it names."""
        self._check_prints()
        self.check_names()
        valid: Counter[str] = Counter()
        for serial, card in sorted(shelf.cards.items()):
            lies = shelf.lies[serial]
            if lies.spot is Spot.HAND:
                if lies.whose != card.resident:
                    raise BrokenPromise(f"{serial} names {card.resident}, {lies.whose} holds it")
                if self._is_of_custody(card):
                    raise BrokenPromise(f"{serial} came out of custody into {lies.whose}'s hand")
                # What was given at a door is valid from the moment when the books know it.
                if not self.is_void(card) and serial not in shelf.untold:
                    valid[card.body] += 1
        for body, count in sorted(valid.items()):
            if count > 1:
                raise BrokenPromise(f"{body} holds {count} valid cards")

    def check_everybody_served(
        self, shelf: Shelf, *, told: Mapping[str, str], distrusted: Set[str]
    ) -> None:
        """Each request is delivered, refused, blocked with a reason, or waits where nothing is
        left;
        and nobody is blocked by somebody who is not served either."""
        served: set[str] = set()
        blocked: dict[str, str] = {}
        for request, facts in sorted(self.requests.items()):
            end = self._end_of(request, shelf, told.get(request, ""))
            if end == "" and self._holders(request) & distrusted:
                end = "served"  # the dinas grants nothing there until people have looked
            if end == "":
                raise BrokenPromise(f"request {request} is stuck: {self._story(request, told)}")
            body = self.bodies.get(facts["resident"], facts["resident"])
            if end == "blocked":
                blocked[request] = body
            else:
                served.add(body)
        for request, body in sorted(blocked.items()):
            if body not in served:
                raise BrokenPromise(f"request {request} is blocked, and {body} got no other card")

    def _check_prints(self) -> None:
        """Of one permit, and so of one card, at most one attempt printed."""
        printed: Counter[str] = Counter()
        serials: Counter[str] = Counter()
        for attempt, facts in self.attempts.items():
            if _PRINTED in (self.ended.get(attempt), self.settled.get(attempt)):
                if facts["permit"] in self.returned:
                    raise BrokenPromise(f"permit {facts['permit']} was given back and printed")
                printed[facts["card"]] += 1
                serials[self._names(attempt, facts)] += 1
        for what, counts in (("card", printed), ("blanko", serials)):
            for name, count in counts.items():
                if count > 1:
                    raise BrokenPromise(f"{what} {name} was printed {count} times")

    def check_names(self) -> None:
        """Of two attempts that exchanged their blanks each names its own one."""
        if not self.corrected:
            return
        named: dict[str, str] = {}
        for attempt, facts in sorted(self.attempts.items()):
            if self.ended.get(attempt) == "WITHDRAWN" or self.settled.get(attempt) == "SHELF":
                continue
            serial = self._names(attempt, facts)
            other = named.setdefault(serial, attempt)
            if other != attempt and {other, attempt} & self.corrected.keys():
                raise BrokenPromise(f"{other} and {attempt} both name {serial}")

    def _names(self, attempt: str, facts: Mapping[str, Any]) -> str:  # positional: one record
        return self.corrected.get(attempt, (0, str(facts["serial"])))[1]

    def check_serials(self, shelf: Shelf) -> None:
        """What was called good is the plastic of which its check spoke."""
        for name, serial in sorted(self.good.items()):
            card = shelf.cards.get(serial)
            facts = self.attempts.get(card.attempt) if card is not None else None
            if facts is None or facts["card"] != name:
                raise BrokenPromise(f"{name} was found good on {serial}, which is no such card")

    def is_unread(self, card: PhysicalCard) -> bool:
        """Is it on another blank than its attempt names, and nobody has checked it yet?"""
        facts = self.attempts.get(card.attempt)
        if facts is None or facts["card"] in self.checked:
            return False
        return self._names(card.attempt, facts) != card.serial

    def is_void(self, card: PhysicalCard) -> bool:
        facts = self.attempts.get(card.attempt)
        if facts is None:
            return False
        # Printed under a forfeited permit: void at birth.
        return facts["card"] in self.void or facts["permit"] in self.forfeited

    def _is_of_custody(self, card: PhysicalCard) -> bool:
        """Was its permit ended because every blank of its office had been seen in custody?"""
        facts = self.attempts.get(card.attempt)
        return facts is not None and self.forfeited.get(facts["permit"], False)

    def _end_of(self, request: str, shelf: Shelf, told: str) -> str:
        """How it ended: served, waiting rightly, or blocked. Empty when it is stuck."""
        if any(facts["request"] == request for facts in self.handed.values()):
            return "served"
        if request in self.rejected:
            return "served"
        if self.verdicts.get(request) == "DUPLICATE_RECORD" or told in ENDING_REFUSALS:
            return "blocked"
        permits = self._permits_of(request)
        if any(self._is_disputed(each["permit"]) for each in permits):
            return "served"
        asked = self.requests[request]
        is_first = asked["reason"] == "NEW"
        # A first card is printed where the resident is served, all others at the dinas.
        place = asked["host"] if is_first else asked["host"][:5]
        offices = {str(each["office"]) for each in self._held(permits)} or {place}
        is_ready = self.verdicts.get(request) == "PRINT_READY_RECORD" or not is_first
        if (is_ready or permits) and all(_is_bare(shelf, office) for office in offices):
            return "served"
        return ""

    def _permits_of(self, request: str) -> list[Mapping[str, Any]]:
        return [each for each in self.permits.values() if each["request"] == request]

    def _held(self, permits: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those that are still where they were granted; what came back is granted anew, maybe
        elsewhere."""
        return [each for each in permits if each["permit"] not in {*self.returned, *self.forfeited}]

    def _holders(self, request: str) -> set[str]:
        """The office that serves this resident, and the one that prints for it."""
        held = self._held(self._permits_of(request))
        return {str(self.requests[request]["host"]), *(str(each["office"]) for each in held)}

    def _is_disputed(self, permit: str) -> bool:
        if permit in self.suspects:
            return True
        mine = [a for a, facts in self.attempts.items() if facts["permit"] == permit]
        return any(self.settled.get(attempt) == "DISPUTE" for attempt in mine)

    def _story(self, request: str, told: Mapping[str, str]) -> str:
        permits = {p for p, facts in self.permits.items() if facts["request"] == request}
        attempts = {
            attempt: f"{self.ended.get(attempt, 'open')} {self.settled.get(attempt, '')}".strip()
            for attempt, facts in self.attempts.items()
            if facts["permit"] in permits
        }
        return (
            f"verdict {self.verdicts.get(request, 'none')}, permits {sorted(permits)},"
            f" attempts {attempts}, told {told.get(request, 'nothing')}"
        )

    def _verdict(self, facts: Mapping[str, Any]) -> None:
        known = self.verdicts.setdefault(facts["request"], facts["verdict"])
        if known != facts["verdict"]:
            raise BrokenPromise(f"request {facts['request']} has two verdicts")

    def _opened(self, facts: Mapping[str, Any]) -> None:
        if facts["attempt"] in self.attempts:
            raise BrokenPromise(f"attempt {facts['attempt']} was opened twice")
        self.attempts[facts["attempt"]] = facts

    def _once(self, words: dict[str, str], name: str, word: str, what: str) -> None:
        if name in words:
            raise BrokenPromise(f"{name} {what} {words[name]} and then {word}")
        words[name] = word


def _is_bare(shelf: Shelf, office: str) -> bool:
    """Does really nothing lie there that could become a card?"""
    return not any(lies.spot in WHOLE and lies.whose == office for lies in shelf.lies.values())
