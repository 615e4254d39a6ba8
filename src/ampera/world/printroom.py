"""The print room: officers load blanko one by one, look into the tray, settle, check.

What the screen says is the server's word; what lies in hopper, tray and reject bin is seen with
eyes.
Whatever is settled by two officers here is what they have really seen.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

from ampera.devices.simulated.cards import Fate
from ampera.printing.actions import (
    check_card,
    empty_printer,
    end_attempt,
    settle_attempt,
    start_run,
)
from ampera.printing.queries import (
    PrintedCard,
    attempts_on,
    cards_to_check,
    open_attempts,
    run_on_at,
    unknown_attempts,
    why_waiting,
)
from ampera.printing.rules.attempts import AttemptSeen, Cause
from ampera.readiness.queries import open_permits
from ampera.words.refusal import Refusal
from ampera.world.chipdesk import ChipDesk
from ampera.world.hothead import help_along
from ampera.world.mistaken import Hands, hands_of
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.servers import acting_as
from ampera.world.shelf import Lies, Spot

RUN_CARDS_MAX: Final = 3
#: How often a second blank sticks to the one that is fed.
STICKING: Final = 0.05
#: How often another blank is taken for the one that the screen names.
MISTAKEN: Final = 0.05
#: After so many ticks without a card somebody gives up waiting for the printer.
PATIENCE_TICKS: Final = 25


@dataclass(slots=True)
class PrintRoom:
    """The printer of one office and the two officers beside it."""

    office: OfficeAtWork
    #: Attempt → the tick at which somebody first waited for its card.
    waiting_since: dict[str, int] = field(default_factory=dict)
    #: Somebody still gives an attempt time before it is looked for with eyes.
    is_patient: bool = False
    #: Serials whose card does not look right: a fact about the card, seen again by whoever looks.
    ugly: dict[str, bool] = field(default_factory=dict)
    #: The tick at which the printer was last seen without a blank that nobody wants of it.
    idle_since: int = 0
    run_cards_max: int = RUN_CARDS_MAX
    #: The reader beside the printer; None where the office writes no chips.
    chips: ChipDesk | None = None
    #: Dice of blanks that stick together or are mistaken; None where nothing would see it.
    sticking: random.Random | None = None
    #: Hands that take the wrong blank; None where they never do.
    slips: Hands | None = None
    #: Does the supplier's list tell which chip sits in which blank? Else a blank mistaken for
    #: another at first sight is bound to its serial (decision 21).
    is_listed: bool = False

    @property
    def printer(self) -> str:
        return self.office.code

    def work(self) -> None:
        """One round through the room."""
        self._help_the_machine()
        with acting_as(self.office.server):
            unknown = [each for each in unknown_attempts() if each.printer == self.printer]
            working = [each for each in open_attempts() if each.printer == self.printer]
            self.is_patient = bool(working)
            to_check = cards_to_check()
            waits = why_waiting(self.printer)
            is_on = bool(run_on_at(self.printer))
            is_wanted = not is_on and bool(open_permits(self.office.server.code, most=1))
        if self.slips is not None:
            self.slips.awaited = {*(each.attempt for each in to_check), *(u.id for u in unknown)}
        for attempt in unknown:
            self._settle(attempt)
        for card in to_check:
            self._check(card)
        for attempt in working:
            self._feed(attempt)
        if waits is not None and waits.code in _EMPTY_IT:
            self._empty()
        self._look_at_a_stopped_printer(is_at_work=bool(working or unknown))
        if is_wanted and not unknown and self.office.ground.shelf.loose_at(self.office.code):
            self._start_run()

    def _help_the_machine(self) -> None:
        """Pull out what is stuck; press the button of a printer that stays dark."""
        shelf = self.office.ground.shelf
        machine = shelf.printers[self.printer].machine
        help_along(machine)
        whole = [each.serial for each in machine.physical().ruined if each.fate is Fate.UNTOUCHED]
        if whole:
            shelf.take_out(whole, at=self.printer)
        if machine.is_tray_full or machine.is_reject_full:
            seen = machine.physical()
            shelf.take_out([each.serial for each in (*seen.tray, *seen.ruined)], at=self.printer)

    def _look_at_a_stopped_printer(self, *, is_at_work: bool) -> None:
        """It asks for a blank for which no screen wants one: a job that everybody forgot, with the
        server's disk or by taking it for dead. Two officers empty the printer."""
        machine = self.office.ground.shelf.printers[self.printer].machine
        if is_at_work or not machine.is_powered or not machine.is_starved:
            self.idle_since = self.office.ground.tick
        elif self.office.ground.tick - self.idle_since > PATIENCE_TICKS:
            self._empty(is_unasked=True)

    def _start_run(self) -> None:
        command = self.office.command()
        cards = self.office.ground.chance.rng.randint(1, self.run_cards_max)
        self.office.ask(
            Errand("run", lambda: start_run(command, printer=self.printer, cards=cards), _noted)
        )

    def _feed(self, attempt: AttemptSeen) -> None:
        """Lay the one blanko in that the screen names; take out whatever else lies in the
        hopper."""
        shelf = self.office.ground.shelf
        machine = shelf.printers[self.printer].machine
        since = self.waiting_since.setdefault(attempt.id, self.office.ground.tick)
        is_used_up = self.slips is not None and self.slips.is_used_up(attempt)
        if is_used_up or self.office.ground.tick - since > PATIENCE_TICKS:
            self._give_up(attempt)
            return
        if not machine.is_powered or machine.is_printing:
            return
        hopper = machine.physical().hopper
        # Who took the wrong one looks once, and does not look again while it lies there.
        fed = self.slips.fed_for.get(attempt.id) if self.slips is not None else None
        if hopper and hopper != (fed or attempt.serial,):
            shelf.unload(at=self.printer)
            hopper = ()
        is_on_shelf = shelf.lies[attempt.serial] == Lies(Spot.SHELF, self.office.code)
        if not hopper and is_on_shelf and machine.is_starved:
            picked = self._picked(attempt.serial)
            shelf.feed(picked, at=self.printer)
            if self.slips is not None:
                self.slips.fed_for[attempt.id] = picked
            self._let_stick()

    def _picked(self, serial: str) -> str:
        """The blank that the screen names; now and then the one beside it."""
        if self.slips is not None:
            return self.slips.pick(serial)
        dice = self.sticking
        if dice is None or not self.is_listed or not self.office.ground.chance.is_on:
            return serial
        others = self.office.ground.shelf.loose_at(self.printer)[:2]
        is_mistaken = dice.random() < MISTAKEN
        return next((each for each in others if each != serial and is_mistaken), serial)

    def _let_stick(self) -> None:
        """A second blank sticks to the one that is fed, and nobody sees it."""
        shelf, chance = self.office.ground.shelf, self.office.ground.chance
        if self.sticking is None or not chance.is_on or self.sticking.random() >= STICKING:
            return
        for second in shelf.loose_at(self.office.code)[:1]:
            shelf.feed(second, at=self.printer)
            shelf.printers[self.printer].machine.faults.second = Fate.UNTOUCHED

    def _give_up(self, attempt: AttemptSeen) -> None:
        """Too long: what became of it has to be seen with eyes."""
        command = self.office.command()
        about = f"give up {attempt.id}"
        if not self.office.is_asked(about):
            self.office.ask(
                Errand(
                    about,
                    lambda: end_attempt(command, attempt=attempt.id, outcome="UNKNOWN"),
                    _noted,
                )
            )

    def _settle(self, attempt: AttemptSeen) -> None:
        about = f"settle {attempt.id}"
        if self.office.is_asked(about):
            return
        if self.slips is not None:
            real = self.slips.real(attempt.id, named=attempt.serial)
            if real != attempt.serial:
                self._take_out(real)
                self.slips.exchange(attempt.id, real=real)
                return
        outcome = self._look_for(attempt)
        if outcome == "":
            return
        command, witness = self.office.command(), self.office.witness

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal):
                if answer.code == "printing.job_may_still_print":
                    self._empty()
                return
            self.office.server.note("?")
            if outcome == "SPOILED":
                self.office.ground.shelf.lay_with_spoils([attempt.serial], at=self.office.code)

        self.office.ask(
            Errand(
                about,
                lambda: settle_attempt(
                    command,
                    attempt=attempt.id,
                    outcome=outcome,
                    witness=witness,
                    cause=Cause.NO_CHIP if _is_dead(attempt) else Cause.FAILED_PRINT,
                ),
                then,
            )
        )

    def _look_for(self, attempt: AttemptSeen) -> str:
        """Where is the blanko of this attempt, and what is it now? Empty: it cannot be seen yet."""
        shelf = self.office.ground.shelf
        machine = shelf.printers[self.printer].machine
        seen = machine.physical()
        if attempt.serial == seen.inside:
            return ""
        if attempt.serial in seen.hopper:
            shelf.unload(at=self.printer)
        if attempt.serial in seen.staged:
            shelf.reject(at=self.printer)
            seen = machine.physical()
        shelf.take_out(
            [each.serial for each in (*seen.tray, *seen.ruined) if each.serial == attempt.serial],
            at=self.printer,
        )
        lies = shelf.lies[attempt.serial]
        if lies.spot is Spot.SHELF:
            # Whole to the eye; but nothing in it answers.
            return "SPOILED" if _is_dead(attempt) else "SHELF"
        if lies.spot is Spot.SPOILS:
            return "SPOILED"
        if self.slips is not None and self.slips.is_used_up(attempt):
            return ""  # its card's own check says first which blank it is
        if lies.spot in (Spot.DESK, Spot.CUSTODY):
            # A card of somebody else on this blanko is waste, and so is the blanko.
            return "PRINTED" if shelf.cards[attempt.serial].attempt == attempt.id else "SPOILED"
        # Lost, or given to its holder by a life of the server that nobody can prove any more.
        return "DISPUTE" if lies.spot in (Spot.GONE, Spot.HAND) else ""

    def _empty(self, *, is_unasked: bool = False) -> None:
        """Two officers take everything out and say so; the server then purges the jobs."""
        if self.office.is_asked("empty"):
            return
        with acting_as(self.office.server):
            has_work = is_unasked or bool(attempts_on(self.printer))
        if not has_work:
            return
        found = self.office.ground.shelf.printers[self.printer].physical()
        pieces = {each.serial for each in (*found.tray, *found.ruined) if each.job_name}
        with acting_as(self.office.server):
            # Whose serial a screen names is settled or checked by itself.
            named = {each.serial for each in (*unknown_attempts(), *open_attempts())}
            named |= {each.serial for each in cards_to_check()}
        self.office.ground.shelf.empty_printer(at=self.printer)
        self._say_emptied(sorted(pieces - named))

    def _say_emptied(self, waste: list[str]) -> None:
        """Both sign; what the books do not have on the shelf is no waste of this kind."""
        command, witness = self.office.command(), self.office.witness

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal) and waste:
                self._say_emptied([])
            elif waste and not isinstance(answer, Refusal):
                self.office.ground.shelf.lay_with_spoils(waste, at=self.office.code)

        self.office.ask(
            Errand(
                "empty",
                lambda: empty_printer(command, printer=self.printer, witness=witness, waste=waste),
                then,
            )
        )

    def _take_out(self, serial: str) -> None:
        """Out of tray or reject bin, if it lies there."""
        shelf = self.office.ground.shelf
        seen = shelf.printers[self.printer].physical()
        if any(each.serial == serial for each in (*seen.tray, *seen.ruined)):
            shelf.take_out([serial], at=self.printer)

    def _is_other_blank(self, card: PrintedCard) -> bool:
        """Both read another serial on the card than the screen shows, and say so; its chip may have
        been written before that."""
        if self.slips is None:
            return False
        real = self.slips.real(card.attempt, named=card.serial)
        if real == card.serial:
            return False
        self._take_out(real)
        is_in_hand = self.slips.lie_here(real, spots={Spot.DESK, Spot.CUSTODY, Spot.SPOILS})
        if is_in_hand and self.chips is not None and self.slips.is_chip_first(card):
            self.slips.chip_first[card.attempt] = False
            self.chips.write(card, real=real)
        elif is_in_hand:
            self.slips.exchange(card.attempt, real=real)
        return True

    def _check(self, card: PrintedCard) -> None:
        if self._is_other_blank(card):
            return
        shelf = self.office.ground.shelf
        about = f"check {card.card}"
        tray = shelf.printers[self.printer].physical().tray
        if any(each.serial == card.serial for each in tray):
            shelf.take_out([card.serial], at=self.printer)
        lies = shelf.lies[card.serial]
        if self.office.is_asked(about) or lies.whose != self.office.code:
            return
        if lies.spot not in (Spot.DESK, Spot.CUSTODY, Spot.SPOILS):
            return
        # Not on the desk: it was judged, and the server forgot that with its disk.
        result = "REJECTED" if lies.spot is Spot.SPOILS or self._is_ugly(card.serial) else "READY"
        if self.chips is not None and lies.spot is Spot.DESK:
            outcome = self.chips.write(card)
            if not outcome:
                return  # not yet: it is laid on the reader again in the next round
            result = result if outcome == "WRITTEN" else "REJECTED"
        command, witness = self.office.command(), self.office.witness

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal):
                return
            if result == "READY":
                shelf.keep_for_holder(card.serial, at=self.office.code)
            else:
                shelf.lay_with_spoils([card.serial], at=self.office.code)
            self.office.server.note("P")

        self.office.ask(
            Errand(
                about,
                lambda: check_card(command, card=card.card, result=result, witness=witness),
                then,
            )
        )

    def _is_ugly(self, serial: str) -> bool:
        if serial not in self.ugly:
            self.ugly[serial] = self.office.ground.chance.hits("bad_card")
        return self.ugly[serial]


def a_print_room(office: OfficeAtWork, *, seed: int) -> PrintRoom:
    """The print room of an office of that world, with the hands that its weather gives it."""
    return PrintRoom(office, slips=hands_of(office, seed=seed))


#: What the screen says when the printer has to be emptied by two.
_EMPTY_IT: Final = frozenset({"printing.printer_not_emptied"})


def _is_dead(attempt: AttemptSeen) -> bool:
    """Did the reader inside the printer hear nothing of its blank?"""
    return attempt.cause == Cause.NO_CHIP


def _noted(_: Answer | Refusal) -> None:
    """Nothing to do with hands."""
