"""Who asks, what they may, and under which id a command is given. The same for every endpoint.

A POST carries an `Idempotency-Key` made where the command was given: the same key and content get
the same answer, however often the line drops after the server said yes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.security import HttpBearer
from pydantic import Field

from ampera.api.v1.problems import problem
from ampera.journal.actions import Command, perform
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, officer_by_token, second_person
from ampera.words.ids import is_id
from ampera.words.refusal import Refusal

KEY: Final = "Idempotency-Key"
_KEY_LENGTHS: Final = range(8, 201)

#: What an endpoint gives back: data for its schema, a file, or a problem.
Answered = Any


class Credentials(Schema):
    """The second of two persons, proved by own credentials in the same act."""

    login: str = Field(max_length=40)
    password: str = Field(max_length=256, repr=False)


class Token(HttpBearer):
    """A machine acts as the officer to whom its token was given, with that officer's rights."""

    def authenticate(self, request: HttpRequest, token: str) -> OfficerSeen | None:
        return officer_by_token(token)


def officer_of(request: HttpRequest) -> OfficerSeen:
    """Who asks, as the token said."""
    officer = request.auth  # type: ignore[attr-defined]
    assert isinstance(officer, OfficerSeen), "every endpoint stands behind the token"
    return officer


def look(
    request: HttpRequest, *actions: Action, ask: Callable[[OfficerSeen], Answered | Refusal]
) -> Answered:
    """Answer a question of an officer who may do one of these."""
    officer = officer_of(request)
    if not any(officer.may(action) for action in actions):
        return problem(request, Refusal("officer.may_not"))
    return _answered(request, ask(officer))


def act(
    request: HttpRequest, *actions: Action, do: Callable[[Command], Answered | Refusal]
) -> Answered:
    """Give a command for an officer who may do one of these, under the id that its key makes."""
    officer = officer_of(request)
    if not any(officer.may(action) for action in actions):
        return problem(request, Refusal("officer.may_not"))
    command = _command(request, officer)
    if isinstance(command, Refusal):
        return problem(request, command)
    return _answered(request, do(command))


def ask_once(
    request: HttpRequest,
    *actions: Action,
    content: str,
    ask: Callable[[OfficerSeen], Answered | Refusal],
) -> Answered:
    """A question that is posted because a number stands in it, not because it changes anything.

    Its key is bound to its content like a command's; the answer is asked anew each time and nothing
    of it is kept.
    """
    officer = officer_of(request)

    def bind(command: Command) -> Answered | Refusal:
        # The key is part of it, so that what is kept cannot be compared with a table of numbers.
        asked = hashlib.sha256(f"{request.headers[KEY]}|{content}".encode()).hexdigest()
        bound = perform(command, lambda _: {}, content={"path": request.path, "asked": asked})
        return bound if isinstance(bound, Refusal) else ask(officer)

    return act(request, *actions, do=bind)


def _command(request: HttpRequest, officer: OfficerSeen) -> Command | Refusal:
    key = request.headers.get(KEY, "")
    if not key:
        return Refusal("api.no_idempotency_key")
    if len(key) not in _KEY_LENGTHS or not (key.isascii() and key.isprintable()) or " " in key:
        return Refusal("api.key_form")
    if is_id(key, "cmd"):
        return Command(id=key, officer=officer.id)
    made = hashlib.sha256(f"{officer.id}/{key}".encode()).hexdigest()[:32]
    return Command(id=f"cmd_{made}", officer=officer.id)


def witness_of(  # positional: a pair
    command: Command, given: Credentials | None
) -> OfficerSeen | Refusal:
    """The second person: another officer of this office, who may bear witness here."""
    if given is None:
        return Refusal("printing.two_persons")
    login = given.login.strip().lower()
    second = second_person(command.officer, login, given.password, office=house().code)
    if isinstance(second, OfficerSeen) and not second.may(Action.BLANKO_WITNESS):
        return Refusal("officer.may_not")
    return second


def _answered(request: HttpRequest, answer: Answered | Refusal) -> Answered:
    if isinstance(answer, Refusal):
        return problem(request, answer)
    return answer


def pdf(data: bytes, *, name: str) -> HttpResponse:
    """A file for the officer who asked; nothing on its way keeps a copy."""
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
