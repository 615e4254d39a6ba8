"""`ampera up`: a whole demo city on this machine."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ampera.tiers.folder import lock_folder
from ampera.tiers.telling import CannotError

#: More than this in an hour no city of this size has ever seen.
VISITS_AN_HOUR_MAX = 2000
HELP = "jalankan kota contoh di mesin ini / run a demo city on this machine"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--data", default="var/city", help="folder data kota / the city's folder (%(default)s)"
    )
    parser.add_argument(
        "--base-port", type=int, default=8000,
        help="port dinas; yang lain dihitung dari situ / port of the dinas, others count from it"
        " (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--offices", default="",
        help="kecamatan yang ikut, mis. 16.71.02,16.71.06 / kecamatan that take part (all 16)",
    )  # fmt: skip
    parser.add_argument(
        "--speed", default="10",
        help="jam kota sekian kali jam dinding / city clock × wall clock (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--no-activity", action="store_true",
        help="tanpa warga dan petugas simulasi / without simulated residents and officers",
    )  # fmt: skip
    parser.add_argument(
        "--activity-per-hour", type=float, default=0.0,
        help="warga per jam kota di seluruh kota; 0: menurut jumlah kantor / visits in an hour of"
        " the city's clock, all offices together; 0: by the number of offices",
    )  # fmt: skip
    parser.add_argument(
        "--activity-seed", type=int, default=1,
        help="benih kegiatan / the seed of who comes when (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--scenario", default="",
        help="kota pada hari sebuah skenario, mis. palembang-2017: siapa yang menunggu dan blanko"
        " yang tersisa / the city on the day of a scenario: who waits, and the blanko left",
    )  # fmt: skip
    parser.add_argument(
        "--part", type=int, default=100,
        help="satu dari sekian angka skenario; 1: semuanya, belasan menit / one in so many of the"
        " scenario's figures; 1: all of them, a quarter of an hour (%(default)s)",
    )  # fmt: skip


def main(args: Namespace) -> int:
    from ampera.tiers import processes
    from ampera.tiers.city.built import missing
    from ampera.tiers.city.plan import plan_city
    from ampera.tiers.city.waiting_plan import waiting_of
    from ampera.tiers.city_clock import SPEED_MAX, speed_of, start_clock

    try:
        speed = speed_of(args.speed)
    except ValueError:
        raise CannotError(
            f"--speed {args.speed}: beri angka dari 1 sampai {SPEED_MAX:.0f}, mis. --speed 60.",
            f"--speed {args.speed}: give a number from 1 to {SPEED_MAX:.0f}, as in --speed 60.",
        ) from None
    _check_rate(args.activity_per_hour)
    data = Path(args.data).absolute()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Whatever may be in the way is found before anything heavy is imported.
    plan = plan_city(data, base_port=args.base_port, offices=args.offices)
    if args.scenario:
        plan = replace(plan, waiting=waiting_of(args.scenario, part=args.part))
    _lock = lock_folder(data)
    processes.probe(plan.ports)
    missing(plan)
    set_up_django(data)
    from ampera.tiers.city.activity import Activity
    from ampera.tiers.city.running import City
    from ampera.tiers.city.warming import warm_up

    warm_up()
    clock = start_clock(plan.clock_file, speed=speed, now=datetime.now(UTC))
    activity = Activity(per_hour=args.activity_per_hour, seed=args.activity_seed)
    is_quiet = args.no_activity or plan.waiting is not None
    city = City(plan, clock=clock, activity=None if is_quiet else activity)
    city.build()
    city.run()
    return 0


def _check_rate(per_hour: float) -> None:
    if not 0 <= per_hour <= VISITS_AN_HOUR_MAX:
        raise CannotError(
            f"--activity-per-hour harus antara 0 dan {VISITS_AN_HOUR_MAX}.",
            f"--activity-per-hour lies between 0 and {VISITS_AN_HOUR_MAX}.",
        )


def set_up_django(data: Path) -> None:
    """One process imports for all: its children share what it has read."""
    # Every server of a demo city has its own SQLite file and second log.
    for name in ("DATABASE_URL", "AMPERA_SECOND_LOG", "AMPERA_STATIONS"):
        os.environ.pop(name, None)
    os.environ["AMPERA_DATA"] = str(data)
    os.environ["AMPERA_OFFICE"] = "99.99.99"
    os.environ["AMPERA_DEMO"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "ampera.tiers.settings"
    import django

    django.setup()
