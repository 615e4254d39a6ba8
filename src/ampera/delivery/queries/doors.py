"""What a carrier needs at the doors of one bundle: whose card, where, what to ask for.

Names and addresses: each look is recorded under the officer who asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ampera.delivery.queries.bundles import BundleSeen, residents_of
from ampera.delivery.rules import CardHeld, Code, Place, must_take_old_card, policy
from ampera.intake.queries import facts_of
from ampera.readiness.queries import NamedPermit, hold_of, named_permits
from ampera.register.queries import Purpose
from ampera.register.queries.addresses import AddressSeen, addresses_for


@dataclass(frozen=True, slots=True)
class DoorLine:
    """A card of a bundle, for whoever brings it: whose, where, what to ask for."""

    held: CardHeld
    named: NamedPermit | None
    address: AddressSeen | None
    takes_old_card: bool
    why: Code | None  #: what the carrier said last
    is_on_hold: bool

    @property
    def is_here(self) -> bool:
        return self.held.place == Place.BUNDLE

    @property
    def is_out(self) -> bool:
        return Place(self.held.place).is_out

    @property
    def place(self) -> str:
        """The door in one line."""
        if self.address is None:
            return ""
        return f"{self.address.address} RT {self.address.rt} RW {self.address.rw}"


def door_lines(officer: str, *, bundle: BundleSeen) -> list[DoorLine]:
    """What is in a bundle, with the doors, in the order of the way; the looks are recorded."""
    cards = bundle.held
    named = names_on_cards(officer, cards=cards)
    residents = residents_of(cards)
    doors: Mapping[str, AddressSeen] = {}
    if cards:
        doors = addresses_for(officer, residents=set(residents.values()), purpose=Purpose.HANDOVER)
    reasons = policy().undelivered
    lines = []
    for each in cards:
        permit = named.get(each.permit)
        asked = facts_of(permit.permit.request) if permit is not None else None
        lines.append(
            DoorLine(
                held=each,
                named=permit,
                address=doors.get(residents.get(each.card, "")),
                takes_old_card=asked is not None and must_take_old_card(asked.reason),
                why=reasons.get(each.undelivered_why),
                is_on_hold=hold_of(residents.get(each.card, "")) is not None,
            )
        )
    return sorted(lines, key=lambda line: (_way(line), line.held.card))


def names_on_cards(officer: str, *, cards: Iterable[CardHeld]) -> Mapping[str, NamedPermit]:
    """Whose cards these are, by permit. One audit entry says who looked."""
    permits = [each.permit for each in cards]
    if not permits:
        return {}
    found = named_permits(officer, permits=permits, purpose=Purpose.HANDOVER.value)
    return {each.permit.permit: each for each in found}


def _way(line: DoorLine) -> tuple[str, str, str]:
    door = line.address
    return ("~", "", "") if door is None else (door.rw, door.rt, door.address)
