"""What a server does by itself, as its worker process does it: react, decide, post, print.

Every step may be the one at which the process dies; the next one begins from the database.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import OperationalError

from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.station import SILENT
from ampera.journal.actions import react
from ampera.journal.house import house
from ampera.journal.projecting import cure_parked
from ampera.journal.second_log import secure
from ampera.printing.actions import step_printers
from ampera.printing.ports import JobSeen, PrinterSeen
from ampera.printing.queries import serials_of_chip
from ampera.readiness.queries import permit_seen
from ampera.sync.courier import run_courier
from ampera.sync.protocol.state import Limits
from ampera.words.office import Tier
from ampera.words.refusal import Refusal
from ampera.world.bugs import tick_in_use
from ampera.world.chainbooks import BrokenPromise
from ampera.world.faults import Chance, Died
from ampera.world.network import Network, SimulatedLink
from ampera.world.offices import OfficeAtWork
from ampera.world.servers import acting_as

REACTIONS_A_TICK: Final = 5
#: Who has nothing to do looks up again after so many ticks.
WAKE_TICKS: Final = 10
#: Attempts, blanko, cards, permits, printers.
_OF_PRINTING: Final = "[abcp]*"
#: The chance that a step is made in a tick while faults are on.
QUICK: Final[Mapping[str, float]] = {"post": 0.3}


@dataclass(slots=True)
class PrinterLine:
    """The cable to a printer: the server may die before or after it spoke."""

    printer: MemoryPrinter
    chance: Chance
    said: Counter[str]

    def send(self, *, job_name: str, document: bytes) -> JobSeen:
        if self.chance.hits("death"):
            raise Died("before Print-Job")
        self._check_was_read(job_name)
        self.said[job_name] += 1
        seen = self.printer.send(job_name=job_name, document=document)
        if self.chance.hits("death"):
            raise Died("after Print-Job")
        return seen

    def find(self, job_name: str) -> JobSeen | None:
        return self.printer.find(job_name)

    def look(self) -> PrinterSeen:
        return self.printer.look()

    def cancel(self, job_name: str) -> JobSeen | None:
        return self.printer.cancel(job_name)

    def wake(self) -> None:
        self.printer.wake()

    def purge(self) -> None:
        self.printer.purge()

    def present(self) -> str:
        if self.chance.hits("death"):
            raise Died("before the blank is read")
        uid = self.printer.present()
        if self.chance.hits("death"):
            raise Died("after the blank was read")
        return uid

    def reject(self) -> None:
        if self.chance.hits("death"):
            raise Died("before the blank is rejected")
        self.printer.reject()

    def _check_was_read(self, job_name: str) -> None:
        """A printer that can read prints on no blank whose chip the books do not have."""
        machine = self.printer.machine
        said = machine.reader_said
        if not machine.has_reader or said == SILENT:
            return
        if not said or not serials_of_chip(said):
            raise BrokenPromise(f"{job_name} was fed before its chip was read and told")


@dataclass(slots=True)
class Worker:
    """The worker process of one server."""

    office: OfficeAtWork
    network: Network
    limits: Limits
    #: Step → what was to be seen when it last found nothing to do.
    idle: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def work(self) -> None:
        """One tick of the worker. A full disk ends the tick, a death the process."""
        try:
            for name, step in self._steps():
                if self._is_due(name):
                    before = self._seen(name)
                    with acting_as(self.office.server):
                        step()
                    self.idle[name] = before if before == self._seen(name) else ()
        except Died:
            self.office.crash()
        except (OperationalError, OSError):
            self.office.server.note("x")

    def _steps(self) -> list[tuple[str, Callable[[], object]]]:
        tier = self.office.server.tier
        steps: list[tuple[str, Callable[[], object]]] = [
            ("cure", cure_parked),
            ("react", lambda: react(most=REACTIONS_A_TICK)),
        ]
        for tick in self.office.server.house.registry.ticks.get(tier, []):
            steps.append((getattr(tick, "__name__", "tick"), tick_in_use(tick)))
        if tier is not Tier.PUSAT:
            steps += [("post", self._post), ("print", self._print)]
        return [*steps, ("secure", secure)]

    def _is_due(self, name: str) -> bool:
        """A real worker looks at everything each second. Here a step that found nothing to do rests
        until there is news or some time has passed: the same decisions in a fiftieth of the
        time."""
        ground = self.office.ground
        if (ground.tick + len(name)) % WAKE_TICKS == 0:
            return True
        is_quick = not ground.chance.is_on or ground.chance.rng.random() < QUICK.get(name, 0.5)
        return is_quick and self.idle.get(name) != self._seen(name)

    def _seen(self, name: str) -> tuple[int, ...]:
        """What would make this step look up."""
        server = self.office.server
        packets = len(server.room.store.names()) if server.room is not None else 0
        match name:
            case "post":
                above = self.network.waiting_for(server)
                return (server.newest(), above, packets)
            case "print":
                machine = self.office.ground.shelf.printers[self.office.code].machine
                return (server.newest(_OF_PRINTING), server.sittings(), machine.revision)
            case "publish_snapshots":
                return ()  # nothing is ever imported here: a look now and then is enough
            case _:
                return (server.newest(), packets)

    def _post(self) -> None:
        link = SimulatedLink(self.network, self.office.server)
        ground = self.office.ground
        progress = run_courier(
            link,
            now=self.network.now(),
            limits=self.limits,
            steps_max=ground.chance.rng.randint(1, 6),
        )
        if progress.sent or progress.received:
            self.office.server.note("^" if progress.sent else "v")
        self.network.carry_packets(self.office.server)

    def _print(self) -> None:
        shelf = self.office.ground.shelf
        line = PrinterLine(shelf.printers[self.office.code], self.office.ground.chance, shelf.said)
        step_printers({self.office.code: line}, render=self._draw)

    def _draw(self, permit: str) -> bytes | Refusal:
        """The card's PDF, as thin as can be: who is named on it, under which permit."""
        seen = permit_seen(permit)
        if seen is None:
            return Refusal("printing.no_permit")
        text = json.dumps([house().code.text, permit, seen.resident, seen.version], sort_keys=True)
        document = b"%PDF-1.4 SPESIMEN " + text.encode()
        ground = self.office.ground
        ground.shelf.draw(document, resident=seen.resident, body=ground.bodies[seen.resident])
        return document
