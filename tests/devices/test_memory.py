"""The simulated province's printer: the same seed tells the same story, and every fault occurs."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from ampera.devices.simulated.memory import FaultChances, MemoryPrinter
from ampera.printing.ports import AnswerLost, DeviceError, Unreachable

from .conftest import CARD_PDF, MORNING


def story(seed: int, chances: FaultChances, *, sends: int = 60) -> tuple[list[str], MemoryPrinter]:
    """Send jobs one after the other, an hour apart, clearing jams; tell what was seen."""
    printer = MemoryPrinter(now=MORNING, rng=random.Random(seed), chances=chances)
    printer.machine.load(f"B{number}" for number in range(2 * sends))
    lines, now = [], MORNING
    for number in range(sends):
        try:
            lines.append(printer.send(job_name=f"att_{number}", document=CARD_PDF).state.value)
        except DeviceError as failed:
            lines.append(type(failed).__name__)
        for _ in range(12):
            now += timedelta(minutes=5)
            printer.tick(now)
        printer.machine.clear_jam()
    return [*lines, repr(printer.physical())], printer


ALL_FAULTS = FaultChances(
    lost_answer=0.1,
    lost_request=0.1,
    jam=0.1,
    power_cut=0.2,
    late=0.1,
    resumes=0.5,
    off_ticks_max=20,
)


def test_the_same_seed_tells_the_same_story() -> None:
    assert story(7, ALL_FAULTS)[0] == story(7, ALL_FAULTS)[0]
    assert story(7, ALL_FAULTS)[0] != story(8, ALL_FAULTS)[0]


def test_without_chances_every_job_becomes_one_card() -> None:
    _, printer = story(1, FaultChances())
    assert Counter(card.job_name for card in printer.physical().tray) == Counter(
        f"att_{number}" for number in range(60)
    )


def test_no_blank_is_made_or_lost_whatever_happens() -> None:
    for seed in range(20):
        _, printer = story(seed, ALL_FAULTS)
        physical = printer.physical()
        pieces = [*physical.hopper, *(card.serial for card in physical.tray)]
        pieces += [card.serial for card in physical.ruined]
        pieces += [physical.inside] if physical.inside is not None else []
        assert sorted(pieces) == sorted(f"B{number}" for number in range(120))


def test_a_printer_that_resumes_settled_jobs_prints_one_job_twice_in_some_story() -> None:
    cuts = FaultChances(power_cut=0.5, resumes=1.0)
    twice = 0
    for seed in range(5):
        tray = story(seed, cuts)[1].physical()
        twice += sum(len(tray.finished(f"att_{number}")) > 1 for number in range(60))
    assert twice > 0


@pytest.mark.parametrize(
    ("chances", "failure"),
    [
        (FaultChances(lost_answer=1), AnswerLost),
        (FaultChances(lost_request=1), AnswerLost),
        (FaultChances(late=1), AnswerLost),
    ],
)
def test_a_certain_fault_befalls_the_first_send(
    chances: FaultChances, failure: type[DeviceError]
) -> None:
    assert story(0, chances, sends=1)[0][0] == failure.__name__


def test_after_a_cut_by_chance_the_power_comes_back_by_itself() -> None:
    chances = FaultChances(power_cut=1, off_ticks_max=1)
    printer = MemoryPrinter(now=MORNING, rng=random.Random(0), chances=chances)
    printer.machine.load(["B1"])
    printer.send(job_name="att_1", document=CARD_PDF)
    printer.tick(MORNING + timedelta(minutes=2))
    with pytest.raises(Unreachable):
        printer.look()
    printer.tick(MORNING + timedelta(minutes=4))
    assert printer.look().up_time_seconds == 1


def test_a_chance_is_between_nought_and_one() -> None:
    with pytest.raises(AssertionError):
        FaultChances(jam=1.5)
