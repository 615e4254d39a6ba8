"""A disk without room, made on a real SQLite database by its own ceiling on pages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import OperationalError, connection

from ampera.journal.actions import record_look

#: As many pages as SQLite itself allows.
PAGES_MAX = 4_294_967_294
#: So many commands in a row that found no room: nothing smaller is left for any.
IN_A_ROW = 30


@contextlib.contextmanager
def disk_full() -> Iterator[None]:
    """The disk of the server that acts is full until the end of the block."""
    fill_up()
    try:
        yield
    finally:
        make_room()


def fill_up() -> None:
    """From here on the database of the server that acts gets no page more, and has none to spare.

    SQLite answers SQLITE_FULL exactly as it does when the file system has no room.
    """
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS ballast (stone BLOB)")
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    _use_up_free_pages()
    _work_until_nothing_fits()


def make_room() -> None:
    """The administrator made room."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {PAGES_MAX}")
        cursor.execute("DROP TABLE IF EXISTS ballast")


def _use_up_free_pages() -> None:
    with connection.cursor() as cursor:
        for size in (4000, 1000, 200, 20):
            with contextlib.suppress(OperationalError):
                while True:
                    cursor.execute("INSERT INTO ballast VALUES (zeroblob(%s))", [size])


def _work_until_nothing_fits() -> None:
    """Half empty pages of a table still take the smallest entry that there is: use them up."""
    refused = 0
    while refused < IN_A_ROW:
        try:
            record_look(officer="off_disk", subjects=["res_disk"], purpose="counter")
            refused = 0
        except OperationalError:
            refused += 1
