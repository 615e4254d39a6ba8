"""`ampera sim`: the simulated province under faults, many seeds or one again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from ampera.tiers.telling import UsageError

if TYPE_CHECKING:
    from ampera.journal.registry import Registry

HELP = "provinsi tiruan dengan gangguan / the simulated province under faults"

#: How far a long run is, is told so often.
TOLD_SECONDS: Final = 15.0
#: The exit code of a run that was stopped before its last room, as of any command by Ctrl-C.
STOPPED: Final = 130


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=200, help="berapa dunia / how many worlds")
    parser.add_argument("--first", type=int, default=0, help="mulai dari / the first seed")
    parser.add_argument("--seed", type=int, help="ulangi satu dunia / play one world again")
    parser.add_argument(
        "--cards", type=int, help="cetak sebanyak ini saja / only print so many cards, with crashes"
    )
    parser.add_argument(
        "--week", type=int, metavar="SEED", help="satu minggu cetak / a week of one print room"
    )
    parser.add_argument(
        "--month", type=int, metavar="SEED", help="buku blanko satu kota / a city closes its days"
    )
    parser.add_argument(
        "--log", metavar="FILE", help="catat tiap kamar, lanjutkan nanti / go on where a run was"
    )
    parser.add_argument("--jobs", type=int, default=2, help="proses / processes")
    parser.add_argument("--bug", default="", help="tanam satu cacat / plant a bug by name")
    parser.add_argument("--trace", action="store_true", help="satu baris tiap langkah / each tick")


def main(args: Namespace) -> int:
    import os

    _check(args)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ampera.tiers.settings")
    import django

    django.setup()

    from ampera.tiers.telling import say
    from ampera.tiers.wiring import make_registry
    from ampera.world.bugs import BUGS
    from ampera.world.play import commit, play, play_many

    if args.bug and args.bug not in BUGS:
        known = ", ".join(sorted(BUGS))
        raise UsageError(
            f"--bug {args.bug} tidak dikenal. Pilih satu dari: {known}.",
            f"--bug {args.bug} is not known. Choose one of: {known}.",
        )
    registry = make_registry()
    if args.cards is not None:
        return _print_cards(args, registry)
    if args.week is not None:
        return _print_week(args.week, registry)
    if args.month is not None:
        return _close_a_month(args.month, registry)
    if args.seed is not None:
        print(f"seed {args.seed}, commit {commit()}")
        tell = print if args.trace else None
        played = play(args.seed, registry=registry, bug=args.bug, tell=tell)
        print(played.line())
        print(f"  hash {played.hash}\n  {played.faults}")
        return 1 if played.broken else 0
    seeds = range(args.first, args.first + args.seeds)
    print(f"seeds {seeds[0]} to {seeds[-1]}, commit {commit()}", flush=True)
    broken = 0
    seconds = 0.0
    worlds = play_many(seeds, registry=registry, jobs=args.jobs, bug=args.bug)
    for number, played in enumerate(worlds, start=1):
        seconds += played.seconds
        if number % 50 == 0:
            say(f"{number} dunia / worlds, {seconds:.0f} s CPU")
        if played.broken:
            broken += 1
            print(played.line(), flush=True)
    print(f"{len(seeds)} dunia / worlds, {broken} rusak / broken, {seconds:.0f} s CPU")
    return 1 if broken else 0


def _check(args: Namespace) -> None:
    """Raises UsageError when there would be nothing to play, or nobody to play it."""
    for name in ("cards", "seeds", "jobs"):
        if (given := getattr(args, name)) is not None and given < 1:
            raise UsageError(
                f"--{name} {given}: paling sedikit 1, mis. --{name} 2.",
                f"--{name} {given}: 1 at the least, as in --{name} 2.",
            )
    if args.log and args.cards is None:
        raise UsageError(
            "--log hanya untuk kamar cetak: sebut juga --cards JUMLAH.",
            "--log is for print rooms only: give --cards NUMBER as well.",
        )


def _unusable_log(path: str, error: OSError | ValueError) -> UsageError:  # positional: a pair
    """Why the log cannot be kept there, and what to do."""
    if isinstance(error, OSError):
        why = error.strerror or type(error).__name__
        return UsageError(
            f"--log {path} tidak dapat ditulis ({why}). Beri nama berkas di folder yang ada, yang"
            " boleh Anda tulisi dan yang disknya tidak penuh.",
            f"--log {path} cannot be written ({why}). Name a file in a folder that exists, to which"
            " you may write and whose disk is not full.",
        )
    return UsageError(
        f"--log {path} berisi hal lain ({error}). Beri nama berkas baru, atau berkas yang dibuat"
        " oleh ampera sim --cards.",
        f"--log {path} holds something else ({error}). Name a new file, or one that ampera sim"
        " --cards has made.",
    )


def _print_cards(args: Namespace, registry: Registry) -> int:
    """Print rooms until so many permits have become cards; each broken room is told.

    With `--log` the rooms that stand there are not played again: a run may be stopped at any time.
    """
    import time
    from contextlib import nullcontext, suppress
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from ampera.tiers.telling import say
    from ampera.world.bugs import planted
    from ampera.world.mill import CARDS_A_ROOM, mill_many
    from ampera.world.mill_log import MillLog, Progress, replay, sums_of
    from ampera.world.play import commit

    first = args.seed if args.seed is not None else args.first
    # Fewer than a room of them make a small room: so a broken one is played again.
    permits = min(args.cards, CARDS_A_ROOM)
    seeds = range(first, first + -(-args.cards // permits))
    by_whom = commit() + (f"+{args.bug}" if args.bug else "")
    with TemporaryDirectory() as passing:
        path = Path(args.log) if args.log else Path(passing, "log")
        if path.exists() and not path.is_file():
            raise _unusable_log(args.log, OSError(0, "not a regular file"))
        try:
            log = MillLog(path, commit=by_whom, permits=permits)
        except (OSError, ValueError) as error:
            raise _unusable_log(str(path), error) from None
        wanted = [seed for seed in seeds if not log.is_played(seed)]
        print(f"{len(seeds)} kamar cetak / print rooms from {first}, commit {by_whom}", flush=True)
        progress = Progress(len(seeds), len(seeds) - len(wanted), permits)
        begun = told_at = time.monotonic()
        with planted(args.bug) if args.bug else nullcontext(), suppress(KeyboardInterrupt):
            for room in mill_many(wanted, registry=registry, jobs=args.jobs, permits=permits):
                try:
                    log.add(room)
                except OSError as error:
                    raise _unusable_log(str(path), error) from None
                progress.played += 1
                if room.broken:
                    print(f"seed {room.seed} BROKEN {room.broken}", flush=True)
                if time.monotonic() - told_at > TOLD_SECONDS:
                    told_at = time.monotonic()
                    say(progress.line(told_at - begun))
        rooms = [log.rooms[seed] for seed in seeds if seed in log.rooms]
        print(sums_of(rooms))
        by = ", ".join(f"{name} ({many})" for name, many in log.commits(seeds).items())
        print(f"commit {by}, {time.monotonic() - begun:.0f} s kali ini / this time")
    broken = [room for room in rooms if room.broken]
    print(f"{len(broken)} rusak / broken")
    for room in broken:
        print(f"  ulangi / play again: {replay(room)}")
    if left := len(seeds) - len(rooms):
        print(f"{left} kamar belum / rooms to go: the same command goes on with them")
    return 1 if broken else STOPPED if left else 0


def _print_week(seed: int, registry: Registry) -> int:
    """Day by day: cards against the most that this printer could have made in these rooms."""
    from ampera.world.auditor import BrokenPromise
    from ampera.world.week import PrintWeek

    print("hari / day   panas / °C  kartu / cards  batas / limit   %  henti panas / stops  rusak")
    try:
        for day in PrintWeek(seed, registry).play():
            print(
                f"{day.name:<12} {day.celsius:10.1f} {day.cards:14d} {day.limit:14d}"
                f" {day.percent:3d} {day.heat_stops:20d} {day.spoiled:6d}",
                flush=True,
            )
    except BrokenPromise as broken:
        print(f"RUSAK / BROKEN {broken}")
        return 1
    print("semua blanko cocok dengan buku / every blank is where the books have it")
    return 0


def _close_a_month(seed: int, registry: Registry) -> int:
    """Thirty days of all offices of a city, closed each evening; then a theft."""
    import logging

    from ampera.world.chainbooks import BrokenPromise
    from ampera.world.month import DAYS, CityMonth

    logging.getLogger("ampera").setLevel(logging.ERROR)
    city = CityMonth(seed, registry)
    print("hari / day  kantor tutup / closed  kartu / cards  rusak / ruined  hilang / missing")
    try:
        for number in range(1, DAYS + 2):
            city.work_a_day()
            stolen = city.steal_one() if number > DAYS else None
            day = city.close_the_day(number)
            city.night()
            missing = ", ".join(f"{code}: {' '.join(each)}" for code, each in day.missing.items())
            print(
                f"{number:10d} {day.closed:22d} {day.cards:14d} {day.ruined:15d}  {missing or '-'}",
                flush=True,
            )
            if day.refused or (stolen is None and day.missing):
                raise BrokenPromise(f"day {number}: {day.refused or day.missing}")
        assert stolen is not None, "the last day has its thief"
        balances = city.judge()
        if day.missing != {stolen[0]: (stolen[1],)} or not city.where_is(stolen[1]):
            raise BrokenPromise(f"{stolen[1]} was stolen at {stolen[0]}, found: {day.missing}")
    except BrokenPromise as broken:
        print(f"RUSAK / BROKEN {broken}")
        return 1
    finally:
        city.close()
    print(
        f"{balances} neraca cocok, satu curian ditemukan hari itu juga di {stolen[0]} /"
        f" {balances} balances agree, one theft found the same day at {stolen[0]}"
    )
    return 0
