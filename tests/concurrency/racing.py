"""Two officers at one moment: a real server on PostgreSQL, and threads that meet where it hurts."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from django.db import connection

from ampera.journal.house import House, acting_in
from ampera.journal.keys import ServerKey
from ampera.journal.models import Incarnation
from ampera.journal.second_log import MemorySecondLog
from ampera.tiers.wiring import make_registry
from ampera.words import FixedClock, OfficeCode, SeededIds
from tests.houses import START

MEET_SECONDS_MAX = 3


@contextlib.contextmanager
def acting_as(code: str) -> Iterator[House]:
    """A server of that code on the database that is Django's default now; threads act as it too."""
    clock = FixedClock(START)
    made = House(
        code=OfficeCode(code),
        incarnation=1,
        key=ServerKey.from_seed(b"r" * 32),
        clock=clock,
        ids=SeededIds(clock, Random(1)),
        registry=make_registry(),
        second_log=MemorySecondLog(),
        is_demo=True,
    )
    Incarnation.objects.create(
        name=f"{code}@1", office=code, number=1, public_key=made.key.public_hex
    )
    with acting_in(made):
        yield made


class Meeting:
    """A point at which two threads wait for each other, each once: both have read, none has
    written."""

    def __init__(self, parties: int = 2) -> None:
        self._barrier = threading.Barrier(parties)
        self._been = threading.local()

    def wait(self) -> None:
        if getattr(self._been, "here", False):
            return
        self._been.here = True
        # Where the code under test keeps the other out until we are done, nobody comes: go on.
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(timeout=MEET_SECONDS_MAX)

    def after(self, read: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, but its caller waits for the other one before it goes on."""

        def meeting(*args: Any, **kwargs: Any) -> Any:
            found = read(*args, **kwargs)
            self.wait()
            return found

        return meeting


def race(*runs: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each on its own connection; what each said, in their order."""
    gate = threading.Barrier(len(runs))
    said: list[object] = [None] * len(runs)

    def one(place: int, run: Callable[[], object]) -> None:
        gate.wait()
        try:
            said[place] = run()
        except Exception as error:  # a defect in a thread must fail the test, not vanish
            said[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for each in said:
        if isinstance(each, Exception):
            raise each
    return said
