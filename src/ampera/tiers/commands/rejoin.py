"""`ampera rejoin`: a server whose database was put back from a backup begins its next life.

A restore is a new join (architecture §4): a new code, key and incarnation. What the second log and
the tier above hold comes back; what is not proved whole is quarantined until two officers have
counted.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import CannotError, show_json

if TYPE_CHECKING:
    from ampera.sync.restoring import Rejoined

HELP = "lanjutkan server yang dipulihkan dari cadangan / go on after a restore from a backup"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", required=True, help="folder server ini / this server's folder")
    parser.add_argument("--code", required=True, help="kode gabung baru / a new join code")
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.opening import open_server

    folder = ServerFolder(Path(args.data))
    lock = folder.lock()
    server = open_server(folder, is_rejoining=True)
    from ampera.journal.keys import ServerKey
    from ampera.sync.http import HttpLink
    from ampera.sync.link import Link, LinkError
    from ampera.sync.protocol.messages import Speaker
    from ampera.sync.restoring import rejoin
    from ampera.words.refusal import Refusal

    upper = server.office.upper
    if upper is None:
        raise CannotError(
            "Pusat tidak punya atasan; pemulihannya belum ada di rilis ini.",
            "The pusat has nobody above it; restoring it is not in this release.",
        )
    ca = Path(server.ca_file) if server.ca_file else None
    key, old_key = ServerKey.make(), ServerKey.load(folder.key) if folder.key.exists() else None

    def reconnect(speaker: Speaker, key: ServerKey) -> Link:
        return HttpLink(server.upper, addressee=upper, speaker=speaker, key=key, ca_file=ca)

    try:
        done = rejoin(
            HttpLink(server.upper, addressee=upper, ca_file=ca),
            code=args.code,
            key=key,
            reconnect=reconnect,
            old_key=old_key,
        )
    except LinkError as error:
        raise CannotError(
            f"Server atasan tidak menerima ({error}). Minta kode baru, lalu ulangi.",
            f"The server above did not admit us ({error}). Ask for a new code and try again.",
        ) from None
    if isinstance(done, Refusal):
        raise CannotError(done.text("id"), done.text("en"))
    folder.key.rename(folder.key.with_suffix(f".{server.incarnation}.pem"))
    key.save(folder.key)
    folder.write(replace(server, incarnation=done.joined.speaker.incarnation))
    del lock
    _tell(args, done)
    return 0


def _tell(args: Namespace, done: Rejoined) -> None:
    if args.json:
        show_json(
            {
                "incarnation": done.joined.speaker.incarnation,
                "from_second_log": done.from_second_log,
                "from_above": done.from_above,
                "is_whole": done.is_whole,
            }
        )
        return
    print(
        f"Kembali / came back: {done.from_second_log} dari catatan kedua / from the second log,"
        f" {done.from_above} dari atas / from above."
    )
    if done.is_whole:
        print("Lengkap; server boleh bekerja. / Whole; the server may work.")
    else:
        print(
            "Tidak terbukti lengkap: dikarantina sampai dua petugas menghitung."
            " / Not proved whole: quarantined until two officers have counted."
        )
