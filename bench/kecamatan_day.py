"""A day of one kecamatan through all three tiers: processor time of 160 cards, request to hand.

Real servers in processes of their own: kecamatan, dinas and pusat, each a web and a worker, with
the simulated printer beside them. Officers act over HTTP: each resident is looked up, asks, is
reported complete, is confirmed by the dinas, recorded, found unique by the centre, gets a permit
from the dinas, is printed, checked and handed over; at three of these steps the officer's page is
opened too.

Counted is the processor time of the six server processes, user and system, from the first look-up
until everything lies at the pusat. Not counted: the printer, which is simulated, and the officers.
The city's clock runs 300 times as fast, so that a card is out in less than a second; the worker's
ticks still come each second of the wall, and the ticks of the time that was waited are counted.
What the same servers cost while nobody does anything is measured before and printed beside it.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from ampera.tiers.stories.client import City as Stage
from ampera.tiers.stories.client import Problem
from bench.city import Browser, City, running_city
from bench.ground import Measured

CARDS = 160
PRINT_SECONDS = 180.0
SHARE_MAX = 0.01  #: of the time that a card takes on the printer
KECAMATAN, GUEST = "16.71.02", "16.71.17"  #: who is served there
SPEED = "300"
IDLE_SECONDS = 10.0
WAIT_SECONDS_MAX = 1800.0
PAPERS = ["form", "kk_copy", "presence"]


def measure(folder: Path, *, cards: int = CARDS) -> Measured:
    module = "bench.cardless_city"
    with running_city(folder, offices=KECAMATAN, speed=SPEED, module=module) as city:
        time.sleep(IDLE_SECONDS)  # what the start left to do
        idle = _used(city)
        time.sleep(IDLE_SECONDS)
        idle = (_used(city) - idle) / IDLE_SECONDS
        before, began = city.cpu_by_process(), time.monotonic()
        _Day(city, cards).work()
        took = time.monotonic() - began
        used = {name: each - before.get(name, 0.0) for name, each in city.cpu_by_process().items()}
    servers = {name: seconds for name, seconds in used.items() if _is_server(name)}
    total = sum(servers.values())
    for name, seconds in sorted(servers.items()):
        _tell(f"{name:14} {seconds:7.1f} s of processor time")
    _tell(
        f"{cards} cards in {took:.0f} s: {total:.1f} s CPU, {total / cards * 1000:.0f} ms a card,"
    )
    _tell(f"{total / cards / PRINT_SECONDS:.2%} of the {PRINT_SECONDS:.0f} s on the printer;")
    _tell(f"the same servers with nothing to do: {idle * 1000:.0f} ms CPU a second")
    # As a ratio that must be at least 1: the time that is allowed, to the time that it took.
    allowed = PRINT_SECONDS * SHARE_MAX * 1000
    return Measured(
        "allowed 1.8 s CPU / s CPU a card", allowed, total / cards * 1000, "ms", goal=1.0
    )


class _Day:
    """The officers of one kecamatan: every resident a step further, as far as the servers are."""

    def __init__(self, city: City, cards: int) -> None:  # positional: a place and its work
        self._cards = cards
        stage = Stage(city.file)
        self._loket, self._cetak = (stage.desk(KECAMATAN, login=who) for who in ("loket", "cetak"))
        self._kepala = stage.desk(KECAMATAN, login="kepala")
        self._screens = {who: _signed_in(city, who) for who in ("loket", "cetak")}
        self._above = [stage.desk(code, login="loket") for code in ("16.71",)]
        self._done = 0

    def work(self) -> None:
        requests = deque(self._take_all())
        _tell(f"{len(requests)} requests taken and reported complete")
        self._record_all(requests)
        _tell("all recorded")
        end = time.monotonic() + WAIT_SECONDS_MAX
        told = 0
        while self._done < self._cards:
            assert time.monotonic() < end, f"{self._done} of {self._cards} cards in {end:.0f} s"
            self._print()
            self._hand_over()
            if self._done >= told + self._cards // 8:
                told = self._done
                _tell(f"{told} of {self._cards} cards handed over")
            time.sleep(1)
        for desk in (self._loket, *self._above):
            _wait(lambda desk=desk: desk.get("health")["unsent"] == 0)

    def _take_all(self) -> Iterator[str]:
        found: list[str] = []
        for area in (KECAMATAN, GUEST):
            people = self._loket.get("demo/residents", kelurahan=area, has_card="false", most=500)
            for person in people[: self._cards - len(found)]:
                self._loket.post("residents/look-up", nik=person["nik"])
                taken = self._loket.post("requests", nik=person["nik"], reason="NEW", papers=PAPERS)
                self._loket.post(f"requests/{taken['request']}/complete")
                self._open("loket", "/hari-ini/")
                found.append(taken["request"])
        assert len(found) == self._cards, f"only {len(found)} residents may come"
        yield from found

    def _record_all(self, requests: deque[str]) -> None:
        """Whoever the dinas has not confirmed yet waits a little longer."""
        end = time.monotonic() + WAIT_SECONDS_MAX
        while requests:
            try:
                self._loket.post(f"requests/{requests[0]}/recording", sample=True)
                requests.popleft()
            except Problem as no:
                if no.code != "enrolment.not_confirmed" or time.monotonic() > end:
                    raise
                time.sleep(1)

    def _print(self) -> None:
        """Start a run for every permit that is here; nothing while a run is on."""
        waiting = len(self._cetak.get("permits"))
        if waiting:
            code = self._cetak.refused("runs", cards=waiting)
            assert code in ("", "printing.run_is_on"), code

    def _hand_over(self) -> None:
        for card in self._cetak.get("cards/to-check"):
            self._cetak.post(f"cards/{card['card']}/chip")
            self._cetak.post(f"cards/{card['card']}/check", result="READY")
            self._open("cetak", "/cetak/")
            self._loket.post(
                f"cards/{card['card']}/hand-over",
                to="HOLDER",
                verified="EXCEPTION",
                exception="NO_MATCHER",
                witness=self._kepala.credentials,
            )
            self._open("loket", "/penyerahan/")
            self._done += 1

    def _open(self, who: str, page: str) -> None:
        status, _ = self._screens[who].ask(page)
        assert status == 200, f"{page} answered {status}"


def _signed_in(city: City, login: str) -> Browser:
    officer = city.officer(KECAMATAN, login)
    browser = Browser(city.server(KECAMATAN)["url"])
    browser.log_in(officer["login"], officer["password"])
    return browser


def _wait(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS_MAX
    while not is_so():
        assert time.monotonic() < end, "the servers did not get on with it"
        time.sleep(1)


def _is_server(name: str) -> bool:
    return name.removeprefix("web ")[:2].isdigit()


def _used(city: City) -> float:
    return sum(each for name, each in city.cpu_by_process().items() if _is_server(name))


def _tell(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
