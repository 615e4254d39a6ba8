"""`ampera sim`: the simulated province under faults, many seeds or one again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

HELP = "provinsi tiruan dengan gangguan / the simulated province under faults"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=200, help="berapa dunia / how many worlds")
    parser.add_argument("--first", type=int, default=0, help="mulai dari / the first seed")
    parser.add_argument("--seed", type=int, help="ulangi satu dunia / play one world again")
    parser.add_argument("--jobs", type=int, default=2, help="proses / processes")
    parser.add_argument("--bug", default="", help="tanam satu cacat / plant a bug by name")
    parser.add_argument("--trace", action="store_true", help="satu baris tiap langkah / each tick")


def main(args: Namespace) -> int:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ampera.tiers.settings")
    import django

    django.setup()

    from ampera.tiers.telling import say
    from ampera.tiers.wiring import make_registry
    from ampera.world.bugs import BUGS
    from ampera.world.play import commit, play, play_many

    if args.bug and args.bug not in BUGS:
        print("cacat / bugs: " + ", ".join(sorted(BUGS)))
        return 2
    registry = make_registry()
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
