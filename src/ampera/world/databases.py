"""The databases of a simulated province: one SQLite a server, swapped in when that server acts.

Most worlds keep them in memory, cloned from one template by SQLite's own backup; some keep them in
files, so that a crash closes a real connection. Each commit is a place where a process may die or a
disk be full.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import OperationalError, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.backends.utils import CursorWrapper

from ampera.world.faults import Chance, Died

#: As a kecamatan's server has it: an acknowledged print must survive a power cut.
_FILE_PRAGMAS: Final = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")


class SimulatedDatabase(DatabaseWrapper):
    """One server's database. `chance` decides at each step whether the process lives on."""

    chance: Chance | None = None

    def _commit(self) -> None:
        chance = self.chance
        if chance is not None:
            if chance.hits("death"):
                self.connection.rollback()
                raise Died("before a commit")
            if chance.hits("disk_full"):
                raise OperationalError("database or disk is full")
        super()._commit()  # type: ignore[misc]
        if chance is not None and chance.hits("death"):
            raise Died("after a commit")

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return _MortalCursor(cursor, self)

    def may_die_at(self, statement: str) -> None:
        """A single statement outside of a transaction is a step too."""
        if self.chance is None or self.in_atomic_block or not statement.startswith(_WRITES):
            return
        if self.chance.hits("death"):
            raise Died("before a statement")


class _MortalCursor(CursorWrapper):
    """A cursor before whose statements the process may end."""

    db: SimulatedDatabase

    def execute(self, sql: Any, params: Any = None) -> Any:
        self.db.may_die_at(str(sql))
        return super().execute(sql, params)

    def executemany(self, sql: Any, param_list: Any) -> Any:
        self.db.may_die_at(str(sql))
        return super().executemany(sql, param_list)


def open_database(name: str | Path = ":memory:") -> SimulatedDatabase:
    """A connection to a database in memory, or in a file with the settings of a real server."""
    is_file = str(name) != ":memory:"
    options = {"transaction_mode": "IMMEDIATE", "init_command": _FILE_PRAGMAS} if is_file else {}
    settings = {**connections["default"].settings_dict, "NAME": str(name), "OPTIONS": options}
    settings["ENGINE"] = "django.db.backends.sqlite3"
    made = SimulatedDatabase(settings, alias="default")
    made.connect()
    return made


def clone(source: DatabaseWrapper, *, name: str | Path = ":memory:") -> SimulatedDatabase:
    """A copy of all that is committed there, by SQLite's backup()."""
    made = open_database(name)
    raw(source).backup(raw(made))
    return made


def raw(database: DatabaseWrapper) -> sqlite3.Connection:
    """SQLite's own connection: for backups, and for an auditor who does not trust the ORM."""
    database.ensure_connection()
    connection: sqlite3.Connection = database.connection
    return connection


def shut(database: DatabaseWrapper) -> None:
    """Close it for good. Django keeps a connection in memory open, so its own close is not
    asked."""
    if database.connection is not None:
        database.connection.close()
        database.connection = None


@contextmanager
def as_default(database: DatabaseWrapper) -> Iterator[None]:
    """Swap Django's default connection. A swap inside `atomic()` raises nothing and loses
    acknowledged rows, so it is asserted on entry and on exit that no connection is in one."""
    before = connections["default"]
    for each in (before, database):
        assert not each.in_atomic_block, "a swap inside a transaction loses acknowledged rows"
    connections["default"] = database
    try:
        yield
    finally:
        connections["default"] = before
        for each in (before, database):
            assert not each.in_atomic_block, "a swap inside a transaction loses acknowledged rows"
