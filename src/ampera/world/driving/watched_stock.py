"""Work for a print room: residents without a card are taken in and recorded over HTTP, so many
that the printer of the office never waits for a permit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from ampera.world.driving.client import Desk, No, Silent

T = TypeVar("T")

_PAPERS: Final = ["form", "kk_copy", "presence"]
_AT_ONCE: Final = 3
_LISTED_MOST: Final = 200
_TRIES: Final = 40
_AGAIN_SECONDS: Final = 0.5
#: The dinas confirms a NIK by itself within a tick or two; nobody waits longer than this.
_CONFIRMED_SECONDS_MAX: Final = 120.0


class OutOfPeople(Exception):
    """Nobody is left who may ask for a first card."""


def surely(call: Callable[[], T | No]) -> T:
    """Call until the server answers. Raises AssertionError with a refusal: here none is due."""
    for _ in range(_TRIES):
        try:
            told = call()
        except Silent:
            time.sleep(_AGAIN_SECONDS)
            continue
        assert not isinstance(told, No), f"{told.code}: {told.detail}"
        return told
    raise AssertionError("the server does not answer")


class Recordings:
    """The counter of one office on the days before."""

    def __init__(self, loket: Desk, *, areas: Sequence[str]) -> None:
        self._loket = loket
        self._people = self._everybody(areas)
        self.recorded = 0

    def add(self, count: int, *, tell: Callable[[int], None] = lambda _: None) -> None:
        """Take in and record so many more. Raises OutOfPeople."""
        with ThreadPoolExecutor(_AT_ONCE) as hands:
            requests = list(hands.map(self._take, [self._next() for _ in range(count)]))
            for done, _ in enumerate(hands.map(self._record, requests), start=1):
                self.recorded += 1
                tell(done)

    def _next(self) -> str:
        for nik in self._people:
            return nik
        raise OutOfPeople

    def _everybody(self, areas: Sequence[str]) -> Iterator[str]:
        for area in areas:
            query = {"kelurahan": area, "has_card": "false", "most": _LISTED_MOST}
            for each in surely(lambda query=query: self._loket.get("demo/residents", **query)):  # type: ignore[misc]
                yield str(each["nik"])

    def _take(self, nik: str) -> str:
        loket = self._loket
        surely(lambda: loket.post("residents/look-up", key=f"look:{nik}", nik=nik))
        body: dict[str, Any] = {"nik": nik, "reason": "NEW", "papers": _PAPERS}
        taken = surely(lambda: loket.post("requests", key=f"take:{nik}", **body))
        request = str(taken["request"])
        surely(lambda: loket.post(f"requests/{request}/complete", key=f"complete:{request}"))
        return request

    def _record(self, request: str) -> None:
        loket, path = self._loket, f"requests/{request}"
        end = time.monotonic() + _CONFIRMED_SECONDS_MAX
        while surely(lambda: loket.get(path))["request"]["confirmed_at"] is None:
            assert time.monotonic() < end, f"{request} is not confirmed"
            time.sleep(_AGAIN_SECONDS)
        key = f"record:{request}"
        surely(lambda: loket.post(f"{path}/recording", key=key, sample=True))
