"""Printing lent in a simulated province: a kecamatan's printer is down for days, the head of the
dinas lets another office print its cards, and the lending ends with permits still open.

Only some worlds draw it, with dice of its own: all others go as if it were not here. In those that
do, nights pass while the printer is down, and a line is cut, a server dies or is put back from a
backup just when printing is lent or comes home.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final, assert_never

from ampera.printing.actions import lend_printing
from ampera.printing.queries import is_office_down_now
from ampera.readiness.actions import end_lending
from ampera.readiness.queries import lending_seen, open_permits
from ampera.readiness.rules.lending import Lending, LendWish
from ampera.register.queries import local_day
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal
from ampera.world.network import Network
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.opening import DINAS
from ampera.world.restores import Restorer
from ampera.world.servers import acting_as
from ampera.world.working import Office

#: Of so many worlds one has a printer that is down for days.
WORLDS: Final = 8
#: So long the world waits for a permit that is open where the printer will break.
_PATIENCE_TICKS: Final = 25
#: So many ticks of work a day has while the printer is down.
_DAY_TICKS: Final = 7
#: Who has not lent after so many nights lends nothing.
_NIGHTS_MAX: Final = 5
_AFTER_TICKS: Final = 8
_CUT_TICKS: Final = 20
#: So much longer at the most the faults last in such a world.
_TICKS_MAX: Final = 110
_FRIDAY: Final = 4


class Ends(StrEnum):
    """How a lending comes to its end."""

    DATE = "its last day"
    UP = "printer up"
    EARLY = "ended early"


class Phase(StrEnum):
    WHOLE = "whole"
    DOWN = "down"
    LENT = "lent"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one world draws."""

    home: str
    at: str
    ends: Ends
    days: int  #: from its first day to its last
    nights: int  #: after so many nights it ends, unless its last day is over before
    #: Nobody waits until the office's printer is told down: the office itself is shut.
    is_shut: bool
    #: (what befalls whom, when): just after printing was lent, or just before it comes home.
    mishap: tuple[str, str, Phase]
    has_stick: bool

    def named(self) -> str:
        """For a trace."""
        what, whom, when = self.mishap
        told = f"{self.home} lent to {self.at} for {self.days} days, {self.ends}"
        return f"{told}, {what} {whom} when {when}" if what else told


def draw_plan(seed: int, *, kecamatan: Sequence[str], busy: Sequence[str]) -> Plan | None:
    """The lending of this world, if it has one: of one of the `busy` offices, where people ask."""
    dice = random.Random(f"{seed}/lending")
    if dice.randrange(WORLDS) or not busy:
        return None
    home = dice.choice(sorted(busy))
    others = [each for each in sorted(kecamatan) if each != home]
    at = dice.choice(others) if others and dice.random() < 0.6 else DINAS
    what, whom = dice.choice(("", "cut", "crash", "restore")), dice.choice((home, at))
    if what == "restore" and whom == DINAS:
        whom = home  # a dinas is not put back from a backup here
    return Plan(
        home=home,
        at=at,
        ends=dice.choice(tuple(Ends)),
        days=dice.randint(3, 10),
        nights=dice.randint(3, 6),
        is_shut=dice.random() < 0.3,
        mishap=(what, whom, dice.choice((Phase.LENT, Phase.OVER))),
        has_stick=dice.random() < 0.5,
    )


@dataclass(slots=True)
class LendingStory:
    """The broken printer and the head of the dinas who lends its office's printing."""

    plan: Plan | None
    offices: Mapping[str, Office]
    network: Network
    restorer: Restorer
    phase: Phase = Phase.WHOLE
    #: Ticks within the phase, and nights since the printer broke or since it was lent.
    ticks: int = 0
    nights: int = 0
    lending: str = ""
    #: What came of each attempt to lend or end, for tests.
    refusals: list[str] = field(default_factory=list)

    @property
    def is_going_on(self) -> bool:
        """Has the world still to wait for its end?"""
        is_past = self.phase is Phase.OVER and self.ticks >= _AFTER_TICKS
        return self.plan is not None and not is_past

    def named(self) -> str:
        """For a trace and for whoever plays a broken seed again."""
        return self.plan.named() if self.plan is not None else ""

    def go_on(self, step: Callable[[], None]) -> None:
        """The faults last until the story is told."""
        for _ in range(_TICKS_MAX if self.is_going_on else 0):
            if self.is_going_on:
                step()

    @property
    def dinas(self) -> OfficeAtWork:
        return self.offices[DINAS].at_work

    def length(self, tick: timedelta) -> timedelta:
        """How long this tick is: while the printer is down now and then a whole night. Everybody
        looks up in the morning."""
        is_down = self.phase in (Phase.DOWN, Phase.LENT)
        if not is_down or not self._is_on or self.ticks == 0 or self.ticks % _DAY_TICKS:
            return tick
        self.nights += 1
        for office in self.offices.values():
            office.idle.clear()
            office.worker.idle.clear()
        is_weekend_next = self.network.now().weekday() == _FRIDAY
        return timedelta(days=3 if is_weekend_next else 1)

    def befall(self) -> None:
        """One tick's worth."""
        if self.plan is None:
            return
        if not self._is_on:
            if self.lending:
                self._end_what_is_left(self.plan)
            return
        self.ticks += 1
        match self.phase:
            case Phase.WHOLE:
                self._break_down(self.plan)
            case Phase.DOWN:
                self._stay_down(self.plan)
                self._lend(self.plan)
            case Phase.LENT:
                self._stay_down(self.plan)
                self._come_home(self.plan)
            case Phase.OVER:
                if self.ticks == _AFTER_TICKS // 2:
                    self._mend(self.plan)
            case _:
                assert_never(self.phase)

    @property
    def _is_on(self) -> bool:
        return self.dinas.ground.chance.is_on

    def _go_to(self, phase: Phase) -> None:
        self.phase, self.ticks, self.nights = phase, 0, 0
        assert self.plan is not None, "only a drawn lending goes on"
        what, whom, when = self.plan.mishap
        if when is phase:
            self._befall(what, self.offices[whom].at_work, has_stick=self.plan.has_stick)

    # ---- the printer ----

    def _break_down(self, plan: Plan) -> None:
        """It breaks when there is a permit that it leaves open; not for ever is one waited for."""
        if not self.dinas.is_open:
            return
        with acting_as(self.dinas.server):
            is_any_open = bool(open_permits(OfficeCode(plan.home), most=1))
        if is_any_open or self.ticks > _PATIENCE_TICKS:
            self.offices[plan.home].at_work.server.note("D")
            self._go_to(Phase.DOWN)
            self._stay_down(plan)

    def _stay_down(self, plan: Plan) -> None:
        """Whatever a cut by chance would switch on again: it waits for a part."""
        printer = self.dinas.ground.shelf.printers[plan.home]
        printer._off_ticks_left, printer.machine.faults.cut = 0, None
        printer.machine.power_off()

    def _mend(self, plan: Plan) -> None:
        self.dinas.ground.shelf.printers[plan.home].machine.power_on(self.network.now())

    # ---- the head of the dinas ----

    def _lend(self, plan: Plan) -> None:
        if self.nights > _NIGHTS_MAX:
            self._go_to(Phase.OVER)
            return
        if not self.dinas.is_open or self.dinas.is_asked("lend"):
            return
        home = OfficeCode(plan.home)
        with acting_as(self.dinas.server):
            if not plan.is_shut and not is_office_down_now(home):
                return
            day = local_day()
        command = self.dinas.command()
        wish = LendWish(
            home=home,
            at=OfficeCode(plan.at),
            since=day,
            until=day + timedelta(days=plan.days - 1),
            why="OFFICE_SHUT" if plan.is_shut else "PRINTER_DOWN",
            ends_when_up=plan.ends is Ends.UP,
        )

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal):
                self.refusals.append(answer.code)
                return
            self.lending = answer["lending"]
            self.dinas.server.note("L")
            if self.phase is Phase.DOWN:
                self._go_to(Phase.LENT)

        self.dinas.ask(Errand("lend", lambda: lend_printing(command, wish=wish), then))

    def _come_home(self, plan: Plan) -> None:
        """The last day is over, the printer is mended, or the head has changed their mind."""
        seen = self._seen()
        if seen is None:
            return
        is_time = self.nights >= plan.nights
        if seen[1]:
            self._go_to(Phase.OVER)
        elif is_time and plan.ends is Ends.UP:
            self._go_to(Phase.OVER)
            self._mend(plan)
        elif is_time and plan.ends is Ends.EARLY:
            self._end()

    def _end_what_is_left(self, plan: Plan) -> None:
        """After the healing the printer works: nobody leaves its office lent out."""
        seen = self._seen()
        if seen is not None and not seen[1]:
            self._end()

    def _seen(self) -> tuple[Lending, bool] | None:
        """The lending as the dinas has it, and whether it is over; None while nobody can look."""
        if not self.dinas.is_open or not self.lending:
            return None
        with acting_as(self.dinas.server):
            found, day = lending_seen(self.lending), local_day()
        assert found is not None, "what the dinas has acknowledged it knows"
        return found, found.is_over(day)

    def _end(self) -> None:
        if self.dinas.is_asked("end lending"):
            return
        command, lending = self.dinas.command(), self.lending

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal):
                self.refusals.append(answer.code)
            self.dinas.server.note("-" if isinstance(answer, Refusal) else "E")

        self.dinas.ask(Errand("end lending", lambda: end_lending(command, lending=lending), then))

    # ---- what else goes wrong just then ----

    def _befall(self, what: str, whom: OfficeAtWork, *, has_stick: bool) -> None:
        code = whom.code
        if what == "cut":
            self.network.cut_until[code] = self.network.tick + _CUT_TICKS
        elif what == "crash" and whom.is_open:
            whom.crash()
        elif what == "restore":
            is_known = code in self.restorer.backups and code not in self.restorer.joining
            if is_known and code != DINAS:
                self.restorer.restore(whom, with_second_log=has_stick)
