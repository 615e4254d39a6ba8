"""Journal append without projection, against one ORM insert committed on the same SQLite file."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from django.db import transaction

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.keys import ServerKey
from ampera.journal.models import EntryRow, EntryState
from bench.ground import Measured, in_turn, rate, server

ROWS = 300
_numbers = count(1)
BODY = {"nama": "CONTOH BINTI CONTOH", "nik": "9901014108859001", "alamat": "JL. CONTOH NO. 1"}


def measure(folder: Path) -> Measured:
    with server("16.71.02", folder=folder, keys={"16.71.02": ServerKey.make()}):

        def append(_: int) -> None:
            number = next(_numbers)

            def work(pen: Pen) -> dict[str, int]:
                pen.write(
                    "bench.noted/1", subject=f"req_{number:032x}", facts={"n": number}, body=BODY
                )
                return {"n": number}

            perform(Command(f"cmd_{number}", "off_1"), work, content={"n": number})

        def insert(_: int) -> None:
            number = next(_numbers)
            with transaction.atomic():
                EntryRow.objects.create(
                    chain="99.99/up@1", seq=number, kind="bench.noted/1",
                    subject=f"req_{number:032x}", at="2017-09-07T08:19:00.123456Z",
                    officer="off_1", command_id=f"cmd_{number}", facts='{"n":1}',
                    body_hash="0" * 64, prev="0" * 64, hash="1" * 64, salt="0" * 32,
                    body=str(BODY), state=EntryState.PROJECTED,
                )  # fmt: skip

        ours, yardstick = in_turn(
            lambda: rate(append, count=ROWS), lambda: rate(insert, count=ROWS)
        )
    return Measured("journal append / ORM insert", ours, yardstick, "per second", goal=0.5)
