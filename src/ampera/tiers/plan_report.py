"""A plan as tables for people, as JSON and as CSV. Only `ampera plan` writes it so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from ampera.papers.tables import SheetWriter
from ampera.planning.rules.whatif.answers import Band, Cause, Clearing, band, fan
from ampera.planning.rules.whatif.levers import Plan
from ampera.planning.rules.whatif.scenario import OfficePlan, figures_of
from ampera.planning.rules.whatif.wording import (
    CAUSES,
    POLICIES,
    clearing_said,
    effect_said,
    lever_said,
)
from ampera.tiers.telling import table

_NEVER = ">"


def as_text(plan: Plan) -> str:
    """What the head of the dinas asks, in the order of asking."""
    scenario, told = plan.told.scenario, plan.told
    when = clearing_said(plan.city, days=told.days, replications=plan.replications)
    policy = POLICIES[scenario.policy]
    parts = [
        f"{scenario.title} ({scenario.name})\n"
        f"{scenario.days} hari kerja / working days {told.days[0]} .. {told.days[-1]},"
        f" {plan.replications} ulangan / replications, --seed {plan.seed}\n"
        f"kebijakan / policy {scenario.policy.value}: {policy.id} / {policy.en}",
        f"Kota: {when.id}\nThe city: {when.en}",
        _offices(plan),
        _bottlenecks(plan),
        _levers(plan),
        _assumptions(plan),
    ]
    return "\n\n".join(parts)


def as_two(first: Plan, *, second: Plan) -> str:
    """Two plans side by side."""
    rows: list[tuple[str, Clearing, Clearing | None]] = [("Kota / city", first.city, second.city)]
    others = {office.code: clears for office, clears in _by_office(second)}
    for office, clears in _by_office(first):
        rows.append((office.name, clears, others.get(office.code)))
    names = (_heading(first), _heading(second))
    if names[0] == names[1]:
        names = (f"{names[0]} (1)", f"{names[1]} (2)")
    lines = [
        (name, _spread(here, plan=first), _spread(there, plan=second), _difference(here, there))
        for name, here, there in rows
    ]
    waits = [band(each.told.card_days.astype(float)) for each in (first, second)]
    one, two = (f"{each.p50:,.0f} ({each.p10:,.0f}-{each.p90:,.0f})" for each in waits)
    saved = f"{waits[1].p50 - waits[0].p50:+,.0f}"
    lines.append(("kartu·hari menunggu / card-days of waiting", one, two, saved))
    head = ("hari kerja P50 (P10-P90) / working day", *names, "beda P50 / difference")
    return table(head, lines)


def as_json(plan: Plan) -> dict[str, Any]:
    """Everything that the tables say, and the fan."""
    scenario, told = plan.told.scenario, plan.told
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "policy": scenario.policy.value,
        "days": [each.isoformat() for each in told.days],
        "replications": plan.replications,
        "seed": plan.seed,
        "city": _clearing(plan.city),
        "offices": [
            {"code": office.code, "name": office.name, **_clearing(clears)}
            for office, clears in _by_office(plan)
        ],
        "waiting": [{"date": day.isoformat(), **_band(each)} for day, each in fan(told)],
        "periods": [
            {
                "first": each.first.isoformat(),
                "last": each.last.isoformat(),
                "bottleneck": each.bottleneck.value if each.bottleneck else None,
                "lost_a_day": {cause.value: round(each.lost[cause], 1) for cause in Cause},
            }
            for each in plan.periods
        ],
        "levers": [
            {
                "lever": each.lever.value,
                "clears": _clearing(each.clears),
                "days_won": _band(each.days_won),
                "days_won_is_at_least": each.is_at_least,
                "card_days_saved": _band(each.card_days_saved),
                "is_noise": each.is_noise,
                "is_tied_with_one_above": each.is_tied,
            }
            for each in plan.levers
        ],
        "printed": _band(band(told.printed.astype(float))),
        "spoiled": _band(band(told.spoiled.astype(float))),
        "card_days": _band(band(told.card_days.astype(float))),
        "figures": [
            {
                "key": each.key,
                "low": each.low,
                "high": each.high,
                "source": each.source,
                "is_assumption": each.is_assumption,
            }
            for each in figures_of(scenario)
        ],
    }


def as_csv(plans: Sequence[Plan]) -> str:
    """One line a fact: scenario, what, who, date, P10, P50, P90, replications that never clear."""
    paper = StringIO()
    writer = SheetWriter(paper)
    writer.writerow(("scenario", "policy", "what", "who", "date", "p10", "p50", "p90", "never"))
    for plan in plans:
        scenario = plan.told.scenario
        for row in _rows(plan):
            writer.writerow((scenario.name, scenario.policy.value, *row))
    return paper.getvalue()


def _rows(plan: Plan) -> Iterable[tuple[object, ...]]:
    for day, each in fan(plan.told):
        yield ("waiting", "city", day.isoformat(), each.p10, each.p50, each.p90, "")
    clears = [("city", plan.city), *((office.code, each) for office, each in _by_office(plan))]
    for who, when in clears:
        yield ("clears", who, "", *_numbers(when), when.never)
    for lever in plan.levers:
        won, saved = lever.days_won, lever.card_days_saved
        yield ("lever_clears", lever.lever.value, "", *_numbers(lever.clears), lever.clears.never)
        yield ("lever_days_won", lever.lever.value, "", won.p10, won.p50, won.p90, "")
        yield ("lever_card_days_saved", lever.lever.value, "", saved.p10, saved.p50, saved.p90, "")


def _numbers(when: Clearing) -> tuple[object, ...]:
    return tuple("" if each is None else each for each in (when.p10, when.p50, when.p90))


def _offices(plan: Plan) -> str:
    rows = []
    ends = plan.told.waiting_end
    for at, (office, clears) in enumerate(_by_office(plan)):
        day = plan.told.days[clears.p50 - 1].isoformat() if clears.p50 is not None else ""
        left = band(ends[:, at].astype(float)).p50
        cells = [_day(each, plan=plan) for each in (clears.p10, clears.p50, clears.p90)]
        rows.append((office.code, _with_guests(plan, office), *cells, day, f"{clears.never}",
                     f"{left:,.0f}"))  # fmt: skip
    head = (
        "kantor", "nama / office", "P10", "P50", "P90", "tanggal P50",
        "tidak habis / never", "sisa akhir / left",
    )  # fmt: skip
    return "Habis pada hari kerja ke- / cleared on working day\n" + table(head, rows)


def _bottlenecks(plan: Plan) -> str:
    rows = [
        (
            f"{each.first:%Y-%m}",
            *(f"{each.lost[cause]:,.0f}" for cause in Cause),
            f"{CAUSES[each.bottleneck].id} / {CAUSES[each.bottleneck].en}"
            if each.bottleneck
            else "-",
        )
        for each in plan.periods
    ]
    head = ("bulan", *(CAUSES[cause].id for cause in Cause), "terutama / mostly")
    title = "Kartu sehari yang tertahan oleh / cards a day kept back by"
    return f"{title}\n{table(head, rows)}"


def _levers(plan: Plan) -> str:
    lines = ["Yang paling mengubah / what changes it most"]
    for rank, each in enumerate(plan.levers, 1):
        what = lever_said(each.lever, how_far=plan.told.scenario.levers)
        effect = effect_said(each)
        lines += [f"{rank}. {what.id}: {effect.id}.", f"   {what.en}: {effect.en}."]
    return "\n".join(lines)


def _assumptions(plan: Plan) -> str:
    told = figures_of(plan.told.scenario)
    assumed = [each for each in told if each.is_assumption]
    sourced = sum(1 for each in told if each.source and not each.is_assumption)
    names = ", ".join(each.key for each in assumed if not each.key[:1].isdigit())
    many = sum(1 for each in assumed if each.key[:1].isdigit())
    said = f"{names}; {many} angka per kecamatan / figures of kecamatan" if many else names
    return (
        f"{sourced} angka bersumber / figures with a source,"
        f" {len(assumed)} anggapan / assumptions: {said or '-'}"
    )


def _by_office(plan: Plan) -> list[tuple[OfficePlan, Clearing]]:
    return list(zip(plan.told.scenario.printing_offices, plan.offices, strict=True))


def _with_guests(plan: Plan, office: OfficePlan) -> str:  # positional: whose, which
    guests = plan.told.scenario.guests_of(office.code)
    return " + ".join((office.name, *(each.name for each in guests)))


def _heading(plan: Plan) -> str:
    return f"{plan.told.scenario.name}, {plan.told.scenario.policy.value}"


def _day(day: int | None, *, plan: Plan) -> str:
    return str(day) if day is not None else f"{_NEVER}{len(plan.told.days)}"


def _spread(when: Clearing | None, *, plan: Plan) -> str:
    if when is None:
        return "-"
    p10, p50, p90 = (_day(each, plan=plan) for each in (when.p10, when.p50, when.p90))
    return p50 if p10 == p50 == p90 else f"{p50} ({p10}-{p90})"


def _difference(one: Clearing, two: Clearing | None) -> str:  # positional: a pair
    if two is None or one.p50 is None or two.p50 is None:
        return "?"
    return f"{two.p50 - one.p50:+d}"


def _clearing(when: Clearing) -> dict[str, int | None]:
    return {"p10": when.p10, "p50": when.p50, "p90": when.p90, "never": when.never}


def _band(each: Band) -> dict[str, float]:
    return {"p10": each.p10, "p50": each.p50, "p90": each.p90}
