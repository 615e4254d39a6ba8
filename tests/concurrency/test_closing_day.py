"""A day is closed while a card is printed: the blanko is in the balance or in the attempt, never in
both."""

from __future__ import annotations

from ampera.blanko import actions, queries
from ampera.blanko.actions import days
from ampera.blanko.rules import DayCount
from ampera.journal.actions import Command, perform
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race

KECAMATAN = "16.71.02"
SERIALS = ("SPC00000001", "SPC00000002")


def open_with(*serials: str) -> None:
    opened = actions.open_books(
        Command("cmd_open", "off_a"), boxes=[], serials=serials, witness="off_b"
    )
    assert isinstance(opened, dict), opened


def close_it():
    counted = DayCount(whole=SERIALS)
    return actions.close_day(Command("cmd_close", "off_a"), counted=counted, witness="off_b")


def print_one(was_read: Meeting, is_printed: Meeting):
    """The print's own command runs to its end while the other one holds what it has read."""

    def run():
        was_read.wait()

        def work(pen):
            answer = actions.reserve_next_in(pen, attempt="att_1")
            return answer if isinstance(answer, Refusal) else {"serial": answer}

        answer = perform(Command("cmd_print", "off_c"), work, content={})
        is_printed.wait()
        return answer

    return run


def closed_against_a_print(monkeypatch) -> list[object]:
    """The closing reads everything, then the print is made, then the closing writes."""
    was_read, is_printed = Meeting(), Meeting()
    monkeypatch.setattr(days, "in_hand", is_printed.after(was_read.after(days.in_hand)))
    return race(close_it, print_one(was_read, is_printed))


def test_a_print_between_count_and_closing_is_seen(postgres_database, monkeypatch) -> None:
    with acting_as(KECAMATAN):
        open_with(*SERIALS)
        closed, printed = closed_against_a_print(monkeypatch)
        assert printed == {"serial": SERIALS[0]}
        assert closed == Refusal("blanko.day_attempt_open", serial=SERIALS[0], count=1)
        assert queries.closed_days(KECAMATAN) == []
        assert [each for check in queries.CHECKS for each in check()] == []
        assert compare_with_rebuild() == []


def test_control_without_the_second_look_the_day_closes_over_an_attempt(
    postgres_database, monkeypatch
) -> None:
    with acting_as(KECAMATAN):
        open_with(*SERIALS)
        monkeypatch.setattr(days, "_check_nothing_came_between", lambda *_: None)
        closed, printed = closed_against_a_print(monkeypatch)
        assert printed == {"serial": SERIALS[0]}
        assert isinstance(closed, dict)
        assert closed["closing"] == 2, "counted on the shelf, and in the printer"
        assert queries.shelf_count(KECAMATAN) == 1


def test_two_windows_close_a_day_once(postgres_database, monkeypatch) -> None:
    with acting_as(KECAMATAN):
        open_with(*SERIALS)
        monkeypatch.setattr(days, "in_hand", Meeting().after(days.in_hand))

        def close_by(window: int):
            counted = DayCount(whole=SERIALS)
            return lambda: actions.close_day(
                Command(f"cmd_{window}", "off_a"), counted=counted, witness="off_b"
            )

        said = race(close_by(1), close_by(2))
        assert sum(isinstance(each, dict) for each in said) == 1
        assert Refusal("blanko.day_closed", day="2017-09-07") in said
        assert len(queries.closed_days(KECAMATAN)) == 1
