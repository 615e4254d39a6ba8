"""Permits in dispute, or under suspicion after a restore: what is known of each, and what two
officers decide.

A kecamatan reads them; two officers of the dinas decide. The one decision that frees a permit is
that no card came of it; where a card may exist it stays spent, and nothing has to be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.blanko.queries import in_dispute
from ampera.journal.house import house
from ampera.readiness.actions import void_card
from ampera.readiness.queries import NamedPermit, named_permits
from ampera.readiness.queries.suspects import Suspect, suspect_seen, suspects
from ampera.readiness.rules.states import Said
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.screens.counter.seen_blanko import runs
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

SHOWN_MAX: Final = 200
_MAY_READ: Final = (
    Action.CARD_VOID,
    Action.PERMIT_RECALL,
    Action.PERMIT_GRANT,
    Action.CARD_SETTLE,
    Action.BLANKO_COUNT,
    Action.JOURNAL_SEE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One such permit with its name, and the blanko that nobody could show."""

    suspect: Suspect
    named: NamedPermit
    lost: tuple[str, ...]


@needs(*_MAY_READ)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Every permit that waits for the decision; who reads the names is recorded."""
    found = suspects(_scope(), most=SHOWN_MAX)
    return show(
        request,
        "screens/office/suspects.html",
        rows=_rows(officer, found),
        is_dinas=house().tier is Tier.DINAS,
        may_decide=_may_decide(officer),
    )


@needs(*_MAY_READ)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, officer: OfficerSeen, *, permit: str) -> HttpResponse:
    """Two officers of the dinas: no card came of this permit."""
    seen = _here(permit)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("izin_dicurigai"))
    if request.method == "GET":
        row = _rows(officer, [seen])[0]
        return show(
            request,
            "screens/office/suspect.html",
            row=row,
            lost=runs(row.lost),
            is_dinas=house().tier is Tier.DINAS,
            may_decide=_may_decide(officer),
        )
    here = reverse("izin_putus", args=[permit])
    if not officer.may(Action.CARD_VOID):
        return show_refusal(request, Refusal("officer.may_not"), back=here)
    if request.POST.get("looked") != "ya":
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    second = witness_of(request, officer, may=Action.CARD_VOID)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = void_card(
        command_of(request, officer),
        card=seen.permit.card,
        why=Said.NOT_MADE.value,
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = "Diputus berdua: tidak ada kartu dari izin ini. Izin baru dapat diberikan."
    return done(request, said, page="izin_dicurigai")


def _may_decide(officer: OfficerSeen) -> bool:
    return house().tier is Tier.DINAS and officer.may(Action.CARD_VOID)


def _scope() -> OfficeCode | None:
    """A dinas sees its whole city, a kecamatan itself."""
    return None if house().tier is Tier.DINAS else house().code


def _here(permit: str) -> Suspect | Refusal:
    seen = suspect_seen(permit)
    is_ours = seen is not None and _scope() in (None, seen.permit.office)
    return seen if seen is not None and is_ours else Refusal("readiness.permit_unknown")


def _rows(officer: OfficerSeen, found: list[Suspect]) -> list[Row]:
    if not found:
        return []
    permits = [each.permit.permit for each in found]
    purpose = Purpose.VERIFICATION.value
    named = {
        each.permit.permit: each
        for each in named_permits(officer.id, permits=permits, purpose=purpose)
    }
    disputes = {
        office: in_dispute(office) for office in sorted({each.permit.office for each in found})
    }
    return [
        Row(
            each,
            named[each.permit.permit],
            tuple(
                sorted(
                    item
                    for item, document in disputes[each.permit.office].items()
                    if document in each.documents
                )
            ),
        )
        for each in found
    ]
