"""Withdrawn cards between offices: sealed and counted by two, and in one place at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.journal.rebuild import compare_with_rebuild
from ampera.withdrawal.actions import (
    count_before_news,
    drop_count,
    flag_late,
    give_back,
    open_batch,
    receive_package,
    refresh_guards,
    send_package,
    settle_missing,
    settle_surplus,
)
from ampera.withdrawal.models import InHand, OneCount, Piece
from ampera.withdrawal.queries import (
    CHECKS,
    Balance,
    counted_here,
    is_on_second_medium,
    lying_at,
    missing_pieces,
    monthly_report,
    moves_of_piece,
    package_by_code,
    package_seen,
    packages_from,
    packages_to,
    places,
    seize_list,
    surplus_here,
)
from ampera.withdrawal.queries.look_up import standing_seen
from ampera.withdrawal.rules.packages import Opened, Sealed, code_of
from ampera.withdrawal.rules.pieces import How
from ampera.withdrawal.rules.policy import Cause
from ampera.words import OfficeCode, Refusal
from tests.interleavings import assert_order_free
from tests.stations.printing_desk import BUDI, DINAS, KEC, SARI, Desk, by, code, serial
from tests.stations.withdrawn_cards import (
    batch_of,
    brought,
    destroyed,
    handed,
    printed,
    spoiled,
    voided,
    written,
)

TO_DINAS = OfficeCode(DINAS)
OTHER_KEC = "16.71.06"


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=4, blanks=6)


def sealed(**changes: str) -> Sealed:
    return Sealed(**{"seal": "SGL 77", "courier": "KURIR CONTOH", "second": BUDI, **changes})


def opened(*marks: str, second: str = BUDI, is_seal_whole: bool = True) -> Opened:
    return Opened(marks=marks, is_seal_whole=is_seal_whole, second=second)


def taken_back(desk: Desk, *numbers: int) -> list[str]:
    """Lost cards that were found again and lie at the kecamatan; their pieces."""
    pieces = []
    for number in numbers:
        with desk.at():
            card = printed(number)
            handed(number)
        voided(desk, card)
        with desk.at():
            pieces.append(brought(card)["piece"])
    return pieces


def sent(*pieces: str, to: str = DINAS, **changes: str) -> str:
    answer = send_package(by(), to=OfficeCode(to), pieces=pieces, sealed=sealed(**changes))
    assert isinstance(answer, dict), answer
    return str(answer["package"])


def received(package: str, *marks: str) -> dict:
    answer = receive_package(by(), package=package, opened=opened(*marks))
    assert isinstance(answer, dict), answer
    return answer


def whole(desk: Desk, *codes: str) -> None:
    """Any order of the chains gives the same register, and a rebuild changes nothing."""
    desk.offices.post()
    for each in codes or (KEC, DINAS):
        with desk.offices.at(each):
            assert compare_with_rebuild() == []
            assert [found for check in CHECKS for found in check()] == []
        assert_order_free(desk.offices, each, tries=6)


# ---- on its way ----


def test_a_package_is_sealed_by_two_received_piece_by_piece_and_destroyed_at_the_dinas(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        package = sent(first, second)
        seen = package_seen(package)
        assert (str(seen.source), str(seen.target), seen.count) == (KEC, DINAS, 2)
        assert (seen.seal, seen.officers) == ("SGL 77", (SARI, BUDI))
        assert lying_at() == []
        assert dict(places()) == {f"transit:{DINAS}": 2}
        assert not InHand.objects.exists()
        assert is_on_second_medium(package)
    desk.offices.post()
    with desk.offices.at(DINAS):
        (coming,) = packages_to(TO_DINAS)
        assert (coming.package, coming.courier, coming.arrival) == (package, "KURIR CONTOH", None)
        assert lying_at() == [], "nothing lies here before it is counted"
        assert received(package, first, serial(2)) == {"received": 2, "missing": 0, "surplus": 0}
        assert {each.piece for each in lying_at()} == {first, second}
        assert all(each.cause is Cause.FOUND_AGAIN and each.no is None for each in lying_at())
        assert InHand.objects.count() == 2
        assert [each.target for each in moves_of_piece(first)] == [f"transit:{DINAS}", DINAS]
    desk.offices.post()
    with desk.at():
        (gone,) = packages_from(OfficeCode(KEC))
        assert gone.arrival is not None, "the sender has its receipt"
        assert (gone.arrival.received, gone.arrival.missing) == (2, 0)
        assert standing_seen(card="crd_1", serial="").lies_at == DINAS
    whole(desk)
    with desk.offices.at(DINAS):
        destroyed("FOUND_AGAIN", first, second)
    whole(desk)


def test_the_courier_is_named_in_the_body_and_stands_in_no_facts(desk):
    (piece,) = taken_back(desk, 1)
    with desk.at():
        package = sent(piece)
        (entry,) = entries_about([package])
        assert "KURIR" not in str(entry.facts)
        assert entry.body == {"courier": "KURIR CONTOH"}


def test_with_the_line_down_the_package_waits_and_the_counters_go_on(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        package = sent(first)
        assert [each.piece for each in lying_at()] == [second]
    with desk.offices.at(DINAS):
        assert packages_to(TO_DINAS) == []
        no = receive_package(by(), package=package, opened=opened(first))
        assert no == Refusal("withdrawal.package_unknown")
    desk.offices.post()
    with desk.offices.at(DINAS):
        received(package, first)
    whole(desk)


# ---- goods before their news ----


def test_a_package_that_comes_before_its_news_is_counted_and_received_when_the_news_is_here(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        package = sent(first, second)
    with desk.offices.at(DINAS):
        told = code_of(package)
        assert package_by_code(told) == ""
        mine = count_before_news(by(), code=told.lower(), opened=opened(serial(1), "ABC00000009"))
        assert isinstance(mine, dict)
        again = count_before_news(by(), code=told, opened=opened(serial(1)))
        assert code(again) == "withdrawal.counted_already"
        (waiting,) = counted_here()
        assert (waiting.code, waiting.marks) == (told, (serial(1), "ABC00000009"))
        assert lying_at() == [], "what has no news is not used"
        refresh_guards()
        assert OneCount.objects.get().code == told
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert package_by_code(told) == package
        assert counted_here() == []
        assert [each.piece for each in lying_at()] == [first]
        (missed,) = missing_pieces()
        assert (missed.piece, missed.officers) == (second, (SARI, BUDI))
        assert [each.mark for each in surplus_here()] == ["ABC00000009"]
        no = count_before_news(by(), code=told, opened=opened(serial(1)))
        assert code(no) == "withdrawal.news_is_here"
        assert code(receive_package(by(), package=package, opened=opened(first))) == (
            "withdrawal.package_received"
        )
    whole(desk)


def test_a_count_under_a_wrong_code_is_dropped_by_two(desk):
    (piece,) = taken_back(desk, 1)
    with desk.at():
        package = sent(piece)
    with desk.offices.at(DINAS):
        count = count_before_news(by(), code="AAAA1111", opened=opened(serial(1)))["count"]
        assert code(drop_count(by(), count=count, second=SARI)) == "officer.same_person"
        assert code(drop_count(by(), count="wct_x", second=BUDI)) == "withdrawal.count_unknown"
        assert drop_count(by(), count=count, second=BUDI) == {"count": count}
        assert code(drop_count(by(), count=count, second=BUDI)) == "withdrawal.count_unknown"
        assert counted_here() == []
    desk.offices.post()
    with desk.offices.at(DINAS):
        received(package, piece)
    whole(desk)


@pytest.mark.parametrize(
    ("told", "marks", "second", "refused"),
    [
        ("AAAA1111", ("ABC1",), SARI, "officer.same_person"),
        ("AAAA1111", ("ABC1",), "", "officer.same_person"),
        ("AAAA", ("ABC1",), BUDI, "withdrawal.package_code"),
        ("AAAA-111", ("ABC1",), BUDI, "withdrawal.package_code"),
        ("AAAA1111", (" ",), BUDI, "withdrawal.nothing_counted"),
    ],
)
def test_a_count_before_the_news_has_a_code_pieces_and_two_persons(
    desk, told, marks, second, refused
):
    with desk.offices.at(DINAS):
        no = count_before_news(by(), code=told, opened=opened(*marks, second=second))
        assert code(no) == refused
        assert counted_here() == []


# ---- what is missing, what is too much ----


def test_a_missing_piece_is_in_dispute_with_names_until_two_of_the_dinas_decide(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        package = sent(first, second)
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert received(package, first)["missing"] == 1
        (missed,) = missing_pieces()
        assert (missed.piece, str(missed.office), str(missed.sender)) == (second, DINAS, KEC)
        assert (missed.officers, missed.is_ours) == ((SARI, BUDI), True)
        assert standing_seen(card="crd_2", serial="").away == f"dispute:{DINAS}"
        assert code(open_batch(by(), cause="FOUND_AGAIN", pieces=[second])) == (
            "withdrawal.piece_unknown"
        )
    desk.offices.post()
    with desk.at():
        assert [each.is_ours for each in missing_pieces()] == [False]
        no = settle_missing(by(), piece=second, outcome="LOST", document="BA 1", second=BUDI)
        assert no == Refusal("withdrawal.not_yours_to_settle", office=DINAS)
    with desk.offices.at(DINAS):
        told = {"piece": second, "document": "BA contoh 1", "second": BUDI}
        assert code(settle_missing(by(), outcome="WHIM", **told)) == "withdrawal.outcome_unknown"
        lone = settle_missing(by(), outcome="HERE", **{**told, "second": SARI})
        assert code(lone) == "officer.same_person"
        bare = settle_missing(by(), outcome="HERE", **{**told, "document": " "})
        assert code(bare) == "withdrawal.minutes_incomplete"
        assert settle_missing(by(), outcome="HERE", **told) == {"piece": second, "place": DINAS}
        assert code(settle_missing(by(), outcome="HERE", **told)) == "withdrawal.not_missing"
        assert missing_pieces() == []
        assert {each.piece for each in lying_at()} == {first, second}
    whole(desk)


def test_a_missing_piece_that_never_left_lies_at_its_sender_again(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        package = sent(first, second)
    desk.offices.post()
    with desk.offices.at(DINAS):
        received(package, first)
        settle_missing(by(), piece=second, outcome="SENDER", document="BA 2", second=BUDI)
        assert [each.piece for each in lying_at()] == [first]
    desk.offices.post()
    with desk.at():
        assert [each.piece for each in lying_at()] == [second]
        late = sent(second)
    desk.offices.post()
    with desk.offices.at(DINAS):
        received(late, second)
        assert len(moves_of_piece(second)) == 5
    whole(desk)


def test_a_piece_that_nobody_can_show_is_sought_as_a_card_outside(desk):
    with desk.at():
        card = printed(1)
        handed(1)
    voided(desk, card, why="BLOCKED")
    with desk.at():
        piece = brought(card, how=How.SEIZED)["piece"]
        package = sent(piece)
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert seize_list() == [], "it is on its way"
        received(package)
        settle_missing(by(), piece=piece, outcome="LOST", document="BA 3", second=BUDI)
        (sought,) = seize_list()
        assert sought.card == card
        again = brought(card, how=How.FOUND)["piece"]
        assert [each.piece for each in lying_at()] == [again]
    whole(desk)


def test_a_surplus_piece_lies_aside_until_a_later_list_names_it(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        package = sent(first)
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert received(package, first, serial(2))["surplus"] == 1
        (extra,) = surplus_here()
        assert (extra.mark, extra.officers) == (serial(2), (SARI, BUDI))
        told = {"surplus": extra.surplus, "document": "BA 4", "second": BUDI}
        no = settle_surplus(by(), outcome="ENTERED", **told)
        assert no == Refusal("withdrawal.listed_elsewhere", place=KEC)
    with desk.at():
        late = sent(second)
    desk.offices.post()
    with desk.offices.at(DINAS):
        received(late, second)
        assert surplus_here() == [], "its list came"
        assert {each.piece for each in lying_at()} == {first, second}
    whole(desk)


def test_a_surplus_piece_is_named_by_its_code_too(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        package = sent(first)
    desk.offices.post()
    with desk.offices.at(DINAS):
        received(package, first, code_of(second))
        (extra,) = surplus_here()
        told = {"surplus": extra.surplus, "document": "BA 4", "second": BUDI}
        no = settle_surplus(by(), outcome="ENTERED", **told)
        assert no == Refusal("withdrawal.listed_elsewhere", place=KEC)


@pytest.mark.parametrize(("outcome", "lies"), [("ENTERED", 2), ("RETURNED", 1)])
def test_a_surplus_piece_of_no_register_is_entered_or_returned_by_two(desk, outcome, lies):
    (first,) = taken_back(desk, 1)
    with desk.at():
        package = sent(first)
    desk.offices.post()
    with desk.offices.at(DINAS):
        received(package, first, "XYZ00000001")
        (extra,) = surplus_here()
        told = {"surplus": extra.surplus, "document": "BA 5", "second": BUDI}
        assert code(settle_surplus(by(), outcome="WHIM", **told)) == "withdrawal.outcome_unknown"
        lone = settle_surplus(by(), outcome=outcome, **{**told, "second": ""})
        assert code(lone) == "officer.same_person"
        bare = settle_surplus(by(), outcome=outcome, **{**told, "document": ""})
        assert code(bare) == "withdrawal.minutes_incomplete"
        done = settle_surplus(by(), outcome=outcome, **told)
        assert isinstance(done, dict)
        assert code(settle_surplus(by(), outcome=outcome, **told)) == "withdrawal.not_surplus"
        assert surplus_here() == []
        assert len(lying_at()) == lies
    whole(desk)


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


# ---- the report of a month, by office ----


def test_the_month_of_each_office_adds_up_across_a_package(desk):
    first, second = taken_back(desk, 1, 2)
    with desk.at():
        package = sent(first, second)
        seen = monthly_report(year=2017, month=9)
        assert seen.total == Balance(came=2, sent=2)
        assert (seen.total.closing, seen.is_balanced) == (0, True)
    desk.offices.post()
    with desk.offices.at(DINAS):
        received(package, first)
        seen = monthly_report(year=2017, month=9)
        assert seen.total == Balance(received=1)
        assert (seen.missing, seen.is_balanced) == (1, True)
        assert seen.by_cause[Cause.FOUND_AGAIN] == Balance(received=1)
        desk.offices.clock.move(timedelta(days=30))
        settle_missing(by(), piece=second, outcome="HERE", document="BA", second=BUDI)
        destroyed("FOUND_AGAIN", first)
        seen = monthly_report(year=2017, month=10)
        assert seen.total == Balance(opening=1, received=1, gone=1)
        assert (seen.missing, seen.total.closing) == (0, 1)
        assert monthly_report(year=2017, month=9).missing == 1
        of_kec = monthly_report(year=2017, month=9, office=OfficeCode(KEC))
        assert of_kec.total == Balance(came=2, sent=2)
    whole(desk)
