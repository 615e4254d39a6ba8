"""The print agent at a real server beside a simulated printer: every way in which a card can go."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from ampera.devices.simulated.cards import Fate, PowerCut
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.journal.house import house
from ampera.journal.rebuild import compare_with_rebuild
from ampera.journal.second_log import secure
from ampera.printing.actions import (
    empty_printer,
    settle_attempt,
    start_run,
    step_printer,
    stop_run,
)
from ampera.printing.actions.sightings import held_up
from ampera.printing.ports import AnswerLost, Rejected, RejectedReason, Unreachable
from ampera.printing.queries import (
    cards_to_check,
    counters_today,
    open_attempts,
    run_on,
    unknown_attempts,
    why_waiting,
)
from ampera.printing.rules.attempts import AttemptState, Cause
from ampera.readiness.queries import open_permits
from ampera.words import OfficeCode, Refusal
from tests.stations.printing_desk import (
    BUDI,
    KEC,
    PRINTER,
    SARI,
    Desk,
    by,
    code,
    lone_dinas,
    place_of,
    serial,
)


class Crash(BaseException):
    """The server's power goes; nothing after this line is done."""


@pytest.fixture
def desk(offices):
    return Desk(offices)


def settle(attempt, outcome, *, witness=BUDI):
    return settle_attempt(by(SARI), attempt=attempt.id, outcome=outcome, witness=witness)


def queued():
    return [each.permit for each in open_permits(OfficeCode(KEC))]


def books_and_tables_are_whole():
    from ampera.blanko.queries import CHECKS as BLANKO
    from ampera.printing.queries import CHECKS as PRINTING

    complaints = [each for check in (*BLANKO, *PRINTING) for each in check()]
    return complaints == [] and compare_with_rebuild() == []


def test_a_card_is_opened_sent_and_printed(desk):
    with desk.at():
        desk.start(1)
        desk.tick()
        (attempt,) = open_attempts()
        assert desk.jobs() == [attempt.id]
        assert place_of(attempt.serial) == "reserved"
        desk.work()
        (printed,) = desk.attempts()
        assert (printed.state, printed.cause) == (AttemptState.PRINTED, Cause.COMPLETED)
        assert place_of(serial(1)) == "issued"
        assert desk.machine.physical().tray[0].serial == serial(1)
        assert [card.card for card in cards_to_check()] == ["crd_1"]
        assert code(why_waiting(PRINTER)) == "printing.run_is_off"
        assert "prm_1" not in queued()
        assert books_and_tables_are_whole()


def test_the_document_stands_in_the_entry_by_its_hash(desk):
    with desk.at():
        desk.start(1)
        desk.work()
        card = desk.machine.physical().tray[0]
        from ampera.journal.queries import entries_about

        ended = entries_about([desk.attempt().id])[-1]
        assert ended.facts["document"] == card.document_sha256


def test_a_run_prints_its_cards_one_after_the_other_and_stops(desk):
    with desk.at():
        desk.start(2)
        desk.work(100)
        assert [desk.attempt(number).state for number in (1, 2)] == [AttemptState.PRINTED] * 2
        assert run_on(PRINTER) is None
        assert queued() == ["prm_3"]
        assert counters_today().printed == 2
        assert len(set(desk.jobs())) == 2


def test_nothing_is_opened_while_printing_is_off(desk):
    with desk.at():
        desk.work(5)
        assert desk.jobs() == []
        assert code(why_waiting(PRINTER)) == "printing.run_is_off"
        desk.start(3)
        assert stop_run(by(), printer=PRINTER) == {"printer": PRINTER}
        desk.work(5)
        assert desk.jobs() == []
        assert code(stop_run(by(), printer=PRINTER)) == "printing.run_is_off"


def test_a_hopper_load_is_used_in_its_order(desk):
    with desk.at():
        desk.feeds_by_hand = False
        load = (serial(3), serial(1))
        desk.machine.load(load)
        desk.start(2, serials=load)
        desk.work(100)
        assert [desk.attempt(number).serial for number in (1, 2)] == list(load)
        tray = [card.serial for card in desk.machine.physical().tray]
        assert tray == list(load)


def test_the_entry_lies_on_the_second_medium_before_the_blank_is_fed(desk):
    with desk.at():
        desk.start(1)
        seen = []
        send = desk.printer.send

        def watching_send(*, job_name, document):
            seen.append(any(job_name in line for line in house().second_log.read()))
            return send(job_name=job_name, document=document)

        desk.printer.send = watching_send
        desk.tick()
        assert seen == [True]


def test_without_a_second_medium_no_card_is_fed(desk, monkeypatch):
    with desk.at():
        desk.start(1)
        secure()

        def broken(lines):
            raise OSError("the stick is gone")

        monkeypatch.setattr(house().second_log, "append", broken)
        desk.tick()
        assert desk.jobs() == []
        (attempt,) = desk.attempts()
        assert (attempt.state, attempt.cause) == (AttemptState.WITHDRAWN, Cause.NO_SECOND_LOG)
        assert place_of(attempt.serial) == "shelf"
        assert "prm_1" in queued()
        assert code(why_waiting(PRINTER)) == "printing.second_log_missing"
        desk.work(3)
        assert len(desk.attempts()) == 1, "no attempt after the other without the medium"
        monkeypatch.undo()
        desk.work()
        assert desk.attempt().state is AttemptState.PRINTED


def test_no_print_packet_no_print(desk):
    with desk.at():
        desk.render = lambda permit: (
            Refusal("printing.no_print_packet") if permit == "prm_1" else b"%PDF-"
        )
        desk.start(3)
        desk.work(120)
        assert desk.attempts(1) == []
        assert [desk.attempt(number).state for number in (2, 3)] == [AttemptState.PRINTED] * 2
        assert code(why_waiting(PRINTER)) == "printing.no_print_packet"


def test_an_empty_queue_and_an_empty_shelf_are_told(offices):
    nothing_ready = Desk(offices, permits=0)
    with nothing_ready.at():
        nothing_ready.start(1)
        nothing_ready.tick()
        assert code(why_waiting(PRINTER)) == "printing.queue_empty"


def test_an_empty_shelf_is_told(offices):
    no_blanks = Desk(offices, blanks=0)
    with no_blanks.at():
        no_blanks.start(1)
        no_blanks.tick()
        assert code(why_waiting(PRINTER)) == "printing.no_blanko"
        assert no_blanks.jobs() == []


def test_a_waiting_printer_names_the_blank_to_put_in(desk):
    with desk.at():
        desk.feeds_by_hand = False
        desk.start(1)
        desk.work(3)
        assert why_waiting(PRINTER) == Refusal(
            "printing.feed_blanko", printer=PRINTER, serial=serial(1)
        )
        desk.feeds_by_hand = True
        desk.work()
        assert desk.attempt().state is AttemptState.PRINTED


def test_an_open_cover_is_a_pause_and_not_a_failed_attempt(desk):
    with desk.at():
        desk.start(1)
        desk.work(3)
        desk.machine.set_cover(is_open=True)
        desk.work(60)
        assert desk.attempt().state is AttemptState.OPEN
        assert code(why_waiting(PRINTER)) == "printing.cover_open"
        desk.machine.set_cover(is_open=False)
        desk.work()
        assert desk.attempt().state is AttemptState.PRINTED


def test_an_unreachable_printer_gets_no_attempt(desk):
    with desk.at():
        desk.machine.power_off()
        desk.start(1)
        desk.work(3)
        assert desk.attempts() == []
        assert code(why_waiting(PRINTER)) == "printing.printer_unreachable"


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


def test_a_doubtful_clock_stops_printing(desk):
    with desk.at():
        desk.tick()
        desk.start(1)
        house().heard(desk.offices.clock.at + timedelta(minutes=10))
        desk.tick()
        assert desk.attempts() == []
        assert code(why_waiting(PRINTER)) == "server.clock_doubtful"


def test_an_idle_printer_is_looked_at_now_and_then_only(desk):
    with desk.at():
        looks = []
        look = desk.printer.look
        desk.printer.look = lambda: looks.append(1) or look()
        for _ in range(60):
            desk.tick(1)
        assert 1 <= len(looks) <= 3
        assert not step_printer(PRINTER, port=desk.printer, render=desk.render)


def test_a_silent_printer_leaves_the_attempt_open(desk):
    with desk.at():
        desk.start(1)
        desk.work(3)
        find = desk.printer.find

        def silent(_):
            raise AnswerLost("no answer")

        desk.printer.find = silent
        desk.work(100)
        assert desk.attempt().state is AttemptState.OPEN
        desk.printer.find = find
        desk.work(3)
        assert desk.attempt().state is AttemptState.PRINTED


def test_a_card_is_printed_on_either_database(django_database):
    lone_dinas(permits=1, blanks=1)
    printer = MemoryPrinter(now=house().now(), rng=Random(1))
    printer.machine.load([serial(1)])
    start_run(by(SARI), printer=PRINTER, cards=1, serials=[serial(1)])
    for _ in range(30):
        house().clock.move(timedelta(seconds=20))
        printer.tick(house().now())
        step_printer(PRINTER, port=printer, render=lambda _: b"%PDF-")
    assert [card.card for card in cards_to_check()] == ["crd_1"]
    assert counters_today().printed == 1
    assert why_waiting(PRINTER) == Refusal("printing.run_is_off", printer=PRINTER)
