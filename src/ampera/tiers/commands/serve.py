"""`ampera serve`: one server, web and worker, until it is stopped."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

HELP = "jalankan satu server / run one server"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", required=True, help="folder server / the server's folder")
    parser.add_argument("--address", default="127.0.0.1", help="alamat / address (%(default)s)")
    parser.add_argument("--port", type=int, help="port (server.json)")
    parser.add_argument("--clock", help="clock.json kota contoh / of a demo city")


def main(args: Namespace) -> int:
    from ampera.tiers.city_clock import CityClock, read_anchor
    from ampera.tiers.folder import ServerFolder
    from ampera.tiers.serving import Serving, run_server
    from ampera.tiers.telling import CannotError, say

    folder = ServerFolder(Path(args.data))
    server = folder.read()
    clock = None
    if args.clock:
        if not server.is_demo:
            raise CannotError(
                "--clock hanya untuk server contoh.", "--clock is for demo servers only."
            )
        try:
            clock = CityClock(read_anchor(Path(args.clock)))
        except FileNotFoundError:
            raise CannotError(
                f"Jam {args.clock} tidak ada.", f"There is no clock {args.clock}."
            ) from None
    port = args.port or server.port
    serving = Serving(folder, address=args.address, port=port, clock=clock)
    return run_server(
        serving, when_up=lambda: say(f"ampera {server.code}: http://{args.address}:{port}")
    )
