"""An outside client of a running city: HTTP with tokens, the public page, the demo's control.

A command keeps its key while it is tried again, so a server that was killed after it said yes gives
the same answer when it is back. Standard library only.
"""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.parse
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ampera.tiers.stories.telling import StoryError

CALL_SECONDS: Final = 15.0
#: A killed server is back after two seconds and some for starting.
TRY_SECONDS: Final = 40.0
_AGAIN_SECONDS: Final = 0.3


class Problem(StoryError):
    """A server said no, or something that nobody understands."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(  # positional: a pair
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    again: bool = True,
) -> Reply:
    """One request; with `again` tried until the server answers. Raises StoryError, never hangs."""
    parts = urllib.parse.urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    end = time.monotonic() + (TRY_SECONDS if again else 0)
    while True:
        assert parts.hostname is not None, url
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=CALL_SECONDS)
        try:
            connection.request(method, target, body=body, headers=dict(headers or {}))
            reply = connection.getresponse()
            told = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, told, reply.read())
        except (OSError, http.client.HTTPException) as silence:
            if time.monotonic() > end:
                raise StoryError(f"{parts.netloc} does not answer: {silence!r}") from None
            time.sleep(_AGAIN_SECONDS)
        finally:
            connection.close()


class Desk:
    """One officer of one server, as a machine."""

    def __init__(self, server: Mapping[str, Any], login: str) -> None:
        found = [each for each in server["officers"] if each["login"] == login]
        if not found:
            raise StoryError(f"{server['code']} has no officer {login} in city.json")
        self.code: str = server["code"]
        self.login, self.password = login, found[0]["password"]
        self._url, self._token = server["url"], found[0]["token"]

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET. Raises Problem when the server says no."""
        asked = f"?{urllib.parse.urlencode(query)}" if query else ""
        return _json(self._call("GET", f"{path}{asked}"))

    def file(self, path: str) -> bytes:
        """The bytes of a file. Raises Problem when the server says no."""
        return _checked(self._call("GET", path)).body

    def post(self, path: str, **body: Any) -> Any:
        """Give a command under a new key. Raises Problem when the server says no."""
        return _json(self._call("POST", path, body=body))

    def refused(self, path: str, **body: Any) -> str:
        """Give a command that must be refused; returns the code, empty when it was not."""
        try:
            self.post(path, **body)
        except Problem as no:
            return no.code
        return ""

    @property
    def credentials(self) -> dict[str, str]:
        """For acts in which this officer is the second person."""
        return {"login": self.login, "password": self.password}

    def _call(self, method: str, path: str, *, body: Mapping[str, Any] | None = None) -> Reply:
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Language": "id"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        data = json.dumps(body).encode() if body is not None else None
        return call(method, f"{self._url}/api/v1/{path}", body=data, headers=headers)


def _checked(reply: Reply) -> Reply:
    if reply.status < 400:
        return reply
    try:
        told = json.loads(reply.body)
        raise Problem(reply.status, told["code"], told["detail"])
    except (ValueError, KeyError, TypeError):
        raise Problem(reply.status, "-", reply.body[:200].decode(errors="replace")) from None


def _json(reply: Reply) -> Any:
    return json.loads(_checked(reply).body)


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """What the holder of a receipt reads: the state word and how far it has got."""

    word: str
    reach: str


class City:
    """The running city that a `city.json` describes."""

    def __init__(self, file: Path) -> None:
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            self._servers = {each["code"]: each for each in told["servers"]}
            self._control: str = told["control"]
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise StoryError(f"{file} cannot be read: {wrong!r}") from None
        self.file = file

    @property
    def dinas(self) -> str:
        return next(code for code, each in self._servers.items() if each["tier"] == "dinas")

    @property
    def pusat(self) -> str:
        return next(code for code, each in self._servers.items() if each["tier"] == "pusat")

    @property
    def kecamatan(self) -> list[str]:
        return [code for code, each in self._servers.items() if each["tier"] == "kecamatan"]

    def office(self, *wanted: str) -> str:
        """The first of these kecamatan that the city has, else the city's first one."""
        return next((code for code in wanted if code in self._servers), self.kecamatan[0])

    def desk(self, code: str, *, login: str) -> Desk:
        if code not in self._servers:
            raise StoryError(f"this city has no server {code}")
        return Desk(self._servers[code], login)

    def printer_folder(self, code: str) -> Path:
        """Where the simulated printer of that office takes what hands do to it."""
        return self.file.parent / "printers" / code

    def control(self, verb: str, **what: str) -> Any:
        """Cut, heal, kill, stop, start. Raises Problem for what the city does not have."""
        asked = urllib.parse.urlencode(what)
        return _json(call("POST", f"{self._control}/{verb}?{asked}"))

    def state_of(self, code: str) -> Mapping[str, Any]:
        """How the supervisor sees a server: state, pid, restarts."""
        told = _json(call("GET", f"{self._control}/"))
        return next(each for each in told["servers"] if each["code"] == code)

    def public_status(self, ticket: str) -> PublicStatus | None:
        """The public page at the dinas by ticket code, through its form; None while unknown."""
        url = f"{self._servers[self.dinas]['url']}/status/"
        if b'name="tiket"' not in call("GET", url).body:
            raise StoryError(f"{url} shows no form")
        sent = {"bahasa": "id", "tiket": ticket}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        page = call("POST", url, body=urllib.parse.urlencode(sent).encode(), headers=headers)
        found = re.search(rb'data-word="([A-Z_]+)" data-reach="([A-Z]+)"', page.body)
        if found is None:
            return None
        return PublicStatus(found[1].decode(), found[2].decode())
