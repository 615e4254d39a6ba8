"""Two officers write one chip, or hold one chip against two blanks, at the same moment."""

from __future__ import annotations

import pytest

from ampera.devices.chip.memory import memory_encoder
from ampera.journal.models import EntryRow
from ampera.journal.rebuild import compare_with_rebuild
from ampera.printing.actions import (
    bind_chip,
    check_card,
    end_attempt,
    fail_chip,
    open_attempt,
    personalise_card,
)
from ampera.printing.actions import chips as chip_actions
from ampera.printing.queries import chips_told_twice, encoding_of, printed_card
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.stations.chip_desk import compose
from tests.stations.printing_desk import BUDI, DINAS, SARI, by, count_in, grant_here, serial


@pytest.fixture
def reader(postgres_database, tmp_path):
    with acting_as(DINAS):
        grant_here(1, office=DINAS)
        count_in(3)
        yield memory_encoder(tmp_path / "chips")


@pytest.fixture
def printed(reader) -> str:
    """An attempt whose card lies printed on the reader."""
    opened = open_attempt(by(), permit="prm_1", printer="p1")
    ended = end_attempt(by(), attempt=opened["attempt"], outcome="PRINTED", cause="completed")
    assert ended["outcome"] == "PRINTED"
    reader[1].put(opened["serial"])
    return opened["attempt"]


def kinds(kind: str) -> int:
    return EntryRow.objects.filter(kind=kind).count()


def won(said: list[object]) -> list[object]:
    return [each for each in said if not isinstance(each, Refusal)]


def test_a_chip_written_from_two_windows_is_told_once(reader, printed, monkeypatch):
    monkeypatch.setattr(chip_actions, "decide_encode", Meeting().after(chip_actions.decide_encode))

    def write():
        return personalise_card(by(SARI), attempt=printed, encoder=reader[0], compose=compose)

    said = race(write, write)
    assert len(won(said)) == 1
    assert [each.code for each in said if isinstance(each, Refusal)] == ["printing.chip_is_done"]
    assert (kinds("card.encoded/1"), kinds("chip.bound/1")) == (1, 1)
    assert compare_with_rebuild() == []


def test_written_and_failed_at_one_moment_is_one_of_the_two(reader, printed, monkeypatch):
    monkeypatch.setattr(chip_actions, "encoding_of", Meeting().after(encoding_of))
    said = race(
        lambda: personalise_card(by(SARI), attempt=printed, encoder=reader[0], compose=compose),
        lambda: fail_chip(by(BUDI), attempt=printed, cause="no_chip"),
    )
    (told,) = won(said)
    assert isinstance(told, dict)
    assert encoding_of(printed).outcome == told["outcome"]
    assert kinds("card.encoded/1") == 1


def test_one_chip_is_bound_to_one_of_two_blanks(reader, monkeypatch):
    reader[1].put(serial(1))
    monkeypatch.setattr(chip_actions, "decide_bind", Meeting().after(chip_actions.decide_bind))
    said = race(
        *(
            lambda blank=blank: bind_chip(by(SARI), serial=blank, encoder=reader[0])
            for blank in (serial(1), serial(2))
        )
    )
    assert len(won(said)) == 1
    assert [each.code for each in said if isinstance(each, Refusal)] == [
        "printing.chip_of_other_blank"
    ]
    assert chips_told_twice() == []
    assert kinds("chip.bound/1") == 1


def test_a_card_found_ready_while_its_chip_is_said_to_have_failed_leaves_one_truth(
    reader, printed, monkeypatch
):
    """Without an encoder a card needs no chip: each may be said alone, never both."""
    monkeypatch.setattr(chip_actions, "encoding_of", Meeting().after(encoding_of))
    said = race(
        lambda: check_card(by(SARI), card="crd_1", result="READY"),
        lambda: fail_chip(by(BUDI), attempt=printed, cause="no_chip"),
    )
    is_ready = printed_card("crd_1").result == "READY"
    is_failed = encoding_of(printed) is not None
    assert len(won(said)) == 1
    assert is_ready != is_failed
