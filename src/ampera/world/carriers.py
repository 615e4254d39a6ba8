"""Couriers and lurahs of a simulated office, from door to door with a phone that has no line.

What the phone notes arrives late, twice and in another order, and bags get lost. The shelf knows
who really has a card. Dice of its own: carriers move no other chance of the world.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

from django.db import OperationalError

from ampera.delivery.actions import DoorAct, tell_door
from ampera.delivery.rules import Place
from ampera.journal.actions import Command
from ampera.words.clock import utc_text
from ampera.words.refusal import Refusal
from ampera.world.faults import Died
from ampera.world.offices import OfficeAtWork
from ampera.world.servers import acting_as
from ampera.world.shelf import Lies, Spot

#: The phone keeps what the office could not write just now.
_AGAIN: Final = frozenset({"delivery.second_log_missing", "server.quarantined"})


@dataclass(slots=True)
class Bag:
    """What one carrier really has of one bundle: card → serial."""

    bundle: str
    by: str
    cards: dict[str, str]
    #: Cards that the carrier found nobody for and lays on the counter again.
    returning: list[str] = field(default_factory=list)
    came_back: dict[str, str] = field(default_factory=dict)  #: what it had: card → serial
    seen_shut: set[str] = field(default_factory=set)  #: doors that were found shut once


@dataclass(frozen=True, slots=True)
class PhoneAct:
    """One act in the queue of a phone, under the id that the phone made."""

    command: str
    serial: str
    told: DoorAct


@dataclass(slots=True)
class Carriers:
    """Whoever carries the bundles of one office."""

    office: OfficeAtWork
    rng: random.Random
    bags: dict[str, Bag] = field(default_factory=dict)
    phone: list[PhoneAct] = field(default_factory=list)
    old_card_asked: set[str] = field(default_factory=set)  #: as the run sheets say
    acts: int = 0
    lost: int = 0

    @property
    def lurah(self) -> str:
        """The carrier's officer id."""
        return f"off_lurah_{self.office.code}"

    @property
    def _is_on(self) -> bool:
        return self.office.ground.chance.is_on

    def take_along(self, bundle: str, *, to: Place, cards: dict[str, str]) -> None:
        """The carrier takes what really lies there, or what the courier brings."""
        shelf, bag = self.office.ground.shelf, self.bags.get(bundle)
        here = Lies(Spot.CUSTODY, self.office.code)
        if bag is not None:
            if to is Place.LURAH:
                bag.by = to.value
                for serial in bag.cards.values():
                    shelf.carried[serial] = bag.by
            return
        found = {card: serial for card, serial in cards.items() if shelf.lies[serial] == here}
        for serial in found.values():
            shelf.take_along(serial, by=to.value)
        self.bags[bundle] = Bag(bundle, to.value, found)
        self.office.server.note("b")

    def walk(self) -> None:
        """One tick of the carriers and of the phone, whatever the office's server does."""
        for bag in list(self.bags.values()):
            if bag.cards and not self.lost and self.is_drawn("bag_lost"):
                self._lose(bag)
            if bag.by == Place.LURAH and (not self._is_on or self.rng.random() < 0.5):
                self._go_to_a_door(bag)
        if self.phone and self.office.is_open and (not self._is_on or self.rng.random() < 0.3):
            self._send_acts()

    def _lose(self, bag: Bag) -> None:
        """The bag is gone with all that was not given out of it."""
        self.lost += 1
        for card, serial in bag.cards.items():
            self.office.ground.shelf.steal(serial)
            self.office.ground.lost_cards.append(card)
        bag.cards.clear()
        bag.returning.clear()
        self.office.server.note("L")

    def _go_to_a_door(self, bag: Bag) -> None:
        left = sorted(set(bag.cards) - set(bag.returning))
        if not left:
            return
        card, chance = self.rng.choice(left), self.rng.random()
        if card not in bag.seen_shut and chance < 0.3:
            bag.seen_shut.add(card)
            self._note(bag, card, act="BACK")
        elif card in bag.seen_shut and chance < 0.4:
            bag.returning.append(card)
        else:
            serial = bag.cards[card]
            shelf = self.office.ground.shelf
            shelf.give_at_door(serial, to=shelf.cards[serial].resident)
            self._note(bag, card, act="GIVEN")
            del bag.cards[card]

    def _note(self, bag: Bag, card: str, *, act: str) -> None:
        """Into the phone's own storage; nobody at the office hears of it yet."""
        self.acts += 1
        serial = bag.cards[card]
        told = DoorAct(
            act=act,
            card=card,
            bundle=bag.bundle,
            told_at=utc_text(self.office.server.clock.now()),
            old_card="TAKEN_IN" if act == "GIVEN" and card in self.old_card_asked else "",
            why="NOT_HOME" if act == "BACK" else "",
        )
        self.phone.append(PhoneAct(f"cmd_phone_{self.office.code}_{self.acts}", serial, told))

    def _send_acts(self) -> None:
        """What the phone kept, in an order of its own; some of it twice."""
        waiting = list(self.phone)
        self.rng.shuffle(waiting)
        for act in waiting:
            is_doubled = self.rng.random() < 0.3
            for _ in range(2 if is_doubled else 1):
                if not self.office.is_open:
                    return
                self._send_act(act)
            if self._is_on and self.rng.random() < 0.3:
                return  # the line is gone again

    def _send_act(self, act: PhoneAct) -> None:
        command = Command(id=act.command, officer=self.lurah)
        try:
            with acting_as(self.office.server):
                answer = tell_door(command, told=act.told)
        except Died:
            self.office.crash()
            return
        except (OperationalError, OSError):
            self.office.server.note("x")
            return
        if isinstance(answer, Refusal) and answer.code in _AGAIN:
            return
        if self._is_on and self.rng.random() < 0.1:
            return  # the office said yes and the phone did not hear it
        self.phone = [each for each in self.phone if each.command != act.command]
        if act.told.act == "GIVEN" and not isinstance(answer, Refusal):
            self.office.ground.shelf.untold.discard(act.serial)
            self.office.server.note("D")

    def is_drawn(self, name: str) -> bool:
        """Does this fault happen, by this desk's own dice?"""
        intensity: float = getattr(self.office.ground.chance.faults, name)
        return self._is_on and self.rng.random() < intensity
