"""`ampera plan`: until when does the backlog last, what holds it up, what would change it most."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ampera.tiers.telling import CannotError, cannot, say, show_json, table
from ampera.words.refusal import Refusal

if TYPE_CHECKING:
    from ampera.planning.rules.whatif.levers import Plan
    from ampera.planning.rules.whatif.scenario import Scenario

HELP = "kapan tunggakan habis dan apa yang mengubahnya / when the backlog ends and what changes it"
_REPLICATIONS: Final = 1000
_POLICIES: Final = ("dinas-only", "after-own", "pooled")
_QUIET_SECONDS: Final = 2.0


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "scenario", nargs="?", default="",
        help="nama skenario bawaan atau berkas .toml / a shipped scenario's name or a .toml file",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="skenario bawaan / shipped scenarios")
    parser.add_argument(
        "--show", action="store_true",
        help="cetak berkas skenario bawaan, untuk disalin / print the shipped file, to be copied",
    )  # fmt: skip
    parser.add_argument(
        "--days", type=int, default=None,
        help="sekian hari kerja, bukan yang di skenario / so many working days instead",
    )  # fmt: skip
    parser.add_argument(
        "--replications", type=int, default=_REPLICATIONS,
        help="ulangan / how many futures (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=int, default=1, help="bibit acak / seed of chance (%(default)s)"
    )
    parser.add_argument(
        "--policy", choices=_POLICIES, default=None,
        help="siapa mencetak pengganti / who prints replacements",
    )  # fmt: skip
    parser.add_argument(
        "--compare", default="", metavar="OTHER",
        help="skenario lain di sampingnya; KEBIJAKAN:NAMA mengganti kebijakannya / another scenario"
        " beside it; POLICY:NAME changes its policy",
    )  # fmt: skip
    parser.add_argument("--csv", default="", metavar="FILE", help="tulis CSV / write a CSV file")
    parser.add_argument("--json", action="store_true", help="untuk mesin / for machines")


def main(args: Namespace) -> int:
    if args.list:
        return _list(is_json=args.json)
    if not args.scenario:
        raise CannotError(
            "Sebut skenario, mis. `ampera plan palembang-2017`; `ampera plan --list` menyebut"
            " semuanya.",
            "Name a scenario, as in `ampera plan palembang-2017`; `ampera plan --list` lists them.",
        )
    if args.show:
        return _show(args.scenario)
    if args.seed < 0:
        raise CannotError("--seed tidak boleh negatif.", "--seed cannot be negative.")
    plans = [_plan(args, name=args.scenario, policy=args.policy)]
    if args.compare:
        policy, _, name = args.compare.partition(":")
        known = policy in _POLICIES and bool(name)
        other, wanted = (name, policy) if known else (args.compare, args.policy)
        plans.append(_plan(args, name=other, policy=wanted))
    return _tell(plans, args=args)


def _tell(plans: list[Plan], *, args: Namespace) -> int:
    from ampera.tiers import plan_report

    if args.csv:
        Path(args.csv).write_text(plan_report.as_csv(plans), encoding="utf-8", newline="")
        say(f"{args.csv}: ditulis / written")
    if args.json:
        told = plan_report.as_json(plans[0])
        if len(plans) > 1:
            told["compared"] = plan_report.as_json(plans[1])
        show_json(told)
    elif len(plans) > 1:
        print(plan_report.as_two(plans[0], second=plans[1]))
    else:
        print(plan_report.as_text(plans[0]))
    return 0


def _plan(args: Namespace, *, name: str, policy: str | None) -> Plan:
    # NumPy is loaded when something is to be computed, not for a refusal.
    from ampera.planning.rules.whatif.reading import asked_for

    found = asked_for(
        scenario_named(name), days=args.days, replications=args.replications, policy=policy
    )
    if isinstance(found, Refusal):
        raise cannot(found)
    from ampera.planning.rules.whatif.levers import plan

    return plan(found, replications=args.replications, seed=args.seed, progress=_progress(name))


def scenario_named(name: str) -> Scenario:
    """A shipped scenario by its name, or the one in a file. Raises CannotError."""
    from ampera.planning.rules.whatif.reading import TEXT_MAX, scenario_in
    from ampera.planning.rules.whatif.shipped import shipped, shipped_scenario

    path = Path(name)
    if name in shipped() or not path.is_file():
        found = shipped_scenario(name)
    else:
        with path.open("rb") as file:
            found = scenario_in(file.read(TEXT_MAX * 4))
    if isinstance(found, Refusal):
        raise cannot(found)
    return found


def _progress(name: str) -> Callable[[int, int], None]:
    """Says how far it is, every two seconds; a short plan says nothing."""
    last = [time.monotonic()]

    def heard(done: int, whole: int) -> None:
        now = time.monotonic()
        if now - last[0] >= _QUIET_SECONDS:
            last[0] = now
            say(f"{name}: {100 * done // whole} %")

    return heard


def _list(*, is_json: bool) -> int:
    from ampera.planning.rules.whatif.shipped import shipped

    found = [(name, scenario_named(name).title) for name in shipped()]
    if is_json:
        show_json([{"name": name, "title": title} for name, title in found])
    else:
        print(table(("skenario / scenario", "judul / title"), found))
    return 0


def _show(name: str) -> int:
    from ampera.planning.rules.whatif.shipped import shipped_text

    text = shipped_text(name)
    if isinstance(text, Refusal):
        raise cannot(text)
    print(text, end="")
    return 0
