"""What the post runs over, as a port: one method for messages, a few for bulk bytes.

LinkError                 may_retry
├── Unreachable           yes: nobody answered, or the server there is broken just now
├── Rejected              no: it answered no to the whole message; a person has to cure something
│   └── TooLarge          yes, in smaller pieces
└── Garbled               yes: what came back is no answer of the post
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from ampera.sync.encoding import GarbledError, decode_answer, decode_question, encode
from ampera.sync.protocol.messages import Answer, No, Question


class LinkError(Exception):
    """Nothing usable came back. What was sent may or may not have been taken in."""

    may_retry: ClassVar[bool] = True
    code: str = "link.error"


class Unreachable(LinkError):
    """No connection, no answer in time, or an answer that says *broken just now*."""

    code = "link.unreachable"


class Rejected(LinkError):
    """The whole message was refused."""

    may_retry = False

    def __init__(self, code: str, *, facts: Mapping[str, str | int] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts = dict(facts or {})


class TooLarge(Rejected):
    """The message is larger than the other side, or something between, lets through."""

    may_retry = True


class Garbled(LinkError):
    """Bytes came back that are no answer: a proxy's page, or a torn answer."""

    code = "link.garbled"


def rejection(code: str, *, facts: Mapping[str, str | int] | None = None) -> Rejected:
    """The error for a refusal of the whole message."""
    made = TooLarge if code == "post.too_large" else Rejected
    return made(code, facts=facts)


class Link(Protocol):
    """Carries one question to the tier above and brings the answer. Never called in a
    transaction."""

    def ask(self, message: Question) -> Answer:
        """Raises a LinkError; never returns `No`."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Bulk data (wilayah, register) as one lump, named by its SHA-256."""

    hash: str
    data: bytes


class BulkLink(Protocol):
    """Carries lumps of bytes by content hash; sealed ones upward, print packets and snapshots
    down."""

    def packet_size(self, digest: str) -> int:
        """How many bytes of this packet lie above. Raises a LinkError."""
        ...

    def put_packet(self, digest: str, *, offset: int, size: int, chunk: bytes) -> int:
        """Add bytes at `offset` of a packet of `size` bytes; returns how many lie there now."""
        ...

    def get_print_packet(self, digest: str) -> bytes:
        """A sealed print packet for this office. Raises Rejected when there is none."""
        ...

    def get_snapshot(self, have: str) -> Snapshot | None:
        """The newest snapshot for this office; None when `have` is its hash."""
        ...


class LocalLink:
    """A link within one process: the simulated province and tests.

    Messages pass through the same bytes as on the wire, so what cannot travel fails here too.
    """

    def __init__(self, serve: Callable[[Question], Answer]) -> None:
        self._serve = serve

    def ask(self, message: Question) -> Answer:
        try:
            answer = decode_answer(encode(self._serve(decode_question(encode(message)))))
        except GarbledError as error:
            raise Garbled(str(error)) from error
        if isinstance(answer, No):
            raise rejection(answer.refused.code, facts=answer.refused.facts)
        return answer
