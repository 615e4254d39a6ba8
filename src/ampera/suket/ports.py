"""The key with which a dinas signs its sukets: its own, and no other thing is signed with it.

`tiers` opens the keys of the server that starts; tests open keys in memory.
"""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ampera.journal.house import house
from ampera.words.office import OfficeCode


class LetterKeys(Protocol):
    """One private Ed25519 key. Drawn at first use; no backup holds it."""

    def public(self) -> bytes:
        """The public half, 32 bytes. Raises OSError when a new key cannot be kept."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        ...

    def renew(self) -> bytes:
        """Draw another key and forget the old one; the new public half."""
        ...


class MemoryKeys:
    """Keeps `LetterKeys` for tests and the simulated province."""

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()

    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def renew(self) -> bytes:
        self._private = Ed25519PrivateKey.generate()
        return self.public()


_keys: dict[OfficeCode, LetterKeys] = {}


def open_letter_keys(code: OfficeCode, *, keys: LetterKeys) -> None:
    """From now on that server signs its sukets with these."""
    _keys[code] = keys


def letter_keys() -> LetterKeys:
    """The keys of the server that acts. Asking before they were opened is a defect."""
    found = _keys.get(house().code)
    assert found is not None, "this server has no keys for sukets: open_letter_keys first"
    return found
