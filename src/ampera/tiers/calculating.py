"""Long calculations of the plan, beside the worker: each in a process of its own.

Neither the pages nor the ticks wait for one. What the child says lies in a nameless file that is
read a little each tick; when the server ends, the child ends with it, and the next server finds the
calculation under way, says that it was stopped, and lets it be started again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Final

from ampera.planning.actions.calculations import (
    Taken,
    finish_calculation,
    forget_old_calculations,
    note_progress,
    stop_calculation,
    stop_those_of_before,
    take_calculation,
)
from ampera.planning.queries.calculations import is_still_running
from ampera.planning.rules.calculations import Limits, limits_policy
from ampera.register.queries import local_day
from ampera.words.clock import WallClock

#: More than a long scenario's answer has by far.
_ANSWER_MAX: Final = 4_000_000
_FORGET_SECONDS: Final = 3600.0
#: Libraries of numbers would otherwise start a thread a core and take them all.
_ONE_THREAD: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(slots=True)
class _Child:
    """One calculation under way."""

    taken: Taken
    process: subprocess.Popen[bytes]
    said: IO[bytes]
    began: float
    read_to: int = 0
    rest: bytes = b""
    progress: tuple[int, int] = (0, 0)
    answer: dict[str, Any] | None = None

    def listen(self) -> bool:
        """Read what it said since; is there anything new?"""
        raw = os.pread(self.said.fileno(), _ANSWER_MAX, self.read_to)
        self.read_to += len(raw)
        *lines, self.rest = (self.rest + raw).split(b"\n")
        for line in lines:
            word, _, more = line.decode().partition(" ")
            if word == "progress":
                done, parts = more.split()
                self.progress = (int(done), int(parts))
            elif word == "answer":
                self.answer = json.loads(more)
        return bool(lines)

    def end(self) -> None:
        """Kill it if it lives, and leave nothing of it."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.said.close()


@dataclass(slots=True)
class Calculating:
    """A step of the worker: listens to the calculations under way and begins the next ones."""

    wall: Callable[[], datetime] = WallClock().now
    monotonic: Callable[[], float] = time.monotonic
    limits: Callable[[], Limits] = field(default=lambda: limits_policy().on(local_day()))
    _children: list[_Child] = field(default_factory=list)
    _is_begun: bool = False
    _forget_at: float = 0.0

    def step(self) -> None:
        """One look; takes milliseconds, whatever is computed."""
        limits, now = self.limits(), self.wall()
        if not self._is_begun:
            stop_those_of_before(now=now)
            self._is_begun = True
        for child in list(self._children):
            if self._look(child, now=now, limits=limits):
                self._children.remove(child)
                child.end()
        while len(self._children) < limits.at_once:
            taken = take_calculation(now=now)
            if taken is None:
                break
            self._children.append(self._begin(taken))
        if self.monotonic() >= self._forget_at:
            self._forget_at = self.monotonic() + _FORGET_SECONDS
            forget_old_calculations(now=now, limits=limits)

    def end(self) -> None:
        """Kill whatever is under way; the next server says so."""
        while self._children:
            self._children.pop().end()

    def _begin(self, taken: Taken) -> _Child:
        question = {
            "scenario": taken.scenario,
            "replications": taken.replications,
            "seed": taken.seed,
        }
        said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        with tempfile.TemporaryFile() as asked:
            asked.write(json.dumps(question).encode())
            asked.seek(0)
            process = subprocess.Popen(  # noqa: S603 - our own program, its question on its input
                [sys.executable, "-m", "ampera.tiers.calculation", str(os.getpid())],
                stdin=asked,
                stdout=said,
                env={**os.environ, **_ONE_THREAD},
            )
        return _Child(taken, process, said, self.monotonic())

    def _look(self, child: _Child, *, now: datetime, limits: Limits) -> bool:
        """Note what one child came to; is it over?"""
        is_ended = child.process.poll() is not None
        is_news = child.listen()
        if child.answer is not None:
            finish_calculation(child.taken, answer=child.answer, now=now)
            return True
        if is_ended:
            stop_calculation(child.taken, why="broken", now=now)
            return True
        if self.monotonic() - child.began > limits.seconds:
            stop_calculation(child.taken, why="too_long", now=now)
            return True
        if is_news:
            done, parts = child.progress
            return not note_progress(child.taken, done=done, parts=parts, now=now)
        return not is_still_running(child.taken.key, started_at=child.taken.started_at)
