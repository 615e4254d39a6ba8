"""A port that is taken, a folder that is held, a disk that is full: real processes, real files."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ampera.tiers.processes import bind
from tests.tiers.running import ampera, ask, finished, free_base_port, is_alive, wait_until

DINAS, SU1 = "16.71", "16.71.02"
#: `ampera serve` whose database may have no page more than it has: the same program otherwise.
ON_A_FULL_DISK = """
import sys
from ampera.tiers import database
options = database.SQLITE_OPTIONS
options["init_command"] += f" PRAGMA max_page_count = {sys.argv.pop(1)};"
from ampera.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def folder(data: Path) -> Path:
    """The folder of the dinas of a city that was built and stopped."""
    return data / DINAS


@contextmanager
def serving(folder: Path, *, port: int, pages_max: int = 0) -> Iterator[subprocess.Popen[str]]:
    """That server as its own processes, until the end of the block."""
    # By the city's clock: the officers' rights have ended by the wall's.
    clock = ("--clock", str(folder.parent / "clock.json"))
    arguments = ("serve", "--data", str(folder), "--port", str(port), *clock)
    if pages_max:
        process = subprocess.Popen(
            [sys.executable, "-c", ON_A_FULL_DISK, str(pages_max), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    else:
        process = ampera(*arguments)
    try:
        wait_until(lambda: is_up(port) or process.poll() is not None, seconds_max=60)
        assert process.poll() is None, process.stdout.read()
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def is_up(port: int) -> bool:
    return ask(f"http://127.0.0.1:{port}/healthz")[0] == 200


def rows(folder: Path) -> list[tuple[str, int]]:
    with contextlib.closing(sqlite3.connect(folder / "ampera.sqlite3")) as base:
        return base.execute("SELECT name, seq FROM journal_chain ORDER BY name").fetchall()


def test_serve_on_a_taken_port_says_which_in_both_languages_and_writes_nothing(folder):
    before = rows(folder)
    with bind(0) as listener:
        port = listener.getsockname()[1]
        code, said = finished("serve", "--data", str(folder), "--port", str(port))
    assert code == 1
    assert f"Port {port} di 127.0.0.1 tidak dapat dipakai" in said
    assert f"Port {port} on 127.0.0.1 cannot be used" in said
    assert "pilih port lain" in said
    assert "Traceback" not in said
    assert rows(folder) == before


def test_a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on(folder):
    port = free_base_port()
    with serving(folder, port=port) as first:
        code, said = finished("serve", "--data", str(folder), "--port", str(port + 1))
        assert code == 1
        assert "sedang dipakai server lain" in said
        assert "is in use by another server" in said
        assert "Traceback" not in said
        assert is_alive(first.pid)
        assert is_up(port)
        assert not is_up(port + 1)


def test_the_folder_is_free_once_its_server_was_killed(folder):
    port = free_base_port()
    with serving(folder, port=port) as first:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    with serving(folder, port=port):
        assert is_up(port)


def test_a_server_on_a_full_disk_answers_tells_and_goes_on_after_room_was_made(folder, data):
    port = free_base_port()
    pages = fill(folder / "ampera.sqlite3")
    told = json.loads((data / "city.json").read_text())
    officers = next(each["officers"] for each in told["servers"] if each["code"] == DINAS)
    officer = next(each for each in officers if each["login"] == "kepala")
    before = rows(folder)
    with serving(folder, port=port, pages_max=pages) as server:
        status, page = sign_in(port, officer)
        assert status == 507, page
        assert "Disk server ini penuh" in page
        assert "disk is full" in page
        assert "server.disk_full" in page
        assert is_alive(server.pid)
        assert is_up(port), "it is up and says so"
    assert rows(folder) == before
    make_room(folder / "ampera.sqlite3")
    with serving(folder, port=port):
        status, page = sign_in(port, officer)
        assert status == 302, page


def fill(file: Path) -> int:
    """No page is free and none is half empty for a session; returns how many pages there are."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as base:
        base.execute("CREATE TABLE ballast (stone BLOB)")
        (pages,) = base.execute("PRAGMA page_count").fetchone()
        base.execute(f"PRAGMA max_page_count = {pages}")
        # A log-in writes a session: no page of its table is half empty either.
        session = "INSERT INTO django_session VALUES (hex(randomblob(16)), hex(zeroblob(?)), ?)"
        fillers = [
            ("INSERT INTO ballast VALUES (zeroblob(?))", (4000, 1000, 100, 10), ()),
            (session, (1000, 100, 20), ("2099-01-01",)),
        ]
        for statement, sizes, more in fillers:
            for size in sizes:
                with contextlib.suppress(sqlite3.OperationalError):
                    while True:
                        base.execute(statement, (size, *more))
        (full,) = base.execute("PRAGMA page_count").fetchone()
        assert full == pages
        return int(pages)


def make_room(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as base:
        base.execute("DROP TABLE ballast")
        base.execute("DELETE FROM django_session")


def sign_in(port: int, officer: dict[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/masuk/")
    reply = connection.getresponse()
    page = reply.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None, page
    cookie = "; ".join(each.split(";")[0] for each in reply.headers.get_all("Set-Cookie"))
    body = {
        "csrfmiddlewaretoken": token[1],
        "login": officer["login"],
        "password": officer["password"],
    }
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/masuk/", body=urlencode(body), headers=headers)
    reply = connection.getresponse()
    answer = reply.status, reply.read().decode()
    connection.close()
    return answer
