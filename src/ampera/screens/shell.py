"""What every page shares: who is signed in, what they may, how a no is shown, which command."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.queries import (
    Action,
    OfficerSeen,
    officer_in_force,
    second_person,
)
from ampera.words.ids import is_id
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

SESSION_OFFICER: Final = "officer"
#: One sentence about what was just done, for the next page.
SESSION_SAID: Final = "said"


#: What the three kinds of server are called on screens.
TIER_NAMES: Final = {
    Tier.KECAMATAN: "Kecamatan",
    Tier.DINAS: "Disdukcapil",
    Tier.PUSAT: "Pusat",
}
#: A page for somebody who is signed in: (request, officer, the address's parts by name).
OfficerView = Callable[..., HttpResponse]


def officer_of(request: HttpRequest) -> OfficerSeen | None:
    """Who is signed in, with rights that still hold: asked anew at every page."""
    known = request.session.get(SESSION_OFFICER)
    officer = officer_in_force(known) if known else None
    return officer if officer is not None and officer.office == house().code else None


def needs(
    *actions: Action, at: Tier | None = None
) -> Callable[[OfficerView], Callable[..., HttpResponse]]:
    """A page for officers who may do one of these; without any, for every officer.

    `at` names the only kind of server that has this page.
    """

    def around(view: OfficerView) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, **parts: Any) -> HttpResponse:
            officer = officer_of(request)
            if officer is None and is_live(request):
                # A block that polls must not swallow the log-in page: the whole page loads anew.
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            if officer is None:
                to_login = f"{reverse('masuk')}?lanjut={request.path}"
                return HttpResponseRedirect(to_login)
            request.officer = officer  # type: ignore[attr-defined]
            if at is not None and house().tier is not at:
                return show_refusal(request, Refusal("screens.other_tier", tier=TIER_NAMES[at]))
            if actions and not any(officer.may(action) for action in actions):
                return show_refusal(request, Refusal("officer.may_not"))
            response = view(request, officer, **parts)
            response.headers["Cache-Control"] = "no-store"
            return response

        return page

    return around


def show(
    request: HttpRequest, template: str, status: int = 200, block: str = "", **context: Any
) -> HttpResponse:
    """Render a page: whole, or the template of its live block alone when htmx asks for it.

    The page includes that very template, so both carry the same block.
    """
    is_part = bool(block) and is_live(request)
    response = render(request, block if is_part else template, context, status=status)
    if block:
        response.headers["Vary"] = "HX-Request"
    return response


def is_live(request: HttpRequest) -> bool:
    """Does htmx ask for a live block again, rather than a person for the page?"""
    return bool(getattr(request, "htmx", False))


def done(request: HttpRequest, said: str, *, page: str, **parts: Any) -> HttpResponse:
    """What was asked for is done: go on to a page that says so. Never carries personal data."""
    request.session[SESSION_SAID] = said
    return HttpResponseRedirect(reverse(page, kwargs=parts))


def pdf(content: bytes, *, name: str) -> HttpResponse:
    """A paper, shown in the browser; `name` holds nothing personal, for it lands in folders."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def show_refusal(request: HttpRequest, no: Refusal, *, back: str = "") -> HttpResponse:
    """A no that a person can act on: what is the matter, and what to do now."""
    context = {"refusal": no, "back": back or _page_before(request)}
    return render(request, "screens/refusal.html", context, status=no.status)


def _page_before(request: HttpRequest) -> str:
    """Where the form stood, without its query: a path of this server."""
    before = urlsplit(request.headers.get("referer", ""))
    is_ours = before.netloc == request.get_host()
    return before.path if is_ours and before.path.startswith("/") else reverse("beranda")


def command_of(request: HttpRequest, officer: OfficerSeen) -> Command:
    """The command that a form gives, under the id that the form was made with."""
    given = request.POST.get("command", "")
    return Command(id=given if is_id(given, "cmd") else house().ids.new("cmd"), officer=officer.id)


def witness_of(request: HttpRequest, officer: OfficerSeen, *, may: Action) -> OfficerSeen | Refusal:
    """The second of two persons, proved by own credentials in the same act.

    `may` is the right that the second needs as well: not everybody may vouch for everything.
    """
    second = second_person(
        officer.id,
        request.POST.get("second_login", "").strip().lower(),
        request.POST.get("second_password", ""),
        office=house().code,
    )
    if isinstance(second, Refusal):
        return second
    return second if second.may(may) else Refusal("screens.second_may_not")


def safe_next(request: HttpRequest, given: str) -> str:
    """Where to go after the log-in: a page of this server, never elsewhere."""
    is_ours = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()})
    return given if given.startswith("/") and is_ours else reverse("beranda")
