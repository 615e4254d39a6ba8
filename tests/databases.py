"""Give a test a fresh migrated database as Django's `default`, on either engine, with real commits.

The test's own transaction would hide what matters here: what another window sees, what `on_commit`
does, what a constraint says at commit. So a database is copied from a migrated template (a file for
SQLite, `CREATE DATABASE … TEMPLATE` for PostgreSQL) and thrown away afterwards.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections

from ampera.tiers.database import database_settings
from tests.postgres import PostgresServer, locked


def sqlite_settings(path: Path) -> dict[str, Any]:
    """A SQLite file as a kecamatan has it, but for its rows: they need not outlive a power cut."""
    as_at_an_office = database_settings(None, path)
    options = dict(as_at_an_office["OPTIONS"])
    durable = "synchronous=FULL"
    assert durable in options["init_command"], "the product has to wait for the disk"
    options["init_command"] = options["init_command"].replace(durable, "synchronous=OFF")
    return {**as_at_an_office, "OPTIONS": options}


@contextlib.contextmanager
def as_default(database: Mapping[str, Any]) -> Iterator[None]:
    """Make `database` what Django calls `default`, in this thread and those started within.

    Connections belong to threads: the settings from which a thread makes its own switch too.
    """
    settings_before = connections.settings["default"]
    had_connection = hasattr(connections._connections, "default")
    connection_before = connections["default"] if had_connection else None
    assert connection_before is None or not connection_before.in_atomic_block, (
        "a database swapped inside a transaction loses rows: use no django_db mark beside this"
    )
    connections.settings["default"] = {
        **{name: settings_before[name] for name in ("ATOMIC_REQUESTS", "AUTOCOMMIT", "TIME_ZONE")},
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {},
        **dict.fromkeys(("USER", "PASSWORD", "HOST", "PORT"), ""),
        "TEST": dict(settings_before["TEST"]),
        **database,
    }
    connections["default"] = connections.create_connection("default")
    _forget_what_was_cached()
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings_before
        if connection_before is None:
            del connections["default"]
        else:
            connections["default"] = connection_before
        _forget_what_was_cached()


def sqlite_template(folder: Path) -> Path:
    """The migrated SQLite file of this run, made by the first worker that asks."""
    path = folder / "template.sqlite3"
    with locked(folder / "template.sqlite3.lock"):
        if not path.exists():
            making = folder / "template.making.sqlite3"
            making.unlink(missing_ok=True)
            with as_default(sqlite_settings(making)):
                _migrate()
            # One file, nothing left beside it in a write-ahead log: only so may it be copied. The
            # file stays in that mode, as at an office: of several windows that open a file in
            # another mode at once and turn it, some are told that it is locked.
            with contextlib.closing(sqlite3.connect(making)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert not making.with_name(f"{making.name}-wal").exists()
            making.rename(path)
    return path


def postgres_template(server: PostgresServer, *, folder: Path, name: str) -> str:
    """The name of this run's migrated PostgreSQL database, made by the first worker that asks."""
    with locked(folder / "template.postgres.lock"):
        if not (folder / "template.postgres").exists():
            server.drop_database(name)
            server.create_database(name)
            with as_default(server.django_settings(name)):
                _migrate()
            (folder / "template.postgres").write_text(name)
    return name


@contextlib.contextmanager
def fresh_sqlite(template: Path, *, at: Path) -> Iterator[None]:
    """A copy of the migrated file as `default`."""
    shutil.copyfile(template, at)
    with as_default(sqlite_settings(at)):
        yield


@contextlib.contextmanager
def fresh_postgres(server: PostgresServer, *, template: str, name: str) -> Iterator[None]:
    """A copy of the migrated database as `default`, dropped at the end."""
    server.drop_database(name)
    server.create_database(name, template=template)
    try:
        with as_default(server.django_settings(name)):
            yield
    finally:
        server.drop_database(name)


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _forget_what_was_cached() -> None:
    """Django remembers primary keys of content types; they belong to the database just left."""
    if apps.is_installed("django.contrib.contenttypes"):
        from django.contrib.contenttypes.models import ContentType

        ContentType.objects.clear_cache()
