"""Log-in, log-out and the front page."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.journal.house import house
from ampera.journal.queries import chains
from ampera.register.queries import Action, OfficerSeen, office_seen, sign_in
from ampera.screens.public.views import public_page
from ampera.screens.shell import SESSION_OFFICER, TIER_NAMES, officer_of, safe_next, show
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal


@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Who are you? One answer in one time for an unknown login and a wrong password."""
    next_page = safe_next(request, request.POST.get("lanjut") or request.GET.get("lanjut", ""))
    if request.method == "GET":
        return show(request, "screens/login.html", next=next_page)
    login = request.POST.get("login", "").strip().lower()
    answer = sign_in(login, request.POST.get("password", ""))
    if isinstance(answer, Refusal):
        return show(
            request, "screens/login.html", status=answer.status, refusal=answer, login=login,
            next=next_page,
        )  # fmt: skip
    # A new session, so that one planted before the log-in is worth nothing.
    request.session.flush()
    request.session[SESSION_OFFICER] = answer.id
    return HttpResponseRedirect(next_page)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    return HttpResponseRedirect(reverse("beranda"))


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """The dinas: in the demo a table of all servers, else the public page. Others: the log-in."""
    officer = officer_of(request)
    if officer is not None:
        request.officer = officer  # type: ignore[attr-defined]
    if house().tier is not Tier.DINAS:
        return HttpResponseRedirect(reverse(_first_page(officer)))
    if house().is_demo:
        return show(request, "screens/front.html", servers=_servers_of_the_demo())
    return public_page(request)


def _first_page(officer: OfficerSeen | None) -> str:
    """Where a kecamatan's officer begins: a lurah with the cards in hand, others with the day."""
    if officer is None:
        return "masuk"
    is_carrier = officer.may(Action.BUNDLE_DELIVER) and not officer.may(Action.FIGURES_SEE)
    return "antar" if is_carrier else "hari_ini"


def _servers_of_the_demo() -> list[dict[str, Any]]:
    """What `city.json` says, with the names of the offices and the newest that was heard of each.

    Empty when this server runs without a demo city around it.
    """
    file = os.environ.get("AMPERA_CITY", "")
    if not file or not Path(file).exists():
        return []
    servers: list[dict[str, Any]] = json.loads(Path(file).read_text(encoding="utf-8"))["servers"]
    heard = {each.name.origin.text: each.at for each in chains() if each.name.audience == "up"}
    for server in servers:
        seen = office_seen(OfficeCode(server["code"]))
        server["name"] = seen.name if seen is not None else TIER_NAMES[Tier(server["tier"])]
        server["heard_at"] = heard.get(server["code"])
    return servers
