"""`ampera backup`: the tables, the sealed packets and the description of a server that runs.

The act of the server itself: the ends of its chains are signed in the copy, so that what had never
left the house still vouches for itself when machine, key and second log are gone.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from ampera.tiers import backup_file
from ampera.tiers.backup_file import PACKETS, SERVER, Manifest, Writer
from ampera.tiers.dumping import Copied, copy_tables
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError
from ampera.words.clock import WallClock, utc_text

#: The last backup of this server, for `ampera doctor`: a local fact, no truth.
BACKUP_MARK: Final = "backup.last"
ENDING: Final = ".tar"
#: What a backup that was killed leaves behind is cleared away by a later one.
LEFTOVER_SECONDS: Final = 24 * 3600
_SPARE_BYTES: Final = 8 * 1024 * 1024

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """One backup that lies on its medium and was read again."""

    path: Path
    size: int
    manifest: Manifest
    removed: tuple[str, ...]  #: older ones that `--keep` let go
    warnings: tuple[tuple[str, str], ...]  #: Indonesian, English


def back_up(folder: ServerFolder, *, to: str, keep: int, tell: Tell) -> Made:
    """Back up the server whose house is open, running or not. Raises CannotError; then nothing is
    left at the target, and no older backup was removed."""
    server = folder.read()
    made_at = WallClock().now()
    place, path = _target(to, server=server, made_at=made_at)
    _refuse_inside(folder, place)
    warnings = [*_about_media(folder, place), *_secured()]
    _make_room(folder, place)
    with _written_to(place), _workshop(place, server) as workshop:
        making = workshop / "making.tar"
        manifest = _write(folder, making=making, made_at=made_at, tell=tell)
        tell("membaca kembali / reading it again")
        backup_file.copy_parts(making, manifest=manifest, take={}, tell=lambda _: None)
        if path.exists():
            raise _exists(path)
        making.rename(path)
        backup_file.sync_folder(place)
    removed = _let_go(place, server=server, keep=keep) if keep else ()
    _note(path, made_at)
    return Made(path, path.stat().st_size, manifest, removed, tuple(warnings))


# ---- where to ----


def _target(to: str, *, server: ServerFile, made_at: datetime) -> tuple[Path, Path]:
    """(folder, file). A folder that is not there is never made: it may be a stick that is not
    plugged in, and the backup would land on the disk it is to outlive."""
    given = Path(to).absolute()
    if given.is_dir():
        stamp = f"{made_at:%Y%m%dT%H%M%SZ}"
        return given, given / f"{_stem(server.code)}{stamp}{ENDING}"
    if to.endswith("/") or given.suffix != ENDING or not given.parent.is_dir():
        raise CannotError(
            f"Folder {given} tidak ada. Pasang stik atau disknya, atau buat foldernya lebih dulu."
            f" Satu berkas dinamai dengan akhiran {ENDING}.",
            f"There is no folder {given}. Plug in the stick or disk, or make the folder first."
            f" A single file ends in {ENDING}.",
        )
    if given.exists():
        raise _exists(given)
    return given.parent, given


def _stem(code: str) -> str:
    return f"ampera-{code}-"


def _exists(path: Path) -> CannotError:
    return CannotError(
        f"{path} sudah ada. Cadangan tidak pernah ditimpa: beri nama lain, atau sebuah folder.",
        f"{path} exists. A backup is never overwritten: give another name, or a folder.",
    )


def _refuse_inside(folder: ServerFolder, place: Path) -> None:
    real = place.resolve()
    for kept in (folder.path.resolve(), folder.second.resolve()):
        if real == kept or kept in real.parents:
            raise CannotError(
                f"Cadangan tidak boleh di dalam {kept}: hilang bersama server. Pilih stik, disk"
                " lain, atau folder di luar.",
                f"A backup must not lie in {kept}: it is lost with the server. Choose a stick,"
                " another disk, or a folder outside.",
            )


def _about_media(folder: ServerFolder, place: Path) -> Iterator[tuple[str, str]]:
    device = place.stat().st_dev
    if device == folder.path.stat().st_dev:
        yield (
            "Cadangan berada di disk yang sama dengan data: disk rusak, keduanya hilang. Salin ke"
            " stik atau mesin lain.",
            "The backup lies on the disk of the data: when it breaks both are lost. Copy it to a"
            " stick or another machine.",
        )
    elif device == folder.second.stat().st_dev:
        yield (
            "Cadangan berada di disk catatan kedua: bila hilang, keduanya hilang.",
            "The backup lies on the disk of the second log: when it is lost both are.",
        )


def _secured() -> list[tuple[str, str]]:
    """Bring the second log up to the tables first, where it can be written."""
    from ampera.journal.second_log import secure

    try:
        secure()
    except OSError as error:
        return [
            (
                f"Catatan kedua tidak dapat ditulis ({error.strerror}). Periksa disk atau stiknya.",
                f"The second log cannot be written ({error.strerror}). Look at its disk or stick.",
            )
        ]
    return []


def _make_room(folder: ServerFolder, place: Path) -> None:
    """Is there room? The copy of the tables and the backup lie there together for a moment."""
    tables = sum(
        path.stat().st_size
        for path in (folder.database, folder.database.with_name(f"{folder.database.name}-wal"))
        if path.exists()
    )
    packets = sum(path.stat().st_size for path in folder.packets.glob("*") if path.is_file())
    needed = 2 * tables + packets + _SPARE_BYTES
    free = shutil.disk_usage(place).free
    if free < needed:
        raise _full(place, f"{needed >> 20} MB, {free >> 20} MB")


def _full(place: Path, figures: str) -> CannotError:
    return CannotError(
        f"Tempat di {place} tidak cukup (perlu, bebas / needed, free: {figures}). Hapus cadangan"
        " lama, pakai --keep, atau ganti stik yang lebih besar.",
        f"There is not enough room in {place}. Delete old backups, use --keep, or take a larger"
        " stick.",
    )


@contextmanager
def _written_to(place: Path) -> Iterator[None]:
    """What a target can refuse, in words with a cure."""
    try:
        yield
    except sqlite3.Error as error:
        if "full" in str(error):
            raise _full(place, "-") from None
        raise CannotError(
            f"Basis data tidak dapat disalin ({error}). Periksa: ampera verify.",
            f"The database cannot be copied ({error}). Look with: ampera verify.",
        ) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _full(place, error.strerror or "-") from None
        raise CannotError(
            f"Tidak dapat menulis di {place} ({error.strerror}). Periksa hak tulis dan apakah"
            " stiknya masih terpasang.",
            f"Cannot write to {place} ({error.strerror}). Look at its permissions and whether the"
            " stick is still plugged in.",
        ) from None


@contextmanager
def _workshop(place: Path, server: ServerFile) -> Iterator[Path]:
    """A folder at the target where a backup is made; gone again whatever happens."""
    prefix = f".{_stem(server.code)}"
    for left in place.glob(f"{prefix}*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > LEFTOVER_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=place) as name:
        yield Path(name)


# ---- what goes in ----


def _write(folder: ServerFolder, *, making: Path, made_at: datetime, tell: Tell) -> Manifest:
    from ampera.journal.house import house
    from ampera.journal.restoring import sign_ends

    here = house()
    sign_ends(here.key)
    tables = making.with_name("tables")
    copied = copy_tables(
        source=folder.database, target=tables, key=here.key, progress=_percents(tell)
    )
    if copied.damage:
        raise CannotError(
            f"Basis data server ini rusak: {copied.damage[0]}. Cadangan tidak dibuat dan yang lama"
            f" tidak dihapus. Periksa: ampera verify --data {folder.path}",
            f"The tables of this server are damaged: {copied.damage[0]}. No backup was made and no"
            f" older one removed. Look: ampera verify --data {folder.path}",
        )
    writer = Writer(making, made_at=made_at)
    try:
        with tables.open("rb") as file:
            writer.add(copied.name, source=file, size=tables.stat().st_size)
        tables.unlink()
        writer.add_bytes(SERVER, content=folder.file.read_bytes())
        _add_packets(folder, writer, tell)
        manifest = _manifest(copied, writer, made_at)
        writer.close(manifest)
    except BaseException:
        writer.abandon()
        raise
    return manifest


def _percents(tell: Tell) -> Callable[[int, int], None]:
    told = [-25]

    def progress(done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if percent >= told[0] + 25:
            told[0] = percent
            tell(f"basis data / database {percent}%")

    return progress


def _add_packets(folder: ServerFolder, writer: Writer, tell: Tell) -> None:
    """Whole packets only: what is still coming is asked for again."""
    from ampera.sync.packets import is_digest

    names = sorted(path.name for path in folder.packets.glob("*") if is_digest(path.name))
    if names:
        tell(f"paket / packets {len(names)}")
    for name in names:
        try:
            file = (folder.packets / name).open("rb")
        except FileNotFoundError:
            continue  # purged meanwhile: it lies further up
        with file:
            writer.add(PACKETS + name, source=file, size=os.fstat(file.fileno()).st_size)


def _manifest(copied: Copied, writer: Writer, made_at: datetime) -> Manifest:
    from ampera.__main__ import _version
    from ampera.journal.house import house

    return Manifest(
        office=house().code,
        incarnation=house().incarnation,
        made_at=made_at,
        version=_version(),
        migrations=copied.migrations,
        chains=copied.chains,
        ends=copied.ends,
        parts=tuple(writer.parts),
    )


# ---- afterwards ----


def _let_go(place: Path, *, server: ServerFile, keep: int) -> tuple[str, ...]:
    """Remove the oldest backups of this server beyond `keep`; names tell their age."""
    stem = _stem(server.code)
    known = sorted(path for path in place.glob(f"{stem}*Z{ENDING}") if path.is_file())
    removed = known[: max(0, len(known) - keep)]
    for path in removed:
        path.unlink()
    return tuple(path.name for path in removed)


def _note(path: Path, made_at: datetime) -> None:
    from ampera.journal.marks import put_mark

    put_mark(BACKUP_MARK, value={"at": utc_text(made_at), "file": str(path)})
