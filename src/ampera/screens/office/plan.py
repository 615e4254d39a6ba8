"""The plan: until when does the backlog last, what holds it up, and what would change it most.

It is computed within the request: so many futures that a page takes less than a second of one
core, and the page says how many. More of them, or a longer horizon, are asked of `ampera plan`.
What an officer uploads or sets aside stays with the officer's sign-in and ends with it; the file is
the thing to keep and to share.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.planning.queries.today import NAME, scenario_today
from ampera.planning.rules.whatif.reading import asked_for, read_scenario, scenario_in
from ampera.planning.rules.whatif.scenario import Policy, Scenario, figures_of
from ampera.planning.rules.whatif.shipped import shipped, shipped_text
from ampera.planning.rules.whatif.writing import write_scenario
from ampera.register.queries import Action, OfficerSeen, local_day
from ampera.screens.shell import done, needs, show, show_refusal
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

if TYPE_CHECKING:
    from ampera.planning.rules.whatif.levers import Plan

SESSION_SCENARIOS: Final = "scenarios"
KEPT_MAX: Final = 4
TEXT_MAX: Final = 60_000
_SEED: Final = 1
#: days × offices × replications of one run; eight runs take about that.
_CELLS: Final = 920_000
_REPLICATIONS: Final = (40, 300)
_DAYS_MAX: Final = 400


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


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The chosen scenario, with another beside it when one is named."""
    name = request.GET.get("skenario") or NAME
    beside = request.GET.get("banding", "")
    found = _chosen(request, name=name, policy=request.GET.get("kebijakan", ""))
    if isinstance(found, Refusal):
        return show_refusal(request, found, back=reverse("rencana"))
    against: Plan | None = None
    if beside:
        other = _chosen(request, name=beside, policy=request.GET.get("kebijakan_banding", ""))
        if isinstance(other, Refusal):
            return show_refusal(request, other, back=reverse("rencana"))
        against = _computed(other, with_levers=False)
    told = _computed(found, with_levers=True)
    return show(
        request,
        "screens/office/plan.html",
        **_choices(request, name=name, beside=beside, found=found),
        **_answers(told, against=against),
    )


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def file(request: HttpRequest, officer: OfficerSeen, *, name: str) -> HttpResponse:
    """A scenario as a file, to be changed, shared, and uploaded again."""
    text = _text_of(request, name=name)
    if isinstance(text, Refusal):
        return show_refusal(request, text, back=reverse("rencana"))
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return response


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def table(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The fan of the backlog as CSV, one line a working day."""
    from ampera.planning.rules.whatif.answers import fan

    name = request.GET.get("skenario") or NAME
    found = _chosen(request, name=name, policy=request.GET.get("kebijakan", ""))
    if isinstance(found, Refusal):
        return show_refusal(request, found, back=reverse("rencana"))
    paper = StringIO()
    writer = csv.writer(paper)
    writer.writerow(("skenario", "kebijakan", "tanggal", "menunggu_p10", "p50", "p90"))
    for day, band in fan(_computed(found, with_levers=False).told):
        numbers = (round(each) for each in (band.p10, band.p50, band.p90))
        writer.writerow((found.name, found.policy.value, day.isoformat(), *numbers))
    response = HttpResponse(paper.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rencana-{name}.csv"'
    return response


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_POST
def upload(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Take a scenario file in for this sign-in."""
    sent = request.FILES.get("berkas")
    raw = sent.read(TEXT_MAX + 1) if sent is not None else b""
    if len(raw) > TEXT_MAX:
        no = Refusal("planning.scenario_unreadable", place=f"> {TEXT_MAX} byte")
        return show_refusal(request, no, back=reverse("rencana"))
    found = scenario_in(raw)
    if isinstance(found, Refusal):
        return show_refusal(request, found, back=reverse("rencana"))
    name = _keep(request, name=found.name, text=raw.decode("utf-8"))
    return done(request, f"Skenario {name} dapat dipilih selama Anda masuk.", page="rencana")


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_POST
def keep(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Set today's figures of the city aside, to be compared later."""
    told = scenario_today()
    today = replace(told, name=f"{NAME}-{local_day():%Y-%m-%d}")
    name = _keep(request, name=today.name, text=write_scenario(today))
    return done(request, f"Skenario {name} disimpan selama Anda masuk.", page="rencana")


def _keep(request: HttpRequest, *, name: str, text: str) -> str:
    """Under a name that an address can carry; the oldest gives way."""
    plain = "".join(each if each.isascii() and each.isalnum() else "-" for each in name)[:40]
    taken = {NAME, *shipped()}
    wanted = plain.strip("-") or "skenario"
    wanted = f"{wanted}-2" if wanted in taken else wanted
    kept = {each: row for each, row in _kept(request).items() if each != wanted}
    kept[wanted] = text
    request.session[SESSION_SCENARIOS] = dict(list(kept.items())[-KEPT_MAX:])
    return wanted


def _kept(request: HttpRequest) -> Mapping[str, str]:
    found = request.session.get(SESSION_SCENARIOS, {})
    return found if isinstance(found, dict) else {}


def _text_of(request: HttpRequest, *, name: str) -> str | Refusal:
    if name == NAME:
        return write_scenario(scenario_today())
    kept = _kept(request)
    return kept[name] if name in kept else shipped_text(name)


def _chosen(request: HttpRequest, *, name: str, policy: str) -> Scenario | Refusal:
    """The scenario of that name, under another policy if one is named."""
    text = _text_of(request, name=name)
    found = text if isinstance(text, Refusal) else read_scenario(text)
    if isinstance(found, Refusal):
        return found
    wanted = policy if policy in {each.value for each in Policy} else None
    cells = min(found.days, _DAYS_MAX) * len(found.printing_offices) * _REPLICATIONS[0]
    if cells > _CELLS:
        return Refusal("planning.scenario_too_large", found=cells, limit=_CELLS)
    return asked_for(
        found, days=min(found.days, _DAYS_MAX), replications=_REPLICATIONS[0], policy=wanted
    )


def _computed(scenario: Scenario, *, with_levers: bool) -> Plan:
    from ampera.planning.rules.whatif.levers import plan

    least, most = _REPLICATIONS
    room = _CELLS // (scenario.days * len(scenario.printing_offices))
    replications = max(least, min(most, room))
    return plan(scenario, replications=replications, seed=_SEED, with_levers=with_levers)


def _choices(request: HttpRequest, *, name: str, beside: str, found: Scenario) -> dict[str, Any]:
    from ampera.planning.rules.whatif.wording import POLICIES

    names = [(NAME, "Kota ini, menurut buku hari ini")]
    names += [(each, f"{each} (bawaan)") for each in shipped()]
    names += [(each, f"{each} (Anda simpan)") for each in _kept(request)]
    figures = figures_of(found)
    return {
        "name": name,
        "beside": beside,
        "names": names,
        "scenario": found,
        "policies": [(each.value, POLICIES[each].id) for each in Policy],
        "policy_beside": request.GET.get("kebijakan_banding", ""),
        "assumed": sum(each.is_assumption for each in figures),
        "figures": figures,
    }


def _answers(plan: Plan, *, against: Plan | None) -> dict[str, Any]:
    from ampera.planning.rules.whatif.wording import (
        POLICIES,
        clearing_said,
        effect_said,
        lever_said,
    )
    from ampera.screens.office.plan_chart import HEIGHT, WIDTH, chart_of

    told = plan.told
    said = clearing_said(plan.city, days=told.days, replications=plan.replications)
    beside = ""
    if against is not None:
        days, many = against.told.days, against.replications
        beside = clearing_said(against.city, days=days, replications=many).id
    return {
        "plan": plan,
        "against": against,
        "clears": said.id,
        "clears_beside": beside,
        "policy_said": POLICIES[told.scenario.policy].id,
        "lines": _lines(plan, against=against),
        "levers": [
            Pull(
                lever_said(each.lever, how_far=told.scenario.levers).id,
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


def _lines(plan: Plan, *, against: Plan | None) -> list[Line]:
    """When each office clears, the dinas last."""
    told = plan.told
    beside: Mapping[str, str] = {}
    if against is not None:
        codes = [each.code for each in against.told.scenario.printing_offices]
        whens = [_when(each, days=len(against.told.days)) for each in against.offices]
        beside = dict(zip(codes, whens, strict=True))
    return [
        Line(
            name=" + ".join(
                (office.name, *(each.name for each in told.scenario.guests_of(office.code)))
            ),
            when=_when(clears, days=len(told.days)),
            day=told.days[clears.p50 - 1] if clears.p50 is not None else None,
            never=clears.never,
            beside=beside.get(office.code, "–"),
        )
        for office, clears in zip(told.scenario.printing_offices, plan.offices, strict=True)
    ]


def _causes(plan: Plan) -> dict[str, Any]:
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


def _when(clears: Any, *, days: int) -> str:
    """`73 (64–84)`, working days; `>180` where it does not clear within the horizon."""
    p10, p50, p90 = (
        str(each) if each is not None else f">{days}"
        for each in (clears.p10, clears.p50, clears.p90)
    )
    return p50 if p10 == p50 == p90 else f"{p50} ({p10}–{p90})"
