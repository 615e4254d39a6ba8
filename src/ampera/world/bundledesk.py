"""The desk of a simulated office at which bundles are sealed, given to carriers and taken back.

Two officers give one bundle at one moment; somebody at the counter trusts an old page. Dice of its
own: bundles move no other chance of the world.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

from ampera.delivery.actions import (
    Carrier,
    Proof,
    hand_over,
    seal_bundle,
    send_bundle,
    take_back,
)
from ampera.delivery.queries import (
    BundleSeen,
    bundles_out,
    card_held,
    kelurahan_of_cards,
    ready_cards,
)
from ampera.delivery.rules import CardHeld, Place, must_take_old_card
from ampera.intake.queries import facts_of
from ampera.journal.actions import Command
from ampera.readiness.actions import void_card
from ampera.readiness.queries import permit_seen
from ampera.words.refusal import Refusal
from ampera.world.carriers import Bag, Carriers
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.opening import DINAS
from ampera.world.servers import acting_as
from ampera.world.shelf import Lies, Spot

#: So long a single card waits for others of its kelurahan.
GATHER_TICKS: Final = 6
#: Of the cards of an office that brings them, so many go to the door.
BROUGHT: Final = 0.7
#: After these the books know nothing of the bundle any more: the card lies in the drawer again.
_FORGOTTEN: Final = frozenset(
    {"delivery.no_such_bundle", "delivery.no_such_card", "delivery.not_in_this_bundle"}
)


@dataclass(slots=True)
class BundleDesk:
    """Whoever makes bundles at one office."""

    office: OfficeAtWork
    rng: random.Random
    carriers: Carriers
    is_bringing: bool
    #: Card → does it go to the door?
    plans: dict[str, bool] = field(default_factory=dict)
    gathering_since: int = 0

    @property
    def is_here(self) -> bool:
        """Has anybody to do with bundles here? The dinas voids what carriers of others lose."""
        return self.is_bringing or (
            self.office.code == DINAS and self.office.ground.chance.faults.brought > 0
        )

    def wants(self, held: CardHeld) -> bool:
        """Does this card wait for the lurah, and not for its holder at the counter?"""
        if not self.is_bringing or held.moves:
            return False
        if held.card not in self.plans:
            self.plans[held.card] = self.rng.random() < BROUGHT
        return self.plans[held.card]

    def seen(self) -> tuple[int, ...]:
        """What would make whoever does this look up, beside the journal's news."""
        since, ground = self.gathering_since, self.office.ground
        is_due = bool(since) and ground.tick - since >= GATHER_TICKS
        back = sum(len(bag.returning) for bag in self.carriers.bags.values())
        return (back, int(is_due), len(ground.lost_cards))

    # ---- at the office ----

    def work(self) -> None:
        """One thing of all that can be done with bundles here."""
        if self.office.code == DINAS and self._void_lost():
            return
        if not self.is_bringing:
            return
        if not (self._take_back_one() or self._send_one()) and self.office.is_open:
            self._seal_one()
        if self.office.is_open and self.carriers.is_drawn("two_hands"):
            self._trust_old_page()

    def _seal_one(self) -> None:
        here = Lies(Spot.CUSTODY, self.office.code)
        lies, tick = self.office.ground.shelf.lies, self.office.ground.tick
        with acting_as(self.office.server):
            cards = [each for each in ready_cards() if lies[each.serial] == here]
            cards = [each for each in cards if self.wants(each)]
            areas = kelurahan_of_cards(cards)
            self.carriers.old_card_asked |= {
                each.card for each in cards if _is_old_card_asked(each)
            }
        for each in cards:
            if each.card not in areas:
                self.plans[each.card] = False
        groups: dict[str, list[str]] = {}
        for card, kelurahan in sorted(areas.items()):
            groups.setdefault(kelurahan, []).append(card)
        if not groups:
            self.gathering_since = 0
            return
        self.gathering_since = self.gathering_since or tick
        full = [code for code, found in sorted(groups.items()) if len(found) > 1]
        is_due = tick - self.gathering_since >= GATHER_TICKS
        chosen = full[0] if full else min(groups) if is_due else ""
        about = f"seal {chosen}"
        if not chosen or self.office.is_asked(about):
            return
        command, wish = self.office.command(), groups[chosen]

        def then(answer: Answer | Refusal) -> None:
            self.gathering_since = 0
            if isinstance(answer, Refusal):
                # Void, or on hold: who comes to the counter is told.
                self.plans.update(dict.fromkeys(wish, False))
            else:
                self.office.server.note("B")

        self.office.ask(
            Errand(about, lambda: seal_bundle(command, kelurahan=chosen, cards=wish), then)
        )

    def _send_one(self) -> bool:
        with acting_as(self.office.server):
            found = [each for each in bundles_out() if self._can_go(each)]
        if not found:
            return False
        bundle = found[0]
        to = Place.LURAH
        if bundle.place == Place.BUNDLE and self.rng.random() < 0.35:
            to = Place.COURIER
        self._give(bundle, to=to, giver=0)
        if self.office.is_open and self.carriers.is_drawn("two_hands"):
            self._give(bundle, to=Place.COURIER, giver=-1)
        return True

    def _can_go(self, bundle: BundleSeen) -> bool:
        """Are its cards really where the screen says?"""
        if self.office.is_asked(f"give {bundle.bundle} 0"):
            return False
        bag = self.carriers.bags.get(bundle.bundle)
        if bundle.place == Place.COURIER:
            return bag is not None and bag.by == Place.COURIER and bool(bag.cards)
        here, lies = Lies(Spot.CUSTODY, self.office.code), self.office.ground.shelf.lies
        return bundle.place == Place.BUNDLE and all(
            lies[each.serial] == here for each in bundle.held
        )

    def _give(self, bundle: BundleSeen, *, to: Place, giver: int) -> None:
        about = f"give {bundle.bundle} {giver}"
        if self.office.is_asked(about):
            return
        officers = self.office.officers
        command = Command(id=self.office.command().id, officer=officers[giver])
        carrier = Carrier(to=to.value, officer=self.carriers.lurah, second=self.carriers.lurah)
        if to is Place.COURIER:
            named = {"name": "KURIR CONTOH", "paper": "KTP CONTOH"}
            carrier = Carrier(to=to.value, second=officers[-1 - giver], **named)
        cards = {each.card: each.serial for each in bundle.held}

        def then(answer: Answer | Refusal) -> None:
            if not isinstance(answer, Refusal):
                self.carriers.take_along(bundle.bundle, to=to, cards=cards)
            elif answer.code == "delivery.second_log_missing":
                self.office.unanswered.append(errand)
            elif answer.code in ("delivery.bundle_has_void", "delivery.bundle_has_hold"):
                self._open_again(bundle)

        errand = Errand(
            about, lambda: send_bundle(command, bundle=bundle.bundle, carrier=carrier), then
        )
        self.office.ask(errand)

    def _open_again(self, bundle: BundleSeen) -> None:
        """A card of it must not go out: all of them lie at the counter again."""
        if self.carriers.bags.get(bundle.bundle) is not None:
            return
        command, cards = self.office.command(), {each.card: "" for each in bundle.held}

        def then(answer: Answer | Refusal) -> None:
            self.office.server.note("-" if isinstance(answer, Refusal) else "u")

        self.office.ask(
            Errand(
                f"open {bundle.bundle}",
                lambda: take_back(command, bundle=bundle.bundle, cards=cards),
                then,
            )
        )

    def _take_back_one(self) -> bool:
        """A card that the carrier really lays on the counter."""
        for bag in self.carriers.bags.values():
            for card in bag.returning:
                if not self.office.is_asked(f"back {card}"):
                    self._take_back(bag, card)
                    return True
        return self._take_back_forgotten()

    def _take_back_forgotten(self) -> bool:
        """A card that lies in the drawer and that the books have on its way: what said that it came
        back went with a disk. It is taken back once more."""
        here, lies = Lies(Spot.CUSTODY, self.office.code), self.office.ground.shelf.lies
        for bag in self.carriers.bags.values():
            for card, serial in sorted(bag.came_back.items()):
                if lies[serial] != here or self.office.is_asked(f"back {card}"):
                    continue
                with acting_as(self.office.server):
                    held = card_held(card)
                if held is not None and held.bundle == bag.bundle and Place(held.place).is_out:
                    self._take_back(bag, card)
                    return True
        return False

    def _take_back(self, bag: Bag, card: str) -> None:  # positional: a pair
        command = self.office.command()

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal) and answer.code not in _FORGOTTEN:
                return
            if card in bag.cards:
                bag.returning.remove(card)
                bag.came_back[card] = bag.cards.pop(card)
                self.office.ground.shelf.bring_back(bag.came_back[card])
            self.office.server.note("r")

        self.office.ask(
            Errand(
                f"back {card}",
                lambda: take_back(command, bundle=bag.bundle, cards={card: "NOT_HOME"}),
                then,
            )
        )

    def _trust_old_page(self) -> None:
        """Somebody at the counter hands over a card that is in a bag by now: must be refused."""
        away = sorted(
            (card, serial)
            for bag in self.carriers.bags.values()
            for card, serial in bag.cards.items()
        )
        if not away:
            return
        card, serial = self.rng.choice(away)
        about, command = f"hand over {card}", self.office.command()
        if self.office.is_asked(about):
            return
        proof = Proof(
            verified="EXCEPTION",
            exception="NO_MATCHER",
            second=self.office.witness,
            old_card="TAKEN_IN",
        )

        def then(answer: Answer | Refusal) -> None:
            shelf = self.office.ground.shelf
            is_here = shelf.lies[serial] == Lies(Spot.CUSTODY, self.office.code)
            if not isinstance(answer, Refusal) and is_here:
                shelf.give(serial, to=shelf.cards[serial].resident)
                self.office.server.note("H")

        self.office.ask(Errand(about, lambda: hand_over(command, card=card, proof=proof), then))

    def _void_lost(self) -> bool:
        """At the dinas: the police letter of a carrier who lost a bag voids what was in it."""
        lost = self.office.ground.lost_cards
        for card in list(lost):
            about, command = f"void {card}", self.office.command()
            if self.office.is_asked(about):
                continue

            def then(answer: Answer | Refusal, card: str = card) -> None:
                is_void = isinstance(answer, Refusal) and answer.code == "readiness.card_void"
                if (is_void or not isinstance(answer, Refusal)) and card in lost:
                    lost.remove(card)
                    self.office.server.note("V")

            def ask(card: str = card, command: Command = command) -> Answer | Refusal:
                return void_card(command, card=card, why="LOST", document="SKH/CONTOH/2")

            before = len(lost)
            self.office.ask(Errand(about, ask, then))
            if len(lost) < before or not self.office.is_open:
                return True
        return False


def _is_old_card_asked(held: CardHeld) -> bool:
    permit = permit_seen(held.permit)
    asked = facts_of(permit.request) if permit is not None else None
    return asked is not None and must_take_old_card(asked.reason)
