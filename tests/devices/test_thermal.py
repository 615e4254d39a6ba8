"""The heat of a printer as pure figures: leaps equal steps, and the story of the offices comes out:
a rest after about a hundred cards, fewer in a hot room, and a pace that pays."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.devices.simulated.model import DEFAULT_MODEL, PrinterModel, model_named, models
from ampera.devices.simulated.thermal import (
    Load,
    Temperatures,
    ThermalFigures,
    after,
    at_rest,
    card_heat,
    decayed,
    is_warm,
    seconds_per_card_kept,
    seconds_until,
    seconds_until_body,
    seconds_until_warm,
)

HOT_MODELS = [model for model in models().values() if model.thermal is not None]
rooms = st.floats(5, 45)
temperatures = st.builds(Temperatures, st.floats(5, 70), st.floats(5, 175))
loads = st.sampled_from(Load)
seconds = st.floats(0, 50_000)


def figures_of(model: PrinterModel) -> ThermalFigures:
    assert model.thermal is not None
    return model.thermal


def the_default() -> ThermalFigures:
    return figures_of(model_named(DEFAULT_MODEL))


@given(temperatures, loads, rooms, seconds, st.floats(0, 1))
def test_a_leap_is_its_two_halves(
    start: Temperatures, load: Load, room: float, whole: float, share: float
) -> None:
    figures = the_default()
    leap = after(start, seconds=whole, load=load, room=room, figures=figures)
    half = after(start, seconds=whole * share, load=load, room=room, figures=figures)
    steps = after(half, seconds=whole * (1 - share), load=load, room=room, figures=figures)
    assert leap.body == pytest.approx(steps.body, abs=1e-7)
    assert leap.roller == pytest.approx(steps.roller, abs=1e-7)


@given(temperatures, loads, rooms)
def test_in_the_end_every_load_settles(start: Temperatures, load: Load, room: float) -> None:
    figures = the_default()
    end = after(start, seconds=1e7, load=load, room=room, figures=figures)
    assert end.body == pytest.approx(figures.settles(load, room=room), abs=1e-6)
    expected = room if load is Load.OFF else figures.working_celsius
    assert end.roller == pytest.approx(expected, abs=1e-6)


@given(temperatures, loads, rooms, st.floats(10, 80))
def test_the_time_of_a_threshold_is_the_time_it_is_reached(
    start: Temperatures, load: Load, room: float, threshold: float
) -> None:
    figures = the_default()
    when = seconds_until_body(start, threshold=threshold, load=load, room=room, figures=figures)
    if not math.isfinite(when) or when > 1e6:
        return
    there = after(start, seconds=when, load=load, room=room, figures=figures)
    assert there.body == pytest.approx(threshold, abs=1e-5)


@given(st.floats(-10, 100), st.floats(-10, 100), st.floats(-10, 100))
def test_a_threshold_that_lies_behind_or_beyond_is_never_reached(
    value: float, threshold: float, towards: float
) -> None:
    when = seconds_until(value, threshold=threshold, towards=towards, constant=100)
    later = decayed(value, towards=towards, seconds=1e5, constant=100)
    is_between = min(value, later) < threshold < max(value, later)
    assert math.isfinite(when) or not is_between
    assert when >= 0


def test_a_roller_hotter_than_its_work_comes_down_to_it() -> None:
    figures = the_default()
    hot = Temperatures(30, figures.working_celsius + 10)
    end = after(hot, seconds=1e4, load=Load.STANDBY, room=28, figures=figures)
    assert end.roller == figures.working_celsius


@pytest.mark.parametrize("model", HOT_MODELS, ids=lambda model: model.name)
def test_a_cold_printer_is_warm_after_some_minutes(model: PrinterModel) -> None:
    figures = figures_of(model)
    cold = at_rest(room=20, figures=figures)
    needed = seconds_until_warm(cold, room=20, figures=figures)
    assert 60 < needed < 600
    assert not is_warm(cold, figures=figures)
    warmed = after(cold, seconds=needed, load=Load.STANDBY, room=20, figures=figures)
    assert is_warm(warmed, figures=figures)
    assert seconds_until_warm(warmed, room=20, figures=figures) == 0


def test_a_heater_too_weak_for_the_cold_never_gets_there() -> None:
    figures = replace(the_default(), heater_rise=100)
    cold = at_rest(room=10, figures=figures)
    assert seconds_until_warm(cold, room=10, figures=figures) == math.inf


def cards_to_the_cut_off(model: PrinterModel, *, room: float, start: Temperatures) -> float:
    figures = figures_of(model)
    when = seconds_until_body(
        start,
        threshold=figures.cut_off_celsius,
        load=Load.PRINTING,
        room=room,
        figures=figures,
    )
    return when / model.print_seconds


@pytest.mark.parametrize("model", HOT_MODELS, ids=lambda model: model.name)
def test_about_a_hundred_cards_in_a_row_bring_it_to_its_cut_off_and_fewer_in_a_hot_room(
    model: PrinterModel,
) -> None:
    figures = figures_of(model)
    normal, hot = (
        cards_to_the_cut_off(
            model, room=room, start=at_rest(room=room, figures=figures, load=Load.STANDBY)
        )
        for room in (28, 36)
    )
    assert 85 <= normal <= 115
    assert hot < 0.6 * normal


@pytest.mark.parametrize("model", HOT_MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("room", [28, 32, 36])
def test_in_the_long_run_an_even_pace_gives_more_cards_than_the_cut_off(
    *, model: PrinterModel, room: float
) -> None:
    figures = figures_of(model)
    paced = seconds_per_card_kept(print_seconds=model.print_seconds, room=room, figures=figures)
    too_hot = Temperatures(figures.cut_off_celsius, figures.working_celsius)
    rest = seconds_until_body(
        too_hot, threshold=figures.resume_celsius, load=Load.OFF, room=room, figures=figures
    )
    cool = Temperatures(figures.resume_celsius, figures.working_celsius)
    cards = cards_to_the_cut_off(model, room=room, start=cool)
    unpaced = model.print_seconds + rest / cards
    assert model.print_seconds < paced < unpaced


@given(st.floats(28, 45))
def test_the_even_pace_stays_just_below_the_cut_off_for_ever(room: float) -> None:
    model, figures = model_named(DEFAULT_MODEL), the_default()
    pace = seconds_per_card_kept(print_seconds=model.print_seconds, room=room, figures=figures)
    pause = pace - model.print_seconds
    here, peak = at_rest(room=room, figures=figures, load=Load.STANDBY), 0.0
    for _ in range(600):
        here = after(
            here, seconds=model.print_seconds, load=Load.PRINTING, room=room, figures=figures
        )
        peak = max(peak, here.body)
        here = after(here, seconds=pause, load=Load.STANDBY, room=room, figures=figures)
    assert peak <= figures.cut_off_celsius + 1e-6
    assert peak >= figures.cut_off_celsius - 0.5


def test_a_cool_room_needs_no_pace_and_an_oven_allows_none() -> None:
    figures = the_default()
    assert seconds_per_card_kept(print_seconds=180, room=20, figures=figures) == 180
    assert seconds_per_card_kept(print_seconds=180, room=60, figures=figures) == math.inf
    too_much = replace(figures, printing_rise=5000.0)
    assert seconds_per_card_kept(print_seconds=180, room=50, figures=too_much) == math.inf


def test_a_card_warms_a_cool_body_more_than_a_hot_one() -> None:
    figures = the_default()
    cool = card_heat(print_seconds=180, body=30, room=28, figures=figures)
    hot = card_heat(print_seconds=180, body=59, room=28, figures=figures)
    assert 0 < hot < cool < 2


def test_figures_that_contradict_each_other_are_a_defect() -> None:
    with pytest.raises(AssertionError):
        replace(the_default(), resume_celsius=61)
    with pytest.raises(AssertionError):
        replace(the_default(), body_seconds=0)


def test_the_table_in_the_documents_is_what_the_models_give() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "internals" / "printers.md"
    lines = page.read_text(encoding="utf-8").split("\n")
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| retransfer-")]
    assert len(rows) == 8
    for name, celsius, *told in rows:
        assert told == _told(model_named(name), room=float(celsius)), (name, celsius)


def _told(model: PrinterModel, *, room: float) -> list[str]:
    figures = figures_of(model)
    cold = at_rest(room=room, figures=figures)
    warm = at_rest(room=room, figures=figures, load=Load.STANDBY)
    cards = cards_to_the_cut_off(model, room=room, start=warm)
    too_hot = Temperatures(figures.cut_off_celsius, figures.working_celsius)
    rest = seconds_until_body(
        too_hot, threshold=figures.resume_celsius, load=Load.OFF, room=room, figures=figures
    )
    pace = seconds_per_card_kept(print_seconds=model.print_seconds, room=room, figures=figures)
    rests = math.isfinite(cards)
    return [
        f"{seconds_until_warm(cold, room=room, figures=figures):.0f}",
        f"{int(cards)}" if rests else "-",
        f"{rest / 60:.0f}" if rests else "-",
        f"{pace:.0f}",
    ]
