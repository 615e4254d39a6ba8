"""`ampera join`: admit this server to the tier above with a one-time code."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import CannotError, show_json
from ampera.words.office import PUSAT

HELP = "gabungkan server ini dengan server atasan / join this server to the one above"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", required=True, help="folder server ini / this server's folder")
    parser.add_argument("--upper", required=True, help="alamat server atasan / address above")
    parser.add_argument("--code", required=True, help="kode gabung / the join code")
    parser.add_argument("--ca", default="", help="sertifikat CA / the CA's file, for https")
    parser.add_argument(
        "--centre-keys", default="", help="dua kunci paket pusat / the centre's two packet keys"
    )
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.making import join_above, with_recipients
    from ampera.tiers.opening import become, open_server

    folder = ServerFolder(Path(args.data))
    server = folder.read()
    upper = server.office.upper
    if upper is None or server.incarnation:
        raise CannotError(
            f"Server {server.code} sudah bergabung, atau tidak punya atasan.",
            f"Server {server.code} has joined already, or has nobody above it.",
        )
    keys = [each for each in args.centre_keys.split(",") if each]
    if keys:
        server = with_recipients(server, more={PUSAT.text: keys})
    server = replace(server, upper=args.upper, ca_file=args.ca)
    become(folder, server)
    from ampera.sync.http import HttpLink
    from ampera.sync.joining import Joined, write_joined
    from ampera.sync.link import LinkError

    try:
        link = HttpLink(args.upper, addressee=upper, ca_file=Path(args.ca) if args.ca else None)
        made, joined = join_above(folder, server=server, link=link, code=args.code)
    except (ValueError, OSError) as wrong:
        raise CannotError(f"--upper: {wrong}", f"--upper: {wrong}") from None
    except LinkError as error:
        raise CannotError(
            f"Server atasan tidak menerima ({error}). Periksa alamat dan kode, lalu ulangi.",
            f"The server above did not admit us ({error}). Check address and code, then try again.",
        ) from None
    assert isinstance(joined, Joined)
    open_server(folder)
    write_joined(joined)
    if args.json:
        show_json({"code": made.code, "incarnation": made.incarnation})
    else:
        print(f"Server {made.code} bergabung / has joined (incarnation {made.incarnation}).")
        print(f"Berikutnya / next: ampera serve --data {folder.path}")
    return 0
