"""Withdrawn cards between offices: counted, sealed packages, from two hands into two hands. Pure.

A piece is in one place at a time: at an office (`16.71`), under way (`transit:16.71`), missing at
its arrival (`dispute:16.71`), or given up (`lost:16.71`). Each move carries its number, the one
before plus one; two moves with one number are the alarm *in two places* (as for blanko,
architecture §5). Cards fell off a truck at Salabenda in May 2018 because nobody had a list
(domain §7.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from ampera.withdrawal.rules.pieces import PieceFacts, is_nik
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: Pieces in one package: what two officers count out in one go.
PACKAGE_MAX: Final = 200
_CODE_LENGTH: Final = 8
_MARK_LENGTH_MAX: Final = 40
#: What the names of these places begin with.
TRANSIT: Final = "transit:"
DISPUTE: Final = "dispute:"
LOST: Final = "lost:"


class Outcome(StrEnum):
    """How a dispute about a missing piece ends, by two officers of the dinas."""

    HERE = "HERE"  #: it was in the package after all
    SENDER = "SENDER"  #: it never left the sender
    LOST = "LOST"  #: nobody can show it: it is sought as a card that is outside


class SurplusOutcome(StrEnum):
    """How a piece ends that stood on no list."""

    ENTERED = "ENTERED"  #: entered into this office's register, as the books know no other place
    RETURNED = "RETURNED"  #: given back to the sender, which still has it in its register


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What two officers say of a package that leaves: its seal, who carries it, the second."""

    seal: str
    courier: str = field(repr=False)
    second: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What two officers found: the pieces of the list that were there, by id, serial or code, and
    what stands on no list."""

    marks: tuple[str, ...]
    is_seal_whole: bool
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A piece as the list of its package has it."""

    piece: str
    n: int  #: the number of its move into the package
    serial: str

    @property
    def names(self) -> frozenset[str]:
        """What an officer may write for it: the serial on the card, the code on the list, its
        id."""
        return frozenset(each for each in (self.piece, code_of(self.piece), self.serial) if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One piece leaves `source` and reaches `target`, as its n-th move."""

    piece: str
    n: int
    source: str
    target: str

    def claim(self, package: str) -> str:
        """The same move told twice has the same key."""
        content = f"{self.source}\n{self.target}\n{package}"
        return f"{self.piece}#{self.n}#{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def transit_to(office: OfficeCode) -> str:
    return f"{TRANSIT}{office}"


def dispute_at(office: OfficeCode) -> str:
    return f"{DISPUTE}{office}"


def lost_at(office: OfficeCode) -> str:
    return f"{LOST}{office}"


def is_lost(place: str) -> bool:
    return place.startswith(LOST)


def is_office(place: str) -> bool:
    """Does a piece in this place lie in the register of an office?"""
    return bool(place) and ":" not in place


def disputed_at(place: str) -> OfficeCode | None:
    """Where a piece was missed; None when it stands in no dispute."""
    return OfficeCode(place.removeprefix(DISPUTE)) if place.startswith(DISPUTE) else None


def code_of(record: str) -> str:
    """The short code of a package or piece that is printed on its list."""
    return record[-_CODE_LENGTH:].upper()


def is_near(source: OfficeCode, *, target: OfficeCode) -> bool:
    """Packages travel between a kecamatan and its own dinas, either way. What goes to the ministry
    leaves the books as a batch (domain §2.6)."""
    return (source.tier is Tier.KECAMATAN and source.upper == target) or (
        target.tier is Tier.KECAMATAN and target.upper == source
    )


def judge_of(office: OfficeCode) -> OfficeCode:
    """Who decides about what was missed at an office: the dinas."""
    return office.upper if office.tier is Tier.KECAMATAN and office.upper else office


def settled_to(outcome: Outcome, *, office: OfficeCode, sender: OfficeCode) -> str:
    """Where a missing piece is after the decision."""
    targets = {
        Outcome.HERE: str(office),
        Outcome.SENDER: str(sender),
        Outcome.LOST: lost_at(office),
    }
    return targets[outcome]


def moves_of(facts: Mapping[str, Any], *, names: str, source: str, target: str) -> list[Move]:
    """The moves that an entry lists under `names`; KeyError or ValueError on what is none."""
    return [
        Move(piece=each["piece"], n=int(each["n"]), source=source, target=target)
        for each in facts[names]
    ]


def check_two(officer: str, *, second: str) -> Refusal | None:
    """Both proved themselves in this act; the second is not the author (architecture §5)."""
    if not officer or not second or second == officer:
        return Refusal("officer.same_person")
    return None


def check_opened(opened: Opened, *, officer: str) -> Refusal | None:
    """Two officers counted, and wrote down cards and no persons."""
    if any(is_nik(mark) for mark in opened.marks):
        return Refusal("withdrawal.serial_is_nik")
    return check_two(officer, second=opened.second)


def check_package(
    chosen: Sequence[str], *, sealed: Sealed, here: OfficeCode, to: OfficeCode, officer: str
) -> Refusal | None:
    """May such a package leave?"""
    if not is_near(here, target=to):
        return Refusal("withdrawal.not_near", office=str(to))
    if not chosen:
        return Refusal("withdrawal.nothing_chosen")
    if len(set(chosen)) != len(chosen):
        return Refusal("withdrawal.chosen_twice")
    if len(chosen) > PACKAGE_MAX:
        return Refusal("withdrawal.package_too_big", most=PACKAGE_MAX)
    if not sealed.seal.strip():
        return Refusal("withdrawal.no_seal")
    if not sealed.courier.strip():
        return Refusal("withdrawal.no_courier")
    return check_two(officer, second=sealed.second)


def check_leave(piece: PieceFacts | None) -> Refusal | None:
    """May this piece leave in a package? A ruined blank stays: its own office destroys it."""
    if piece is None or not piece.is_here:
        return Refusal("withdrawal.piece_unknown")
    if piece.is_blank:
        return Refusal("withdrawal.spoils_stay")
    if piece.destroyed_by:
        return Refusal("withdrawal.destroyed", batch=piece.destroyed_by)
    if piece.is_given_back:
        return Refusal("withdrawal.given_back")
    if piece.batch:
        return Refusal("withdrawal.in_another_batch", batch=piece.batch)
    return None


def marks_of(typed: Collection[str]) -> tuple[str, ...]:
    """Serials and codes as officers write them, each once, in their order."""
    found = (each.strip()[:_MARK_LENGTH_MAX] for each in typed)
    named = (each if each.startswith(("wdr_", "old_")) else each.upper() for each in found)
    return tuple(dict.fromkeys(each for each in named if each))


def compare(
    listed: Sequence[Listed], *, marks: Collection[str]
) -> tuple[list[Listed], list[Listed], list[str]]:
    """(there, missing, surplus): each piece of the list is there or missing, and what nobody
    listed is surplus."""
    seen = set(marks_of(marks))
    there = [each for each in listed if each.names & seen]
    missing = [each for each in listed if not each.names & seen]
    known: set[str] = set().union(*(each.names for each in listed)) if listed else set()
    return there, missing, sorted(seen - known)
