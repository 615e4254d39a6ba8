"""The auditor's own view of custody: what the entries say of hands, held against the real hands.

A card has one holder at a time; the number of each move is used once; after the healing every card
is where its highest move says. What an office forgot with its disk and its stick is not asked of
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from ampera.world.cardbooks import CardBooks
from ampera.world.chainbooks import BrokenPromise, Line
from ampera.world.shelf import Shelf, Spot

_AT_HOME: Final = frozenset({"COUNTER", "BUNDLE"})


@dataclass(slots=True)
class CustodyBooks:
    """Every move that was told, by card and number."""

    #: (card, number) → where the card went and who wrote it.
    moves: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    #: Card → its highest number.
    highest: dict[str, int] = field(default_factory=dict)
    #: Card → the office that found it good.
    offices: dict[str, str] = field(default_factory=dict)
    clashes: dict[tuple[str, int], str] = field(default_factory=dict)

    def take(self, lines: Iterable[Line]) -> None:
        """Take in entries, in any order."""
        for line in lines:
            facts = line.facts
            if line.kind == "card.passed/1":
                self._move(line, target=facts["target"])
            elif line.kind == "card.handed_over/1" and "n" in facts:
                self._move(line, target="HOLDER")
            elif line.kind == "card.checked/1" and facts["result"] == "READY":
                self.offices.setdefault(facts["card"], line.origin)

    def _move(self, line: Line, *, target: str) -> None:
        card, number = line.facts["card"], line.facts["n"]
        if (card, number) in self.moves:
            self.clashes[card, number] = line.origin
        self.moves[card, number] = (target, line.origin)
        self.highest[card] = max(number, self.highest.get(card, 0))

    def check(self, restored: Set[str]) -> None:
        """Of two officers who move one card at one moment one gets a no."""
        for (card, number), office in sorted(self.clashes.items()):
            if office not in restored:
                raise BrokenPromise(f"move {number} of card {card} was made twice")

    def check_hands(self, shelf: Shelf, *, cards: CardBooks, forgetful: Set[str]) -> None:
        """When all is told: every card is in the hand that the books name. A void one may be
        anywhere."""
        serials = _serials(cards)
        for card, office in sorted(self.offices.items()):
            serial = serials.get(card, "")
            if office in forgetful or card in cards.void or serial not in shelf.cards:
                continue
            told, lies = self._place(card), shelf.lies[serial]
            if told not in _may_be_told(shelf, serial, lies.spot):
                has = shelf.carried.get(serial, "") if lies.spot is Spot.BAG else lies.whose
                raise BrokenPromise(
                    f"card {card} is in {lies.spot} {has}, the books have it at {told}"
                )

    def _place(self, card: str) -> str:
        """Where its highest move put it; before the first it lies at the counter."""
        return self.moves.get((card, self.highest.get(card, 0)), ("COUNTER", ""))[0]


def _may_be_told(shelf: Shelf, serial: str, spot: Spot) -> Set[str]:  # positional: one card
    """What the books may say of a card that is really there."""
    match spot:
        case Spot.CUSTODY:
            return _AT_HOME
        case Spot.BAG:
            return {shelf.carried[serial]}
        case _:
            # Who lost a card had it once; of a bag that was lost all cards are void.
            return {"HOLDER"}


def _serials(cards: CardBooks) -> Mapping[str, str]:
    """Card → the blanko that it was printed on."""
    return {
        facts["card"]: facts["serial"]
        for attempt, facts in cards.attempts.items()
        if "PRINTED" in (cards.ended.get(attempt), cards.settled.get(attempt))
    }
