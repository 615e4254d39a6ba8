"""A client of the machine interface, version 1: one officer's token, one call, one answer.

A refusal is a value (`No`); a server that does not answer is `Silent`, and nobody knows whether it
has acted: the same call is given again under the same key. Standard library only.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ampera.words.office import OfficeCode, Tier

CALL_SECONDS: Final = 8.0
_KEY_LENGTH_MAX: Final = 200


class Silent(Exception):
    """The server does not answer, or answers what no server of ours says. May be tried again."""


@dataclass(frozen=True, slots=True)
class No:
    """A refusal, as RFC 9457 tells it."""

    status: int
    code: str
    detail: str


class Pace:
    """So many calls in a second of wall time and no more, whoever makes them."""

    def __init__(
        self,
        per_second: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        assert per_second > 0
        self._gap = 1 / per_second
        self._monotonic, self._sleep = monotonic, sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may be made. Any thread."""
        with self._lock:
            now = self._monotonic()
            at = max(now, self._next)
            self._next = at + self._gap
        if at > now:
            self._sleep(at - now)


@dataclass(frozen=True, slots=True)
class Desk:
    """One officer of one server."""

    url: str
    login: str
    pace: Pace = field(repr=False)
    token: str = field(repr=False)
    password: str = field(repr=False)

    def get(self, path: str, **query: Any) -> Any | No:
        """Ask. Raises Silent."""
        asked = f"?{urllib.parse.urlencode(query)}" if query else ""
        return self._call("GET", f"{path}{asked}", headers={})

    def post(self, path: str, *, key: str, **body: Any) -> Any | No:
        """Give a command under a key that is the same whenever it is the same command. Raises
        Silent."""
        plain = key.replace(" ", "_")[:_KEY_LENGTH_MAX]
        headers = {"Content-Type": "application/json", "Idempotency-Key": plain}
        return self._call("POST", path, headers=headers, body=json.dumps(body).encode())

    @property
    def credentials(self) -> dict[str, str]:
        """For acts in which this officer is the second person."""
        return {"login": self.login, "password": self.password}

    def _call(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Any | No:
        self.pace.wait()
        place = urllib.parse.urlsplit(self.url)
        assert place.hostname is not None, self.url
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=CALL_SECONDS)
        asking = {"Authorization": f"Bearer {self.token}", "Accept-Language": "id", **headers}
        try:
            connection.request(method, f"/api/v1/{path}", body=body, headers=asking)
            reply = connection.getresponse()
            told = json.loads(reply.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Silent(f"{place.netloc}: {type(error).__name__}") from None
        finally:
            connection.close()
        if reply.status < 400:
            return told
        if reply.status >= 500 or not isinstance(told, dict) or "code" not in told:
            raise Silent(f"{place.netloc}: status {reply.status}")
        return No(reply.status, str(told["code"]), str(told.get("detail", "")))


class RunningCity:
    """The servers that a `city.json` describes, seen from outside."""

    def __init__(self, file: Path, *, pace: Pace) -> None:
        """Raises OSError, ValueError or KeyError when the file is not there or says nothing."""
        told = json.loads(file.read_text(encoding="utf-8"))
        self._servers = {OfficeCode(each["code"]): each for each in told["servers"]}
        self._pace = pace
        self._printers = file.parent / "printers"

    @property
    def codes(self) -> list[OfficeCode]:
        return sorted(self._servers)

    @property
    def pusat(self) -> OfficeCode:
        return next(each for each in self.codes if each.tier is Tier.PUSAT)

    @property
    def offices(self) -> list[OfficeCode]:
        """Where residents come: the dinas and its kecamatan."""
        return [each for each in self.codes if each.tier is not Tier.PUSAT]

    def desk(self, code: OfficeCode, *, login: str) -> Desk:
        server = self._servers[code]
        officer = next(each for each in server["officers"] if each["login"] == login)
        return Desk(
            url=server["url"],
            login=login,
            pace=self._pace,
            token=officer["token"],
            password=officer["password"],
        )

    def printer_folder(self, code: OfficeCode) -> Path:
        """Where hands reach the simulated printer of that office."""
        return self._printers / code.text
