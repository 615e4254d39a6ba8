"""A few servers in one process, for tests: real code, in-memory SQLite each, a clock that stands
still."""

from __future__ import annotations

import copy
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, Self

from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from ampera.journal.house import House, acting_in, house
from ampera.journal.keys import ServerKey
from ampera.journal.models import Incarnation
from ampera.journal.queries import chains, part_after, place_known
from ampera.journal.receiving import Place, receive_part
from ampera.journal.second_log import MemorySecondLog
from ampera.words import FixedClock, OfficeCode, SeededIds

START = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)  # 08:00 WIB, the day of the source


def new_database() -> DatabaseWrapper:
    """An empty in-memory database with the schema of today, cloned from one migrated template."""
    settings = {**connections["default"].settings_dict, "NAME": ":memory:", "OPTIONS": {}}
    made = DatabaseWrapper(settings, alias="default")
    made.connect()
    _template().connection.backup(made.connection)
    return made


_made: list[DatabaseWrapper] = []


def _template() -> DatabaseWrapper:
    if not _made:
        from django.core.management import call_command

        settings = {**connections["default"].settings_dict, "NAME": ":memory:", "OPTIONS": {}}
        template = DatabaseWrapper(settings, alias="default")
        with as_default(template):
            call_command("migrate", verbosity=0, interactive=False)
        _made.append(template)
    return _made[0]


@contextmanager
def as_default(wrapper: DatabaseWrapper) -> Iterator[None]:
    """Swap Django's default connection. Never inside a transaction: acknowledged rows would be
    lost."""
    before = connections["default"]
    assert not before.in_atomic_block, "a swap inside a transaction loses acknowledged rows"
    connections["default"] = wrapper
    try:
        yield
    finally:
        assert not wrapper.in_atomic_block, "a swap inside a transaction loses acknowledged rows"
        connections["default"] = before


@dataclass(frozen=True, slots=True)
class Kept:
    """All servers of one `Offices` at one moment: their tables, and what lies beside them."""

    at: datetime
    databases: dict[str, sqlite3.Connection]
    #: Server → its time, the state of its chance, its second log.
    beside: dict[str, tuple[datetime | None, Any, MemorySecondLog]]


class Offices:
    """pusat 00, dinas 16.71, kecamatan 16.71.02 and 16.71.06; more on demand."""

    def __init__(self, *codes: str, seed: int = 1) -> None:
        from ampera.tiers.wiring import make_registry

        self.clock = FixedClock(START)
        self.registry = make_registry()
        self.seed = seed
        self._houses: dict[str, House] = {}
        self._databases: dict[str, DatabaseWrapper] = {}
        for code in codes or ("00", "16.71", "16.71.02", "16.71.06"):
            self.open(code)
        for code in self._houses:
            with self.at(code):
                for other in self._houses.values():
                    Incarnation.objects.create(
                        name=f"{other.code}@1",
                        office=str(other.code),
                        number=1,
                        public_key=other.key.public_hex,
                    )

    def open(self, code: str) -> None:
        seed = hashlib.sha256(f"{self.seed}/{code}".encode()).digest()
        self._databases[code] = new_database()
        self._houses[code] = House(
            code=OfficeCode(code),
            incarnation=1,
            key=ServerKey.from_seed(seed),
            clock=self.clock,
            ids=SeededIds(self.clock, Random(seed)),
            registry=self.registry,
            second_log=MemorySecondLog(),
            is_demo=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for database in self._databases.values():
            database.close()
            database.connection.close() if database.connection else None

    @property
    def are_untouched(self) -> bool:
        """Are these the offices that everybody gets, and has nobody done anything in them?"""
        if (self.seed, self.clock.at, len(self._houses)) != (1, START, 4):
            return False
        for code in self._houses:
            with self.at(code):
                if chains():
                    return False
        return True

    def keep(self) -> Kept:
        """What stands now, for others of the same offices to begin with."""
        databases = {code: sqlite3.connect(":memory:") for code in self._databases}
        for code, kept in databases.items():
            self._databases[code].connection.backup(kept)
        beside = {
            code: (each.floor, each.ids._chance.getstate(), copy.deepcopy(each.second_log))
            for code, each in self._houses.items()
        }
        return Kept(self.clock.at, databases, beside)

    def begin_with(self, kept: Kept) -> None:
        """Stand where other offices of the same codes and seed once stood."""
        assert kept.databases.keys() == self._databases.keys()
        self.clock.at = kept.at
        for code, house_ in self._houses.items():
            kept.databases[code].backup(self._databases[code].connection)
            floor, state, log = kept.beside[code]
            house_.floor, house_.second_log = floor, copy.deepcopy(log)
            house_.ids._chance.setstate(state)

    @contextmanager
    def at(self, code: str) -> Iterator[House]:
        """Act as that server."""
        with as_default(self._databases[code]), acting_in(self._houses[code]):
            yield house()

    def post(self, rounds: int = 4) -> None:
        """Carry all chains up and the down chains down, and let every server react; no faults."""
        from ampera.journal.actions import react

        for _ in range(rounds):
            for code in sorted(self._houses, key=len, reverse=True):
                upper = OfficeCode(code).upper
                if upper is None or str(upper) not in self._houses:
                    continue
                with self.at(code):
                    here = {each.name: each.seq for each in chains()}
                with self.at(str(upper)):
                    above = {each.name: each for each in chains()}
                for name, seq in here.items():
                    known = above.get(name)
                    if name.origin != upper and (known is None or known.seq < seq):
                        self._carry(name, source=code, target=str(upper))
                for name, each in above.items():
                    is_for_it = name.addressee == OfficeCode(code) and each.is_own
                    if is_for_it and here.get(name, 0) < each.seq:
                        self._carry(name, source=str(upper), target=code)
            for code in self._houses:
                with self.at(code):
                    while react():
                        pass

    def _carry(self, name, *, source: str, target: str) -> None:
        with self.at(target):
            from ampera.journal.receiving import place_of

            place = place_of(name)
        while True:
            with self.at(source):
                part = part_after(name, place.seq, most=50)
            if part is None:
                return
            with self.at(target):
                answer = receive_part(part)
            assert isinstance(answer, Place), answer
            assert answer.seq > place.seq
            place = answer
            with self.at(source):
                assert place_known(name, place.seq) == place
