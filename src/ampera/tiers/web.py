"""The web process of a server: granian's WSGI worker in this very process, few threads.

granian's own launcher would put a second process beside it and share a taken port silently; so its
worker is started here directly, on a socket that is ours alone.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from django.conf import settings

#: Two, because SQLite lets one write at a time, and a slow page must not stop the post.
PYTHON_THREADS: Final = 2
_BLOCKING_THREADS: Final = 2
_IDLE_SECONDS: Final = 600
_WAITING_MAX: Final = 64
_NO_TLS: Final[tuple[Any, ...]] = (False, None, None, None, "tls1.3", None, [], False)


@cache
def application() -> Any:
    """Django as a WSGI application, with the middleware of this process's settings."""
    from django.core.wsgi import get_wsgi_application

    # A page that cannot be imported is told now and not at the first visit.
    import_module(settings.ROOT_URLCONF)
    made = get_wsgi_application()
    _read_templates()
    return _in_one_piece(made)


def _in_one_piece(made: Any) -> Any:
    """Hand whole answers over whole: granian sends what is no list piece by piece, through another
    thread, which costs a small page more than its making."""

    def answer(environ: dict[str, Any], start: Any) -> Any:
        response = made(environ, start)
        if response.streaming:
            return response
        pieces = list(response)
        response.close()
        return pieces

    return answer


def _read_templates() -> None:
    """Read every template before the first visit. Whoever puts a new release on the disk while this
    server runs gives nobody half a page: what was read once is never read again."""
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template
    from django.template.utils import get_app_template_dirs

    for folder in get_app_template_dirs("templates"):
        for path in sorted(Path(folder).rglob("*.html")):
            try:
                get_template(str(path.relative_to(folder)))
            except TemplateSyntaxError:
                continue  # the page that uses it says so


def serve_web(listener: socket.socket) -> int:
    """Answer requests until SIGINT or SIGTERM; then end what is under way and return 0."""
    from granian._futures import _new_cbscheduler
    from granian._granian import SocketHolder, WSGIWorker
    from granian._signals import set_sync_signals
    from granian.constants import HTTPModes
    from granian.wsgi import _callback_wrapper

    answer = _callback_wrapper(application(), {}, None)
    ended = threading.Event()
    stopping = set_sync_signals()
    stopping.add_cb(ended.set)
    # The stubs of this release are older than its binary.
    make: Any = WSGIWorker
    hold: Any = SocketHolder
    worker = make(
        1,
        (None, hold(listener.fileno(), False, _WAITING_MAX)),
        None,
        1,
        _BLOCKING_THREADS,
        PYTHON_THREADS,
        _IDLE_SECONDS,
        _WAITING_MAX,
        HTTPModes.http1,
        None,
        None,
        None,
        *_tls(),
        (None, None),
    )
    loop = asyncio.new_event_loop()
    worker.serve_mtr(_new_cbscheduler(loop, answer, impl_asyncio=True), loop, stopping)
    ended.wait()
    loop.close()
    return 0


def _tls() -> tuple[Any, ...]:
    if not settings.TLS_CERT:
        return _NO_TLS
    return (True, settings.TLS_CERT, settings.TLS_KEY, None, "tls1.2", None, [], False)
