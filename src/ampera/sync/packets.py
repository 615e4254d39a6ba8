"""Sealed packets on their way up: bytes named by their SHA-256, resumable, kept as files.

Nobody on the way can open them. A packet is whole when its bytes have its hash; until then it
lies as `.part` and grows only at its end, so that a torn transfer goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from ampera.journal.alarms import raise_alarm
from ampera.sync.link import BulkLink, LinkError, Rejected
from ampera.words.refusal import Refusal

CHUNK_BYTES: Final = 256 * 1024
PACKET_BYTES_MAX: Final = 32 * 1024 * 1024
_WRONG_HASH: Final = "post.packet_wrong_hash"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Is this a SHA-256 in lower-case hex? Nothing else ever becomes part of a file name."""
    return _DIGEST.fullmatch(text) is not None


class PacketStore:
    """Packets as files in one folder of the server's data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def has(self, digest: str) -> bool:
        """Does the whole packet lie here?"""
        return self._whole(digest).exists()

    def size(self, digest: str) -> int:
        """How many bytes of it lie here, whole or not."""
        for path in (self._whole(digest), self._partial(digest)):
            if path.exists():
                return path.stat().st_size
        return 0

    def read(self, digest: str, *, offset: int, most: int) -> bytes:
        """Bytes of a whole packet. Raises FileNotFoundError when it is not here."""
        with self._whole(digest).open("rb") as file:
            file.seek(offset)
            return file.read(most)

    def add(self, digest: str, *, offset: int, size: int, chunk: bytes) -> int | Refusal:
        """Add bytes at `offset`; returns how many lie here then, on the disk for good.

        Bytes that lie here already are passed over; a hole is refused with the place to go on from.
        """
        have = self.size(digest)
        if self.has(digest):
            return have
        if offset > have:
            return Refusal("post.packet_gap", packet=digest, have=have)
        if size > PACKET_BYTES_MAX or offset + len(chunk) > size:
            return Refusal("post.too_large", limit=PACKET_BYTES_MAX)
        partial = self._partial(digest)
        with partial.open("ab") as file:
            file.write(chunk[have - offset :])
            file.flush()
            os.fsync(file.fileno())
            have = file.tell()
        return self._settle(digest, have) if have == size else have

    def put(self, data: bytes) -> str:
        """Keep a whole packet made here; returns its digest. Raises OSError without room."""
        digest = hashlib.sha256(data).hexdigest()
        try:
            answer = self.add(digest, offset=0, size=len(data), chunk=data)
        except OSError:
            # No entry will name it: what did not become whole must not fill the disk further.
            self._partial(digest).unlink(missing_ok=True)
            raise
        assert not isinstance(answer, Refusal), "a packet made here is larger than it may be"
        return digest

    def drop(self, digest: str) -> None:
        """Delete a packet: its grace has passed."""
        self._whole(digest).unlink(missing_ok=True)
        self._partial(digest).unlink(missing_ok=True)

    def all(self) -> list[str]:
        """The digests of all whole packets, sorted."""
        return sorted(path.name for path in self._folder.iterdir() if is_digest(path.name))

    def _settle(self, digest: str, have: int) -> int | Refusal:
        partial = self._partial(digest)
        with partial.open("rb") as file:
            is_right = hashlib.file_digest(file, "sha256").hexdigest() == digest
        if not is_right:
            partial.unlink()
            return Refusal("post.packet_wrong_hash", packet=digest)
        partial.rename(self._whole(digest))
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return have

    def _whole(self, digest: str) -> Path:
        assert is_digest(digest), "a packet is named by its SHA-256"
        return self._folder / digest

    def _partial(self, digest: str) -> Path:
        assert is_digest(digest), "a packet is named by its SHA-256"
        return self._folder / f"{digest}.part"


class PacketSource(Protocol):
    """Where packets come from: the enrolment station, or a dinas that passes them on."""

    def waiting(self) -> Sequence[str]:
        """Digests that the tier above is not known to hold, the most urgent first."""
        ...

    def size(self, digest: str) -> int: ...

    def read(self, digest: str, *, offset: int, most: int) -> bytes: ...

    def note_sent(self, digest: str) -> None:
        """The whole packet lies above now."""
        ...


def carry_packets(
    link: BulkLink, *, source: PacketSource, bytes_most: int = 4 * CHUNK_BYTES
) -> int:
    """Send the next bytes of waiting packets, a bounded lot a tick; returns how many bytes went.

    Called after the entries have gone. A packet that the tier above refuses is passed over this
    time; any other LinkError is raised, and the next call goes on where this one stopped. One whose
    bytes are not what its name says was damaged here: no trying again cures that, so it is shown.
    """
    sent = 0
    for digest in source.waiting():
        try:
            for moved in _carry_one(link, digest, source):
                sent += moved
                if sent >= bytes_most:
                    return sent
        except Rejected as no:
            if no.code == _WRONG_HASH and not _is_whole(source, digest):
                raise_alarm(
                    f"packet_damaged:{digest}",
                    f"sealed packet {digest[:12]} is damaged on the disk of this server: put it"
                    " back from a backup, or have the resident recorded anew",
                )
    return sent


def _is_whole(source: PacketSource, digest: str) -> bool:  # positional: where, which
    data = source.read(digest, offset=0, most=PACKET_BYTES_MAX)
    return hashlib.sha256(data).hexdigest() == digest


def _carry_one(link: BulkLink, digest: str, source: PacketSource) -> Iterator[int]:
    size = source.size(digest)
    have = link.packet_size(digest)
    if have >= size:
        # All bytes are there, but a server that died with the last one has not looked at their
        # hash yet. Nothing more makes it look.
        link.put_packet(digest, offset=size, size=size, chunk=b"")
    while have < size:
        chunk = source.read(digest, offset=have, most=CHUNK_BYTES)
        now = link.put_packet(digest, offset=have, size=size, chunk=chunk)
        if now <= have:
            raise LinkError("the packet does not grow")
        have = now
        if have < size:
            yield len(chunk)
            continue
        source.note_sent(digest)
        yield len(chunk)
        return
    source.note_sent(digest)
