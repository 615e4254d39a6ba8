"""Withdrawn cards between offices: sealed and counted by two, and in one place at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.journal.queries import entries_about
from ampera.withdrawal.actions import (
    count_before_news,
    drop_count,
    open_batch,
    receive_package,
    refresh_guards,
    settle_missing,
    settle_surplus,
)
from ampera.withdrawal.models import InHand, OneCount
from ampera.withdrawal.queries import (
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
from ampera.withdrawal.rules.packages import code_of
from ampera.withdrawal.rules.pieces import How
from ampera.withdrawal.rules.policy import Cause
from ampera.words import OfficeCode, Refusal
from tests.stations.package_desk import (
    TO_DINAS,
    opened,
    received,
    sent,
    taken_back,
    whole,
)
from tests.stations.printing_desk import BUDI, DINAS, KEC, SARI, Desk, by, code, serial
from tests.stations.withdrawn_cards import (
    brought,
    destroyed,
    handed,
    printed,
    voided,
)


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=4, blanks=6)


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
