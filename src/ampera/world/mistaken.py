"""Hands that take the blank beside the right one, and eyes that read which one it really was.

Printers without a reader print on whatever lies in the hopper. Who checks a card reads its serial;
where the books have another, two officers say so, and the two blanks exchange their places.
"""

from __future__ import annotations

import random
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final

from ampera.blanko.actions import settle_dispute
from ampera.devices.simulated.cards import Fate
from ampera.printing.actions import exchange_blanko
from ampera.printing.queries import PrintedCard
from ampera.printing.rules.attempts import AttemptSeen
from ampera.words.refusal import Refusal
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.shelf import Lies, Spot

#: How often the chip of such a card is written before anybody reads its serial.
_CHIP_FIRST: Final = 0.5


@dataclass(slots=True)
class Hands:
    """What the two officers of one print room took for what, and what they read on it later."""

    office: OfficeAtWork
    #: Dice of its own: hands move no other chance of the world.
    rng: random.Random
    #: Attempt → the blank that was really laid in for it last.
    fed_for: dict[str, str] = field(default_factory=dict)
    #: Attempts whose card is not checked, or whose outcome nobody has settled.
    awaited: set[str] = field(default_factory=set)
    exchanged: int = 0
    chip_first: dict[str, bool] = field(default_factory=dict)

    def pick(self, serial: str) -> str:
        """The blank that the screen names; now and then the one beside it. Hands do not heal: most
        cards of a small world are printed when its lines are whole again."""
        if not self._slips():
            return serial
        others = self.office.ground.shelf.loose_at(self.office.code)[:3]
        return next((each for each in others if each != serial), serial)

    def take_any(self) -> str:
        """The named one is not on the shelf; some take another then. Empty: nothing is taken."""
        loose = self.office.ground.shelf.loose_at(self.office.code)
        return loose[0] if loose and self.office.ground.chance.is_on and self._slips() else ""

    def _slips(self) -> bool:
        return self.rng.random() < self.office.ground.chance.faults.mistaken

    def real(self, attempt: str, *, named: str) -> str:
        """The piece that is in the hand: made under this attempt's job, or laid in for it and not
        whole any more. Else it is the one that the books name."""
        shelf = self.office.ground.shelf
        made = shelf.made_under.get(attempt) or self._in_bins(attempt)
        if made:
            return made
        fed = self.fed_for.get(attempt, named)
        spot = shelf.lies[fed].spot
        card = shelf.cards.get(fed)
        is_others = card is not None and card.attempt in self.awaited and card.attempt != attempt
        return fed if spot in (Spot.DESK, Spot.SPOILS) and not is_others else named

    def _in_bins(self, attempt: str) -> str:
        seen = self.office.ground.shelf.printers[self.office.code].machine.physical()
        pieces = [each for each in (*seen.tray, *seen.ruined) if each.fate is not Fate.UNTOUCHED]
        return next((each.serial for each in pieces if each.job_name == attempt), "")

    def is_used_up(self, attempt: AttemptSeen) -> bool:
        """Does everybody see that the named blank is another card already?"""
        shelf = self.office.ground.shelf
        card = shelf.cards.get(attempt.serial)
        return card is not None and card.attempt in self.awaited - {attempt.id}

    def is_chip_first(self, card: PrintedCard) -> bool:
        """Is its chip written before its serial is read?"""
        if card.attempt not in self.chip_first:
            self.chip_first[card.attempt] = self.rng.random() < _CHIP_FIRST
        return self.chip_first[card.attempt]

    def exchange(self, attempt: str, *, real: str) -> None:
        """Both say which serial they read."""
        about = f"exchange {attempt}"
        if self.office.is_asked(about):
            return
        command, witness = self.office.command(), self.office.witness

        def then(answer: Answer | Refusal) -> None:
            if not isinstance(answer, Refusal):
                self.exchanged += 1
                self.office.server.note("=")
            elif answer.code == "blanko.exchange_disputed":
                # A count after a restore missed it: it is shown to the dinas, which settles first.
                self.office.ground.shown.add(real)

        self.office.ask(
            Errand(
                about,
                lambda: exchange_blanko(command, attempt=attempt, serial=real, witness=witness),
                then,
            )
        )

    def lie_here(self, serial: str, *, spots: Container[Spot]) -> bool:
        """Does it lie in one of these places of this office?"""
        lies: Lies = self.office.ground.shelf.lies[serial]
        return lies.whose == self.office.code and lies.spot in spots


@dataclass(slots=True)
class DisputeDesk:
    """Two officers of the dinas, to whom an office shows a blank that the books have in dispute.

    The count after a restore finds neither blank of a card that nobody has checked yet where its
    own books, which lost their tail, have them; what somebody holds in the hand is found.
    """

    dinas: OfficeAtWork
    settled: int = 0

    def step(self) -> None:
        """One tick's worth."""
        for serial in sorted(self.dinas.ground.shown):
            if self.dinas.is_open and not self.dinas.is_asked(f"dispute {serial}"):
                self._settle(serial)

    def _settle(self, serial: str) -> None:
        command, witness = self.dinas.command(), self.dinas.witness

        def then(answer: Answer | Refusal) -> None:
            # Where the news of it is still under way it is asked again; twice is settled once.
            self.settled += not isinstance(answer, Refusal)
            self.dinas.ground.shown.discard(serial)

        self.dinas.ask(
            Errand(
                f"dispute {serial}",
                lambda: settle_dispute(
                    command, item=serial, outcome="shelf", document="BA", witness=witness
                ),
                then,
            )
        )


def hands_of(office: OfficeAtWork, *, seed: int | str) -> Hands | None:
    """The hands of this office; None where nobody ever takes the wrong blank."""
    if not office.ground.chance.faults.mistaken:
        return None
    return Hands(office, random.Random(f"{seed}/hands/{office.code}"))
