"""Messages as JSON bytes and back. Strict: whatever is not one of our messages raises GarbledError.

Bodies above 1 kB travel gzipped. A receiver unpacks no more than it is willing to hold.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from ampera.journal.entry import ChainName
from ampera.sync.fields import (
    CHAINS_MAX,
    ROWS_MAX,
    Fields,
    GarbledError,
    Json,
    by_chain,
    head_from,
    head_row,
    hex_from,
    load,
    number_from,
    part_from,
    part_row,
    place_from,
    place_row,
    refused_from,
    refused_row,
    vouch_from,
    vouch_row,
)
from ampera.sync.protocol.messages import (
    Answer,
    Join,
    JoinAnswer,
    KeySeen,
    No,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    Question,
    Speaker,
)
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode

MESSAGE_BYTES_MAX: Final = 16 * 1024 * 1024
GZIP_BYTES_MIN: Final = 1024
_GZIP_MAGIC: Final = b"\x1f\x8b"

__all__ = ["GarbledError", "decode_answer", "decode_question", "encode", "pack", "unpack"]


def pack(data: bytes) -> bytes:
    """Gzip what is long enough to gain by it. The same bytes give the same bytes."""
    if len(data) < GZIP_BYTES_MIN:
        return data
    squeezed = zlib.compressobj(1, wbits=31)
    return squeezed.compress(data) + squeezed.flush()


def unpack(data: bytes, *, bytes_max: int = MESSAGE_BYTES_MAX) -> bytes:
    """Undo `pack`. Raises GarbledError for torn or too large data."""
    if data[:2] != _GZIP_MAGIC:
        if len(data) > bytes_max:
            raise GarbledError("too large")
        return data
    opened = zlib.decompressobj(wbits=31)
    try:
        plain = opened.decompress(data, bytes_max + 1)
    except zlib.error as error:
        raise GarbledError("torn") from error
    if len(plain) > bytes_max:
        raise GarbledError("too large")
    if not opened.eof or opened.unused_data:
        raise GarbledError("torn")
    return plain


def encode(message: Question | Answer) -> bytes:
    """One message as JSON bytes."""
    kind, content = _WRITERS[type(message)]
    return json.dumps(
        {"post": 1, "says": kind, **content(message)},
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    ).encode("utf-8")


def decode_question(data: bytes) -> Question:
    """Raises GarbledError, and nothing else, for all that is not a push, a pull or a join."""
    message = _decode(data)
    if not isinstance(message, Push | Pull | Join):
        raise GarbledError("an answer where a question belongs")
    return message


def decode_answer(data: bytes) -> Answer:
    """Raises GarbledError, and nothing else, for all that is not an answer."""
    message = _decode(data)
    if isinstance(message, Push | Pull | Join):
        raise GarbledError("a question where an answer belongs")
    return message


def _decode(data: bytes) -> Question | Answer:
    if len(data) > MESSAGE_BYTES_MAX:
        raise GarbledError("too large")
    try:
        row = load(data)
        if row.pop("post") != 1:
            raise GarbledError("another version of the post")
        return _READERS[row.pop("says")](Fields(row))
    except GarbledError:
        raise
    # Bytes from outside can go wrong in each of these ways, and all of them mean the same.
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
        AssertionError,
    ) as error:
        raise GarbledError(type(error).__name__) from error


def _push(fields: Fields) -> Push:
    parts = tuple(part_from(row) for row in fields.rows("parts", most=CHAINS_MAX))
    if sum(len(part.entries) for part in parts) > ROWS_MAX:
        raise GarbledError("too many rows")
    message = Push(
        at=fields.time("at"),
        life=fields.number("life"),
        parts=parts,
        claims=tuple(head_from(row) for row in fields.rows("claims", most=CHAINS_MAX)),
        offers=tuple((chain, place_from(row)) for chain, row in fields.chains("offers").items()),
        asks_all=fields.flag("asks_all"),
        keys=tuple(vouch_from(row) for row in fields.rows("keys", most=CHAINS_MAX)),
        keys_digest=fields.text("keys_digest"),
        path_digest=fields.text("path_digest"),
    )
    fields.end()
    return message


def _push_row(message: Push) -> dict[str, Json]:
    return {
        "at": utc_text(message.at),
        "life": message.life,
        "parts": [part_row(part) for part in message.parts],
        "claims": [head_row(head) for head in message.claims],
        "offers": by_chain(message.offers),
        "asks_all": message.asks_all,
        "keys": [vouch_row(vouch) for vouch in message.keys],
        "keys_digest": message.keys_digest,
        "path_digest": message.path_digest,
    }


def _push_answer(fields: Fields) -> PushAnswer:
    answer = PushAnswer(
        life=fields.number("life"),
        at=fields.time("at"),
        places={chain: place_from(row) for chain, row in fields.chains("places").items()},
        top={chain: number_from(row) for chain, row in fields.chains("top").items()},
        waiting={chain: place_from(row) for chain, row in fields.chains("waiting").items()},
        refused={chain: refused_from(row) for chain, row in fields.chains("refused").items()},
        wants_keys=fields.flag("wants_keys"),
        heard_above=fields.maybe_time("heard_above"),
        keys=tuple(vouch_from(row) for row in fields.rows("keys", most=CHAINS_MAX)),
    )
    fields.end()
    return answer


def _push_answer_row(answer: PushAnswer) -> dict[str, Json]:
    return {
        "life": answer.life,
        "at": utc_text(answer.at),
        "places": by_chain(answer.places.items()),
        "top": by_chain(answer.top.items(), row=int),
        "waiting": by_chain(answer.waiting.items()),
        "refused": by_chain(answer.refused.items(), row=refused_row),
        "wants_keys": answer.wants_keys,
        "heard_above": None if answer.heard_above is None else utc_text(answer.heard_above),
        "keys": [vouch_row(vouch) for vouch in answer.keys],
    }


def _pull(fields: Fields) -> Pull:
    message = Pull(
        chain=ChainName.read(fields.text("chain")),
        after=place_from(fields.maybe("after")),
        rows_max=fields.number("rows_max"),
    )
    fields.end()
    return message


def _pull_row(message: Pull) -> dict[str, Json]:
    return {
        "chain": str(message.chain),
        "after": place_row(message.after),
        "rows_max": message.rows_max,
    }


def _pull_answer(fields: Fields) -> PullAnswer:
    life, at, place = fields.number("life"), fields.time("at"), place_from(fields.maybe("place"))
    part, refused = fields.maybe("part"), fields.maybe("refused")
    fields.end()
    return PullAnswer(
        life=life,
        at=at,
        place=place,
        part=None if part is None else part_from(part),
        refused=None if refused is None else refused_from(refused),
    )


def _pull_answer_row(answer: PullAnswer) -> dict[str, Json]:
    return {
        "life": answer.life,
        "at": utc_text(answer.at),
        "place": place_row(answer.place),
        "part": None if answer.part is None else part_row(answer.part),
        "refused": None if answer.refused is None else refused_row(answer.refused),
    }


def _join(fields: Fields) -> Join:
    message = Join(
        office=OfficeCode(fields.text("office")),
        code=fields.text("code"),
        public_key=hex_from(fields.text("public_key"), digits=64),
        previous=tuple(
            (chain, place_from(row)) for chain, row in fields.chains("previous").items()
        ),
    )
    fields.end()
    return message


def _join_row(message: Join) -> dict[str, Json]:
    return {
        "office": str(message.office),
        "code": message.code,
        "public_key": message.public_key,
        "previous": by_chain(message.previous),
    }


def _key(value: Json) -> KeySeen:
    speaker, public_key, is_closed = value
    if not isinstance(is_closed, bool):
        raise GarbledError("a key")
    return KeySeen(Speaker.read(speaker), hex_from(public_key, digits=64), is_closed)


def _join_answer(fields: Fields) -> JoinAnswer:
    answer = JoinAnswer(
        speaker=Speaker.read(fields.text("speaker")),
        keys=tuple(_key(row) for row in fields.rows("keys", most=CHAINS_MAX)),
        vouches=tuple(vouch_from(row) for row in fields.rows("vouches", most=CHAINS_MAX)),
        places={chain: place_from(row) for chain, row in fields.chains("places").items()},
    )
    fields.end()
    return answer


def _join_answer_row(answer: JoinAnswer) -> dict[str, Json]:
    return {
        "speaker": str(answer.speaker),
        "keys": [[str(key.speaker), key.public_key, key.is_closed] for key in answer.keys],
        "vouches": [vouch_row(vouch) for vouch in answer.vouches],
        "places": by_chain(answer.places.items()),
    }


def _no(fields: Fields) -> No:
    refused = refused_from(fields.maybe("refused"))
    fields.end()
    return No(refused)


def _no_row(answer: No) -> dict[str, Json]:
    return {"refused": refused_row(answer.refused)}


_READERS: Final[Mapping[str, Callable[[Fields], Question | Answer]]] = {
    "push": _push,
    "push.answer": _push_answer,
    "pull": _pull,
    "pull.answer": _pull_answer,
    "join": _join,
    "join.answer": _join_answer,
    "no": _no,
}
_WRITERS: Final[Mapping[type, tuple[str, Callable[[Any], dict[str, Json]]]]] = {
    Push: ("push", _push_row),
    PushAnswer: ("push.answer", _push_answer_row),
    Pull: ("pull", _pull_row),
    PullAnswer: ("pull.answer", _pull_answer_row),
    Join: ("join", _join_row),
    JoinAnswer: ("join.answer", _join_answer_row),
    No: ("no", _no_row),
}
