"""`ampera week`: the seeded week of one print room on real servers, to be watched."""

from __future__ import annotations

import json
import os
import shutil
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ampera.tiers.folder import lock_folder
from ampera.tiers.telling import CannotError, say, show_json

HELP = "satu minggu cetak di server sungguhan / a week of one print room, to be watched"
DAYS_MAX: Final = 5
_MARK: Final = "week.mark"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--seed", type=int, default=1, help="minggu mana / which week (%(default)s)"
    )
    parser.add_argument(
        "--first", type=int, default=1,
        help="mulai hari ke berapa; 1 = Senin / the day to begin with; 1 is Monday (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--days", type=int, default=0,
        help="berapa hari; 0: sampai Jumat / how many days; 0: until Friday (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--hours", type=float, default=8.0,
        help="lamanya hari kerja; macet dan padam ikut dimampatkan / how long a working day is;"
        " jams and cuts come as much sooner (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--speed", default="240",
        help="jam kota sekian kali jam dinding selama kartu dicetak / city clock × wall clock while"
        " a card is printed (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--office", default="16.71.02", help="kecamatan yang mencetak / who prints (%(default)s)"
    )
    parser.add_argument(
        "--permits", type=int, default=0,
        help="berapa kartu disiapkan; 0: cukup untuk semua hari / cards to be printed; 0: enough",
    )  # fmt: skip
    parser.add_argument(
        "--data", default="var/week",
        help="folder kota; minggu sebelumnya di situ dihapus / the city's folder, in which an"
        " earlier week is deleted (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--base-port", type=int, default=8000, help="port dinas / port of the dinas (%(default)s)"
    )
    parser.add_argument(
        "--stay", action="store_true",
        help="kota tetap hidup sesudahnya / the city goes on afterwards",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="laporan untuk mesin / for machines")


def main(args: Namespace) -> int:
    from ampera.tiers import processes
    from ampera.tiers.city.plan import plan_city
    from ampera.tiers.city_clock import SPEED_MAX, speed_of, start_clock

    try:
        speed = speed_of(args.speed)
    except ValueError:
        raise CannotError(
            f"--speed {args.speed}: beri angka dari 1 sampai {SPEED_MAX:.0f}, mis. --speed 60.",
            f"--speed {args.speed}: give a number from 1 to {SPEED_MAX:.0f}, as in --speed 60.",
        ) from None
    _check(args)
    data = Path(args.data).absolute()
    _begin_anew(data)
    plan = plan_city(data, base_port=args.base_port, offices=args.office)
    _lock = lock_folder(data)
    processes.probe(plan.ports)
    from ampera.tiers.commands.up import set_up_django

    set_up_django(data)
    from dataclasses import replace

    from ampera.tiers.city.running import City
    from ampera.tiers.city.warming import warm_up
    from ampera.tiers.city.week import Week, report_of, week_table

    week = Week(
        seed=args.seed,
        first=args.first,
        days=args.days or DAYS_MAX + 1 - args.first,
        speed=speed,
        hours=args.hours,
        permits=args.permits,
        stays=args.stay,
    )
    warm_up()
    # Everybody is recorded at the pace of the wall; the city's clock runs from Monday on.
    clock = start_clock(plan.clock_file, speed=1.0, now=datetime.now(UTC))
    city = City(replace(plan, load=week.load), clock=clock, week=week)
    city.build()
    city.run()
    try:
        report = json.loads(report_of(plan).read_text(encoding="utf-8"))
    except FileNotFoundError:
        say("minggu ini tidak selesai / this week did not come to its end")
        return 1
    if args.json:
        show_json(report)
    else:
        print(week_table(report))
    return 0 if report["ok"] else 1


def _check(args: Namespace) -> None:
    left = DAYS_MAX + 1 - args.first
    if not 1 <= args.first <= DAYS_MAX or not 0 <= args.days <= left:
        raise CannotError(
            f"--first dan --days harus di dalam Senin sampai Jumat, 1 sampai {DAYS_MAX}.",
            f"--first and --days lie within Monday to Friday, 1 to {DAYS_MAX}.",
        )
    if not 0 < args.hours <= 8:
        raise CannotError("--hours harus antara 0 dan 8.", "--hours lies between 0 and 8.")
    if not 0 <= args.permits <= 2000:
        raise CannotError("--permits harus antara 0 dan 2000.", "--permits is between 0 and 2000.")
    if "," in args.office:
        raise CannotError("--office: satu kecamatan saja.", "--office: one kecamatan only.")


def _begin_anew(data: Path) -> None:
    """What an earlier week left is deleted; what anybody else left is not touched."""
    if data.exists() and any(data.iterdir()):
        if not (data / _MARK).exists():
            raise CannotError(
                f"{data} berisi hal lain. Pakai --data dengan folder kosong.",
                f"{data} holds something else. Name an empty folder with --data.",
            )
        os.close(lock_folder(data))  # nobody runs there
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data / _MARK).touch()
