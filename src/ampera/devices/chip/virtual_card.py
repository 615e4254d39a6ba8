"""The cards of a simulated reader behind vpcd, so that a real PC/SC stack stands before them.

vpcd (Debian's vsmartcard-vpcd) is a reader driver of pcscd that listens on a port; whoever
connects is the card. Two bytes of length, then bytes; a message of one byte is a command to the
reader: power off, power on, reset, tell the ATR. Connected means *a card lies there*.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from typing import Final

from ampera.devices.chip.memory import MemoryReader
from ampera.devices.chip.simulated import Removed, SimulatedChip

_POWER_OFF: Final = 0
_RESET: Final = 2
_TELL_ATR: Final = 4
#: How soon it is seen that a card was laid there or taken away.
_LOOK_SECONDS: Final = 0.02
#: pcscd looks for cards every 0.4 s. One that is away for less, after a command that it did not
#: answer, is never seen again; and no hand is quicker.
_AWAY_SECONDS: Final = 0.9
_HOST: Final = "127.0.0.1"


class VirtualCards(threading.Thread):
    """Connects to vpcd whenever a card lies on `reader`, and leaves when it is taken away.

    `apdu_seconds` is the time that a chip takes over each command.
    """

    def __init__(self, reader: MemoryReader, *, port: int, apdu_seconds: float = 0.0) -> None:
        super().__init__(name="virtual card", daemon=True)
        self._reader = reader
        self._port = port
        self._apdu_seconds = apdu_seconds
        self._stopping = threading.Event()
        self.commands = 0  #: commands answered since the start

    def run(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            serial = self._reader.lies_here
            if not serial or self._reader.chip(serial).is_dead:
                continue
            with contextlib.suppress(OSError), self._connected() as line:
                self._serve(line, serial=serial)
            self._stopping.wait(_AWAY_SECONDS)

    def stop(self) -> None:
        """Take the card away for good."""
        self._stopping.set()
        self.join()

    def _connected(self) -> socket.socket:
        line = socket.create_connection((_HOST, self._port), timeout=2)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def _serve(self, line: socket.socket, *, serial: str) -> None:
        """Answer until the card is taken away or vpcd goes. A torn command is never answered."""
        chip = self._reader.chip(serial)
        chip.tears_after = self._reader.take_tear()
        while not self._stopping.is_set() and self._reader.lies_here == serial:
            ready, _, _ = select.select([line], [], [], _LOOK_SECONDS)
            if not ready:
                continue
            message = _message(line)
            if not message:
                return
            try:
                answer = self._answer(chip, message)
            except Removed:
                self._reader.remove()
                return
            if answer is not None:
                line.sendall(len(answer).to_bytes(2, "big") + answer)

    def _answer(self, chip: SimulatedChip, message: bytes) -> bytes | None:
        if len(message) > 1:
            self.commands += 1
            if self._apdu_seconds:
                time.sleep(self._apdu_seconds)
            return chip.transmit(message)
        if message[0] == _TELL_ATR:
            return chip.atr
        if message[0] in (_POWER_OFF, _RESET):
            chip.power_off()
        return None


def _message(line: socket.socket) -> bytes:
    """One message; empty when the line was closed.

    Acknowledged at once: with delayed acknowledgements each command would cost 40 ms and more,
    because vpcd sends length and bytes in two packets.
    """
    size = _exactly(line, 2)
    return _exactly(line, int.from_bytes(size, "big")) if size else b""


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = line.recv(count - len(found))
        if not part:
            return b""
        found += part
    return found
