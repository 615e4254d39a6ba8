"""The receipt of a request. Its ticket code is known by hash only, so only who took it can show it.

Until the officer signs out the code stands in the session on this server; after that it stands on
the resident's paper alone.
"""

from __future__ import annotations

from typing import Final

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from ampera.intake.queries import request_for
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.screens.ports import ports
from ampera.screens.sheets import papers_to_bring, request_receipt_pdf
from ampera.screens.shell import needs, pdf, show, show_refusal
from ampera.words.refusal import Refusal

_SESSION_TICKETS: Final = "tickets"
_TICKETS_KEPT: Final = 50


def keep_ticket(request: HttpRequest, *, request_id: str, ticket: str) -> None:
    """Remember the code for this session, so that the receipt can be printed."""
    known: dict[str, str] = request.session.get(_SESSION_TICKETS, {})
    newest = [*known.items(), (request_id, ticket)][-_TICKETS_KEPT:]
    request.session[_SESSION_TICKETS] = dict(newest)


@needs(Action.REQUEST_TAKE)
@require_GET
def receipt(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The receipt on the screen: the code large, and the QR code beside it."""
    seen = request_for(officer, request=request_id, purpose=Purpose.COUNTER)
    ticket = _ticket(request, request_id)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("permohonan"))
    if not ticket:
        no = Refusal("screens.receipt_gone")
        return show_refusal(request, no, back=reverse("perkara", args=[request_id]))
    address = _status_address(request)
    code = segno.make_qr(f"{address}#{ticket}", error="m")
    return show(
        request,
        "screens/counter/receipt.html",
        seen=seen,
        ticket=ticket,
        address=address,
        qr=code.svg_data_uri(scale=5, border=4),
        bring=papers_to_bring(seen),
        is_handed_on=bool(seen.facts.handed_to),
    )


@needs(Action.REQUEST_TAKE)
@require_GET
def receipt_paper(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The same as a PDF of A6."""
    seen = request_for(officer, request=request_id, purpose=Purpose.COUNTER)
    ticket = _ticket(request, request_id)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("permohonan"))
    if not ticket:
        return show_refusal(request, Refusal("screens.receipt_gone"))
    made = request_receipt_pdf(seen, ticket=ticket, address=_status_address(request))
    if isinstance(made, Refusal):
        return show_refusal(request, made)
    return pdf(made, name=f"tanda-terima-{request_id[-8:]}")


def _ticket(request: HttpRequest, request_id: str) -> str:
    known: dict[str, str] = request.session.get(_SESSION_TICKETS, {})
    return known.get(request_id, "")


def _status_address(request: HttpRequest) -> str:
    """Where residents ask: the dinas's public page. What follows # is never sent to a server."""
    base = ports().public_status.rstrip("/")
    return f"{base}{reverse('status')}" if base else request.build_absolute_uri(reverse("status"))
