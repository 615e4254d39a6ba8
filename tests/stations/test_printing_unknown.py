"""Answers that were lost and jams: nothing is fed again before somebody knows what became of it."""

from __future__ import annotations

import pytest

from ampera.devices.simulated.cards import Fate, PowerCut
from ampera.printing.actions import (
    empty_printer,
)
from ampera.printing.actions.sightings import held_up
from ampera.printing.ports import Rejected, RejectedReason, Unreachable
from ampera.printing.queries import (
    cards_to_check,
    counters_today,
    open_attempts,
    run_on,
    unknown_attempts,
    why_waiting,
)
from ampera.printing.rules.attempts import AttemptState, Cause
from tests.stations.printing_desk import (
    BUDI,
    PRINTER,
    SARI,
    books_and_tables_are_whole,
    by,
    code,
    place_of,
    queued,
    serial,
    settle,
)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (Unreachable("no route"), Cause.UNREACHABLE),
        (Rejected(RejectedReason.BUSY), Cause.REJECTED),
        (Rejected(RejectedReason.DOCUMENT), Cause.REJECTED),
    ],
)
def test_a_job_that_was_certainly_not_taken_gives_blank_and_permit_back(desk, error, cause):
    with desk.at():
        desk.start(1)
        send = desk.printer.send

        def failing_send(**_):
            raise error

        desk.printer.send = failing_send
        desk.tick()
        (attempt,) = desk.attempts()
        assert (attempt.state, attempt.cause) == (AttemptState.WITHDRAWN, cause)
        assert place_of(attempt.serial) == "shelf"
        assert "prm_1" in queued()
        desk.tick()
        assert open_attempts() == [], "a printer that said no is not asked again at once"
        is_document = getattr(error, "reason", None) is RejectedReason.DOCUMENT
        told = [no.code for no in held_up().values()]
        assert told == (["printing.document_refused"] if is_document else [])
        desk.printer.send = send
        desk.work(60)
        # The same document would be refused again: another card goes first.
        assert desk.attempt(2 if is_document else 1).state is AttemptState.PRINTED
        assert books_and_tables_are_whole()


def test_after_a_lost_answer_only_the_printers_list_tells(desk):
    with desk.at():
        desk.machine.faults.lose_answer = True
        desk.start(1)
        desk.tick()
        assert desk.attempt().state is AttemptState.OPEN
        desk.work()
        assert desk.attempt().state is AttemptState.PRINTED
        assert len(desk.jobs()) == 1, "Print-Job is sent once"


def test_a_request_that_never_arrived_becomes_unknown_and_is_not_sent_again(desk):
    with desk.at():
        desk.machine.faults.lose_request = True
        desk.start(1)
        desk.work(20)
        assert desk.attempt().state is AttemptState.OPEN
        desk.work(80)
        attempt = desk.attempt()
        assert (attempt.state, attempt.cause) == (AttemptState.UNKNOWN, Cause.ANSWER_LOST)
        assert desk.jobs() == []
        assert place_of(attempt.serial) == "reserved"
        assert code(why_waiting(PRINTER)) == "printing.attempt_unknown"
        # The printer was never seen to end it, so nothing goes back before it is emptied.
        assert code(settle(attempt, "SHELF")) == "printing.job_may_still_print"
        desk.machine.empty()
        emptied = empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
        assert emptied == {"printer": PRINTER, "attempts": [attempt.id]}
        assert settle(attempt, "SHELF") == {"attempt": attempt.id, "outcome": "SHELF"}
        assert place_of(attempt.serial) == "shelf"
        desk.start(1)
        desk.work()
        assert desk.attempt().state is AttemptState.PRINTED
        assert books_and_tables_are_whole()


def test_a_jam_leaves_the_blank_to_two_pairs_of_eyes(desk):
    with desk.at():
        desk.machine.faults.jam = True
        desk.start(2)
        desk.work(20)
        attempt = desk.attempt()
        assert (attempt.state, attempt.cause) == (AttemptState.UNKNOWN, Cause.ABORTED)
        assert place_of(attempt.serial) == "reserved"
        assert "prm_1" not in queued()
        assert run_on(PRINTER) is None, "nobody prints on until eyes have looked"
        desk.machine.clear_jam()
        assert code(settle(attempt, "SPOILED", witness=SARI)) == "officer.same_person"
        assert settle(attempt, "SPOILED") == {"attempt": attempt.id, "outcome": "SPOILED"}
        assert place_of(attempt.serial) == "spoiled"
        assert code(settle(attempt, "PRINTED")) == "printing.not_unknown"
        desk.start(1)
        desk.work()
        again = desk.attempt()
        assert again.state is AttemptState.PRINTED
        assert again.serial == serial(2)
        assert counters_today().spoiled == 1
        assert books_and_tables_are_whole()


def test_a_blank_that_nobody_can_show_goes_to_dispute_and_its_permit_is_spent(desk):
    with desk.at():
        desk.machine.faults.jam = True
        desk.start(1)
        desk.work(20)
        attempt = desk.attempt()
        assert settle(attempt, "DISPUTE") == {"attempt": attempt.id, "outcome": "DISPUTE"}
        assert place_of(attempt.serial) == "dispute"
        assert "prm_1" not in queued()
        assert cards_to_check() == []


def test_a_card_found_finished_in_the_tray_is_printed_by_settlement(desk):
    with desk.at():
        desk.machine.faults.cut = PowerCut(Fate.FINISHED)
        desk.start(1)
        desk.work(15)
        desk.machine.power_on(desk.offices.clock.at)
        desk.work(3)
        attempt = desk.attempt()
        assert attempt.state is AttemptState.UNKNOWN
        assert settle(attempt, "PRINTED") == {"attempt": attempt.id, "outcome": "PRINTED"}
        assert place_of(attempt.serial) == "issued"
        assert [card.card for card in cards_to_check()] == ["crd_1"]


def test_emptying_a_printer_purges_its_jobs_before_anything_else_is_sent(desk):
    with desk.at():
        desk.start(1)
        desk.work(5)
        attempt = desk.attempt()
        desk.machine.empty()
        assert code(empty_printer(by(SARI), printer=PRINTER, witness=SARI)) == (
            "officer.same_person"
        )
        assert desk.jobs() == [attempt.id]
        empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
        assert run_on(PRINTER) is None
        desk.work(3)
        assert desk.jobs() == []
        assert [each.id for each in unknown_attempts()] == [attempt.id]
        assert settle(attempt, "SPOILED") == {"attempt": attempt.id, "outcome": "SPOILED"}


def test_a_printer_that_is_off_is_purged_when_it_comes_back(desk):
    with desk.at():
        desk.tick()
        desk.machine.power_off()
        empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
        desk.start(1)
        desk.work(5)
        assert code(why_waiting(PRINTER)) == "printing.printer_to_purge"
        desk.machine.power_on(desk.offices.clock.at)
        desk.work()
        assert desk.attempt().state is AttemptState.PRINTED


def test_nothing_is_begun_when_officers_empty_the_printer_while_it_is_asked(desk):
    with desk.at():
        desk.start(1)
        look = desk.printer.look

        def look_while_two_officers_come():
            desk.printer.look = look
            seen = look()
            empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
            return seen

        desk.printer.look = look_while_two_officers_come
        desk.tick()
        assert desk.attempts() == []
