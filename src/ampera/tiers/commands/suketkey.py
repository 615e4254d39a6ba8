"""`ampera suketkey`: the public keys of this dinas's sukets; `--renew` signs with another from now.

Papers signed with an old key stay genuine: its public half stays listed.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import cannot, show_json
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

HELP = "kunci tanda tangan suket / the keys that sign interim letters"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", required=True, help="folder server ini / this server's folder")
    parser.add_argument(
        "--renew",
        action="store_true",
        help="pakai kunci baru mulai sekarang / sign with a new key from now on",
    )
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.opening import open_server

    server = open_server(ServerFolder(Path(args.data)))
    if server.office.tier is not Tier.DINAS:
        raise cannot(Refusal("suket.not_the_dinas"))
    from ampera.journal.actions import Command
    from ampera.journal.house import house
    from ampera.suket.actions import renew_key
    from ampera.suket.queries import public_keys

    if args.renew:
        answer = renew_key(Command(id=house().ids.new("cmd")))
        if isinstance(answer, Refusal):
            raise cannot(answer)
    found = public_keys()
    if args.json:
        show_json([{"key": each.key, "public": each.public} for each in found])
        return 0
    for each in found:
        print(f"{each.key}  {each.public}  sejak / since {each.begun_at:%Y-%m-%d %H:%M} UTC")
    if not found:
        print("Belum ada suket yang dicetak. / No interim letter was printed yet.")
    return 0
