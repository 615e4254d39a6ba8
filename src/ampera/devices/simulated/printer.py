"""A simulated printer that lives in real time: the machine behind a lock, with a clock and a spool.

Requests, hands and the ticking thread all come in through `using`: time is brought up to date
first, and whatever changed is kept before anyone is told.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ampera.devices.chip.memory import MemoryReader
from ampera.devices.simulated.cards import Physical
from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.model import COOL, ROOM_CELSIUS_TYPICAL, PrinterModel
from ampera.devices.simulated.spool import Spool
from ampera.words import Clock


@dataclass(frozen=True, slots=True)
class PrinterConfig:
    """Where one simulated printer listens and keeps its state.

    `port` 0 takes a free port (tests). `blanko_at_first_start` unlabelled blanks lie in the hopper
    of a printer that has no state yet. `print_seconds` is city time and overrules the model's own.
    `seed` decides all chance of the model; `is_warm_at_first_start` spares the first warm-up.
    `chips` is where the office's simulated encoder keeps its chips: the reader inside hears those.
    """

    port: int
    data_dir: Path
    blanko_at_first_start: int = 0
    print_seconds: float | None = None
    model: PrinterModel = COOL
    seed: int = 0
    room_celsius: float = ROOM_CELSIUS_TYPICAL
    is_warm_at_first_start: bool = False
    chips: Path | None = None


class SimulatedPrinter:
    """One printer of one office. Starting it is switching it on: power comes back if it was cut."""

    def __init__(self, *, name: str, config: PrinterConfig, clock: Clock) -> None:
        self.name = name
        self.config = config
        self._clock = clock
        self._lock = threading.RLock()
        self._spool = Spool(config.data_dir)
        self._when_power_changes: Callable[[], None] = lambda: None
        self._machine = Machine(
            uuid=str(uuid.uuid4()),
            now=clock.now(),
            print_seconds=config.print_seconds,
            model=config.model,
            seed=config.seed,
        )
        if config.chips is not None:
            self._machine.chip_of = MemoryReader(config.chips).uid_of
        if not self._spool.load(self._machine):
            self._machine.set_room(config.room_celsius)
            if config.is_warm_at_first_start:
                self._machine.stand_warm()
            else:
                self._machine.stand_cold()
            count = config.blanko_at_first_start
            self._machine.load(f"BLANKO-{number:06d}" for number in range(1, count + 1))
        self._spool.save(self._machine)

    @contextmanager
    def using(self) -> Iterator[Machine]:
        """The machine, for this thread alone, at the present time. Changes are kept on leaving."""
        with self._lock:
            was_powered = self._machine.is_powered
            self._machine.advance(self._clock.now())
            try:
                yield self._machine
            finally:
                self._spool.save(self._machine)
                if self._machine.is_powered != was_powered:
                    self._when_power_changes()

    def tick(self) -> None:
        """Let time pass."""
        with self.using():
            pass

    def physical(self) -> Physical:
        """What lies where, now."""
        with self.using() as machine:
            return machine.physical()

    def power_on(self) -> None:
        """Switch on; the job that the cut befell is told as aborted."""
        with self.using() as machine:
            machine.power_on(self._clock.now())

    def on_power_change(self, follow: Callable[[], None]) -> None:
        """Call `follow` whenever the power has come or gone; it runs under the printer's lock."""
        self._when_power_changes = follow
