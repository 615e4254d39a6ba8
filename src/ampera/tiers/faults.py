"""The log of a server, and the page that a defect leaves behind. Never a NIK in a log."""

from __future__ import annotations

import logging
import re
import sys
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError

from ampera.tiers.full_disk import is_disk_full
from ampera.tiers.middleware import note_fault
from ampera.words.refusal import Refusal

#: NIK and KK number are sixteen digits; whoever logs them by mistake must not succeed.
_SIXTEEN_DIGITS: Final = re.compile(r"(?<![0-9A-Fa-f_])([0-9]{6})[0-9]{6}([0-9]{4})(?![0-9A-Fa-f])")


class _Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def masked(text: str) -> str:
    """The text with the middle of every number of sixteen digits left out."""
    return _SIXTEEN_DIGITS.sub(r"\1******\2", text)


def log_to(path: Path | None) -> None:
    """Write warnings and worse to this file, or to stderr without one."""
    handler: logging.Handler = WatchedFileHandler(path, delay=True) if path else _stderr()
    handler.setFormatter(_Masked("%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # A fault is logged once, with its number, by the middleware; a page that is not there is none.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    logging.getLogger("http_message_signatures").setLevel(logging.CRITICAL)


def _stderr() -> logging.Handler:
    return logging.StreamHandler()


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to a defect: a number, no detail. Django calls it as `handler500`."""
    if is_disk_full(sys.exception()):
        return _refused(request, Refusal("server.disk_full"))
    # What breaks before a page is found, or after it was made, comes here without a number.
    number = note_fault(request, sys.exception())
    if "application/json" in request.headers.get("Accept", ""):
        row = {"title": "something is broken", "status": 500, "fault": number}
        return JsonResponse(row, status=500, content_type="application/problem+json")
    text = (
        f"Ada yang rusak di server ini, nomor {number}. Coba lagi; bila tetap, sebutkan nomor itu"
        f" kepada administrator.\n\nSomething is broken, number {number}. Try again; if it stays,"
        " tell the administrator this number.\n"
    )
    return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what Django itself could not take in. It calls this as `handler400`."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _refused(request, Refusal("server.request_too_large"))
    if isinstance(exception, MultiPartParserError | BadRequest):
        return _refused(request, Refusal("server.request_unreadable"))
    # Another host's name, a forged cookie: no page of this server for whoever sends that.
    return HttpResponse("400\n", status=400, content_type="text/plain; charset=utf-8")


def _refused(request: HttpRequest, no: Refusal) -> HttpResponse:
    """The refusal for whoever asked: a person's page, a machine's problem, the post's problem."""
    if settings.HAS_SCREENS and not request.path.startswith(("/api/", "/post/", "/healthz")):
        from ampera.screens.shell import show_refusal

        try:
            return show_refusal(request, no)
        except Exception:  # the frame of a page reads the database: without it, the words alone
            told = [f"{no.text(each)} {no.next_step(each)}" for each in ("id", "en")]
            return HttpResponse(
                "\n\n".join(told), status=no.status, content_type="text/plain; charset=utf-8"
            )
    from ampera.api.v1.problems import problem

    return problem(request, no)
