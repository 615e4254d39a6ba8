"""Puts version 1 together: routers, the token, problems, and the description for machines."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from ampera.api.v1 import (
    allocation,
    blanko,
    blanko_books,
    blanko_loans,
    bundles,
    cards,
    custody,
    demo,
    doors,
    enrolment,
    health,
    lendings,
    permits,
    printing,
    requests,
    residents,
    verdicts,
    withdrawn,
    withdrawn_differences,
)
from ampera.api.v1.door import KEY, Token
from ampera.api.v1.problems import CONTENT_TYPE, problem
from ampera.words.refusal import Refusal

ABOUT: Final = """\
What an officer can do on the pages, for programs. Every call carries the token of one officer and
has that officer's rights; every record that is opened is noted in the audit chain. A refusal is an
RFC 9457 problem with a stable `code` (docs/reference/refusals.md).
"""


class Interface(NinjaAPI):
    """Adds to the description what holds for every endpoint."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        response = super().create_response(request, data, **more)
        response.headers["Cache-Control"] = "no-store"
        return response

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**where)
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                if method == "post":
                    operation.setdefault("parameters", []).append(_KEY_PARAMETER)
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "content" in response:
                        content = response["content"]
                        response["content"] = {CONTENT_TYPE: content["application/json"]}
        return schema


_KEY_PARAMETER: Final = {
    "in": "header",
    "name": KEY,
    "required": True,
    "description": "Made where the command was given; the same when it is tried again.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 200},
}


def _make() -> Interface:
    made = Interface(title="Ampera", version="1", description=ABOUT, docs_url=None, auth=Token())
    for tag, router in (
        ("residents", residents.router),
        ("requests", requests.router),
        ("enrolment", enrolment.router),
        ("verdicts", verdicts.router),
        ("permits", permits.router),
        ("lendings", lendings.router),
        ("custody", custody.router),
        ("printing", printing.router),
        # Their fixed paths come before `/cards/{card}` and `/bundles/{bundle}`.
        ("bundles", doors.router),
        ("bundles", bundles.router),
        ("cards", cards.router),
        ("blanko", blanko.router),
        ("blanko", blanko_books.router),
        ("blanko", blanko_loans.router),
        ("withdrawn", withdrawn.router),
        ("withdrawn", withdrawn_differences.router),
        ("allocations", allocation.router),
        ("health", health.router),
        ("demo", demo.router),
    ):
        made.add_router("", router, tags=[tag])
    made.add_exception_handler(AuthenticationError, _no_token)
    made.add_exception_handler(ValidationError, _invalid)
    made.add_exception_handler(HttpError, _unreadable)
    made.add_exception_handler(Http404, _not_found)
    return made


def _no_token(request: HttpRequest, _: Any) -> HttpResponse:
    return problem(request, Refusal("api.no_token"))


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    # Places and messages only: what was sent may be a person's data.
    errors = [
        {"where": ".".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in error.errors
    ]
    where = ", ".join(each["where"] for each in errors[:3])
    return problem(request, Refusal("api.body_invalid", where=where), errors=errors)


def _unreadable(request: HttpRequest, _: Any) -> HttpResponse:
    return problem(request, Refusal("api.bad_request"))


def _not_found(request: HttpRequest, _: Any) -> HttpResponse:
    return problem(request, Refusal("api.not_found"))


v1: Final = _make()
