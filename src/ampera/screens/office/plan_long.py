"""Long calculations of the plan: asked for, followed, cancelled, opened again, put side by side.

The worker computes them beside everything else; these pages only ask and look. The address of a
result is made from what was asked, so it can be passed on, and asking twice computes once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.planning.actions.calculations import Asked, cancel_calculation, start_calculation
from ampera.planning.queries.calculations import CalculationSeen, calculation_seen
from ampera.planning.queries.today import NAME
from ampera.planning.rules.calculations import COMPARED, State, limits_policy
from ampera.planning.rules.whatif.reading import asked_for, read_scenario
from ampera.planning.rules.whatif.scenario import Scenario, figures_of
from ampera.register.queries import Action, OfficerSeen, local_day
from ampera.screens.office.plan import SEED, fan_as_csv, scenario_chosen
from ampera.screens.office.plan_words import answers_of, when_said
from ampera.screens.shell import done, is_live, needs, show, show_refusal
from ampera.words.clock import WallClock
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

if TYPE_CHECKING:
    from ampera.planning.rules.whatif.kept import PlanSeen


@dataclass(frozen=True, slots=True)
class Column:
    """One of the results that stand side by side."""

    seen: CalculationSeen
    plan: PlanSeen

    @property
    def title(self) -> str:
        return f"{self.seen.name}, {self.seen.policy}, {self.seen.replications} ulangan"


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_POST
def start(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Ask for a scenario to be computed; goes to where its result is, or will be."""
    found = scenario_chosen(
        request,
        name=request.POST.get("skenario") or NAME,
        policy=request.POST.get("kebijakan", ""),
    )
    if isinstance(found, Refusal):
        return show_refusal(request, found, back=reverse("rencana"))
    return _start(request, officer, found, request.POST.get("ulangan", ""))


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_POST
def again(request: HttpRequest, officer: OfficerSeen, *, key: str) -> HttpResponse:
    """Start one that was stopped or cancelled from its beginning."""
    seen = calculation_seen(key)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("rencana"))
    return _start(request, officer, _scenario_of(seen), str(seen.replications))


def _start(  # positional: the page's own, what, and how often as it was typed
    request: HttpRequest, officer: OfficerSeen, scenario: Scenario, times: str
) -> HttpResponse:
    limits = limits_policy().on(local_day())
    # What is not offered gets the words of a scenario's own refusal.
    replications = int(times) if times.isascii() and times.isdigit() and len(times) < 7 else 0
    found = asked_for(scenario, days=None, replications=replications, policy=None)
    if isinstance(found, Refusal):
        return show_refusal(request, found, back=reverse("rencana"))
    key = start_calculation(
        Asked(scenario=found, replications=replications, seed=SEED),
        officer=officer.id,
        now=WallClock().now(),
        limits=limits,
    )
    if isinstance(key, Refusal):
        return show_refusal(request, key, back=reverse("rencana"))
    return HttpResponseRedirect(reverse("rencana_hasil", kwargs={"key": key}))


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def one(request: HttpRequest, officer: OfficerSeen, *, key: str) -> HttpResponse:
    """How far a calculation is; its result when it is there."""
    seen = calculation_seen(key)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("rencana"))
    if is_live(request) and not seen.is_open:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    plan = _plan_of(seen)
    if plan is None:
        block = "screens/office/_plan_run.html" if seen.is_open else ""
        return show(request, "screens/office/plan_run.html", block=block, seen=seen)
    figures = figures_of(plan.scenario)
    return show(
        request,
        "screens/office/plan_result.html",
        seen=seen,
        scenario=plan.scenario,
        figures=figures,
        assumed=sum(each.is_assumption for each in figures),
        csv=reverse("rencana_hasil_csv", kwargs={"key": key}),
        address=request.build_absolute_uri(request.path),
        **answers_of(plan, against=None),
    )


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_POST
def cancel(request: HttpRequest, officer: OfficerSeen, *, key: str) -> HttpResponse:
    """Stop one; whoever asked for it may, and the head."""
    no = cancel_calculation(
        key,
        officer=officer.id,
        may_stop_others=officer.may(Action.PLAN_ACCEPT),
        now=WallClock().now(),
    )
    if no is not None:
        return show_refusal(request, no, back=reverse("rencana"))
    return done(request, "Hitungan dibatalkan.", page="rencana_hasil", key=key)


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def file(request: HttpRequest, officer: OfficerSeen, *, key: str) -> HttpResponse:
    """The scenario that was computed, as a file."""
    seen = calculation_seen(key)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("rencana"))
    response = HttpResponse(seen.scenario, content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="skenario-{key}.toml"'
    return response


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def table(request: HttpRequest, officer: OfficerSeen, *, key: str) -> HttpResponse:
    """The fan of a result as CSV."""
    found = _finished(key)
    if isinstance(found, Refusal):
        return show_refusal(request, found, back=reverse("rencana"))
    return fan_as_csv(found.plan, name=key)


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def compare(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Two or three results side by side."""
    from ampera.planning.rules.whatif.wording import CAUSES, clearing_said, lever_said

    keys = list(dict.fromkeys(request.GET.getlist("hasil")))
    if not COMPARED[0] <= len(keys) <= COMPARED[1]:
        no = Refusal("planning.compare_two_or_three", found=len(keys))
        return show_refusal(request, no, back=reverse("rencana"))
    columns: list[Column] = []
    for key in keys:
        found = _finished(key)
        if isinstance(found, Refusal):
            return show_refusal(request, found, back=reverse("rencana"))
        columns.append(found)

    def clears(each: Column) -> str:
        plan = each.plan
        return clearing_said(plan.city, days=plan.days, replications=plan.replications).id

    def held_by(each: Column) -> str:
        worst = next((one.bottleneck for one in each.plan.periods if one.bottleneck), None)
        return CAUSES[worst].id if worst is not None else "–"

    def best(each: Column) -> str:
        [*levers] = (lever for lever in each.plan.levers if not lever.is_noise)
        how_far = each.plan.scenario.levers
        return lever_said(levers[0].lever, how_far=how_far).id if levers else "–"

    def at_end(each: Column) -> str:
        band = each.plan.fan[-1]
        return f"{band.p50:,.0f} ({band.p10:,.0f}–{band.p90:,.0f})".replace(",", ".")

    told = (
        ("Seluruh kota", clears),
        ("Hambatan pertama", held_by),
        ("Yang paling mengubah", best),
        ("Menunggu pada hari terakhir", at_end),
        ("Hari kerja yang dihitung", lambda each: str(len(each.plan.days))),
    )
    rows = [(word, [(each.title, say(each)) for each in columns]) for word, say in told]
    return show(
        request,
        "screens/office/plan_compare.html",
        columns=columns,
        rows=rows,
        offices=_offices(columns),
    )


def _offices(columns: list[Column]) -> list[tuple[str, list[tuple[str, str]]]]:
    """When each office clears in each of the results; a dash where it is not in one."""
    names: dict[str, str] = {}
    whens: list[dict[str, str]] = []
    for each in columns:
        offices = each.plan.scenario.printing_offices
        names.update({office.code: office.name for office in offices})
        days = len(each.plan.days)
        pairs = zip(offices, each.plan.offices, strict=True)
        whens.append({office.code: when_said(clears, days=days) for office, clears in pairs})
    return [
        (
            name,
            [(each.title, when.get(code, "–")) for each, when in zip(columns, whens, strict=True)],
        )
        for code, name in names.items()
    ]


def _finished(key: str) -> Column | Refusal:
    seen = calculation_seen(key)
    if isinstance(seen, Refusal):
        return seen
    plan = _plan_of(seen)
    return Column(seen, plan) if plan is not None else Refusal("planning.calculation_not_found")


def _plan_of(seen: CalculationSeen) -> PlanSeen | None:
    from ampera.planning.rules.whatif.kept import read_kept

    if seen.state is not State.DONE or seen.answer is None:
        return None
    return read_kept(seen.answer, scenario=_scenario_of(seen))


def _scenario_of(seen: CalculationSeen) -> Scenario:
    found = read_scenario(seen.scenario)
    assert isinstance(found, Scenario), "a scenario that was computed can be read"
    return found
