"""A statement written out, for the few reads that are made again and again by machines.

The worker asks where chains stand and what was noted each time it looks up, on every server, and
the ORM takes ten times as long to make such a statement as both databases take to answer it. Only
text that both understand alike goes through here; values always go in as parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


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


def write(sql: str, *values: Any) -> int:
    """Run a statement that changes rows; says how many."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        changed: int = cursor.rowcount
    return changed
