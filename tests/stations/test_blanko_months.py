"""The month of an office's books: counted from the moves, the same whenever it is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box
from tests.stations.blanko_days import (
    DINAS,
    KEC,
    SERIALS,
    assert_books_are_whole,
    attempted,
    by,
    close,
    inside,
    opened,
)

BOX = Box("BOX-1", "SPC00000101", 10)


def month(office: str, number: int = 9):
    return queries.month_seen(office, year=2017, month=number)


def test_a_month_says_what_came_and_went_and_why(offices):
    with offices.at(DINAS):
        opened("SPC00000901", "SPC00000902", "SPC00000903", boxes=[BOX])
        actions.ship(by(), to=KEC, boxes=["BOX-1"], serials=["SPC00000901"], courier="off_k")
        actions.lend(by(), items=["SPC00000902"], document="PJ-1", witness="off_b")
    offices.post()
    with offices.at(KEC):
        opened(*SERIALS)
        [shipment] = queries.shipments_to(KEC)
        actions.receive_shipment(
            by(), shipment=shipment.shipment, seen_boxes=["BOX-1"], witness="off_b"
        )
        actions.open_box(by(), box="BOX-1")
        attempted(SERIALS[0])
        attempted(SERIALS[1])
        inside(actions.spoil_in, serial=SERIALS[1], cause="face", source="issued")
        attempted(SERIALS[2], end="spoiled", cause="jam")
        actions.destroy(by(), serials=[SERIALS[2]], document="BA-9", witness="off_b")
        close(KEC, without=SERIALS[3:4])
        seen = month(KEC)
        assert (seen.opening, seen.closing) == (0, 12)
        assert seen.came == {"counted": 6, "received": 10}
        assert seen.went == {"issued": 2, "spoiled": 1, "dispute": 1}
        assert seen.by_cause == {"face": 1, "jam": 1}
        assert (seen.rejected, seen.short, seen.destroyed) == (1, 1, 1)
        assert seen.standing == {"destroyed": 1, "dispute": 2, "issued": 1, "spoiled": 1}
        assert seen.is_balanced
        assert_books_are_whole()
    offices.post()
    with offices.at(DINAS):
        assert month(KEC) == seen, "the same at the dinas"
        own = month(DINAS)
        assert own.went == {"sent": 11, "loaned": 1}
        assert (own.closing, own.is_balanced) == (1, True)


def test_a_past_month_stays_what_it_was(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        attempted(SERIALS[0])
        before = month(KEC)
        # 30 September 17.00 UTC is October at Palembang.
        offices.clock.at = datetime(2017, 9, 30, 17, 0, tzinfo=UTC)
        attempted(SERIALS[1])
        attempted(SERIALS[2], end="spoiled")
        assert month(KEC) == before
        october = month(KEC, 10)
        assert (october.opening, october.closing) == (before.closing, 3)
        assert october.went == {"issued": 1, "spoiled": 1}
        offices.clock.at += timedelta(days=40)
        empty = month(KEC, 11)
        assert (empty.opening, empty.closing, empty.came, empty.went) == (3, 3, {}, {})


def test_sums_that_do_not_give_the_closing_are_said_to_be_wrong(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        seen = month(KEC)
        assert seen.is_balanced
        assert not replace(seen, closing=seen.closing - 1).is_balanced
