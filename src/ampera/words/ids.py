"""Record ids: a prefix that says what, and a UUID of version 7 (RFC 9562 §5.7) that says when and
which.

Ids come from an injected source: a simulated province must get the same ids from the same seed.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

from ampera.words.clock import Clock, WallClock

if TYPE_CHECKING:
    from random import Random

#: What an id may begin with: request, enrolment, permit, attempt, shipment, officer, resident,
#: card,
#: command, mandate, box, look, stock count, cut of the line,
#: bundle of cards, movement in a queue, lending of printing, appointment, package of withdrawn
#: cards and its count, seizure of an office.
PREFIXES: Final = frozenset(
    {
        "req",
        "enr",
        "prm",
        "att",
        "shp",
        "off",
        "res",
        "crd",
        "cmd",
        "mdt",
        "box",
        "lok",
        "cnt",
        "cut",
        "hld",
        "wdr",
        "dst",
        "skt",
        "mov",
        "lnd",
        "apt",
        "bnd",
        "wpk",
        "wct",
        "alc",
        "sup",
        "szr",
    }
)
_SHAPE: Final = re.compile(r"[a-z]{3}_[0-9a-f]{32}")


class IdSource(Protocol):
    """Makes ids that nobody made before."""

    def new(self, prefix: str) -> str: ...

    def salt(self) -> bytes: ...


def is_id(text: str, prefix: str) -> bool:  # positional: a pair
    """Is this text an id of that prefix?"""
    return _SHAPE.fullmatch(text) is not None and text.startswith(f"{prefix}_")


def _uuid7(milliseconds: int, random_bits: int) -> UUID:
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random_bits >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return UUID(int=value)


class SystemIds:
    """Ids from the machine's clock and its source of chance."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or WallClock()

    def new(self, prefix: str) -> str:
        assert prefix in PREFIXES, f"unknown prefix {prefix}"
        milliseconds = int(self._clock.now().timestamp() * 1000)
        return f"{prefix}_{_uuid7(milliseconds, secrets.randbits(74)).hex}"

    def salt(self) -> bytes:
        """16 bytes that nobody can guess: without them a body of NIK and reason is found by
        trying."""
        return secrets.token_bytes(16)


class SeededIds:
    """Ids that follow from a seed and a clock. Never for a real office: the salts can be
    foreseen."""

    def __init__(self, clock: Clock, chance: Random) -> None:
        self._clock, self._chance = clock, chance

    def new(self, prefix: str) -> str:
        assert prefix in PREFIXES, f"unknown prefix {prefix}"
        milliseconds = int(self._clock.now().timestamp() * 1000)
        return f"{prefix}_{_uuid7(milliseconds, self._chance.getrandbits(74)).hex}"

    def salt(self) -> bytes:
        return self._chance.randbytes(16)
