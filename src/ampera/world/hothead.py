"""A printer with a temper, for simulated worlds: hot after two cards, out of ribbon after a few.

Its figures are made up so that in a world of a few cards everything comes to pass: warm-up, its own
cut-off in mid-run, misfeeds, ribbon and film at their end, a full tray.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from typing import Final

from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.memory import FaultChances, MemoryPrinter
from ampera.devices.simulated.model import (
    COOL,
    Capacity,
    CardChances,
    PrinterModel,
    SupplyFigures,
    WhenTooHot,
)
from ampera.devices.simulated.thermal import ThermalFigures

#: A tin roof at noon; in the healing somebody brings a fan.
HOT_ROOM: Final = 34.0
FANNED_ROOM: Final = 24.0
HALVES: Final = 0.5
_HEAT: Final = ThermalFigures(
    body_seconds=600.0,
    standby_rise=3.0,
    printing_rise=60.0,
    roller_seconds=120.0,
    heater_rise=220.0,
    working_celsius=175.0,
    print_min_celsius=170.0,
    cut_off_celsius=58.0,
    cools_celsius=54.0,
    resume_celsius=48.0,
)


def hothead(*, print_seconds: float, is_halting: bool) -> PrinterModel:
    """`is_halting`: the card inside waits half printed while it cools, else it is finished."""
    return PrinterModel(
        name="hothead",
        make_and_model="Ampera simulated hothead",
        print_seconds=print_seconds,
        thermal=_HEAT,
        when_too_hot=WhenTooHot.HALT if is_halting else WhenTooHot.FINISH,
        power_saver_after_seconds=1200.0,
        capacity=Capacity(hopper=5, tray=3, reject=3),
        chances=CardChances(misfeed=0.1),
        supplies=(
            _supply("ribbon", "ink-ribbon", cards=5),
            _supply("film", "transfer-unit", cards=11),
        ),
    )


def a_printer(
    rng: random.Random,
    *,
    now: datetime,
    chances: FaultChances,
    print_seconds: float,
    temper: random.Random | None,
    has_reader: bool = False,
) -> MemoryPrinter:
    """The printer of one office; with a temper it stands cold in a hot room. `has_reader`: it reads
    the chip of a blank before it prints on it."""
    if temper is None:
        plain = replace(COOL, print_seconds=print_seconds, has_reader=has_reader)
        return MemoryPrinter(now=now, rng=rng, chances=chances, model=plain)
    model = hothead(print_seconds=print_seconds, is_halting=temper.random() < HALVES)
    model = replace(model, has_reader=has_reader)
    made = MemoryPrinter(now=now, rng=rng, chances=chances, model=model)
    made.machine.set_room(HOT_ROOM)
    return made


def _supply(name: str, kind: str, *, cards: int) -> SupplyFigures:
    return SupplyFigures(
        name=name,
        kind=kind,
        nominal_cards=cards,
        real_share_mean=0.8,
        real_share_spread=0.2,
        real_share_min=0.4,
        low_percent=10,
    )


def help_along(machine: Machine) -> None:
    """What anybody beside a printer does: pull out what is stuck, square the stack, change what has
    run out."""
    if machine.is_jammed:
        machine.clear_jam()
    if machine.is_misfed:
        machine.set_stack_right()
    for name, piece in machine.supplies.items():
        if piece.is_empty:
            machine.change_supply(name)
