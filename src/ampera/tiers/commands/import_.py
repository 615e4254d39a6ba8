"""`ampera import residents FILE`: the ministry's export into the register of a dinas."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import cannot, say, show_json
from ampera.words.refusal import Refusal

HELP = "masukkan ekspor data penduduk / import an export of residents"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=["residents"], help="penduduk / residents")
    parser.add_argument("file", help="berkas CSV / a CSV file")
    parser.add_argument("--data", required=True, help="folder server dinas / the dinas's folder")
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.opening import open_server

    open_server(ServerFolder(Path(args.data)))
    from ampera.register.actions import ImportProgress, import_residents

    def progress(so_far: ImportProgress) -> None:
        say(f"{so_far.rows_read} baris / rows, {so_far.refused} ditolak / refused")

    done = import_residents(Path(args.file), progress=progress)
    if isinstance(done, Refusal):
        raise cannot(done)
    told = {
        "rows": done.rows_read,
        "taken": done.taken,
        "refused": done.refused,
        "with_warnings": done.with_warnings,
        "refused_file": str(done.refused_file) if done.refused_file else None,
    }
    if args.json:
        show_json(told)
    else:
        print(f"{done.taken} diterima / taken, {done.refused} ditolak / refused")
        if done.refused_file:
            print(f"Baris yang ditolak / refused rows: {done.refused_file}")
    return 0
