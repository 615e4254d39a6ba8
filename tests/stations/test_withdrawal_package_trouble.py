"""Packages that are refused, lie in two places, are found on the road or are late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.withdrawal.actions import (
    flag_late,
    give_back,
    open_batch,
    receive_package,
    send_package,
    settle_missing,
)
from ampera.withdrawal.models import Piece
from ampera.withdrawal.queries import (
    CHECKS,
    is_on_second_medium,
    lying_at,
    missing_pieces,
    package_seen,
    packages_from,
)
from ampera.withdrawal.rules.pieces import How
from ampera.words import OfficeCode
from tests.interleavings import assert_order_free
from tests.stations.package_desk import (
    OTHER_KEC,
    TO_DINAS,
    opened,
    received,
    sealed,
    sent,
    taken_back,
    whole,
)
from tests.stations.printing_desk import BUDI, DINAS, KEC, SARI, Desk, by, code, serial
from tests.stations.withdrawn_cards import (
    batch_of,
    brought,
    destroyed,
    handed,
    printed,
    spoiled,
    written,
)


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=4, blanks=6)


# ---- refusals ----


def test_a_package_has_a_way_a_seal_a_courier_and_two_persons(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        ruined = spoiled(1)

        def tried(*pieces: str, to: str = DINAS, **changes: str):
            told = sealed(**changes)
            return code(send_package(by(), to=OfficeCode(to), pieces=pieces, sealed=told))

        assert tried() == "withdrawal.nothing_chosen"
        assert tried(first, first) == "withdrawal.chosen_twice"
        assert tried(*(f"x{n}" for n in range(201))) == "withdrawal.package_too_big"
        assert tried(first, seal=" ") == "withdrawal.no_seal"
        assert tried(first, courier="") == "withdrawal.no_courier"
        assert tried(first, second=SARI) == "officer.same_person"
        assert tried(first, second="") == "officer.same_person"
        assert tried(first, to=OTHER_KEC) == "withdrawal.not_near"
        assert tried(first, to="00") == "withdrawal.not_near"
        assert tried(ruined) == "withdrawal.spoils_stay"
        assert tried("wdr_x") == "withdrawal.piece_unknown"
        batch_of("FOUND_AGAIN", second)
        assert tried(first, second) == "withdrawal.in_another_batch"
        assert {each.piece for each in lying_at()} == {first, second, ruined}, "nothing moved"
        package = sent(first)
        assert tried(first) == "withdrawal.piece_unknown"
        quarantine("restored")
        assert tried(second) == "server.quarantined"
    desk.offices.post()
    with desk.offices.at(DINAS):
        lone = receive_package(by(), package=package, opened=opened(first, second=SARI))
        assert code(lone) == "officer.same_person"
        assert lying_at() == []
        assert tried(first, to="00") == "withdrawal.not_near", "a batch goes to the ministry"


def test_gone_and_given_back_pieces_are_not_sent(desk):
    (gone,) = taken_back(desk, 1)
    with desk.at():
        printed(2)
        handed(2)
        live = brought("crd_2", how=How.FOUND)["piece"]
        destroyed("FOUND_AGAIN", gone)
        give_back(by(), piece=live, is_holder=True)
        for piece, refused in ((gone, "withdrawal.destroyed"), (live, "withdrawal.given_back")):
            no = send_package(by(), to=TO_DINAS, pieces=[piece], sealed=sealed())
            assert code(no) == refused


def test_what_was_sent_is_neither_destroyed_nor_given_back_here(desk):
    with desk.at():
        printed(1)
        handed(1)
        live = brought("crd_1", how=How.FOUND)["piece"]
        sent(live)
        assert code(give_back(by(), piece=live, is_holder=True)) == "withdrawal.piece_unknown"
        no = open_batch(by(), cause="OTHER", pieces=[live])
        assert code(no) == "withdrawal.piece_unknown"


def test_nothing_leaves_before_its_list_lies_on_a_second_medium(desk, monkeypatch):
    (piece,) = taken_back(desk, 1)

    def broken(_):
        raise OSError("the stick is gone")

    with desk.at():
        command = by()
        monkeypatch.setattr(house().second_log, "append", broken)
        told = {"to": TO_DINAS, "pieces": [piece], "sealed": sealed()}
        assert code(send_package(command, **told)) == "withdrawal.second_log_missing"
        (package,) = packages_from(OfficeCode(KEC))
        assert not is_on_second_medium(package.package)
        monkeypatch.undo()
        assert send_package(command, **told)["package"] == package.package
        assert is_on_second_medium(package.package)
        assert len(packages_from(OfficeCode(KEC))) == 1, "nothing was written twice"


# ---- two places, found on the road, too long on the way ----


def test_two_moves_with_one_number_are_the_alarm_in_two_places(desk):
    """No honest server writes it; a forged or restored one may."""
    (piece,) = taken_back(desk, 1)
    with desk.at():
        package = sent(piece)
        facts = entries_about([package])[0].facts
        forged = {**facts, "package": f"{package[:-1]}x", "seal": "SGL 78"}
        desk.offices.clock.move(timedelta(seconds=5))
        written("withdrawal.sent/1", subject="forged", **forged)
        ((key, text),) = open_alarms()
        assert key == f"piece_in_two_places:{piece}:1"
        assert "is in two places" in text
        complaints = [each for check in CHECKS for each in check()]
        assert complaints == [f"{piece} is in two places at its move 1"]
    desk.offices.post()
    for office in (KEC, DINAS):
        with desk.offices.at(office):
            assert Piece.objects.get(pk=piece).lies == f"transit:{DINAS}"
        assert_order_free(desk.offices, office, tries=6)


def test_a_card_found_on_the_road_is_an_alarm_though_it_is_void(desk):
    """Salabenda, May 2018: cards fell off the truck that carried them."""
    (piece,) = taken_back(desk, 1)
    with desk.at():
        sent(piece)
    desk.offices.post()
    with desk.offices.at(DINAS):
        again = brought(serial=serial(1), how=How.FOUND)
        assert again["standing"] == "VOID"
        ((_, text),) = open_alarms()
        assert f"transit:{DINAS}" in text
    whole(desk)


def test_a_package_too_long_on_its_way_is_an_alarm_at_both_ends_until_it_is_counted(desk):
    (piece,) = taken_back(desk, 1)
    with desk.at():
        package = sent(piece)
        assert flag_late() == 0
    desk.offices.post()
    desk.offices.clock.move(timedelta(days=3, minutes=1))
    for office in (KEC, DINAS):
        with desk.offices.at(office):
            assert flag_late() == 1
            assert package_seen(package).is_late
            assert [key for key, _ in open_alarms()] == ["withdrawal:late"]
    with desk.offices.at(DINAS):
        received(package, piece)
        assert flag_late() == 0
        assert open_alarms() == []


def test_a_found_live_card_goes_down_to_the_kecamatan_that_gave_it_and_to_its_holder(desk):
    with desk.at():
        printed(1)
        handed(1)
    desk.offices.post()
    with desk.offices.at(DINAS):
        piece = brought("crd_1", how=How.FOUND)["piece"]
        package = sent(piece, to=KEC)
    desk.offices.post()
    with desk.at():
        (line,) = package_seen(package).pieces
        assert line.place == f"transit:{KEC}"
        received(package, line.code)
        (lying,) = lying_at()
        assert lying.may_go_back
        assert give_back(by(), piece=piece, is_holder=True) == {"piece": piece}
    whole(desk)


def test_what_a_kecamatan_missed_is_decided_by_its_dinas(desk):
    with desk.at():
        printed(1)
        handed(1)
    desk.offices.post()
    with desk.offices.at(DINAS):
        piece = brought("crd_1", how=How.FOUND)["piece"]
        package = sent(piece, to=KEC)
    desk.offices.post()
    with desk.at():
        received(package)
    desk.offices.post()
    with desk.offices.at(DINAS):
        (missed,) = missing_pieces()
        assert (str(missed.office), missed.is_ours) == (KEC, True)
        done = settle_missing(by(), piece=piece, outcome="SENDER", document="BA", second=BUDI)
        assert done == {"piece": piece, "place": DINAS}
        assert [each.piece for each in lying_at()] == [piece]
    whole(desk)
