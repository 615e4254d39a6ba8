"""`ampera restore`: bring a backup's tables and packets into the folder of a server.

What comes back is what the backup knew, and no more; the server acts only after `ampera rejoin`.
Nothing that lies there is deleted: old tables are put aside, keys stay.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ampera.tiers import backup_file
from ampera.tiers.backup_file import PACKETS, POSTGRES, SERVER, SQLITE, Manifest, sync_folder
from ampera.tiers.dumping import acting_on, make_single, restore_postgres
from ampera.tiers.folder import ServerFile, ServerFolder, lock_folder
from ampera.tiers.opening import become
from ampera.tiers.restored import RESTORED_MARK
from ampera.tiers.telling import CannotError
from ampera.words.clock import WallClock, utc_text

_STAGE: Final = ".restoring"
_TABLES: Final = ("ampera.sqlite3-wal", "ampera.sqlite3-shm", "ampera.sqlite3")
#: What may lie in the folder of a server, beside what a restore put aside.
_KNOWN: Final = frozenset(
    {"server.json", "keys", "packets", "lock", "cut", "ampera.log", _STAGE, *_TABLES}
)
_ASIDE: Final = "replaced-"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PutBack:
    """What a restore did."""

    manifest: Manifest
    server: ServerFile
    aside: str  #: folder of the tables that lay there before; empty when there were none
    packets: int  #: how many came back
    new_keys: bool  #: the packet key was lost with the machine, another one was drawn
    second_log: tuple[int, str]  #: own entries on the second log, and the time of the last one


def put_back(backup: Path, *, folder: ServerFolder, may_replace: bool, tell: Tell) -> PutBack:
    """Check the backup whole, then bring it in. Raises CannotError; before the last step nothing
    has changed in the folder."""
    manifest = backup_file.read_manifest(backup)
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = lock_folder(folder.path)
    try:
        _refuse_other_contents(folder, manifest, may_replace=may_replace)
        become(folder, ServerFile(code=manifest.office.text))
        with _stage(folder) as stage:
            tell("memeriksa cadangan / checking the backup")
            _unpack(backup, manifest=manifest, stage=stage)
            _refuse_other_kind(manifest)
            server = _server_of(folder, manifest, stage)
            new_keys = not folder.packet_keys.exists()
            tell("basis data / database")
            mark = {
                "file": backup.name,
                "made_at": utc_text(manifest.made_at),
                "incarnation": server.incarnation,
                "has_new_packet_key": new_keys,
            }
            become(folder, server)
            aside = _bring_tables(folder, stage, manifest, mark=mark, may_replace=may_replace)
            server = _lay_out(folder, server)
            packets = _bring_packets(folder, stage)
    finally:
        os.close(lock)
    return PutBack(manifest, server, aside, packets, new_keys, _second_log(folder, server))


# ---- may it be put there? ----


def _refuse_other_contents(folder: ServerFolder, manifest: Manifest, *, may_replace: bool) -> None:
    found = {path.name for path in folder.path.iterdir()} - {"lock", _STAGE}
    strange = sorted(name for name in found - _KNOWN if not name.startswith(_ASIDE))
    if strange:
        raise CannotError(
            f"Folder {folder.path} berisi {strange[0]}, bukan milik server. Pilih folder kosong.",
            f"{folder.path} holds {strange[0]}, which is no server's. Choose an empty folder.",
        )
    if folder.file.exists() and (code := folder.read().code) != manifest.office.text:
        raise CannotError(
            f"Folder {folder.path} milik server {code}, cadangan ini milik {manifest.office}.",
            f"{folder.path} belongs to server {code}, this backup to {manifest.office}.",
        )
    if found and not may_replace:
        raise CannotError(
            f"Folder {folder.path} tidak kosong. Bila server ini memang hendak dipulihkan, ulangi"
            " dengan --replace: basis data lama disisihkan, kunci tetap.",
            f"{folder.path} is not empty. If this server is to be restored, try again with"
            " --replace: the old database is put aside, keys stay.",
        )


def _refuse_other_kind(manifest: Manifest) -> None:
    """Tables of one database system are not put into another, nor those of a newer release."""
    is_sqlite = not os.environ.get("DATABASE_URL")
    if is_sqlite != manifest.is_sqlite:
        kind = "SQLite" if manifest.is_sqlite else "PostgreSQL"
        raise CannotError(
            f"Cadangan ini dari {kind}. Atur DATABASE_URL sesuai, atau kosongkan untuk SQLite.",
            f"This backup is of {kind}. Set DATABASE_URL to match, or unset it for SQLite.",
        )
    from ampera.tiers.checks import _migrations_of_this_release

    ours = {f"{app}.{name}" for app, name in _migrations_of_this_release()}
    # Only apps of this release are compared: those of Django itself are not listed there.
    apps = {each.partition(".")[0] for each in ours}
    newer = [m for m in manifest.migrations if m.partition(".")[0] in apps and m not in ours]
    if newer:
        raise CannotError(
            f"Cadangan ini dari rilis yang lebih baru ({manifest.version}). Pasang rilis itu dulu.",
            f"This backup is of a newer release ({manifest.version}). Install that one first.",
        )


# ---- bringing it ----


@contextmanager
def _stage(folder: ServerFolder) -> Iterator[Path]:
    """Beside what it will replace, so that it takes its place by a rename."""
    stage = folder.path / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    try:
        yield stage
    except OSError as error:
        raise CannotError(
            f"Tidak dapat menulis di {folder.path} ({error.strerror}). Periksa ruang dan izinnya.",
            f"Cannot write to {folder.path} ({error.strerror}). Look at its room and permissions.",
        ) from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _unpack(backup: Path, *, manifest: Manifest, stage: Path) -> None:
    from ampera.sync.packets import is_digest

    (stage / "packets").mkdir(mode=0o700)
    take = {}
    for part in manifest.parts:
        # A name in a file that somebody handed over must not lead out of the folder.
        is_packet = part.name.startswith(PACKETS) and is_digest(part.name.removeprefix(PACKETS))
        if is_packet or part.name in (SERVER, SQLITE, POSTGRES):
            take[part.name] = stage / part.name
    backup_file.copy_parts(backup, manifest=manifest, take=take, tell=lambda _: None)


def _server_of(folder: ServerFolder, manifest: Manifest, stage: Path) -> ServerFile:
    """What lies here already is newer than the backup: its settings and its life stay."""
    told = ServerFile(**json.loads((stage / SERVER).read_text(encoding="utf-8")))
    server = folder.read() if folder.file.exists() else told
    return replace(server, incarnation=max(server.incarnation, manifest.incarnation))


def _lay_out(folder: ServerFolder, server: ServerFile) -> ServerFile:
    """Keys that lie here stay; on another machine a secret and a packet key are drawn anew."""
    for path in (folder.key.parent, folder.packets):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not folder.secret.exists():
        folder.secret.touch(mode=0o600)
        folder.secret.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    if not folder.packet_keys.exists():
        from ampera.tiers.packet_keys import make_packet_keys

        own = make_packet_keys(folder, office=server.office)
        server = replace(server, recipients={**server.recipients, server.code: own})
    folder.write(server)
    return server


def _bring_tables(  # positional: from the stage to its place
    folder: ServerFolder,
    stage: Path,
    manifest: Manifest,
    *,
    mark: Mapping[str, Any],
    may_replace: bool,
) -> str:
    if not manifest.is_sqlite:
        aside = _empty_postgres(may_replace=may_replace)
        restore_postgres(stage / POSTGRES)
        _prepare(manifest, mark)
        return aside
    tables = stage / SQLITE
    with acting_on(tables):
        _prepare(manifest, mark)
    make_single(tables)
    with tables.open("rb") as file:
        os.fsync(file.fileno())
    aside = _put_aside(folder)
    tables.rename(folder.database)
    sync_folder(folder.path)
    return aside


def _prepare(manifest: Manifest, mark: Mapping[str, Any]) -> None:
    """Today's schema, the mark, the signatures of the manifest; then every chain is checked."""
    from django.contrib.sessions.models import Session

    from ampera.journal.marks import put_mark
    from ampera.journal.restoring import damage_in_chains, note_ends
    from ampera.sync.restoring import forget_join_codes
    from ampera.tiers.making import make_database

    make_database(manifest.office.text, may_exist=True)
    put_mark(RESTORED_MARK, value=mark)
    note_ends(manifest.ends)
    # Whoever was signed in signs in again, and a code that may have been used since is void.
    Session.objects.all().delete()
    forget_join_codes()
    damage = damage_in_chains()
    if damage:
        raise CannotError(
            f"Jurnal dalam cadangan ini tidak utuh: {damage[0]}. Pakai cadangan yang lain.",
            f"The journal in this backup does not hold: {damage[0]}. Use another backup.",
        )


def _put_aside(folder: ServerFolder) -> str:
    """The tables that lay there, with their log first: an old log beside new tables is poison."""
    found = [folder.path / name for name in _TABLES if (folder.path / name).exists()]
    if not found:
        return ""
    aside = folder.path / f"{_ASIDE}{WallClock().now():%Y%m%dT%H%M%SZ}"
    aside.mkdir(mode=0o700, exist_ok=True)
    for path in found:
        path.rename(aside / path.name)
    return aside.name


def _empty_postgres(*, may_replace: bool) -> str:
    """An old schema is renamed, never dropped."""
    from django.db import connection

    if not connection.introspection.table_names():
        return ""
    if not may_replace:
        raise CannotError(
            "Basis data PostgreSQL di DATABASE_URL tidak kosong. Beri basis data kosong, atau"
            " --replace: skema lama diganti namanya.",
            "The PostgreSQL database in DATABASE_URL is not empty. Give an empty one, or --replace:"
            " the old schema is renamed.",
        )
    aside = f"replaced_{WallClock().now():%Y%m%dt%H%M%Sz}"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {aside}")
        cursor.execute("CREATE SCHEMA public")
    return aside


def _bring_packets(folder: ServerFolder, stage: Path) -> int:
    count = 0
    for packet in sorted((stage / "packets").iterdir()):
        target = folder.packets / packet.name
        if not target.exists():
            packet.rename(target)
            count += 1
    sync_folder(folder.packets)
    return count


def _second_log(folder: ServerFolder, server: ServerFile) -> tuple[int, str]:
    """Own entries that lie on the second log, and when the last of them was written: a stick that
    was not the last one in use would prove a tail that is not the last."""
    count, last = 0, ""
    if folder.second_log.exists():
        with folder.second_log.open(encoding="utf-8") as file:
            for line in file:
                row: dict[str, Any] = json.loads(line) if line.endswith("\n") else {}
                if str(row.get("chain", "")).startswith(f"{server.code}/"):
                    count, last = count + 1, max(last, str(row["at"]))
    return count, last
