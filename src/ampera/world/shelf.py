"""The physical truth of a simulated province: real blanko by serial, real cards, and where they
are.

No journal changes anything here. Only physical acts do: a printer that feeds, hands that lay, open,
carry and give, a thief. The auditor compares this with what the books say.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ampera.blanko.rules import Box
from ampera.devices.simulated.cards import Card, Fate
from ampera.devices.simulated.memory import MemoryPrinter


class Spot(StrEnum):
    """Where a piece of plastic can be. `whose` says which office, shipment or resident."""

    BOX = "box"  #: whole, in a sealed box that lies on a shelf
    SHELF = "shelf"  #: whole, loose
    PARCEL = "parcel"  #: on the road, under the number of its shipment
    PRINTER = "printer"  #: hopper, inside, tray or reject bin
    DESK = "desk"  #: taken out of the printer, a finished card that nobody has judged yet
    CUSTODY = "custody"  #: a finished card that waits for its holder
    BAG = "bag"  #: a finished card that a carrier of this office has on the way
    HAND = "hand"  #: with a resident
    SPOILS = "spoils"  #: ruined, in the spoils' box
    GONE = "gone"  #: nobody knows


@dataclass(frozen=True, slots=True)
class Lies:
    """One piece, now."""

    spot: Spot
    whose: str


@dataclass(frozen=True, slots=True)
class PhysicalCard:
    """A finished card: what stands on it says whose it is, whatever the books say."""

    serial: str
    attempt: str  #: the job under which it was printed
    resident: str  #: who is named on it
    body: str  #: whose face it bears


@dataclass(slots=True)
class Shelf:
    """All blanko and cards of the province."""

    lies: dict[str, Lies] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    #: (spot, whose) of each sealed box.
    sealed: dict[str, Lies] = field(default_factory=dict)
    cards: dict[str, PhysicalCard] = field(default_factory=dict)
    printers: dict[str, MemoryPrinter] = field(default_factory=dict)
    #: How often Print-Job was said for each job name, heard on the cable.
    said: Counter[str] = field(default_factory=Counter)
    #: Job name → the blank on which it was printed, in whole or in part.
    made_under: dict[str, str] = field(default_factory=dict)
    #: SHA-256 of a card's PDF → (who is named on it, whose face).
    drawn: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: Serial → which carrier has it, of those in a bag.
    carried: dict[str, str] = field(default_factory=dict)
    #: Given at a door, and the office's books do not know it yet: not valid before they do.
    untold: set[str] = field(default_factory=set)

    # What comes into the world

    def make_box(self, box: Box, *, at: str) -> None:
        """A sealed box from the maker lies on this office's shelf."""
        assert box.box not in self.boxes, "a label is used once"
        self.boxes[box.box] = box
        self.sealed[box.box] = Lies(Spot.BOX, at)
        for serial in box.serials():
            assert serial not in self.lies, "a serial is made once"
            self.lies[serial] = Lies(Spot.BOX, at)

    def draw(self, document: bytes, *, resident: str, body: str) -> None:
        """What a card printed from this document will show."""
        self.drawn[hashlib.sha256(document).hexdigest()] = (resident, body)

    def make_loose(self, serials: Iterable[str], *, at: str) -> None:
        """Loose blanko lie on this office's shelf from before the books were opened."""
        for serial in serials:
            assert serial not in self.lies, "a serial is made once"
            self.lies[serial] = Lies(Spot.SHELF, at)

    # What hands do

    def open_box(self, label: str) -> None:
        """Break the seal: its blanko lie loose on the shelf where the box lay."""
        where = self.sealed.pop(label)
        assert where.spot is Spot.BOX, "a box on the road stays sealed"
        for serial in self.boxes[label].serials():
            self.lies[serial] = Lies(Spot.SHELF, where.whose)

    def send(self, shipment: str, *, items: Sequence[str]) -> None:
        """Boxes and loose blanko go on the road."""
        for item in items:
            if item in self.sealed:
                self.sealed[item] = Lies(Spot.PARCEL, shipment)
            for serial in self._serials_of(item):
                self.lies[serial] = Lies(Spot.PARCEL, shipment)

    def steal(self, serial: str) -> None:
        """Somebody takes one away."""
        self.lies[serial] = Lies(Spot.GONE, "")

    def parcel(self, shipment: str) -> tuple[list[str], list[str]]:
        """What is in a parcel: (labels of sealed boxes, loose serials)."""
        here = Lies(Spot.PARCEL, shipment)
        boxes = sorted(label for label, lies in self.sealed.items() if lies == here)
        inside = {serial for label in boxes for serial in self.boxes[label].serials()}
        loose = sorted(s for s, lies in self.lies.items() if lies == here and s not in inside)
        return boxes, loose

    def unpack(self, shipment: str, *, at: str) -> None:
        """A parcel is opened: boxes and loose blanko lie on this office's shelf."""
        boxes, loose = self.parcel(shipment)
        for label in boxes:
            self.sealed[label] = Lies(Spot.BOX, at)
            for serial in self.boxes[label].serials():
                self.lies[serial] = Lies(Spot.BOX, at)
        self.lay_on_shelf(loose, at=at)

    def lay_on_shelf(self, serials: Iterable[str], *, at: str) -> None:
        """Whole blanko, loose."""
        for serial in serials:
            self.lies[serial] = Lies(Spot.SHELF, at)

    def lay_with_spoils(self, serials: Iterable[str], *, at: str) -> None:
        """Ruined or void: nobody uses it any more."""
        for serial in serials:
            self.lies[serial] = Lies(Spot.SPOILS, at)

    def keep_for_holder(self, serial: str, *, at: str) -> None:
        """A card that passed its check waits in the drawer."""
        assert serial in self.cards, "only a finished card waits for a holder"
        self.lies[serial] = Lies(Spot.CUSTODY, at)

    def give(self, serial: str, *, to: str) -> None:
        """Into a resident's hand."""
        assert self.lies[serial].spot is Spot.CUSTODY, "only what lies in the drawer is given"
        self.lies[serial] = Lies(Spot.HAND, to)

    def take_along(self, serial: str, *, by: str) -> None:
        """From the drawer into a carrier's bag."""
        lies = self.lies[serial]
        assert lies.spot is Spot.CUSTODY, "only what lies in the drawer is taken along"
        self.lies[serial] = Lies(Spot.BAG, lies.whose)
        self.carried[serial] = by

    def bring_back(self, serial: str) -> None:
        """Out of the bag into the drawer again."""
        assert self.lies[serial].spot is Spot.BAG, "only what is in a bag comes back"
        del self.carried[serial]
        self.lies[serial] = Lies(Spot.CUSTODY, self.lies[serial].whose)

    def give_at_door(self, serial: str, *, to: str) -> None:
        """Out of the bag into a resident's hand."""
        assert self.lies[serial].spot is Spot.BAG, "a carrier gives what is in the bag"
        del self.carried[serial]
        self.lies[serial] = Lies(Spot.HAND, to)
        self.untold.add(serial)

    def cards_of(self, resident: str) -> list[str]:
        """The cards that a resident has in hand."""
        return sorted(s for s, lies in self.lies.items() if lies == Lies(Spot.HAND, resident))

    def lose(self, serial: str) -> None:
        """A resident loses a card."""
        self.steal(serial)

    def find_again(self, serial: str) -> None:
        """And finds it in another coat."""
        self.lies[serial] = Lies(Spot.HAND, self.cards[serial].resident)

    def feed(self, serial: str, *, at: str) -> None:
        """From the shelf into the printer's hopper."""
        assert self.lies[serial] == Lies(Spot.SHELF, at), f"{serial} does not lie on this shelf"
        self.lies[serial] = Lies(Spot.PRINTER, at)
        self.printers[at].machine.load([serial])

    def take_out(self, serials: Iterable[str], *, at: str) -> None:
        """Pieces from tray and reject bin onto the desk, or among the spoils when they are
        ruined."""
        self._lay_down(self.printers[at].machine.take(serials), at=at)

    def reject(self, *, at: str) -> None:
        """The button that puts the blank at the printer's reader into its reject bin."""
        self.printers[at].machine.reject()

    def unload(self, *, at: str) -> None:
        """All blanko of the hopper back onto the shelf."""
        self.lay_on_shelf(self.printers[at].machine.unload(), at=at)

    def empty_printer(self, *, at: str) -> None:
        """Everything out: hopper to the shelf, finished cards onto the desk, ruined to the
        spoils."""
        found = self.printers[at].machine.empty()
        self.lay_on_shelf(found.hopper, at=at)
        self._lay_down([*found.tray, *found.ruined], at=at)

    # What eyes see

    def loose_at(self, office: str) -> list[str]:
        """Whole blanko that can be picked up at an office."""
        return sorted(s for s, lies in self.lies.items() if lies == Lies(Spot.SHELF, office))

    def on_desk(self, office: str) -> list[str]:
        return sorted(s for s, lies in self.lies.items() if lies == Lies(Spot.DESK, office))

    def see_finished(self) -> None:
        """Take note of every card that has come out: what the printer did is a physical fact."""
        for printer in self.printers.values():
            for card in printer.physical().tray:
                if card.fate is Fate.FINISHED:
                    self._born(card)

    def _lay_down(self, pieces: Iterable[Card], *, at: str) -> None:
        for piece in pieces:
            if piece.job_name and piece.fate is not Fate.UNTOUCHED:
                self.made_under[piece.job_name] = piece.serial
            if piece.fate is Fate.FINISHED:
                self._born(piece)
                self.lies[piece.serial] = Lies(Spot.DESK, at)
            elif piece.fate is Fate.UNTOUCHED:
                self.lies[piece.serial] = Lies(Spot.SHELF, at)
            else:
                self.lies[piece.serial] = Lies(Spot.SPOILS, at)

    def _born(self, card: Card) -> None:
        if card.serial not in self.cards:
            resident, body = self.drawn[card.document_sha256]
            self.cards[card.serial] = PhysicalCard(card.serial, card.job_name, resident, body)

    def _serials_of(self, item: str) -> list[str]:
        return list(self.boxes[item].serials()) if item in self.sealed else [item]


def counts(lies: Mapping[str, Lies]) -> dict[tuple[Spot, str], int]:
    """How many pieces lie where: for a trace."""
    found: dict[tuple[Spot, str], int] = {}
    for each in lies.values():
        key = (each.spot, each.whose)
        found[key] = found.get(key, 0) + 1
    return found


#: A blanko that lies here can still become a card.
WHOLE: Final = frozenset({Spot.BOX, Spot.SHELF, Spot.PARCEL})
