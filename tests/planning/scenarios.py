"""Small scenarios for the tests of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ampera.planning.rules.whatif.scenario import (
    NOTHING,
    Calendar,
    Figure,
    OfficePlan,
    Policy,
    Printing,
    Scenario,
    Supply,
    exactly,
)

MONDAY = date(2017, 9, 11)


def a_printer(
    *, minutes: float = 480, seconds: float = 180, every: float = 300, stop: float = 35
) -> Printing:
    return Printing(exactly(minutes), exactly(seconds), exactly(every), exactly(stop))


def an_office(code: str, **changes: object) -> OfficePlan:
    made = OfficePlan(code=code, name=code, printers=exactly(1), printing=a_printer())
    return replace(made, **changes)  # type: ignore[arg-type]


def a_scenario(*offices: OfficePlan, **changes: object) -> Scenario:
    """Two kecamatan and a dinas with much to do, unless told otherwise."""
    made = Scenario(
        name="kecil", title="Kota kecil", calendar=Calendar(MONDAY), days=12,
        policy=Policy.DINAS_ONLY,
        offices=offices
        or (
            an_office("99.01.01", new_waiting=exactly(700), new_a_day=exactly(12)),
            an_office("99.01.02", new_waiting=exactly(1500), new_a_day=exactly(5)),
            an_office(
                "99.01", replacements_waiting=exactly(900), replacements_a_day=exactly(8),
                is_dinas=True,
            ),
        ),
        store=exactly(1000), spoil_rate=exactly(0.03),
        supplies=(Supply(date(2017, 9, 19), date(2017, 9, 19), exactly(2500)),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def as_in_the_sketch(policy: Policy, *, days: int, dinas_printers: int = 1) -> Scenario:
    """What was first computed for September 2017: 45 working days without a supply, then blanks
    without end; no spoils; 15 recordings a day at each office, 60 replacements in the city."""
    kecamatan = [
        an_office(
            f"16.71.{number:02d}",
            new_waiting=exactly(6000 if number == 2 else 38_000 // 15),
            new_a_day=exactly(15),
        )
        for number in range(1, 17)
    ]
    dinas = an_office(
        "16.71", printers=exactly(dinas_printers), replacements_waiting=exactly(54_000),
        replacements_a_day=exactly(60), is_dinas=True,
    )  # fmt: skip
    day = Calendar(MONDAY).days(46)[45]
    return a_scenario(
        *kecamatan, dinas, days=days, policy=policy, store=exactly(4000), spoil_rate=NOTHING,
        supplies=(Supply(day, day, exactly(1_000_000)),),
    )  # fmt: skip


def between(low: float, high: float) -> Figure:
    return Figure(low, high)
