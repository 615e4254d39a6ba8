"""`ampera backup`: a backup of one server while it goes on working."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import CannotError, say, show_json

if TYPE_CHECKING:
    from ampera.tiers.backing_up import Made

HELP = "buat cadangan satu server / back up one server"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("server", nargs="?", default="", help="folder server / server's folder")
    parser.add_argument("--data", default="", help="sama dengan SERVER / the same as SERVER")
    parser.add_argument(
        "--to", required=True,
        help="folder di stik atau disk lain, atau satu berkas .tar / a folder on a stick or another"
        " disk, or one .tar file",
    )  # fmt: skip
    parser.add_argument(
        "--keep", type=int, default=0,
        help="simpan sekian cadangan terbaru di folder itu; 0: semua / keep so many of the newest"
        " backups in that folder; 0: all",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    data = args.server or args.data
    if not data or args.keep < 0:
        raise CannotError(
            "Sebut folder servernya: ampera backup FOLDER --to STIK. --keep tidak kurang dari 0.",
            "Name the server's folder: ampera backup FOLDER --to STICK. --keep is not below 0.",
        )
    if args.keep and not Path(args.to).is_dir():
        raise CannotError(
            "--keep hanya berlaku bila --to sebuah folder.", "--keep needs --to to be a folder."
        )
    from ampera.tiers.opening import open_server

    folder = ServerFolder(Path(data))
    open_server(folder)
    from ampera.tiers.backing_up import back_up

    made = back_up(folder, to=args.to, keep=args.keep, tell=say)
    _tell(args, made)
    return 0


def _tell(args: Namespace, made: Made) -> None:
    if args.json:
        show_json(
            {
                "file": str(made.path),
                "bytes": made.size,
                "entries": made.manifest.entries,
                "removed": list(made.removed),
                "warnings": [{"id": id_, "en": en} for id_, en in made.warnings],
                "manifest": made.manifest.as_json(),
            }
        )
        return
    for id_, en in made.warnings:
        say(f"PERHATIAN: {id_}")
        say(f"           {en}")
    print(
        f"{made.path}: {made.size / 2**20:.1f} MB, {made.manifest.entries} catatan / entries,"
        f" {len(made.manifest.parts)} berkas / files; sudah dibaca kembali / read again."
    )
    for name in made.removed:
        print(f"dihapus / removed: {name}")
    print("Kunci tidak ada di dalamnya / no key is in it.")
