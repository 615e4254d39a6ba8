"""Projections made anew from the entries, on a copy: the tables of a running server are never
touched.

A rebuild changes nothing. If it does, a projection reads something that is not in the entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models import Model

from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.projecting import (
    Reading,
    cure_parked,
    project_foreign,
    project_own,
)
from ampera.journal.store import all_entries

#: (table, primary key, column) → value: what a projected table holds.
Dump = dict[tuple[str, str, str], Any]


def projected_models() -> list[type[Model]]:
    return [
        apps.get_model(label, name) for label, name in sorted(house().registry.projected_tables)
    ]


def dump_projections() -> Dump:
    """All cells of all projected tables, without row numbers that a database hands out."""
    found: Dump = {}
    for model in projected_models():
        key = model._meta.pk
        assert key is not None
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._default_manager.values_list(*names):
            cells = dict(zip(names, row, strict=True))
            for name, value in cells.items():
                found[(model._meta.db_table, str(cells[key.attname]), name)] = value
    return found


@contextmanager
def empty_copy() -> Iterator[DatabaseWrapper]:
    """A fresh in-memory database with today's schema."""
    settings = {
        **connections["default"].settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {},
    }
    copy = DatabaseWrapper(settings, alias="default")
    try:
        _give_schema(copy)
        yield copy
    finally:
        if copy.connection is not None:
            copy.connection.close()


def _give_schema(copy: DatabaseWrapper) -> None:
    """Today's tables without rows: read off an SQLite server, made by the migrations otherwise."""
    source = connections["default"]
    if source.vendor != "sqlite":
        with as_default(copy):
            call_command("migrate", verbosity=0, interactive=False)
        return
    with source.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite_%%' ORDER BY type DESC"
        )
        statements = [row[0] for row in cursor.fetchall()]
    with copy.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def as_default(wrapper: DatabaseWrapper) -> Iterator[None]:
    """Swap the default connection. Inside a transaction that would lose acknowledged rows: a
    defect."""
    before = connections["default"]
    assert not before.in_atomic_block, "a swap inside a transaction loses acknowledged rows"
    connections["default"] = wrapper
    try:
        yield
    finally:
        assert not wrapper.in_atomic_block, "a swap inside a transaction loses acknowledged rows"
        connections["default"] = before


def replay(  # positional: a pair
    entries: Iterable[Entry], tell: Callable[[int], None] | None = None
) -> None:
    """Project entries into empty tables, in the order given, own and foreign ones alike."""
    here = house()
    reading = Reading()
    for number, entry in enumerate(entries, start=1):
        row = here.registry.row_for(entry.kind, entry.chain)
        if entry.origin == here.code and row is not None and entry.retells is not None:
            continue
        if entry.origin == here.code and row is not None:
            project_own(entry, row)
        else:
            project_foreign(entry, reading)
        if tell is not None and number % 1000 == 0:
            tell(number)


# positional: a pair


def differences(  # positional: a pair
    before: Dump, after: Dump, *, most: int = 20
) -> Sequence[str]:
    """Cells that differ, named by table and key; values are not told, they may be personal."""
    keys = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return [
        f"{table} {key}: {column} differs from a rebuild"
        for table, key, column in sorted(keys)[:most]
    ]


def compare_with_rebuild(tell: Callable[[int], None] | None = None) -> Sequence[str]:
    """Rebuild all projections on a copy and name what differs from the tables of this server."""
    entries = list(all_entries())
    before = dump_projections()
    with empty_copy() as copy, as_default(copy):
        replay(entries, tell)
        while cure_parked():
            pass
        after = dump_projections()
    return differences(before, after)
