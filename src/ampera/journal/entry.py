"""What an entry is, and how it is hashed. Pure: no database, no clock.

The hash of an entry is SHA-256 over its RFC 8785 header; the header names the entry before it, so
a chain
cannot be changed in the middle. Personal data stand in the body, beside the header, under a salt:
both can
be erased when their retention ends, and the chain still verifies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson

from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode

#: A JSON value of an entry: never a float, no integer above 2^53 - 1 (RFC 8785 has one spelling
#: for them).
Json = Any

INTEGER_MAX: Final = 2**53 - 1
FIRST_PREV: Final = "0" * 64
_PLAIN: Final = frozenset({str, bool, type(None)})
_BEFORE_FACTS: Final = b',"facts":'
_AFTER_FACTS: Final = b',"kind":'
_KIND: Final = re.compile(r"[a-z_]+\.[a-z_]+/[1-9][0-9]*")


class ChainType(StrEnum):
    """The three chains of a server (architecture §3)."""

    UP = "up"
    DOWN = "down"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True, order=True)
class ChainName:
    """`16.71.02/up@1`: origin, audience, incarnation. Gapless, and written by its origin only."""

    origin: OfficeCode
    audience: str
    incarnation: int

    def __str__(self) -> str:
        return f"{self.origin}/{self.audience}@{self.incarnation}"

    @classmethod
    def read(cls, text: str) -> ChainName:
        """Raises ValueError on anything that is not the name of a chain."""
        if not isinstance(text, str):
            raise ValueError("a chain is named by a text")
        head, at, number = text.rpartition("@")
        origin, slash, audience = head.partition("/")
        if not at or not slash or not number.isdecimal() or not number.isascii():
            raise ValueError("a chain is named like 16.71.02/up@1")
        if audience not in ("up", "audit"):
            if not audience.startswith("to/"):
                raise ValueError("a chain goes up, to a child office, or is the audit")
            OfficeCode(audience[3:])
        return cls(OfficeCode(origin), audience, int(number))

    @property
    def type(self) -> ChainType:
        return ChainType.DOWN if self.audience.startswith("to/") else ChainType(self.audience)

    @property
    def addressee(self) -> OfficeCode | None:
        """The child office of a down chain."""
        return OfficeCode(self.audience[3:]) if self.type is ChainType.DOWN else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `facts` stay for ever and name nobody; `body` and `salt` can be
    erased."""

    chain: ChainName
    seq: int
    kind: str
    subject: str
    at: datetime
    officer: str
    command_id: str
    facts: Mapping[str, Json]
    body_hash: str
    prev: str
    hash: str
    salt: str = ""
    body: Mapping[str, Json] | None = None
    #: Made once, by `texts_of`. No part of the value: a changed copy begins without them.
    _texts: Texts | None = field(default=None, init=False, compare=False, repr=False)

    @property
    def origin(self) -> OfficeCode:
        return self.chain.origin

    @property
    def retells(self) -> Mapping[str, Json] | None:
        """The original (chain, seq, hash) when this entry re-tells news of a tier further up."""
        return self.facts.get("retells")


def canonical(value: Json) -> bytes:
    """RFC 8785 bytes of a value. Raises ValueError for what has no single spelling: floats, too."""
    _refuse_ambiguous(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise ValueError("a text of an entry is no valid Unicode") from error


def _refuse_ambiguous(value: Json) -> None:
    kind = type(value)
    if kind in _PLAIN:
        return
    if kind is int:
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise ValueError("an integer above 2^53 - 1 has no place in an entry")
    elif kind is dict or isinstance(value, Mapping):
        _refuse_ambiguous_keys(value)
    elif kind is list or kind is tuple:
        for inner in value:
            _refuse_ambiguous(inner)
    # Text and whole numbers of a narrower type: an enum of words is written as its value.
    elif isinstance(value, str | int):
        _refuse_ambiguous(str(value) if isinstance(value, str) else int(value))
    else:
        raise ValueError(f"{kind.__name__} has no place in an entry")


def _refuse_ambiguous_keys(value: Mapping[Json, Json]) -> None:
    for key, inner in value.items():
        # RFC 8785 sorts keys by UTF-16 units; for ASCII that is Python's order.
        if type(key) is not str or not key.isascii():
            raise ValueError("keys of an entry are ASCII text")
        if type(inner) is not str:
            _refuse_ambiguous(inner)


class Texts(NamedTuple):
    """Parts of an entry as they are hashed and stored, and their hashes: written once for all."""

    at: str
    chain: str
    facts: str
    body: str | None
    #: SHA-256 of the RFC 8785 header: everything but the hash itself, the salt and the body.
    hash: str
    #: SHA-256 over the salt and the canonical body; empty when there is no body.
    body_hash: str


def written(
    header: dict[str, Json], *, salt: str, body: Mapping[str, Json] | None, body_hash: str | None
) -> Texts:
    """Write an entry canonically, once, and hash what was written.

    `header` holds the ten fields of a header and nothing else, its time and chain as text; its body
    hash is put in from the body when `body_hash` is None. Raises ValueError for what has no single
    spelling.
    """
    _refuse_ambiguous_keys(header["facts"])
    spelled = None if body is None else canonical(body)
    found = "" if spelled is None else sha256(bytes.fromhex(salt) + spelled).hexdigest()
    header["body_hash"] = found if body_hash is None else body_hash
    try:
        line = orjson.dumps(header, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise ValueError("a text of an entry is no valid Unicode") from error
    # No text holds these two: a quotation mark inside one is written with a backslash before it.
    # Before the facts stand texts only, behind them too: the first and the last are the header's.
    facts = line[line.index(_BEFORE_FACTS) + len(_BEFORE_FACTS) : line.rindex(_AFTER_FACTS)]
    return Texts(
        header["at"],
        header["chain"],
        facts.decode(),
        None if spelled is None else spelled.decode(),
        sha256(line).hexdigest(),
        found,
    )


def hash_of_header(entry: Entry) -> str:
    """SHA-256 of the RFC 8785 header: everything but the hash itself, the salt and the body."""
    return texts_of(entry).hash


def seal(
    *, after: tuple[int, str], chain: ChainName, about: tuple[str, str], by: tuple[str, str],
    at: datetime, content: tuple[Mapping[str, Json], str, Mapping[str, Json] | None],
) -> Entry:  # fmt: skip
    """Make the next entry of a chain.

    after: (seq, hash) of the entry before, (0, FIRST_PREV) for the first · about: (kind, subject) ·
    by: (officer, command id) · content: (facts, salt as hex, body or None).
    """
    facts, salt, body = content
    assert _KIND.fullmatch(about[0]), f"{about[0]} is no kind with a version"
    header = {
        "at": utc_text(at),
        "chain": str(chain),
        "command_id": by[1],
        "facts": facts,
        "kind": about[0],
        "officer": by[0],
        "prev": after[1],
        "seq": after[0] + 1,
        "subject": about[1],
    }
    texts = written(header, salt=salt, body=body, body_hash=None)
    entry = Entry(
        chain=chain,
        seq=after[0] + 1,
        kind=about[0],
        subject=about[1],
        at=at,
        officer=by[0],
        command_id=by[1],
        facts=facts,
        body_hash=texts.body_hash,
        prev=after[1],
        hash=texts.hash,
        salt=salt if body is not None else "",
        body=body,
    )
    return with_texts(entry, texts)


def with_texts(entry: Entry, texts: Texts) -> Entry:  # positional: a pair
    """The entry, with its canonical parts as whoever made or read it has written them already.

    They must be those of this very entry: they are what is hashed and stored.
    """
    object.__setattr__(entry, "_texts", texts)
    return entry


def texts_of(entry: Entry) -> Texts:
    """The canonical parts of an entry, written at its first asking.

    Raises ValueError for facts or a body that have no single spelling.
    """
    if entry._texts is not None:
        return entry._texts
    header = {
        "at": utc_text(entry.at),
        "chain": str(entry.chain),
        "command_id": entry.command_id,
        "facts": entry.facts,
        "kind": entry.kind,
        "officer": entry.officer,
        "prev": entry.prev,
        "seq": entry.seq,
        "subject": entry.subject,
    }
    texts = written(header, salt=entry.salt, body=entry.body, body_hash=entry.body_hash)
    with_texts(entry, texts)
    return texts


def what_is_wrong(entry: Entry, *, prev: str) -> str | None:
    """Why an entry cannot stand after `prev`, in a few words; None when it can."""
    if entry.prev != prev:
        return "does not continue the entry before it"
    texts = texts_of(entry)
    if texts.hash != entry.hash:
        return "its header was changed"
    if texts.body is not None and texts.body_hash != entry.body_hash:
        return "its body was changed"
    return None


@dataclass(frozen=True, slots=True)
class SignedHead:
    """`chain` stood at (seq, hash), says the key of its origin."""

    chain: ChainName
    seq: int
    hash: str
    signature: str


def head_text(chain: ChainName, seq: int, hash_: str) -> bytes:  # positional: a pair
    """What is signed when a head leaves the house (architecture §9)."""
    return f"ampera-head/1\n{chain}\n{seq}\n{hash_}\n".encode()
