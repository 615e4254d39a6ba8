"""`ampera rejoin`: a server whose database was put back from a backup begins its next life.

A restore is a new join (architecture §4): a new code, key and incarnation. What the second log and
the tier above hold comes back; what is not proved whole is quarantined until two officers have
counted.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError, cannot, show_json

if TYPE_CHECKING:
    from ampera.sync.restoring import Rejoined
    from ampera.words.clock import Clock
    from ampera.words.refusal import Refusal

KEY_KNOWN = "post.key_conflict"
HELP = "lanjutkan server yang dipulihkan dari cadangan / go on after a restore from a backup"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", required=True, help="folder server ini / this server's folder")
    parser.add_argument("--code", required=True, help="kode gabung baru / a new join code")
    parser.add_argument("--upper", default="", help="alamat atasan bila berubah / if it changed")
    parser.add_argument("--ca", default="", help="sertifikat CA bila berubah / if it changed")
    parser.add_argument("--clock", help="clock.json kota contoh / of a demo city")
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.opening import open_server

    folder = ServerFolder(Path(args.data))
    lock = folder.lock()
    server = open_server(folder, clock=_clock(args, folder), is_rejoining=True)
    server = replace(server, upper=args.upper or server.upper, ca_file=args.ca or server.ca_file)
    from ampera.sync.link import LinkError
    from ampera.words.refusal import Refusal as No

    if server.office.upper is None:
        raise CannotError(
            "Pusat tidak punya atasan; pemulihannya belum ada di rilis ini.",
            "The pusat has nobody above it; restoring it is not in this release.",
        )
    _stay_restored(server)
    try:
        done = _rejoin(folder, server=server, code=args.code)
    except LinkError as error:
        raise CannotError(
            f"Server atasan tidak menerima ({error}). Periksa alamat dan jalur, lalu ulangi; bila"
            " kodenya ditolak, minta kode baru.",
            f"The server above did not admit us ({error}). Look at address and link and try again;"
            " if the code is refused, ask for a new one.",
        ) from None
    except (ValueError, OSError) as wrong:
        raise CannotError(f"--upper, --ca: {wrong}", f"--upper, --ca: {wrong}") from None
    if isinstance(done, No):
        raise cannot(done)
    _take_the_new_life(folder, server=server, done=done)
    os.close(lock)
    _tell(args, folder, done)
    return 0


def _clock(args: Namespace, folder: ServerFolder) -> Clock | None:
    """A demo server lives in its city's time: the wall's would end every right there."""
    from ampera.tiers.city_clock import CityClock, read_anchor

    beside = folder.path.parent / "clock.json"
    path = Path(args.clock) if args.clock else beside
    if not folder.read().is_demo or not (args.clock or beside.exists()):
        return None
    try:
        return CityClock(read_anchor(path))
    except FileNotFoundError:
        raise CannotError(f"Jam {path} tidak ada.", f"There is no clock {path}.") from None


def _rejoin(folder: ServerFolder, *, server: ServerFile, code: str) -> Rejoined | Refusal:
    from ampera.journal.keys import ServerKey
    from ampera.sync.http import HttpLink
    from ampera.sync.link import Link, LinkError
    from ampera.sync.protocol.messages import Speaker
    from ampera.sync.restoring import rejoin

    upper = server.office.upper
    assert upper is not None, "the pusat joins nobody"
    ca = Path(server.ca_file) if server.ca_file else None

    def reconnect(speaker: Speaker, key: ServerKey) -> Link:
        return HttpLink(server.upper, addressee=upper, speaker=speaker, key=key, ca_file=ca)

    def attempt() -> Rejoined | Refusal:
        # The next key lies on the disk before it is shown to anybody: after a lost answer the same
        # code and key give the same answer, and no life above is left without its key.
        if not folder.next_key.exists():
            ServerKey.make().save(folder.next_key)
        return rejoin(
            HttpLink(server.upper, addressee=upper, ca_file=ca),
            code=code,
            key=ServerKey.load(folder.next_key),
            reconnect=reconnect,
            old_key=ServerKey.load(folder.key) if folder.key.exists() else None,
        )

    try:
        return attempt()
    except LinkError as error:
        if error.code != KEY_KNOWN:
            raise
        # An earlier try was admitted with this key under a code that is used up: a key has one
        # life.
        folder.next_key.unlink()
        return attempt()


def _stay_restored(server: ServerFile) -> None:
    """Until the new life is whole the server stays a restored one, wherever this command ends."""
    from ampera.journal.marks import put_mark, read_mark
    from ampera.tiers.restored import RESTORED_MARK
    from ampera.words.clock import WallClock, utc_text

    mark = read_mark(RESTORED_MARK) or {"file": "", "made_at": utc_text(WallClock().now())}
    put_mark(RESTORED_MARK, value={**mark, "incarnation": server.incarnation})


def _take_the_new_life(folder: ServerFolder, *, server: ServerFile, done: Rejoined) -> None:
    """Name and key of the new life; the old key is kept, for it vouches for the old one."""
    from ampera.journal.marks import drop_mark
    from ampera.tiers.restored import RESTORED_MARK

    if folder.key.exists():
        folder.key.rename(folder.key.with_suffix(f".{server.incarnation}.pem"))
    folder.next_key.rename(folder.key)
    folder.write(replace(server, incarnation=done.joined.speaker.incarnation))
    drop_mark(RESTORED_MARK)


def _tell(args: Namespace, folder: ServerFolder, done: Rejoined) -> None:
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
            "Tidak terbukti lengkap: dikarantina. Dua petugas menghitung di halaman Hitung setelah"
            " pemulihan (/pemulihan/hitung/)."
            " / Not proved whole: quarantined until two officers have counted on that page."
        )
    print(f"Berikutnya / next: ampera serve --data {folder.path}")
