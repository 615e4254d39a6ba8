"""Pembagian: the centre's blanko over provinces and cities, by the letters that they sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.papers.wording import grouped
from ampera.planning.actions import decide_distribution, propose_distribution
from ampera.planning.queries.allocation import (
    allocation_seen,
    has_open_proposal,
    proposals,
    to_pack,
)
from ampera.planning.queries.distribution import preview_of_cities, province_of
from ampera.planning.queries.supply import letters_open, supply_seen
from ampera.planning.rules.allocation import Allocation, Line
from ampera.planning.rules.proposals import Outcome, Wish
from ampera.planning.rules.sharing import why_group_id, why_id
from ampera.register.queries import Action, OfficerSeen, local_day, wilayah_name
from ampera.screens.office.allocation import OUTCOMES, edits_of, wish_of
from ampera.screens.office.supply import evidence_lines, grants_in_words
from ampera.screens.sheets import office_title
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

_SEEING = (Action.PLAN_ACCEPT, Action.PLAN_SEE, Action.BLANKO_SHIP)


@dataclass(frozen=True, slots=True)
class Row:
    """One city, or one province, of a proposal."""

    line: Line
    title: str
    why: str
    gets: int  #: after the decision

    @property
    def is_changed(self) -> bool:
        return self.gets != self.line.gets


@dataclass(frozen=True, slots=True)
class Group:
    """A province with its cities."""

    top: Row
    rows: tuple[Row, ...]

    @property
    def on_hand(self) -> int:
        """Blanko at all of them, also what one has beyond its own need."""
        return sum(row.line.claim.on_hand for row in self.rows)


@needs(*_SEEING, at=Tier.PUSAT)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Letters that are open, what would be given now, what is to be packed, what was decided."""
    found = [each for each in proposals() if each.letters]
    return show(
        request,
        "screens/centre/distribution.html",
        packing=[(each, city_title(each.office)) for each in to_pack()],
        letters=[(each, city_title(each.office)) for each in letters_open()],
        open_one=next((each for each in found if not each.outcome), None),
        past=[(each, *OUTCOMES[each.outcome]) for each in found if each.outcome],
        may_decide=officer.may(Action.PLAN_ACCEPT),
        may_ship=officer.may(Action.BLANKO_SHIP),
        **_preview(request),
    )


@needs(*_SEEING, at=Tier.PUSAT)
@require_GET
def preview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The table for other terms while the head still tries them: a part of the page."""
    return show(
        request,
        "screens/centre/_distribution_table.html",
        may_decide=officer.may(Action.PLAN_ACCEPT),
        **_preview(request),
    )


@needs(*_SEEING, at=Tier.PUSAT)
@require_GET
def letter(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """A city's letter with its evidence, and what the centre has said to it."""
    seen = supply_seen(request_id)
    if seen is None or not seen.number:
        return show_refusal(request, Refusal("supply.unknown"), back=reverse("pembagian"))
    return show(
        request,
        "screens/centre/letter.html",
        seen=seen,
        city=city_title(seen.office),
        evidence=evidence_lines(seen.evidence),
        grants=grants_in_words(seen),
    )


@needs(Action.PLAN_ACCEPT, at=Tier.PUSAT)
@require_POST
def propose(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Freeze the letters' figures in a proposal."""
    wish = wish_of(request.POST)
    answer = (
        wish
        if isinstance(wish, Refusal)
        else propose_distribution(command_of(request, officer), wish=wish)
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("pembagian"))
    said = f"Usulan dibuat: {grouped(answer['given'])} blanko dibagi. Periksa, lalu putuskan."
    return done(request, said, page="pembagian_satu", allocation=answer["allocation"])


@needs(*_SEEING, at=Tier.PUSAT)
@require_GET
def one(request: HttpRequest, officer: OfficerSeen, *, allocation: str) -> HttpResponse:
    """A proposal by province and city: what it was worked out from, and what was decided."""
    seen = allocation_seen(allocation)
    if seen is None or not seen.letters:
        no = Refusal("planning.allocation_not_here")
        return show_refusal(request, no, back=reverse("pembagian"))
    word, tone = OUTCOMES[seen.outcome]
    gets = seen.gets if seen.is_in_force else None
    return show(
        request,
        "screens/centre/distribution_one.html",
        seen=seen,
        groups=_groups(seen.tops, seen.lines, stock=seen.stock, gets=gets),
        total=sum(seen.gets.values()) if seen.is_in_force else seen.allocation.given,
        backlog=sum(line.claim.backlog for line in seen.lines),
        on_hand=sum(line.claim.on_hand for line in seen.lines),
        word=word,
        tone=tone,
        today=local_day(),
        may_decide=officer.may(Action.PLAN_ACCEPT) and not seen.outcome,
    )


@needs(Action.PLAN_ACCEPT, at=Tier.PUSAT)
@require_POST
def decide(request: HttpRequest, officer: OfficerSeen, *, allocation: str) -> HttpResponse:
    """Accept, accept with other numbers, or reject; every city is told."""
    here = reverse("pembagian_satu", args=[allocation])
    seen = allocation_seen(allocation)
    if seen is None:
        no = Refusal("planning.allocation_not_here")
        return show_refusal(request, no, back=reverse("pembagian"))
    outcome, day = request.POST.get("outcome", ""), _day(request.POST.get("promised_on", ""))
    edits = edits_of(request.POST, seen) if outcome != Outcome.REJECTED else {}
    if isinstance(edits, Refusal):
        return show_refusal(request, edits, back=here)
    if isinstance(day, Refusal):
        return show_refusal(request, day, back=here)
    if outcome == Outcome.ACCEPTED and edits:
        outcome = Outcome.EDITED.value
    answer = decide_distribution(
        command_of(request, officer),
        allocation=allocation,
        outcome=outcome,
        edits=edits,
        reason=request.POST.get("reason", "")[:300],
        promised_on=day,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    if outcome == Outcome.REJECTED:
        return done(request, "Usulan ditolak; kota tidak diberi tahu apa pun.", page="pembagian")
    said = (
        f"Keputusan {answer['number']}: {grouped(answer['given'])} blanko."
        " Setiap kota membacanya di suratnya begitu jalur datanya tersambung."
    )
    return done(request, said, page="pembagian")


def city_title(code: OfficeCode) -> str:
    """A city as its own server described it, else as the table of areas names it."""
    title = office_title(code)
    if title != code.text:
        return title
    name = wilayah_name(code.text)
    return name if name != code.text else f"Disdukcapil {code}"


def _day(typed: str) -> date | Refusal | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return Refusal("screens.not_a_day")


def _preview(request: HttpRequest) -> dict[str, Any]:
    wish = wish_of(request.GET)
    made = wish if isinstance(wish, Refusal) else preview_of_cities(wish)
    if isinstance(wish, Refusal) or isinstance(made, Refusal):
        return {"wish": Wish(), "refusal": made, "groups": [], "made": None}
    return {
        "wish": wish,
        "groups": _groups(made.tops.lines, made.lines, stock=made.tops.stock, gets=None),
        "stock": made.tops.stock,
        "given": made.given,
        "is_open": has_open_proposal(),
    }


def _groups(
    tops: Sequence[Line], lines: Sequence[Line], *, stock: int, gets: Mapping[str, int] | None
) -> list[Group]:
    """The provinces, each with its cities; where most waits comes first."""
    found = []
    for top in tops:
        code = top.claim.office
        inside = [line for line in lines if province_of(line.claim.office) == code]
        whole = Allocation(top.gets, tuple(inside))
        rows = [
            _row(line, city_title(OfficeCode(line.claim.office)), whole, gets) for line in inside
        ]
        name = wilayah_name(code)
        title = f"Provinsi {name}"
        whole_country = Allocation(stock, tuple(tops))
        why = why_group_id(top, name=title, tops=whole_country, among="provinsi")
        row = Row(line=top, title=title, why=why, gets=sum(each.gets for each in rows))
        found.append(Group(row, tuple(sorted(rows, key=_most_first))))
    return sorted(found, key=lambda group: _most_first(group.top))


def _row(  # positional: one line, its name, and what it is part of
    line: Line, title: str, whole: Allocation, gets: Mapping[str, int] | None
) -> Row:
    return Row(
        line=line,
        title=title,
        why=why_id(line, name=title, allocation=whole, among="kota"),
        gets=line.gets if gets is None else gets.get(line.claim.office, 0),
    )


def _most_first(row: Row) -> tuple[int, str]:
    return -row.line.claim.backlog, row.line.claim.office
