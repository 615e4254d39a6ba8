"""The demo's control: cut and heal links, kill, stop and start servers and printers, switch the
reader inside a printer off, tell the time and move it forward.

A few lines of HTTP for this machine only. A web page from elsewhere cannot use it: the Host must be
this very address, and a request that a browser sends for another site carries its Origin.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

ANSWER_SECONDS_MAX: Final = 5

#: (verb, what, code) → what to tell; raises KeyError for a code that the city does not have,
#: ValueError for a value that cannot be.
Act = Callable[[str, str, str], Mapping[str, Any]]
VERBS: Final = {
    "cut": ("link",),
    "heal": ("link",),
    "kill": ("server", "printer"),
    "stop": ("server", "printer"),
    "start": ("server", "printer"),
    "reader-on": ("printer",),
    "reader-off": ("printer",),
    "reader-broken": ("printer",),
    "clock": ("to", "speed"),
}


class Control:
    """Answers one connection at a time, from the supervisor's loop."""

    def __init__(
        self,
        *,
        port: int,
        act: Act,
        status: Callable[[], Mapping[str, Any]],
        clock: Callable[[], Mapping[str, Any]],
    ) -> None:
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.act, self.status, self.clock = act, status, clock

    def answer(self, connection: socket.socket) -> None:
        connection.settimeout(ANSWER_SECONDS_MAX)
        try:
            _Request(connection, connection.getpeername(), self)  # type: ignore[arg-type]
        except OSError:
            pass  # the other side went away
        finally:
            connection.close()


class _Request(BaseHTTPRequestHandler):
    server_version = "AmperaControl"
    sys_version = ""
    timeout = ANSWER_SECONDS_MAX

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not self._is_welcome():
            return
        if path == "/":
            self._say(HTTPStatus.OK, self._control.status())
        elif path == "/clock":
            self._say(HTTPStatus.OK, self._control.clock())
        else:
            self._say(HTTPStatus.NOT_FOUND, {"error": "GET / or /clock"})

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        if not self._is_welcome():
            return
        verb = parts.path.strip("/")
        given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        wanted = [name for name in VERBS.get(verb, ()) if name in given]
        if len(wanted) != 1:
            usage = (
                "POST /cut|heal?link=CODE or /kill|stop|start?server=CODE or ?printer=CODE"
                " or /reader-on|reader-off|reader-broken?printer=CODE"
                " or /clock?to=TIME or ?speed=N"
            )
            self._say(HTTPStatus.BAD_REQUEST, {"error": usage})
            return
        try:
            told = self._control.act(verb, wanted[0], given[wanted[0]])
        except ValueError as wrong:
            self._say(HTTPStatus.BAD_REQUEST, {"error": str(wrong)})
            return
        except KeyError:
            error = f"there is no {wanted[0]} {given[wanted[0]]} in this city"
            self._say(HTTPStatus.NOT_FOUND, {"error": error})
            return
        self._say(HTTPStatus.OK, told)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    @property
    def _control(self) -> Control:
        control: Control = self.server  # type: ignore[assignment]
        return control

    def _is_welcome(self) -> bool:
        origin = self.headers.get("Origin")
        is_ours = origin is None or urlsplit(origin).netloc in self._control.hosts
        if self.headers.get("Host") in self._control.hosts and is_ours:
            return True
        self._say(HTTPStatus.FORBIDDEN, {"error": "the control is for this machine only"})
        return False

    def _say(self, status: HTTPStatus, told: Mapping[str, Any]) -> None:
        body = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
