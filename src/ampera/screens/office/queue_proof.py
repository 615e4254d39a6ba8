"""Mengapa kartu ini lebih dulu dari yang itu: two requests side by side, with what proves it.

The page names nobody: it may be printed and given to a resident who asks, or to an auditor, who
finds every line again with `ampera verify` by chain, place and hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ampera.intake.queries import by_ticket
from ampera.journal.actions import record_look
from ampera.readiness.queries import RequestStands, WhyBefore, why_one_before
from ampera.readiness.rules.policy import NOT_URGENT
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.screens.office.queue_words import BECAUSE, CLASSES, ORDER, MoveTold, told_moves
from ampera.screens.shell import needs, show, show_refusal
from ampera.screens.templatetags.ampera import wib
from ampera.words.clock import utc_from_text
from ampera.words.ids import is_id
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

_TYPED_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, in words."""

    stands: RequestStands
    key: list[tuple[str, str, bool]]  #: part of the order, its value, does it decide?
    moves: list[MoveTold]


@needs(Action.REQUEST_CONFIRM, Action.QUEUE_JUMP, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Ask for two requests by receipt code or record id; both looks are recorded.

    Codes are posted: none stands in an address.
    """
    if request.method == "GET":
        return show(request, "screens/office/queue_compare.html")
    here = reverse("antrean_banding")
    both = [_found(request.POST.get(name, "")) for name in ("satu", "dua")]
    for each in both:
        if isinstance(each, Refusal):
            return show_refusal(request, each, back=here)
    one, other = (str(each) for each in both)
    purpose = Purpose.AUDIT if officer.may(Action.JOURNAL_SEE) else Purpose.COUNTER
    record_look(officer=officer.id, subjects=[one, other], purpose=purpose.value)
    why = why_one_before(one, other)
    if isinstance(why, Refusal):
        return show_refusal(request, why, back=here)
    return show(
        request,
        "screens/office/queue_why.html",
        why=why,
        because=BECAUSE[why.because],
        sides=[_side(each, why) for each in (why.first, why.second)],
        order=[ORDER[each] for each in why.row.order],
        quotas=[(CLASSES[of], most) for of, most in why.quotas],
    )


def _found(typed: str) -> str | Refusal:
    """The request of a receipt's code, or the one whose record id was typed."""
    plain = typed.strip()[:_TYPED_MAX]
    if is_id(plain.lower(), "req"):
        return plain.lower()
    seen = by_ticket(plain)
    return seen if isinstance(seen, Refusal) else seen.id


def _side(stands: RequestStands, why: WhyBefore) -> Side:  # positional: of that comparison
    key = stands.key
    since = utc_from_text(key.waiting_since) if key.waiting_since else None
    values = {
        "jump": "ya" if key.is_jump else "tidak",
        "urgency": "tidak" if key.urgency >= NOT_URGENT else f"ya, tingkat {key.urgency}",
        "first_card": "ya" if key.is_first else "tidak",
        "waiting_since": wib(since),
        "request": stands.request,
    }
    rows = [(ORDER[name], values[name], name == why.because) for name in why.row.order]
    return Side(stands, rows, told_moves(stands.moves))
