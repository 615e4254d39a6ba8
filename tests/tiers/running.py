"""`ampera up` as a person runs it, seen from outside: a process, its output, its ports."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Self

OFFICES: Final = ("16.71.02", "16.71.06")
CODES: Final = ("00", "16.71", *OFFICES)
_OFFSETS: Final = (0, 2, 6, 13, 50, 90, 100, 102, 106, 113)
UP_SECONDS_MAX: Final = 180.0
#: Servers of tests look five times a second at what is to be done: nobody waits for the next tick.
QUICK: Final = {"AMPERA_TICK_SECONDS": "0.2"}


def free_base_port() -> int:
    """A base port from which every port of this city is free."""
    for _ in range(200):
        base = random.randrange(20_000, 32_000)
        if all(_is_free(base + offset) for offset in _OFFSETS):
            return base
    raise AssertionError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def ampera(*arguments: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Start the command line; stderr and stdout come together."""
    return subprocess.Popen(
        [sys.executable, "-m", "ampera", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **QUICK, **(env or {})},
        start_new_session=True,
    )


def finished(*arguments: str, seconds_max: float = 120) -> tuple[int, str]:
    """Run a command to its end: exit code and all that it said."""
    process = ampera(*arguments)
    said, _ = process.communicate(timeout=seconds_max)
    return process.returncode, said


def wait_until(is_so: Callable[[], bool], *, seconds_max: float = 60) -> None:
    until = time.monotonic() + seconds_max
    while not is_so():
        assert time.monotonic() < until, f"not so after {seconds_max} s"
        time.sleep(0.05)


def ask(
    url: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: Any = None
) -> tuple[int, Any]:
    """(status, JSON) of one request; (0, None) when nobody answers."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, f"/{path}", body=sent, headers=headers or {})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read() or "null")
    except (OSError, http.client.HTTPException):
        return 0, None
    finally:
        connection.close()


class RunningCity:
    """A city in processes. Leaving it kills whatever is left."""

    def __init__(self, data: Path, *, offices: Sequence[str] = OFFICES) -> None:
        self.data = data
        self.base = free_base_port()
        self.process = ampera(
            *("up", "--data", str(data), "--base-port", str(self.base)),
            *("--offices", ",".join(offices), "--speed", "60", "--no-activity"),
        )
        self.said = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        left = self.pids() if self.process.poll() is None else []
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        wait_until(lambda: not any(map(is_alive, left)))

    def wait_until_up(self, *, seconds_max: float = UP_SECONDS_MAX) -> None:
        """Until it printed its table. Fails at once when it ended before."""
        os.set_blocking(self.process.stdout.fileno(), False)
        until = time.monotonic() + seconds_max
        while "Ctrl-C" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            with contextlib.suppress(TypeError):
                self.said += self.process.stdout.read() or ""
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    @property
    def file(self) -> dict[str, Any]:
        return json.loads((self.data / "city.json").read_text())

    def server(self, code: str) -> dict[str, Any]:
        return next(each for each in self.file["servers"] if each["code"] == code)

    def url(self, code: str, path: str = "healthz") -> str:
        return f"{self.server(code)['url']}/{path}"

    def answers(self, code: str) -> bool:
        return ask(self.url(code))[0] == 200

    def control(self, path: str, *, method: str = "POST") -> tuple[int, Any]:
        return ask(f"{self.file['control']}{path}", method=method)

    def status_of(self, code: str) -> dict[str, Any]:
        _, status = self.control("/", method="GET")
        return next(each for each in status["servers"] if each["code"] == code)

    def pids(self) -> list[int]:
        """The supervisor and all that came from it."""
        return [self.process.pid, *descendants(self.process.pid)]


def is_alive(pid: int) -> bool:
    """Does it run? What only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """Children, and theirs."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *descendants(child)]
    return found
