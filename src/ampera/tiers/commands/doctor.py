"""`ampera doctor`: is this machine fit, is the link up, are printer and chip reader there?"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError, show_json

HELP = "periksa mesin, jalur, pencetak, dan pembaca cip / check machine, link, printer, chip reader"
CORES_MIN = 2
MEMORY_MB_MIN = 2000
DISK_MB_MIN = 2000
#: An older backup is told: a restore from it would lose more than three working days.
BACKUP_HOURS_MAX = 72
SQLITE_MIN = (3, 37, 0)  # the first with everything that the journal asks of it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_fine: bool
    detail: str


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", default="", help="folder server / the server's folder")
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    found = about_machine(Path(args.data or "."))
    if args.data:
        found += about_server(ServerFolder(Path(args.data)))
    if args.json:
        rows = [
            {"what": each.what, "is_fine": each.is_fine, "detail": each.detail} for each in found
        ]
        show_json({"findings": rows, "is_fine": all(each.is_fine for each in found)})
    else:
        for each in found:
            print(f"{'ok   ' if each.is_fine else 'BURUK'}  {each.what:<26} {each.detail}")
    return 0 if all(each.is_fine for each in found) else 1


def about_machine(data: Path) -> list[Finding]:
    """Python, SQLite, cores, memory, disk. A kecamatan's server needs 2 cores and 2 GB."""
    while not data.exists():
        data = data.absolute().parent
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    disk = shutil.disk_usage(data).free // 2**20
    cores = os.cpu_count() or 1
    return [
        Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0]),
        Finding("SQLite", sqlite3.sqlite_version_info >= SQLITE_MIN, sqlite3.sqlite_version),
        Finding("inti / cores", cores >= CORES_MIN, str(cores)),
        Finding("memori / memory", memory >= MEMORY_MB_MIN, f"{memory} MB"),
        Finding("disk", disk >= DISK_MB_MIN, f"{disk} MB bebas / free"),
    ]


def about_server(folder: ServerFolder) -> list[Finding]:
    """Settings, database, second log, link upward, printer, chip reader."""
    from ampera.tiers.opening import open_server

    try:
        server = open_server(folder, is_rejoining=True)
    except CannotError as error:
        return [Finding("server", False, error.en)]
    from ampera.journal.alarms import open_alarms

    alarms = open_alarms()
    return [
        _server(server),
        _second_log(folder),
        _backup(server),
        Finding("alarm", not alarms, "; ".join(text for _, text in alarms[:5]) or "-"),
        *_link(folder, server),
        *_printer(server),
        *_chip_reader(folder, server),
    ]


def _server(server: ServerFile) -> Finding:
    """May it act?"""
    from ampera.journal.quarantine import is_quarantined
    from ampera.tiers.restored import why_restored

    name = f"{server.code}, incarnation {server.incarnation}"
    why = why_restored(server)
    if why is not None:
        return Finding("server", False, f"{name}: {why[0]} ampera rejoin / {why[1]}")
    if is_quarantined():
        return Finding("server", False, f"{name}: dikarantina, hitung berdua / quarantined, count")
    return Finding("server", True, name)


def _backup(server: ServerFile) -> Finding:
    """When was the last one made, and is its medium another one? A server works without any."""
    from ampera.journal.marks import read_mark
    from ampera.tiers.backing_up import BACKUP_MARK
    from ampera.words.clock import WallClock, utc_from_text

    what = "cadangan / backup"
    known = read_mark(BACKUP_MARK)
    if known is None:
        return Finding(what, server.is_demo, "belum ada / none yet: ampera backup")
    hours = (WallClock().now() - utc_from_text(known["at"])).total_seconds() / 3600
    told = f"{hours:.0f} jam lalu / hours ago, {known['file']}"
    return Finding(what, server.is_demo or hours <= BACKUP_HOURS_MAX, told)


def _second_log(folder: ServerFolder) -> Finding:
    from ampera.journal.second_log import is_database_behind

    if is_database_behind():
        why = "the database is behind it: this is a restore, join anew"
        return Finding("log kedua / second log", False, why)
    is_apart = folder.second.stat().st_dev != folder.path.stat().st_dev
    detail = str(folder.second_log)
    if not is_apart:
        detail += " (disk yang sama / the same disk)"
    return Finding("log kedua / second log", True, detail)


def _link(folder: ServerFolder, server: ServerFile) -> list[Finding]:
    """Ask the tier above one real, signed question."""
    from ampera.journal.house import house
    from ampera.sync.link import LinkError
    from ampera.sync.protocol.messages import Push
    from ampera.tiers.upward import upward_link

    link = upward_link(folder, server=server)
    if link is None:
        return []
    try:
        link.ask(Push(at=house().clock.now()))
    except LinkError as error:
        return [Finding("jalur / link", False, f"{server.upper}: {error.code} {error}")]
    return [Finding("jalur / link", True, server.upper)]


def _printer(server: ServerFile) -> list[Finding]:
    from ampera.devices.drivers import printer_at
    from ampera.printing.ports import DeviceError
    from ampera.words.refusal import Refusal

    if not server.printer:
        return []
    printer = printer_at(server.printer)
    if isinstance(printer, Refusal):
        both = " / ".join(
            f"{printer.text(each)} {printer.next_step(each)}" for each in ("id", "en")
        )
        return [Finding("pencetak / printer", False, both)]
    try:
        seen = printer.look()
    except DeviceError as error:
        return [Finding("pencetak / printer", False, f"{server.printer}: {error.detail}")]
    reasons = ", ".join(str(reason) for reason in seen.reasons) or "-"
    return [Finding("pencetak / printer", seen.may_print, f"{seen.state.value}: {reasons}")]


def _chip_reader(folder: ServerFolder, server: ServerFile) -> list[Finding]:
    """Which reader answers, and whether a card lies on it. Nothing is said to the card."""
    from ampera.printing.ports import ChipError
    from ampera.tiers.chips import encoder_of

    what = "pembaca cip / chip reader"
    encoder = encoder_of(folder, server=server)
    if encoder is None:
        return []
    try:
        seen = encoder.look()
    except ChipError as error:
        return [Finding(what, False, f"{server.encoder}: {error.detail}")]
    card = "ada kartu / a card" if seen.is_card_present else "tanpa kartu / no card"
    return [Finding(what, True, f"{seen.driver}: {seen.name}; {card}")]
