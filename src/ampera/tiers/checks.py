"""What makes a server unfit to start, each with an id, a hint and a test."""

from __future__ import annotations

import json
import pkgutil
import stat
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from ampera.devices.drivers import printer_at
from ampera.tiers.folder import ServerFolder
from ampera.tiers.suket_keys import suket_key_path
from ampera.words.refusal import Refusal

TICK_SECONDS_MIN: Final = 0.05
TICK_SECONDS_MAX: Final = 10.0


@register()
def about_settings(**_: Any) -> list[CheckMessage]:
    """E001 to E008, E011 to E013: what can be seen without the database."""
    folder = ServerFolder(settings.DATA)
    if settings.OFFICE == "99.99.99" and not folder.file.exists():
        return []  # a command or a test that is no server
    if not folder.path.is_dir():
        return [
            Error(
                f"the data folder {folder.path} is missing",
                hint=f"Buat folder data {folder.path}, atau pasang disknya (AMPERA_DATA).",
                id="ampera.E001",
            )
        ]
    try:
        server = json.loads(folder.file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return [
            Error(
                f"{folder.file} cannot be read",
                hint="Buat server dengan `ampera init`, atau pulihkan server.json.",
                id="ampera.E002",
            )
        ]
    return [
        *_about_demo(server),
        *_about_secrets(folder),
        *_about_media(folder),
        *_about_printer(server),
        *_about_messages(),
        *_about_ticks(),
    ]


def _about_ticks() -> list[CheckMessage]:
    try:
        if TICK_SECONDS_MIN <= float(settings.TICK_SECONDS) <= TICK_SECONDS_MAX:
            return []
    except ValueError:
        pass
    return [
        Error(
            f"AMPERA_TICK_SECONDS is not from {TICK_SECONDS_MIN} to {TICK_SECONDS_MAX}",
            hint="Hapus AMPERA_TICK_SECONDS: server yang sungguhan berdetak setiap detik.",
            id="ampera.E013",
        )
    ]


def _about_messages() -> list[CheckMessage]:
    from ampera.devices.messages import make_messenger

    try:
        make_messenger(settings.MESSAGES)
    except ValueError as error:
        return [
            Error(
                f"AMPERA_MESSAGES names no way out: {error}",
                hint="Tulis file:/folder, smtp://server:25?from=alamat, atau https://gerbang.",
                id="ampera.E012",
            )
        ]
    return []


def _about_printer(server: dict[str, Any]) -> list[CheckMessage]:
    address = server.get("printer", "")
    answer = printer_at(address) if address else None
    if not isinstance(answer, Refusal):
        return []
    said, cure = answer.text("en"), f"{answer.text('id')} {answer.next_step('id')}"
    return [
        Error(
            f'"printer" in server.json names no printer: {said}',
            hint=f'Perbaiki "printer" di server.json. {cure}',
            id="ampera.E011",
        )
    ]


def _about_demo(server: dict[str, Any]) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if bool(server.get("is_demo")) != settings.IS_DEMO:
        found.append(
            Error(
                "AMPERA_DEMO and server.json disagree: demo data and real data never meet",
                hint="Server demo tidak boleh dijalankan sebagai server sungguhan, dan sebaliknya.",
                id="ampera.E004",
            )
        )
    upper = urlsplit(server.get("upper", ""))
    if upper.scheme == "http" and upper.hostname not in ("127.0.0.1", "::1", "localhost"):
        found.append(
            Error(
                "the tier above is reached over plain http across a network",
                hint="Pakai https untuk alamat server atasan di server.json.",
                id="ampera.E006",
            )
        )
    return found


def _about_secrets(folder: ServerFolder) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.SECRET_KEY == settings.NO_SECRET:
        found.append(
            Error(
                "the secret that signs sessions is missing",
                hint="Pulihkan keys/secret.txt, atau beri AMPERA_SECRET_KEY_FILE.",
                id="ampera.E005",
            )
        )
    for path in (folder.key, folder.secret, folder.packet_keys, suket_key_path(folder)):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            found.append(
                Error(
                    f"{path.name} can be read by others",
                    hint=f"Jalankan: chmod 600 {path}",
                    id="ampera.E007",
                )
            )
    return found


def _about_media(folder: ServerFolder) -> list[CheckMessage]:
    second = folder.second
    if second == folder.path or folder.path in second.parents:
        return [
            Error(
                "the second log lies in the folder that a restore replaces",
                hint="Pindahkan AMPERA_SECOND_LOG ke disk atau stik lain.",
                id="ampera.E008",
            )
        ]
    if not settings.IS_DEMO and _device(second) == _device(folder.path):
        return [
            Warning(
                "the second log lies on the disk of the database",
                hint="Pindahkan AMPERA_SECOND_LOG ke disk atau stik lain.",
                id="ampera.W001",
            )
        ]
    return []


def _device(path: Path) -> int:
    while not path.exists():
        path = path.parent
    return path.stat().st_dev


def _migrations_of_this_release() -> set[tuple[str, str]]:
    """(app, name) of all migrations on disk. Only their names: loading them all would cost every
    server of a city some megabytes."""
    return {
        (app.label, each.name)
        for app in apps.get_app_configs()
        for each in pkgutil.iter_modules([str(Path(app.path) / "migrations")])
        if not each.name.startswith("_")
    }


def about_database(code: str) -> list[CheckMessage]:
    """E003, E009, E010: is there a database, of today's schema, and is it this server's?"""
    from django.db import DatabaseError, connection
    from django.db.migrations.recorder import MigrationRecorder

    from ampera.journal.marks import read_mark
    from ampera.tiers.opening import CODE_MARK

    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
        is_old = not _migrations_of_this_release() <= applied
        known = None if is_old else read_mark(CODE_MARK)
    except DatabaseError as error:
        return [
            Error(
                f"the database does not answer ({type(error).__name__})",
                hint="Periksa DATABASE_URL, disk, dan apakah PostgreSQL berjalan.",
                id="ampera.E009",
            )
        ]
    if is_old:
        return [
            Error(
                "the database has another schema than this release",
                hint="Jalankan `ampera migrate --data FOLDER` setelah membuat cadangan.",
                id="ampera.E010",
            )
        ]
    if known != code:
        return [
            Error(
                f"this database belongs to server {known or 'nobody'}, not to {code}",
                hint=f"Basis data ini milik server {known or '(belum ada)'}, bukan {code}."
                " Periksa AMPERA_DATA dan DATABASE_URL.",
                id="ampera.E003",
            )
        ]
    return []
