"""One server of the simulated province: its database, its key, its clock, its stick, its packets.

What survives a crash is what would survive one: the database, the second log on its stick, the
packets on the disk, the key. All else is made anew at the next start.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ampera.enrolment.ports import PacketRoom
from ampera.journal.entry import ChainName
from ampera.journal.house import House, acting_in
from ampera.journal.keys import ServerKey
from ampera.journal.registry import Registry
from ampera.journal.second_log import MemorySecondLog
from ampera.words.clock import FixedClock, utc_from_text
from ampera.words.ids import SeededIds
from ampera.words.office import OfficeCode, Tier
from ampera.world.databases import SimulatedDatabase, as_default, raw
from ampera.world.faults import Chance, Died


class ServerClock:
    """The clock on one machine's board: the world's time, and how far it is off."""

    def __init__(self, world: FixedClock) -> None:
        self._world = world
        self.off = timedelta(0)

    def now(self) -> datetime:
        return self._world.now() + self.off


class Stick(MemorySecondLog):
    """The second medium. Pulled out it raises OSError; a process may die half through a write."""

    def __init__(self) -> None:
        super().__init__()
        self.chance: Chance | None = None

    def append(self, lines: Iterable[str]) -> None:
        told = list(lines)
        if self.chance is None:
            super().append(told)
            return
        if self.chance.hits("stick_gone"):
            raise OSError("the stick is not there")
        if self.chance.hits("death"):
            super().append(told[: len(told) // 2])
            raise Died("half through the second log")
        super().append(told)
        if self.chance.hits("death"):
            raise Died("after the second log")

    def copy(self) -> Stick:
        """The same lines on another stick: for a world that begins where a template ended."""
        made = Stick()
        made.append(self.lines)
        return made


@dataclass(slots=True)
class Server:
    """One machine with one office's server on it."""

    code: OfficeCode
    database: SimulatedDatabase
    house: House
    clock: ServerClock
    stick: Stick
    room: PacketRoom | None = None
    #: The tick at which it is started again; 0 while it runs.
    down_until: int = 0
    #: Letters of what happened here in this tick, for a trace that can be read.
    letters: list[str] = field(default_factory=list)
    deaths: int = 0
    #: It was put back from a backup and has no new life yet.
    is_joining: bool = False

    @property
    def is_up(self) -> bool:
        return self.down_until == 0

    @property
    def tier(self) -> Tier:
        return self.code.tier

    def start(self) -> None:
        """The process runs again. *Now* is never before what was written here or heard from above:
        what a real server reads off its chains when it starts."""
        self.down_until = 0
        self.house.floor = None
        query = "SELECT name, at FROM journal_chain WHERE at != ''"
        for name, at in raw(self.database).execute(query).fetchall():
            origin = ChainName.read(name).origin
            if origin in (self.code, self.code.upper):
                self.house.heard(utc_from_text(at))

    def newest(self, about: str = "") -> int:
        """The number of the newest row of the journal: has anything happened here? `about` are the
        first letters of the kinds that matter, as in a pattern: `[abc]*`."""
        where = f" WHERE kind GLOB '{about}'" if about else ""  # our own words, nobody's input
        query = f"SELECT MAX(id) FROM journal_entryrow{where}"  # noqa: S608
        row = raw(self.database).execute(query).fetchone()
        return int(row[0] or 0)

    def sittings(self) -> int:
        """Changes when an officer starts or ends a run at a printer, which no entry tells of."""
        query = "SELECT COUNT(*) * 2 - COUNT(stopped_at) FROM printing_printrun"
        return int(raw(self.database).execute(query).fetchone()[0])

    def said(self) -> str:
        """The letters of the last tick, taken away; `~` while it is down."""
        letters = "".join(self.letters) if self.is_up else "~"
        self.letters.clear()
        return letters

    def note(self, letter: str) -> None:
        self.letters.append(letter)


def key_of(code: str, *, incarnation: int = 1) -> ServerKey:
    """Keys follow from the office alone, so that one template serves every seed."""
    return ServerKey.from_seed(hashlib.sha256(f"world/{code}@{incarnation}".encode()).digest())


def house_of(
    code: str,
    *,
    registry: Registry,
    clock: ServerClock,
    stick: Stick,
    seed: str,
    incarnation: int = 1,
) -> House:
    """A server's house as it is made at its start."""
    chance = random.Random(f"{seed}/{code}@{incarnation}")
    return House(
        code=OfficeCode(code),
        incarnation=incarnation,
        key=key_of(code, incarnation=incarnation),
        clock=clock,
        ids=SeededIds(clock, chance),
        registry=registry,
        second_log=stick,
        is_demo=True,
    )


@contextmanager
def acting_as(server: Server) -> Iterator[House]:
    """Act as that server: its database is Django's default, its house the one that acts."""
    with as_default(server.database), acting_in(server.house):
        yield server.house
