"""Everybody who works in one simulated office, and what makes each of them look up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ampera.world.bundledesk import BundleDesk
from ampera.world.counter import CounterDesk
from ampera.world.offices import OfficeAtWork
from ampera.world.printroom import PrintRoom
from ampera.world.queuedesk import QueueDesk
from ampera.world.stockroom import Stockroom
from ampera.world.workers import Worker


@dataclass(slots=True)
class Office:
    """Everybody who works in one office. The pusat has no counter and no printer."""

    at_work: OfficeAtWork
    counter: CounterDesk
    stockroom: Stockroom
    print_room: PrintRoom | None
    bundles: BundleDesk
    queue: QueueDesk
    worker: Worker
    #: Role → what was to be seen when it last found nothing to do.
    idle: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_patient(self) -> bool:
        """Does its print room still wait for a printer, longer than a world is quiet?"""
        return self.print_room is not None and self.print_room.is_patient

    def roles(self) -> list[tuple[str, Callable[[], object]]]:
        """What people do here, one of it at a time."""
        found: list[tuple[str, Callable[[], object]]] = [("stock", self.stockroom.work)]
        if self.print_room is not None:
            found += [("counter", self.counter.work), ("print", self.print_room.work)]
        if self.bundles.is_here:
            found.append(("bundles", self.bundles.work))
        return found

    def seen(self, role: str) -> tuple[int, ...]:
        """What would make somebody look up: news, the printer, a parcel, a visitor, a carrier."""
        server, ground = self.at_work.server, self.at_work.ground
        match role:
            case "stock":
                arrived = (tick for _, tick in self.stockroom.road.parcels.values())
                return (server.newest("b*"), sum(tick <= ground.tick for tick in arrived))
            case "print":
                machine = ground.shelf.printers[self.at_work.code].machine
                return (server.newest("[abcp]*"), server.sittings(), machine.revision)
            case "bundles":
                return (server.newest("[bc]*"), *self.bundles.seen())
            case _:
                came = (case.comes_at <= ground.tick for case in self.counter.cases)
                return (server.newest("[!ab]*"), sum(came))
