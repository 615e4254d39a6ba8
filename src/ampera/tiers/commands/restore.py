"""`ampera restore`: bring a backup into a folder; the server then joins anew before it acts."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import say, show_json

if TYPE_CHECKING:
    from ampera.tiers.putting_back import PutBack

HELP = "pulihkan satu server dari cadangan / restore one server from a backup"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", help="berkas cadangan .tar / the backup, a .tar file")
    parser.add_argument("--data", required=True, help="folder server / the server's folder")
    parser.add_argument(
        "--replace", action="store_true",
        help="folder itu milik server ini: sisihkan basis data lamanya / the folder is this"
        " server's: put its old database aside",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    folder = ServerFolder(Path(args.data))
    from ampera.tiers.putting_back import put_back

    done = put_back(Path(args.file), folder=folder, may_replace=args.replace, tell=say)
    _tell(args, folder, done)
    return 0


def _tell(args: Namespace, folder: ServerFolder, done: PutBack) -> None:
    from ampera.tiers.restored import next_steps

    above, here = next_steps(folder, server=done.server, has_new_key=done.new_keys)
    count, last = done.second_log
    if args.json:
        show_json(
            {
                "office": done.server.code,
                "made_at": done.manifest.as_json()["made_at"],
                "entries": done.manifest.entries,
                "packets": done.packets,
                "aside": done.aside,
                "has_new_packet_key": done.new_keys,
                "second_log": {"entries": count, "last": last},
                "next": [above, here],
            }
        )
        return
    made_at = done.manifest.as_json()["made_at"][:16].replace("T", " ")
    print(
        f"{done.server.code}: cadangan / backup {made_at} UTC, {done.manifest.entries} catatan /"
        f" entries, {done.packets} paket / packets."
    )
    if done.aside:
        print(f"Basis data lama disisihkan / the old database was put aside: {done.aside}")
    if count:
        print(f"Catatan kedua / second log: {count} catatan / entries, terakhir / last {last[:19]}")
        print("  Pastikan ini stik yang terakhir dipakai. / Be sure it is the last one in use.")
    else:
        print(
            f"Catatan kedua tidak ada / no second log: {folder.second_log}\n"
            "  Server akan dikarantina sampai dua petugas menghitung."
            " / The server will be quarantined until two officers have counted."
        )
    if done.new_keys:
        print(
            "Kunci paket baru dibuat: izin cetak yang terbuka harus ditarik dan diberi lagi."
            " / A new packet key was drawn: open permits have to be recalled and granted anew."
        )
    if done.server.office.upper is None:
        print("Pusat belum dapat digabungkan lagi di rilis ini. / Not in this release: the pusat.")
        return
    print(f"Berikutnya, di server {done.server.office.upper} / next, there:\n  {above}")
    print(f"lalu di sini / then here:\n  {here}")
