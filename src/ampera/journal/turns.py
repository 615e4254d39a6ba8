"""Giving way: a long run of writing lets others write between two of its transactions.

SQLite lets one write at a time and does not queue who waits: a waiter looks again after 1, 2, 5 …
100 ms. A run of short transactions without a pause so keeps an officer's click waiting for seconds,
and after the timeout the click fails. A run that rests as long as each transaction took leaves
the way free every second time that somebody looks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

#: However long a transaction took, nobody rests longer.
REST_SECONDS_MAX: Final = 0.25

#: Moved by tests.
now: Callable[[], float] = time.monotonic
rest: Callable[[float], None] = time.sleep

#: One run at a time in a process: two that take turns would leave no pause between them.
_one_run = threading.Lock()


@contextmanager
def turn() -> Iterator[None]:
    """One transaction, or a few short ones, of a run that nobody sits waiting for.

    Rests afterwards as long as that took, so it is never used inside a transaction. Nobody rests on
    PostgreSQL, which queues who waits, nor on a database in memory, which nobody else can open.
    """
    assert not connection.in_atomic_block, "who rests inside a transaction keeps everybody waiting"
    if not _is_shared_file():
        yield
        return
    with _one_run:
        began = now()
        try:
            yield
        finally:
            rest(min(now() - began, REST_SECONDS_MAX))


def _is_shared_file() -> bool:
    in_memory = getattr(connection, "is_in_memory_db", None)
    return in_memory is not None and not in_memory()
