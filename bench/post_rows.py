"""The post with projection off, against bare inserts of the same rows in the same batches.

The yardstick gets finished rows as tuples and does nothing but one `executemany` and one commit a
batch: no JSON, no hash, no check. Ours is measured twice, both times against that. `post rows`
begins with entries in memory of which nothing is written or hashed yet: write each header and body
canonically, hash them, check the chain, its signature, what is known and who may write, insert,
move the head, commit. `post bytes` is the stricter one: it begins with the gzipped bytes of the
pushes as they come off the line, so reading them strictly is in it as well, and ends with the
answer to each. Both sides go through Django's cursor into the same SQLite file with a full sync;
one push is one part, hence one transaction, of as many rows as a batch.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, transaction

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import ChainName
from ampera.journal.keys import ServerKey
from ampera.journal.models import Chain, EntryRow
from ampera.journal.queries import part_after
from ampera.journal.receiving import ChainPart, Place, receive_part
from ampera.sync.answering import handle
from ampera.sync.encoding import decode_question, encode, pack, unpack
from ampera.sync.protocol.messages import Part, Push, PushAnswer, Speaker
from ampera.words import OfficeCode, WallClock
from bench.ground import Measured, server
from bench.journal_append import BODY

ROWS, BATCH, ROUNDS = 4_000, 500, 7
CHILD = OfficeCode("16.71.02")
UP = ChainName(CHILD, "up", 1)


def measure(folder: Path) -> tuple[Measured, Measured]:
    keys = {"16.71.02": ServerKey.make(), "16.71": ServerKey.make()}
    with server("16.71.02", folder=folder, keys=keys):
        parts = _written()
    pushes = [pack(encode(_push(part))) for part in parts]
    with server("16.71", folder=folder, keys=keys):
        _answer(pushes)
        rows = list(EntryRow.objects.order_by("id").values_list(*_COLUMNS))
        assert len(rows) == ROWS, "the post lost rows"
        rounds = [
            (_timed(_answer, pushes), _timed(_insert, rows), _timed(_receive, _unwritten(parts)))
            for _ in range(ROUNDS)
        ]
    of_bytes, bare, of_entries = (median(each) for each in zip(*rounds, strict=True))
    return (
        Measured("post rows / bare inserts", of_entries, bare, "rows per second", goal=0.5),
        Measured("post bytes / bare inserts", of_bytes, bare, "rows per second", goal=0.5),
    )


def _written() -> list[ChainPart]:
    """The rows as their origin wrote and signed them, a batch a part."""

    def work(pen: Pen) -> dict[str, int]:
        for number in range(ROWS):
            pen.write("bench.noted/1", subject=f"req_{number:032x}", facts={"n": number}, body=BODY)
        return {}

    perform(Command("cmd_1", "off_1"), work, content={})
    parts: list[ChainPart] = []
    while part := part_after(UP, parts[-1].entries[-1].seq if parts else 0, most=BATCH):
        parts.append(part)
    return parts


def _push(part: ChainPart) -> Push:
    return Push(WallClock().now(), parts=(Part(part.chain, part.entries, part.signatures),))


def _answer(pushes: list[bytes]) -> None:
    for push in pushes:
        answer = handle(decode_question(unpack(push)), speaker=Speaker(CHILD, 1))
        assert isinstance(answer, PushAnswer), answer
        assert not answer.refused, answer


def _receive(parts: list[ChainPart]) -> None:
    for part in parts:
        assert isinstance(receive_part(part), Place)


def _unwritten(parts: list[ChainPart]) -> list[ChainPart]:
    """The same entries, of which nobody has written or hashed anything yet."""
    return [replace(part, entries=tuple(map(replace, part.entries))) for part in parts]


def _insert(rows: list[tuple[Any, ...]]) -> None:
    for start in range(0, ROWS, BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(_SQL, rows[start : start + BATCH])


def _timed(work: Callable[[Any], None], given: Any) -> float:  # positional: a call
    """Rows a second, into an empty journal."""
    EntryRow.objects.all().delete()
    Chain.objects.all().delete()
    began = time.perf_counter()
    work(given)
    return ROWS / (time.perf_counter() - began)


_COLUMNS = [field.attname for field in EntryRow._meta.concrete_fields if field.attname != "id"]
_SQL = (
    f"INSERT INTO journal_entryrow ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)
