"""Keeps the processes of a city alive: forks them, watches them, starts a dead one after two
seconds.

One thread and no database, so that forking stays safe at any time. Everything is done in one loop
that waits for signals, for the control's requests and for time.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ampera.tiers import processes

RESTART_SECONDS: Final = 2.0
#: A member that ends by itself sooner than this after its start waits twice as long each time:
#: whatever is in its way is still there. One that was killed is back after two seconds.
SHORT_LIFE_SECONDS: Final = 10.0
RESTART_SECONDS_MAX: Final = 60.0
LOOP_SECONDS: Final = 0.5


class State(StrEnum):
    """How a member of the city is."""

    RUNNING = "running"
    DEAD = "dead"  #: is started again in a moment
    STOPPED = "stopped"  #: by somebody; stays so until it is started
    ENDED = "ended"  #: by itself, and it was to be so


@dataclass(slots=True)
class Member:
    """One process that the supervisor keeps."""

    name: str
    run: Callable[[], int]
    pid: int = 0
    state: State = State.STOPPED
    start_at: float = 0.0
    restarts: int = -1  #: the first start is none
    started_at: float = 0.0
    short_lives: int = 0
    #: It has an end; when that has come it is not started again.
    has_end: bool = False

    def wait_seconds(self, *, now: float, was_killed: bool) -> float:
        """How long to wait after a death at this moment."""
        is_short = not was_killed and now - self.started_at < SHORT_LIFE_SECONDS
        self.short_lives = self.short_lives + 1 if is_short else 0
        doubled = RESTART_SECONDS * 2 ** max(0, self.short_lives - 1)
        return min(doubled, RESTART_SECONDS_MAX)


@dataclass(slots=True)
class Supervisor:
    """The parent of all processes of a city."""

    members: dict[str, Member] = field(default_factory=dict)
    #: Called after every start and death: the process ids in city.json follow.
    on_change: Callable[[], None] = lambda: None
    #: Called each half second or so.
    on_loop: Callable[[], None] = lambda: None
    _is_stopping: bool = False
    _wake: tuple[socket.socket, socket.socket] | None = None
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def add(  # positional: a pair
        self, name: str, run: Callable[[], int], *, has_end: bool = False
    ) -> None:
        """Keep one more process; it is started by `start`."""
        self.members[name] = Member(name, run, has_end=has_end)

    def end(self) -> None:
        """Leave the loop, as a signal would."""
        self._is_stopping = True

    def start(self, name: str) -> None:
        """Start a member that does not run; nothing happens when it does."""
        member = self.members[name]
        if member.pid:
            return
        # A signal that comes between the fork and the child's first line must not be lost in it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, (*processes.STOPPING, signal.SIGCHLD))
        try:
            member.pid = processes.fork(lambda: self._run(member, mask), name=name)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        member.state = State.RUNNING
        member.started_at = time.monotonic()
        member.restarts += 1

    def stop(self, name: str) -> None:
        """End a member properly; it stays down until it is started."""
        member = self.members[name]
        member.state = State.STOPPED
        if member.pid:
            processes.stop_all([member.pid])
            member.pid = 0
        self.on_change()

    def kill(self, name: str) -> None:
        """SIGKILL, as a power cut would; it is started again after two seconds."""
        member = self.members[name]
        if member.pid:
            os.kill(member.pid, signal.SIGKILL)

    def listen(  # positional: a pair
        self, listener: socket.socket, answer: Callable[[socket.socket], None]
    ) -> None:
        """Answer connections to this socket from within the loop."""
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, answer)

    def catch_signals(self) -> None:
        """From now on SIGINT and SIGTERM end the loop. The main thread only."""
        reading, writing = socket.socketpair()
        for each in (reading, writing):
            each.setblocking(False)
        self._wake = (reading, writing)
        signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        for number in (*processes.STOPPING, signal.SIGCHLD):
            signal.signal(number, self._note_signal)
        self._selector.register(reading, selectors.EVENT_READ, None)

    @property
    def is_stopping(self) -> bool:
        return self._is_stopping

    def loop(self) -> None:
        """Watch until a signal says stop."""
        while not self._is_stopping:
            self.turn()

    def turn(self, *, wait_seconds: float = LOOP_SECONDS) -> None:
        """Once: wait for something, bury the dead, start again what is due."""
        self._wait(wait_seconds)
        self._bury()
        if not self._is_stopping:
            self._raise_dead()
        self.on_loop()

    def stop_everything(self) -> None:
        """End all members, the printers with them."""
        processes.stop_all([each.pid for each in self.members.values() if each.pid])
        for member in self.members.values():
            member.pid, member.state = 0, State.STOPPED

    def _note_signal(self, number: int, _: object) -> None:
        if number in processes.STOPPING:
            self._is_stopping = True

    def _run(self, member: Member, mask: set[int]) -> int:
        """In the child: nothing of the parent's signals and sockets stays."""
        signal.set_wakeup_fd(-1)
        for number in (*processes.STOPPING, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        for key in list(self._selector.get_map().values()):
            with contextlib.suppress(OSError):
                os.close(key.fd)
        if self._wake is not None:
            with contextlib.suppress(OSError):
                self._wake[1].close()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        return member.run()

    def _wait(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    while key.fileobj.recv(512):  # type: ignore[union-attr]
                        pass
                continue
            with contextlib.suppress(OSError):
                connection, _ = key.fileobj.accept()  # type: ignore[union-attr]
                key.data(connection)

    def _bury(self) -> None:
        """Take note of members that have died."""
        for member in self.members.values():
            if not member.pid:
                continue
            pid, status = os.waitpid(member.pid, os.WNOHANG)
            if pid != member.pid:
                continue
            member.pid = 0
            if member.has_end:
                member.state = State.ENDED
            elif member.state is State.RUNNING:
                member.state = State.DEAD
                now = time.monotonic()
                was_killed = os.WIFSIGNALED(status)
                member.start_at = now + member.wait_seconds(now=now, was_killed=was_killed)
            self.on_change()

    def _raise_dead(self) -> None:
        for member in self.members.values():
            if member.state is State.DEAD and time.monotonic() >= member.start_at:
                self.start(member.name)
                self.on_change()
