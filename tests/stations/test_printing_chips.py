"""The chip of a card: bound to its blank, written once, read back, and what its failures cost."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from django.db import connection

from ampera.devices.chip.memory import memory_encoder
from ampera.devices.chip.sam import SimulatedSam
from ampera.devices.chip.simulated import uid_of_blank
from ampera.journal.models import EntryRow
from ampera.printing.actions import personalise_card
from ampera.printing.ports import ChipSeen, ChipState, open_encoder
from ampera.printing.queries import encoding_of, printed_card
from ampera.words import OfficeCode, Refusal
from tests.interleavings import assert_order_free
from tests.stations.chip_desk import ChipDesk, chip_alarms, compose, contents
from tests.stations.printing_desk import (
    BUDI,
    DINAS,
    KEC,
    SARI,
    books_and_tables_are_whole,
    by,
    code,
    place_of,
    serial,
)

PORTRAIT_EF = b"\x01\x02"


@pytest.fixture
def desk(offices):
    made = ChipDesk(offices)
    yield made
    open_encoder(OfficeCode(KEC), encoder=None)


def kinds(kind):
    return EntryRow.objects.filter(kind=kind).count()


def test_a_printed_card_is_written_read_back_and_told_once(desk):
    with desk.at():
        attempt = desk.printed()
        answer = desk.personalise(attempt)
        assert answer["outcome"] == "WRITTEN"
        assert answer["uid"] == uid_of_blank(attempt.serial)
        seen = desk.encoder.read()
        assert (seen.state, seen.contents) == (ChipState.COMPLETE, contents(1))
        assert code(desk.personalise(attempt)) == "printing.chip_is_done"
        assert (kinds("chip.bound/1"), kinds("card.encoded/1")) == (1, 1)
        assert books_and_tables_are_whole()


def test_the_same_command_given_again_gets_the_same_answer_and_writes_nothing_new(desk):
    with desk.at():
        attempt = desk.printed()
        command = by(SARI)
        first = personalise_card(command, attempt=attempt.id, encoder=desk.encoder, compose=compose)
        again = personalise_card(command, attempt=attempt.id, encoder=desk.encoder, compose=compose)
        assert first["outcome"] == "WRITTEN"
        assert again == first
        assert kinds("card.encoded/1") == 1


def test_nothing_that_went_to_the_chip_stands_in_any_entry(desk):
    with desk.at():
        desk.personalise(desk.printed())
        row = EntryRow.objects.get(kind="card.encoded/1")
        told = f"{row.__dict__}"
        assert "SPESIMEN" not in told
        assert contents(1).version not in told


def test_no_chip_is_spoken_to_inside_a_transaction(desk):
    class Watching:
        def __getattr__(self, name):
            assert not connection.in_atomic_block
            return getattr(desk.encoder, name)

    with desk.at():
        assert desk.personalise(desk.printed(), encoder=Watching())["outcome"] == "WRITTEN"


def test_a_card_torn_away_is_no_failure_and_the_same_card_is_written_from_the_start(desk):
    with desk.at():
        attempt = desk.printed()
        desk.reader.tear_after(4)
        assert code(desk.personalise(attempt)) == "printing.chip_torn"
        assert kinds("card.encoded/1") == 0
        desk.reader.put(attempt.serial)
        assert desk.encoder.read().state is ChipState.TORN
        assert desk.personalise(attempt)["outcome"] == "WRITTEN"


def test_a_torn_card_that_cannot_be_finished_fails_and_can_only_be_rejected(desk):
    with desk.at():
        attempt = desk.printed()
        desk.reader.tear_after(4)
        assert code(desk.personalise(attempt)) == "printing.chip_torn"
        assert desk.fail(attempt, "torn")["outcome"] == "FAILED"
        assert code(desk.check(1, "READY")) == "printing.chip_failed"
        assert desk.check(1, "REJECTED", BUDI) == {"card": "crd_1", "result": "REJECTED"}
        assert place_of(attempt.serial) == "spoiled"
        moved = EntryRow.objects.filter(kind="blanko.moved/1").order_by("id").last()
        assert '"cause":"torn"' in moved.facts or moved.facts["cause"] == "torn"
        assert books_and_tables_are_whole()


def test_a_chip_whose_memory_takes_no_writing_ends_failed_at_once(desk):
    with desk.at():
        attempt = desk.printed()
        desk.reader.spoil(attempt.serial, worn=frozenset({PORTRAIT_EF}))
        answer = desk.personalise(attempt)
        assert (answer["outcome"], answer["cause"]) == ("FAILED", "failed_encode")
        assert encoding_of(attempt.id).cause == "failed_encode"


def test_a_chip_that_reads_back_otherwise_is_written_three_times_and_then_failed(desk):
    class Forgetful:
        """Drops one byte of the portrait whenever it is read."""

        writes = 0

        def __getattr__(self, name):
            return getattr(desk.encoder, name)

        def write(self, given, *, uid):
            self.writes += 1
            desk.encoder.write(given, uid=uid)

        def read(self):
            seen = desk.encoder.read()
            return ChipSeen(seen.uid, ChipState.TORN) if self.writes else seen

    with desk.at():
        encoder = Forgetful()
        answer = desk.personalise(desk.printed(), encoder=encoder)
        assert (answer["outcome"], answer["cause"]) == ("FAILED", "failed_encode")
        assert encoder.writes == 3


def test_without_a_card_or_with_a_dead_chip_the_officer_says_no_chip(desk):
    with desk.at():
        attempt = desk.printed()
        desk.reader.remove()
        assert code(desk.personalise(attempt)) == "printing.no_chip_seen"
        desk.reader.spoil(attempt.serial, is_dead=True)
        desk.reader.put(attempt.serial)
        assert code(desk.personalise(attempt)) == "printing.no_chip_seen"
        answer = desk.fail(attempt, "no_chip")
        assert (answer["outcome"], answer["cause"], answer["uid"]) == ("FAILED", "no_chip", "")


def test_a_locked_sam_writes_and_records_nothing(desk):
    with desk.at():
        locked = replace(desk.encoder, sam=SimulatedSam(is_locked=True))
        assert code(desk.personalise(desk.printed(), encoder=locked)) == "printing.sam_refused"
        assert kinds("chip.bound/1") == kinds("card.encoded/1") == 0


def test_another_kind_of_chip_is_refused_and_said_to_be_the_wrong_one(desk):
    with desk.at():
        attempt = desk.printed()
        layout = replace(desk.encoder.layout, application=b"\xa0\x00")
        no = desk.personalise(attempt, encoder=replace(desk.encoder, layout=layout))
        assert no == Refusal("printing.chip_refused", status="6A82")
        assert desk.fail(attempt, "wrong_chip")["cause"] == "wrong_chip"


def test_a_reader_that_is_gone_is_told(desk, monkeypatch):
    from ampera.devices.chip.encoder import ReaderEncoder
    from ampera.devices.chip.pcsc import PcscReader

    # Not installed, as in most offices. (Asked in vain once, the real library would remember for
    # this whole process where it looked for its service.)
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    gone = ReaderEncoder(PcscReader(), SimulatedSam())
    with desk.at():
        assert code(desk.personalise(desk.printed(), encoder=gone)) == "printing.no_reader"


def test_a_card_changed_before_it_was_written_is_not_touched(desk):
    class Quick:
        """Somebody lays another blank there between the look and the write."""

        def __getattr__(self, name):
            return getattr(desk.encoder, name)

        def write(self, given, *, uid):
            desk.reader.put(serial(5))
            desk.encoder.write(given, uid=uid)

    with desk.at():
        assert code(desk.personalise(desk.printed(), encoder=Quick())) == "printing.chip_changed"
        assert desk.encoder.read().state is ChipState.EMPTY


def test_contents_that_do_not_fit_are_refused_before_the_chip_is_touched(desk):
    def huge(permit):
        made = compose(permit)
        return replace(made, files={**made.files, "portrait": bytes(5000)})

    with desk.at():
        attempt = desk.printed()
        no = personalise_card(by(), attempt=attempt.id, encoder=desk.encoder, compose=huge)
        assert no == Refusal("printing.chip_too_small", file="portrait", size=5000, most=4608)
        assert desk.encoder.read().state is ChipState.EMPTY


def test_without_a_packet_nothing_is_written(desk):
    with desk.at():
        attempt = desk.printed()
        no = Refusal("enrolment.packet_missing")
        answer = personalise_card(
            by(), attempt=attempt.id, encoder=desk.encoder, compose=lambda _: no
        )
        assert answer == no


def test_a_finished_card_of_another_person_is_never_written_over(desk):
    with desk.at():
        first = desk.printed(1)
        assert desk.personalise(first)["outcome"] == "WRITTEN"
        second = desk.printed(2)
        desk.reader.put(first.serial)
        assert code(desk.personalise(second)) == "printing.chip_holds_other_card"
        assert desk.encoder.read().contents == contents(1)
        assert len(chip_alarms()) == 1


def test_a_server_that_died_after_writing_finds_the_card_done_and_only_tells_it(desk):
    class Dying:
        """Writes, and the server dies before it is written down."""

        def __getattr__(self, name):
            return getattr(desk.encoder, name)

        def write(self, given, *, uid):
            desk.encoder.write(given, uid=uid)
            raise KeyboardInterrupt

    class NoMoreWriting:
        def __getattr__(self, name):
            assert name != "write", "a complete chip is not written again"
            return getattr(desk.encoder, name)

    with desk.at():
        attempt = desk.printed()
        with pytest.raises(KeyboardInterrupt):
            desk.personalise(attempt, encoder=Dying())
        answer = desk.personalise(attempt, encoder=NoMoreWriting())
        assert answer["outcome"] == "WRITTEN"


def test_chips_survive_a_restart_of_the_simulated_reader(desk, tmp_path):
    encoder, reader = memory_encoder(tmp_path / "chips")
    with desk.at():
        attempt = desk.printed()
        reader.put(attempt.serial)
        assert desk.personalise(attempt, encoder=encoder)["outcome"] == "WRITTEN"
    again, _ = memory_encoder(tmp_path / "chips")
    assert again.read().contents == contents(1)


def test_where_the_office_has_an_encoder_a_card_is_ready_only_after_its_chip(desk):
    open_encoder(OfficeCode(KEC), encoder=desk.encoder)
    with desk.at():
        attempt = desk.printed()
        assert code(desk.check(1, "READY")) == "printing.chip_not_written"
        desk.personalise(attempt)
        assert desk.check(1, "READY") == {"card": "crd_1", "result": "READY"}
        assert code(desk.personalise(attempt)) == "printing.chip_is_done"


def test_without_an_encoder_a_card_is_ready_without_a_chip(desk):
    with desk.at():
        desk.printed()
        assert desk.check(1, "READY") == {"card": "crd_1", "result": "READY"}


def test_a_checked_card_is_not_written_any_more(desk):
    with desk.at():
        attempt = desk.printed()
        desk.check(1, "READY")
        assert code(desk.personalise(attempt)) == "printing.already_checked"


def test_a_rejected_card_with_a_good_chip_spoils_both(desk):
    with desk.at():
        attempt = desk.printed()
        desk.personalise(attempt)
        assert not isinstance(desk.check(1, "REJECTED", BUDI), Refusal)
        assert place_of(attempt.serial) == "spoiled"
        assert printed_card("crd_1").result == "REJECTED"


def test_the_dinas_knows_the_chips_of_its_offices_in_any_order_of_news(desk, offices):
    with desk.at():
        desk.personalise(desk.printed(1))
        second = desk.printed(2)
        desk.fail(second, "torn")
        desk.check(2, "REJECTED", BUDI)
    offices.post()
    with offices.at(DINAS):
        assert encoding_of(second.id).cause == "torn"
    assert_order_free(offices, KEC, tries=5)
    assert_order_free(offices, DINAS, tries=5)
