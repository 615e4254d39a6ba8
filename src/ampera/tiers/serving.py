"""One server as two processes: this one ticks and watches, its child answers the web.

They share the database and nothing else. The child dies with this process; when the child dies it
is started again after two seconds.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ampera.tiers import processes
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.words.clock import Clock

RESTART_SECONDS: Final = 2.0
#: Where ticks are short, everything is done after so many of them.
_TICKS_A_ROUND: Final = 10


@dataclass(frozen=True, slots=True)
class Serving:
    """How one server is to run."""

    folder: ServerFolder
    address: str = "127.0.0.1"
    port: int | None = None
    clock: Clock | None = None
    #: Wall seconds between two ticks; None: as every server. A city whose clock runs very fast
    #: needs shorter ones where it prints.
    tick_seconds: float | None = None


def run_server(serving: Serving, *, when_up: Callable[[], None] = lambda: None) -> int:
    """Run web and worker until SIGINT or SIGTERM; returns the exit code. Raises CannotError.

    The folder is held from the first moment; the port is tried before anything is opened.
    """
    from ampera.tiers.faults import log_to
    from ampera.tiers.opening import become, open_server

    # Asked for by `sigtimedwait` between two ticks, so that no step is torn in the middle.
    signal.pthread_sigmask(signal.SIG_BLOCK, processes.STOPPING)
    serving.folder.lock()
    become(serving.folder, serving.folder.read())
    from ampera.tiers.doors import open_doors

    server = open_server(serving.folder, clock=serving.clock)
    open_doors(serving.folder, server=server)
    log_to(serving.folder.log)
    port = serving.port or server.port
    processes.probe([port], address=serving.address)
    web = _Web(serving, server, port)
    web.start()
    when_up()
    try:
        return _tick_until_stopped(serving, server, web)
    finally:
        processes.stop_all([web.pid] if web.pid else [])


class _Web:
    """The child that answers."""

    def __init__(self, serving: Serving, server: ServerFile, port: int) -> None:
        self._serving, self._server, self._port = serving, server, port
        self.pid = 0
        self._start_at = 0.0

    def start(self) -> None:
        from django.db import connections

        connections.close_all()  # a connection must not be shared by two processes
        name = f"web {self._server.code}"
        self.pid = processes.fork(self._run, name=name)

    def watch(self) -> None:
        """Note a dead child, and start the next one two seconds later."""
        if self.pid:
            if os.waitpid(self.pid, os.WNOHANG)[0] == self.pid:
                self.pid, self._start_at = 0, time.monotonic() + RESTART_SECONDS
        elif time.monotonic() >= self._start_at:
            self.start()

    def _run(self) -> int:
        from ampera.tiers.web import serve_web

        signal.pthread_sigmask(signal.SIG_UNBLOCK, processes.STOPPING)
        return serve_web(processes.bind(self._port, address=self._serving.address))


def _tick_until_stopped(serving: Serving, server: ServerFile, web: _Web) -> int:
    from django.conf import settings

    from ampera.sync.restoring import compare_anew
    from ampera.tiers.parts import make_worker
    from ampera.tiers.restored import refuse_restored

    folder, every_seconds = serving.folder, serving.tick_seconds or float(settings.TICK_SECONDS)
    worker = make_worker(folder, server=server)
    if serving.tick_seconds is not None:
        worker.full_seconds = min(worker.full_seconds, _TICKS_A_ROUND * every_seconds)
    # Nothing is printed or granted before what is known above was compared (architecture §4).
    if worker.link is not None:
        compare_anew()
        worker.ask_above()
    gc.freeze()
    # Servers of one city started together: each finds its own place within the second.
    next_at = time.monotonic() + (os.getpid() % 17) / 17
    while True:
        if _is_behind():
            # Seen when others were asked. From now on this server is one that has to join anew.
            refuse_restored(folder, server=server)
        wait = max(0.0, next_at - time.monotonic())
        if signal.sigtimedwait(processes.STOPPING, wait) is not None:
            return 0
        next_at = max(next_at + every_seconds, time.monotonic())
        web.watch()
        worker.tick()


def _is_behind() -> bool:
    """Do others hold more of this server than it does? A database that does not answer now is the
    next tick's matter."""
    from django.db import DatabaseError

    from ampera.journal.marks import chains_behind

    try:
        return bool(chains_behind())
    except DatabaseError:
        return False
