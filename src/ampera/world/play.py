"""Many worlds, one after another on each core. Prints what a person needs to play one again."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import subprocess
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ampera.journal.registry import Registry
from ampera.world.bugs import planted
from ampera.world.faults import Died
from ampera.world.opening import opening
from ampera.world.province import Province
from ampera.world.size import Size

#: Each twentieth world keeps its databases in files, where a crash closes a real connection.
FILES_EVERY: Final = 20
SMALL: Final = Size(kecamatan=(1, 1, 1, 2), people_max=3, ticks=24)
#: A world in which a bug must be found is larger, so that it meets more.
THOROUGH: Final = Size()
_STORY_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class Played:
    """How one world went. `broken` is empty when everything held."""

    seed: int
    hash: str = ""
    ticks: int = 0
    entries: int = 0
    cards: int = 0
    deaths: int = 0
    seconds: float = 0.0
    faults: str = ""
    broken: str = ""

    def line(self) -> str:
        """One line for a person."""
        what = f"seed {self.seed}: {self.ticks} ticks, {self.entries} entries, {self.cards} cards,"
        what += f" {self.deaths} deaths, {self.seconds:.1f} s"
        return what if not self.broken else f"{what}\n  BROKEN {self.broken}\n  ({self.faults})"


def play(
    seed: int,
    *,
    registry: Registry,
    size: Size | None = None,
    bug: str = "",
    is_thorough: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Played:
    """Play one world to its end, with a bug planted if one is named; then it is a thorough one."""
    logging.getLogger("ampera.journal").setLevel(logging.ERROR)  # what is parked is drawn here
    opening(registry)
    begun = time.process_time()
    gc.disable()  # a world makes no garbage in rings worth the looking: a fifth of the time
    with ExitStack() as stack:
        folder = None
        if seed % FILES_EVERY == 0:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ampera-sim-")))
        if bug:
            stack.enter_context(planted(bug))
        broken = ""
        world = Province(
            seed,
            registry,
            size=size or (THOROUGH if is_thorough or bug else SMALL),
            folder=folder,
            tell=tell,
            is_thorough=is_thorough or bool(bug),
        )
        outcome = None
        try:
            outcome = world.play()
        except AssertionError as error:
            # A promise broken, or an assertion of the code itself: both tell the seed's story.
            broken = f"{type(error).__name__}: {error}"
        except (Exception, Died) as error:
            broken = f"{type(error).__name__}: {error}\n{_where(error)}"
    played = Played(
        seed=seed,
        ticks=world.tick,
        faults="; ".join(filter(None, (world.drawn.named(), world.lending.named()))),
        broken=broken,
    )
    if outcome is not None:
        played = replace(
            played,
            hash=outcome.hash,
            entries=outcome.entries,
            cards=outcome.cards,
            deaths=outcome.deaths,
        )
    gc.enable()
    gc.collect()
    return replace(played, seconds=time.process_time() - begun)


def _where(error: BaseException) -> str:
    lines = traceback.format_exception(error)
    return "".join(lines[-_STORY_LINES:])


_registry: list[Registry] = []


def play_many(
    seeds: Sequence[int], *, registry: Registry, jobs: int = 1, bug: str = ""
) -> Iterator[Played]:
    """Play these worlds on so many processes; each is given back when it ends."""
    opening(registry)  # before the fork: every process begins with it
    if jobs <= 1:
        for seed in seeds:
            yield play(seed, registry=registry, bug=bug)
        return
    _registry[:] = [registry]
    context = multiprocessing.get_context("fork")
    with context.Pool(jobs) as pool:
        yield from pool.imap_unordered(_play_one, [(seed, bug) for seed in seeds])


def _play_one(what: tuple[int, str]) -> Played:
    seed, bug = what
    return play(seed, registry=_registry[0], bug=bug)


def commit() -> str:
    """Which code this was, for whoever plays a seed again."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
