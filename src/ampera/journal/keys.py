"""A server's Ed25519 key: signs the heads of its chains and its requests to the server above."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ampera.journal.entry import ChainName, SignedHead, head_text


class ServerKey:
    """The private half, kept in one file of mode 0600 that no backup holds."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self.private = private
        self.public_hex = private.public_key().public_bytes_raw().hex()

    @classmethod
    def make(cls) -> ServerKey:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> ServerKey:
        """A key that follows from 32 bytes: for the simulated province only."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load(cls, path: Path) -> ServerKey:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, Ed25519PrivateKey), f"{path.name} is no Ed25519 key"
        return cls(key)

    def save(self, path: Path) -> None:
        """Write a new file; an existing one is never overwritten (FileExistsError)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(
                self.private.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )

    def sign_head(self, chain: ChainName, seq: int, hash_: str) -> SignedHead:  # positional: a pair
        signature = self.private.sign(head_text(chain, seq, hash_)).hex()
        return SignedHead(chain, seq, hash_, signature)


def is_signed_by(public_hex: str, head: SignedHead) -> bool:  # positional: a pair
    """Did the owner of this public key sign that head?"""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_hex)).verify(
            bytes.fromhex(head.signature), head_text(head.chain, head.seq, head.hash)
        )
    except (InvalidSignature, ValueError):
        return False
    return True
