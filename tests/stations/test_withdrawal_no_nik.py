"""A NIK where a serial belongs: on a found card it is the number that stands out, and what is
written into a chain stays there."""

from __future__ import annotations

import pytest

from ampera.journal.models import EntryRow
from ampera.withdrawal.actions import count_before_news, receive_package
from ampera.withdrawal.rules.packages import code_of
from ampera.withdrawal.rules.pieces import How
from ampera.words import Refusal
from tests.stations.package_desk import opened, sent, taken_back
from tests.stations.printing_desk import DINAS, Desk, by
from tests.stations.withdrawn_cards import brought

A_NIK = "9999014107900001"
IS_NIK = Refusal("withdrawal.serial_is_nik")


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=2, blanks=4)


@pytest.mark.parametrize("typed", [A_NIK, "99.99.01.410790.0001", " 9999 0141 0790 0001 "])
def test_no_card_is_taken_in_under_a_nik(desk, typed):
    with desk.at():
        before = EntryRow.objects.count()
        assert brought("", serial=typed, how=How.FOUND) == IS_NIK
        assert EntryRow.objects.count() == before


def test_no_piece_of_a_package_is_counted_under_a_nik(desk):
    (piece,) = taken_back(desk, 1)
    with desk.at():
        package = sent(piece)
    seen = opened(piece, A_NIK)
    with desk.offices.at(DINAS):
        assert count_before_news(by(), code=code_of(package), opened=seen) == IS_NIK
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert receive_package(by(), package=package, opened=seen) == IS_NIK
        assert "received" in receive_package(by(), package=package, opened=opened(piece))
