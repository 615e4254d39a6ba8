"""The frame of an IPP server: one HTTP connection, and the checks that come before any operation.

What a printer then answers is the business of an `IppSite`; the simulated printer is one.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, Protocol

from ampera.devices.ipp.codec import decode, encode
from ampera.devices.ipp.values import Attribute, Group, GroupTag, IppError, Message, Tag
from ampera.devices.ipp.vocabulary import CHARSET, CONTENT_TYPE, Status

BODY_BYTES_MAX: Final = 20 * 1024 * 1024
LINE_BYTES_MAX: Final = 1024
IDLE_SECONDS_MAX: Final = 30
LANGUAGE: Final = "en"
_CHARSETS: Final = (CHARSET, "us-ascii")


class IppSite(Protocol):
    """A printer behind a connection."""

    path: str

    def answer(self, request: Message, document: bytes) -> Message | None:
        """Answer a request that is well formed; None drops the connection without a word."""
        ...

    def page(self) -> str | None:
        """A plain page about the printer for whoever opens its address; None drops too."""
        ...


def answered(
    request: Message, status: Status, *, groups: Iterable[Group] = (), message: str = ""
) -> Message:
    """An answer to this request, in its own version as far as we speak it."""
    operation = [
        Attribute.of(Tag.CHARSET, "attributes-charset", CHARSET),
        Attribute.of(Tag.LANGUAGE, "attributes-natural-language", LANGUAGE),
    ]
    if message:
        operation.append(Attribute.of(Tag.TEXT, "status-message", message))
    head = Group.of(GroupTag.OPERATION, operation)
    version = request.version if request.version in ((1, 0), (1, 1), (2, 0)) else (1, 1)
    return Message(int(status), request.request_id, (head, *groups), version)


def protocol_fault(request: Message) -> Status | None:
    """What RFC 8011 §4.1 finds wrong with a request of any operation; None when nothing."""
    if request.version[0] not in (1, 2):
        return Status.VERSION_NOT_SUPPORTED
    if request.request_id <= 0 or not request.groups:
        return Status.BAD_REQUEST
    operation = request.groups[0]
    names = [attribute.name for attribute in operation.attributes[:2]]
    if operation.tag != GroupTag.OPERATION or names != [
        "attributes-charset",
        "attributes-natural-language",
    ]:
        return Status.BAD_REQUEST
    if operation.text("attributes-charset") not in _CHARSETS:
        return Status.CHARSET_NOT_SUPPORTED
    if operation.get("printer-uri") is None and operation.get("job-uri") is None:
        return Status.BAD_REQUEST
    return None


class _BadBody(Exception):
    """A body without a length, too long, or badly chunked."""


class _Connection(BaseHTTPRequestHandler):
    """Reads requests off one connection until it closes, idles or is dropped."""

    protocol_version = "HTTP/1.1"
    server_version = "AmperaPrinter"
    sys_version = ""
    timeout = IDLE_SECONDS_MAX
    disable_nagle_algorithm = True  # header and body leave as two writes; no 40 ms between them

    def do_POST(self) -> None:
        if self.path != self._site.path:
            self._say(HTTPStatus.NOT_FOUND, b"no printer has this path\n")
            return
        if self.headers.get_content_type() != CONTENT_TYPE:
            self._say(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, b"this is an IPP printer\n")
            return
        try:
            body = self._body()
            request, document = decode(body)
        except (_BadBody, IppError) as wrong:
            self._say(HTTPStatus.BAD_REQUEST, f"{wrong}\n".encode())
            return
        fault = protocol_fault(request)
        if fault is not None:
            answer: Message | None = answered(request, fault)
        else:
            answer = self._site.answer(request, document)
        if answer is None:
            self.close_connection = True
            return
        self._say(HTTPStatus.OK, encode(answer), content_type=CONTENT_TYPE)

    def do_GET(self) -> None:
        page = self._site.page()
        if page is None:
            self.close_connection = True
            return
        self._say(HTTPStatus.OK, page.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: job names and addresses do not belong on a terminal."""

    @property
    def _site(self) -> IppSite:
        site: IppSite = self.server  # type: ignore[assignment]
        return site

    def _say(
        self, status: HTTPStatus, body: bytes, *, content_type: str = "text/plain; charset=utf-8"
    ) -> None:
        if status >= HTTPStatus.BAD_REQUEST:
            self.close_connection = True  # the rest of the request was not read
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > BODY_BYTES_MAX:
            raise _BadBody("a body needs a length that this printer can hold")
        return self._exactly(int(length))

    def _chunks(self) -> Iterable[bytes]:
        total = 0
        while size := self._chunk_size():
            total += size
            if total > BODY_BYTES_MAX:
                raise _BadBody("the body is too long")
            yield self._exactly(size)
            if self._exactly(2) != b"\r\n":
                raise _BadBody("a chunk does not end where it said")
        while self.rfile.readline(LINE_BYTES_MAX) not in (b"\r\n", b"\n", b""):
            pass  # trailers say nothing to a printer

    def _chunk_size(self) -> int:
        line = self.rfile.readline(LINE_BYTES_MAX).split(b";")[0].strip()
        if not line or any(each not in b"0123456789abcdefABCDEF" for each in line):
            raise _BadBody("a chunk has no size")
        return int(line, 16)

    def _exactly(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) != size:
            raise _BadBody("the body ends early")
        return data


def serve_connection(connection: socket.socket, site: IppSite) -> None:  # positional: a pair
    """Answer on this connection until it ends; closes it. Broken connections end silently."""
    try:
        _Connection(connection, connection.getpeername(), site)  # type: ignore[arg-type]
    except OSError:
        pass  # the other side went away; nothing is owed to it
    finally:
        connection.close()
