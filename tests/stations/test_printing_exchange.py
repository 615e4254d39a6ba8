"""A card came out on another blanko than the books say: the two exchange their places."""

from __future__ import annotations

import pytest

from ampera.blanko.actions import (
    destroy,
    lend,
    open_books,
    settle_dispute,
    ship,
    take_unmatched,
)
from ampera.blanko.queries import accounts, history
from ampera.journal.quarantine import quarantine
from ampera.printing.actions import check_card, empty_printer, exchange_blanko
from ampera.printing.queries import attempt_seen, holder_of, printed_card
from ampera.withdrawal.queries import lying_at, why_kept_in_batch
from tests.interleavings import assert_order_free
from tests.stations.exchange_desk import S1, S2, S3, S4, ExchangeDesk, exchange, told
from tests.stations.printing_desk import (
    BUDI,
    DINAS,
    KEC,
    SARI,
    books_and_tables_are_whole,
    by,
    code,
    place_of,
    settle,
)

ANDI = "off_andi"


@pytest.fixture
def desk(offices):
    return ExchangeDesk(offices)


def test_a_card_on_the_blank_beside_the_right_one_takes_its_place_in_the_books(desk):
    with desk.at():
        before = accounts(KEC)
        attempt = desk.made(1, S1)
        answer = exchange(attempt, S2)
        assert answer == {"attempt": attempt, "serial": S2, "was": S1, "partner": ""}
        assert (place_of(S1), place_of(S2)) == ("shelf", "issued")
        assert desk.names(1) == S2
        assert printed_card("crd_1").serial == S2
        assert accounts(KEC) == before | {"shelf": before["shelf"] - 1, "issued": 1}
        assert books_and_tables_are_whole()


def test_both_moves_stand_in_one_entry_each_with_its_own_number(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        exchange(attempt, S2)
        entry = told("blanko.moved/1")[-1]
        assert (entry["why"], entry["document"]) == ("EXCHANGED", attempt)
        assert [(each["item"], each["n"]) for each in entry["moves"]] == [(S1, 4), (S2, 2)]
        assert [each.document for each in (history(S1)[-1], history(S2)[-1])] == [attempt] * 2


def test_the_same_act_again_undoes_it(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        exchange(attempt, S2)
        assert code(exchange(attempt, S1)) is None
        assert (place_of(S1), place_of(S2), desk.names(1)) == ("issued", "shelf", S1)
        assert books_and_tables_are_whole()


def test_one_that_was_found_ruined_in_the_printer_leaves_the_other_whole_on_the_shelf(desk):
    # A hand took S2 for S1, and the printer spent it on a job that it had given up before.
    with desk.at():
        before = accounts(KEC)
        attempt = desk.unknown(1, S1)
        assert code(empty_printer(by(SARI), printer="p1", witness=BUDI, waste=[S2])) is None
        assert place_of(S2) == "spoiled"
        assert exchange(attempt, S2)["was"] == S1
        assert (place_of(S1), place_of(S2), desk.names(1)) == ("shelf", "reserved", S2)
        assert code(settle(desk.attempt(1), "SPOILED")) is None
        assert (place_of(S1), place_of(S2)) == ("shelf", "spoiled")
        assert accounts(KEC) == before | {"shelf": before["shelf"] - 1, "spoiled": 1}
        assert books_and_tables_are_whole()
    assert_order_free(desk.offices, DINAS)


def test_after_it_the_check_goes_on_with_the_blank_that_is_really_the_card(desk):
    with desk.at():
        exchange(desk.made(1, S1), S2)
        assert code(desk.check(1, "READY")) is None
        assert told("card.checked/1")[-1]["serial"] == S2
        exchange(desk.made(2, S3), S4)
        assert code(desk.check(2, "REJECTED", witness=BUDI)) is None
        places = [place_of(each) for each in (S1, S2, S3, S4)]
        assert places == ["shelf", "issued", "shelf", "spoiled"]
        assert books_and_tables_are_whole()


def test_a_blank_that_is_whole_again_prints_the_next_card(desk):
    with desk.at():
        exchange(desk.made(1, S1), S2)
        desk.made(2, S1)
        assert (desk.names(1), desk.names(2)) == (S2, S1)
        assert holder_of(S1).card == "crd_2"


def test_two_cards_on_each_others_blanks_are_both_put_right_by_one_act(desk):
    with desk.at():
        first, second = desk.made(1, S1), desk.made(2, S2)
        assert exchange(first, S2)["partner"] == second
        assert (desk.names(1), desk.names(2)) == (S2, S1)
        assert (place_of(S1), place_of(S2)) == ("issued", "issued")
        assert code(desk.check(1, "READY")) is code(desk.check(2, "READY")) is None
        assert [each["serial"] for each in told("card.checked/1")] == [S2, S1]
        assert books_and_tables_are_whole()


def test_three_cards_in_a_ring_are_put_right_one_after_the_other(desk):
    """By the books S1, S2, S3; really on S2, S3, S1."""
    with desk.at():
        first, second = desk.made(1, S1), desk.made(2, S2)
        desk.made(3, S3)
        exchange(first, S2)
        assert desk.names(2) == S1
        exchange(second, S3)
        assert [desk.names(number) for number in (1, 2, 3)] == [S2, S3, S1]
        assert books_and_tables_are_whole()


def test_of_an_unknown_outcome_the_serial_in_the_tray_is_said_before_it_is_settled(desk):
    with desk.at():
        attempt = desk.unknown(1, S1)
        assert code(exchange(attempt, S2)) is None
        assert (place_of(S1), place_of(S2)) == ("shelf", "reserved")
        empty_printer(by(), printer="p1", witness=BUDI)
        assert code(settle(attempt_seen(attempt), "PRINTED")) is None
        assert (place_of(S1), place_of(S2), desk.names(1)) == ("shelf", "issued", S2)
        assert books_and_tables_are_whole()


def test_an_attempt_that_waits_to_be_settled_gives_the_blank_that_it_never_had(desk):
    """The hand had used S2 for the first card, so nothing was there for the second one."""
    with desk.at():
        first, second = desk.made(1, S1), desk.unknown(2, S2)
        assert exchange(first, S2)["partner"] == second
        assert (desk.names(2), place_of(S1), place_of(S2)) == (S1, "reserved", "issued")
        empty_printer(by(), printer="p2", witness=BUDI)
        assert code(settle(attempt_seen(second), "SHELF")) is None
        assert place_of(S1) == "shelf"
        assert books_and_tables_are_whole()


def test_the_ruined_blank_of_another_attempt_takes_the_first_ones_name_and_its_cause(desk):
    with desk.at():
        first, second = desk.made(1, S1), desk.unknown(2, S2)
        empty_printer(by(), printer="p2", witness=BUDI)
        settle(attempt_seen(second), "SPOILED")
        exchange(first, S2)
        assert (desk.names(2), place_of(S1), place_of(S2)) == (S1, "spoiled", "issued")
        (ruined,) = lying_at()
        assert (ruined.serial, ruined.cause.value) == (S1, "FAILED_PRINT")
        assert books_and_tables_are_whole()


def test_a_rejected_card_goes_by_its_real_blank_in_the_register_of_destruction(desk):
    with desk.at():
        first, second = desk.made(1, S1), desk.made(2, S2)
        check_card(by(SARI), card="crd_2", result="REJECTED", witness=BUDI)
        exchange(first, S2)
        assert code(desk.check(1, "READY")) is None
        assert (holder_of(S1).id, holder_of(S2).id) == (second, first)
        (ruined,) = lying_at()
        assert (ruined.serial, ruined.card) == (S1, "crd_2")
        assert books_and_tables_are_whole()


def test_the_dinas_sees_the_corrected_one_whatever_order_the_chains_come_in(desk):
    with desk.at():
        first, second = desk.made(1, S1), desk.made(2, S2)
        check_card(by(SARI), card="crd_2", result="REJECTED", witness=BUDI)
        exchange(first, S2)
        exchange(desk.unknown(3, S3), S4)
        exchange(first, S1)
        exchange(first, S2)
        desk.check(1, "READY")
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert (attempt_seen(first).serial, attempt_seen(second).serial) == (S2, S1)
        assert books_and_tables_are_whole()
    assert_order_free(desk.offices, DINAS)
    assert_order_free(desk.offices, KEC)


def test_a_double_click_exchanges_once(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        command = by(SARI)
        answers = [
            exchange_blanko(command, attempt=attempt, serial=S2, witness=BUDI) for _ in range(2)
        ]
        assert answers[0] == answers[1]
        assert len(told("attempt.corrected/1")) == 1


def test_two_persons_say_it_and_the_second_is_not_who_printed(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        assert code(exchange(attempt, S2, witness="")) == "printing.two_persons"
        assert code(exchange(attempt, S2, witness=SARI)) == "officer.same_person"
        no = exchange(attempt, S2, officer=BUDI, witness=SARI)
        assert code(no) == "printing.second_printed_it"
        assert code(exchange(attempt, S2, officer=BUDI, witness=ANDI)) is None


def test_what_is_not_in_a_hand_is_not_exchanged(desk):
    with desk.at():
        is_open = desk.opened(1, S1)
        assert code(exchange(is_open, S2)) == "printing.exchange_not_now"
        assert code(exchange("att_none", S2)) == "printing.no_such_attempt"
        printed = desk.made(2, S2)
        assert code(exchange(printed, S2)) == "printing.exchange_same"
        assert code(exchange(printed, S1)) == "printing.exchange_in_printer"
        assert code(desk.check(2, "READY")) is None
        assert code(exchange(printed, S3)) == "printing.already_checked"
        assert code(exchange(desk.made(3, S3), S2)) == "printing.exchange_checked"
        assert books_and_tables_are_whole()


def test_nothing_is_exchanged_in_a_quarantine(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        quarantine("a test")
        assert code(exchange(attempt, S2)) == "server.quarantined"


def test_a_blank_that_is_not_here_by_the_books_is_not_taken_for_the_card(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        assert code(exchange(attempt, "SPC00099999")) == "blanko.exchange_unknown"
        ship(by(SARI), to=DINAS, boxes=[], serials=[S2], courier="off_k")
        assert code(exchange(attempt, S2)) == "blanko.exchange_in_transit"
        lend(by(SARI), items=[S3], document="BA 1", witness=BUDI)
        assert code(exchange(attempt, S3)) == "blanko.exchange_loaned"
        take_unmatched(by(SARI), boxes=[], serials=["SPC00000099"], document="DO 1", witness=BUDI)
        assert code(exchange(attempt, "SPC00000099")) == "blanko.exchange_unmatched"
        assert (place_of(S1), desk.names(1)) == ("issued", S1)


def test_a_blank_in_dispute_or_destroyed_is_settled_first(desk):
    with desk.at():
        attempt, second = desk.made(1, S1), desk.unknown(2, S2)
        settle(attempt_seen(second), "DISPUTE")
        assert code(exchange(attempt, S2)) == "blanko.exchange_disputed"
        third = desk.unknown(3, S3)
        empty_printer(by(), printer="p3", witness=BUDI)
        settle(attempt_seen(third), "SPOILED")
        destroy(by(SARI), serials=[S3], document="BA 2", witness=BUDI)
        assert code(exchange(attempt, S3)) == "blanko.exchange_gone"
        assert why_kept_in_batch(S3) is None


def test_a_blank_that_a_dispute_found_whole_is_nobodys(desk):
    with desk.at():
        attempt, second = desk.made(1, S1), desk.unknown(2, S2)
        settle(attempt_seen(second), "DISPUTE")
    desk.offices.post()
    with desk.offices.at(DINAS):
        settle_dispute(by(SARI), item=S2, outcome="shelf", document="BA 3", witness=BUDI)
    desk.offices.post()
    with desk.at():
        assert exchange(attempt, S2)["partner"] == ""
        assert books_and_tables_are_whole()


def test_another_offices_blank_is_that_offices_to_look_for(desk):
    with desk.offices.at(DINAS):
        open_books(by(SARI), boxes=[], serials=["SPC00000077"], witness=BUDI)
        desk_serial = "SPC00000077"
    with desk.at():
        attempt = desk.made(1, S1)
        # This office is not told of the dinas's blanks: for it there is no such serial.
        assert code(exchange(attempt, desk_serial)) == "blanko.exchange_unknown"
