"""The command line: `ampera COMMAND`. Commands stand in `ampera.tiers.commands`.

Nothing heavy is imported before the command is known, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

from ampera.tiers import commands
from ampera.tiers.arguments import Parser
from ampera.tiers.telling import CannotError, UsageError, say, show_error

#: What a command returns.
DONE: Final = 0
NO: Final = 1
MISTYPED: Final = 2
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.umask(0o077)  # whatever a server writes is for its own user only
    given = list(sys.argv[1:] if arguments is None else arguments)
    names = commands.names()
    parser = Parser(
        prog="ampera",
        description="Penerbitan KTP-el dari loket sampai ke tangan pemiliknya."
        " / Issuance of the KTP-el from the counter to the hand of its holder.",
        epilog="ampera COMMAND --help menjelaskan satu perintah / explains one command",
    )
    parser.add_argument("--version", action="version", version=f"ampera {_version()}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = next((each for each in given if not each.startswith("-")), "")
    for name, module in names.items():
        # Only the command that is wanted is imported, and all of them when help is.
        loaded = commands.load(module) if name == wanted or wanted not in names else None
        text = loaded.HELP if loaded is not None else ""
        sub = subparsers.add_parser(name, help=text, description=text)
        if loaded is not None:
            loaded.add_arguments(sub)
    args = parser.parse_args(given)
    try:
        return int(commands.load(names[args.command]).main(args))
    except CannotError as error:
        show_error(error, is_json=getattr(args, "json", False))
        return MISTYPED if isinstance(error, UsageError) else NO
    except OSError as error:
        if error.filename is None:
            raise  # no path that somebody gave, or a disk below it: a defect, or the network
        show_error(_unusable(error), is_json=getattr(args, "json", False))
        return NO
    except KeyboardInterrupt:
        say("ampera: dihentikan / stopped")
        return INTERRUPTED


def _unusable(error: OSError) -> CannotError:
    """A folder or file that cannot be used as it was named."""
    return CannotError(
        f"{error.filename} tidak dapat dipakai ({error.strerror}). Periksa nama, hak akses, dan"
        " apakah disk atau stiknya terpasang.",
        f"{error.filename} cannot be used ({error.strerror}). Check its name and permissions, and"
        " that its disk or stick is plugged in.",
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ampera")
    except PackageNotFoundError:
        return "0"


if __name__ == "__main__":
    sys.exit(main())
