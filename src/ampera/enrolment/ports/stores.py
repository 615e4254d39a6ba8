"""Where sealed packets lie: a folder of a server, or memory in the simulated province; and age
itself."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyrage

_NAME: Final = re.compile(r"[0-9a-f]{64}")


class FilePacketStore:
    """One file a packet, named by its SHA-256, in a folder by the first two letters."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, sealed: bytes) -> str:
        name = hashlib.sha256(sealed).hexdigest()
        path = self._path(name)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        making = path.with_suffix(f".{os.getpid()}.making")
        handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        making.replace(path)
        _sync_folder(path.parent)
        _sync_folder(self._folder)
        return name

    def get(self, packet: str) -> bytes | None:
        try:
            return self._path(packet).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, packet: str) -> bool:
        return self._path(packet).is_file()

    def remove(self, packet: str) -> None:
        path = self._path(packet)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync_folder(path.parent)

    def names(self) -> list[str]:
        found = (path.name for path in self._folder.glob("??/*"))
        return sorted(name for name in found if _NAME.fullmatch(name))

    def _path(self, packet: str) -> Path:
        # A name comes from another server's entry: it must not lead out of the folder.
        if _NAME.fullmatch(packet) is None:
            raise ValueError("a packet is named by its SHA-256")
        return self._folder / packet[:2] / packet


class MemoryPacketStore:
    """Packets in memory: the disk of a simulated server, which outlives its crashes."""

    def __init__(self) -> None:
        self.packets: dict[str, bytes] = {}

    def put(self, sealed: bytes) -> str:
        name = hashlib.sha256(sealed).hexdigest()
        self.packets[name] = sealed
        return name

    def get(self, packet: str) -> bytes | None:
        return self.packets.get(packet)

    def has(self, packet: str) -> bool:
        return packet in self.packets

    def remove(self, packet: str) -> None:
        self.packets.pop(packet, None)

    def names(self) -> list[str]:
        return sorted(self.packets)


class AgeSealer:
    """age (age-encryption.org/v1) with X25519 keys: what it seals, the `age` command opens."""

    def seal(self, plain: bytes, *, recipients: Sequence[str]) -> bytes:
        return bytes(
            pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(each) for each in recipients])
        )

    def open(self, sealed: bytes, *, identities: Sequence[str]) -> bytes | None:
        keys = [pyrage.x25519.Identity.from_str(each) for each in identities]
        try:
            return bytes(pyrage.decrypt(sealed, keys))
        except pyrage.DecryptError:
            return None


def new_identity() -> tuple[str, str]:
    """(identity, open key) of a new X25519 pair."""
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def _sync_folder(folder: Path) -> None:
    """A new name lasts only when its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
