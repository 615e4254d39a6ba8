"""An office in custody in a simulated province: two officers of the dinas fetch its server, its
printer and every blank that really lies there, and its permits end at once.

Only some worlds draw it, with dice of its own: all others go as if it were not here. What the
office had printed and not told comes later; in some worlds it never works again while the faults
last, and its cards are granted elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final, assert_never

from ampera.blanko.queries import held_at
from ampera.blanko.rules import transit_to
from ampera.printing.actions import lend_printing, seize_office
from ampera.printing.queries import custody_desk
from ampera.readiness.actions import InCustody, end_lending, release_office
from ampera.readiness.queries import lending_seen, seizure_of, unsettled_count
from ampera.readiness.rules.lending import LendWish
from ampera.register.queries import local_day
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.opening import DINAS
from ampera.world.restores import Restorer
from ampera.world.servers import acting_as
from ampera.world.shelf import Spot
from ampera.world.working import Office

#: Of so many worlds one has an office that is taken into custody.
WORLDS: Final = 8
#: So long the world waits for permits that are open there.
_PATIENCE_TICKS: Final = 60
#: Who has not found every blank after so many ticks gives up: the office goes on.
_SEARCH_TICKS: Final = 10
_AWAY_TICKS: Final = (6, 18)
#: So much longer at the most the faults last in such a world.
_TICKS_MAX: Final = 90
#: A machine in a locked room: nobody starts it again by itself.
_NEVER: Final = 10**9
#: Where a piece lies that can be carried to the dinas.
_THERE: Final = frozenset(
    {Spot.BOX, Spot.SHELF, Spot.PRINTER, Spot.DESK, Spot.CUSTODY, Spot.SPOILS}
)


class Phase(StrEnum):
    OPEN = "open"
    SEARCHED = "searched"  #: its server stands still, the blanks are looked for
    SEIZED = "seized"
    COMING_BACK = "coming back"  #: its server runs at the dinas, its printer does not
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SeizePlan:
    """What one world draws."""

    office: str
    lent_to: str
    away_ticks: int
    is_for_good: bool  #: nobody gives anything back before the faults end


def draw_seizure(
    seed: int, *, kecamatan: Sequence[str], busy: Sequence[str], is_lent: bool
) -> SeizePlan | None:
    """The custody of this world, if it has one: of a `busy` office; never beside a lending."""
    dice = random.Random(f"{seed}/custody")
    if dice.randrange(WORLDS) or not busy or is_lent:
        return None
    office = dice.choice(sorted(busy))
    others = [each for each in sorted(kecamatan) if each != office]
    return SeizePlan(
        office=office,
        lent_to=dice.choice(others) if others and dice.random() < 0.5 else DINAS,
        away_ticks=dice.randint(*_AWAY_TICKS),
        is_for_good=dice.random() < 0.5,
    )


@dataclass(slots=True)
class SeizeStory:
    """The two officers of the dinas and what they carry away."""

    plan: SeizePlan | None
    offices: Mapping[str, Office]
    restorer: Restorer
    phase: Phase = Phase.OPEN
    ticks: int = 0
    seizure: str = ""
    lending: str = ""
    forfeited: int = 0
    #: What came of each act that was refused, for tests.
    refusals: list[str] = field(default_factory=list)

    @property
    def dinas(self) -> OfficeAtWork:
        return self.offices[DINAS].at_work

    def go_on(self, step: Callable[[], None]) -> None:
        """The faults last until the story is told."""
        for _ in range(_TICKS_MAX):
            if self.plan is None or self.phase is Phase.OVER or self._is_told(self.plan):
                return
            step()

    def _is_told(self, plan: SeizePlan) -> bool:
        return plan.is_for_good and self.phase is Phase.SEIZED and self.ticks > plan.away_ticks

    def befall(self) -> None:
        """One tick's worth."""
        is_before = self.phase is Phase.OPEN and not self._is_on
        if self.plan is None or self.phase is Phase.OVER or is_before:
            return
        self.ticks += 1
        match self.phase:
            case Phase.OPEN:
                self._begin(self.plan)
            case Phase.SEARCHED:
                self._keep_still(self.plan, is_server_off=True)
                self._declare(self.plan)
            case Phase.SEIZED:
                self._keep_still(self.plan, is_server_off=True)
                self._lend(self.plan)
                is_time = self.ticks > self.plan.away_ticks and not self.plan.is_for_good
                if is_time or not self._is_on:
                    self._start(self.plan)
                    self._go_to(Phase.COMING_BACK)
            case Phase.COMING_BACK:
                self._keep_still(self.plan, is_server_off=False)
                self._release(self.plan)
            case _:
                assert_never(self.phase)

    @property
    def _is_on(self) -> bool:
        return self.dinas.ground.chance.is_on

    def _go_to(self, phase: Phase) -> None:
        self.phase, self.ticks = phase, 0

    # ---- what hands do ----

    def _begin(self, plan: SeizePlan) -> None:
        if self.ticks > _PATIENCE_TICKS:
            # Nothing that is worth it was ever open there.
            self._go_to(Phase.OVER)
            return
        if not self.dinas.is_open or plan.office in self.restorer.joining:
            return
        with acting_as(self.dinas.server):
            is_any_open = unsettled_count(plan.office) > 0
        if is_any_open:
            at_work = self.offices[plan.office].at_work
            at_work.server.note("Z")
            at_work.is_seized = True
            self._go_to(Phase.SEARCHED)
            self._keep_still(plan, is_server_off=True)

    def _keep_still(self, plan: SeizePlan, *, is_server_off: bool) -> None:
        """Whatever a cut by chance, or the end of all faults, would switch on again."""
        printer = self.dinas.ground.shelf.printers[plan.office]
        printer._off_ticks_left, printer.machine.faults.cut = 0, None
        printer.machine.power_off()
        if is_server_off:
            self.offices[plan.office].at_work.server.down_until = _NEVER

    def _start(self, plan: SeizePlan) -> None:
        self.offices[plan.office].at_work.server.down_until = self.dinas.ground.tick + 1

    def _seen(self, plan: SeizePlan) -> InCustody:
        """Every blank and card that really lies there, and what is on the road to it; and the
        printers that the books name."""
        shelf, code = self.dinas.ground.shelf, OfficeCode(plan.office)
        desk = custody_desk(code)
        road = held_at(transit_to(code))
        boxed = {s for each in road.values() if each.box is not None for s in each.box.serials()}
        under_way = {*(item for item, each in road.items() if each.box is None), *boxed}
        serials = [
            serial
            for serial, lies in shelf.lies.items()
            if (lies.whose == plan.office and lies.spot in _THERE)
            or (lies.spot is Spot.PARCEL and serial in under_way)
        ]
        return InCustody(
            office=code,
            server=f"SRV {plan.office}",
            printers=tuple(sorted(desk.facts.printers)),
            place="the dinas",
            document=f"BA {plan.office}",
            boxes=(),
            serials=tuple(sorted(serials)),
        )

    # ---- what the two officers say ----

    def _declare(self, plan: SeizePlan) -> None:
        if not self._is_on or self.ticks > _SEARCH_TICKS:
            self._give_up(plan)
            return
        if not self.dinas.is_open or self.dinas.is_asked("custody"):
            return
        with acting_as(self.dinas.server):
            seen = self._seen(plan)
        command, witness = self.dinas.command(), self.dinas.witness

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal):
                self.refusals.append(answer.code)
                return
            self.seizure, self.forfeited = answer["seizure"], len(answer["forfeited"])
            self.dinas.server.note("Z")
            self._go_to(Phase.SEIZED)

        self.dinas.ask(
            Errand("custody", lambda: seize_office(command, seen=seen, witness=witness), then)
        )

    def _give_up(self, plan: SeizePlan) -> None:
        """A blank is missing, or the dinas was never there: the office goes on as before. Unless
        the dinas has written it and nobody heard the answer."""
        if not self.dinas.is_open:
            return
        self.dinas.unanswered = [e for e in self.dinas.unanswered if e.about != "custody"]
        with acting_as(self.dinas.server):
            known = seizure_of(plan.office)
        if known is not None:
            self.seizure, self.forfeited = known.seizure, known.permits
            self._go_to(Phase.SEIZED)
            return
        self._switch_on(plan)
        self._start(plan)
        self._go_to(Phase.OVER)

    def _lend(self, plan: SeizePlan) -> None:
        """Its cards are granted elsewhere meanwhile."""
        if self.lending or not self._is_on or not self.dinas.is_open:
            return
        if self.dinas.is_asked("lend seized"):
            return
        with acting_as(self.dinas.server):
            day = local_day()
        command = self.dinas.command()
        wish = LendWish(
            home=OfficeCode(plan.office),
            at=OfficeCode(plan.lent_to),
            since=day,
            until=day + timedelta(days=3),
            why="OFFICE_SHUT",
            ends_when_up=False,
        )

        def then(answer: Answer | Refusal) -> None:
            if isinstance(answer, Refusal):
                self.refusals.append(answer.code)
            else:
                self.lending = answer["lending"]

        self.dinas.ask(Errand("lend seized", lambda: lend_printing(command, wish=wish), then))

    def _release(self, plan: SeizePlan) -> None:
        """Its server has to show first that it knows of the forfeit."""
        if not self.dinas.is_open or self.dinas.is_asked("release"):
            return
        if not self._is_lending_over():
            return
        command, seizure, witness = self.dinas.command(), self.seizure, self.dinas.witness

        def then(answer: Answer | Refusal) -> None:
            is_done = not isinstance(answer, Refusal)
            if isinstance(answer, Refusal):
                self.refusals.append(answer.code)
                is_done = answer.code == "readiness.office_not_seized"
            if is_done:
                self.dinas.server.note("z")
                self._switch_on(plan)
                self._go_to(Phase.OVER)

        self.dinas.ask(
            Errand(
                "release",
                lambda: release_office(
                    command, seizure=seizure, document=f"BA back {plan.office}", witness=witness
                ),
                then,
            )
        )

    def _is_lending_over(self) -> bool:
        """What was lent comes home before the office works again."""
        if not self.lending:
            return True
        with acting_as(self.dinas.server):
            known, day = lending_seen(self.lending), local_day()
        if known is not None and known.is_over(day):
            return True
        if not self.dinas.is_asked("end seized"):
            command, lending = self.dinas.command(), self.lending
            errand = Errand(
                "end seized", lambda: end_lending(command, lending=lending), lambda _: None
            )
            self.dinas.ask(errand)
        return False

    def _switch_on(self, plan: SeizePlan) -> None:
        at_work = self.offices[plan.office].at_work
        at_work.is_seized, server = False, at_work.server
        machine = self.dinas.ground.shelf.printers[plan.office].machine
        machine.power_on(server.house.clock.now())
