"""An officer's click while a 30-day cut heals: p99 in milliseconds, beside the same in quiet.

The backlog is real: 30 days of 160 cards with twelve entries each, written into the kecamatan's own
journal while its server was down; then all of it goes up, through the dinas to the pusat, while one
officer works at the kecamatan and one at the dinas. Every fifth click writes (a number of the
queue); the others open a page. A click is the whole answer over one kept connection. All servers of
the city, dinas and pusat too, share this one machine, and each has an SQLite file.

Each officer's figure is told beside the same officer's in quiet, moments before, on this machine.
Any answer but the right one fails the run and shows the end of that server's log.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.backlog import CARDS, DAYS, ENTRIES
from bench.city import Browser, City, api, running_city
from bench.ground import Measured

CLICKS_MIN = 200
GOAL_MS = 300.0
KECAMATAN, DINAS = "16.71.02", "16.71"
PAGES = ("/hari-ini/", "/permohonan/", "/penyerahan/", "/jalur/")
NUMBER = "/hari-ini/nomor/"
WRITES_EACH = 5  #: every fifth click
PAUSE_SECONDS = 0.05  # a person does not click without pause
LOG_LINES = 40


def measure(folder: Path) -> tuple[Measured, ...]:
    with running_city(folder, offices=KECAMATAN) as city:
        quiet = _work(city, until=lambda: True)
        city.control("stop", server=KECAMATAN)
        time.sleep(2)
        _tell(f"writing {DAYS} days of {CARDS} cards")
        subprocess.run(
            [sys.executable, "-m", "bench.backlog", str(city.file.parent / KECAMATAN)],
            check=True, env={**os.environ, "AMPERA_SECOND_LOG": ""},
        )  # fmt: skip
        city.control("start", server=KECAMATAN)
        _wait_until_up(city)
        began = time.perf_counter()
        healing = _work(city, until=lambda: _unsent(city) == 0)
        took = time.perf_counter() - began
    _tell(f"{DAYS * CARDS * ENTRIES} entries healed in {took:.0f} s; load {os.getloadavg()[0]:.1f}")
    for code in quiet:
        _tell(f"{code} while it heals: {_told(healing[code])}")
        _tell(f"{code} in quiet: {_told(quiet[code])}")
    # As ratios that must be at least 1: the time that is allowed, to the time that it took.
    return tuple(
        Measured(f"allowed 300 ms / p99 click {code}", GOAL_MS, _p99(took), "ms", goal=1.0)
        for code, took in healing.items()
    )


def _work(city: City, *, until: Callable[[], bool]) -> dict[str, list[float]]:
    """Milliseconds of each click of two officers, until that holds and both clicked enough."""
    took: dict[str, list[float]] = {KECAMATAN: [], DINAS: []}
    wrong: list[BaseException] = []
    ended = threading.Event()

    def click(code: str) -> None:
        try:
            _clicks(city, code, took[code], ended)
        except BaseException as error:
            wrong.append(error)

    officers = [threading.Thread(target=click, args=(code,)) for code in took]
    for officer in officers:
        officer.start()
    while not wrong and not (until() and min(map(len, took.values())) >= CLICKS_MIN):
        time.sleep(1)
    ended.set()
    for officer in officers:
        officer.join()
    if wrong:
        raise wrong[0]
    return took


def _clicks(  # positional: as a thread takes them
    city: City, code: str, took: list[float], ended: threading.Event
) -> None:
    officer = city.officer(code, "loket")
    browser = Browser(city.server(code)["url"])
    browser.log_in(officer["login"], officer["password"])
    while not ended.is_set():
        writes = (len(took) + 1) % WRITES_EACH == 0
        page = NUMBER if writes else PAGES[len(took) % WRITES_EACH]
        began = time.perf_counter()
        status, _ = browser.ask(page, {"counter": "Loket 1"} if writes else None)
        took.append((time.perf_counter() - began) * 1000)
        if status != (302 if writes else 200):
            log = city.file.parent / code / "ampera.log"
            end = log.read_text().splitlines()[-LOG_LINES:] if log.exists() else ["(no log)"]
            raise RuntimeError("\n".join([f"{code}{page} answered {status}", *end]))
        time.sleep(PAUSE_SECONDS)


def _told(took: list[float]) -> str:
    return (
        f"p99 of {len(took)} clicks {_p99(took):.0f} ms, of pages {_p99(_pages(took)):.0f} ms,"
        f" of writes {_p99(_writes(took)):.0f} ms; longest {max(took):.0f} ms"
    )


def _p99(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.99)]


def _writes(took: list[float]) -> list[float]:
    return took[WRITES_EACH - 1 :: WRITES_EACH]


def _pages(took: list[float]) -> list[float]:
    return [each for number, each in enumerate(took, start=1) if number % WRITES_EACH]


def _tell(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def _unsent(city: City) -> int:
    told: int = api(city, KECAMATAN, "loket", path="/health")["unsent"]
    return told


def _wait_until_up(city: City) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            api(city, KECAMATAN, "loket", path="/health")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the kecamatan did not come back")
