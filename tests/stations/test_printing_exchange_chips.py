"""Two blanks exchange their places, and the chips that were read go with the cards."""

from __future__ import annotations

import pytest

from ampera.blanko.actions import open_books
from ampera.blanko.rules import Box
from ampera.journal.alarms import open_alarms
from ampera.printing.actions import bind_chip, check_card, empty_printer, personalise_card
from ampera.printing.actions import exchange as exchanging
from ampera.printing.actions.chips import bind_uid
from ampera.printing.models import Attempt
from ampera.printing.queries import (
    attempt_seen,
    chips_of_blank,
    encoding_of,
    serials_of_chip,
)
from ampera.withdrawal.actions import open_batch
from ampera.withdrawal.queries import why_kept_in_batch
from tests.interleavings import assert_order_free
from tests.stations.chip_desk import compose
from tests.stations.exchange_desk import S1, S2, S3, ExchangeDesk, exchange, told
from tests.stations.printing_desk import (
    BUDI,
    DINAS,
    KEC,
    SARI,
    Crash,
    books_and_tables_are_whole,
    by,
    code,
    grant_here,
    place_of,
    serial,
    settle,
)
from tests.stations.stage_desk import StageDesk


@pytest.fixture
def desk(offices):
    return ExchangeDesk(offices)


def write(desk, attempt, blank):
    """The card that really is this blank lies on the reader."""
    desk.reader.put(blank)
    return personalise_card(by(SARI), attempt=attempt, encoder=desk.encoder, compose=compose)


def listed(desk, *blanks):
    """The maker's list tells which chip sits in which of these blanks."""
    for blank in blanks:
        desk.reader.put(blank)
        assert code(bind_chip(by(), serial=blank, encoder=desk.encoder)) is None


def uid(desk, blank):
    return desk.reader.uid_of(blank)


def test_the_chip_that_was_written_under_the_wrong_name_goes_with_its_card(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        assert write(desk, attempt, S2)["outcome"] == "WRITTEN"
        assert serials_of_chip(uid(desk, S2)) == [S1]
        assert code(exchange(attempt, S2)) is None
        assert serials_of_chip(uid(desk, S2)) == [S2]
        assert (chips_of_blank(S1), chips_of_blank(S2)) == ([], [uid(desk, S2)])
        assert encoding_of(attempt).serial == S2
        assert code(desk.check(1, "READY")) is None
        assert books_and_tables_are_whole()


def test_the_first_blank_is_as_new_afterwards_and_its_own_chip_can_be_written(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        write(desk, attempt, S2)
        exchange(attempt, S2)
        second = desk.made(2, S1)
        assert write(desk, second, S1)["outcome"] == "WRITTEN"
        assert chips_of_blank(S1) == [uid(desk, S1)]
        assert code(desk.check(2, "READY")) is None
        assert books_and_tables_are_whole()


def test_undone_the_chip_goes_back(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        write(desk, attempt, S1)
        exchange(attempt, S2)
        exchange(attempt, S1)
        assert serials_of_chip(uid(desk, S1)) == [S1]
        assert books_and_tables_are_whole()


def test_a_chip_that_is_written_after_the_exchange_is_bound_to_the_real_blank(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        exchange(attempt, S2)
        assert write(desk, attempt, S2)["serial"] == S2
        assert chips_of_blank(S2) == [uid(desk, S2)]


def test_two_cards_on_each_others_blanks_change_their_chips_too(desk):
    with desk.at():
        first, second = desk.made(1, S1), desk.made(2, S2)
        write(desk, first, S2)
        write(desk, second, S1)
        assert code(exchange(first, S2)) is None
        assert chips_of_blank(S1) == [uid(desk, S1)]
        assert chips_of_blank(S2) == [uid(desk, S2)]
        assert books_and_tables_are_whole()
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert chips_of_blank(S1) == [uid(desk, S1)]
    assert_order_free(desk.offices, DINAS)
    assert_order_free(desk.offices, KEC)


def test_a_chip_that_the_printer_read_at_first_sight_goes_with_its_card(offices):
    desk = StageDesk(offices)
    with desk.at():
        desk.load(2)
        desk.begin(1)
        desk.work(20)
        first = desk.attempt(1)
        assert serials_of_chip(uid(desk, S2)) == [S1]
        assert first.state == "PRINTED"
        assert code(exchange(first.id, S2)) is None
        assert serials_of_chip(uid(desk, S2)) == [S2]
        assert (place_of(S1), place_of(S2)) == ("shelf", "issued")
        assert books_and_tables_are_whole()


def test_a_pair_of_an_earlier_attempt_is_told_once_more_within_this_one(desk):
    with desk.at():
        chip = uid(desk, S2)
        assert bind_uid(by(), serial=S1, uid=chip, attempt="att_gone")["is_new"]
        attempt = desk.made(1, S1)
        assert not bind_uid(by(), serial=S1, uid=chip, attempt=attempt)["is_new"]
        assert not bind_uid(by(), serial=S1, uid=chip, attempt=attempt)["is_new"]
        assert [each["attempt"] for each in told("chip.bound/1")] == ["att_gone", attempt]
        exchange(attempt, S2)
        assert serials_of_chip(chip) == [S2]
        assert books_and_tables_are_whole()


def test_a_card_with_the_listed_chip_of_its_own_blank_is_that_blank(desk):
    with desk.at():
        listed(desk, S1)
        attempt = desk.made(1, S1)
        write(desk, attempt, S1)
        assert code(exchange(attempt, S2)) == "printing.card_is_of_its_blank"
        assert any("its chip says otherwise" in text for _, text in open_alarms())
        assert (place_of(S1), place_of(S2)) == ("issued", "shelf")


def test_what_the_reader_inside_the_printer_read_by_the_list_is_that_blank(offices):
    desk = StageDesk(offices)
    with desk.at():
        listed(desk, S1, S2)
        desk.load(1)
        desk.begin(1)
        desk.work(20)
        attempt = desk.attempt(1)
        assert code(exchange(attempt.id, S2)) == "printing.card_is_of_its_blank"


def test_a_blank_that_is_known_with_another_chip_is_not_written_over(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        write(desk, attempt, S3)
        listed(desk, S2)
        assert code(exchange(attempt, S2)) == "printing.blanko_has_its_chip"
        assert chips_of_blank(S2) == [uid(desk, S2)]
        assert any(S2 in text for _, text in open_alarms())
        assert code(exchange(attempt, S3)) is None


def test_a_card_whose_chip_cannot_be_that_of_the_first_blank_is_checked_first(desk):
    """The second card is really on S3, and the list knows S1: it cannot take that name."""
    with desk.at():
        listed(desk, S1)
        first, second = desk.made(1, S1), desk.made(2, S2)
        write(desk, second, S3)
        assert code(exchange(first, S2)) == "printing.other_card_first"
        assert code(exchange(second, S3)) is None
        assert code(exchange(first, S2)) is None
        assert (place_of(S1), place_of(S2), place_of(S3)) == ("shelf", "issued", "issued")
        assert books_and_tables_are_whole()


def test_a_blank_that_no_attempt_names_is_not_taken_from_the_cards(desk):
    with desk.at():
        first, second = desk.made(1, S1), desk.made(2, S2)
        Attempt.objects.filter(pk=second).delete()
        assert code(exchange(first, S2)) == "printing.exchange_made_unknown"


def test_at_the_dinas_the_blank_of_a_kecamatan_is_that_offices(desk):
    with desk.offices.at(DINAS):
        sealed = [Box("DUS1", "SPC00000100", 5)]
        open_books(by(SARI), boxes=sealed, serials=["SPC00000077"], witness=BUDI)
        grant_here(9, office=DINAS)
        attempt = desk.made(9, "SPC00000077")
        assert code(exchange(attempt, S1)) == "blanko.exchange_elsewhere"
        assert code(exchange(attempt, "SPC00000102")) == "blanko.box_sealed"


def test_a_ruined_blank_in_a_batch_for_destruction_stays_there(desk):
    with desk.at():
        desk.made(2, S2)
        check_card(by(SARI), card="crd_2", result="REJECTED", witness=BUDI)
        assert why_kept_in_batch(S2) is None
        assert code(open_batch(by(SARI), cause="FAILED_PRINT", pieces=[S2])) is None
        assert code(why_kept_in_batch(S2)) == "withdrawal.in_another_batch"


@pytest.mark.parametrize("step", ["exchange_in", "_named"])
def test_a_server_that_dies_in_between_has_done_nothing(desk, monkeypatch, step):
    with desk.at():
        attempt = desk.made(1, S1)
        write(desk, attempt, S2)

        def dies(*args, **kwargs):
            honest(*args, **kwargs)
            raise Crash

        honest = getattr(exchanging, step)
        command = by(SARI)
        with monkeypatch.context() as patched:
            patched.setattr(exchanging, step, dies)
            with pytest.raises(Crash):
                exchanging.exchange_blanko(command, attempt=attempt, serial=S2, witness=BUDI)
        assert (place_of(S1), place_of(S2), desk.names(1)) == ("issued", "shelf", S1)
        again = exchanging.exchange_blanko(command, attempt=attempt, serial=S2, witness=BUDI)
        assert again["serial"] == attempt_seen(attempt).serial == S2
        assert books_and_tables_are_whole()


def test_a_blank_that_was_seen_whole_is_known_by_its_serial_alone(offices):
    """The reader took S2 for S1 at first sight, and nothing was printed: S1 can be read anew."""
    desk = ExchangeDesk(offices)
    with desk.at():
        chip = uid(desk, S2)
        attempt = desk.unknown(1, S1)
        assert bind_uid(by(), serial=S1, uid=chip, attempt=attempt)["is_new"]
        assert serials_of_chip(chip) == [S1]
        empty_printer(by(), printer="p1", witness=BUDI)
        assert code(settle(attempt_seen(attempt), "SHELF")) is None
        assert (serials_of_chip(chip), chips_of_blank(S1)) == ([], [])
        again = desk.opened(2, S1)
        assert bind_uid(by(), serial=S1, uid=uid(desk, S1), attempt=again)["is_new"]
        assert chips_of_blank(S1) == [uid(desk, S1)]
        assert books_and_tables_are_whole()


def test_a_serial_may_be_typed_small_and_with_blanks_around(desk):
    with desk.at():
        attempt = desk.made(1, S1)
        assert exchange(attempt, f" {serial(2).lower()} ")["serial"] == S2
