"""A statement written out, for the few reads that are made again and again by machines.

The worker asks where chains stand and what was noted each time it looks up, on every server, and
the ORM takes ten times as long to make such a statement as both databases take to answer it. Only
text that both understand alike goes through here; values always go in as parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, connections


def one(sql: str, *values: Any) -> tuple[Any, ...] | None:
    """The first row, None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def every(sql: str, *values: Any) -> Sequence[tuple[Any, ...]]:
    """All rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return rows


def read(sql: str, *values: Any) -> Sequence[tuple[Any, ...]]:
    """All rows, straight from the driver: for pages that everybody in a city asks for.

    Django's cursor rewrites the statement at each call, which costs more than its answer. Errors
    are Django's all the same; a transaction that broke before is not noticed.
    """
    wrapper: Any = connections["default"]
    if wrapper.connection is None:
        wrapper.ensure_connection()
    with wrapper.wrap_database_errors:
        spoken = _spoken(sql, wrapper.vendor)
        rows: Sequence[tuple[Any, ...]] = wrapper.connection.execute(spoken, values).fetchall()
    return rows


@cache
def _spoken(sql: str, vendor: str) -> str:  # positional: a statement and who is to read it
    return sql.replace("%s", "?") if vendor == "sqlite" else sql


def write(sql: str, *values: Any) -> int:
    """Run a statement that changes rows; says how many."""
    wrapper: Any = connections["default"]
    if _is_plain(wrapper):
        with wrapper.wrap_database_errors:
            told = wrapper.connection.execute(_spoken(sql, wrapper.vendor), values)
        return int(told.rowcount)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        changed: int = cursor.rowcount
    return changed


def write_and_tell(sql: str, *values: Any) -> tuple[Any, ...] | None:
    """Run a statement that changes rows and says something of the first: `RETURNING`."""
    wrapper: Any = connections["default"]
    if _is_plain(wrapper):
        with wrapper.wrap_database_errors:
            told = wrapper.connection.execute(_spoken(sql, wrapper.vendor), values)
            told_row: tuple[Any, ...] | None = told.fetchone()
        return told_row
    return one(sql, *values)


def _is_plain(wrapper: Any) -> bool:
    """Within a transaction that is whole, with nobody listening, a statement goes straight to the
    driver: what Django's cursor sees to besides is seen to by the transaction."""
    return bool(
        wrapper.in_atomic_block
        and not wrapper.needs_rollback
        and not wrapper.execute_wrappers
        and not wrapper.queries_logged
    )
