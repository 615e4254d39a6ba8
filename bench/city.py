"""A running city to measure: real processes, and a client that keeps its connection."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_SECONDS_MAX = 180
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True, slots=True)
class City:
    """What `city.json` says, and where it lies."""

    file: Path
    told: dict[str, Any]

    def server(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in self.told["servers"] if each["code"] == code)
        return found

    def officer(self, code: str, login: str) -> dict[str, Any]:
        officers = self.server(code)["officers"]
        found: dict[str, Any] = next(each for each in officers if each["login"] == login)
        return found

    def control(self, verb: str, **what: str) -> None:
        query = urllib.parse.urlencode(what)
        request = urllib.request.Request(f"{self.told['control']}/{verb}?{query}", method="POST")
        urllib.request.urlopen(request, timeout=30).read()

    def cpu_by_process(self) -> dict[str, float]:
        """Processor time so far, in seconds: `16.71` is that server's worker, `web 16.71` its web;
        a process that was started again counts on."""
        found: dict[str, float] = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if str(self.file.parent) in (process / "cmdline").read_text():
                    fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
                    name = (process / "comm").read_text().strip()
                    ticks = int(fields[11]) + int(fields[12])
                    found[name] = found.get(name, 0.0) + ticks / os.sysconf("SC_CLK_TCK")
            except OSError:
                continue
        return found


@contextmanager
def running_city(
    folder: Path, *, offices: str, speed: str = "60", module: str = "ampera"
) -> Iterator[City]:
    """`ampera up` in a process of its own, stopped at the end whatever happens."""
    data = folder / "city"
    base = 21_000 + os.getpid() % 9_000
    process = subprocess.Popen(
        [sys.executable, "-m", module, "up", "--data", str(data), "--base-port", str(base),
         "--offices", offices, "--speed", speed, "--no-activity"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        file = data / "city.json"
        end = time.monotonic() + START_SECONDS_MAX
        while not _answers(file):
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError("the city did not start")
            time.sleep(0.5)
        yield City(file, json.loads(file.read_text()))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _answers(file: Path) -> bool:
    if not file.exists():
        return False
    try:
        for server in json.loads(file.read_text())["servers"]:
            urllib.request.urlopen(f"{server['url']}/healthz", timeout=5).read()
    except (OSError, ValueError):
        return False
    return True


class Browser:
    """Cookies, forms and one kept connection: what a click costs, without a browser's own time."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        body = None
        if form is not None:
            body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        reply = self._reply("GET" if form is None else "POST", path, body, headers)
        for header in reply.headers.get_all("Set-Cookie") or []:
            name, _, rest = header.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        text = reply.read().decode(errors="replace")
        if found := _TOKEN.search(text):
            self.token = found.group(1)
        return reply.status, text

    def _reply(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        self._connection.request(method, path, body, headers)
        try:
            return self._connection.getresponse()
        except http.client.RemoteDisconnected:
            if method != "GET":
                raise
            # Nothing was asked for minutes, and the server let go of the line.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()

    def log_in(self, login: str, password: str) -> None:
        self.ask("/masuk/")
        status, _ = self.ask("/masuk/", {"login": login, "password": password, "lanjut": "/"})
        assert status == 302, f"the log-in answered {status}"


def api(city: City, code: str, login: str, *, path: str, body: dict[str, Any] | None = None) -> Any:
    """One call of the machine interface."""
    request = urllib.request.Request(
        f"{city.server(code)['url']}/api/v1{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {city.officer(code, login)['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": os.urandom(16).hex(),
        },
    )
    return json.loads(urllib.request.urlopen(request, timeout=60).read())
