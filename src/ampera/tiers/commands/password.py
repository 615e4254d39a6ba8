"""`ampera password`: give an officer of this office a password; rights come from the tier above."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import CannotError, cannot

HELP = "beri kata sandi petugas / give an officer a password"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("login", help="login petugas / the officer's login")
    parser.add_argument("--data", required=True, help="folder server / the server's folder")


def main(args: Namespace) -> int:
    from ampera.tiers.opening import open_server

    open_server(ServerFolder(Path(args.data)))
    from ampera.journal.house import house
    from ampera.register.actions import set_password
    from ampera.register.queries import officers_of

    officers = [each for each in officers_of(house().code) if each.login == args.login]
    if not officers:
        raise CannotError(
            f"Tidak ada petugas {args.login} di sini. Hak diberikan oleh kantor di atasnya.",
            f"There is no officer {args.login} here. Rights are given by the office above.",
        )
    # From a pipe for scripts, hidden from a terminal for people; never as an argument, which `ps`
    # shows.
    is_person = sys.stdin.isatty()
    password = getpass.getpass("Kata sandi / password: ") if is_person else sys.stdin.readline()
    no = set_password(officers[-1].id, password=password.rstrip("\n"))
    if no is not None:
        raise cannot(no)
    print(f"{args.login}: kata sandi disimpan / password kept")
    return 0
