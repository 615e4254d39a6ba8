"""An office at work: officers who ask their server for things, and ask again until it answers.

They act through the stations' actions, as the screens do. What they know is what a screen would
show
and what they see with their eyes; a server that died before it answered gets the same command
again,
under the same id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError

from ampera.journal.actions import Command
from ampera.words.refusal import Refusal
from ampera.world.faults import Chance, Died
from ampera.world.opening import Adult
from ampera.world.servers import Server, acting_as
from ampera.world.shelf import Shelf

Answer = dict[str, Any]


@dataclass(slots=True)
class Errand:
    """One thing that an officer wants done. `about` names it, so that nobody begins it twice."""

    about: str
    ask: Callable[[], Answer | Refusal]
    then: Callable[[Answer | Refusal], None]


@dataclass(slots=True)
class Ground:
    """What all offices of one world share: chance, plastic, and what residents were told."""

    chance: Chance
    shelf: Shelf
    tick: int = 0
    #: Request → the last no that an officer told the resident.
    told: dict[str, str] = field(default_factory=dict)
    #: Resident → whose body it is: two records may be of one body.
    bodies: dict[str, str] = field(default_factory=dict)
    #: Resident → what a counter learns of them.
    adults: dict[str, Adult] = field(default_factory=dict)
    #: How often each refusal was heard, for a trace and for tests.
    refusals: dict[str, int] = field(default_factory=dict)
    commands: int = 0
    #: Blanks in dispute by the books that somebody holds in the hand: the dinas settles them.
    shown: set[str] = field(default_factory=set)
    #: Cards that a carrier lost: the dinas voids them.
    lost_cards: list[str] = field(default_factory=list)


@dataclass(slots=True)
class OfficeAtWork:
    """One office: its server, its officers, what they have not been answered yet."""

    server: Server
    ground: Ground
    officers: tuple[str, ...]
    unanswered: list[Errand] = field(default_factory=list)
    #: All of it lies in custody at the dinas: nobody comes near.
    is_seized: bool = False
    #: The server is quarantined: two officers have to count first.
    must_count: bool = False

    @property
    def code(self) -> str:
        return str(self.server.code)

    @property
    def is_open(self) -> bool:
        """Does the server answer? Then the officers can work."""
        return self.server.is_up and not self.server.is_joining

    @property
    def witness(self) -> str:
        """The second officer, who proves themselves in the same act."""
        return self.officers[-1]

    def command(self) -> Command:
        """A command of the first officer, with an id made at the counter."""
        self.ground.commands += 1
        return Command(id=f"cmd_{self.code}_{self.ground.commands}", officer=self.officers[0])

    def is_asked(self, about: str) -> bool:
        """Is this under way already?"""
        return any(each.about == about for each in self.unanswered)

    def ask(self, errand: Errand) -> None:
        """Ask the server; without an answer the officer keeps the form and asks again later."""
        try:
            answer = self._asked(errand)
        except Died:
            self.crash()
            self._keep(errand)
        except (OperationalError, OSError):
            self.server.note("x")
            self._keep(errand)
        else:
            self._drop(errand)
            if isinstance(answer, Refusal):
                count = self.ground.refusals.get(answer.code, 0)
                self.ground.refusals[answer.code] = count + 1
            errand.then(answer)

    def _asked(self, errand: Errand) -> Answer | Refusal:
        with acting_as(self.server):
            answer = errand.ask()
            if not isinstance(answer, Refusal) and self.ground.chance.hits("double_click"):
                again = errand.ask()
                assert again == answer, f"{errand.about}: clicked twice, answered differently"
            return answer

    def ask_again(self) -> bool:
        """Repeat the oldest form that nobody answered; False when there is none."""
        if not self.unanswered:
            return False
        self.ask(self.unanswered[0])
        return True

    def crash(self) -> None:
        """The process ended; somebody starts it again after a while."""
        self.server.note("!")
        self.server.deaths += 1
        self.server.down_until = self.ground.tick + self.ground.chance.rng.randint(1, 20)

    def _keep(self, errand: Errand) -> None:
        self._drop(errand)
        self.unanswered.append(errand)

    def _drop(self, errand: Errand) -> None:
        self.unanswered = [each for each in self.unanswered if each is not errand]
