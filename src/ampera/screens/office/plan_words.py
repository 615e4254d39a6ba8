"""The answers of a plan in words and tables, for its page, for kept results and beside others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ampera.planning.rules.whatif.answers import Clearing
    from ampera.planning.rules.whatif.kept import PlanSeen


@dataclass(frozen=True, slots=True)
class Line:
    """An office of the table: when it clears here and in the scenario beside."""

    name: str
    when: str
    day: Any  #: the date of P50
    never: int
    beside: str


@dataclass(frozen=True, slots=True)
class Pull:
    """A lever in words."""

    what: str
    effect: str
    is_noise: bool


def answers_of(plan: PlanSeen, *, against: PlanSeen | None) -> dict[str, Any]:
    """All that `_plan_answer.html` shows."""
    from ampera.planning.rules.whatif.wording import (
        POLICIES,
        clearing_said,
        effect_said,
        lever_said,
    )
    from ampera.screens.office.plan_chart import HEIGHT, WIDTH, chart_of

    said = clearing_said(plan.city, days=plan.days, replications=plan.replications)
    beside = ""
    if against is not None:
        days, many = against.days, against.replications
        beside = clearing_said(against.city, days=days, replications=many).id
    return {
        "plan": plan,
        "against": against,
        "clears": said.id,
        "clears_beside": beside,
        "policy_said": POLICIES[plan.scenario.policy].id,
        "lines": _lines(plan, against=against),
        "levers": [
            Pull(
                lever_said(each.lever, how_far=plan.scenario.levers).id,
                effect_said(each).id,
                each.is_noise,
            )
            for each in plan.levers
        ],
        "chart": chart_of(plan, other=against),
        "width": str(WIDTH),
        "height": str(HEIGHT),
        **_causes(plan),
    }


def _lines(plan: PlanSeen, *, against: PlanSeen | None) -> list[Line]:
    """When each office clears, the dinas last. Offices of the other are found by their code."""
    beside: Mapping[str, str] = {}
    if against is not None:
        codes = [each.code for each in against.scenario.printing_offices]
        whens = [when_said(each, days=len(against.days)) for each in against.offices]
        beside = dict(zip(codes, whens, strict=True))
    return [
        Line(
            name=" + ".join(
                (office.name, *(each.name for each in plan.scenario.guests_of(office.code)))
            ),
            when=when_said(clears, days=len(plan.days)),
            day=plan.days[clears.p50 - 1] if clears.p50 is not None else None,
            never=clears.never,
            beside=beside.get(office.code, "–"),
        )
        for office, clears in zip(plan.scenario.printing_offices, plan.offices, strict=True)
    ]


def _causes(plan: PlanSeen) -> dict[str, Any]:
    """The table of what holds the city up, month by month."""
    from ampera.planning.rules.whatif.answers import Cause
    from ampera.planning.rules.whatif.wording import CAUSES

    return {
        "causes": [CAUSES[cause].id for cause in Cause],
        "periods": [
            (
                each.first,
                [(CAUSES[cause].id, round(each.lost[cause])) for cause in Cause],
                CAUSES[each.bottleneck].id if each.bottleneck else "–",
            )
            for each in plan.periods
        ],
    }


def when_said(clears: Clearing, *, days: int) -> str:
    """`73 (64–84)`, working days; `>180` where it does not clear within the horizon."""
    p10, p50, p90 = (
        str(each) if each is not None else f">{days}"
        for each in (clears.p10, clears.p50, clears.p90)
    )
    return p50 if p10 == p50 == p90 else f"{p50} ({p10}–{p90})"
