"""What an entry is, and how it is hashed. Pure: no database, no clock.

The hash of an entry is SHA-256 over its RFC 8785 header; the header names the entry before it, so
a chain
cannot be changed in the middle. Personal data stand in the body, beside the header, under a salt:
both can
be erased when their retention ends, and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from json.encoder import encode_basestring
from typing import Any, Final

import orjson

from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode

#: A JSON value of an entry: never a float, no integer above 2^53 - 1 (RFC 8785 has one spelling
#: for them).
Json = Any

INTEGER_MAX: Final = 2**53 - 1
FIRST_PREV: Final = "0" * 64
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


def canonical_text(value: Json) -> str:
    """As `canonical`, as text."""
    return canonical(value).decode("utf-8")


def _refuse_ambiguous(value: Json) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise ValueError("an integer above 2^53 - 1 has no place in an entry")
    elif kind is list or kind is tuple:
        for inner in value:
            _refuse_ambiguous(inner)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            # RFC 8785 sorts keys by UTF-16 units; for ASCII that is Python's order.
            if type(key) is not str or not key.isascii():
                raise ValueError("keys of an entry are ASCII text")
            _refuse_ambiguous(inner)
    # Text and whole numbers of a narrower type: an enum of words is written as its value.
    elif isinstance(value, str | int):
        _refuse_ambiguous(str(value) if isinstance(value, str) else int(value))
    else:
        raise ValueError(f"{kind.__name__} has no place in an entry")


def hash_of_body(salt: str, body: Mapping[str, Json] | None) -> str:  # positional: a pair
    """SHA-256 over the 16-byte salt and the canonical body; empty when there is no body."""
    if body is None:
        return ""
    return hash_of_body_text(salt, canonical_text(body))


def hash_of_body_text(salt: str, text: str) -> str:  # positional: a pair
    """As `hash_of_body`, of a body that is already written canonically."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode("utf-8")).hexdigest()


def hash_of_header(entry: Entry) -> str:
    """SHA-256 of the RFC 8785 header: everything but the hash itself, the salt and the body."""
    return hash_of_header_texts(entry, texts_of(entry))


def hash_of_header_texts(entry: Entry, texts: Texts) -> str:  # positional: a pair
    """As `hash_of_header`, of parts that are already written canonically.

    The keys stand here in the order that RFC 8785 sorts them in; a test holds it to the library.
    """
    write = encode_basestring
    header = (
        f'{{"at":"{texts.at}","body_hash":{write(entry.body_hash)},'
        f'"chain":{write(texts.chain)},"command_id":{write(entry.command_id)},'
        f'"facts":{texts.facts},"kind":{write(entry.kind)},"officer":{write(entry.officer)},'
        f'"prev":{write(entry.prev)},"seq":{entry.seq:d},"subject":{write(entry.subject)}}}'
    )
    return hashlib.sha256(header.encode("utf-8")).hexdigest()


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
    unsealed = Entry(
        chain=chain,
        seq=after[0] + 1,
        kind=about[0],
        subject=about[1],
        at=at,
        officer=by[0],
        command_id=by[1],
        facts=facts,
        body_hash=hash_of_body(salt, body),
        prev=after[1],
        hash="",
        salt=salt if body is not None else "",
        body=body,
    )
    return replace(unsealed, hash=hash_of_header(unsealed))


@dataclass(frozen=True, slots=True)
class Texts:
    """Parts of an entry as they are hashed and stored: written once for both."""

    at: str
    chain: str
    facts: str
    body: str | None


def texts_of(entry: Entry) -> Texts:
    """Raises ValueError for facts or a body that have no single spelling."""
    return Texts(
        at=utc_text(entry.at),
        chain=str(entry.chain),
        facts=canonical_text(entry.facts),
        body=None if entry.body is None else canonical_text(entry.body),
    )


def what_is_wrong(entry: Entry, *, prev: str, texts: Texts | None = None) -> str | None:
    """Why an entry cannot stand after `prev`, in a few words; None when it can."""
    if entry.prev != prev:
        return "does not continue the entry before it"
    written = texts if texts is not None else texts_of(entry)
    if hash_of_header_texts(entry, written) != entry.hash:
        return "its header was changed"
    if written.body is not None and hash_of_body_text(entry.salt, written.body) != entry.body_hash:
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
