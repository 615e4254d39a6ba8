"""The auditor: knows nothing of the code, only the physical shelf, raw journal rows and what must
hold.

While faults are on it checks safety: copies are prefixes, entries never change, no account is below
zero, no one has two valid cards. After the healing it checks that all went on: the shelf is what
the
books say, everybody holds what they must, and every request has come to its end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ampera.blanko.rules import Account
from ampera.journal.verify import Finding
from ampera.world.cardbooks import CardBooks
from ampera.world.chainbooks import BrokenPromise, ChainBooks, Line
from ampera.world.custodybooks import CustodyBooks
from ampera.world.lentbooks import LentBooks
from ampera.world.queuebooks import QueueBooks
from ampera.world.shelf import Lies, Shelf, Spot
from ampera.world.stockbooks import StockBooks

__all__ = ["Auditor", "BrokenPromise"]

#: Where a blanko may really lie when the books have it on that account.
_MAY_LIE: Final[Mapping[str, frozenset[Spot]]] = {
    Account.STORE: frozenset({Spot.BOX, Spot.SHELF}),
    Account.SHELF: frozenset({Spot.BOX, Spot.SHELF}),
    Account.RESERVED: frozenset({Spot.SHELF, Spot.PRINTER, Spot.DESK, Spot.SPOILS}),
    Account.ISSUED: frozenset({Spot.PRINTER, Spot.DESK, Spot.CUSTODY, Spot.BAG, Spot.HAND}),
    Account.SPOILED: frozenset({Spot.SPOILS}),
    Account.DISPUTE: frozenset({Spot.GONE}),
    Account.UNMATCHED: frozenset({Spot.BOX, Spot.SHELF}),
}
#: Where finished cards lie.
_FINISHED: Final = frozenset({Spot.DESK, Spot.CUSTODY, Spot.BAG, Spot.HAND})


@dataclass(slots=True)
class Auditor:
    """Reads, remembers, compares. Raises BrokenPromise."""

    shelf: Shelf
    chains: ChainBooks = field(default_factory=ChainBooks)
    stock: StockBooks = field(default_factory=StockBooks)
    cards: CardBooks = field(default_factory=CardBooks)
    custody: CustodyBooks = field(default_factory=CustodyBooks)
    queues: QueueBooks = field(default_factory=QueueBooks)
    lent: LentBooks = field(default_factory=LentBooks)
    #: Offices that wrote what they may not: nothing is granted to them any more, and that is right.
    distrusted: set[str] = field(default_factory=set)
    #: Offices that lost a tail for good.
    lost_tail: set[str] = field(default_factory=set)

    def check_safety(self, databases: Mapping[str, sqlite3.Connection]) -> None:
        """What must hold at every moment, whatever has failed."""
        fresh = [
            line
            for line in self.chains.read(databases)
            if (line.chain, line.seq) not in self.chains.forged
        ]
        self._take(fresh)
        if any(line.kind.startswith("blanko.") for line in fresh):
            self.stock.check()
        self.shelf.see_finished()
        for job, count in sorted(self.shelf.said.items()):
            if count > 1:
                raise BrokenPromise(f"Print-Job was said {count} times for {job}")
        self.cards.check(self.shelf)
        self.custody.check(self.chains.restored)
        unused = self.cards.returned | set(self.cards.forfeited)
        self.queues.check(self.chains.restored, returned=unused)
        self.lent.check(self.stock.places())
        self._check_whole_is_blank()
        self._check_one_card_a_permit()

    def check_at_the_end(
        self, databases: Mapping[str, sqlite3.Connection], *, told: Mapping[str, str]
    ) -> None:
        """What must hold when all links are whole and nothing is left to do.

        `told`: for each request, the last no that an officer told the resident.
        """
        self.check_safety(databases)
        self.chains.read_again(databases)
        if missing := self.chains.missing(databases):
            raise BrokenPromise("; ".join(missing[:5]))
        self._compare_shelf(databases)
        self.custody.check_hands(self.shelf, cards=self.cards, forgetful=self.lost_tail)
        self.cards.check_everybody_served(
            self.shelf, told=told, distrusted=self.distrusted | self.lost_tail
        )
        self.lent.check_told(self.distrusted | self.lost_tail)

    def check_room(self, databases: Mapping[str, sqlite3.Connection]) -> None:
        """What must hold of one office that works alone: safety, and the shelf as in the books."""
        self.check_safety(databases)
        self._compare_shelf(databases)
        self.cards.check_serials(self.shelf)

    def is_lost(self, finding: Finding) -> bool:
        """That something is missing of an office whose stick was lost as well, is true."""
        is_of_lost = finding.chain.partition("/")[0] in self.lost_tail
        return is_of_lost and "was signed by its origin" in finding.what

    def forget(self, code: str, *, stick: Mapping[str, int], is_stick_lost: bool) -> None:
        """This server was put back from a backup. What it wrote since, and neither its stick nor
        anybody else holds, is gone: nothing was promised on it. `stick`: chain → last place there.
        """
        self.chains.forget(code)
        if is_stick_lost:
            self.lost_tail.add(code)
        if self.chains.drop_what_nobody_holds(code, stick=stick):
            self.stock, self.cards = StockBooks(), CardBooks(bodies=self.cards.bodies)
            self.custody, self.lent = CustodyBooks(), LentBooks()
            self.queues = QueueBooks(cards_a_day=self.queues.cards_a_day)
            self._take(list(self.chains.lines()))

    def _take(self, lines: Sequence[Line]) -> None:
        for books in (self.stock, self.cards, self.custody, self.queues, self.lent):
            books.take(lines)

    def _compare_shelf(self, offices: Mapping[str, object]) -> None:
        """By serial: the books have it where it lies, and what lies anywhere stands in the
        books."""
        places = self.stock.places()
        for serial, lies in sorted(self.shelf.lies.items()):
            place = places.pop(serial, None)
            if place is None:
                raise BrokenPromise(f"{serial} lies at {_named(lies)} and stands in no book")
            if not self._fits(place, lies) and not self._is_waste(serial, place):
                raise BrokenPromise(
                    f"{serial} lies at {_named(lies)}, the books have it in {place}"
                )
        if places:
            raise BrokenPromise(f"the books have {min(places)}, which nobody ever made")

    def _check_whole_is_blank(self) -> None:
        """What became a card does not go back among the blanko. Who was restored may have forgotten
        that it did; and what a hand took for another blank is on the shelf in the books until
        somebody has read its serial."""
        places = self.stock.places()
        for serial, card in sorted(self.shelf.cards.items()):
            place = places.get(serial, "")
            is_believed = place.partition("/")[0] not in self.chains.restored
            if place.endswith("/shelf") and is_believed and not self.cards.is_unread(card):
                raise BrokenPromise(f"{serial} became a card, the books have it on {place}")

    def _check_one_card_a_permit(self) -> None:
        """A second card under one permit is one too many, unless two officers said that it is void.

        A printer may take up a job again that it had itself called aborted (world 165 of the
        build): nothing stops that card, but it must lie among the spoils in the books.
        """
        made: dict[str, str] = {}
        places = self.stock.places()
        for serial, card in sorted(self.shelf.cards.items()):
            facts = self.cards.attempts.get(card.attempt)
            if facts is None or facts["printer"] in self.chains.restored:
                continue
            if places.get(serial, "").endswith("/spoiled"):
                continue
            if (other := made.setdefault(facts["permit"], serial)) != serial:
                raise BrokenPromise(f"{other} and {serial} became cards under one permit")

    def _is_waste(self, serial: str, place: str) -> bool:
        """A void card may be anywhere: lost, handed in, cut up. The books count it as issued.

        So may one whose handover went with a disk and a stick: nobody can report its loss.
        """
        card = self.shelf.cards.get(serial)
        if card is None or not place.endswith("/issued"):
            return False
        return self.cards.is_void(card) or place.partition("/")[0] in self.lost_tail

    def _fits(self, place: str, lies: Lies) -> bool:
        if place.startswith("transit:"):
            return lies.spot is Spot.PARCEL
        office, _, account = place.partition("/")
        if account == Account.DISPUTE and office in self.chains.restored:
            # A card that a forgotten tail made is in dispute until two officers have decided.
            return lies.spot is Spot.GONE or lies.spot in _FINISHED
        if lies.spot not in _MAY_LIE[Account(account)]:
            return False
        return lies.spot in (Spot.HAND, Spot.GONE) or lies.whose == office


def _named(lies: Lies) -> str:
    return f"{lies.spot} {lies.whose}".strip()
