"""Servers to measure on: the real code on SQLite files with a full sync, as a kecamatan runs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from django.core.management import call_command
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from ampera.journal.house import House, acting_in
from ampera.journal.keys import ServerKey
from ampera.journal.models import Incarnation
from ampera.journal.registry import ChainType, Registry, Row
from ampera.journal.second_log import MemorySecondLog
from ampera.tiers.database import SQLITE_OPTIONS
from ampera.words import OfficeCode, SystemIds, Tier, WallClock


@dataclass(frozen=True, slots=True)
class Measured:
    """One comparison: ours against a yardstick, in the same run on the same machine."""

    name: str
    ours: float
    yardstick: float
    unit: str
    goal: float  #: the ratio that is asked for

    @property
    def ratio(self) -> float:
        return self.ours / self.yardstick


def plain_registry() -> Registry:
    """Two kinds without projections: what the journal itself costs."""
    registry = Registry()
    registry.add_rows([Row("bench.noted/1", Tier.KECAMATAN, ChainType.UP, "")])
    return registry


@contextmanager
def server(code: str, *, folder: Path, keys: dict[str, ServerKey]) -> Iterator[House]:
    """A server of its own on an SQLite file, opened as Django's default."""
    file = folder / f"{code}.sqlite3"
    settings = {
        **connections["default"].settings_dict,
        "NAME": str(file),
        "OPTIONS": SQLITE_OPTIONS,
    }
    wrapper = DatabaseWrapper(settings, alias="default")
    before = connections["default"]
    connections["default"] = wrapper
    is_new = not file.exists()
    if is_new:
        call_command("migrate", verbosity=0, interactive=False)
    clock = WallClock()
    house = House(
        code=OfficeCode(code),
        incarnation=1,
        key=keys[code],
        clock=clock,
        ids=SystemIds(clock),
        registry=plain_registry(),
        second_log=MemorySecondLog(),
        is_demo=True,
    )
    if is_new:
        for office, key in keys.items():
            Incarnation.objects.create(
                name=f"{office}@1", office=office, number=1, public_key=key.public_hex
            )
    try:
        with acting_in(house):
            yield house
    finally:
        wrapper.close()
        connections["default"] = before


def in_turn(
    first: Callable[[], float], second: Callable[[], float], *, rounds: int = 5
) -> tuple[float, float]:
    """Run both in turn, so that a machine that slows down slows both; the medians."""
    ours, yardstick = [], []
    for _ in range(rounds):
        ours.append(first())
        yardstick.append(second())
    return median(ours), median(yardstick)


def rate(work: Callable[[int], None], *, count: int) -> float:
    """How many times a second."""
    began = time.perf_counter()
    for number in range(count):
        work(number)
    return count / (time.perf_counter() - began)


def chance() -> Random:
    return Random(1671)
