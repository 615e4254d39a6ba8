"""The chips of a simulated world: a reader on the desk, cards laid on it, torn away, dead chips.

The chips are the physical truth: what is on them is held against the person whom the card names.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from ampera.devices.chip.encoder import ReaderEncoder
from ampera.devices.chip.layout import the_layout
from ampera.devices.chip.memory import MemoryReader, memory_encoder
from ampera.printing.actions import fail_chip, personalise_card
from ampera.printing.ports import ChipContents, ChipState, open_encoder
from ampera.printing.queries import PrintedCard, encoding_of
from ampera.readiness.queries import permit_seen
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal
from ampera.world.chainbooks import BrokenPromise
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.servers import acting_as
from ampera.world.shelf import Lies, Spot

#: A chip is torn away after so many writings at most: anywhere in the middle of a card.
_TEARS_MOST = 24
#: So often somebody lays a silent chip on the reader again before it is called dead.
_TRIES = 2


@dataclass(slots=True)
class ChipDesk:
    """The reader of one office and the officer at it."""

    office: OfficeAtWork
    encoder: ReaderEncoder
    reader: MemoryReader
    #: Dice of its own: chips move no other chance of the world.
    rng: random.Random
    dead: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    tries: dict[str, int] = field(default_factory=dict)

    def write(self, card: PrintedCard, *, real: str = "") -> str:
        """Lay the card on the reader and have its chip written. How it ended; empty: not yet.

        `real` is the blank that it really is, where the books have another.
        """
        with acting_as(self.office.server):
            known = encoding_of(card.attempt)
        if known is not None:
            return known.outcome.value
        about = f"chip {card.card}"
        if self.office.is_asked(about):
            return ""
        self._lay(real or card.serial)
        command = self.office.command()

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal) and answer.code == "printing.no_chip_seen":
                self.tries[card.serial] = self.tries.get(card.serial, 0) + 1

        self.office.ask(
            Errand(
                about,
                lambda: personalise_card(
                    command, attempt=card.attempt, encoder=self.encoder, compose=contents
                ),
                then,
            )
        )
        if self.tries.get(card.serial, 0) >= _TRIES:
            self._give_up(card)
        return ""

    def chip_of(self, serial: str) -> str | None:
        """What the reader inside the printer hears of this blank."""
        self._meet(serial)
        return self.reader.uid_of(serial)

    def _meet(self, serial: str) -> None:
        """Some chips were dead from the beginning."""
        if serial not in self.seen:
            self.seen.add(serial)
            if self.rng.random() < self.office.ground.chance.faults.dead_chip:
                self.dead.add(serial)
                self.reader.spoil(serial, is_dead=True)

    def _lay(self, serial: str) -> None:
        """Somebody may pull it away in the middle."""
        faults, is_on = self.office.ground.chance.faults, self.office.ground.chance.is_on
        self._meet(serial)
        self.reader.put(serial)
        self.reader.take_tear()
        if is_on and self.rng.random() < faults.chip_torn:
            self.reader.tear_after(self.rng.randint(0, _TEARS_MOST))

    def _give_up(self, card: PrintedCard) -> None:
        command, about = self.office.command(), f"dead chip {card.card}"
        if self.office.is_asked(about):
            return
        self.office.ask(
            Errand(
                about,
                lambda: fail_chip(command, attempt=card.attempt, cause="no_chip"),
                lambda _: None,
            )
        )

    def check(self) -> None:
        """Raises BrokenPromise when a card that was called good here lacks its own whole chip."""
        shelf, here = self.office.ground.shelf, Lies(Spot.CUSTODY, self.office.code)
        for serial in sorted(self.seen):
            if shelf.lies[serial] != here:
                continue
            card = shelf.cards[serial]
            self.reader.put(card.serial)
            seen = self.encoder.read()
            told = seen.contents.files["biodata"] if seen.contents is not None else b""
            if seen.state is not ChipState.COMPLETE or told != card.resident.encode():
                raise BrokenPromise(
                    f"{card.serial} names {card.resident}, its chip is {seen.state}"
                    f" {told.decode(errors='replace')}".rstrip()
                )


def check_chips(desks: Iterable[ChipDesk | None]) -> None:
    """The cards that wait for their holders at these offices."""
    for desk in desks:
        if desk is not None:
            desk.check()


def chip_desk(office: OfficeAtWork, *, rng: random.Random) -> ChipDesk:
    """A reader for this office; its server writes chips from now on."""
    encoder, reader = memory_encoder()
    open_encoder(office.server.code, encoder=encoder)
    made = ChipDesk(office, encoder, reader, rng)
    # A chip is one thing: the reader inside the printer hears the same.
    office.ground.shelf.printers[office.code].machine.chip_of = made.chip_of
    return made


def no_reader_at(code: str) -> None:
    """Take the reader of that office away: another world has its own."""
    open_encoder(OfficeCode(code), encoder=None)


def contents(permit: str) -> ChipContents | Refusal:
    """What the chip of that permit's card shall hold: as thin as can be, and whose it is."""
    seen = permit_seen(permit)
    if seen is None:
        return Refusal("printing.no_permit")
    told = seen.resident.encode()
    sizes = {file.name: 1 if file.name == "biodata" else 8 for file in the_layout().contents}
    return ChipContents(seen.version, {name: told * size for name, size in sizes.items()})
