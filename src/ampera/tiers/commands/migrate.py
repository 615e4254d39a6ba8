"""`ampera migrate`: give a stopped server's database the schema of this release."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ampera.tiers.folder import ServerFolder

HELP = "perbarui skema basis data / bring the database to this release"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", required=True, help="folder server / the server's folder")


def main(args: Namespace) -> int:
    from ampera.tiers.making import make_database
    from ampera.tiers.opening import become

    folder = ServerFolder(Path(args.data))
    server = folder.read()
    _lock = folder.lock()
    become(folder, server)
    make_database(server.code, may_exist=True)
    print(f"{server.code}: skema terbaru / schema of this release")
    return 0
