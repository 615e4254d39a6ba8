"""A flipped byte anywhere is named by chain and place; the second log; a rebuild changes
nothing."""

from __future__ import annotations

import json

import pytest

from ampera.journal.actions import Command
from ampera.journal.models import Chain, EntryRow, Mark
from ampera.journal.queries import part_after
from ampera.journal.second_log import (
    FileSecondLog,
    is_database_behind,
    line_of,
    secure,
)
from ampera.journal.store import entry_of
from ampera.journal.verify import verify_server
from ampera.words import OfficeCode
from tests.journal.test_commands import note
from tests.journal.test_receiving import UP


@pytest.fixture
def written(offices):
    with offices.at("16.71.02"):
        for number in range(5):
            note(Command(f"cmd_{number}"), f"text {number}", body={"nama": f"Contoh {number}"})
        secure()
        part_after(UP, 0, most=50)  # leaves the house: the head is signed
        yield offices


def test_a_whole_server_has_nothing_to_tell(written) -> None:
    assert verify_server() == []


def _flipped(value):
    if isinstance(value, str):
        return ("0" if value[:1] != "0" else "1") + value[1:] if value else "x"
    return value + 1


@pytest.mark.parametrize(
    "column",
    ["kind", "subject", "at", "officer", "command_id", "facts", "body_hash", "prev", "hash", "salt",
     "body"],
)  # fmt: skip
@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_changed_cell_is_named_by_chain_and_place(written, column: str, seq: int) -> None:
    row = EntryRow.objects.get(seq=seq)
    EntryRow.objects.filter(pk=row.pk).update(**{column: _flipped(getattr(row, column))})
    found = verify_server()
    assert (str(UP), seq) in {(finding.chain, finding.seq) for finding in found}
    assert all(str(finding) for finding in found)


@pytest.mark.parametrize("position", range(0, 40, 3))
def test_a_flipped_bit_in_a_text_is_found_wherever_it_is(written, position: int) -> None:
    for column in ("facts", "body"):
        row = EntryRow.objects.get(seq=2)
        data = bytearray(getattr(row, column).encode())
        data[position % len(data)] ^= 1
        EntryRow.objects.filter(pk=row.pk).update(**{column: data.decode(errors="replace")})
        assert (str(UP), 2) in {(each.chain, each.seq) for each in verify_server()}
        EntryRow.objects.filter(pk=row.pk).update(**{column: getattr(row, column)})


def test_a_flipped_signature_is_found(written) -> None:
    row = EntryRow.objects.get(seq=5)
    EntryRow.objects.filter(pk=row.pk).update(signature=_flipped(row.signature))
    assert [str(each) for each in verify_server()] == [f"{UP} seq 5: its signature does not hold"]


def test_a_missing_entry_and_a_shortened_chain_are_found(written) -> None:
    EntryRow.objects.filter(seq=3).delete()
    assert (str(UP), 3) in {(each.chain, each.seq) for each in verify_server()}


def test_a_tail_cut_off_with_its_head_is_found_by_the_second_log(written) -> None:
    EntryRow.objects.filter(seq=5).delete()
    last = EntryRow.objects.get(seq=4)
    Chain.objects.filter(name=str(UP)).update(seq=4, hash=last.hash, at=last.at)
    found = [str(each) for each in verify_server()]
    assert found == [f"{UP} seq 5: lies in the second log but not in the database"]
    assert is_database_behind()


def test_a_table_changed_behind_the_journal_is_found_by_the_rebuild(written) -> None:
    Mark.objects.update(value="what nobody said")
    found = [str(each) for each in verify_server()]
    assert found == ["journal_mark req_1: value differs from a rebuild"]


def test_an_erased_body_does_not_break_the_chain(written) -> None:
    EntryRow.objects.filter(seq=2).update(body=None, salt="")
    assert verify_server() == []


def test_a_chain_that_its_origin_signed_longer_is_found(written) -> None:
    Chain.objects.filter(name=str(UP)).update(claimed_seq=9)
    assert "only 5 are here" in str(verify_server()[0])


def test_an_unknown_key_is_told(written) -> None:
    from ampera.journal.models import Incarnation

    Incarnation.objects.filter(office="16.71.02").delete()
    assert "key of its origin" in str(verify_server()[0])


def test_the_second_log_keeps_each_entry_once_and_survives_a_torn_line(written, tmp_path) -> None:
    file = tmp_path / "stick" / "second.log"
    log, lines = (
        FileSecondLog(file),
        [line_of(entry_of(row)) for row in EntryRow.objects.order_by("seq")],
    )
    log.append(lines[:2])
    log.append(lines[:3])
    with file.open("ab") as raw:
        raw.write(b'{"chain": "16.71.02/up@1", "se')  # the power went here
    again = FileSecondLog(file)
    assert again.last_seqs() == {str(UP): 3}
    again.append(lines)
    assert [json.loads(line)["seq"] for line in again.read()] == [1, 2, 3, 4, 5]
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_processes_share_one_second_log(written, tmp_path) -> None:
    lines = [line_of(entry_of(row)) for row in EntryRow.objects.order_by("seq")]
    web, worker = FileSecondLog(tmp_path / "s"), FileSecondLog(tmp_path / "s")
    web.append(lines[:2])
    worker.append(lines[:4])
    web.append(lines)
    assert [json.loads(line)["seq"] for line in worker.read()] == [1, 2, 3, 4, 5]


def test_a_broken_line_in_the_second_log_is_told(written) -> None:
    written._houses["16.71.02"].second_log.lines.append('{"chain": 1}')
    assert "line 6 of the second log cannot be read" in [str(each) for each in verify_server()]


def test_securing_twice_adds_nothing(written) -> None:
    assert secure() == 0
    note(Command("cmd_new"), "more")
    assert secure() == 1
    assert OfficeCode("16.71.02") == UP.origin
