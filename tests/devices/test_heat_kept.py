"""Heat, ribbons and luck outlive the process that runs the printer, and hands reach them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ampera.devices.simulated.cards import Fate
from ampera.devices.simulated.hands import Hands, UnknownCommand, obey
from ampera.devices.simulated.heating import Heating, HeatMode
from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.model import (
    DEFAULT_MODEL,
    CardChances,
    PrinterModel,
    model_named,
)
from ampera.devices.simulated.printer import PrinterConfig, SimulatedPrinter
from ampera.devices.simulated.spool import SPOOL_NAME
from ampera.words import FixedClock

from .conftest import CARD_PDF, MORNING

CALM = replace(model_named(DEFAULT_MODEL), chances=CardChances())


def a_printer(
    folder: Path, clock: FixedClock, *, model: PrinterModel = CALM, seed: int = 7
) -> SimulatedPrinter:
    config = PrinterConfig(
        port=0,
        data_dir=folder,
        blanko_at_first_start=60,
        model=model,
        seed=seed,
        room_celsius=31,
        is_warm_at_first_start=True,
    )
    return SimulatedPrinter(name="16.71.02", config=config, clock=clock)


def heating_of(machine: Machine) -> Heating:
    assert machine.heating is not None
    return machine.heating


def print_cards(printer: SimulatedPrinter, clock: FixedClock, *, cards: int) -> None:
    for number in range(cards):
        with printer.using() as machine:
            machine.submit(name=f"att_{number}", user="sari", document=CARD_PDF)
        clock.move(timedelta(minutes=3))
    printer.tick()


def test_a_demo_printer_starts_warm_and_its_first_card_takes_no_longer(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    printer = a_printer(tmp_path, clock)
    print_cards(printer, clock, cards=1)
    assert len(printer.physical().tray) == 1


def test_a_printer_that_died_is_as_hot_as_it_was_and_its_ribbon_as_used(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    printer = a_printer(tmp_path, clock)
    print_cards(printer, clock, cards=30)
    with printer.using() as machine:
        hot = heating_of(machine).temperatures.body
        pieces = {name: piece.record() for name, piece in machine.supplies.items()}
        counts = (machine.cards_printed, machine.cards_since_cleaning)
    with a_printer(tmp_path, clock, seed=8).using() as machine:
        heating = heating_of(machine)
        assert heating.temperatures.body == pytest.approx(hot, abs=0.01)
        assert heating.room == 31
        assert heating.mode is HeatMode.ON
        assert {name: piece.record() for name, piece in machine.supplies.items()} == pieces
        assert (machine.cards_printed, machine.cards_since_cleaning) == counts == (30, 30)
        machine.change_supply("ribbon")
        ribbon = machine.supplies["ribbon"]
        assert (ribbon.number, ribbon.used) == (2, 0)
        second = ribbon.real_cards
    with a_printer(tmp_path, clock, seed=9).using() as machine:
        assert machine.supplies["ribbon"].real_cards == second


def test_while_its_process_is_dead_it_cools(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    print_cards(a_printer(tmp_path, clock), clock, cards=30)
    clock.move(timedelta(hours=9))
    with a_printer(tmp_path, clock).using() as machine:
        here = heating_of(machine).temperatures
        assert here.body < 32
        assert here.roller == pytest.approx(31, abs=0.1)
        assert heating_of(machine).is_warming


def test_what_it_remembers_of_its_heat_is_never_old_though_nothing_else_happens(
    tmp_path: Path,
) -> None:
    clock = FixedClock(MORNING)
    printer = a_printer(tmp_path, clock)
    lines = []
    for _ in range(12):
        clock.move(timedelta(minutes=5))
        printer.tick()
        lines.append((tmp_path / SPOOL_NAME).read_text().count("\n"))
    assert 5 <= lines[-1] - lines[0] <= 8, "about every ten minutes, and when it falls asleep"
    with a_printer(tmp_path, clock).using() as machine:
        assert heating_of(machine).temperatures.body > 32


def test_a_spool_from_before_printers_had_heat_is_still_read(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    a_printer(tmp_path, clock)
    spool = tmp_path / SPOOL_NAME
    line = json.loads(spool.read_text())
    for word in ("is_misfed", "seed", "counters", "supplies", "heat"):
        del line["machine"][word]
    del line["machine"]["faults"]["misfeed"], line["machine"]["faults"]["second"]
    spool.write_text(json.dumps(line) + "\n")
    with a_printer(tmp_path, clock).using() as machine:
        assert len(machine.physical().hopper) == 60
        assert machine.supplies["ribbon"].used == 0


def test_a_day_goes_on_the_same_when_the_process_dies_between_two_cards(tmp_path: Path) -> None:
    luckless = replace(
        CALM, chances=CardChances(jam=0.2, misfeed=0.2, double_feed=0.2, double_feed_ruins=0.5)
    )
    days = []
    for dies in (False, True):
        clock, folder = FixedClock(MORNING), tmp_path / str(dies)
        printer = a_printer(folder, clock, model=luckless)
        for number in range(25):
            with printer.using() as machine:
                machine.submit(name=f"att_{number}", user="sari", document=CARD_PDF)
            clock.move(timedelta(minutes=10))
            with printer.using() as machine:
                machine.clear_jam()
                machine.set_stack_right()
            clock.move(timedelta(minutes=10))
            printer.tick()
            if dies:
                printer = a_printer(folder, clock, model=luckless)
        days.append(printer.physical())
    assert days[0] == days[1]


def test_hands_change_ribbons_clean_empty_and_open_a_window(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    printer, hands = a_printer(tmp_path, clock), Hands(tmp_path)
    print_cards(printer, clock, cards=2)
    hands.misfeed_next_card()
    hands.feed_two_at_next_card(Fate.RUINED)
    obey(printer)
    with printer.using() as machine:
        assert (machine.faults.misfeed, machine.faults.second) == (True, Fate.RUINED)
    print_cards(printer, clock, cards=1)
    with printer.using() as machine:
        assert machine.is_misfed
    hands.set_stack_right()
    hands.empty_tray()
    obey(printer)
    clock.move(timedelta(minutes=5))
    printer.tick()
    physical = printer.physical()
    assert [card.serial for card in physical.tray] == ["BLANKO-000003"]
    assert [card.serial for card in physical.ruined] == ["BLANKO-000004"]
    hands.empty_reject()
    hands.change_supply("ribbon")
    hands.clean()
    hands.set_room(22.5)
    obey(printer)
    with printer.using() as machine:
        assert machine.physical().ruined == ()
        assert machine.supplies["ribbon"].used == 0
        assert machine.supplies["film"].used == 3
        assert machine.cards_since_cleaning == 0
        assert heating_of(machine).room == 22.5
        machine.supplies["film"].used = 100_000
    hands.change_empty_supplies()
    obey(printer)
    with printer.using() as machine:
        assert [piece.number for piece in machine.supplies.values()] == [2, 2]
    hands.change_supply("toner")
    with pytest.raises(UnknownCommand):
        obey(printer)
