"""A printer process may be killed at any moment: what it answered, it still knows afterwards."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ampera.devices.ipp.client import IppPrinter
from ampera.devices.simulated.cards import Fate, Physical, PowerCut
from ampera.devices.simulated.hands import Hands, UnknownCommand, obey
from ampera.devices.simulated.mechanism import HISTORY_MAX
from ampera.devices.simulated.printer import PrinterConfig, SimulatedPrinter
from ampera.devices.simulated.spool import SPOOL_NAME, SpoolBroken, physical_in
from ampera.printing.ports import DeviceError, JobState, Unreachable
from ampera.words import FixedClock

from .conftest import CARD_PDF, MORNING

PROGRAM = """
import sys
from pathlib import Path
from ampera.devices.simulated.house import PrinterConfig, serve_printers
from ampera.words import WallClock
config = PrinterConfig(
    port=int(sys.argv[1]), data_dir=Path(sys.argv[2]), print_seconds=float(sys.argv[3])
)
serve_printers({"16.71.02": config}, WallClock())
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_until(seen: object, *, seconds_max: float = 60.0) -> None:
    assert callable(seen)
    end = time.monotonic() + seconds_max
    while not seen():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def answers(printer: IppPrinter) -> bool:
    try:
        printer.look()
    except DeviceError:
        return False
    return True


@contextmanager
def process(port: int, folder: Path, *, print_seconds: float = 3600) -> Iterator[IppPrinter]:
    """A printer process of its own, killed without warning at the end."""
    source = Path(__file__).resolve().parents[2] / "src"
    command = [sys.executable, "-c", PROGRAM, str(port), str(folder), str(print_seconds)]
    child = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(source)})
    try:
        printer = IppPrinter(host="127.0.0.1", port=port)
        wait_until(lambda: answers(printer))
        yield printer
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()


def test_a_killed_printer_knows_its_jobs_and_aborts_the_one_it_was_printing(
    tmp_path: Path,
) -> None:
    port, hands = free_port(), Hands(tmp_path)
    hands.load(["B1", "B2"])
    with process(port, tmp_path) as printer:
        wait_until(lambda: hands.is_idle)
        uuid = printer.look().uuid
        first = printer.send(job_name="att_1", document=CARD_PDF)
        printer.send(job_name="att_2", document=CARD_PDF)
        assert first.state is JobState.PROCESSING
    with pytest.raises(Unreachable):
        printer.find("att_1")
    with process(port, tmp_path) as printer:
        aborted, going_on = printer.find("att_1"), printer.find("att_2")
        assert printer.look().uuid == uuid
        assert aborted is not None
        assert (aborted.state, aborted.message) == (JobState.ABORTED, "the power was cut")
        assert going_on is not None
        assert going_on.state is JobState.PROCESSING
        third = printer.send(job_name="att_3", document=CARD_PDF)
        assert third.job_id == 3, "numbers are not given twice while the spool lives"
    physical = hands.physical()
    assert physical is not None
    assert [(card.serial, card.fate) for card in physical.ruined] == [("B1", Fate.RUINED)]
    assert physical.inside == "B2"


def test_hands_reach_a_printer_in_another_process(tmp_path: Path) -> None:
    hands = Hands(tmp_path)
    assert hands.physical() is None
    with process(free_port(), tmp_path, print_seconds=0.01) as printer:
        hands.load(["B1"])
        printer.send(job_name="att_1", document=CARD_PDF)

        def is_printed() -> bool:
            physical = hands.physical()
            return physical is not None and len(physical.finished("att_1")) == 1

        wait_until(is_printed)
        hands.power_off()
        wait_until(lambda: not answers(printer))
        hands.power_on()
        wait_until(lambda: answers(printer))
        hands.take(["B1"])
        wait_until(lambda: hands.physical() == Physical((), None, (), ()))


def a_printer(folder: Path, clock: FixedClock) -> SimulatedPrinter:
    config = PrinterConfig(port=0, data_dir=folder, blanko_at_first_start=3)
    return SimulatedPrinter(name="16.71.02", config=config, clock=clock)


def test_all_that_lies_in_the_printer_survives_its_process(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    with a_printer(tmp_path, clock).using() as machine:
        machine.submit(name="att_1", user="sari", document=CARD_PDF)
        clock.move(timedelta(minutes=3))
        machine.advance(clock.now())
        machine.faults.cut = PowerCut(Fate.UNTOUCHED, 60)
        machine.faults.jam = True
        machine.set_cover(is_open=True)
        machine.is_busy = True
        machine.touch()
        before = machine.physical()
    with a_printer(tmp_path, clock).using() as machine:
        assert machine.physical() == before
        assert len(before.tray) == 1
        assert machine.faults.cut == PowerCut(Fate.UNTOUCHED, 60)
        assert (machine.faults.jam, machine.is_cover_open, machine.is_busy) == (True, True, True)
        assert [job.state for job in machine.listed()] == [JobState.COMPLETED]


def test_a_stuck_card_is_still_stuck_after_a_restart(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    with a_printer(tmp_path, clock).using() as machine:
        machine.faults.jam = True
        machine.submit(name="att_1", user="sari", document=CARD_PDF)
        clock.move(timedelta(hours=1))
        machine.advance(clock.now())
    with a_printer(tmp_path, clock).using() as machine:
        assert machine.physical().inside == "BLANKO-000001"
        machine.clear_jam()
        assert [card.serial for card in machine.physical().ruined] == ["BLANKO-000001"]


def test_a_line_half_written_is_as_if_never_begun(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    with a_printer(tmp_path, clock).using() as machine:
        machine.load(["B1"])
    whole = physical_in(tmp_path)
    spool = tmp_path / SPOOL_NAME
    spool.write_text(spool.read_text() + '{"machine": {"uui')
    assert physical_in(tmp_path) == whole
    with a_printer(tmp_path, clock).using() as machine:
        machine.load(["B2"])
    found = physical_in(tmp_path)
    assert found is not None
    assert found.hopper[-2:] == ("B1", "B2")


def test_a_spool_damaged_in_the_middle_is_not_taken_for_whole(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    a_printer(tmp_path, clock)
    spool = tmp_path / SPOOL_NAME
    spool.write_text("{ damaged\n" + spool.read_text())
    with pytest.raises(SpoolBroken):
        a_printer(tmp_path, clock)


def test_the_spool_and_the_history_stay_small(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    printer = a_printer(tmp_path, clock)
    for number in range(700):
        with printer.using() as machine:
            machine.load([f"C{number}"])
            machine.submit(name=f"att_{number}", user="sari", document=CARD_PDF)
            machine.take(card.serial for card in machine.physical().tray)
        clock.move(timedelta(minutes=3))
    with printer.using() as machine:
        assert len(list(machine.listed())) <= HISTORY_MAX + 1
    with a_printer(tmp_path, clock).using() as machine:
        assert [job.name for job in machine.listed()][-1] == "att_699"
    lines = (tmp_path / SPOOL_NAME).read_text().count("\n")
    assert lines <= 2000


@pytest.mark.parametrize(
    "text", ["no json", "[]", '{"do": "dance"}', '{"do": "load"}', '{"do": "fault", "name": "x"}']
)
def test_a_command_that_is_none_is_told_once_and_gone(tmp_path: Path, text: str) -> None:
    printer = a_printer(tmp_path, FixedClock(MORNING))
    (tmp_path / "hands").mkdir()
    (tmp_path / "hands" / "1.json").write_text(text)
    with pytest.raises(UnknownCommand):
        obey(printer)
    obey(printer)


def test_hands_can_do_all_that_faults_are_made_of(tmp_path: Path) -> None:
    printer = a_printer(tmp_path, FixedClock(MORNING))
    hands = Hands(tmp_path)
    hands.jam_next_card()
    hands.lose_next_answer()
    hands.lose_next_request()
    hands.print_next_job_late(60)
    hands.cut_power_at_next_card(Fate.FINISHED, resumes_after_seconds=5)
    hands.set_cover(is_open=True)
    hands.set_busy(is_busy=True)
    hands.set_accepting(is_accepting=False)
    assert not hands.is_idle
    obey(printer)
    assert hands.is_idle
    with printer.using() as machine:
        faults = machine.faults
        assert (faults.jam, faults.lose_answer, faults.lose_request) == (True, True, True)
        assert (faults.late_seconds, faults.cut) == (60, PowerCut(Fate.FINISHED, 5))
        switches = (machine.is_cover_open, machine.is_busy, machine.is_accepting)
        assert switches == (True, True, False)
    hands.unload()
    hands.clear_jam()
    hands.set_cover(is_open=False)
    hands.load(["B9"])
    hands.empty()
    obey(printer)
    assert hands.physical() == Physical((), None, (), ())


def test_no_document_is_kept(tmp_path: Path) -> None:
    printer = a_printer(tmp_path, FixedClock(MORNING))
    with printer.using() as machine:
        machine.submit(name="att_1", user="sari", document=CARD_PDF + b"RAHASIA")
    kept = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "RAHASIA" not in kept
    assert json.loads(kept.splitlines()[-1])["jobs"][0]["document_sha256"]
