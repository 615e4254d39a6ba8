"""A scenario as the text of its file: what was computed from the books can be saved and changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta

from ampera.planning.rules.whatif.scenario import (
    FORM,
    NOTHING,
    Figure,
    OfficePlan,
    Printing,
    Scenario,
    Supply,
)

_PRINTER_DAY = ("minutes_a_day", "seconds_a_card", "stop_every_minutes", "stop_minutes")
_COUNTS = (
    *("printers", "new_waiting", "new_a_day", "replacements_waiting"),
    *("replacements_a_day", "blanko"),
)


def write_scenario(scenario: Scenario) -> str:
    """TOML that `read_scenario` reads as the same scenario again."""
    common = scenario.offices[-1].printing
    lines = [
        f"format = {FORM}",
        f"name = {_text(scenario.name)}",
        f"title = {_text(scenario.title)}",
        f"note = {_text(scenario.note)}",
        f"days = {scenario.days}  # hari kerja / working days",
        f"policy = {_text(scenario.policy.value)}  # dinas-only, after-own, pooled",
        "",
        "[calendar]",
        f"start = {scenario.calendar.start}",
        f"days_a_week = {scenario.calendar.days_a_week}",
        f"holidays = [{', '.join(map(str, sorted(scenario.calendar.holidays)))}]",
        "",
        "[printing]",
        *(f"{name} = {_figure(getattr(common, name))}" for name in _PRINTER_DAY),
        f"spoil_rate = {_figure(scenario.spoil_rate)}",
        "",
        "[blanko]",
        f"store = {_figure(scenario.store)}",
    ]
    for office in scenario.offices:
        lines += _office(office, common=common)
    for supply in scenario.supplies:
        lines += _supply(supply)
    sharing = scenario.allocation
    lines += [
        "",
        "[allocation]",
        f"every_days = {sharing.every_days}",
        f"keep_days = {sharing.keep_days}",
        f"sharing = {_text(sharing.sharing.value)}",
        f"moved = {_flag(sharing.is_moved)}",
        "",
        "[levers]",
        f"evening_minutes = {scenario.levers.evening_minutes}",
        f"supply_days_earlier = {scenario.levers.supply_days_earlier}",
        f"spoils_kept = {_number(scenario.levers.spoils_kept)}",
    ]
    return "\n".join(lines) + "\n"


def _office(office: OfficePlan, *, common: Printing) -> Iterable[str]:
    yield ""
    yield "[dinas]" if office.is_dinas else "[[office]]"
    yield f"code = {_text(office.code)}"
    yield f"name = {_text(office.name)}"
    if office.opens is not None:
        yield f"opens = {office.opens}"
    if office.hosted_by:
        yield f"hosted_by = {_text(office.hosted_by)}"
    else:
        for name in _PRINTER_DAY:
            figure = getattr(office.printing, name)
            if figure != getattr(common, name):
                yield f"{name} = {_figure(figure)}"
    for name in _COUNTS:
        figure = getattr(office, name)
        if figure != NOTHING or (name == "printers" and not office.hosted_by):
            yield f"{name} = {_figure(figure)}"


def _supply(supply: Supply) -> Iterable[str]:
    yield ""
    yield "[[supply]]"
    if supply.latest - supply.earliest == timedelta(0):
        yield f"date = {supply.earliest}"
    else:
        yield f"earliest = {supply.earliest}"
        yield f"latest = {supply.latest}"
    yield f"blanko = {_figure(supply.blanko)}"
    if supply.probability != 1:
        yield f"probability = {_number(supply.probability)}"


def _figure(figure: Figure) -> str:
    if not (figure.is_range or figure.source or figure.is_assumption):
        return _number(figure.low)
    parts = (
        [f"low = {_number(figure.low)}", f"high = {_number(figure.high)}"]
        if figure.is_range
        else [f"value = {_number(figure.low)}"]
    )
    if figure.source:
        parts.append(f"source = {_text(figure.source)}")
    if figure.is_assumption:
        parts.append("assumption = true")
    return f"{{ {', '.join(parts)} }}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _text(text: str) -> str:
    # JSON's escapes are among TOML's, but for the delete character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
