"""What the simulated printer uses up, what it holds, and what goes wrong with a card by chance."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from ampera.devices.simulated.cards import Fate
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import (
    DEFAULT_MODEL,
    Capacity,
    CardChances,
    Cleaning,
    PrinterModel,
    SupplyFigures,
    model_named,
)
from ampera.devices.simulated.supplies import SupplyPiece
from ampera.printing.ports import JobState, PrinterState, Reason, Severity, Supply

from .conftest import CARD_PDF, MORNING

RIBBON = SupplyFigures(
    name="ribbon",
    kind="ink-ribbon",
    nominal_cards=20,
    real_share_mean=0.6,
    real_share_spread=0.0,
    real_share_min=0.5,
    low_percent=50,
)


def cool(
    *,
    supplies: tuple[SupplyFigures, ...] = (),
    capacity: Capacity | None = None,
    chances: CardChances | None = None,
    cleaning: Cleaning | None = None,
) -> PrinterModel:
    """A model without heat, so that time is only print time."""
    return replace(
        model_named(DEFAULT_MODEL),
        thermal=None,
        supplies=supplies,
        capacity=capacity or Capacity(),
        chances=chances or CardChances(),
        cleaning=cleaning,
    )


def printing(model: PrinterModel, *, cards: int, seed: int = 3) -> MemoryPrinter:
    """A printer with so many blanks and jobs, at the first of them."""
    printer = MemoryPrinter(now=MORNING, rng=random.Random(seed), model=model)
    printer.machine.load(f"B{number:03d}" for number in range(cards))
    for number in range(cards):
        printer.send(job_name=f"att_{number}", document=CARD_PDF)
    return printer


def wait(printer: MemoryPrinter, cards: float) -> None:
    printer.tick(printer.machine.at + timedelta(seconds=cards * 180))


def test_a_ribbon_ends_at_its_real_yield_while_its_level_counts_from_the_nominal() -> None:
    printer = printing(cool(supplies=(RIBBON,)), cards=15)
    assert printer.look().supplies == (Supply("ribbon", "ink-ribbon", 95),)
    wait(printer, 9)
    seen = printer.look()
    assert seen.supplies == (Supply("ribbon", "ink-ribbon", 50),)
    assert Reason("marker-supply-low", Severity.WARNING) in seen.reasons
    assert seen.may_print
    wait(printer, 10)
    assert len(printer.physical().tray) == 12, "0.6 of 20"
    seen = printer.look()
    assert seen.state is PrinterState.STOPPED
    assert Reason("marker-supply-empty", Severity.ERROR) in seen.reasons
    assert seen.supplies[0].level_percent == 0
    waiting = printer.find("att_12")
    assert waiting is not None
    assert (waiting.state, waiting.reasons) == (JobState.PENDING, ("printer-stopped",))
    printer.machine.change_supply("ribbon")
    wait(printer, 3)
    assert len(printer.physical().tray) == 15
    assert printer.look().supplies[0].level_percent == 85
    with pytest.raises(KeyError):
        printer.machine.change_supply("toner")


def test_a_ribbon_that_gives_more_than_it_promised_is_never_told_empty_before_its_end() -> None:
    generous = replace(RIBBON, real_share_mean=1.5, real_share_min=1.5)
    printer = printing(cool(supplies=(generous,)), cards=35)
    wait(printer, 25)
    assert printer.look().supplies[0].level_percent == 1
    assert printer.look().state is PrinterState.PROCESSING
    wait(printer, 10)
    assert len(printer.physical().tray) == 30


def test_real_yields_differ_from_piece_to_piece_and_stay_within_their_bounds() -> None:
    figures = replace(RIBBON, nominal_cards=500, real_share_mean=0.9, real_share_spread=0.1)
    piece, found = SupplyPiece(figures, seed=7), []
    for _ in range(200):
        found.append(piece.real_cards)
        piece.change()
    assert min(found) >= 250
    assert max(found) <= 650
    assert len(set(found)) > 50
    assert abs(sum(found) / len(found) - 450) < 15


def test_a_supply_that_yields_nothing_is_a_defect_of_its_figures() -> None:
    with pytest.raises(AssertionError):
        replace(RIBBON, nominal_cards=0)


def test_a_hopper_takes_as_many_as_fit_and_gives_the_rest_back() -> None:
    printer = MemoryPrinter(
        now=MORNING, rng=random.Random(1), model=cool(capacity=Capacity(hopper=3))
    )
    assert printer.machine.load(["B1", "B2"]) == ()
    assert printer.machine.load(["B3", "B4", "B5"]) == ("B4", "B5")
    assert printer.physical().hopper == ("B1", "B2", "B3")


def test_a_full_tray_stops_the_printer_until_it_is_emptied() -> None:
    printer = printing(cool(capacity=Capacity(tray=10)), cards=12)
    wait(printer, 9)
    assert Reason("output-area-almost-full", Severity.WARNING) in printer.look().reasons
    wait(printer, 9)
    seen = printer.look()
    assert seen.state is PrinterState.STOPPED
    assert Reason("output-area-full", Severity.ERROR) in seen.reasons
    assert not seen.may_print
    assert len(printer.machine.empty_tray()) == 10
    wait(printer, 5)
    assert len(printer.physical().tray) == 2


def test_a_full_reject_bin_stops_it_too() -> None:
    printer = printing(cool(capacity=Capacity(reject=1)), cards=3)
    printer.cancel("att_0")
    seen = printer.look()
    assert seen.state is PrinterState.STOPPED
    assert Reason("subunit-full", Severity.ERROR) in seen.reasons
    wait(printer, 5)
    assert printer.physical().tray == ()
    assert [card.serial for card in printer.machine.empty_reject()] == ["B000"]
    wait(printer, 5)
    assert len(printer.physical().tray) == 2


def test_a_blank_that_is_not_fed_stays_in_the_hopper_and_the_job_waits_for_a_hand() -> None:
    printer = MemoryPrinter(now=MORNING, rng=random.Random(1))
    printer.machine.load(["B1", "B2"])
    printer.machine.faults.misfeed = True
    printer.send(job_name="att_1", document=CARD_PDF)
    wait(printer, 10)
    seen, job = printer.look(), printer.find("att_1")
    assert seen.state is PrinterState.STOPPED
    assert Reason("media-needed", Severity.ERROR) in seen.reasons
    assert seen.has("subunit-recoverable-failure")
    assert job is not None
    assert job.state is JobState.PENDING
    assert printer.physical().hopper == ("B1", "B2")
    printer.machine.set_stack_right()
    wait(printer, 1)
    assert [card.serial for card in printer.physical().finished("att_1")] == ["B1"]


def test_laying_the_blanks_in_anew_sets_them_right() -> None:
    printer = MemoryPrinter(now=MORNING, rng=random.Random(1))
    printer.machine.load(["B1"])
    printer.machine.faults.misfeed = True
    printer.send(job_name="att_1", document=CARD_PDF)
    assert printer.machine.unload() == ("B1",)
    printer.machine.load(["B1"])
    wait(printer, 1)
    assert len(printer.physical().tray) == 1


@pytest.mark.parametrize("second", [Fate.UNTOUCHED, Fate.RUINED])
def test_of_two_blanks_fed_as_one_the_second_comes_out_without_a_job(second: Fate) -> None:
    printer = MemoryPrinter(now=MORNING, rng=random.Random(1))
    printer.machine.load(["B1", "B2", "B3"])
    printer.machine.faults.second = second
    printer.send(job_name="att_1", document=CARD_PDF)
    wait(printer, 1)
    physical = printer.physical()
    assert [card.serial for card in physical.finished("att_1")] == ["B1"]
    pieces = physical.ruined if second is Fate.RUINED else physical.tray
    assert [card.job_name for card in pieces if card.serial == "B2"] == [""]
    assert physical.hopper == ("B3",)


def test_the_last_blank_is_fed_alone() -> None:
    printer = MemoryPrinter(now=MORNING, rng=random.Random(1))
    printer.machine.load(["B1"])
    printer.machine.faults.second = Fate.UNTOUCHED
    printer.send(job_name="att_1", document=CARD_PDF)
    wait(printer, 1)
    assert [card.serial for card in printer.physical().tray] == ["B1"]


def test_it_asks_to_be_cleaned_and_overdue_it_jams_oftener() -> None:
    jams = {}
    for is_cleaned in (True, False):
        model = cool(
            chances=CardChances(jam=0.1), cleaning=Cleaning(every_cards=20, overdue_factor=5)
        )
        printer = printing(model, cards=300)
        count = 0
        for _ in range(600):
            wait(printer, 0.5)
            if printer.look().has("media-jam"):
                count += 1
                printer.machine.clear_jam()
            if is_cleaned and printer.look().has("cleaner-life-almost-over"):
                printer.machine.clean()
        assert printer.look().has("cleaner-life-over") is not is_cleaned
        jams[is_cleaned] = count
    assert jams[False] > 2 * jams[True] > 0


def story(model: PrinterModel, *, seed: int, step: float) -> str:
    """A day of a printer whose hands help at once; told as what lies where in the end."""
    printer = MemoryPrinter(now=MORNING, rng=random.Random(seed), model=model)
    machine = printer.machine
    for number in range(160):
        machine.load([f"B{number:03d}", f"C{number:03d}"])
        printer.send(job_name=f"att_{number}", document=CARD_PDF)
        for _ in range(int(240 / step)):
            printer.tick(machine.at + timedelta(seconds=step))
        machine.clear_jam()
        machine.set_stack_right()
    return repr((printer.physical(), printer.look().supplies))


LUCKLESS = CardChances(jam=0.05, misfeed=0.05, double_feed=0.05, double_feed_ruins=0.5)


def test_the_same_seed_tells_the_same_day_and_another_seed_another() -> None:
    model = replace(
        model_named(DEFAULT_MODEL), chances=LUCKLESS, capacity=Capacity(), supplies=(RIBBON,)
    )
    assert story(model, seed=7, step=60) == story(model, seed=7, step=60)
    assert story(model, seed=7, step=60) == story(model, seed=7, step=240)
    assert story(model, seed=7, step=60) != story(model, seed=8, step=60)


def test_every_mishap_occurs_about_as_often_as_its_chance_and_no_blank_is_lost() -> None:
    model = cool(chances=LUCKLESS)
    printer = MemoryPrinter(now=MORNING, rng=random.Random(4), model=model)
    machine, cards = printer.machine, 1000
    machine.load(f"B{number:04d}" for number in range(2 * cards))
    seen: Counter[str] = Counter()
    for number in range(cards):
        printer.send(job_name=f"att_{number}", document=CARD_PDF)
        while machine.is_wanted:
            wait(printer, 1)
            if machine.is_jammed:
                seen["jam"] += 1
                machine.clear_jam()
            if machine.is_misfed:
                seen["misfeed"] += 1
                machine.set_stack_right()
    physical = printer.physical()
    seen["second"] = sum(not each.job_name for each in (*physical.tray, *physical.ruined))
    seen["ruined second"] = sum(not each.job_name for each in physical.ruined)
    for mishap in ("jam", "misfeed", "second"):
        assert 30 <= seen[mishap] <= 75, seen
    assert 10 <= seen["ruined second"] <= 45
    pieces = [each.serial for each in (*physical.tray, *physical.ruined)]
    assert sorted([*physical.hopper, *pieces]) == [f"B{number:04d}" for number in range(2 * cards)]


def test_a_chance_is_between_nought_and_one() -> None:
    with pytest.raises(AssertionError):
        CardChances(jam=2)
