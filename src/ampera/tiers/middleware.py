"""What every answer carries: a strict content policy, and a number for what is broken."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

Next = Callable[[HttpRequest], HttpResponse]

POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'; object-src 'none'"
)

logger = logging.getLogger("ampera.faults")


class ContentPolicy:
    """Nothing inline, nothing from elsewhere: what a browser runs came from this server's files."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=()")
        return response


class Squeeze(GZipMiddleware):
    """Compresses pages for people on slow lines; the post and the bulk bytes are squeezed
    already, by those who know what is in them."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path.startswith("/post/"):
            return response
        squeezed: HttpResponseBase = super().process_response(request, response)
        return squeezed


class Faults:
    """Gives each defect a number that the page shows and the log holds, and logs it once."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        number = new_fault_number()
        request.fault_number = number  # type: ignore[attr-defined]
        logger.error("fault %s: %s %s", number, request.method, _route(request), exc_info=exception)


def new_fault_number() -> str:
    """Six letters that an officer can read out on the telephone."""
    return secrets.token_hex(3).upper()


def _route(request: HttpRequest) -> str:
    # The pattern, not the path: a path may hold a NIK.
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match is not None else "-"
