"""`ampera joincode`: a one-time code with which a server below may join."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import CannotError, cannot, show_json
from ampera.words.office import PUSAT, OfficeCode
from ampera.words.refusal import Refusal

HELP = "beri kode gabung untuk server bawahan / give a join code to a server below"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("code", help="kode kantor bawahan / office code of the server below")
    parser.add_argument("--data", required=True, help="folder server ini / this server's folder")
    parser.add_argument(
        "--packet-key", default="",
        help="kunci paket dari `ampera init` di sana / the packet key that its `ampera init` told",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.making import with_recipients
    from ampera.tiers.opening import open_server

    folder = ServerFolder(Path(args.data))
    server = open_server(folder)
    from ampera.sync.joining import make_join_code

    try:
        office = OfficeCode(args.code)
    except ValueError as wrong:
        raise CannotError(f"Kode kantor: {wrong}", f"Office code: {wrong}") from None
    if args.packet_key and not args.packet_key.startswith("age1"):
        raise CannotError("--packet-key dimulai dengan age1.", "--packet-key begins with age1.")
    code = make_join_code(office)
    if isinstance(code, Refusal):
        raise cannot(code)
    if args.packet_key:
        server = with_recipients(server, more={office.text: [args.packet_key]})
        folder.write(server)
    centre = server.recipients.get(PUSAT.text, [])
    if args.json:
        show_json({"office": office.text, "code": code, "centre_keys": centre, "hours": 24})
        return 0
    print(f"Kode untuk / code for {office}: {code}  (24 jam, sekali pakai / 24 hours, once)")
    print(f"Kunci pusat / centre keys: {','.join(centre)}")
    if args.packet_key:
        print("Muat ulang server ini agar kunci paket berlaku / restart this server to use the key")
    return 0
