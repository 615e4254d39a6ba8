"""The letter to the centre: received figures and numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ampera.blanko.actions import (
    open_books,
    receive_shipment,
    settle_dispute,
    ship,
    take_from_maker,
)
from ampera.blanko.rules import Box
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.planning.actions import supply as acts
from ampera.planning.actions.supply import *  # noqa: F403
from tests.api.city import DINAS, PUSAT
from tests.houses import Offices


@pytest.fixture
def offices(django_db_blocker):
    with django_db_blocker.unblock(), Offices() as offices:
        yield offices


def by(officer="off_a"):
    return Command(id=house().ids.new("cmd"), officer=officer)


def letter(offices, wanted=20):
    with offices.at(DINAS):
        made = acts.request_supply(by(), wanted=wanted, note="untuk dua bulan")
        assert isinstance(made, dict), made
        sent = acts.send_request(by(), request=made["request"])
        assert isinstance(sent, dict), sent
    return made["request"], sent["number"]


def test_short_blanko_that_were_written_off_were_not_received(offices):
    with offices.at(PUSAT):
        take_from_maker(
            by(),
            boxes=[Box("BX-1", "SPX00000001", 10), Box("BX-2", "SPX00000101", 10)],
            document="BA",
            witness="off_b",
        )
    with offices.at(DINAS):
        open_books(by(), boxes=[], serials=[], witness="off_b")
    request, _ = letter(offices)
    with offices.at(DINAS):
        assert acts.note_answer(by(), request=request, promised=20, promised_on=None) == {}
    with offices.at(PUSAT):
        sent = ship(by(), to=DINAS, boxes=["BX-1", "BX-2"], courier="off_k")
        assert isinstance(sent, dict), sent
    offices.post()
    with offices.at(DINAS):
        got = receive_shipment(
            by(), shipment=sent["shipment"], seen_boxes=["BX-1"], witness="off_b"
        )
        assert got["short"] == ["BX-2"]
        settled = settle_dispute(
            by(), item="BX-2", outcome="written_off", document="BA-9", witness="off_b"
        )
        assert isinstance(settled, dict), settled
        told = acts.note_supply(by(), request=request, shipment=sent["shipment"])
        assert told == {"received": 10}


def test_two_letters_of_new_years_morning_have_two_numbers(offices):
    with offices.at(DINAS):
        here = house()
        wanted = datetime(2017, 12, 31, 18, 0, tzinfo=UTC)  # 2018-01-01 01:00 WIB
        offices.clock.move(wanted - here.now())
    _, first = letter(offices)
    offices.clock.move(timedelta(hours=1))
    _, second = letter(offices)
    assert first != second, first
