"""Every blanko of one office as it really lies, and an auditor who holds the books against it.

Hands move pieces between shelf, printer, drawer and the box of the ruined. The books are read
straight from the servers' files, by the same auditor's rules as in the simulated province; no
server is asked what it believes.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from ampera.devices.simulated.cards import Card, Fate
from ampera.world.cardbooks import CardBooks
from ampera.world.chainbooks import BrokenPromise, ChainBooks
from ampera.world.stockbooks import StockBooks

__all__ = ["Accounted", "BrokenPromise", "Plastic", "Spot", "compare", "count_books", "no_double"]


class Spot(StrEnum):
    """Where a piece lies."""

    SHELF = "shelf"
    PRINTER = "printer"
    DRAWER = "drawer"  #: a finished card
    SPOILS = "spoils"


#: On which account the books must have what lies there. A printer is empty when it is counted.
_ACCOUNT: Mapping[Spot, str] = {
    Spot.SHELF: "shelf",
    Spot.DRAWER: "issued",
    Spot.SPOILS: "spoiled",
}


@dataclass(slots=True)
class Plastic:
    """The pieces of one office by serial."""

    lies: dict[str, Spot] = field(default_factory=dict)
    finished: list[Card] = field(default_factory=list)
    ruined: int = 0

    def make(self, serials: Iterable[str]) -> None:
        """Whole blanko lie on the shelf."""
        self.lies |= dict.fromkeys(serials, Spot.SHELF)

    def shelf(self) -> list[str]:
        """What can be picked up, lowest serial first."""
        return sorted(serial for serial, spot in self.lies.items() if spot is Spot.SHELF)

    def into_printer(self, serials: Iterable[str]) -> None:
        for serial in serials:
            assert self.lies[serial] is Spot.SHELF, f"{serial} does not lie on the shelf"
            self.lies[serial] = Spot.PRINTER

    def back_on_shelf(self, serials: Iterable[str]) -> None:
        for serial in serials:
            assert self.lies[serial] is Spot.PRINTER, f"{serial} does not lie in the printer"
            self.lies[serial] = Spot.SHELF

    def taken(self, pieces: Iterable[Card]) -> None:
        """Out of tray and reject bin; each goes where it belongs by what became of it."""
        for piece in pieces:
            assert self.lies[piece.serial] is Spot.PRINTER, f"{piece.serial} was taken twice"
            if piece.fate is Fate.FINISHED:
                self.lies[piece.serial] = Spot.DRAWER
                self.finished.append(piece)
            elif piece.fate is Fate.UNTOUCHED:
                self.lies[piece.serial] = Spot.SHELF
            else:
                self.lies[piece.serial] = Spot.SPOILS
                self.ruined += 1


@dataclass(frozen=True, slots=True)
class Accounted:
    """What the auditor counted. `broken` is empty when shelf and books are the same."""

    blanko: int
    shelf: int
    cards: int
    spoiled: int
    entries: int
    broken: str = ""

    def row(self) -> dict[str, Any]:
        names = ("blanko", "shelf", "cards", "spoiled", "entries", "broken")
        return {name: getattr(self, name) for name in names}


def count_books(plastic: Plastic, *, office: str, databases: Mapping[str, Path]) -> Accounted:
    """Hold the physical pieces of that office against raw journal rows of these servers."""
    chains, stock, cards = ChainBooks(), StockBooks(), CardBooks()
    broken = ""
    try:
        lines = _lines_of(databases, chains)
        stock.take(lines)
        cards.take(lines)
        stock.check()
        compare(plastic, places=stock.places(), office=office)
        no_double(plastic.finished, cards=cards)
    except BrokenPromise as promise:
        broken = str(promise)
    spots = Counter(plastic.lies.values())
    return Accounted(
        blanko=len(plastic.lies),
        shelf=spots[Spot.SHELF],
        cards=spots[Spot.DRAWER],
        spoiled=spots[Spot.SPOILS],
        entries=sum(len(each) for each in chains.written.values()),
        broken=broken,
    )


def _lines_of(databases: Mapping[str, Path], chains: ChainBooks) -> list[Any]:
    opened = {
        code: sqlite3.connect(f"file:{file}?mode=ro", uri=True) for code, file in databases.items()
    }
    try:
        return chains.read(opened)
    finally:
        for database in opened.values():
            with closing(database):
                pass


def compare(plastic: Plastic, *, places: Mapping[str, str], office: str) -> None:
    """By serial. Raises BrokenPromise for the first piece that lies where no book has it."""
    here = {serial: place for serial, place in places.items() if place.startswith(f"{office}/")}
    for serial, spot in sorted(plastic.lies.items()):
        place = here.pop(serial, "nowhere")
        if place != f"{office}/{_ACCOUNT.get(spot, spot)}":
            raise BrokenPromise(f"{serial} lies at {spot}, the books have it in {place}")
    if here:
        raise BrokenPromise(f"the books have {min(here)} here, which nobody ever brought")


def no_double(finished: Iterable[Card], *, cards: CardBooks) -> None:
    """One card a permit and one a document. Raises BrokenPromise."""
    permits: dict[str, str] = {}
    faces: dict[str, str] = {}
    for piece in finished:
        facts = cards.attempts.get(piece.job_name)
        if facts is None:
            raise BrokenPromise(f"{piece.serial} was printed under {piece.job_name}, unknown")
        for name, made in ((facts["permit"], permits), (piece.document_sha256, faces)):
            if (other := made.setdefault(name, piece.serial)) != piece.serial:
                raise BrokenPromise(f"{other} and {piece.serial} are the same card")
