"""The second medium: a plain file of own entries on another disk or stick that no backup touches.

Before a blank is fed, a card or shipment leaves a hand, an entry is served to another server or a
packet
is purged, its entry lies here, fsynced. After a restore it holds the tail that the database lost;
fetching
the own chain back from above is not enough (simulated: without this file 142 of 500 seeds break).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import orjson

from ampera.journal import sql
from ampera.journal.entry import ChainName, Entry, Json
from ampera.journal.house import house
from ampera.journal.models import Chain, EntryRow
from ampera.journal.rows import rows_of
from ampera.journal.store import chain_names, entry_of, sign_own
from ampera.words.clock import utc_from_text, utc_text


class SecondLog(Protocol):
    """Keeps lines for good, in order, and gives them back."""

    def append(self, lines: Iterable[str]) -> None:
        """On return the lines are on the medium. Raises OSError when they are not."""
        ...

    def read(self) -> Iterator[str]: ...

    def last_seqs(self) -> dict[str, int]:
        """The last place of each chain that lies here."""
        ...


class FileSecondLog:
    """One file, appended and fsynced under a lock: the web and the worker process share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # The file's lock keeps other processes out; the windows of this one share what was read.
        self._among_windows = threading.Lock()
        self._read_to = 0
        self._last: dict[str, int] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)

    def append(self, lines: Iterable[str]) -> None:
        with self._among_windows, self._path.open("r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._catch_up(file.fileno())
            self._cut_torn_line(file.fileno())
            last, new = dict(self._last), bytearray()
            for line in lines:
                row = json.loads(line)
                if row["seq"] > last.get(row["chain"], 0):
                    new += line.encode() + b"\n"
                    last[row["chain"]] = row["seq"]
            self._write(file.fileno(), bytes(new))
            # Known only now: a medium without room would else be taken to hold what it does not.
            self._last, self._read_to = last, self._read_to + len(new)

    def _write(self, handle: int, data: bytes) -> None:
        """All of it at the end of the file and on the medium, or nothing. Raises OSError."""
        at = self._read_to
        try:
            while data:
                written = os.pwrite(handle, data, at)
                data, at = data[written:], at + written
            os.fsync(handle)
        except OSError:
            with contextlib.suppress(OSError):
                self._cut_torn_line(handle)
            raise

    def _cut_torn_line(self, handle: int) -> None:
        """A power cut may leave half a line; what was never whole was never promised."""
        size = os.fstat(handle).st_size
        if size > self._read_to:
            os.ftruncate(handle, self._read_to)

    def _catch_up(self, handle: int) -> None:
        """Learn what another process appended since we looked."""
        size = os.fstat(handle).st_size
        if size < self._read_to:  # another stick was put in: what lay on the first is not on it
            self._read_to, self._last = 0, {}
        if size == self._read_to:
            return
        data = os.pread(handle, size - self._read_to, self._read_to)
        whole = data[: data.rfind(b"\n") + 1]
        for line in whole.splitlines():
            row = json.loads(line)
            self._last[row["chain"]] = row["seq"]
        self._read_to += len(whole)

    def read(self) -> Iterator[str]:
        with self._path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield line.decode().rstrip("\n")

    def last_seqs(self) -> dict[str, int]:
        with self._among_windows, self._path.open("rb") as file:
            self._catch_up(file.fileno())
            return dict(self._last)


class MemorySecondLog:
    """Lines in memory that outlive the simulated server: the stick beside the simulated machine."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._last: dict[str, int] = {}

    def append(self, lines: Iterable[str]) -> None:
        for line in lines:
            row = json.loads(line)
            if row["seq"] > self._last.get(row["chain"], 0):
                self.lines.append(line)
                self._last[row["chain"]] = row["seq"]

    def read(self) -> Iterator[str]:
        return iter(list(self.lines))

    def last_seqs(self) -> dict[str, int]:
        return dict(self._last)


def secure() -> int:
    """Bring the second log up to the database for all own chains; returns how many entries were
    new.

    Called after the commit and before the effect: feeding a blank, handing over, serving an entry.
    """
    log = house().second_log
    last = log.last_seqs()
    lines: list[str] = []
    for name, seq in sql.read("SELECT name, seq FROM journal_chain WHERE is_own"):
        known = last.get(name, 0)
        if seq > known:
            rows = rows_of(EntryRow).where("chain = %s AND seq > %s ORDER BY seq", name, known)
            if ChainName.read(name).incarnation == house().incarnation:
                # Signed, so that the tail still vouches for itself when the machine and its key
                # are gone and only this medium is left.
                sign_own(rows[-1])
            lines += [line_of(entry_of(row), signature=row.signature) for row in rows]
    if lines:
        log.append(lines)
    return len(lines)


def line_of(entry: Entry, *, signature: str | None = None) -> str:
    """One line of the second log: the entry, and its origin's signature where one was made."""
    row = {**as_json(entry), "signature": signature}
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode()


def as_json(entry: Entry) -> dict[str, Json]:
    """An entry as it travels and as it lies in the second log."""
    return {
        "chain": str(entry.chain),
        "seq": entry.seq,
        "kind": entry.kind,
        "subject": entry.subject,
        "at": utc_text(entry.at),
        "officer": entry.officer,
        "command_id": entry.command_id,
        "facts": dict(entry.facts),
        "body_hash": entry.body_hash,
        "prev": entry.prev,
        "hash": entry.hash,
        "salt": entry.salt,
        "body": None if entry.body is None else dict(entry.body),
    }


def from_json(row: dict[str, Json]) -> Entry:
    """Read what `as_json` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    return Entry(
        chain=ChainName.read(row["chain"]),
        seq=int(row["seq"]),
        kind=str(row["kind"]),
        subject=str(row["subject"]),
        at=utc_from_text(row["at"]),
        officer=str(row["officer"]),
        command_id=str(row["command_id"]),
        facts=dict(row["facts"]),
        body_hash=str(row["body_hash"]),
        prev=str(row["prev"]),
        hash=str(row["hash"]),
        salt=str(row["salt"]),
        body=None if row["body"] is None else dict(row["body"]),
    )


def is_secured(subjects: Sequence[str]) -> bool:
    """Is every own entry about these subjects acknowledged above, or in the second log
    (architecture §4)? Where the medium cannot be read only what is acknowledged counts."""
    try:
        copied = house().second_log.last_seqs()
    except OSError:
        copied = {}
    own = dict(Chain.objects.filter(is_own=True).values_list("name", "above_seq"))
    told = EntryRow.objects.filter(subject__in=subjects).values_list("chain", "seq")
    return all(max(copied.get(chain, 0), own[chain]) >= seq for chain, seq in told if chain in own)


def is_database_behind() -> bool:
    """Does the second log hold own entries that the database has lost? Then it is a restore."""
    seqs = dict(Chain.objects.filter(is_own=True).values_list("name", "seq"))
    return any(seq > seqs.get(name, 0) for name, seq in house().second_log.last_seqs().items())


def own_chains() -> list[ChainName]:
    return chain_names(Chain.objects.filter(is_own=True).order_by("name"))
