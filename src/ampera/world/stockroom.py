"""The stockroom: boxes and loose blanko go from office to office, are counted in and opened."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Final

from ampera.blanko.actions import (
    open_books,
    open_box,
    receive_shipment,
    ship,
    take_from_maker,
    take_unmatched,
)
from ampera.blanko.queries import (
    ShipmentSeen,
    held_at,
    loose_count,
    shelf_count,
    shipments_to,
)
from ampera.blanko.rules import Account, Box, place, stock_of
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.servers import acting_as
from ampera.world.shelf import Lies, Spot

#: Below this many on a child's shelf something is sent there.
LOW: Final = 3
ROAD_TICKS_MAX: Final = 20


@dataclass(slots=True)
class Road:
    """Parcels under way: what the courier carries. Shared by all stockrooms of a world."""

    #: Shipment → (addressee, the tick at which it arrives).
    parcels: dict[str, tuple[str, int]] = field(default_factory=dict)
    #: Parcels whose goods were put on a shelf.
    opened: set[str] = field(default_factory=set)
    #: Parcels that were opened before their news came → (labels, loose) that were in them. It lies
    #: on the shelf, and nobody uses it yet.
    aside: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)


@dataclass(slots=True)
class Stockroom:
    """Whoever keeps the blanko of one office, and its children in mind."""

    office: OfficeAtWork
    road: Road
    children: tuple[str, ...] = ()

    def open(self, *, boxes: list[Box], loose: list[str]) -> None:
        """The first count: what lies here stands in the books from now on."""
        shelf, command, witness = (
            self.office.ground.shelf,
            self.office.command(),
            self.office.witness,
        )
        for box in boxes:
            shelf.make_box(box, at=self.office.code)
        shelf.make_loose(loose, at=self.office.code)
        if self.office.server.code.upper is None:
            self._ask(
                "books",
                lambda: take_from_maker(command, boxes=boxes, document="BA-1", witness=witness),
            )
        else:
            self._ask(
                "books",
                lambda: open_books(command, boxes=boxes, serials=loose, witness=witness),
            )

    def work(self) -> None:
        """Take in what has come, open a box when nothing loose is left, send where it is low."""
        self._receive()
        if self.office.is_open:
            self._open_a_box()
        for child in self.children:
            if self.office.is_open:
                self._send_to(child)

    def _receive(self) -> None:
        """Each parcel that has come: counted in by its news, or put aside while there is none."""
        ground, here = self.office.ground, self.office.server.code
        with acting_as(self.office.server):
            told = {each.shipment: each for each in shipments_to(here)}
            mine = held_at(stock_of(here))
        for shipment, seen in sorted(told.items()):
            if shipment not in self.road.parcels and shipment in self.road.opened:
                self._count_again(seen)
        for shipment, (addressee, tick) in sorted(self.road.parcels.items()):
            if addressee != self.office.code or tick > ground.tick or not self.office.is_open:
                continue
            if shipment not in self.road.aside:
                boxes, loose = ground.shelf.parcel(shipment)
                if shipment in told:
                    self._count_in(shipment, boxes, loose)
                elif ground.tick - tick > ROAD_TICKS_MAX:
                    self._set_aside(shipment)
            else:
                self._look_at_what_stands_aside(shipment, mine=mine, is_told=shipment in told)

    def _look_at_what_stands_aside(
        self, shipment: str, *, mine: Container[str], is_told: bool
    ) -> None:
        boxes, loose = self.road.aside[shipment]
        with acting_as(self.office.server):
            unmatched = held_at(place(self.office.server.code, Account.UNMATCHED))
        if all(item in mine for item in (*boxes, *loose)):
            # The news came, and the server matched what had been put aside.
            self._put_away(shipment)
            if is_told:
                self._count_in(shipment, [], [])
        elif is_told and not any(item in unmatched for item in (*boxes, *loose)):
            # The server forgot with its disk that it was put aside.
            self._count_in(shipment, boxes, loose)

    def _count_again(self, seen: ShipmentSeen) -> None:
        """The server forgot with its disk that this came in: what of it lies here is seen again."""
        shelf, here = self.office.ground.shelf, self.office.code
        boxes = [
            each.box for each in seen.boxes if shelf.sealed.get(each.box) == Lies(Spot.BOX, here)
        ]
        loose = [each for each in seen.serials if shelf.lies.get(each) == Lies(Spot.SHELF, here)]
        self._count_in(seen.shipment, boxes, loose)

    def _put_away(self, shipment: str) -> None:
        self.road.parcels.pop(shipment, None)
        self.road.opened.add(shipment)
        self.office.ground.shelf.unpack(shipment, at=self.office.code)
        self.office.server.note("B")

    def _count_in(self, shipment: str, boxes: list[str], loose: list[str]) -> None:
        command, witness = self.office.command(), self.office.witness

        def then(answer: Answer | Refusal) -> None:
            if not isinstance(answer, Refusal) and shipment in self.road.parcels:
                self._put_away(shipment)

        self._ask(
            f"receive {shipment}",
            lambda: receive_shipment(
                command, shipment=shipment, seen_boxes=boxes, seen_serials=loose, witness=witness
            ),
            then,
        )

    def _set_aside(self, shipment: str) -> None:
        """Goods before their news: unmatched, not used until the news is here."""
        shelf = self.office.ground.shelf
        labels, loose = shelf.parcel(shipment)
        boxes = [shelf.boxes[label] for label in labels]
        command, witness = self.office.command(), self.office.witness

        def then(answer: Answer | Refusal) -> None:
            if not isinstance(answer, Refusal):
                self.road.aside[shipment] = (labels, loose)
                shelf.unpack(shipment, at=self.office.code)
                self.office.server.note("u")

        if boxes or loose:
            self._ask(
                f"aside {shipment}",
                lambda: take_unmatched(
                    command, boxes=boxes, serials=loose, document=shipment, witness=witness
                ),
                then,
            )

    def _open_a_box(self) -> None:
        here = self.office.server.code
        if here.upper is None:
            return
        with acting_as(self.office.server):
            boxes = sorted(label for label, each in held_at(stock_of(here)).items() if each.box)
            is_bare = loose_count(here) == 0
        lying = [
            label
            for label in boxes
            if self.office.ground.shelf.sealed.get(label) == Lies(Spot.BOX, self.office.code)
        ]
        if not is_bare or not lying or (self.children and len(lying) > 1):
            return
        label, command = lying[0], self.office.command()

        def then(answer: Answer | Refusal) -> None:
            if not isinstance(answer, Refusal):
                self.office.ground.shelf.open_box(label)

        self._ask(f"open {label}", lambda: open_box(command, box=label), then)

    def _send_to(self, child: str) -> None:
        """A sealed box, or some loose ones; whoever carries them may take one."""
        here, ground = self.office.server.code, self.office.ground
        with acting_as(self.office.server):
            is_low = shelf_count(child) < LOW and not shipments_to(OfficeCode(child))
            mine = held_at(stock_of(here)) if is_low else {}
        boxes = sorted(label for label, each in mine.items() if each.box is not None)[:1]
        loose = sorted(item for item, each in mine.items() if each.box is None)
        loose = [] if boxes else loose[:LOW]
        if (not boxes and not loose) or self.office.is_asked(f"ship {child}"):
            return
        if any(ground.shelf.lies[each].spot is not Spot.SHELF for each in loose):
            return  # somebody at the printer has it in hand just now
        command = self.office.command()

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal):
                if answer.code == "blanko.second_log_missing":
                    # It stands in the books but lies on no second medium: nothing leaves yet.
                    self.office.unanswered.append(errand)
                return
            shipment = answer["shipment"]
            ground.shelf.send(shipment, items=[*boxes, *loose])
            for serial in loose:
                if ground.chance.hits("theft"):
                    ground.shelf.steal(serial)
            arrives = ground.tick + ground.chance.rng.randint(1, ROAD_TICKS_MAX)
            self.road.parcels[shipment] = (child, arrives)
            self.office.server.note("S")

        errand = Errand(
            f"ship {child}",
            lambda: ship(
                command, to=child, boxes=boxes, serials=loose, courier=self.office.officers[0]
            ),
            then,
        )
        self.office.ask(errand)

    def _ask(
        self,
        about: str,
        ask: Callable[[], Answer | Refusal],
        then: Callable[[Answer | Refusal], None] | None = None,
    ) -> None:
        if not self.office.is_asked(about):
            self.office.ask(Errand(about, ask, then or _noted))


def _noted(_: Answer | Refusal) -> None:
    """Nothing to do with hands."""
