"""`ampera verify`: each server by itself, on a copy, then the servers against each other.

A copy is taken, so that a server that goes on writing is not accused of what happened meanwhile.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import CannotError

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Found:
    """Something that must not be. `seq` is 0 when it concerns a whole chain or none."""

    server: str
    chain: str
    seq: int
    what: str

    def __str__(self) -> str:
        place = f"{self.chain} seq {self.seq}: " if self.seq else f"{self.chain}: "
        return f"{self.server}: {place if self.chain else ''}{self.what}"


@dataclass(frozen=True, slots=True)
class Head:
    """How far one server holds one chain."""

    chain: str
    seq: int
    hash: str


@dataclass(slots=True)
class Verified:
    """What came of one server."""

    code: str
    found: list[Found] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)


def verify_folder(folder: ServerFolder, *, tell: Tell) -> Verified:
    """Check one server. Raises CannotError when the folder is none."""
    from ampera.tiers.opening import become

    server = folder.read()
    become(folder, server)
    result = Verified(server.code)
    with _opened_copy(folder) as problem:
        if problem:
            result.found.append(Found(server.code, "", 0, problem))
            return result
        from django.db import DatabaseError

        from ampera.journal.queries import chains
        from ampera.journal.verify import verify_server

        try:
            for each in verify_server(lambda part: tell(f"{server.code} {part}")):
                result.found.append(Found(server.code, each.chain, each.seq, each.what))
            result.heads = [Head(str(each.name), each.seq, each.hash) for each in chains()]
        except DatabaseError as error:
            what = f"the database cannot be read any more ({error})"
            result.found.append(Found(server.code, "", 0, what))
    return result


@contextmanager
def _opened_copy(folder: ServerFolder) -> Iterator[str]:
    """Act as that server on a copy of its database; gives what is wrong, empty when it could be
    opened."""
    from django.db import DatabaseError, connections

    from ampera.journal.house import house
    from ampera.journal.second_log import FileSecondLog
    from ampera.tiers.opening import open_server

    # First the second log, then the database: what lies in the log lay in the database before.
    log = _StandingLog(list(FileSecondLog(folder.second_log).read()))
    try:
        open_server(folder, is_rejoining=True)
    except (CannotError, DatabaseError) as error:
        yield str(error)
        return
    house().second_log = log
    with tempfile.TemporaryDirectory(prefix="ampera-verify-") as place:
        try:
            if connections["default"].vendor == "sqlite":
                connections.close_all()
                copy = Path(place) / "copy.sqlite3"
                _copy(folder.database, copy)
                connections.settings["default"]["NAME"] = str(copy)
                connections["default"] = connections.create_connection("default")
        except sqlite3.DatabaseError as error:
            yield f"the database cannot be read any more ({error})"
            return
        try:
            yield ""
        finally:
            connections.close_all()


def _copy(source: Path, target: Path) -> None:
    reading, writing = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()


class _StandingLog:
    """The second log as it was when we looked."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def append(self, lines: object) -> None:
        raise AssertionError("a verification writes nothing")

    def read(self) -> Iterator[str]:
        return iter(self._lines)

    def last_seqs(self) -> dict[str, int]:
        return {}


def compare_copies(folders: Sequence[ServerFolder], *, results: Sequence[Verified]) -> list[Found]:
    """Each copy of a chain must be a prefix of its owner's. Owners are asked last: they lead."""
    from django.db import DatabaseError, connections

    from ampera.journal.entry import ChainName
    from ampera.journal.queries import place_known
    from ampera.tiers.opening import open_server

    found: list[Found] = []
    for folder in folders:
        code = folder.read().code
        copies = [
            (result.code, head)
            for result in results
            for head in result.heads
            if result.code != code and str(ChainName.read(head.chain).origin) == code and head.seq
        ]
        try:
            open_server(folder, is_rejoining=True)
            known = [place_known(ChainName.read(head.chain), head.seq) for _, head in copies]
        except (CannotError, DatabaseError):
            continue  # it cannot be asked, which is told already
        for (holder, head), own in zip(copies, known, strict=True):
            if own is None:
                what = f"the copy is longer than what its owner {code} has"
                found.append(Found(holder, head.chain, head.seq, what))
            elif own.hash != head.hash:
                what = f"the copy differs from what its owner {code} has"
                found.append(Found(holder, head.chain, head.seq, what))
        connections.close_all()
    return found
