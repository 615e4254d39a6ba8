"""The plan: until when does the backlog last, what holds it up, and what would change it most.

It is computed within the request: so many futures that a page takes less than a second of one
core, and the page says how many. More of them, or a longer horizon, are computed beside the server
(`plan_long`). What an officer uploads or sets aside stays with the officer's sign-in and ends with
it; the file is the thing to keep and to share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.papers.tables import SheetWriter
from ampera.planning.queries.calculations import calculations
from ampera.planning.queries.today import NAME, scenario_today
from ampera.planning.rules.calculations import limits_policy
from ampera.planning.rules.whatif.reading import asked_for, read_scenario, scenario_in
from ampera.planning.rules.whatif.scenario import Policy, Scenario, figures_of
from ampera.planning.rules.whatif.shipped import shipped, shipped_text
from ampera.planning.rules.whatif.writing import write_scenario
from ampera.register.queries import Action, OfficerSeen, local_day
from ampera.screens.office.plan_words import answers_of
from ampera.screens.shell import done, needs, show, show_refusal
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

if TYPE_CHECKING:
    from ampera.planning.rules.whatif.kept import PlanSeen

SESSION_SCENARIOS: Final = "scenarios"
KEPT_MAX: Final = 4
TEXT_MAX: Final = 60_000
SEED: Final = 1
#: days × offices × replications of one run; eight runs take about that.
_CELLS: Final = 920_000
_REPLICATIONS: Final = (40, 300)
_DAYS_MAX: Final = 400


@needs(Action.FIGURES_SEE, at=Tier.DINAS)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The chosen scenario, with another beside it when one is named."""
    name = request.GET.get("skenario") or NAME
    beside = request.GET.get("banding", "")
    found = _chosen(request, name=name, policy=request.GET.get("kebijakan", ""))
    if isinstance(found, Refusal):
        return _too_large(request, found, name=name)
    against: PlanSeen | None = None
    if beside:
        other = _chosen(request, name=beside, policy=request.GET.get("kebijakan_banding", ""))
        if isinstance(other, Refusal):
            return _too_large(request, other, name=beside)
        against = _computed(other, with_levers=False)
    told = _computed(found, with_levers=True)
    return show(
        request,
        "screens/office/plan.html",
        **_choices(request, name=name, beside=beside, found=found),
        **answers_of(told, against=against),
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
    name = request.GET.get("skenario") or NAME
    found = _chosen(request, name=name, policy=request.GET.get("kebijakan", ""))
    if isinstance(found, Refusal):
        return show_refusal(request, found, back=reverse("rencana"))
    return fan_as_csv(_computed(found, with_levers=False), name=name)


def fan_as_csv(plan: PlanSeen, *, name: str) -> HttpResponse:
    """What waits at the close of each working day, as a table."""
    paper = StringIO()
    writer = SheetWriter(paper)
    writer.writerow(("skenario", "kebijakan", "tanggal", "menunggu_p10", "p50", "p90"))
    told = (plan.scenario.name, plan.scenario.policy.value)
    for day, band in zip(plan.days, plan.fan, strict=True):
        numbers = (round(each) for each in (band.p10, band.p50, band.p90))
        writer.writerow((*told, day.isoformat(), *numbers))
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
        no = Refusal("planning.scenario_file_too_large", limit=TEXT_MAX)
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


def scenario_chosen(request: HttpRequest, *, name: str, policy: str) -> Scenario | Refusal:
    """The scenario of that name as this officer sees it, under another policy if one is named."""
    text = _text_of(request, name=name)
    found = text if isinstance(text, Refusal) else read_scenario(text)
    if isinstance(found, Refusal):
        return found
    is_policy = policy in {each.value for each in Policy}
    return replace(found, policy=Policy(policy)) if is_policy else found


def _chosen(request: HttpRequest, *, name: str, policy: str) -> Scenario | Refusal:
    """The same, small enough to be answered at once."""
    found = scenario_chosen(request, name=name, policy=policy)
    if isinstance(found, Refusal):
        return found
    cells = min(found.days, _DAYS_MAX) * len(found.printing_offices) * _REPLICATIONS[0]
    if cells > _CELLS:
        return Refusal("planning.scenario_too_large", found=cells, limit=_CELLS)
    return asked_for(
        found, days=min(found.days, _DAYS_MAX), replications=_REPLICATIONS[0], policy=None
    )


def _too_large(request: HttpRequest, no: Refusal, *, name: str) -> HttpResponse:
    """No answer at once; what is only too large may be computed beside the server."""
    if no.code != "planning.scenario_too_large":
        return show_refusal(request, no, back=reverse("rencana"))
    found = scenario_chosen(request, name=name, policy="")
    assert isinstance(found, Scenario), "it was read a moment ago"
    context = _choices(request, name=name, beside="", found=found)
    return show(request, "screens/office/plan_large.html", status=no.status, **context)


def _computed(scenario: Scenario, *, with_levers: bool) -> PlanSeen:
    from ampera.planning.rules.whatif.kept import seen_of
    from ampera.planning.rules.whatif.levers import plan

    least, most = _REPLICATIONS
    room = _CELLS // (scenario.days * len(scenario.printing_offices))
    replications = max(least, min(most, room))
    found = plan(scenario, replications=replications, seed=SEED, with_levers=with_levers)
    return seen_of(found)


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
        "depths": limits_policy().on(local_day()).replications,
        "calculations": calculations(),
        "csv": f"{reverse('rencana_csv')}?skenario={name}&kebijakan={found.policy.value}",
    }
