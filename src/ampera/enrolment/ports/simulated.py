"""Packet rooms for the simulated province and for tests: memory stores and keys that a seed
gives.

age draws chance from the machine, and a packet's name stands in an entry: with age the same seed
would not give the same province. So packets are sealed here with ChaCha20-Poly1305 under keys
drawn from the seed. Never for a real office: whoever knows the seed opens everything.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ampera.enrolment.ports import PacketRoom, open_room
from ampera.enrolment.ports.stores import MemoryPacketStore
from ampera.words.office import OfficeCode, Tier

_CENTRE_KEYS: Final = ("centre-1", "centre-2")


class SeededSealer:
    """Seals the same bytes for the same recipients in the same way, every time."""

    def __init__(self, seed: int) -> None:
        self._seed = str(seed).encode()

    def seal(self, plain: bytes, *, recipients: Sequence[str]) -> bytes:
        head = json.dumps(sorted(recipients)).encode()
        nonce = hmac.digest(self._key(head), plain, "sha256")[:12]
        return head + b"\n" + nonce + ChaCha20Poly1305(self._key(head)).encrypt(nonce, plain, head)

    def open(self, sealed: bytes, *, identities: Sequence[str]) -> bytes | None:
        head, _, rest = sealed.partition(b"\n")
        try:
            if not set(identities) & set(json.loads(head)):
                return None
            return ChaCha20Poly1305(self._key(head)).decrypt(rest[:12], rest[12:], head)
        except (ValueError, TypeError, InvalidTag):
            return None

    def _key(self, head: bytes) -> bytes:
        return hashlib.sha256(b"ampera-simulated/" + self._seed + head).digest()


def open_simulated_rooms(
    codes: Iterable[str], *, seed: int = 1
) -> Mapping[str, PacketRoom]:  # fmt: skip
    """Open a room in memory for each of these servers and give them back by code."""
    rooms: dict[str, PacketRoom] = {}
    for code in codes:
        is_pusat = OfficeCode(code).tier is Tier.PUSAT
        rooms[code] = PacketRoom(
            store=MemoryPacketStore(),
            sealer=SeededSealer(seed),
            centre_recipients=_CENTRE_KEYS,
            recipient_of=lambda office: f"office-{office}",
            identities=_CENTRE_KEYS[:1] if is_pusat else (f"office-{code}",),
            second=MemoryPacketStore() if is_pusat else None,
        )
        open_room(OfficeCode(code), room=rooms[code])
    return rooms


def carry_packets(source: PacketRoom, *, target: PacketRoom) -> int:
    """Copy what the target lacks, as a faultless post would; returns how many packets."""
    missing = [name for name in source.store.names() if not target.store.has(name)]
    for name in missing:
        sealed = source.store.get(name)
        assert sealed is not None
        target.store.put(sealed)
    return len(missing)
