"""Many simulated printers in one process: one thread listens and ticks, one more a connection.

A printer whose power is off does not listen, so that a client is refused as by a dark machine. The
state is on disk after every change: the process may be killed at any moment.
"""

from __future__ import annotations

import selectors
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from ampera.devices.ipp.server import serve_connection
from ampera.devices.simulated.hands import UnknownCommand, obey
from ampera.devices.simulated.printer import PrinterConfig, SimulatedPrinter
from ampera.devices.simulated.site import PrinterSite
from ampera.words import Clock

TICK_SECONDS: Final = 0.2  # wall time
LOOPBACK: Final = "127.0.0.1"
_BACKLOG: Final = 16


class ListeningPrinter:
    """A simulated printer with its port.

    The port is taken before the state is touched: a second process on one printer fails at once and
    writes nothing. Raises OSError.
    """

    def __init__(
        self, name: str, *, config: PrinterConfig, clock: Clock, selector: selectors.BaseSelector
    ) -> None:
        self.port = config.port
        self._selector = selector
        self._socket: socket.socket | None = None
        self._listen()
        try:
            self.printer = SimulatedPrinter(name=name, config=config, clock=clock)
        except BaseException:
            self.close()
            raise
        self._site = PrinterSite(self.printer, port=self.port)
        self.printer.on_power_change(self._follow_power)

    def accept(self) -> None:
        """Serve one waiting connection on a thread of its own."""
        listener = self._socket
        if listener is None:
            return
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # the caller gave up, or the power went
        connection.setblocking(True)
        threading.Thread(
            target=serve_connection, args=(connection, self._site), daemon=True
        ).start()

    def close(self) -> None:
        """Stop listening."""
        listener, self._socket = self._socket, None
        if listener is not None:
            self._selector.unregister(listener)
            listener.close()

    def _listen(self) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((LOOPBACK, self.port))
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        self._socket = listener
        self._selector.register(listener, selectors.EVENT_READ, self)

    def _follow_power(self) -> None:
        with self.printer.using() as machine:
            is_powered = machine.is_powered
        if is_powered and self._socket is None:
            self._listen()
        elif not is_powered:
            self.close()


class PrinterHouse:
    """All printers of one process. Raises OSError when a port is taken."""

    def __init__(self, printers: Mapping[str, PrinterConfig], clock: Clock) -> None:
        self._selector = selectors.DefaultSelector()
        self.printers: dict[str, ListeningPrinter] = {}
        self._stopping = threading.Event()
        self._bell, self._bell_rope = socket.socketpair()
        self._selector.register(self._bell, selectors.EVENT_READ)
        try:
            for name, config in printers.items():
                self.printers[name] = ListeningPrinter(
                    name, config=config, clock=clock, selector=self._selector
                )
        except BaseException:
            self.close()
            raise

    def run(self) -> None:
        """Listen and tick until `stop` is called from another thread."""
        while not self._stopping.is_set():
            for key, _ in self._selector.select(TICK_SECONDS):
                if key.data is not None:
                    key.data.accept()
            for listening in self.printers.values():
                try:
                    obey(listening.printer)
                except UnknownCommand as wrong:
                    sys.stderr.write(f"{listening.printer.name}: {wrong}\n")
                listening.printer.tick()

    def stop(self) -> None:
        """End `run` at once."""
        self._stopping.set()
        self._bell_rope.send(b"!")

    def close(self) -> None:
        """Free the ports."""
        for listening in self.printers.values():
            listening.close()
        self._bell.close()
        self._bell_rope.close()
        self._selector.close()


def serve_printers(  # positional: a pair
    printers: Mapping[str, PrinterConfig], clock: Clock
) -> None:
    """Run the printers of these offices until the process is killed. Never returns.

    Starting is switching on: a printer that died in mid-card tells that job as aborted, and a power
    cut that was simulated before is over. Raises OSError when a port is taken.
    """
    house = PrinterHouse(printers, clock)
    try:
        house.run()
    finally:
        house.close()


# positional: a pair
@contextmanager
def printers_running(  # positional: a pair
    printers: Mapping[str, PrinterConfig], clock: Clock
) -> Iterator[Mapping[str, ListeningPrinter]]:
    """The same on a thread of this process, for tests; port 0 takes a free one."""
    house = PrinterHouse(printers, clock)
    thread = threading.Thread(target=house.run, name="printers")
    thread.start()
    try:
        yield house.printers
    finally:
        house.stop()
        thread.join()
        house.close()
