"""The encoder of the demo and of the simulated province: simulated chips, one file a card.

A chip's file changes with every command that writes, so a process that is killed in mid-write
leaves the chip torn, as a real one would be. Which card lies on the reader is a file too: web and
worker are two processes, and both outlive a restart.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ampera.devices.chip.encoder import Channel, ReaderEncoder, ReaderSeen
from ampera.devices.chip.layout import Layout, the_layout
from ampera.devices.chip.sam import SIMULATED_KEYS, SimulatedSam
from ampera.devices.chip.simulated import Removed, SimulatedChip
from ampera.printing.ports.chip import ChipUnreachable, NoChip, Sam

_ON_READER: Final = "on-reader"


@dataclass(slots=True)
class _Powered:
    """The channel to a simulated chip."""

    chip: SimulatedChip
    when_removed: Callable[[], None]

    @property
    def atr(self) -> bytes:
        return self.chip.atr

    def transmit(self, command: bytes) -> bytes:
        try:
            return self.chip.transmit(command)
        except Removed:
            self.when_removed()
            raise ChipUnreachable("the card was taken off the reader") from None


class MemoryReader:
    """A simulated reader and the hands that lay cards on it. `folder` None keeps no files."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        keys: bytes = SIMULATED_KEYS,
        layout: Layout | None = None,
    ) -> None:
        self._folder = folder
        self._keys = keys
        self._layout = layout or the_layout()
        self._chips: dict[str, SimulatedChip] = {}
        self._lies_here = ""
        self._tears_after: int | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, serial: str) -> None:
        """Lay the card made of this blank on the reader; another one is taken off first."""
        self.remove()
        if self._folder is None:
            self._lies_here = serial
        else:
            self._write(self._folder / _ON_READER, serial)

    def remove(self) -> None:
        """Take whatever lies there off the reader."""
        if self._folder is None:
            self._lies_here = ""
        else:
            (self._folder / _ON_READER).unlink(missing_ok=True)

    @property
    def lies_here(self) -> str:
        """The serial of the blank on the reader; empty when there is none."""
        if self._folder is None:
            return self._lies_here
        try:
            return (self._folder / _ON_READER).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def tear_after(self, writes: int) -> None:
        """Of the next card that is written, cut the command after so many in the middle."""
        self._tears_after = writes

    def take_tear(self) -> int | None:
        """What `tear_after` asked for, once: for who speaks to the chips in another way."""
        asked, self._tears_after = self._tears_after, None
        return asked

    def spoil(self, serial: str, **facts: Any) -> None:
        """The factory's or time's doing: `is_dead=True`, `worn={b"\\x01\\x02"}`."""
        chip = self.chip(serial)
        for name, value in facts.items():
            setattr(chip, name, value)
        self._keep(serial, chip)

    def chip(self, serial: str) -> SimulatedChip:
        """The chip in this blank, as it is now."""
        if self._folder is None:
            if serial not in self._chips:
                self._chips[serial] = self._fresh(serial)
            return self._chips[serial]
        try:
            text = self._file(serial).read_text(encoding="utf-8")
        except FileNotFoundError:
            chip = self._fresh(serial)
        else:
            chip = SimulatedChip.from_told(text, keys=self._keys, layout=self._layout)
        chip.on_write = lambda: self._keep(serial, chip)
        return chip

    def uid_of(self, serial: str) -> str | None:
        """What another reader hears of this blank's chip; None when it is dead."""
        chip = self.chip(serial)
        return None if chip.is_dead else chip.uid

    @contextmanager
    def session(self) -> Iterator[Channel]:
        """Power the chip that lies here, alone: a second process waits."""
        with self._alone():
            serial = self.lies_here
            if not serial:
                raise NoChip
            chip = self.chip(serial)
            if chip.is_dead:
                raise NoChip("what lies on the reader has no chip that answers")
            chip.tears_after, self._tears_after = self._tears_after, None
            try:
                yield _Powered(chip, self.remove)
            finally:
                self._tears_after, chip.tears_after = chip.tears_after, None
                chip.power_off()

    def look(self) -> ReaderSeen:
        serial = self.lies_here
        is_present = bool(serial) and not self.chip(serial).is_dead
        return ReaderSeen("memory", "simulasi / simulated", is_present)

    def _fresh(self, serial: str) -> SimulatedChip:
        return SimulatedChip.fresh(serial, layout=self._layout, keys=self._keys)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._folder is None:
            yield
            return
        handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _keep(self, serial: str, chip: SimulatedChip) -> None:
        if self._folder is not None:
            self._write(self._file(serial), chip.told())

    def _file(self, serial: str) -> Path:
        assert self._folder is not None
        assert serial.isalnum(), "a serial becomes a file's name"
        return self._folder / f"{serial}.json"

    def _write(self, path: Path, text: str) -> None:
        """Whole or not at all."""
        making = path.with_name(f"{path.name}.{os.getpid()}.making")
        making.write_text(text, encoding="utf-8")
        making.replace(path)


def memory_encoder(
    folder: Path | None = None, *, sam: Sam | None = None
) -> tuple[ReaderEncoder, MemoryReader]:
    """A simulated encoder, and the hands at its reader."""
    reader = MemoryReader(folder)
    return ReaderEncoder(reader, sam or SimulatedSam()), reader
