"""The print agent at a real server beside a simulated printer: every way in which a card can go."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from ampera.devices.simulated.memory import MemoryPrinter
from ampera.journal.house import house
from ampera.journal.marks import note_clock
from ampera.journal.second_log import secure
from ampera.printing.actions import (
    start_run,
    step_printer,
    stop_run,
)
from ampera.printing.ports import AnswerLost
from ampera.printing.queries import (
    cards_to_check,
    counters_today,
    open_attempts,
    run_on,
    why_waiting,
)
from ampera.printing.rules.attempts import AttemptState, Cause
from ampera.words import Refusal
from tests.stations.blanko_days import close
from tests.stations.printing_desk import (
    KEC,
    PRINTER,
    SARI,
    Desk,
    books_and_tables_are_whole,
    by,
    code,
    lone_dinas,
    place_of,
    queued,
    serial,
)


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


def test_a_doubtful_clock_stops_printing(desk):
    with desk.at():
        desk.tick()
        desk.start(1)
        house().heard(desk.offices.clock.at + timedelta(minutes=10))
        desk.tick()
        assert desk.attempts() == []
        assert code(why_waiting(PRINTER)) == "server.clock_doubtful"


def test_a_clock_that_runs_ahead_stops_printing_and_closes_no_day(desk):
    with desk.at():
        desk.tick()
        desk.start(1)
        now = desk.offices.clock.at
        note_clock(asked_at=now, said_at=now - timedelta(minutes=3))
        desk.tick()
        assert desk.attempts() == []
        assert code(why_waiting(PRINTER)) == "server.clock_doubtful"
        assert code(close(KEC)) == "server.clock_doubtful"
        note_clock(asked_at=now, said_at=now)
        desk.work(3)
        assert len(desk.attempts()) == 1


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
