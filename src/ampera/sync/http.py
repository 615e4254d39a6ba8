"""The link over HTTP: HTTPS against the CA given at join; plain HTTP to this machine only.

One connection is kept while it lasts. Everything said here may be said twice, so a request whose
answer was lost on a stale connection is simply repeated once on a new one.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ampera.journal.keys import ServerKey
from ampera.sync.encoding import (
    MESSAGE_BYTES_MAX,
    GarbledError,
    decode_answer,
    encode,
    pack,
    unpack,
)
from ampera.sync.link import Garbled, Rejected, Snapshot, Unreachable, rejection
from ampera.sync.protocol.messages import Answer, Join, No, Question, Speaker
from ampera.sync.signing import RequestSeen, sign
from ampera.words.office import OfficeCode

TIMEOUT_SECONDS: Final = 20
SNAPSHOT_BYTES_MAX: Final = 256 * 1024 * 1024
_JSON: Final = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}


class PlainHttpError(ValueError):
    """Names and numbers of residents may not cross a network in clear."""


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    target: str
    body: bytes
    headers: dict[str, str]
    bytes_max: int


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: dict[str, str]
    body: bytes


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_DISK_FULL: Final = "server.disk_full"


class HttpLink:
    """The tier above, reached at one address. Carries messages and bulk bytes."""

    def __init__(
        self,
        base_url: str,
        *,
        addressee: OfficeCode,
        speaker: Speaker | None = None,
        key: ServerKey | None = None,
        ca_file: Path | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """`speaker` and `key` may be missing only for a join.

        Raises PlainHttpError for http to another machine, ValueError for any other scheme,
        OSError or ssl.SSLError when the CA's file cannot be read.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the address of the server above begins with https://")
        if parts.path not in ("", "/") or parts.query:
            # A proxy that cuts a path off would break every signature over it.
            raise ValueError("the address of the server above has no path")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise PlainHttpError(
                f"http://{parts.hostname} would send residents' data in clear: use https"
                " (plain http is for this machine only)"
            )
        self.address = base_url.rstrip("/")
        self._host, self._port = parts.hostname, parts.port
        self._addressee, self._speaker, self._key = addressee, speaker, key
        self._timeout = timeout_seconds
        self._tls: ssl.SSLContext | None = None
        if parts.scheme == "https":
            # Only the CA given at join, where one was given: not whatever the machine trusts.
            self._tls = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
            self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, message: Question) -> Answer:
        body = pack(encode(message))
        if isinstance(message, Join):
            path, is_signed = "/post/join", False
        else:
            path, is_signed = f"/post/{self._me().office}/to/{self._addressee}", True
        reply = self._request("POST", path, body=body, is_signed=is_signed)
        try:
            answer = decode_answer(unpack(reply.body))
        except GarbledError as error:
            raise Garbled(str(error)) from error
        if isinstance(answer, No):
            raise rejection(answer.refused.code, facts=answer.refused.facts)
        return answer

    def packet_size(self, digest: str) -> int:
        reply = self._request("HEAD", self._packet(digest), is_signed=True)
        return _number(reply.headers.get("x-ampera-have"))

    def put_packet(self, digest: str, *, offset: int, size: int, chunk: bytes) -> int:
        target = f"{self._packet(digest)}?offset={offset}&size={size}"
        reply = self._request("PUT", target, body=chunk, is_signed=True)
        return _number(reply.headers.get("x-ampera-have"))

    def get_print_packet(self, digest: str) -> bytes:
        target = f"/post/{self._me().office}/print-packets/{digest}"
        reply = self._request("GET", target, is_signed=True)
        if hashlib.sha256(reply.body).hexdigest() != digest:
            raise Garbled("a print packet with another hash")
        return reply.body

    def get_snapshot(self, have: str) -> Snapshot | None:
        target = f"/post/{self._me().office}/snapshot?have={have}"
        reply = self._request("GET", target, is_signed=True, bytes_max=SNAPSHOT_BYTES_MAX)
        if reply.status == 204:
            return None
        digest = hashlib.sha256(reply.body).hexdigest()
        if reply.headers.get("x-ampera-hash") != digest:
            raise Garbled("a torn snapshot")
        return Snapshot(digest, reply.body)

    def close(self) -> None:
        """Let go of the kept connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _me(self) -> Speaker:
        assert self._speaker is not None, "only a join is said without a name"
        return self._speaker

    def _packet(self, digest: str) -> str:
        return f"/post/{self._me().office}/packets/{digest}"

    def _request(
        self,
        method: str,
        target: str,
        *,
        body: bytes = b"",
        is_signed: bool,
        bytes_max: int = MESSAGE_BYTES_MAX,
    ) -> _Reply:
        headers = dict(_JSON)
        if body[:2] == b"\x1f\x8b":
            headers["Content-Encoding"] = "gzip"
        if is_signed:
            assert self._key is not None, "only a join is said without a key"
            seen = RequestSeen(method, target, headers)
            sign(seen, body=body, key=self._key, speaker=self._me())
        call = _Call(method, target, body, headers, bytes_max)
        reply = self._exchange(call)
        if reply.status >= 500 or reply.status in (408, 429):
            raise _broken_just_now(reply)
        if reply.status == 413:
            raise rejection("post.too_large")
        if reply.status >= 300:
            raise _problem(reply)
        return reply

    def _exchange(self, call: _Call) -> _Reply:
        had_connection = self._connection is not None
        try:
            return self._once(call)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not had_connection or isinstance(error, TimeoutError):
                raise Unreachable(type(error).__name__) from error
        # The kept connection may just have been closed by the other side: once more on a new one.
        try:
            return self._once(call)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable(type(error).__name__) from error

    def _once(self, call: _Call) -> _Reply:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.request(call.method, call.target, body=call.body, headers=call.headers)
        response = self._connection.getresponse()
        # No more than one message: the other side may be no server of ours.
        data = response.read(call.bytes_max + 1)
        if len(data) > call.bytes_max:
            self.close()
            raise Garbled("too large")
        found = {name.lower(): value for name, value in response.getheaders()}
        return _Reply(response.status, found, data)

    def _connect(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=self._timeout, context=self._tls
        )


def _broken_just_now(reply: _Reply) -> Unreachable:
    """Worth trying again. Of a full disk the other side says so, and somebody there must act."""
    error = Unreachable(f"status {reply.status}")
    if _problem(reply).code == _DISK_FULL:
        error.code = _DISK_FULL
    return error


def _problem(reply: _Reply) -> Rejected:
    """The refusal inside an RFC 9457 problem; a bare status when something between answered."""
    try:
        row = json.loads(reply.body)
        return rejection(str(row["code"]), facts=dict(row["facts"]))
    except (ValueError, KeyError, TypeError):
        return Rejected(f"http.{reply.status}")


def _number(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdecimal()):
        raise Garbled("no size in the answer")
    return int(text)
