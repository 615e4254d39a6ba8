"""Crashes, restarts and printers that go their own way: nothing is sent twice, nothing is lost."""

from __future__ import annotations

import pytest

from ampera.blanko.queries import whereis
from ampera.devices.simulated.cards import Fate, PowerCut
from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.printing.actions import (
    check_card,
    empty_printer,
)
from ampera.printing.models import JobTrack, PrinterNow
from ampera.printing.queries import (
    attempts_on,
    cards_to_check,
    open_attempts,
    run_on,
    why_waiting,
)
from ampera.printing.rules.attempts import AttemptState, Cause, Phase
from ampera.readiness.actions import recall_permit
from tests.stations.printing_desk import (
    BUDI,
    DINAS,
    KEC,
    PRINTER,
    SARI,
    Crash,
    books_and_tables_are_whole,
    by,
    code,
    grant,
    queued,
    serial,
    settle,
)


def test_a_server_that_died_before_sending_withdraws_and_prints_once(desk, monkeypatch):
    with desk.at():
        desk.start(1)

        def die(*_, **__):
            raise Crash

        monkeypatch.setattr("ampera.printing.actions.agent._feed", die)
        with pytest.raises(Crash):
            desk.tick()
        monkeypatch.undo()
        assert desk.attempt().state is AttemptState.OPEN
        desk.tick()
        first = desk.attempts()[0]
        assert (first.state, first.cause) == (AttemptState.WITHDRAWN, Cause.NEVER_SENT)
        desk.work()
        assert [each.state for each in desk.attempts()] == [
            AttemptState.WITHDRAWN,
            AttemptState.PRINTED,
        ]
        assert len(desk.machine.physical().tray) == 1


def test_a_server_that_died_before_sending_to_a_printer_that_restarted_does_not_know(
    desk, monkeypatch
):
    with desk.at():
        desk.work(10)
        desk.start(1)

        def die(*_, **__):
            raise Crash

        monkeypatch.setattr("ampera.printing.actions.agent._feed", die)
        with pytest.raises(Crash):
            desk.tick()
        monkeypatch.undo()
        desk.machine.power_off()
        desk.machine.power_on(desk.offices.clock.at)
        desk.tick()
        attempt = desk.attempt()
        assert (attempt.state, attempt.cause) == (AttemptState.UNKNOWN, Cause.RESTARTED)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_server_that_died_while_sending_asks_by_name_and_never_sends_again(desk, arrived):
    with desk.at():
        desk.start(1)
        send = desk.printer.send

        def dying_send(**job):
            if arrived:
                send(**job)
            raise Crash

        desk.printer.send = dying_send
        with pytest.raises(Crash):
            desk.tick()
        desk.printer.send = send
        assert JobTrack.objects.get().phase == Phase.SENDING
        desk.work(100)
        expected = AttemptState.PRINTED if arrived else AttemptState.UNKNOWN
        assert [each.state for each in desk.attempts()] == [expected]
        assert len(desk.jobs()) == int(arrived)


def test_a_server_in_a_new_life_trusts_no_note_of_the_old_one(desk, monkeypatch):
    with desk.at():
        desk.start(1)

        def die(*_, **__):
            raise Crash

        monkeypatch.setattr("ampera.printing.actions.agent._feed", die)
        with pytest.raises(Crash):
            desk.tick()
        monkeypatch.undo()
        monkeypatch.setattr(house(), "incarnation", 2)
        desk.tick()
        assert desk.attempt().state is AttemptState.OPEN, "it may have been sent after the backup"
        desk.work(100)
        assert desk.attempt().state is AttemptState.UNKNOWN


def test_a_second_card_beside_the_one_in_hand_raises_an_alarm_and_its_blanko_is_waste(desk):
    """Room 103575 of a million cards: two officers had the finished card in hand, the printer had
    called its job aborted, took it up again later, and fed it the blank of the next card."""
    with desk.at():
        desk.machine.faults.cut = PowerCut(Fate.FINISHED, resumes_after_seconds=600)
        desk.start(1)
        desk.work(15)
        desk.machine.power_on(desk.offices.clock.at)
        desk.work(3)
        attempt = desk.attempt()
        assert attempt.state is AttemptState.UNKNOWN
        assert [each.serial for each in desk.machine.empty_tray()] == [attempt.serial]
        assert settle(attempt, "PRINTED") == {"attempt": attempt.id, "outcome": "PRINTED"}
        assert attempts_on(PRINTER) == []
        second = serial(2)
        desk.machine.load([second])
        desk.work(100)
        assert [each.serial for each in desk.machine.physical().tray] == [second]
        assert [key for key, _ in open_alarms()] == [f"late_print:{attempt.id}"]
        assert code(why_waiting(PRINTER)) == "printing.printer_not_emptied"
        desk.machine.empty()
        taken = empty_printer(by(SARI), printer=PRINTER, witness=BUDI, waste=[attempt.serial])
        assert code(taken) == "blanko.not_there", "that one became the card in hand"
        twice = empty_printer(by(SARI), printer=PRINTER, witness=BUDI, waste=[second, second])
        assert code(twice) == "blanko.counted_twice"
        unknown = empty_printer(by(SARI), printer=PRINTER, witness=BUDI, waste=["SPC99999999"])
        assert code(unknown) == "blanko.unknown"
        done = empty_printer(by(SARI), printer=PRINTER, witness=BUDI, waste=[second])
        assert done == {"printer": PRINTER, "attempts": [attempt.id]}
        assert whereis(second).place == f"{KEC}/spoiled"
        desk.work(2)
        assert attempts_on(PRINTER) == []
        books_and_tables_are_whole()


def test_a_card_in_hand_whose_job_the_printer_calls_completed_later_is_no_second_one(desk):
    with desk.at():
        desk.machine.faults.cut = PowerCut(Fate.FINISHED)
        desk.start(1)
        desk.work(15)
        desk.machine.power_on(desk.offices.clock.at)
        desk.work(3)
        attempt = desk.attempt()
        JobTrack.objects.filter(pk=attempt.id).update(job_state="processing")
        assert settle(attempt, "PRINTED") == {"attempt": attempt.id, "outcome": "PRINTED"}
        desk.work(20)
        assert open_alarms() == []


def test_a_printer_that_prints_a_settled_job_raises_an_alarm_and_is_held(desk):
    with desk.at():
        desk.machine.faults.cut = PowerCut(Fate.UNTOUCHED, resumes_after_seconds=600)
        desk.start(1)
        desk.work(15)
        desk.machine.power_on(desk.offices.clock.at)
        desk.work(3)
        attempt = desk.attempt()
        assert attempt.state is AttemptState.UNKNOWN
        assert settle(attempt, "SHELF") == {"attempt": attempt.id, "outcome": "SHELF"}
        assert "prm_1" in queued()
        # The officer lays the whole blank back into the hopper; the old job wakes and takes it.
        desk.machine.load([attempt.serial])
        desk.work(100)
        assert [key for key, _ in open_alarms()] == [f"late_print:{attempt.id}"]
        assert "printed after settlement" in open_alarms()[0][1]
        assert desk.attempt().state is AttemptState.SHELF
        assert cards_to_check() == [], "the late card is void at birth: nobody can hand it over"
        no = check_card(by(SARI), card="crd_1", result="READY")
        assert code(no) == "printing.not_printed_here"
        desk.start(1)
        desk.work(5)
        assert open_attempts() == [], "nothing is begun on a printer that goes its own way"
        assert [each.id for each in attempts_on(PRINTER)] == [attempt.id]
        desk.machine.empty()
        empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
        desk.work(2)
        assert attempts_on(PRINTER) == []


def test_a_job_taken_up_again_stops_the_run_that_is_on(desk):
    with desk.at():
        desk.machine.faults.cut = PowerCut(Fate.RUINED, resumes_after_seconds=300)
        desk.start(1)
        desk.work(15)
        desk.machine.power_on(desk.offices.clock.at)
        desk.work(3)
        assert code(settle(desk.attempt(), "SPOILED")) is None
        desk.machine.set_cover(is_open=True)
        desk.start(1)
        desk.work(2)
        assert run_on(PRINTER) is not None
        desk.work(40)
        assert run_on(PRINTER) is None
        assert code(why_waiting(PRINTER)) == "printing.printer_not_emptied"


def test_a_restart_is_noted_at_once(desk):
    with desk.at():
        desk.start(1)
        desk.feeds_by_hand = False
        desk.work(5)
        before = PrinterNow.objects.get().up_time_seconds
        desk.machine.power_off()
        desk.machine.power_on(desk.offices.clock.at)
        desk.tick(1)
        assert PrinterNow.objects.get().up_time_seconds < before


def test_a_recalled_permit_and_one_past_its_day_are_passed_over(desk):
    with desk.offices.at(DINAS):
        recall_permit(by(BUDI), permit="prm_1", why="VERSION_CHANGED")
    grant(desk.offices, 9, print_until="2017-09-06")
    desk.offices.post()
    with desk.at():
        desk.start(3)
        desk.work(90)
        assert desk.attempts(1) == []
        assert desk.attempts(9) == []
        assert [desk.attempt(number).state for number in (2, 3)] == [AttemptState.PRINTED] * 2
        assert "prm_1" not in desk.rendered
