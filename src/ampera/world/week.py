"""A week of one print room: cold mornings, hot noons, two jams, a power cut in mid-card, a short
ribbon.

The real server code prints on the simulated printer with its whole heat, in virtual time; officers
open at eight, load the hopper, help when they have come, settle what nobody knows, and close at
four. Beside it runs the limit: the same days for one who knows the temperature (devices.simulated.
oracle). At the end an auditor counts the plastic.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.journal.registry import Registry
from ampera.journal.second_log import secure
from ampera.printing.actions import start_run as begin_run
from ampera.printing.actions import step_printers, stop_run
from ampera.printing.queries import open_attempts
from ampera.printing.rules.attempts import AttemptSeen
from ampera.readiness.queries import open_permits
from ampera.words.clock import FixedClock
from ampera.words.refusal import Refusal
from ampera.world.auditor import Auditor
from ampera.world.databases import shut
from ampera.world.faults import CALM, Chance
from ampera.world.mill import a_print_office, audit, draw, stack_up
from ampera.world.offices import Answer, Errand
from ampera.world.opening import DINAS
from ampera.world.printroom import PrintRoom
from ampera.world.servers import acting_as
from ampera.world.week_days import (
    AFTER,
    BEFORE,
    LAST_CALL,
    MONDAY,
    OPEN,
    Day,
    DayAtThePrinter,
    DayTold,
    Helper,
    days_of,
    limit_of,
    printer_random,
    the_model,
    until_next,
)
from ampera.world.workers import PrinterLine


class _HopperRoom(PrintRoom):
    """Officers who load the whole hopper, and help only after a while."""

    hands: Helper
    now: Callable[[], datetime]

    def _help_the_machine(self) -> None:
        self.hands.look(self.office.ground.shelf.printers[self.printer].machine, now=self.now())

    def _start_run(self) -> None:
        shelf = self.office.ground.shelf
        shelf.unload(at=self.printer)
        room = the_model().capacity.hopper or 100
        serials = shelf.loose_at(self.office.code)[:room]
        for serial in serials:
            shelf.feed(serial, at=self.printer)
        command = self.office.command()
        errand = Errand(
            "run",
            lambda: begin_run(command, printer=self.printer, cards=len(serials), serials=serials),
            _noted,
        )
        self.office.ask(errand)

    def _feed(self, attempt: AttemptSeen) -> None:
        hopper = self.office.ground.shelf.printers[self.printer].machine.physical().hopper
        if hopper[:1] != (attempt.serial,):
            super()._feed(attempt)


@dataclass(slots=True)
class PrintWeek:
    """The week of one seed. `permits` is how many cards wait on Monday morning."""

    seed: int
    registry: Registry
    permits: int = 800
    days: int = 5
    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY - timedelta(hours=12)))

    def play(self) -> Iterator[DayTold]:
        """Day by day; raises BrokenPromise when a blank is not where the books have it."""
        logging.getLogger("ampera").setLevel(logging.ERROR)
        printer = self._printer()
        chance = Chance(random.Random(f"week/{self.seed}"), CALM)
        office = a_print_office(self.registry, chance=chance, printer=printer, at=self.clock)
        room = _HopperRoom(office)
        room.hands, room.now = Helper(), self.clock.now
        shadow = self._printer()
        try:
            stack_up(office, permits=self.permits)
            for number, day in enumerate(days_of(self.seed)[: self.days]):
                opening = MONDAY + timedelta(days=number)
                limit = limit_of(shadow, day=day, opening=opening)
                yield self._day(room, day, opening=opening, limit=limit)
            audit(office, auditor=Auditor(office.ground.shelf), registry=self.registry)
        finally:
            shut(office.server.database)

    def _printer(self) -> MemoryPrinter:
        rng = printer_random(self.seed)
        return MemoryPrinter(now=self.clock.now(), rng=rng, model=the_model())

    def _day(self, room: _HopperRoom, day: Day, *, opening: datetime, limit: int) -> DayTold:
        shelf = room.office.ground.shelf
        machine = shelf.printers[DINAS].machine
        fate = DayAtThePrinter(day, opening=opening)
        self._leap(machine, opening - BEFORE)
        fate.morning(machine)
        before, stops, was_hot, hottest = machine.cards_printed, 0, False, 0.0
        spoiled = len(_spoils(room))
        closing, is_stopped = opening + OPEN, False
        while self.clock.now() < closing + AFTER:
            now = self.clock.now()
            fate.befall(machine, now=now)
            hottest = max(hottest, fate.room(now))
            self._worker(room)
            is_open = opening <= now < closing
            if is_open and now < closing - LAST_CALL:
                room.work()
            elif not is_stopped and now >= closing - LAST_CALL:
                is_stopped = True
                self._close(room)
            elif now >= closing - LAST_CALL:
                room.hands.look(machine, now=now)
            if is_open and room.office.ground.tick % 60 == 0 and self._is_done(room):
                break
            self._leap(machine, now + until_next(machine))
            stops += machine.has_cut_off and not was_hot
            was_hot = machine.has_cut_off
        room.work()  # what came out last is checked
        self._put_away(room)
        return DayTold(
            name=day.name,
            celsius=hottest,
            cards=machine.cards_printed - before,
            limit=limit,
            heat_stops=stops,
            spoiled=len(_spoils(room)) - spoiled,
        )

    def _is_done(self, room: _HopperRoom) -> bool:
        """Has every permit become a card? Then the rest of the day is nothing to look at."""
        with acting_as(room.office.server):
            return not (open_permits(room.office.server.code, most=1) or open_attempts())

    def _leap(self, machine: Machine, until: datetime) -> None:
        self.clock.move(until - self.clock.now())
        machine.advance(self.clock.now())

    def _worker(self, room: _HopperRoom) -> None:
        ground = room.office.ground
        ground.tick += 1
        line = PrinterLine(ground.shelf.printers[DINAS], ground.chance, ground.shelf.said)
        with acting_as(room.office.server):
            step_printers({DINAS: line}, render=partial(draw, room.office))
            secure()

    def _close(self, room: _HopperRoom) -> None:
        command = room.office.command()
        errand = Errand("stop", lambda: stop_run(command, printer=DINAS), _noted)
        room.office.ask(errand)

    def _put_away(self, room: _HopperRoom) -> None:
        """At night no blank lies in the printer."""
        shelf = room.office.ground.shelf
        shelf.unload(at=DINAS)
        found = shelf.printers[DINAS].machine.physical()
        shelf.take_out([each.serial for each in (*found.tray, *found.ruined)], at=DINAS)


def _spoils(room: PrintRoom) -> list[str]:
    return [s for s, lies in room.office.ground.shelf.lies.items() if lies.spot == "spoils"]


def _noted(_: Answer | Refusal) -> None:
    """Nothing to do with hands."""
