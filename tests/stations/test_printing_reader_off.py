"""A broken reader is switched off at the printer itself, over real IPP: what the refusal's text
says
can be followed, and nothing is printed unread while the printer says that it can read."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from ampera.devices.ipp.client import IppPrinter
from ampera.devices.simulated.hands import Hands
from ampera.devices.simulated.house import PrinterConfig, printers_running
from ampera.devices.simulated.station import ReaderSwitch
from ampera.printing.actions import empty_printer, step_printer
from ampera.printing.queries import run_on, why_waiting
from ampera.printing.rules.attempts import AttemptState, Cause
from tests.stations.printing_desk import (
    BUDI,
    PRINTER,
    SARI,
    books_and_tables_are_whole,
    by,
    code,
    place_of,
    serial,
    settle,
)
from tests.stations.stage_desk import WITH_READER, StageDesk, bound

WAIT_SECONDS_MAX = 10


class FarDesk(StageDesk):
    """Its printer is another machine: the agent speaks IPP to it, hands touch it."""

    def __init__(self, offices, *, listening, folder):
        super().__init__(offices)
        self.listening, self.hands = listening, Hands(folder)
        self.printer = IppPrinter(host="127.0.0.1", port=listening.port, answer_seconds_max=10)

    def tick(self, seconds=1):
        self.offices.clock.move(timedelta(seconds=seconds))
        self.listening.printer.tick()
        step_printer(PRINTER, port=self.printer, render=self.render)

    def switch(self, how):
        """Hands at the printer's own settings; they work within a tick of its process."""
        self.hands.set_reader(how)
        until = time.monotonic() + WAIT_SECONDS_MAX
        while self.inside(lambda machine: machine.reader) is not how:
            assert time.monotonic() < until, "nobody took up what the hands did"
            time.sleep(0.01)

    def inside(self, look):
        with self.listening.printer.using() as machine:
            return look(machine)

    def load(self, *numbers):
        self.inside(lambda machine: machine.load([serial(number) for number in numbers]))

    def finished(self):
        tray = self.inside(lambda machine: machine.physical()).tray
        return [(card.serial, card.job_name) for card in tray if card.job_name]

    def staged(self):
        return self.inside(lambda machine: machine.staged)


@pytest.fixture
def desk(offices, tmp_path):
    config = PrinterConfig(port=0, data_dir=tmp_path / "printer", model=WITH_READER, seed=7)
    with printers_running({PRINTER: config}, offices.clock) as printers:
        yield FarDesk(offices, listening=printers[PRINTER], folder=config.data_dir)


def emptied(desk):
    """Two officers take everything out, and the printer forgets its jobs."""
    desk.inside(lambda machine: machine.empty())
    empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
    desk.work(2)


def test_a_printer_whose_reader_is_off_says_that_it_has_none_and_is_printed_on_unread(desk):
    with desk.at():
        desk.switch(ReaderSwitch.OFF)
        assert not desk.printer.look().has_reader
        desk.start(1)
        desk.load(1)
        desk.work()
        assert desk.finished() == [(serial(1), desk.attempt(1).id)]
        assert bound() == []


def test_a_broken_reader_is_waited_for_then_switched_off_and_blanks_are_fed_one_by_one(desk):
    with desk.at():
        desk.switch(ReaderSwitch.BROKEN)
        desk.load(1, 2)
        desk.begin(1, 2)
        desk.work(3)
        assert code(why_waiting(PRINTER)) == "printing.reader_silent"
        desk.work(40)
        unread = desk.attempt(1)
        assert (unread.state, unread.cause) == (AttemptState.UNKNOWN, Cause.UNREAD)
        assert settle(unread, "SHELF")["outcome"] == "SHELF"
        assert desk.finished() == []
        desk.switch(ReaderSwitch.OFF)
        emptied(desk)
        desk.start(1)
        desk.load(1)
        desk.work()
        assert desk.finished() == [(serial(1), desk.attempt(1).id)]
        assert books_and_tables_are_whole()


def test_a_blank_at_a_reader_that_is_switched_off_is_not_printed_on(desk):
    with desk.at():
        desk.switch(ReaderSwitch.BROKEN)
        desk.load(1)
        desk.begin(1)
        desk.work(3)
        assert desk.staged() == (serial(1),)
        desk.switch(ReaderSwitch.OFF)
        desk.work(3)
        unread = desk.attempt(1)
        assert (unread.state, unread.cause) == (AttemptState.UNKNOWN, Cause.UNREAD)
        assert run_on(PRINTER) is None
        assert code(settle(unread, "SHELF")) == "printing.job_may_still_print"
        # Nothing else is begun either: it would be printed on whatever lies at the reader.
        desk.start(1)
        desk.load(2)
        desk.work(10)
        assert len(desk.attempts(2)) == 0
        assert desk.finished() == []
        assert desk.staged() == (serial(1),)


def test_once_two_have_emptied_the_printer_the_next_card_is_printed_without_a_reader(desk):
    with desk.at():
        desk.switch(ReaderSwitch.BROKEN)
        desk.load(1)
        desk.begin(1)
        desk.work(3)
        desk.switch(ReaderSwitch.OFF)
        desk.work(3)
        unread = desk.attempt(1)
        emptied(desk)
        assert settle(unread, "SHELF")["outcome"] == "SHELF"
        assert place_of(serial(1)) == "shelf"
        desk.start(1)
        desk.load(1)
        desk.work()
        assert desk.finished() == [(serial(1), desk.attempt(1).id)]
        assert books_and_tables_are_whole()


def test_a_hopper_that_was_read_is_not_printed_from_once_the_reader_is_off(desk):
    with desk.at():
        desk.load(1, 2)
        desk.begin(1, 2)
        desk.work(3)
        desk.switch(ReaderSwitch.OFF)
        desk.work(60)
        assert desk.finished() == [(serial(1), desk.attempt(1).id)]
        assert run_on(PRINTER) is None
        assert desk.attempts(2) == []


def test_a_reader_that_is_on_again_reads_again(desk):
    with desk.at():
        desk.switch(ReaderSwitch.OFF)
        desk.switch(ReaderSwitch.ON)
        desk.load(1)
        desk.begin(1)
        desk.work()
        assert [each[0] for each in bound()] == [serial(1)]
