"""Processes and ports: children that die with their parent, and a port that nobody else has."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Final, NoReturn

from ampera.tiers.telling import CannotError

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15
_libc = ctypes.CDLL(None, use_errno=True)

#: What stops a server; asked for by `sigtimedwait`, so that no step is torn in the middle.
STOPPING: Final = frozenset({signal.SIGINT, signal.SIGTERM})
GRACE_SECONDS: Final = 8.0


def die_with_parent(parent: int) -> None:
    """From now on this process is killed when its parent ends, however that ends."""
    if _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        os._exit(1)  # it died before we asked


def name_process(name: str) -> None:
    """What `ps` shows; fifteen letters at most."""
    _libc.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def fork(run: Callable[[], int], *, name: str) -> int:
    """Run something in a child that dies with this process; returns its process id.

    Only to be called while this process has one thread and no open database.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    _run_and_leave(run, parent=parent, name=name)


def _run_and_leave(run: Callable[[], int], *, parent: int, name: str) -> NoReturn:
    # Never back into the caller's code: that would run twice.
    code = 1
    try:
        die_with_parent(parent)
        name_process(name)
        code = run()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # the last frame of a process: whatever it was is told, then it ends
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def bind(port: int, *, address: str = "127.0.0.1") -> socket.socket:
    """A listening socket that is ours alone. Raises CannotError naming the port that is taken.

    The web server would share a taken port silently (SO_REUSEPORT), so it gets this one.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Inherited by every accepted connection: without it each page waits for the other side's
        # delayed acknowledgement, some 30 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((address, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise CannotError(
            f"Port {port} di {address} tidak dapat dipakai ({error.strerror}). Hentikan program"
            " lain di port itu, atau pilih port lain.",
            f"Port {port} on {address} cannot be used ({error.strerror}). Stop the other program on"
            " that port, or choose another port.",
        ) from None
    return listener


def probe(ports: Iterable[int], *, address: str = "127.0.0.1") -> None:
    """Raises CannotError naming the first port that is taken."""
    for port in ports:
        bind(port, address=address).close()


def stop_all(pids: Iterable[int], *, grace_seconds: float = GRACE_SECONDS) -> None:
    """Ask children to end, kill those that do not, and wait for all of them."""
    left = set(pids)
    for pid in left:
        _send(pid, signal.SIGTERM)
    until = time.monotonic() + grace_seconds
    while left and time.monotonic() < until:
        left = {pid for pid in left if not _is_over(pid)}
        if left:
            time.sleep(0.02)
    for pid in left:
        _send(pid, signal.SIGKILL)
    for pid in left:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_over(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
