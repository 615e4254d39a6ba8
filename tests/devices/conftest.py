"""Printers to test on: each kind behind one bench, and Debian's IPP tools as outside opposites."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ampera.devices.ipp.client import IppPrinter
from ampera.devices.simulated.cards import Physical
from ampera.devices.simulated.house import PrinterConfig, printers_running
from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import (
    COOL,
    DEFAULT_MODEL,
    CardChances,
    PrinterModel,
    model_named,
)
from ampera.printing.ports import CardPrinter
from ampera.words import FixedClock

MORNING = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
CARD_PDF = b"%PDF-1.4\n% kartu contoh, SPESIMEN\n%%EOF\n"


class FastClock:
    """City time that runs `speed` times as fast as the wall's."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start = time.monotonic()

    def now(self) -> datetime:
        return MORNING + timedelta(seconds=(time.monotonic() - self._start) * self._speed)


@dataclass
class Bench:
    """A printer, a hand on its machine, and a clock that only the test moves."""

    printer: CardPrinter
    machine: Callable[[], AbstractContextManager[Machine]]
    let_pass: Callable[[float], None]  # city seconds

    def load(self, *serials: str) -> None:
        with self.machine() as machine:
            machine.load(serials)

    def power_on(self) -> None:
        with self.machine() as machine:
            machine.power_on(machine.at)

    def physical(self) -> Physical:
        with self.machine() as machine:
            return machine.physical()


@contextmanager
def memory_bench(_: Path, model: PrinterModel = COOL) -> Iterator[Bench]:
    clock = FixedClock(MORNING)
    printer = MemoryPrinter(now=clock.now(), rng=random.Random(16_71), model=model)

    def let_pass(seconds: float) -> None:
        clock.move(timedelta(seconds=seconds))
        printer.tick(clock.now())

    yield Bench(printer, lambda: nullcontext(printer.machine), let_pass)


@contextmanager
def ipp_bench(folder: Path, model: PrinterModel = COOL) -> Iterator[Bench]:
    clock = FixedClock(MORNING)
    config = PrinterConfig(port=0, data_dir=folder / "printer", model=model, seed=16_71)
    with printers_running({"16.71.02": config}, clock) as printers:
        listening = printers["16.71.02"]

        def let_pass(seconds: float) -> None:
            clock.move(timedelta(seconds=seconds))
            listening.printer.tick()

        client = IppPrinter(host="127.0.0.1", port=listening.port, answer_seconds_max=10)
        yield Bench(client, listening.printer.using, let_pass)


@pytest.fixture(params=[memory_bench, ipp_bench], ids=["memory", "ipp"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Both simulated printers, one after the other."""
    with request.param(tmp_path) as found:
        yield found


@pytest.fixture(params=[memory_bench, ipp_bench], ids=["memory", "ipp"])
def hot_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Both with the default model's heat and supplies and no mishaps; cold at first."""
    calm = replace(model_named(DEFAULT_MODEL), chances=CardChances())
    with request.param(tmp_path, calm) as found:
        yield found


@pytest.fixture
def network_bench(tmp_path: Path) -> Iterator[Bench]:
    with ipp_bench(tmp_path) as found:
        yield found


def tool(name: str, *, package: str) -> str:
    """The path of a Debian program; without it a test fails in CI and is skipped elsewhere."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is not None:
        return path
    reason = f"{name} is missing: install Debian's package {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
