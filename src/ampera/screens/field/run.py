"""Antar: the lurah's phone. A page that works without a line, and what it sends when there is one.

Each act carries an id made on the phone: sent ten times it counts once. The page itself is kept by
a service worker, the acts by the browser's storage; nothing of it is needed to answer a request.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.delivery.actions import DoorAct, tell_door
from ampera.delivery.queries import BundleSeen, DoorLine, bundles_of_carrier, door_lines
from ampera.delivery.rules import policy
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, wilayah_name
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.words.clock import utc_text
from ampera.words.ids import is_id
from ampera.words.refusal import Refusal

#: The act itself is fine, the office cannot write it just now: the phone sends it again.
_AGAIN: Final = frozenset({"delivery.second_log_missing", "server.quarantined"})
_FIELDS: Final = (
    "act", "card", "bundle", "to", "name", "relation", "old_card", "why", "note", "signature",
)  # fmt: skip
_WORKER: Final = "screens/antar-pekerja.js"


@needs(Action.BUNDLE_DELIVER)
@require_GET
def run(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The cards in this carrier's hand, each with what can be said at its door."""
    bundles = [
        (each, wilayah_name(each.kelurahan), _carried(officer, each))
        for each in bundles_of_carrier(officer.id)
    ]
    return show(
        request,
        "screens/field/run.html",
        bundles=bundles,
        count=sum(len(lines) for _, _, lines in bundles),
        reasons=[each for each in policy().undelivered.values() if each.code != "VOID"],
    )


def _carried(officer: OfficerSeen, bundle: BundleSeen) -> list[DoorLine]:
    return [line for line in door_lines(officer.id, bundle=bundle) if line.is_out]


@needs(Action.BUNDLE_DELIVER)
@require_GET
def state(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Is there a line, who is signed in, and which cards are still in this hand?"""
    held = [card for each in bundles_of_carrier(officer.id) for card in each.held]
    cards = {each.card: {"void": each.is_void, "told": each.undelivered_why} for each in held}
    told = {
        "officer": officer.id,
        "csrf": get_token(request),
        "cards": cards,
        "now": utc_text(house().now()),
    }
    return JsonResponse(told)


@needs(Action.BUNDLE_DELIVER)
@require_POST
def send(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """One act of the phone's queue. Answers DONE, REFUSED (kept as a conflict) or AGAIN."""
    told = _read(request.body)
    given = str(told.get("command", ""))
    if not is_id(given, "cmd"):
        return JsonResponse(_refused(Refusal("delivery.act_unread")), status=422)
    answer = tell_door(Command(id=given, officer=officer.id), told=_act(told))
    if not isinstance(answer, Refusal):
        return JsonResponse({"state": "DONE"})
    status = 503 if answer.code in _AGAIN else answer.status
    return JsonResponse(_refused(answer), status=status)


@needs(Action.BUNDLE_DELIVER)
@require_POST
def note(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The same act from a browser without JavaScript."""
    told = {name: request.POST.get(name, "") for name in _FIELDS}
    command = command_of(request, officer)
    answer = tell_door(command, told=_act({**told, "told_at": datetime.now(UTC).isoformat()}))
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("antar"))
    return done(request, "Tercatat di kantor.", page="antar")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: under this address it may answer for the pages below `antar/`."""
    response = HttpResponse(_worker_text(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _worker_text() -> str:
    found = finders.find(_WORKER)
    assert isinstance(found, str), "the service worker is part of the package"
    return Path(found).read_text(encoding="utf-8")


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (UnicodeDecodeError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _act(told: dict[str, Any]) -> DoorAct:
    """What the phone sent, as text and of bounded length."""
    longest = {"signature": 20_001, "note": 200}
    fields = {
        name: value[: longest.get(name, 120)] if name in longest else " ".join(value.split())[:120]
        for name in _FIELDS
        if isinstance(value := told.get(name, ""), str) and value
    }
    parts = {"act": "", "card": "", "bundle": "", **fields}
    return DoorAct(**parts, told_at=_told_at(told.get("told_at")))


def _told_at(given: object) -> str:
    """The phone's clock as it stands in entries; empty when it said nothing that is a time."""
    try:
        at = datetime.fromisoformat(str(given))
    except ValueError:
        return ""
    return utc_text(at) if at.tzinfo is not None else ""


def _refused(no: Refusal) -> dict[str, str]:
    is_passing = no.code in _AGAIN
    return {
        "state": "AGAIN" if is_passing else "REFUSED",
        "code": no.code,
        "text": no.text(),
        "next": no.next_step(),
    }
