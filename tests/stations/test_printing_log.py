"""A printer's log: stops as the agent measured them, ribbons and repairs, and permits that go back
from an office that cannot print."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.journal.house import house
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.printing.actions import (
    change_supply,
    grant_lots,
    note_repair,
    return_while_down,
    step_printer,
)
from ampera.printing.actions.stops import tell_down, tell_up
from ampera.printing.models import Attempt, PrinterNow, PrinterPace
from ampera.printing.queries import (
    is_office_down_now,
    open_stop,
    open_stops,
    printer_names,
    printer_today,
    stops_between,
    supplies_of,
)
from ampera.printing.rules.stops import StopCause, Upkeep
from ampera.readiness.actions import return_open_permits
from ampera.readiness.models import PermitHold
from ampera.readiness.queries import open_permit_count
from ampera.words import OfficeCode
from tests.houses import START
from tests.interleavings import assert_order_free
from tests.stations.printing_desk import (
    BUDI,
    KEC,
    PRINTER,
    Desk,
    books_and_tables_are_whole,
    by,
    code,
    count_in,
    queued,
    settle,
)
from tests.stations.readiness_line import DINAS, Line


def told(printer: str = PRINTER) -> list[str]:
    return [each.kind for each in entries_about([f"{KEC}:{printer}"])]


def test_today_is_told_against_what_was_possible_and_with_its_stops(desk):
    with desk.at():
        desk.start(1)
        desk.work(60)
        desk.machine.faults.jam = True
        desk.start(1)
        desk.work(60)
        today = printer_today(PRINTER)
        assert today is not None
        assert today.cards == 1
        assert today.cards <= today.possible <= today.possible_all_day == 160
        (jam,) = today.standstills
        assert (jam.cause, jam.times) == (StopCause.JAM, 1)
        assert jam.long > timedelta(minutes=5)


def test_a_jam_that_lasts_is_one_entry_and_its_end_another(desk):
    with desk.at():
        desk.machine.faults.jam = True
        desk.start(1)
        desk.work(60)
        stop = open_stop(PRINTER)
        assert stop is not None
        assert stop.cause is StopCause.JAM
        assert told() == ["printer.down/1"], "one entry a stop, however often it is looked at"
        desk.machine.clear_jam()
        desk.work(5)
        assert open_stop(PRINTER) is None
        assert told() == ["printer.down/1", "printer.up/1"]
        (ended,) = stops_between(OfficeCode(KEC), since=START, until=house().now())
        assert ended.until is not None
        assert timedelta(minutes=5) < ended.until - ended.since < timedelta(minutes=20)
        assert books_and_tables_are_whole()


def test_a_short_hindrance_is_no_stop(desk):
    with desk.at():
        desk.start(1)
        desk.work(3)
        desk.machine.set_cover(is_open=True)
        desk.work(12)
        desk.machine.set_cover(is_open=False)
        desk.work(5)
        assert told() == []


def test_a_printer_that_is_switched_off_at_night_is_not_down(desk):
    with desk.at():
        desk.tick()
        desk.offices.clock.move(timedelta(hours=9))
        desk.machine.power_off()
        desk.work(100)
        assert told() == []
        desk.offices.clock.move(timedelta(hours=15))
        desk.work(40)
        assert open_stop(PRINTER).cause is StopCause.POWER, "and in the morning it is"


def test_a_doubtful_clock_writes_no_times(desk):
    with desk.at():
        desk.machine.power_off()
        desk.tick()
        house().heard(desk.offices.clock.at + timedelta(minutes=60))
        desk.work(20)
        assert told() == []


def test_the_yield_of_a_ribbon_is_counted_from_change_to_change(desk):
    with desk.at():
        desk.tick()
        first = change_supply(by(), printer=PRINTER, supply="RIBBON")
        assert first["cards"] == -1, "nobody knows what the ribbon before had printed"
        desk.start(2)
        desk.work(100)
        PrinterPace.objects.filter(pk=PRINTER).update(used_up=["RIBBON"])
        assert change_supply(by(), printer=PRINTER, supply="RIBBON")["cards"] == 2
        ribbon = next(each for each in supplies_of(PRINTER) if each.what is Upkeep.RIBBON)
        assert (ribbon.piece.cards, ribbon.piece.is_measured, ribbon.used) == (2, True, 0)
        assert ribbon.lasting.runs_out is not None
        film = next(each for each in supplies_of(PRINTER) if each.what is Upkeep.FILM)
        assert (film.piece.is_measured, film.used) == (False, 2)
        assert books_and_tables_are_whole()


def test_a_ribbon_that_the_printer_tells_to_be_empty_was_used_up(desk):
    with desk.at():
        desk.tick()
        PrinterNow.objects.filter(pk=PRINTER).update(
            may_print=False, reasons=["marker-supply-empty"], supplies={"ink-ribbon": 0}
        )
        from ampera.printing.actions.stops import watch_stop

        now = PrinterNow.objects.get(pk=PRINTER)
        watch_stop(PrinterPace.objects.get(pk=PRINTER), now=now, is_busy=True)
        assert PrinterPace.objects.get(pk=PRINTER).used_up == ["RIBBON"]
        change_supply(by(), printer=PRINTER, supply="RIBBON")
        assert PrinterPace.objects.get(pk=PRINTER).used_up == []
        assert entries_about([f"{KEC}:{PRINTER}"])[-1].facts["was_empty"] is True


def test_a_printer_that_was_taken_away_is_down_until_it_is_back(desk):
    with desk.at():
        desk.tick()
        assert "what" in note_repair(by(), printer=PRINTER, what="SENT_AWAY")
        assert open_stop(PRINTER).cause is StopCause.REPAIR
        desk.work(5)
        assert open_stop(PRINTER) is not None, "its plug is still in, but it is as good as gone"
        assert code(note_repair(by(), printer=PRINTER, what="SENT_AWAY")) == "printing.printer_away"
        note_repair(by(), printer=PRINTER, what="RETURNED")
        desk.work(5)
        assert open_stop(PRINTER) is None
        no = note_repair(by(), printer=PRINTER, what="RETURNED")
        assert code(no) == "printing.printer_not_away"


def test_nothing_is_noted_of_a_printer_that_nobody_knows(desk):
    with desk.at():
        no = change_supply(by(), printer="p9", supply="FILM")
        assert code(no) == "printing.printer_unknown"
        assert code(note_repair(by(), printer="p9", what="PART")) == "printing.printer_unknown"


def test_a_retired_printer_is_none_of_the_offices_any_more(desk):
    with desk.at():
        desk.start(1)
        desk.work(40)
        tell_down(PRINTER, cause=StopCause.JAM, since=house().now())
        assert is_office_down_now(OfficeCode(KEC))
        note_repair(by(), printer=PRINTER, what="RETIRED")
        assert printer_names(OfficeCode(KEC)) == frozenset()
        assert not is_office_down_now(OfficeCode(KEC))


def test_an_office_without_a_printer_for_two_working_days_gives_its_permits_back(desk):
    with desk.at():
        desk.tick()
        tell_down(PRINTER, cause=StopCause.JAM, since=house().now())
        assert return_while_down() == 0
        desk.offices.clock.move(timedelta(days=1))
        assert return_while_down() == 0
        desk.offices.clock.move(timedelta(days=3, hours=1))
        assert return_while_down() == 3
        assert queued() == []
        assert return_while_down() == 0
        (entry,) = entries_about(["prm_1"])[-1:]
        assert (entry.kind, entry.facts["why"]) == ("permit.returned/1", "PRINTER_DOWN")
        assert books_and_tables_are_whole()
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert open_permit_count(OfficeCode(KEC)) == 0
        assert books_and_tables_are_whole()


def test_a_permit_in_an_attempt_stays_when_the_others_go_back(desk):
    with desk.at():
        desk.start(1)
        desk.tick()
        assert return_open_permits(why="PRINTER_DOWN") == 2
        assert PermitHold.objects.get(pk="prm_1").attempt.startswith("att_")
        from ampera.readiness.actions import return_permit

        assert code(return_permit("prm_1", why="PRINTER_DOWN")) == "readiness.permit_held"
        desk.work()
        assert desk.attempt().ended == "PRINTED"


def test_a_quarantined_office_gives_nothing_back_by_itself(desk):
    with desk.at():
        desk.tick()
        tell_down(PRINTER, cause=StopCause.JAM, since=house().now() - timedelta(days=9))
        quarantine("restored")
        assert return_while_down() == 0


def test_the_dinas_grants_nothing_to_an_office_whose_only_printer_is_down(offices):
    line = Line(offices)
    line.describe(KEC, date(2017, 9, 1))
    line.ready("res_1", home=KEC)
    with line.at(KEC):
        count_in(3)
        stop = tell_down(PRINTER, cause=StopCause.JAM, since=house().now())["stop"]
    line.post()
    with line.at(DINAS):
        assert [each.id for each in open_stops()] == [stop]
        assert grant_lots() == 0
    with line.at(KEC):
        offices.clock.move(timedelta(hours=1))
        tell_up(open_stop(PRINTER))
    line.post()
    with line.at(DINAS):
        assert open_stops() == []
        assert grant_lots() == 1


def test_the_log_is_the_same_in_any_order(offices):
    desk = Desk(offices)
    with desk.at():
        desk.tick()
        for hours in (1, 2):
            stop = tell_down(PRINTER, cause=StopCause.HEAT, since=house().now())
            assert "stop" in stop
            desk.offices.clock.move(timedelta(hours=hours))
            tell_up(open_stop(PRINTER))
        change_supply(by(), printer=PRINTER, supply="CLEANING")
        note_repair(by(), printer=PRINTER, what="PART")
    offices.post()
    assert_order_free(offices, KEC)
    assert_order_free(offices, DINAS)


@pytest.mark.parametrize("outcome", ["SPOILED", "SHELF"])
def test_only_a_blank_that_was_fed_takes_ribbon(desk, outcome):
    with desk.at():
        desk.machine.faults.jam = True
        desk.start(1)
        desk.work(60)
        desk.machine.clear_jam()
        desk.work(3)
        settle(desk.attempt(), outcome, witness=BUDI)
        ribbon = supplies_of(PRINTER)[0]
        assert ribbon.used == (1 if outcome == "SPOILED" else 0)
        assert Attempt.objects.count() == 1


def test_a_look_at_a_printer_that_changed_nothing_writes_nothing(desk):
    with desk.at():
        desk.work(3)
        before = PrinterPace.objects.get(pk=PRINTER)
        desk.offices.clock.move(timedelta(seconds=40))
        step_printer(PRINTER, port=desk.printer, render=desk.render)
        assert PrinterPace.objects.get(pk=PRINTER).belief == before.belief
