"""`ampera story`: play a whole case on a running city, from outside."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ampera.tiers import stories

HELP = "mainkan satu perkara pada kota yang berjalan / play one case on a running city"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", choices=list(stories.STORIES), help="cerita / which story")
    parser.add_argument(
        "--city", default="var/city/city.json",
        help="city.json dari `ampera up` (%(default)s) / written by `ampera up`",
    )  # fmt: skip
    parser.add_argument(
        "--out", default="",
        help="folder untuk PDF kartu (di samping city.json) / where card PDFs are left",
    )  # fmt: skip
    parser.add_argument(
        "--patience", type=float, default=1.0,
        help="menunggu sekian kali lebih lama / wait so many times longer (%(default)s)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="laporan untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers.stories.client import City
    from ampera.tiers.stories.telling import StoryError, Teller

    file = Path(args.city).absolute()
    out = Path(args.out).absolute() if args.out else file.parent / "stories"
    teller = Teller(args.name, out, patience=max(args.patience, 0.1))
    try:
        stories.load(args.name).play(City(file), teller)
    except StoryError as wrong:
        teller.fail(str(wrong))
    report = teller.report()
    if args.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        end = "selesai / done" if report["ok"] else "TIDAK SELESAI / NOT DONE"
        sys.stdout.write(f"{args.name}: {end}, {report['seconds']} s\n")
        sys.stdout.writelines(f"  {each}\n" for each in report["files"])
    return 0 if report["ok"] else 1
