"""A day of the books is counted blind by two officers and closed; a closed day stays closed."""

from __future__ import annotations

from datetime import date

import pytest

from ampera.blanko import actions, queries
from ampera.blanko.models import DayClosed, Item, Move
from ampera.blanko.rules import Box, DayCount
from ampera.journal.queries import entries_about
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import Refusal
from tests.interleavings import assert_order_free
from tests.stations.blanko_days import (
    DINAS,
    KEC,
    OTHER,
    SERIALS,
    assert_books_are_whole,
    attempted,
    by,
    close,
    inside,
    next_day,
    opened,
    what_lies_here,
)

TODAY = date(2017, 9, 7)


def test_a_day_closes_with_what_was_counted(offices):
    with offices.at(KEC):
        opened(*SERIALS, boxes=[Box("BOX-1", "SPC00000101", 10)])
        attempted(SERIALS[0])
        attempted(SERIALS[1], end="spoiled")
        answer = close(KEC)
        assert (answer["day"], answer["closing"], answer["missing"]) == ("2017-09-07", 14, [])
        day = queries.closed_day(KEC, TODAY)
        assert (day.opening, day.closing) == (0, 14)
        assert day.facts["came"] == {"COUNTED": 16}
        assert day.facts["went"] == {"ISSUED": 1, "SPOILED": 1}
        assert day.facts["spoils"] == {
            "opening": 0,
            "came": {"SPOILED": 1},
            "went": {},
            "closing": 1,
        }
        assert day.is_balanced
        assert_books_are_whole()
        assert compare_with_rebuild() == []


def test_the_next_day_opens_with_what_the_last_one_closed(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        close(KEC)
        attempted(SERIALS[0])
        next_day(offices)
        attempted(SERIALS[1], end="spoiled")
        assert close(KEC)["closing"] == 4
        first, second = reversed(queries.closed_days(KEC))
        assert second.opening == first.closing == 6
        # What moved after the closing belongs to the next day.
        assert second.facts["went"] == {"ISSUED": 1, "SPOILED": 1}
        assert_books_are_whole()


def test_a_day_is_closed_once(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        close(KEC)
        assert close(KEC) == Refusal("blanko.day_closed", day="2017-09-07")
        assert len(queries.closed_days(KEC)) == 1


def test_the_same_command_closes_once(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        command, counted = by(), what_lies_here(KEC)
        once = actions.close_day(command, counted=counted, witness="off_b")
        again = actions.close_day(command, counted=counted, witness="off_b")
        assert once == again


def test_one_person_closes_no_day(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        alone = actions.close_day(by("off_a"), counted=what_lies_here(KEC), witness="off_a")
        assert alone == Refusal("officer.same_person")


def test_an_office_without_books_closes_no_day(offices):
    with offices.at(KEC):
        assert close(KEC) == Refusal("blanko.books_not_open", office=KEC)


def test_an_open_attempt_holds_the_day_open(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        inside(actions.reserve_in, serial=SERIALS[0], attempt="att_1")
        assert close(KEC) == Refusal("blanko.day_attempt_open", serial=SERIALS[0], count=1)
        inside(actions.issue_in, serial=SERIALS[0], attempt="att_1")
        assert close(KEC)["closing"] == 5


def test_goods_without_news_hold_the_day_open(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        actions.take_unmatched(
            by(), boxes=[], serials=["SPC00000500"], document="SJ-1", witness="off_b"
        )
        assert close(KEC) == Refusal("blanko.day_unmatched", item="SPC00000500", count=1)


def test_a_difference_is_not_told_before_it_was_counted_twice(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        counted = what_lies_here(KEC, without=SERIALS[:1])
        no = actions.close_day(by(), counted=counted, witness="off_b", holder="off_a")
        assert no == Refusal("blanko.day_differs")
        assert queries.in_dispute(KEC) == {}
        nobody = actions.close_day(by(), counted=counted, witness="off_b", is_recount=True)
        assert nobody == Refusal("blanko.day_holder_missing")


def test_what_is_missing_goes_to_dispute_with_a_name_and_a_deadline(offices):
    with offices.at(KEC):
        opened(*SERIALS, boxes=[Box("BOX-1", "SPC00000101", 10)])
        attempted(SERIALS[5], end="spoiled")
        gone = (SERIALS[0], "BOX-1", SERIALS[5])
        answer = close(KEC, without=gone, holder="off_k")
        assert answer["closing"] == 4
        assert set(answer["missing"]) == set(gone)
        day = queries.closed_day(KEC, TODAY)
        assert (day.facts["holder"], day.facts["settle_by"]) == ("off_k", "2017-09-10")
        assert day.facts["went"] == {"SPOILED": 1, "MISSING": 11}
        assert day.facts["spoils"]["went"] == {"MISSING": 1}
        assert set(queries.in_dispute(KEC)) == set(gone)
        # One entry says both: the balance and its moves.
        [entry] = entries_about([answer["count"]])
        assert entry.kind == "blanko.day_closed/1"
        assert len(entry.facts["moves"]) == 3
        assert_books_are_whole()
        assert compare_with_rebuild() == []


def test_a_correction_is_a_movement_in_the_open_day(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        close(KEC, without=SERIALS[:1], holder="off_k")
        kept = dict(queries.closed_day(KEC, TODAY).facts)
    offices.post()
    with offices.at(DINAS):
        actions.settle_dispute(
            by(), item=SERIALS[0], outcome="shelf", document="BA-1", witness="off_b"
        )
    offices.post()
    next_day(offices)
    with offices.at(KEC):
        assert close(KEC)["closing"] == 6
        assert queries.closed_day(KEC, TODAY).facts == kept
        assert queries.last_day(KEC).facts["came"] == {"SETTLED": 1}
        assert_books_are_whole()
    offices.post()
    for code in (KEC, DINAS):
        assert_order_free(offices, code, tries=6)


def test_the_offices_above_see_who_closed_and_can_count_again(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        attempted(SERIALS[0])
        close(KEC, without=SERIALS[1:2])
    with offices.at(DINAS):
        opened("SPC00000901")
        close(DINAS)
    offices.post()
    with offices.at(DINAS):
        assert set(queries.days_closed_on(TODAY)) == {DINAS, KEC}
        assert queries.in_dispute(KEC) != {}
        assert_books_are_whole()
        assert compare_with_rebuild() == []
    with offices.at("00"):
        assert set(queries.days_closed_on(TODAY)) == {DINAS, KEC}
        assert queries.whereis(SERIALS[1]) is None, "books of grandchildren are not told there"
        assert_books_are_whole()


def test_what_was_in_dispute_and_lies_here_is_told_not_moved(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        close(KEC, without=SERIALS[:1])
        next_day(offices)
        counted = what_lies_here(KEC)
        again = DayCount(whole=(*counted.whole, SERIALS[0]))
        answer = actions.close_day(by(), counted=again, witness="off_b")
        assert answer["closing"] == 5
        assert queries.last_day(KEC).facts["found"] == [SERIALS[0]]
        assert set(queries.in_dispute(KEC)) == {SERIALS[0]}


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        (DayCount(whole=("12",)), "blanko.serial_form"),
        (DayCount(whole=(SERIALS[0], SERIALS[0])), "blanko.counted_twice"),
        (DayCount(whole=(SERIALS[0],), spoiled=(SERIALS[0],)), "blanko.counted_twice"),
        (DayCount(whole=("SPC00000777",)), "blanko.day_unknown"),
        (DayCount(whole=("SPC00000103",)), "blanko.box_sealed"),
        (DayCount(spoiled=(SERIALS[1],)), "blanko.day_wrong_heap"),
        (DayCount(whole=(SERIALS[5],)), "blanko.day_elsewhere"),
        (DayCount(aside=(SERIALS[0],)), "blanko.day_aside_is_ours"),
    ],
)
def test_what_no_move_explains_is_refused(offices, counted, code):
    with offices.at(KEC):
        opened(*SERIALS, boxes=[Box("BOX-1", "SPC00000101", 10)])
        attempted(SERIALS[5])
        no = actions.close_day(by(), counted=counted, witness="off_b")
        assert isinstance(no, Refusal)
        assert no.code == code


def test_a_shipment_that_lies_here_is_received_before_the_day_closes(offices):
    with offices.at(DINAS):
        opened("SPC00000901")
        actions.ship(by(), to=KEC, boxes=[], serials=["SPC00000901"], courier="off_k")
    with offices.at(KEC):
        opened(*SERIALS)
    offices.post()
    with offices.at(KEC):
        counted = DayCount(whole=(*SERIALS, "SPC00000901"))
        no = actions.close_day(by(), counted=counted, witness="off_b")
        assert no == Refusal("blanko.day_in_transit", item="SPC00000901")


def test_a_strange_blanko_is_put_aside_and_told(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        answer = close(KEC, aside=("SPC00000777",))
        assert answer["closing"] == 6
        assert queries.last_day(KEC).facts["aside"] == [{"item": "SPC00000777", "place": ""}]


def test_the_dinas_closes_its_day_over_all_its_chains(offices):
    with offices.at(DINAS):
        opened(*SERIALS)
        for office, serial in ((KEC, SERIALS[0]), (OTHER, SERIALS[1])):
            actions.ship(by(), to=office, boxes=[], serials=[serial], courier="off_k")
        assert close(DINAS)["closing"] == 4
        day = queries.last_day(DINAS)
        assert day.facts["went"] == {"SHIPPED": 2}
        assert len(day.facts["heads"]) == 3
        assert_books_are_whole()


def test_books_whose_places_and_moves_disagree_close_no_day(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        Item.objects.filter(pk=SERIALS[0]).update(place=f"{KEC}/destroyed")
        no = close(KEC)
        assert no == Refusal("blanko.day_does_not_balance", difference=-1)


def test_a_closed_day_that_was_touched_is_found(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        close(KEC)
        assert queries.closed_days_stand() == []
        row = DayClosed.objects.get()
        row.facts = {**row.facts, "closing": 7, "came": {"COUNTED": 7}}
        row.save()
        [line] = queries.closed_days_stand()
        assert "closed with 7 whole" in line


def test_an_earlier_day_told_otherwise_is_counted_in_the_open_day(offices):
    """A restored server tells an earlier claim on a move: the closed day stays as it was closed."""
    with offices.at(KEC):
        opened(*SERIALS)
        close(KEC)
        kept = queries.last_day(KEC).facts["heads"]
        # A move of the closed day that was not known when it was closed.
        Move.objects.create(
            **{
                **Move.objects.filter(item=SERIALS[0]).values().get(),
                "key": "told late",
                "n": 2,
                "source": f"{KEC}/shelf",
                "target": f"{KEC}/destroyed",
                "why": "DESTROYED",
            }
        )
        Item.objects.filter(pk=SERIALS[0]).update(place=f"{KEC}/destroyed", n=2)
        next_day(offices)
        answer = close(KEC)
        assert answer["closing"] == 5
        assert queries.last_day(KEC).facts["went"] == {"LATE": 1}
        assert queries.closed_day(KEC, TODAY).facts["heads"] == kept
