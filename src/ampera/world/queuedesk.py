"""Who is to come before others in a simulated province: urgency marks and queue jumps by two
officers, marks that are taken back, and officers who try it alone.

Dice of its own: it moves no other chance of the world.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ampera.journal.actions import Command
from ampera.readiness.actions import jump_queue, undo_move, urge_request
from ampera.readiness.rules.policy import Moved, policy
from ampera.words.refusal import Refusal
from ampera.world.counter import CounterDesk
from ampera.world.offices import Answer, Errand, OfficeAtWork

#: So often somebody tries in one office of one world; one more jump than a day allows.
TRIES_MAX: Final = 5
_ALONE: Final = 0.25
_TAKEN_BACK: Final = 0.3


@dataclass(slots=True)
class QueueDesk:
    """The officers of one office who may say that a request comes before others."""

    office: OfficeAtWork
    rng: random.Random
    #: Whose visitors this office serves; the dinas all of its city.
    desks: Sequence[CounterDesk]
    tries: int = 0
    moves: list[str] = field(default_factory=list)

    def step(self) -> None:
        """One tick: hardly ever somebody asks for it."""
        chance = self.office.ground.chance
        if not chance.is_on or self.tries >= TRIES_MAX or not self.office.is_open:
            return
        if self.rng.random() >= chance.faults.queue_moved:
            return
        if self.moves and self.rng.random() < _TAKEN_BACK:
            self._take_back(self.moves.pop())
        else:
            self._move()

    def _move(self) -> None:
        cases = [case for desk in self.desks for case in desk.cases]
        waiting = [case.request for case in cases if case.request and not case.is_over]
        if not waiting:
            return
        self.tries += 1
        request, what = self.rng.choice(waiting), self.rng.choice((Moved.JUMPED, Moved.URGENT))
        codes = [each for each in policy().urgencies.values() if what in each.moves]
        code = self.rng.choice(sorted(codes, key=lambda each: each.code))
        act = jump_queue if what is Moved.JUMPED else urge_request
        command, witness = self.office.command(), self._second()

        def then(answer: Answer | Refusal) -> None:
            if not isinstance(answer, Refusal):
                self.moves.append(answer["move"])
                self.office.server.note("J")

        def ask() -> Answer | Refusal:
            return act(
                command,
                request=request,
                reason=code.code,
                evidence=code.evidence[0],
                note="surat contoh",
                witness=witness,
            )

        self.office.ask(Errand(f"move {command.id}", ask, then))

    def _second(self) -> str:
        """The second officer, or whoever tries it alone."""
        if self.rng.random() < _ALONE:
            return self.rng.choice(("", self.office.officers[0]))
        return self.office.witness

    def _take_back(self, move: str) -> None:
        command: Command = self.office.command()
        witness = self.office.witness
        self.office.ask(
            Errand(
                f"undo {move}",
                lambda: undo_move(command, move=move, witness=witness),
                lambda _: None,
            )
        )
