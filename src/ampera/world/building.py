"""How a simulated province is built: servers, who works in each office, how much blanko there is.

What each part draws has dice of its own, so that what one learns moves no other chance.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ampera.blanko.rules import Box
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.journal.registry import Registry
from ampera.sync.protocol.state import Limits
from ampera.words.clock import FixedClock
from ampera.words.office import OfficeCode, Tier
from ampera.world.bundledesk import BundleDesk
from ampera.world.carriers import Carriers
from ampera.world.chipdesk import chip_desk
from ampera.world.counter import CounterDesk
from ampera.world.databases import clone
from ampera.world.faults import Chance
from ampera.world.hothead import a_printer
from ampera.world.network import Network
from ampera.world.offices import Ground, OfficeAtWork
from ampera.world.opening import START, opening
from ampera.world.printroom import a_print_room
from ampera.world.queuedesk import QueueDesk
from ampera.world.servers import Server, ServerClock, house_of
from ampera.world.stockroom import Road, Stockroom
from ampera.world.workers import Worker
from ampera.world.working import Office

PRINT_SECONDS: Final = 180.0
SLOW_PRINT_SECONDS: Final = 1800.0


@dataclass(frozen=True, slots=True)
class Builder:
    """What all parts of one world are built from."""

    seed: int
    registry: Registry
    folder: Path | None
    clock: FixedClock
    chance: Chance
    ground: Ground

    def server(self, code: str) -> Server:
        """One machine, as the template left it."""
        source = opening(self.registry)
        name = self.folder / f"{code}.sqlite3" if self.folder is not None else ":memory:"
        clock, stick = ServerClock(self.clock), source.sticks[code].copy()
        house = house_of(
            code, registry=self.registry, clock=clock, stick=stick, seed=str(self.seed)
        )
        database = clone(source.databases[code], name=name)
        database.chance = stick.chance = self.chance
        return Server(OfficeCode(code), database, house, clock, stick)

    def offices(
        self, servers: Mapping[str, Server], *, network: Network, limits: Limits
    ) -> dict[str, Office]:
        """Everybody who works at these servers."""
        road = Road()
        return {
            code: self._office(server, servers, (road, network, limits))
            for code, server in servers.items()
        }

    def _office(  # positional: one server among all, and what they share
        self, server: Server, servers: Mapping[str, Server], shared: tuple[Road, Network, Limits]
    ) -> Office:
        code, (road, network, limits) = str(server.code), shared
        officers = opening(self.registry).officers[code]
        at_work = OfficeAtWork(server, self.ground, officers)
        is_printing = server.tier is not Tier.PUSAT
        room = a_print_room(at_work, seed=self.seed) if is_printing else None
        if room is not None:
            self.ground.shelf.printers[code] = self._printer(code)
            dice = random.Random(f"{self.seed}/chips/{code}")
            if dice.random() < self.chance.faults.chipped:
                room.chips = chip_desk(at_work, rng=dice)
        children = tuple(
            each for each in sorted(servers) if OfficeCode(each).is_child_of(server.code)
        )
        bundles, counter = self._bundles(at_work), CounterDesk(at_work)
        counter.is_brought = bundles.wants
        return Office(
            at_work=at_work,
            counter=counter,
            stockroom=Stockroom(at_work, road, children),
            print_room=room,
            bundles=bundles,
            queue=QueueDesk(at_work, random.Random(f"{self.seed}/queue/{code}"), [counter]),
            worker=Worker(at_work, network, limits),
        )

    def _bundles(self, at_work: OfficeAtWork) -> BundleDesk:
        dice = random.Random(f"{self.seed}/carriers/{at_work.code}")
        is_bringing = at_work.server.tier is not Tier.PUSAT
        is_bringing &= dice.random() < self.chance.faults.brought
        return BundleDesk(at_work, dice, Carriers(at_work, dice), is_bringing)

    def _printer(self, code: str) -> MemoryPrinter:
        rng, faults = random.Random(f"{self.seed}/printer/{code}"), self.chance.faults
        is_slow = rng.random() < faults.slow_printer
        # Dice of its own: a printer with a temper moves no other chance of the world.
        temper = random.Random(f"{self.seed}/temper/{code}")
        return a_printer(
            rng,
            now=START,
            chances=faults.printer_chances(),
            print_seconds=SLOW_PRINT_SECONDS if is_slow else PRINT_SECONDS,
            temper=temper if temper.random() < faults.hot else None,
        )

    def open_books(self, offices: Mapping[str, Office]) -> None:
        """How much blanko there is, and where: scarcity is drawn, too."""
        rng, scarce = self.chance.rng, self.chance.faults.scarce
        boxes, first = [], 1
        for number in range(1 if scarce >= 1 else 3):
            size = rng.randint(1, 3) if scarce else rng.randint(4, 8)
            boxes.append(Box(f"K{number}", f"SIM{first:06d}", size))
            first += size
        for code in sorted(offices):
            loose = rng.choice((0, 1, 2)) if scarce else rng.randint(3, 6)
            serials = [f"SIM{first + step:06d}" for step in range(loose)]
            is_pusat = code == "00"
            first += 0 if is_pusat else loose
            offices[code].stockroom.open(
                boxes=boxes if is_pusat else [], loose=[] if is_pusat else serials
            )
