"""No room for files: sealed packets are kept whole or not at all, and uploads go on later."""

from __future__ import annotations

import errno
import hashlib
import sqlite3
from random import Random

import psycopg
import pytest
from django.db import OperationalError

from ampera.sync.packets import PacketStore
from ampera.tiers.full_disk import is_disk_full
from tests.bad_input.rooms import files_up_to

DATA = Random(2).randbytes(50_000)
DIGEST = hashlib.sha256(DATA).hexdigest()


def test_a_packet_made_here_that_finds_no_room_leaves_nothing_behind(tmp_path):
    store = PacketStore(tmp_path / "packets")
    with files_up_to(20_000), pytest.raises(OSError, match="large") as caught:
        store.put(DATA)
    assert is_disk_full(caught.value)
    assert list((tmp_path / "packets").iterdir()) == []
    assert store.put(DATA) == DIGEST
    assert store.all() == [DIGEST]


def test_an_upload_that_finds_no_room_goes_on_where_the_room_ended(tmp_path):
    store = PacketStore(tmp_path / "packets")
    with files_up_to(20_000), pytest.raises(OSError, match="large"):
        store.add(DIGEST, offset=0, size=len(DATA), chunk=DATA)
    have = store.size(DIGEST)
    assert 0 <= have <= 20_000
    assert not store.has(DIGEST)
    assert store.add(DIGEST, offset=have, size=len(DATA), chunk=DATA[have:]) == len(DATA)
    assert store.read(DIGEST, offset=0, most=len(DATA)) == DATA


def caused_by(cause: BaseException) -> OperationalError:
    """As Django wraps what a database says."""
    try:
        raise OperationalError("wrapped") from cause
    except OperationalError as error:
        return error


def full_sqlite() -> sqlite3.OperationalError:
    base = sqlite3.connect(":memory:")
    base.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as caught:
        base.execute("CREATE TABLE ballast (stone)")
    base.close()
    return caught.value


def test_either_database_and_the_file_system_say_it_in_their_own_way():
    assert is_disk_full(caused_by(full_sqlite()))
    assert is_disk_full(caused_by(psycopg.errors.DiskFull()))
    assert is_disk_full(OSError(errno.ENOSPC, "no room"))
    assert is_disk_full(OSError(errno.EDQUOT, "no quota"))


def test_another_fault_is_not_told_as_a_full_disk():
    assert not is_disk_full(None)
    assert not is_disk_full(RuntimeError("a defect"))
    assert not is_disk_full(caused_by(psycopg.errors.DeadlockDetected()))
    assert not is_disk_full(OSError(errno.EACCES, "not yours"))
