"""A refusal on its way out to a machine: RFC 9457 problem details with a stable code."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from ampera.words.refusal import Refusal

CONTENT_TYPE: Final = "application/problem+json"
#: The statuses that refusals carry.
STATUSES: Final = frozenset({400, 401, 403, 404, 409, 413, 422, 423, 429, 507})


class Problem(Schema):
    """RFC 9457. `code` is the refusal's stable code, `next` says what to do now."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    next: str
    facts: dict[str, str | int]


def language_of(request: HttpRequest) -> str:
    """`en` when the caller prefers English, Indonesian otherwise."""
    wanted = request.headers.get("Accept-Language", "")
    return "en" if wanted.strip().lower().startswith("en") else "id"


def problem(request: HttpRequest, no: Refusal, **more: Any) -> HttpResponse:
    """The answer that carries a refusal. `title` is the same for every refusal of a code."""
    language = language_of(request)
    row = {
        "type": f"urn:ampera:refusal:{no.code}",
        "title": Refusal(no.code).text(language),
        "status": no.status,
        "detail": no.text(language),
        "code": no.code,
        "next": no.next_step(language),
        "facts": dict(no.facts),
        **more,
    }
    response = HttpResponse(
        json.dumps(row, ensure_ascii=False), status=no.status, content_type=CONTENT_TYPE
    )
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    if no.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="ampera"'
    return response
