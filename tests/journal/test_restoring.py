"""A database put back from a backup: what the second log saves, and what it cannot prove."""

from __future__ import annotations

import pytest

from ampera.journal.actions import Command
from ampera.journal.keys import ServerKey
from ampera.journal.models import Chain, CommandRow, EntryRow, Mark
from ampera.journal.quarantine import is_quarantined, lift_quarantine, quarantine
from ampera.journal.queries import part_after
from ampera.journal.receiving import Place, receive_part
from ampera.journal.registry import ChainType, Row
from ampera.journal.restoring import is_behind, recover_from_second_log
from ampera.journal.second_log import MemorySecondLog, secure
from ampera.words import OfficeCode, Refusal, Tier
from tests.journal.test_commands import note
from tests.journal.test_receiving import UP

HERE = OfficeCode("16.71.02")


@pytest.fixture
def restored(offices):
    """Ten entries, all on the second log; then the database forgets the last four."""
    with offices.at("16.71.02"):
        for number in range(10):
            note(Command(f"cmd_{number}"), f"text {number}", subject=f"req_{number}")
            secure()
        hashes = list(EntryRow.objects.order_by("seq").values_list("hash", flat=True))
        EntryRow.objects.filter(seq__gt=6).delete()
        Chain.objects.filter(name=str(UP)).update(seq=6, hash=hashes[5])
        CommandRow.objects.filter(pk__in=[f"cmd_{number}" for number in range(6, 10)]).delete()
        Mark.objects.filter(pk__in=[f"req_{number}" for number in range(6, 10)]).delete()
        yield offices, hashes


def test_a_database_behind_its_second_log_is_seen(restored) -> None:
    assert is_behind({}, office=HERE)


def test_a_database_behind_what_is_known_above_is_seen_too(restored) -> None:
    offices, _ = restored
    offices._houses["16.71.02"].second_log = MemorySecondLog()
    assert not is_behind({UP: Place(6, "")}, office=HERE)
    assert is_behind({UP: Place(7, "")}, office=HERE)


def test_the_second_log_gives_back_the_tail_and_its_tables(restored) -> None:
    _, hashes = restored
    found = recover_from_second_log()
    assert found.entries == 4
    assert found.is_whole
    assert found.previous[UP] == Place(10, hashes[9])
    assert Mark.objects.get(pk="req_9").value == "text 9"
    assert recover_from_second_log().entries == 0


def test_the_recovered_tail_vouches_for_itself_without_the_old_key(restored) -> None:
    offices, hashes = restored
    recover_from_second_log()
    # The machine was lost with its key: the new life has another one.
    house = offices._houses["16.71.02"]
    house.key, house.incarnation = ServerKey.from_seed(b"n" * 32), 2
    part = part_after(UP, 0, most=50)
    assert part is not None
    assert part.entries[-1].seq == 10
    with offices.at("16.71"):
        assert receive_part(part) == Place(10, hashes[9])


def test_a_fresh_stick_proves_nothing(restored) -> None:
    offices, _ = restored
    offices._houses["16.71.02"].second_log = MemorySecondLog()
    found = recover_from_second_log()
    assert (found.entries, found.is_whole) == (0, False)


def test_a_stick_that_ends_before_the_database_proves_nothing(restored) -> None:
    offices, _ = restored
    house = offices._houses["16.71.02"]
    short = MemorySecondLog()
    short.append(list(house.second_log.read())[:3])
    house.second_log = short
    assert not recover_from_second_log().is_whole


def test_a_quarantined_server_writes_nothing_that_cannot_be_taken_back(offices) -> None:
    offices.registry.add_rows(
        [Row("test.barred/1", Tier.KECAMATAN, ChainType.UP, "K", barred=True)]
    )

    def bar(command: Command):
        from ampera.journal.actions import perform

        def work(pen):
            pen.write("test.barred/1", subject="req_1", facts={})
            return {}

        return perform(command, work, content={})

    with offices.at("16.71.02"):
        quarantine("restored")
        quarantine("restored again")
        assert is_quarantined()
        assert bar(Command("cmd_1")) == Refusal("server.quarantined")
        assert note(Command("cmd_2"), "recording goes on") == {"said": "recording goes on"}
        lift_quarantine()
        assert bar(Command("cmd_1")) == {}


def test_what_was_done_before_the_restore_is_not_done_again(restored) -> None:
    recover_from_second_log()
    assert note(Command("cmd_9"), "text 9", subject="req_9") == Refusal("command.answer_lost")
    assert EntryRow.objects.count() == 10
    # A command of before the backup still has its answer.
    assert note(Command("cmd_1"), "text 1", subject="req_1") == {"said": "text 1"}


def test_guards_are_made_anew_after_entries_came_back(restored) -> None:
    offices, _ = restored
    made = []
    offices.registry.refreshers.append(lambda: made.append(1))
    recover_from_second_log()
    assert made == [1]
