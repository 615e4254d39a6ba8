"""The month in WIB and the parts of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ampera.blanko import actions, queries
from ampera.journal.house import house
from tests.stations.blanko_days import DINAS, KEC, SERIALS, attempted, by, opened


def test_what_moves_at_midnight_belongs_to_the_new_month(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        offices.clock.move(datetime(2017, 9, 30, 16, 59, tzinfo=UTC) - house().now())
        attempted(SERIALS[0])
        offices.clock.move(timedelta(minutes=1))
        attempted(SERIALS[1])
        sep = queries.month_seen(KEC, year=2017, month=9)
        octo = queries.month_seen(KEC, year=2017, month=10)
        assert (sep.went.get("issued"), sep.closing, octo.opening, octo.went.get("issued")) == (
            1,
            5,
            5,
            1,
        )
        assert sep.is_balanced
        assert octo.is_balanced


def test_a_blanko_shipped_before_the_books_of_the_receiver_were_told(offices):
    """Receiver confirms on 1 Oct what it got; its clock is behind the sender's."""
    with offices.at(DINAS):
        opened(*SERIALS)
        sent = actions.ship(by(), to=KEC, boxes=[], serials=SERIALS[:2], courier="off_k")
    with offices.at(KEC):
        opened()
    offices.post()
    with offices.at(KEC):
        actions.receive_shipment(
            by(),
            shipment=sent["shipment"],
            seen_boxes=[],
            seen_serials=SERIALS[:1],
            witness="off_b",
        )
    offices.post()
    with offices.at(DINAS):
        actions.settle_dispute(
            by(), item=SERIALS[1], outcome="shelf", document="BA", witness="off_b"
        )
        for office in (DINAS, KEC):
            assert queries.month_seen(office, year=2017, month=9).is_balanced
