"""A real receiver is killed in the middle of a push, several times: each entry is there exactly
once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Timer

from django.db import connections

from ampera.journal.models import EntryRow
from ampera.sync.courier import courier_step
from ampera.sync.http import HttpLink
from ampera.sync.protocol.messages import Speaker
from ampera.sync.protocol.state import Limits
from ampera.words import OfficeCode
from tests.contracts.conftest import introduce
from tests.contracts.post_server import free_port, wait_for
from tests.houses import START
from tests.sync.province import Province, write_batch

KEC, DINAS = "16.71.02", "16.71"
ENTRIES = 3_000
#: Which pushes are interrupted, and how many seconds after they began.
KILLED_AFTER = {1: 0.05, 3: 0.15, 5: 0.1}
ROOT = Path(__file__).parents[2]


class Receiver:
    """Granian on a SQLite file, in a process group of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._environment = {
            **os.environ,
            "AMPERA_DATA": str(folder),
            "AMPERA_OFFICE": DINAS,
            "AMPERA_STATIONS": "",
            "DJANGO_SETTINGS_MODULE": "ampera.tiers.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        self._environment.pop("DATABASE_URL", None)
        self.kills = 0
        self.start()

    def start(self) -> None:
        granian = Path(sys.executable).with_name("granian")
        command = [granian, "--interface", "wsgi", "--port", str(self.port), "--no-log"]
        command += ["--workers", "1", "--blocking-threads", "2", "tests.contracts.post_app:app"]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.port)

    def kill(self) -> None:
        """Like a power cut: no signal handler runs, in no process of it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1


@contextmanager
def receiver_in(folder: Path):
    receiver = Receiver(folder)
    try:
        yield receiver
    finally:
        receiver.kill()


def rows_of(path: Path) -> tuple[int, int, int]:
    """(entries, distinct places, times projected), counted by a connection that nobody else has."""
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        entries, places = other.execute(
            "SELECT count(*), count(DISTINCT seq) FROM journal_entryrow"
            " WHERE chain = '16.71.02/up@1' AND state = 'projected'"
        ).fetchone()
        (noted,) = other.execute(
            "SELECT sum(CAST(value AS INTEGER)) FROM journal_mark WHERE key LIKE 'noted.%'"
        ).fetchone()
    return entries, places, noted


def test_a_receiver_killed_in_mid_push_holds_each_entry_exactly_once(sqlite_database, tmp_path):
    with Province(KEC) as offices:
        introduce(offices)
        # The file of `default` is the receiver's; from here on it is the receiver's alone.
        path = Path(connections["default"].settings_dict["NAME"])
        connections["default"].close()
        path.rename(path.with_name("ampera.sqlite3"))
        path = path.with_name("ampera.sqlite3")
        with offices.at(KEC):
            write_batch("req_k", count=ENTRIES)
        with receiver_in(path.parent) as receiver:
            deliver(offices, receiver)
            assert receiver.kills == len(KILLED_AFTER)
        assert rows_of(path) == (ENTRIES, ENTRIES, ENTRIES)
        with offices.at(KEC):
            sent = list(EntryRow.objects.order_by("seq").values_list("hash", flat=True))
        with closing(sqlite3.connect(path)) as other:
            kept = other.execute("SELECT hash FROM journal_entryrow ORDER BY seq").fetchall()
        assert [row[0] for row in kept] == sent


def deliver(offices: Province, receiver: Receiver) -> None:
    """Push everything; kill the receiver a little after some of the pushes began."""
    link = HttpLink(
        f"http://127.0.0.1:{receiver.port}",
        addressee=OfficeCode(DINAS),
        speaker=Speaker(OfficeCode(KEC), 1),
        key=offices._houses[KEC].key,
    )
    now, is_whole, interrupted = START, False, 0
    limits = Limits(rows=500)
    for step in range(100):
        killer = None
        if step in KILLED_AFTER:
            killer = Timer(KILLED_AFTER[step], receiver.kill)
            killer.start()
        with offices.at(KEC):
            progress = courier_step(link, now=now, limits=limits)
        if killer is not None:
            killer.join()
            receiver.start()
            interrupted += bool(progress.error)
        now += timedelta(seconds=61)
        is_whole = progress.was_asked and not progress.error and progress.sent == 0 and step > 5
        if is_whole:
            break
    assert is_whole
    assert interrupted, "each push was over before the kill"
    link.close()
