"""The auditor's own view of printing that was lent: where each permit was granted, by which word of
the dinas, where it was printed, and that the office for which it was done was told.

Nothing is granted elsewhere without a lending in force, nothing at home while one is; and of one
request no two permits are alive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from ampera.world.chainbooks import BrokenPromise, Line

_WIB: Final = timedelta(hours=7)
_DINAS_LENGTH: Final = len("16.71")
_CHECKED: Final = "card.checked/1"
_BECAME: Final[Mapping[str, str]] = {
    "card.handed_over/1": "HANDED_OVER",
    "permit.returned/1": "RETURNED",
}


@dataclass(slots=True)
class LentBooks:
    """Lendings and grants, as they were told."""

    #: Lending → what the dinas said of it; (lending, chain) → its place there, and that of its end.
    lent: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    begun: dict[tuple[str, str], int] = field(default_factory=dict)
    ended: dict[tuple[str, str], int] = field(default_factory=dict)
    hosts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    grants: dict[str, Line] = field(default_factory=dict)
    #: Permit → the word to the home office that it was granted elsewhere.
    passed_on: dict[str, Line] = field(default_factory=dict)
    #: Permit → what the home office was told became of it; and what really did, by its holder.
    told: dict[str, set[str]] = field(default_factory=dict)
    became: dict[str, set[str]] = field(default_factory=dict)
    attempts: dict[str, Line] = field(default_factory=dict)
    printed: set[str] = field(default_factory=set)
    #: Attempt → (how often it was corrected, the serial that it names since).
    corrected: dict[str, tuple[int, str]] = field(default_factory=dict)
    #: Permits that make no card any more, or whose card is none.
    dead: set[str] = field(default_factory=set)
    void: set[str] = field(default_factory=set)

    def take(self, lines: Iterable[Line]) -> None:
        """Take in entries, in any order."""
        for line in lines:
            self._take(line, line.facts)

    def _take(self, line: Line, facts: Mapping[str, Any]) -> None:  # noqa: C901, PLR0912
        # One arm a kind, each a line or two: as a table of functions it would be longer.
        match line.kind:
            case "printing.lent/1":
                self.lent.setdefault(facts["lending"], facts)
                self.begun.setdefault((facts["lending"], line.chain), line.seq)
            case "printing.lending_ended/1":
                self.ended.setdefault((facts["lending"], line.chain), line.seq)
            case "request.taken/1":
                self.hosts.setdefault(facts["request"], facts)
            case "permit.granted/1":
                self.grants.setdefault(facts["permit"], line)
            case "permit.lent/1":
                self.passed_on.setdefault(facts["permit"], line)
            case "permit.told/1":
                self.told.setdefault(facts["permit"], set()).add(facts["said"])
            case "attempt.opened/1":
                self.attempts.setdefault(facts["attempt"], line)
            case "attempt.ended/1" | "attempt.settled/1":
                self._ended(facts)
            case "attempt.corrected/1":
                for each in facts["named"]:
                    known = self.corrected.get(each["attempt"], (0, ""))
                    self.corrected[each["attempt"]] = max(known, (each["n"], each["serial"]))
            case "permit.returned/1" | "permit.suspected/1" | "permit.forfeited/1":
                self.dead.add(facts["permit"])
                self._became(line, facts)
            case "card.checked/1" | "card.handed_over/1":
                self._became(line, facts)
            case "card.voided/1":
                self.void.add(facts["card"])

    def _ended(self, facts: Mapping[str, Any]) -> None:
        if facts["outcome"] == "PRINTED":
            self.printed.add(facts["attempt"])
        elif facts["outcome"] == "DISPUTE" and facts["attempt"] in self.attempts:
            self.dead.add(self.attempts[facts["attempt"]].facts["permit"])

    def _became(self, line: Line, facts: Mapping[str, Any]) -> None:  # positional: one entry
        word = facts["result"] if line.kind == _CHECKED else _BECAME.get(line.kind, "")
        if word:
            self.became.setdefault(facts["permit"], set()).add(word)
        if word == "REJECTED":
            self.dead.add(facts["permit"])

    # ---- what must hold ----

    def check(self, places: Mapping[str, str]) -> None:
        """Raises BrokenPromise. `places`: where the books have each blanko."""
        alive: dict[str, str] = {}
        for permit, line in sorted(self.grants.items()):
            facts = line.facts
            self._check_place(line, facts)
            if permit in self.dead or facts["card"] in self.void:
                continue
            if (other := alive.setdefault(facts["request"], permit)) != permit:
                raise BrokenPromise(
                    f"{facts['request']} has two permits: {other} at"
                    f" {self.grants[other].facts['office']}, {permit} at {facts['office']}"
                )
        for attempt, line in sorted(self.attempts.items()):
            self._check_attempt(attempt, line, places)

    def _check_place(self, line: Line, facts: Mapping[str, Any]) -> None:  # positional: one grant
        """Granted where the resident is served or at the dinas, or elsewhere under a lending."""
        office, permit = str(facts["office"]), facts["permit"]
        asked = self.hosts.get(facts["request"])
        if facts.get("lending") is not None:
            self._check_lent(line, facts)
            return
        if asked is None:
            return
        host = str(asked["host"])
        if office not in (host, host[:_DINAS_LENGTH]):
            raise BrokenPromise(f"{permit} of {host} was granted at {office}, and nobody lent that")
        if office == host and (lending := self._in_force(line, host)):
            raise BrokenPromise(
                f"{permit} was granted at {host}, whose printing was lent {lending}"
            )

    def _in_force(self, line: Line, home: str) -> str:  # positional: a grant, its office
        """The lending of that office's printing in force when this entry of its chain was made."""
        for lending, facts in self.lent.items():
            place = (lending, line.chain)
            if facts["home"] != home or place not in self.begun:
                continue
            is_before = self.begun[place] < line.seq < self.ended.get(place, line.seq + 1)
            if is_before and facts["since"] <= _day(line) <= facts["until"]:
                return lending
        return ""

    def _check_lent(self, line: Line, facts: Mapping[str, Any]) -> None:  # positional: one grant
        lending, permit = facts["lending"], facts["permit"]
        known = self.lent.get(lending["lending"])
        if known is None:
            raise BrokenPromise(f"{permit} was granted under {lending}, which nobody decided")
        if (known["home"], known["at"]) != (lending["home"], facts["office"]):
            raise BrokenPromise(f"{permit} was granted at {facts['office']} under {known}")
        if not known["since"] <= _day(line) <= known["until"]:
            raise BrokenPromise(
                f"{permit} was granted at {known['at']} for {known['home']} on {_day(line)}, lent"
                f" was from {known['since']} to {known['until']}"
            )
        passed_on = self.passed_on.get(permit)
        if passed_on is None:
            raise BrokenPromise(f"{known['home']} was not told of {permit} at {known['at']}")
        # Both stand in the chain to the home office, and there in the order in which they happened.
        end = self.ended.get((lending["lending"], passed_on.chain))
        if end is not None and end < passed_on.seq:
            raise BrokenPromise(
                f"{permit} was granted at {known['at']} for {known['home']} after that had ended"
            )

    def _check_attempt(  # positional: one attempt
        self, attempt: str, line: Line, places: Mapping[str, str]
    ) -> None:
        """A lent permit is printed where it was granted, on a blanko of that very office."""
        grant = self.grants.get(line.facts["permit"])
        if grant is None or grant.facts.get("lending") is None:
            return
        office = grant.facts["office"]
        if line.origin != office:
            raise BrokenPromise(f"{line.facts['permit']} is {office}'s, {line.origin} prints it")
        _, serial = self.corrected.get(attempt, (0, line.facts["serial"]))
        place = places.get(serial, "")
        if attempt in self.printed and place.partition("/")[0] != office:
            raise BrokenPromise(
                f"{serial} was printed at {office} for"
                f" {grant.facts['lending']['home']}, the books have it in {place}"
            )

    def check_told(self, forgetful: Set[str]) -> None:
        """At the end: the home office knows of each lent permit what became of it.

        `forgetful`: offices that lost a tail for good, or wrote what they may not.
        """
        for permit, line in sorted(self.grants.items()):
            lending = line.facts.get("lending")
            if lending is None or {lending["home"], str(line.facts["office"])} & forgetful:
                continue
            if missing := self.became.get(permit, set()) - self.told.get(permit, set()):
                raise BrokenPromise(
                    f"{lending['home']} was not told that {permit}, printed at"
                    f" {line.facts['office']}, became {', '.join(sorted(missing))}"
                )


def _day(line: Line) -> str:
    """The day of an entry, where it was written."""
    return (datetime.fromisoformat(line.at) + _WIB).date().isoformat()
