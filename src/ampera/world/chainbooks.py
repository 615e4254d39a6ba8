"""What the auditor reads: raw journal rows of every server, straight from SQLite, and no code.

From them it learns what each origin has ever written. A copy may be shorter than the original,
never
different from it; and what was once read may never change.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ampera.words.office import OfficeCode

_ROWS = (
    "SELECT id, chain, seq, kind, subject, at, officer, command_id, facts, body_hash, prev, hash,"
    " state FROM journal_entryrow WHERE id > ? ORDER BY id"
)
_FIRST_PREV = "0" * 64


class BrokenPromise(AssertionError):
    """Something that must hold does not. The text says what, for a person."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it stands in a database."""

    chain: str
    seq: int
    kind: str
    subject: str
    facts: Mapping[str, Any]
    hash: str
    at: str = ""
    officer: str = ""
    command: str = ""

    @property
    def origin(self) -> str:
        return self.chain.partition("/")[0]


@dataclass(slots=True)
class Copy:
    """What one server was seen to hold."""

    last_id: int = 0
    chains: dict[str, list[str]] = field(default_factory=dict)


def hash_of(row: tuple[Any, ...]) -> str:
    """The hash that this row should have, computed here a second time from the published form:
    SHA-256 over the canonical JSON of everything but hash, salt and body."""
    _, chain, seq, kind, subject, at, officer, command_id, facts, body_hash, prev, *_ = row
    header = {
        "at": at,
        "body_hash": body_hash,
        "chain": chain,
        "command_id": command_id,
        "facts": json.loads(facts),
        "kind": kind,
        "officer": officer,
        "prev": prev,
        "seq": seq,
        "subject": subject,
    }
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(slots=True)
class ChainBooks:
    """The originals as far as they were ever seen, and each server's copies."""

    written: dict[str, list[Line]] = field(default_factory=dict)
    copies: dict[str, Copy] = field(default_factory=dict)
    #: Offices that lost a tail: what they wrote then lies with others only.
    restored: set[str] = field(default_factory=set)
    #: Chains of lives whose key is gone: what nobody has signed there cannot be given on any more.
    keyless: set[str] = field(default_factory=set)
    #: (chain, seq) of entries that their origin had no right to write.
    forged: set[tuple[str, int]] = field(default_factory=set)

    def read(self, databases: Mapping[str, sqlite3.Connection]) -> list[Line]:
        """Read what is new everywhere; returns what was newly written. Raises BrokenPromise."""
        fresh: list[Line] = []
        found = {code: self._new_lines(code, databases[code]) for code in sorted(databases)}
        for code, lines in found.items():
            fresh += [each for each in lines if each.origin == code and self._is_original(each)]
        for code, lines in found.items():
            for line in lines:
                if line.origin != code and not self._is_copy(code, line):
                    fresh.append(line)
        return fresh

    def read_again(self, databases: Mapping[str, sqlite3.Connection]) -> None:
        """Read everything from the start and find what was changed since. Raises BrokenPromise."""
        for code in sorted(databases):
            before, self.copies[code] = self.copies.get(code, Copy()), Copy()
            list(self._new_lines(code, databases[code]))
            after = self.copies[code]
            for chain, hashes in before.chains.items():
                if after.chains.get(chain, [])[: len(hashes)] != hashes:
                    raise BrokenPromise(f"{code}: {chain} is not what it was")

    def forget(self, code: str) -> None:
        """This server was put back from a backup: what it holds is read anew."""
        self.copies[code] = Copy()
        self.restored.add(code)

    def drop_what_nobody_holds(self, code: str, *, stick: Mapping[str, int]) -> bool:
        """The tail of this office that lies nowhere any more: it never was. Was there any?"""
        is_any = False
        for chain, lines in self.written.items():
            if chain.partition("/")[0] == code:
                held = [len(each.chains.get(chain, [])) for each in self.copies.values()]
                end = max([*held, stick.get(chain, 0)])
                is_any |= end < len(lines)
                del lines[end:]
        return is_any

    def lines(self) -> Iterator[Line]:
        """Everything ever written with right, chain by chain."""
        for chain in sorted(self.written):
            for line in self.written[chain]:
                if (line.chain, line.seq) not in self.forged:
                    yield line

    def facts_of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """The facts of all entries of a kind, whatever its version."""
        return (each.facts for each in self.lines() if each.kind == kind)

    def missing(self, codes: Iterable[str]) -> list[str]:
        """Who lacks which tail: each chain belongs to its origin, to all above it, and to its
        addressee."""
        known = set(codes)
        found = []
        for chain, lines in sorted(self.written.items()):
            if chain in self.keyless:
                continue
            for holder in sorted(holders_of(chain) & known):
                has = len(self.copies[holder].chains.get(chain, []))
                if has < len(lines) and holder not in self.restored:
                    found.append(f"{holder} holds {has} of {len(lines)} of {chain}")
        return found

    def _new_lines(self, code: str, database: sqlite3.Connection) -> list[Line]:
        copy = self.copies.setdefault(code, Copy())
        found = []
        for row in database.execute(_ROWS, (copy.last_id,)).fetchall():
            copy.last_id = row[0]
            chain, seq, prev = row[1], row[2], row[10]
            held = copy.chains.setdefault(chain, [])
            if seq != len(held) + 1:
                raise BrokenPromise(f"{code}: {chain} goes from {len(held)} to {seq}")
            if prev != (held[-1] if held else _FIRST_PREV) or hash_of(row) != row[11]:
                raise BrokenPromise(f"{code}: {chain} {seq} does not follow from what is before it")
            held.append(row[11])
            facts = json.loads(row[8])
            found.append(Line(chain, seq, row[3], row[4], facts, row[11], row[5], row[6], row[7]))
        return found

    def _is_original(self, line: Line) -> bool:
        """Take over what its own server wrote; False when it was known."""
        known = self.written.setdefault(line.chain, [])
        if line.seq <= len(known):
            if known[line.seq - 1].hash != line.hash:
                raise BrokenPromise(f"{line.chain} {line.seq} was written twice, differently")
            return False
        known.append(line)
        return True

    def _is_copy(self, code: str, line: Line) -> bool:
        """Compare a copy with the original; False when only copies are left of it."""
        known = self.written.setdefault(line.chain, [])
        if line.seq <= len(known):
            if known[line.seq - 1].hash != line.hash:
                raise BrokenPromise(
                    f"{code} holds another {line.chain} {line.seq} than {line.origin} wrote"
                )
            return True
        if line.origin not in self.restored:
            raise BrokenPromise(f"{code} holds {line.chain} {line.seq}, which nobody wrote")
        known.append(line)
        return False


def holders_of(chain: str) -> set[str]:
    """Who must hold a chain in the end: its origin, everybody above, and its addressee."""
    origin, _, rest = chain.partition("/")
    audience = rest.partition("@")[0]
    office: OfficeCode | None = OfficeCode(origin)
    holders = set()
    while office is not None:
        holders.add(str(office))
        office = office.upper
    if audience.startswith("to/"):
        holders.add(audience[3:])
    return holders
