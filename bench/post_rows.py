"""The post with projection off, against bare inserts of the same rows in the same batches."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import ChainName
from ampera.journal.keys import ServerKey
from ampera.journal.models import Chain, EntryRow
from ampera.journal.queries import part_after
from ampera.journal.receiving import ChainPart, receive_part
from ampera.words import OfficeCode
from bench.ground import Measured, in_turn, server
from bench.journal_append import BODY

ROWS, BATCH = 4_000, 500
UP = ChainName(OfficeCode("16.71.02"), "up", 1)


def measure(folder: Path) -> Measured:
    keys = {"16.71.02": ServerKey.make(), "16.71": ServerKey.make()}
    parts: list[ChainPart] = []
    with server("16.71.02", folder=folder, keys=keys):

        def work(pen: Pen) -> dict[str, int]:
            for number in range(ROWS):
                pen.write(
                    "bench.noted/1", subject=f"req_{number:032x}", facts={"n": number}, body=BODY
                )
            return {}

        perform(Command("cmd_1", "off_1"), work, content={})
        while part := part_after(UP, parts[-1].entries[-1].seq if parts else 0, most=BATCH):
            parts.append(part)
    with server("16.71", folder=folder, keys=keys):

        def receive() -> float:
            EntryRow.objects.all().delete()
            Chain.objects.all().delete()
            began = time.perf_counter()
            for part in parts:
                receive_part(part)
            return ROWS / (time.perf_counter() - began)

        rows = _as_rows(receive)

        def insert() -> float:
            EntryRow.objects.all().delete()
            began = time.perf_counter()
            for start in range(0, ROWS, BATCH):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.executemany(_SQL, rows[start : start + BATCH])
            return ROWS / (time.perf_counter() - began)

        ours, yardstick = in_turn(receive, insert)
    return Measured("post rows / bare inserts", ours, yardstick, "rows per second", goal=0.5)


_COLUMNS = [field.attname for field in EntryRow._meta.concrete_fields if field.attname != "id"]
_SQL = (
    f"INSERT INTO journal_entryrow ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)


def _as_rows(receive: Any) -> list[tuple[Any, ...]]:
    receive()
    return list(EntryRow.objects.order_by("id").values_list(*_COLUMNS))
