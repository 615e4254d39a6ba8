"""`ampera init`: make a server: its folder, its keys, its database."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError, cannot, say, show_json
from ampera.words.office import PUSAT, OfficeCode, Tier
from ampera.words.refusal import Refusal

HELP = "buat server baru / a new server"
FIRST_RIGHTS_DAYS = 90


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("code", help="kode kantor / office code: 00, 16.71, 16.71.02")
    parser.add_argument("--data", required=True, help="folder baru / a new folder")
    parser.add_argument("--port", type=int, default=8000, help="port (%(default)s)")
    parser.add_argument("--printer", default="", help="ipp://ALAMAT:PORT/ipp/print, cups://ANTREAN")
    parser.add_argument("--encoder", default="", help="cip / chips: memory, pcsc, pcsc:NAMA")
    parser.add_argument("--demo", action="store_true", help="server contoh / a demo server")
    parser.add_argument(
        "--admin", default="admin", help="pusat: login pertama / first log-in (%(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.making import found_pusat, make_database, make_folder
    from ampera.tiers.opening import become

    try:
        code = OfficeCode(args.code)
    except ValueError as wrong:
        raise CannotError(f"Kode kantor: {wrong}", f"Office code: {wrong}") from None
    folder = ServerFolder(Path(args.data))
    server = make_folder(
        folder,
        server=ServerFile(
            code=code.text,
            port=args.port,
            printer=args.printer,
            encoder=args.encoder,
            is_demo=args.demo,
        ),
    )
    become(folder, server)
    make_database(code.text)
    _load_wilayah(code)
    told: dict[str, object] = {"code": code.text, "packet_keys": server.recipients[code.text]}
    if code == PUSAT:
        found_pusat(folder, server=server)
        told |= _first_officer(folder, login=args.admin)
    if args.json:
        show_json({**told, "server": asdict(folder.read())})
        return 0
    _tell(folder, code, told)
    return 0


def _load_wilayah(code: OfficeCode) -> None:
    from ampera.register.actions import load_wilayah
    from ampera.words.wilayah import WilayahCode

    # A kecamatan needs its own provinsi only.
    within = WilayahCode(code.text[:2]) if code.tier is Tier.KECAMATAN else None
    say("wilayah ...")
    try:
        count = load_wilayah(within=within)
    except AssertionError:
        count = 0  # province 99 of the samples stands in no decree
    say(f"wilayah: {count}")


def _first_officer(folder: ServerFolder, *, login: str) -> dict[str, object]:
    """Only the pusat grants to itself, here and now: everybody else is granted from above."""
    from datetime import timedelta

    from ampera.journal.actions import Command
    from ampera.journal.house import house
    from ampera.register.actions import Holder, grant_officer, set_password
    from ampera.register.queries import local_day
    from ampera.sync.joining import Joined, write_joined
    from ampera.sync.protocol.messages import Speaker
    from ampera.tiers.opening import open_server

    open_server(folder)
    write_joined(Joined(speaker=Speaker(PUSAT, 1), places={}))
    done = grant_officer(
        Command(id=house().ids.new("cmd")),
        office=PUSAT,
        login=login,
        holder=Holder("Administrator"),
        roles=["admin"],
        until=local_day() + timedelta(days=FIRST_RIGHTS_DAYS),
    )
    if isinstance(done, Refusal):
        raise cannot(done)
    password = secrets.token_urlsafe(12)
    no = set_password(done["officer"], password=password)
    if no is not None:
        raise cannot(no)
    return {"login": login, "password": password}


def _tell(folder: ServerFolder, code: OfficeCode, told: dict[str, object]) -> None:
    print(f"Server {code} dibuat di / made in {folder.path}")
    print(f"Kunci di / keys in {folder.key.parent}: tidak masuk cadangan / in no backup")
    print(f"Log kedua / second log: {folder.second_log}")
    if code == PUSAT:
        print(f"login {told['login']}  password {told['password']}")
        print(f"Berikutnya / next: ampera serve --data {folder.path}")
        return
    keys = ",".join(folder.read().recipients[code.text])
    print("Berikutnya, di server atasan / next, at the server above:")
    print(f"  ampera joincode {code} --data FOLDER --packet-key {keys}")
    print("lalu di sini / then here:")
    print(f"  ampera join --data {folder.path} --upper URL --code KODE --centre-keys KUNCI,KUNCI")
