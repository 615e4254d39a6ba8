"""What a backup is: one plain tar with a manifest, so that any machine can open and check it.

database.sqlite3 | database.pgdump   the tables, as they stood at one moment
server.json                          code, address of the tier above, open packet keys
packets/<SHA-256>                    sealed packets that lay here
manifest.json                        the last part: what belongs to it, and signed chain ends

No private key is in it (architecture §9): whoever finds a backup cannot act as its server.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from ampera.journal.entry import ChainName, SignedHead
from ampera.tiers.telling import CannotError
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode

FORMAT: Final = "ampera-backup/1"
MANIFEST: Final = "manifest.json"
SERVER: Final = "server.json"
SQLITE: Final = "database.sqlite3"
POSTGRES: Final = "database.pgdump"
PACKETS: Final = "packets/"
CHUNK_BYTES: Final = 1024 * 1024
_MANIFEST_BYTES_MAX: Final = 64 * 1024 * 1024

#: Called with how many bytes were done meanwhile.
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a chain goes in the backup."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself."""

    office: OfficeCode
    incarnation: int
    made_at: datetime  #: wall time, UTC
    version: str  #: of Ampera
    migrations: tuple[str, ...]  #: the schema of its tables
    chains: tuple[Standing, ...]
    ends: tuple[SignedHead, ...]  #: own chains, signed where they end in this copy
    parts: tuple[Part, ...]

    @property
    def is_sqlite(self) -> bool:
        return any(part.name == SQLITE for part in self.parts)

    @property
    def database(self) -> Part:
        return next(part for part in self.parts if part.name in (SQLITE, POSTGRES))

    @property
    def entries(self) -> int:
        return sum(each.seq for each in self.chains)

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "office": self.office.text,
            "incarnation": self.incarnation,
            "made_at": utc_text(self.made_at),
            "version": self.version,
            "migrations": list(self.migrations),
            "chains": [[each.chain, each.seq, each.hash] for each in self.chains],
            "ends": [[str(e.chain), e.seq, e.hash, e.signature] for e in self.ends],
            "parts": [[each.name, each.size, each.sha256] for each in self.parts],
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Manifest:
        """Raises KeyError, TypeError or ValueError on anything that is no manifest."""
        if told["format"] != FORMAT:
            raise ValueError(f"{told['format']} is not {FORMAT}")
        made = cls(
            office=OfficeCode(told["office"]),
            incarnation=int(told["incarnation"]),
            made_at=utc_from_text(told["made_at"]),
            version=str(told["version"]),
            migrations=tuple(map(str, told["migrations"])),
            chains=tuple(Standing(str(n), int(s), str(h)) for n, s, h in told["chains"]),
            ends=tuple(SignedHead(ChainName.read(n), s, h, g) for n, s, h, g in told["ends"]),
            parts=tuple(Part(str(n), int(s), str(h)) for n, s, h in told["parts"]),
        )
        if sum(part.name in (SQLITE, POSTGRES) for part in made.parts) != 1:
            raise ValueError("one database belongs to a backup")
        return made


class Writer:
    """Writes the parts of one backup into a file that is not in its place yet."""

    def __init__(self, path: Path, *, made_at: datetime) -> None:
        self._file = path.open("xb")
        self._tar = tarfile.TarFile(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)
        self._made_at = made_at
        self.parts: list[Part] = []

    def add(self, name: str, *, source: IO[bytes], size: int, tell: Tell | None = None) -> None:
        """Add exactly `size` bytes of a file under that name."""
        reading = _Hashing(source, size, tell or (lambda _: None))
        self._tar.addfile(self._member(name, size), reading)
        self.parts.append(Part(name, size, reading.digest.hexdigest()))

    def add_bytes(self, name: str, *, content: bytes) -> None:
        self.add(name, source=io.BytesIO(content), size=len(content))

    def close(self, manifest: Manifest) -> None:
        """The manifest comes last; on return all lies on the disk."""
        text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=1).encode()
        self._tar.addfile(self._member(MANIFEST, len(text)), io.BytesIO(text))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        # What is read next to check it comes from the medium, not from memory.
        os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        self._file.close()

    def abandon(self) -> None:
        self._file.close()

    def _member(self, name: str, size: int) -> tarfile.TarInfo:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        member.mtime = int(self._made_at.timestamp())
        return member


class _Hashing(io.RawIOBase):
    """A file that is hashed while it is read, and never gives more than it had at first."""

    def __init__(self, source: IO[bytes], size: int, tell: Tell) -> None:
        self._source, self._left, self._tell = source, size, tell
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        self.digest.update(chunk)
        self._tell(len(chunk))
        return chunk


def read_manifest(path: Path) -> Manifest:
    """What a backup says about itself. Raises CannotError when it is none, or was cut off."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            member = tar.getmember(MANIFEST)
            file = tar.extractfile(member)
            if file is None or member.size > _MANIFEST_BYTES_MAX:
                raise KeyError(MANIFEST)
            return Manifest.read(json.loads(file.read()))
    except (FileNotFoundError, IsADirectoryError):
        raise CannotError(
            f"Berkas cadangan {path} tidak ada. Pasang stiknya, atau periksa namanya.",
            f"There is no backup {path}. Plug in the stick, or check the name.",
        ) from None
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError) as wrong:
        raise _damaged(path, f"{type(wrong).__name__}: {wrong}") from None


def copy_parts(path: Path, *, manifest: Manifest, take: Mapping[str, Path], tell: Tell) -> None:
    """Read every part again and compare it with the manifest; those in `take` are written there.

    Raises CannotError naming the first part that is missing, changed, or not in the manifest, and
    OSError when a target cannot be written.
    """
    wanted = {part.name: part for part in manifest.parts}
    try:
        with tarfile.open(path, mode="r:") as tar:
            for member in _members(tar):
                if member.name == MANIFEST:
                    continue
                part = wanted.pop(member.name, None)
                file = tar.extractfile(member)
                if part is None or file is None or not member.isreg():
                    raise _damaged(path, f"{member.name} is not in its manifest")
                if _copied(file, take.get(part.name), tell) != (part.size, part.sha256):
                    raise _damaged(path, f"{part.name} was changed")
    except tarfile.TarError as wrong:
        raise _damaged(path, str(wrong)) from None
    if wanted:
        raise _damaged(path, f"{min(wanted)} is missing")


def _members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (member := tar.next()) is not None:
        yield member


def _copied(source: IO[bytes], target: Path | None, tell: Tell) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    writing = None if target is None else target.open("xb")
    try:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            tell(len(chunk))
            if writing is not None:
                writing.write(chunk)
        if writing is not None:
            writing.flush()
            os.fsync(writing.fileno())
    finally:
        if writing is not None:
            writing.close()
    return size, digest.hexdigest()


def _damaged(path: Path, why: str) -> CannotError:
    return CannotError(
        f"Cadangan {path} rusak atau tidak lengkap ({why}). Pakai cadangan yang lain.",
        f"The backup {path} is damaged or not whole ({why}). Use another backup.",
    )


def sync_folder(path: Path) -> None:
    """A rename lasts only once its folder is on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
