"""The public status by ticket code, against the same look-up in a bare granian handler.

Both sides answer `POST /status/` with a receipt's code, one question after the other, each over a
connection of its own, as it comes from somebody's telephone; from the same SQLite file of a running
city's dinas, while that city runs beside them. Both run the same four statements (the facts of the
request, the places of its entries, the offices that its page names, the day that was promised) with
the same values and send the same page, byte for byte; the page is asked for without compression.

Counted is the processor time of the answering process alone, not the client's and not what others
on the machine take: answers a second of it, the best of thirty rounds in turn for either side,
because others can only slow a round down.

Ours is the dinas of `ampera up`: granian, the guards of every answer, the reading of the form, what
the facts mean (state, reasons to wait, how far it has got), and the page. The yardstick is
`bench/bare_app.py` under granian's own launcher: it takes the meaning of the facts as known and
puts one word into a finished page.

Over one kept connection the ratio is about a third: there the yardstick has almost nothing left to
do. Of our own processor time about a quarter is granian and Django's handler, a quarter the
statements, the rest what the facts mean and the page.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ampera.appointments.queries import BY_TICKET
from ampera.delivery.queries import facts
from ampera.register.queries.directory import offices_statement
from bench.city import City, api, free_port, running_city
from bench.ground import Measured

DINAS, OFFICE = "16.71", "16.71.02"
START_SECONDS_MAX: Final = 20
ASKED: Final = 100
ROUNDS: Final = 30
_NAME: Final = re.compile(r"[^>]\*\*\*( [^>]\*\*\*)*")


class Telephone:
    """Asks one question, each time over a new connection."""

    def __init__(self, port: int, body: str) -> None:  # positional: where, and what
        self._port = port
        self._question = (
            f"POST /status/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def ask(self) -> bytes:
        """The page that comes back; anything but 200 is an error."""
        parts = []
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as line:
            line.sendall(self._question)
            while part := line.recv(65_536):
                parts.append(part)
        head, _, page = b"".join(parts).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode(errors="replace"))
        return page


def measure(folder: Path) -> Measured:
    with running_city(folder, offices=OFFICE, speed="1") as city:
        taken = _take(city)
        body = urllib.parse.urlencode({"bahasa": "id", "tiket": taken["ticket"]})
        ours = Telephone(urllib.parse.urlsplit(city.server(DINAS)["url"]).port or 0, body)
        _until_reported(ours)
        page = ours.ask().decode()
        port, told = free_port(), folder / "told.json"
        told.write_text(json.dumps(_told(city, page)))
        bare = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port),
             "--no-ws", "bench.bare_app:app"],
            env={**os.environ, "BENCH_TOLD": str(told)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yardstick = _when_up(port, body)
            assert _undated(yardstick.ask()) == _undated(ours.ask()), "not the same page"
            answering = _children(city.server(DINAS)["pid"]), _family(bare.pid)
            figures = _best_in_turn(
                lambda: _rate(ours, processes=answering[0]),
                lambda: _rate(yardstick, processes=answering[1]),
            )
        finally:
            bare.terminate()
            bare.wait(10)
    return Measured("status look-up / bare handler", *figures, "per CPU second", goal=0.4)


def _best_in_turn(first: Callable[[], float], second: Callable[[], float]) -> tuple[float, float]:
    rounds = [(first(), second()) for _ in range(ROUNDS)]
    return max(each for each, _ in rounds), max(each for _, each in rounds)


def _rate(telephone: Telephone, *, processes: list[Path]) -> float:
    """Answers for each second of processor time of these processes."""
    began = _cpu_seconds(processes)
    for _ in range(ASKED):
        telephone.ask()
    return ASKED / (_cpu_seconds(processes) - began)


def _cpu_seconds(processes: list[Path]) -> float:
    """What their threads have run so far, to the nanosecond."""
    threads = (each for process in processes for each in (process / "task").iterdir())
    return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9


def _children(pid: int) -> list[Path]:
    """Of a server its web process: the server itself only ticks."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [Path("/proc") / child for child in text.split()]


def _family(pid: int) -> list[Path]:
    """granian's launcher and its worker."""
    return [Path("/proc") / str(pid), *_children(pid)]


def _take(city: City) -> dict[str, Any]:
    """A request that stands in the middle of the line: taken and complete."""
    people = api(city, DINAS, "loket", path=f"/demo/residents?kelurahan={OFFICE}")
    asked = {"nik": people[0]["nik"], "reason": "NEW", "papers": ["form", "kk_copy", "presence"]}
    taken: dict[str, Any] = api(city, DINAS, "loket", path="/requests", body=asked)
    api(city, DINAS, "loket", path=f"/requests/{taken['request']}/complete", body={})
    return taken


def _until_reported(telephone: Telephone) -> None:
    """Until the worker has done what follows from the report, so that the page stands still."""
    end = time.monotonic() + START_SECONDS_MAX
    while b'data-reach="CENTRE"' not in telephone.ask():
        if time.monotonic() > end:
            raise RuntimeError("the request did not reach the centre")
        time.sleep(0.5)


def _told(city: City, page: str) -> dict[str, Any]:
    """What the yardstick is given: the statements, and the page around the name."""
    found = _NAME.search(page)
    assert found is not None, page
    places = sorted({DINAS, OFFICE})
    statements = {
        "facts": facts.FACTS_BY_TICKET,
        "steps": facts.STEPS_OF_CASE,
        "offices": offices_statement(len(places)),
        "promised": BY_TICKET,
    }
    return {
        "database": str(city.file.parent / DINAS / "ampera.sqlite3"),
        **{name: statement.replace("%s", "?") for name, statement in statements.items()},
        "places": places,
        "day": datetime.now(UTC).date().isoformat(),
        "page": [page[: found.start()], page[found.end() :]],
        "columns": {name: number for number, name in enumerate(facts.Row._fields)},
        "wanted": ["id", "nama", "enrolment", "card", "card_permit"],
    }


def _when_up(port: int, body: str) -> Telephone:
    end = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            telephone = Telephone(port, body)
            telephone.ask()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return telephone


def _undated(page: bytes) -> bytes:
    """Without the hours and minutes: the city's clock goes on."""
    return re.sub(rb"[0-9]{2}\.[0-9]{2} WIB", b"", page)
