"""Where is this serial, and who held it when: one blanko, a box, or a range; to be printed as
well."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ampera.blanko.queries import RangeSeen, Trail, TrailStep, range_seen, trail
from ampera.register.queries import Action, OfficerSeen, officer_name
from ampera.screens.counter.blanko import where_is
from ampera.screens.shell import needs, show
from ampera.words.ids import is_id
from ampera.words.refusal import Refusal

_RANGE: Final = re.compile(r"(?P<first>\S+?)\s*(?:-|–|\.\.|\bs/d\b)\s*(?P<last>\S+)")
RUNS_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class StepShown:
    """One move in the words of a page."""

    step: TrailStep
    source: str
    target: str
    officers: str
    courier: str


@needs(Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.BLANKO_WITNESS, Action.JOURNAL_SEE)
@require_GET
def look_up(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The whole way of what was asked for; a range says where each part of it lies."""
    asked = request.GET.get("seri", "").strip()[:90]
    no: Refusal | None = None
    runs: list[RangeSeen] = []
    found: Trail | None = None
    match = _RANGE.fullmatch(asked.upper())
    if asked and (found := trail(asked) or trail(asked.upper())) is None and match is not None:
        seen = range_seen(match["first"], match["last"])
        if isinstance(seen, Refusal):
            no = seen
        else:
            runs = seen
    elif asked and found is None:
        no = Refusal("blanko.unknown", item=asked)
    return show(
        request,
        "screens/counter/trail.html",
        status=200 if no is None else no.status,
        asked=asked,
        no=no,
        found=found,
        where=where_is(found.place) if found is not None else "",
        steps=[shown_step(each) for each in found.steps] if found is not None else [],
        runs=[(each, where_is(each.place)) for each in runs[:RUNS_SHOWN]],
        run_count=len(runs),
        is_range=match is not None and found is None and no is None,
    )


def shown_step(step: TrailStep) -> StepShown:
    """A move with places and people in words."""
    courier = officer_name(step.courier) if is_id(step.courier, "off") else step.courier
    return StepShown(
        step=step,
        source=where_is(step.source),
        target=where_is(step.target),
        officers=" dan ".join(officer_name(each) for each in step.officers) or "server",
        courier=courier,
    )
