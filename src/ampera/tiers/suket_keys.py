"""The key file with which a dinas signs its sukets: `keys/suket.pem`, 0600, in no backup.

It is drawn at first use. Its public half stands in the journal before anything is signed with it,
so a machine that is lost takes only the private half along: the next one draws another key, and
papers signed with the old one are still told as genuine.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ampera.suket.ports import open_letter_keys
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.words.office import Tier


class FileKeys:
    """Keeps `ampera.suket.ports.LetterKeys` in one file. Read anew each time: `ampera suketkey`
    may have renewed it while this process ran."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def public(self) -> bytes:
        return self._private().public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private().sign(message)

    def renew(self) -> bytes:
        new = Ed25519PrivateKey.generate()
        making = self._making()
        _write(making, private=new)
        making.replace(self._path)
        return new.public_key().public_bytes_raw()

    def _private(self) -> Ed25519PrivateKey:
        if not self._path.exists():
            self._draw()
        key = serialization.load_pem_private_key(self._path.read_bytes(), password=None)
        assert isinstance(key, Ed25519PrivateKey), f"{self._path.name} is no Ed25519 key"
        return key

    def _draw(self) -> None:
        """A first key. Whole or not at all, and of two windows at once one wins."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        making = self._making()
        _write(making, private=Ed25519PrivateKey.generate())
        try:
            os.link(making, self._path)
        except FileExistsError:
            pass  # another window was quicker: both sign with its key
        finally:
            making.unlink()

    def _making(self) -> Path:
        """A name that no other window has: two threads of one process may draw at once."""
        return self._path.with_name(f"{self._path.name}.{secrets.token_hex(6)}.making")


def _write(path: Path, *, private: Ed25519PrivateKey) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(
            private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        file.flush()
        os.fsync(file.fileno())


def suket_key_path(folder: ServerFolder) -> Path:
    """Where the private key of a dinas's sukets lies."""
    return folder.path / "keys" / "suket.pem"


def open_suket_keys(folder: ServerFolder, *, server: ServerFile) -> None:
    """Let the sukets of this process be signed with the server's key; only a dinas has one."""
    if server.office.tier is Tier.DINAS:
        open_letter_keys(server.office, keys=FileKeys(suket_key_path(folder)))
