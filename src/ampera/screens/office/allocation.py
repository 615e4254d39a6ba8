"""Alokasi: who gets how many of the blanko on the dinas's shelf, proposed, decided, packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.papers.wording import grouped
from ampera.planning.actions import decide_allocation, propose_allocation
from ampera.planning.queries.allocation import (
    ProposalSeen,
    allocation_seen,
    has_open_proposal,
    proposals,
    to_pack,
)
from ampera.planning.queries.allocation import preview as preview_of
from ampera.planning.rules.allocation import Allocation, Line
from ampera.planning.rules.proposals import Outcome, Wish
from ampera.planning.rules.sharing import Way, why_id
from ampera.planning.rules.ways import ways_policy
from ampera.register.queries import Action, OfficerSeen, local_day
from ampera.screens.sheets import office_title
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

OUTCOMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "": ("belum diputuskan", "is-wait"),
        Outcome.ACCEPTED: ("disetujui", "is-good"),
        Outcome.EDITED: ("disetujui dengan perubahan", "is-good"),
        Outcome.REJECTED: ("ditolak", "is-stop"),
    }
)
_DIGITS_MAX: Final = 6
#: A bar of the table is drawn in so many steps, for a style sheet without inline styles.
_STEPS: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One office of a proposal as the table shows it."""

    line: Line
    title: str
    why: str
    gets: int  #: after the decision
    #: Of `_STEPS`: how far its need is covered then; None where nothing is needed.
    days: int | None  #: of work for its printers with what lies there then
    steps: int | None

    @property
    def is_changed(self) -> bool:
        return self.gets != self.line.gets


@needs(Action.PLAN_ACCEPT, Action.PLAN_SEE, Action.BLANKO_SHIP, at=Tier.DINAS)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """What is to be packed, the open proposal or the form for one, and those before."""
    found = proposals()
    open_one = next((each for each in found if not each.outcome), None)
    return show(
        request,
        "screens/office/allocation.html",
        packing=[(each, office_title(each.office)) for each in to_pack()],
        open_one=open_one,
        past=[(each, *OUTCOMES[each.outcome]) for each in found if each.outcome],
        ways=ways_policy().on(local_day()),
        may_decide=officer.may(Action.PLAN_ACCEPT),
        may_ship=officer.may(Action.BLANKO_SHIP),
        **_preview(request),
    )


@needs(Action.PLAN_ACCEPT, Action.PLAN_SEE, at=Tier.DINAS)
@require_GET
def preview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The table for other terms while the head still tries them: a part of the page."""
    return show(
        request,
        "screens/office/_allocation_table.html",
        may_decide=officer.may(Action.PLAN_ACCEPT),
        **_preview(request),
    )


@needs(Action.PLAN_ACCEPT, at=Tier.DINAS)
@require_POST
def propose(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Freeze today's figures in a proposal."""
    wish = wish_of(request.POST)
    answer = (
        wish
        if isinstance(wish, Refusal)
        else propose_allocation(command_of(request, officer), wish=wish)
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("alokasi"))
    said = f"Usulan dibuat: {grouped(answer['given'])} blanko dibagi. Periksa, lalu putuskan."
    return done(request, said, page="alokasi_satu", allocation=answer["allocation"])


@needs(Action.PLAN_ACCEPT, Action.PLAN_SEE, Action.BLANKO_SHIP, at=Tier.DINAS)
@require_GET
def one(request: HttpRequest, officer: OfficerSeen, *, allocation: str) -> HttpResponse:
    """A proposal line by line: what it was worked out from, and what was decided."""
    seen = allocation_seen(allocation)
    if seen is None:
        no = Refusal("planning.allocation_not_here")
        return show_refusal(request, no, back=reverse("alokasi"))
    word, tone = OUTCOMES[seen.outcome]
    return show(
        request,
        "screens/office/allocation_one.html",
        seen=seen,
        rows=_rows(seen.allocation, days=seen.days, gets=seen.gets if seen.is_in_force else None),
        totals=_totals(seen),
        way=ways_policy().texts[Way(seen.way)],
        word=word,
        tone=tone,
        may_decide=officer.may(Action.PLAN_ACCEPT) and not seen.outcome,
    )


@needs(Action.PLAN_ACCEPT, at=Tier.DINAS)
@require_POST
def decide(request: HttpRequest, officer: OfficerSeen, *, allocation: str) -> HttpResponse:
    """Accept, accept with other numbers, or reject."""
    here = reverse("alokasi_satu", args=[allocation])
    seen = allocation_seen(allocation)
    if seen is None:
        no = Refusal("planning.allocation_not_here")
        return show_refusal(request, no, back=reverse("alokasi"))
    outcome = request.POST.get("outcome", "")
    edits = edits_of(request.POST, seen) if outcome != Outcome.REJECTED else {}
    if isinstance(edits, Refusal):
        return show_refusal(request, edits, back=here)
    if outcome == Outcome.ACCEPTED and edits:
        outcome = Outcome.EDITED.value
    answer = decide_allocation(
        command_of(request, officer),
        allocation=allocation,
        outcome=outcome,
        edits=edits,
        reason=request.POST.get("reason", "")[:300],
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    if outcome == Outcome.REJECTED:
        return done(request, "Usulan ditolak; tidak ada yang dikirim.", page="alokasi")
    given = grouped(answer["given"])
    said = f"Disetujui: {given} blanko. Pengelola blanko melihat apa yang harus dikemas."
    return done(request, said, page="alokasi")


def _preview(request: HttpRequest) -> dict[str, Any]:
    wish = wish_of(request.GET)
    made = wish if isinstance(wish, Refusal) else preview_of(wish)
    if isinstance(wish, Refusal) or isinstance(made, Refusal):
        return {"wish": Wish(), "refusal": made, "rows": [], "made": None}
    return {
        "wish": wish,
        "rows": _rows(made, days=wish.days, gets=None),
        "made": made,
        "is_open": has_open_proposal(),
    }


def wish_of(given: QueryDict) -> Wish | Refusal:
    """What a form asks a proposal for."""
    plain = Wish()
    share = _number(given.get("share", ""), otherwise=20)
    minimum = _number(given.get("minimum", ""), otherwise=plain.minimum)
    days = _number(given.get("days", ""), otherwise=plain.days)
    if share is None or minimum is None or days is None:
        return Refusal("planning.allocation_number")
    way = given.get("way", plain.way)
    return Wish(way=way, share_per_mille=share * 10, minimum=minimum, days=days)


def _number(typed: str, *, otherwise: int) -> int | None:
    """A count as it was typed, with or without dots; None when it is no count."""
    text = typed.strip().replace(".", "")
    if not text:
        return otherwise
    return int(text) if text.isdecimal() and len(text) <= _DIGITS_MAX else None


def edits_of(  # positional: a form, and of what
    given: QueryDict, seen: ProposalSeen
) -> dict[str, int] | Refusal:
    """The numbers that differ from the proposal's."""
    found = {}
    for line in seen.lines:
        office = line.claim.office
        count = _number(given.get(f"gets_{office}", ""), otherwise=line.gets)
        if count is None:
            return Refusal("planning.allocation_number")
        if count != line.gets:
            found[office] = count
    return found


def _rows(made: Allocation, *, days: int, gets: Mapping[str, int] | None) -> list[Row]:
    rows = []
    for line in made.lines:
        title = office_title(OfficeCode(line.claim.office))
        count = line.gets if gets is None else gets.get(line.claim.office, 0)
        need = line.claim.backlog if line.claim.need is None else line.claim.need
        there = line.claim.on_hand + count
        row = Row(
            line=line,
            title=title,
            why=why_id(line, name=title, allocation=made),
            gets=count,
            # What is printed in `days` days, so how many for this; a begun day counts.
            days=-(-there * days // line.claim.capacity) if line.claim.capacity else None,
            steps=min(_STEPS, there * _STEPS // need) if need else None,
        )
        rows.append(row)
    # Where the most waits first; offices for which there is nothing to do come last.
    return sorted(rows, key=lambda row: (-row.line.claim.backlog, row.line.claim.office))


def _totals(seen: ProposalSeen) -> dict[str, int]:
    return {
        "backlog": sum(line.claim.backlog for line in seen.lines),
        "on_hand": sum(line.claim.on_hand for line in seen.lines),
        "gets": sum(seen.gets.values()) if seen.is_in_force else seen.allocation.given,
    }
