"""The server dies between any two steps of reading and printing: no blank is lost, none printed
twice, and what comes after goes on with the very same blank."""

from __future__ import annotations

import pytest

from ampera.printing.actions import agent, end_attempt, staging
from ampera.printing.queries import unknown_attempts
from ampera.printing.rules.attempts import AttemptState
from tests.stations.printing_desk import (
    BUDI,
    PRINTER,
    SARI,
    Crash,
    books_and_tables_are_whole,
    by,
    code,
    serial,
    settle,
)
from tests.stations.stage_desk import StageDesk, bound


@pytest.fixture
def desk(offices):
    return StageDesk(offices)


class Port:
    """A fresh line to the printer, as a server has that was just started."""

    def __init__(self, printer):
        self._printer = printer

    def __getattr__(self, name):
        return getattr(self._printer, name)


def dying(call, *, before, at=1):
    """The same call, but the server dies before or after it when it is made for the n-th time."""
    made = []

    def dies(*args, **named):
        made.append(1)
        if before and len(made) == at:
            raise Crash
        answer = call(*args, **named)
        if not before and len(made) == at:
            raise Crash
        return answer

    return dies


def at_the_port(name, *, before):
    def set_up(desk, monkeypatch):
        port = Port(desk.printer)
        setattr(port, name, dying(getattr(desk.printer, name), before=before))
        desk.printer = _Ticking(port, desk.printer)

    return set_up


def in_the_agent(name, *, before, at=1, module=agent):
    def set_up(desk, monkeypatch):
        monkeypatch.setattr(module, name, dying(getattr(module, name), before=before, at=at))

    return set_up


class _Ticking:
    """The port that dies, with the machine that goes on."""

    def __init__(self, port, printer):
        self._port, self.tick = port, printer.tick

    def __getattr__(self, name):
        return getattr(self._port, name)


#: Where the server dies, and whether the attempt it had opened prints the card by itself.
STEPS = {
    "before the attempt is opened": (in_the_agent("open_attempt", before=True), "another"),
    "after the attempt was opened": (in_the_agent("open_attempt", before=False), "another"),
    "before it lies on the second medium": (in_the_agent("secure", before=True, at=2), "another"),
    "after it lies on the second medium": (in_the_agent("secure", before=False, at=2), "another"),
    "before the blank is presented": (at_the_port("present", before=True), "same"),
    "after the blank was presented": (at_the_port("present", before=False), "same"),
    "before its chip is bound": (in_the_agent("bind_uid", before=True, module=staging), "same"),
    "after its chip was bound": (in_the_agent("bind_uid", before=False, module=staging), "same"),
    "before the pair lies on the second medium": (
        in_the_agent("secure", before=True, at=3),
        "same",
    ),
    "after the pair lies on the second medium": (
        in_the_agent("secure", before=False, at=3),
        "same",
    ),
    "before Print-Job": (at_the_port("send", before=True), "nobody knows"),
    "after Print-Job": (at_the_port("send", before=False), "same"),
}


@pytest.mark.parametrize("step", STEPS)
def test_the_server_dies_and_no_blank_is_lost_and_no_card_printed_twice(desk, step, monkeypatch):
    set_up, ends = STEPS[step]
    printer = desk.printer
    with desk.at():
        desk.load(1, 2)
        desk.begin(1, 2)
        set_up(desk, monkeypatch)
        with pytest.raises(Crash):
            desk.tick()
        monkeypatch.undo()
        desk.printer = printer
        desk.work(150)
        if ends == "nobody knows":
            (lost,) = unknown_attempts()
            assert desk.finished() == []
            assert desk.machine.staged == (serial(1),), "it still lies where it was read"
            _empty(desk)
            assert settle(lost, "SHELF")["outcome"] == "SHELF"
            desk.load(1, 2)
            desk.begin(1, 2)
            desk.work(80)
        first, *more = desk.attempts(1)
        assert (first.state is AttemptState.PRINTED) is (ends == "same" or not more)
        assert [each[0] for each in desk.finished()] == [serial(1), serial(2)]
        assert [each[0] for each in bound()] == [serial(1), serial(2)]
        assert desk.plastic() == {"issued": 2, "shelf": 3}
        assert books_and_tables_are_whole()


def _empty(desk):
    from ampera.printing.actions import empty_printer

    desk.machine.empty()
    empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
    desk.tick()


@pytest.mark.parametrize(
    "name",
    ["end_attempt", "put_aside"],
)
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_blank_that_was_said_no_to_is_never_taken_for_the_next_one(
    desk, name, before, monkeypatch
):
    """Between the end of its attempt and the reject bin the blank still lies at the reader."""
    with desk.at():
        desk.reader.spoil(serial(1), is_dead=True)
        desk.load(1, 2)
        desk.begin(1, 2)
        monkeypatch.setattr(agent, name, dying(getattr(agent, name), before=before))
        with pytest.raises(Crash):
            desk.work(3)
        monkeypatch.undo()
        desk.work(3)
        assert [each.serial for each in desk.machine.physical().ruined] == [serial(1)]
        (attempt,) = unknown_attempts()
        assert settle(attempt, "DISPUTE")["outcome"] == "DISPUTE"
        desk.begin(2)
        desk.work(60)
        assert [each[0] for each in desk.finished()] == [serial(2)]
        assert [each[0] for each in bound()] == [serial(2)]


def test_an_attempt_given_up_while_its_blank_is_read_keeps_the_printer_until_it_is_emptied(desk):
    with desk.at():
        desk.machine.faults.lose_sight = True
        desk.load(1)
        desk.begin(1)
        desk.tick()
        end_attempt(by(), attempt=desk.attempt(1).id, outcome="UNKNOWN")
        desk.work(3)
        assert desk.jobs() == []
        assert code(settle(desk.attempt(1), "SHELF")) == "printing.job_may_still_print"
        _empty(desk)
        assert settle(desk.attempt(1), "SHELF")["outcome"] == "SHELF"
        assert desk.plastic() == {"shelf": 5}
