"""Reading the fields of a message: each has its type and its limit, and none may be left over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

import orjson

from ampera.journal.entry import (
    INTEGER_MAX,
    ChainName,
    Entry,
    SignedHead,
    with_texts,
    written,
)
from ampera.journal.second_log import as_json
from ampera.sync.protocol.messages import Part, Place, Refused, Speaker, Vouch
from ampera.words.clock import utc_from_text

#: More rows than any honest batch; a message of tiny rows must not cost minutes.
ROWS_MAX: Final = 20_000
CHAINS_MAX: Final = 5_000
#: The texts of an entry's header, each as wide as its column in the journal: a longer one would
#: break the database of a receiver. Printable ASCII, hex in small letters; a tab parts them.
_HEADER: Final = re.compile(
    r"[ -~]{0,60}\t[ -~]{0,40}\t[ -~]{0,40}\t[ -~]{0,80}\t[ -~]{0,32}"
    r"\t(?:[0-9a-f]{64})?\t[0-9a-f]{64}\t[0-9a-f]{64}"
)
_TEXTS: Final = (
    "kind", "subject", "officer", "command_id", "salt", "body_hash", "prev", "hash",
)  # fmt: skip
_texts_from: Final = itemgetter(*_TEXTS)
_rest_from: Final = itemgetter("chain", "seq", "at", "facts")
_BODIES: Final = frozenset({dict, type(None)})
_FIELDS: Final = len(_TEXTS) + 5

Json = Any


class GarbledError(Exception):
    """These bytes are no message of the post."""


def load(data: bytes) -> Json:
    """JSON without a key given twice, and without a number that has more than one spelling.

    What our own encoder wrote comes out of a second writing as the same bytes, which no key given
    twice and no other spelling does; that is found out in a tenth of the time. Floats and integers
    that RFC 8785 cannot spell are refused where they are read: by `number_from` and `written`.
    """
    try:
        value = orjson.loads(data)
        if orjson.dumps(value) == data:
            return value
    except (ValueError, TypeError):
        pass  # not ours, or no JSON at all: the slow way says which
    return json.loads(
        data.decode("utf-8"),
        parse_float=_no_float,
        parse_constant=_no_float,
        parse_int=_exact,
        object_pairs_hook=_once_each,
    )


def _no_float(_: str) -> None:
    raise GarbledError("a number that no entry holds")


def _exact(text: str) -> int:
    if len(text) > 17 or abs(number := int(text)) > INTEGER_MAX:
        raise GarbledError("a number that no entry holds")
    return number


def _once_each(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise GarbledError("a key given twice")
    return row


class Fields:
    """The fields of one message: each is taken once, with its type, and none may be left."""

    def __init__(self, row: Mapping[str, Json]) -> None:
        self._row = dict(row)

    def text(self, name: str) -> str:
        value = self._row.pop(name)
        if not isinstance(value, str):
            raise GarbledError(name)
        return value

    def number(self, name: str) -> int:
        return number_from(self._row.pop(name))

    def flag(self, name: str) -> bool:
        value = self._row.pop(name)
        if not isinstance(value, bool):
            raise GarbledError(name)
        return value

    def time(self, name: str) -> datetime:
        return utc_from_text(self.text(name))

    def maybe_time(self, name: str) -> datetime | None:
        value = self._row.pop(name)
        return None if value is None else utc_from_text(value)

    def rows(self, name: str, *, most: int) -> list[Json]:
        value = self._row.pop(name)
        if not isinstance(value, list) or len(value) > most:
            raise GarbledError(name)
        return value

    def chains(self, name: str) -> dict[ChainName, Json]:
        value = self._row.pop(name)
        if not isinstance(value, dict) or len(value) > CHAINS_MAX:
            raise GarbledError(name)
        return {ChainName.read(chain): inner for chain, inner in value.items()}

    def maybe(self, name: str) -> Json:
        return self._row.pop(name)

    def end(self) -> None:
        if self._row:
            raise GarbledError("more than belongs there")


def number_from(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise GarbledError("a number")
    return value


def hex_from(value: Json, *, digits: int) -> str:
    if not isinstance(value, str) or len(value) != digits or value != value.lower():
        raise GarbledError("a hash, key or signature")
    bytes.fromhex(value)
    return value


def place_from(value: Json) -> Place:
    seq, hash_ = value
    return Place(number_from(seq), hex_from(hash_, digits=64))


def place_row(place: Place) -> list[Json]:
    return [place.seq, place.hash]


def head_from(value: Json) -> SignedHead:
    chain, seq, hash_, signature = value
    return SignedHead(
        ChainName.read(chain),
        number_from(seq),
        hex_from(hash_, digits=64),
        hex_from(signature, digits=128),
    )


def head_row(head: SignedHead) -> list[Json]:
    return [str(head.chain), head.seq, head.hash, head.signature]


def entry_from(row: Json, *, chain: ChainName, named: str) -> Entry:
    """One entry, exactly as its origin wrote it and no wider than the journal's columns.

    `chain` is that of the part, written `named`; an entry of another one is read all the same, and
    is a gap for whoever receives it.
    """
    if len(row) != _FIELDS:
        raise GarbledError("an entry with something beside it")
    name, seq, at, facts = _rest_from(row)
    texts = _texts_from(row)
    if _HEADER.fullmatch("\t".join(texts)) is None:
        raise GarbledError("a header")
    kind, subject, officer, command_id, salt, body_hash, prev, hash_ = texts
    body = row.pop("body")
    if type(seq) is not int or not 0 < seq <= INTEGER_MAX:
        raise GarbledError("seq")
    if type(facts) is not dict or type(body) not in _BODIES:
        raise GarbledError("facts or body")
    if name != named:
        chain = ChainName.read(name)
        if str(chain) != name:
            raise GarbledError("chain")
    # What is left of the row is its header, as it was hashed where it was written.
    del row["hash"], row["salt"]
    entry = Entry(
        chain,
        seq,
        kind,
        subject,
        utc_from_text(at),
        officer,
        command_id,
        facts,
        body_hash,
        prev,
        hash_,
        salt,
        body,
    )
    return with_texts(entry, written(row, salt=salt, body=body, body_hash=body_hash))


def part_from(value: Json) -> Part:
    fields = Fields(value)
    chain = ChainName.read(fields.text("chain"))
    named = str(chain)
    rows = fields.rows("entries", most=ROWS_MAX)
    entries = tuple(entry_from(row, chain=chain, named=named) for row in rows)
    heads = tuple(head_from(row) for row in fields.rows("signatures", most=ROWS_MAX))
    fields.end()
    return Part(chain, entries, heads)


def part_row(part: Part) -> dict[str, Json]:
    return {
        "chain": str(part.chain),
        "entries": [as_json(entry) for entry in part.entries],
        "signatures": [head_row(head) for head in part.signatures],
    }


def refused_from(value: Json) -> Refused:
    code, facts = value
    good = isinstance(code, str) and isinstance(facts, dict)
    if not good or any(not _is_small(each) for each in facts.values()):
        raise GarbledError("a refusal")
    return Refused(code, facts)


def _is_small(value: Json) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and abs(value) <= INTEGER_MAX)


def refused_row(refused: Refused) -> list[Json]:
    return [refused.code, dict(refused.facts)]


def vouch_from(value: Json) -> Vouch:
    fields = Fields(value)
    vouch = Vouch(
        speaker=Speaker.read(fields.text("speaker")),
        public_key=hex_from(fields.text("public_key"), digits=64),
        is_closed=fields.flag("is_closed"),
        ends=tuple((chain, number_from(seq)) for chain, seq in fields.chains("ends").items()),
        by=Speaker.read(fields.text("by")),
        signature=hex_from(fields.text("signature"), digits=128),
    )
    fields.end()
    return vouch


def vouch_row(vouch: Vouch) -> dict[str, Json]:
    return {
        "speaker": str(vouch.speaker),
        "public_key": vouch.public_key,
        "is_closed": vouch.is_closed,
        "ends": {str(chain): seq for chain, seq in vouch.ends},
        "by": str(vouch.by),
        "signature": vouch.signature,
    }


def by_chain(
    items: Iterable[tuple[ChainName, Any]], *, row: Callable[[Any], Json] = place_row
) -> dict[str, Json]:
    return {str(chain): row(value) for chain, value in items}
