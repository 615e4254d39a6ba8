"""What a printer with heat and supplies shows the printing station, by IPP and in the process."""

from __future__ import annotations

import pytest

from ampera.printing.ports import (
    JobState,
    PrinterState,
    Reason,
    Severity,
    Supply,
    Unreachable,
)

from .conftest import CARD_PDF, Bench

A_CARD = 180  # city seconds
WARM_UP = 600


def test_a_printer_tells_its_model_and_its_supplies(hot_bench: Bench) -> None:
    seen = hot_bench.printer.look()
    assert seen.model == "Ampera simulated retransfer card printer 180"
    assert seen.supplies == (
        Supply("ribbon", "ink-ribbon", 100),
        Supply("film", "transfer-unit", 100),
    )


def test_a_printer_without_supplies_tells_none(bench: Bench) -> None:
    seen = bench.printer.look()
    assert (seen.model, seen.supplies) == ("Ampera simulated card printer", ())


def test_levels_go_down_card_by_card(hot_bench: Bench) -> None:
    hot_bench.load(*(f"B{number}" for number in range(30)))
    for number in range(30):
        hot_bench.printer.send(job_name=f"att_{number}", document=CARD_PDF)
    hot_bench.let_pass(WARM_UP + 30 * A_CARD)
    ribbon, film = hot_bench.printer.look().supplies
    assert (ribbon.level_percent, film.level_percent) == (94, 98)


def test_a_word_wakes_a_sleeping_printer_and_nothing_is_printed(hot_bench: Bench) -> None:
    hot_bench.load("B1", "B2", "B3", "B4", "B5", "B6")
    hot_bench.let_pass(2 * 3600)
    assert hot_bench.printer.look().reasons == (Reason("subunit-power-saver", Severity.REPORT),)
    hot_bench.printer.wake()
    hot_bench.printer.wake()
    seen = hot_bench.printer.look()
    assert seen.has("subunit-warming-up")
    assert seen.has("subunit-under-temperature")
    assert (seen.state, seen.may_print) == (PrinterState.IDLE, True)
    hot_bench.let_pass(WARM_UP)
    assert hot_bench.printer.look().reasons == ()
    assert len(hot_bench.physical().hopper) == 6


def test_a_word_does_not_undo_an_officers_pause(hot_bench: Bench) -> None:
    with hot_bench.machine() as machine:
        machine.pause(is_paused=True)
    hot_bench.printer.wake()
    assert hot_bench.printer.look().has("paused")


def test_a_job_sent_to_a_cold_printer_waits_and_is_printed(hot_bench: Bench) -> None:
    hot_bench.load("B1")
    sent = hot_bench.printer.send(job_name="att_1", document=CARD_PDF)
    assert sent.state is JobState.PENDING
    assert hot_bench.printer.look().state is PrinterState.PROCESSING
    hot_bench.let_pass(WARM_UP + A_CARD)
    assert len(hot_bench.physical().finished("att_1")) == 1


def test_the_cut_off_is_seen_from_outside_and_passes_by_itself(hot_bench: Bench) -> None:
    with hot_bench.machine() as machine:
        machine.set_room(40)
    hot_bench.load(*(f"B{number}" for number in range(60)))
    for number in range(60):
        hot_bench.printer.send(job_name=f"att_{number}", document=CARD_PDF)
    told = []
    for _ in range(400):
        hot_bench.let_pass(60)
        seen = hot_bench.printer.look()
        for word in ("over-temperature", "cooling-down", "warming-up", "under-temperature"):
            if seen.has(f"subunit-{word}") and word not in told[-1:] + told[-2:-1]:
                told.append(word)
        is_stopped = seen.has("subunit-over-temperature") or seen.has("subunit-cooling-down")
        assert (seen.state is PrinterState.STOPPED) is is_stopped
        assert seen.may_print is not is_stopped
    assert told[:6] == [
        *("warming-up", "under-temperature", "over-temperature", "cooling-down"),
        *("warming-up", "under-temperature"),
    ]


def test_without_power_nobody_is_woken(hot_bench: Bench) -> None:
    with hot_bench.machine() as machine:
        machine.power_off()
    with pytest.raises(Unreachable):
        hot_bench.printer.wake()
