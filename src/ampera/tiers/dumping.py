"""The tables of a server into one file, as they stood at one moment, while it goes on writing.

SQLite: its own online backup, read inside one transaction. PostgreSQL: `pg_dump` of an exported
snapshot. Either way what the copy holds is read from that same moment: its chains and their ends.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ampera.tiers.backup_file import POSTGRES, SQLITE, Standing
from ampera.tiers.telling import CannotError

if TYPE_CHECKING:
    from ampera.journal.entry import SignedHead
    from ampera.journal.keys import ServerKey

#: Pages of the SQLite backup between two words of progress.
_STEP_PAGES: Final = 2048
_SESSIONS: Final = "django_session"

#: (done, of how many)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What one copy of the tables holds."""

    name: str  #: of the file in the backup
    migrations: tuple[str, ...]
    chains: tuple[Standing, ...]
    ends: tuple[SignedHead, ...]
    damage: tuple[str, ...]  #: empty when everything in it holds


def copy_tables(*, source: Path, target: Path, key: ServerKey, progress: Progress) -> Copied:
    """Copy the tables of the open server. `source` is its SQLite file, where it has one.

    Raises OSError and sqlite3.OperationalError when the target cannot be written.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        return _dump_postgres(target, key=key)
    connection.close()
    copy_sqlite(source, target=target, progress=progress)
    damage = tuple(_integrity(target))
    with acting_on(target):
        from ampera.journal.restoring import sign_ends

        if not damage:
            sign_ends(key)
        copied = _look(SQLITE, key=key, damage=damage)
    make_single(target)
    return copied


def copy_sqlite(source: Path, *, target: Path, progress: Progress) -> None:
    """One consistent copy without anybody's session, in one file. Writers are not held up.

    Inside a read transaction the source stands still for us: without it every commit of the running
    server would make the copy begin again.
    """
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=20)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.isolation_level = None
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()

        def step(_: int, left: int, total: int) -> None:
            progress(total - left, total)

        reading.backup(writing, pages=_STEP_PAGES, progress=step, sleep=0)
        reading.execute("COMMIT")
        writing.execute("PRAGMA secure_delete=ON")
        writing.execute(f"DELETE FROM {_SESSIONS}")  # noqa: S608 - a name of our own
        writing.commit()


def make_single(path: Path) -> None:
    """Everything in the one file: no write-ahead log beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _integrity(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    return [] if said == ["ok"] else [f"integrity_check: {each}" for each in said[:5]]


@contextmanager
def acting_on(path: Path) -> Iterator[None]:
    """Let this process work on a copy of the SQLite tables instead of those of its server."""
    from django.db import connections

    connections.close_all()
    known = connections.settings["default"]
    connections.settings["default"] = connections.configure_settings(
        {"default": {**known, "ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}}
    )["default"]
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections.close_all()
        connections.settings["default"] = known
        connections["default"] = connections.create_connection("default")


def _look(name: str, *, key: ServerKey, damage: Sequence[str] = ()) -> Copied:
    """What the tables that this process reads now hold."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from ampera.journal.queries import chains
    from ampera.journal.restoring import damage_in_chains, ends_signed_by

    if damage:
        return Copied(name, (), (), (), tuple(damage))
    applied = MigrationRecorder(connection).applied_migrations()
    return Copied(
        name=name,
        migrations=tuple(sorted(f"{app}.{each}" for app, each in applied)),
        chains=tuple(Standing(str(each.name), each.seq, each.hash) for each in chains()),
        ends=tuple(ends_signed_by(key)),
        damage=tuple(str(each) for each in damage_in_chains()),
    )


# ---- PostgreSQL ----


def _dump_postgres(target: Path, *, key: ServerKey) -> Copied:
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        copied = _look(POSTGRES, key=key)
        if not copied.damage:
            run_postgres(
                "pg_dump",
                *("--format=custom", "--no-owner", "--no-privileges"),
                *(f"--snapshot={snapshot}", f"--exclude-table-data={_SESSIONS}"),
                *(f"--file={target}", "--exclude-schema=replaced_*"),
                settings=connection.settings_dict,
            )
            run_postgres("pg_restore", "--list", str(target), settings=None)
    return copied


def restore_postgres(source: Path) -> None:
    """Put a dump into the empty database that this process works on: all of it or nothing."""
    from django.db import connection

    settings = connection.settings_dict
    connection.close()
    run_postgres(
        "pg_restore",
        *("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"),
        *(f"--dbname={settings['NAME']}", str(source)),
        settings=settings,
    )


def run_postgres(program: str, *arguments: str, settings: Mapping[str, Any] | None) -> None:
    """Run a client program of PostgreSQL; the password goes by the environment, never by `ps`.

    Raises CannotError with what it said, or with the package to install.
    """
    found = shutil.which(program)
    if found is None:
        raise CannotError(
            f"Program {program} tidak ada. Pasang: apt-get install postgresql-client",
            f"There is no {program}. Install it: apt-get install postgresql-client",
        )
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    env = dict(os.environ)
    for name, variable in names.items():
        if settings and settings.get(name):
            env[variable] = str(settings[name])
    if settings and program == "pg_dump":
        env["PGDATABASE"] = str(settings["NAME"])
    done = subprocess.run(  # noqa: S603 - a program of the system, arguments of our own
        [found, *arguments], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit {done.returncode}")[-400:]
        raise CannotError(f"{program} gagal: {said}", f"{program} failed: {said}")
