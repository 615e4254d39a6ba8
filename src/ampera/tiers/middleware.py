"""What every answer carries: a strict content policy, and a number for what is broken."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware

Next = Callable[[HttpRequest], HttpResponse]

POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'; object-src 'none'"
)

#: Nothing of the device. The one page that scans says so itself (screens/public/suket.py).
MAY_USE: Final = "camera=(), geolocation=(), microphone=()"

#: A ticket code, or NIK and KK number: nobody without a log-in has more to say.
PUBLIC_BODY_MAX: Final = 4096

logger = logging.getLogger("ampera.faults")


class ContentPolicy:
    """Nothing inline, nothing from elsewhere: what a browser runs came from this server's files."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", MAY_USE)
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
        if not isinstance(exception, SuspiciousOperation):  # what came was bad, nothing is broken
            note_fault(request, exception)


class ShortWay:
    """Answers the pages without a log-in past everything that they do not use.

    Everybody in a city asks for the status of a card, and a dinas has two cores. These pages know
    no session, no cookie, no form token and no language but the one in the address, so they pass
    only what guards every answer: the content policy and its like, compression, the number of a
    fault. What is not one of them goes the long way.
    """

    def __init__(self, get_response: Next) -> None:
        self._long = get_response
        self._short = {path: self._chain(path, view) for path, view in _public_views().items()}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._short.get(request.path_info, self._long)(request)

    @staticmethod
    def _chain(path: str, view: Next) -> Next:  # positional: an address and its view
        def answer(request: HttpRequest) -> HttpResponse:
            request.get_host()  # refuses a host that is not ours, as on the long way
            if _is_too_long(request):
                return HttpResponse(status=413)
            try:
                return view(request)
            except Exception as defect:
                if not isinstance(defect, SuspiciousOperation):
                    note_fault(request, defect, route=path)
                raise

        guards: dict[bool, dict[str, tuple[str, str]]] = {}
        squeezed: Any = Squeeze(convert_exception_to_response(answer))

        def guarded(request: HttpRequest) -> HttpResponse:
            response: HttpResponse = squeezed(request)
            # Put where Django keeps them: set one by one they cost as much as the database. What
            # the page itself said stays, as on the long way.
            is_secure = request.is_secure()
            if is_secure not in guards:
                guards[is_secure] = _guards(request)
            response.headers._store = {**guards[is_secure], **response.headers._store}
            response.headers.setdefault("Content-Length", str(len(response.content)))
            return response

        return guarded


def _guards(request: HttpRequest) -> dict[str, tuple[str, str]]:
    """The headers that guard every answer, as the layers of the long way set them."""
    layers: Any = XFrameOptionsMiddleware(lambda _: HttpResponse())
    layers = SecurityMiddleware(ContentPolicy(layers))
    kept: Mapping[str, str] = layers(request).headers
    names = [name for name in kept if name not in ("Content-Type", "Content-Length")]
    return {name.lower(): (name, kept[name]) for name in names}


def _public_views() -> dict[str, Next]:
    """Address and view of each page without a log-in; none where this server has no pages."""
    if not settings.HAS_SCREENS:
        return {}
    from ampera.screens.public.urls import urlpatterns

    return {f"/{each.pattern}": each.callback for each in urlpatterns}


def _is_too_long(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > PUBLIC_BODY_MAX


def note_fault(
    request: HttpRequest, defect: BaseException | None, *, route: str | None = None
) -> str:
    """Give a defect its number, log it once under that number, and return the number."""
    known: str | None = getattr(request, "fault_number", None)
    if known is not None:
        return known
    number = new_fault_number()
    request.fault_number = number  # type: ignore[attr-defined]
    where = route if route is not None else _route(request)
    logger.error("fault %s: %s %s", number, request.method, where, exc_info=defect)
    return number


def new_fault_number() -> str:
    """Six letters that an officer can read out on the telephone."""
    return secrets.token_hex(3).upper()


def _route(request: HttpRequest) -> str:
    # The pattern, not the path: a path may hold a NIK.
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match is not None else "-"
