"""The blank is read inside the printer before anything is printed: each thing it can say."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from ampera.devices.chip.simulated import uid_of_blank
from ampera.devices.simulated.cards import Fate
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.printing.actions import (
    bind_chip,
    empty_printer,
    settle_attempt,
    start_run,
    step_printer,
)
from ampera.printing.queries import (
    cards_to_check,
    chips_of_blank,
    open_attempts,
    run_on,
    why_waiting,
)
from ampera.printing.rules.attempts import AttemptState, Cause
from ampera.words import Refusal
from tests.stations.chip_desk import chip_alarms
from tests.stations.printing_desk import (
    BUDI,
    PRINTER,
    SARI,
    books_and_tables_are_whole,
    by,
    code,
    lone_dinas,
    place_of,
    serial,
    settle,
)
from tests.stations.stage_desk import WITH_READER, StageDesk, bound


@pytest.fixture
def desk(offices):
    return StageDesk(offices)


def listed(desk, *numbers):
    """The chips of these blanks are known before: the supplier's list, or an earlier look."""
    for number in numbers:
        desk.reader.put(serial(number))
        bind_chip(by(), serial=serial(number), encoder=desk.encoder)


def test_a_new_blank_is_read_bound_and_printed_on(desk):
    with desk.at():
        desk.load(1, 2)
        desk.begin(1, 2)
        desk.tick()
        assert bound() == [(serial(1), uid_of_blank(serial(1)))]
        assert desk.machine.physical().inside == serial(1)
        desk.work(60)
        assert [each[0] for each in desk.finished()] == [serial(1), serial(2)]
        assert [each[0] for each in bound()] == [serial(1), serial(2)]
        assert books_and_tables_are_whole()


def test_a_blank_whose_chip_is_known_is_printed_on_and_told_no_second_time(desk):
    with desk.at():
        listed(desk, 1)
        desk.load(1)
        desk.begin(1)
        desk.work()
        assert desk.attempt(1).state is AttemptState.PRINTED
        assert len(bound()) == 1


def test_the_pair_lies_on_the_second_medium_before_anything_is_printed(desk):
    with desk.at():
        desk.load(1)
        desk.begin(1)
        seen = []
        send = desk.printer.send

        def watching_send(*, job_name, document):
            uid = uid_of_blank(serial(1))
            seen.append(any(uid in line for line in house().second_log.read()))
            return send(job_name=job_name, document=document)

        desk.printer.send = watching_send
        desk.tick()
        assert seen == [True]


def test_no_blank_moves_before_its_attempt_lies_on_the_second_medium(desk):
    with desk.at():
        desk.load(1)
        desk.begin(1)
        seen = []
        present = desk.printer.present

        def watching_present():
            (attempt,) = open_attempts()
            seen.append(any(attempt.id in line for line in house().second_log.read()))
            return present()

        desk.printer.present = watching_present
        desk.tick()
        assert seen == [True]


def test_a_blank_in_another_place_of_the_hopper_is_not_printed_on(desk):
    with desk.at():
        listed(desk, 1, 2)
        desk.load(2, 1)
        desk.begin(1, 2)
        desk.work(3)
        attempt = desk.attempt(1)
        assert (attempt.state, attempt.cause) == (AttemptState.UNKNOWN, Cause.WRONG_CHIP)
        assert desk.jobs() == []
        assert run_on(PRINTER) is None
        assert code(why_waiting(PRINTER)) == "printing.attempt_unknown"
        (alarm,) = chip_alarms()
        assert "printing.chip_of_other_blank" in alarm
        assert [each.serial for each in desk.machine.physical().ruined] == [serial(2)]
        assert settle(attempt, "SHELF")["outcome"] == "SHELF"
        assert desk.plastic() == {"shelf": 5}
        assert books_and_tables_are_whole()


def test_a_swapped_blank_that_nobody_saw_before_is_not_printed_on_either(desk):
    with desk.at():
        listed(desk, 1)
        desk.load(4)
        desk.begin(1)
        desk.work(3)
        assert desk.attempt(1).cause == Cause.WRONG_CHIP
        assert desk.jobs() == []
        assert bound() == [(serial(1), uid_of_blank(serial(1)))]


def test_a_dead_chip_costs_no_ribbon_and_goes_to_the_spoils_after_two_have_seen_it(desk):
    with desk.at():
        desk.reader.spoil(serial(1), is_dead=True)
        desk.load(1, 2)
        desk.begin(1, 2)
        desk.work(3)
        attempt = desk.attempt(1)
        assert (attempt.state, attempt.cause) == (AttemptState.UNKNOWN, Cause.NO_CHIP)
        assert desk.machine.cards_since_cleaning == 0
        assert (desk.jobs(), desk.machine.staged) == ([], ())
        assert [each.serial for each in desk.machine.physical().ruined] == [serial(1)]
        assert code(settle(attempt, "PRINTED")) == "printing.was_not_sent"
        told = {"attempt": attempt.id, "outcome": "SPOILED", "cause": "no_chip"}
        assert code(settle_attempt(by(SARI), witness=SARI, **told)) == "officer.same_person"
        assert settle_attempt(by(SARI), witness=BUDI, **told)["outcome"] == "SPOILED"
        assert place_of(serial(1)) == "spoiled"
        desk.begin(2)
        desk.work()
        assert desk.attempt(1).state is AttemptState.PRINTED
        assert desk.plastic() == {"issued": 1, "shelf": 3, "spoiled": 1}
        assert books_and_tables_are_whole()


@pytest.mark.parametrize("second", [Fate.UNTOUCHED, Fate.RUINED])
def test_a_double_feed_is_seen_at_the_first_card(desk, second):
    with desk.at():
        desk.machine.faults.second = second
        desk.load(1, 2, 3)
        desk.begin(1, 2, 3)
        desk.work(3)
        attempt = desk.attempt(1)
        assert (attempt.state, attempt.cause) == (AttemptState.UNKNOWN, Cause.DOUBLE_FEED)
        assert desk.jobs() == []
        assert bound() == []
        physical = desk.machine.physical()
        assert [each.serial for each in physical.ruined] == [serial(1), serial(2)]
        assert physical.hopper == (serial(3),)
        assert [key for key, _ in open_alarms()] == [f"double_feed:{attempt.id}"]
        assert run_on(PRINTER) is None
        settle(attempt, "SHELF")
        assert desk.plastic() == {"shelf": 5}


def test_an_empty_hopper_names_the_blank_and_goes_on_when_it_is_there(desk):
    with desk.at():
        desk.start(1)
        desk.work(3)
        wanted = Refusal("printing.feed_blanko", printer=PRINTER, serial=serial(1))
        assert why_waiting(PRINTER) == wanted
        assert desk.attempt(1).state is AttemptState.OPEN
        desk.load(1)
        desk.work()
        assert desk.attempt(1).state is AttemptState.PRINTED
        assert len(desk.attempts(1)) == 1


def test_an_officer_may_give_up_a_blank_that_is_not_fed(desk):
    from ampera.printing.actions import end_attempt

    with desk.at():
        desk.start(1)
        desk.work(3)
        end_attempt(by(), attempt=desk.attempt(1).id, outcome="UNKNOWN")
        assert code(settle(desk.attempt(1), "SHELF")) == "printing.job_may_still_print"
        desk.machine.empty()
        empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
        desk.work(2)
        assert settle(desk.attempt(1), "SHELF")["outcome"] == "SHELF"
        assert not desk.machine.is_starved


def test_a_printer_that_was_emptied_while_it_waited_for_a_blank_is_looked_into(desk):
    with desk.at():
        desk.start(1)
        desk.work(3)
        desk.machine.empty()
        empty_printer(by(SARI), printer=PRINTER, witness=BUDI)
        desk.work(3)
        assert desk.attempt(1).state is AttemptState.UNKNOWN
        assert settle(desk.attempt(1), "SHELF")["outcome"] == "SHELF"


def test_a_lost_answer_is_asked_again_and_the_same_blank_answers(desk):
    with desk.at():
        desk.machine.faults.lose_sight = True
        desk.load(1, 2)
        desk.begin(1, 2)
        desk.tick()
        assert desk.attempt(1).state is AttemptState.OPEN
        assert desk.machine.staged == (serial(1),)
        desk.work()
        assert desk.finished()[0] == (serial(1), desk.attempt(1).id)


def test_a_misfeed_is_a_pause(desk):
    with desk.at():
        desk.machine.faults.misfeed = True
        desk.load(1)
        desk.begin(1)
        desk.tick()
        assert code(why_waiting(PRINTER)) == "printing.not_fed_yet"
        desk.work(3)
        assert desk.attempt(1).state is AttemptState.OPEN
        desk.machine.set_stack_right()
        desk.work()
        assert desk.attempt(1).state is AttemptState.PRINTED


def test_a_power_cut_leaves_the_blank_at_the_reader_and_the_attempt_goes_on(desk):
    with desk.at():
        desk.machine.faults.lose_sight = True
        desk.load(1)
        desk.begin(1)
        desk.tick()
        desk.machine.power_off()
        desk.work(3)
        assert code(why_waiting(PRINTER)) == "printing.printer_unreachable"
        desk.machine.power_on(desk.offices.clock.at)
        assert desk.machine.staged == (serial(1),)
        desk.work()
        assert desk.attempt(1).state is AttemptState.PRINTED
        assert len(desk.attempts(1)) == 1


def silence(desk):
    """The reader inside says nothing any more."""
    present = desk.machine.present

    def silent():
        desk.machine.faults.reader_silent = True
        return present()

    desk.machine.present = silent


def test_a_silent_reader_is_waited_for(desk):
    with desk.at():
        desk.machine.faults.reader_silent = True
        desk.load(1)
        desk.begin(1)
        desk.tick()
        assert code(why_waiting(PRINTER)) == "printing.reader_silent"
        desk.work()
        assert desk.attempt(1).state is AttemptState.PRINTED


def test_with_a_dead_reader_a_hopper_is_not_printed_from(desk):
    with desk.at():
        silence(desk)
        desk.load(1, 2)
        desk.begin(1, 2)
        desk.work(40)
        attempt = desk.attempt(1)
        assert (attempt.state, attempt.cause) == (AttemptState.UNKNOWN, Cause.UNREAD)
        assert desk.jobs() == []
        assert settle(attempt, "SHELF")["outcome"] == "SHELF"


def test_with_a_dead_reader_a_blank_fed_by_hand_is_not_printed_on_either(desk):
    """A hand had taken the blank beside the right one while the reader was silent: the card came
    out on it, the books had it on the other, and no check could ever find it."""
    with desk.at():
        silence(desk)
        desk.start(1)
        desk.load(2)
        desk.work(60)
        attempt = desk.attempt(1)
        assert (attempt.state, attempt.cause) == (AttemptState.UNKNOWN, Cause.UNREAD)
        assert desk.jobs() == []
        assert run_on(PRINTER) is None
        assert settle(attempt, "SHELF")["outcome"] == "SHELF"
        assert bound() == []


def test_a_rebuild_and_the_books_agree_after_all_of_it(desk):
    with desk.at():
        desk.reader.spoil(serial(1), is_dead=True)
        desk.load(1, 2, 3)
        desk.begin(1, 2, 3)
        desk.work(3)
        settle_attempt(
            by(SARI), attempt=desk.attempt(1).id, outcome="SPOILED", cause="no_chip", witness=BUDI
        )
        desk.begin(2, 3)
        desk.work(80)
        assert desk.plastic() == {"issued": 2, "shelf": 2, "spoiled": 1}
        assert books_and_tables_are_whole()


def test_a_blank_is_read_and_printed_on_with_either_database(django_database):
    lone_dinas(permits=1, blanks=1)
    printer = MemoryPrinter(now=house().now(), rng=Random(1), model=WITH_READER)
    printer.machine.load([serial(1)])
    start_run(by(SARI), printer=PRINTER, cards=1, serials=[serial(1)])
    for _ in range(30):
        house().clock.move(timedelta(seconds=20))
        printer.tick(house().now())
        step_printer(PRINTER, port=printer, render=lambda _: b"%PDF-")
    assert [card.card for card in cards_to_check()] == ["crd_1"]
    assert chips_of_blank(serial(1)) == [uid_of_blank(serial(1))]


def test_a_printer_is_not_asked_for_a_job_that_was_never_sent(desk):
    with desk.at():
        desk.reader.spoil(serial(1), is_dead=True)
        desk.load(1, 2)
        desk.begin(1, 2)
        desk.work(3)
        settle_attempt(
            by(SARI), attempt=desk.attempt(1).id, outcome="SPOILED", cause="no_chip", witness=BUDI
        )
        asked = []
        find = desk.printer.find
        desk.printer.find = lambda name: asked.append(name) or find(name)
        desk.begin(2)
        desk.work(40)
        assert desk.attempts(1)[0].id not in asked
        assert desk.attempt(1).state is AttemptState.PRINTED
