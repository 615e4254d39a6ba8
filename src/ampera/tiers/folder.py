"""The folder of one server: what lies where in `DIR/<code>/`, and who holds it.

server.json         code, incarnation, address of the tier above, printer, open packet keys
ampera.sqlite3      the database, unless DATABASE_URL names a PostgreSQL
keys/               server.pem, secret.txt, packets.txt: 0600, in no backup
packets/            sealed packets on their way
lock                held by the server that runs
cut                 while this file is here the link upward is cut (demo only)
../<code>-second/   the second medium, outside of the folder that a backup restores
../<code>-chips/    simulated chips, where `encoder` is `memory` (demo only)
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ampera.tiers.telling import CannotError
from ampera.words.office import OfficeCode

SECOND_LOG = "AMPERA_SECOND_LOG"


@dataclass(frozen=True, slots=True)
class ServerFile:
    """What stands in `server.json`. Incarnation 0: made, but not admitted by the tier above."""

    code: str
    incarnation: int = 0
    upper: str = ""  #: address of the tier above, empty at the pusat
    ca_file: str = ""  #: the CA given at join, for https
    port: int = 8000
    printer: str = ""  #: address of the card printer (`devices.drivers`), empty without one
    encoder: str = ""  #: of chips: memory, pcsc or pcsc:NAME; empty without one
    is_demo: bool = False
    #: open age keys by office: the centre's two, and those of the offices below
    recipients: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def office(self) -> OfficeCode:
        return OfficeCode(self.code)

    @property
    def printer_name(self) -> str:
        """How entries name the printer of this office: each has one."""
        return self.code


class ServerFolder:
    """Paths and files of one server."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @property
    def file(self) -> Path:
        return self.path / "server.json"

    @property
    def database(self) -> Path:
        return self.path / "ampera.sqlite3"

    @property
    def key(self) -> Path:
        return self.path / "keys" / "server.pem"

    @property
    def next_key(self) -> Path:
        """The key of the life that `ampera rejoin` is beginning."""
        return self.path / "keys" / "server.next.pem"

    @property
    def secret(self) -> Path:
        return self.path / "keys" / "secret.txt"

    @property
    def packet_keys(self) -> Path:
        return self.path / "keys" / "packets.txt"

    @property
    def packets(self) -> Path:
        return self.path / "packets"

    @property
    def chips(self) -> Path:
        """Simulated chips, where the server has a simulated encoder. Beside the folder that a
        backup restores: chips are things, and no restore brings them back."""
        return self.path.parent / f"{self.path.name}-chips"

    @property
    def log(self) -> Path:
        return self.path / "ampera.log"

    @property
    def cut_flag(self) -> Path:
        return self.path / "cut"

    @property
    def second(self) -> Path:
        """The second medium's folder."""
        return self.second_log.parent

    @property
    def second_log(self) -> Path:
        given = os.environ.get(SECOND_LOG)
        return Path(given) if given else self.path.parent / f"{self.path.name}-second/second.log"

    def read(self) -> ServerFile:
        """Raises CannotError when this is not the folder of a server."""
        try:
            return ServerFile(**json.loads(self.file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise CannotError(
                f"{self.path} bukan folder server. Buat: ampera init KODE --data {self.path}",
                f"{self.path} is no server's folder. Make one: ampera init CODE --data {self.path}",
            ) from None
        except (ValueError, TypeError) as wrong:
            raise CannotError(
                f"{self.file} rusak ({wrong}). Pulihkan berkas itu dari cadangan.",
                f"{self.file} is damaged ({wrong}). Restore that file from a backup.",
            ) from None

    def write(self, new: ServerFile) -> None:
        write_json(self.file, value=asdict(new))

    def lock(self) -> int:
        """Hold the folder until this process ends. Raises CannotError while another holds it, and
        where there is no folder."""
        if not self.path.is_dir():
            self.read()
        return lock_folder(self.path)


def lock_folder(path: Path) -> int:
    """Take the folder for this process and those it forks; the handle must stay open."""
    handle = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise CannotError(
            f"Folder {path} sedang dipakai server lain. Hentikan dulu, atau pilih folder lain.",
            f"Folder {path} is in use by another server. Stop that one, or name another folder.",
        ) from None
    return handle


def write_json(path: Path, *, value: Any) -> None:
    """Whole or not at all, readable by its owner only."""
    making = path.with_name(f"{path.name}.{os.getpid()}.making")
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
