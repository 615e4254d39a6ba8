"""A real HTTP server of the post for tests: a forked process on this machine, on a free port."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from ampera.journal.house import House, open_house
from ampera.sync.ports import PostPorts, open_ports

_PR_SET_PDEATHSIG = 1


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 32

    def server_bind(self) -> None:
        # Without a look-up of the host's name: that is network, and slow.
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]
        self.setup_environ()

    def handle_error(self, *_: object) -> None:
        pass  # a client that cuts its request off is what some tests are about


@contextmanager
def served(
    house: House, *, ports: PostPorts | None = None, tls: tuple[Path, Path] | None = None
) -> Iterator[str]:
    """Serve the post of `house` on the current default database; gives the address.

    The process is forked, so it starts in milliseconds; it is killed at the end, like a power cut.
    """
    server = _Server(("127.0.0.1", 0), _Quiet)
    scheme = "http"
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, tls))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    # Both processes must open their own: a connection shared over a fork is a broken one.
    connections["default"].close()
    pid = os.fork()
    if pid == 0:
        _serve(server, house, ports)
    server.socket.close()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}"
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _serve(server: _Server, house: House, ports: PostPorts | None) -> None:
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        settings.ROOT_URLCONF = "ampera.api.post_urls"
        settings.MIDDLEWARE = []
        open_house(house)
        open_ports(ports or PostPorts())
        server.set_app(WSGIHandler())
        server.serve_forever()
    finally:
        sys.stderr.flush()
        os._exit(1)


def free_port() -> int:
    """A port above 20000 that nobody listens on just now."""
    for port in range(23_000 + os.getpid() % 5_000, 60_000, 7):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


def wait_for(port: int, *, seconds: float = 20) -> None:
    """Until somebody listens there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nobody listens on {port}")
