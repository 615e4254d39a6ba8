"""A SAM and a chip's side of it, simulated. Real keys are only ever inside a SAM of the centre.

Every chip has a key of its own, made from the set's key and its UID, so that one opened chip opens
no other. The algorithm is this simulator's; the real one is not public.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from ampera.printing.ports.chip import SamRefused

#: Protects nothing: it opens simulated chips of synthetic people only.
SIMULATED_KEYS: Final = b"SPESIMEN: kunci simulasi, tidak melindungi apa pun"
_ANSWER_BYTES: Final = 16


def chip_key(keys: bytes, *, uid: str) -> bytes:
    """The key of one chip."""
    return hmac.digest(keys, b"chip" + bytes.fromhex(uid), hashlib.sha256)


def answer_of_reader(key: bytes, *, challenge: bytes) -> bytes:
    """What a reader with a SAM answers to a chip."""
    return hmac.digest(key, b"reader" + challenge, hashlib.sha256)[:_ANSWER_BYTES]


def answer_of_chip(key: bytes, *, challenge: bytes) -> bytes:
    """What a chip answers to a reader: another text, so that neither can be played back."""
    return hmac.digest(key, b"card" + challenge, hashlib.sha256)[:_ANSWER_BYTES]


@dataclass(frozen=True, slots=True)
class SimulatedSam:
    """Keeps `ampera.printing.ports.Sam`. A locked one was not opened with its office's PIN."""

    keys: bytes = field(default=SIMULATED_KEYS, repr=False)
    is_locked: bool = False

    def answer(self, challenge: bytes, *, uid: str) -> bytes:
        return answer_of_reader(self._key(uid), challenge=challenge)

    def judge(self, answer: bytes, *, challenge: bytes, uid: str) -> None:
        right = answer_of_chip(self._key(uid), challenge=challenge)
        if not hmac.compare_digest(answer, right):
            raise SamRefused("the chip could not prove that it is one of ours")

    def _key(self, uid: str) -> bytes:
        if self.is_locked:
            raise SamRefused("the SAM is locked")
        return chip_key(self.keys, uid=uid)
