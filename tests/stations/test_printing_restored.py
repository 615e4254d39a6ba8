"""The count that ends the quarantine of a restored server."""

from __future__ import annotations

import pytest

from ampera.blanko.actions import dispute_in, open_books, reserve_in
from ampera.blanko.queries import accounts, shelf_count
from ampera.journal.actions import Command, perform
from ampera.journal.quarantine import is_quarantined, quarantine
from ampera.printing.actions.restored import count_restored_server
from ampera.words import Refusal

SERIALS = ["SPC00000001", "SPC00000002", "SPC00000003"]


@pytest.fixture
def restored(offices):
    with offices.at("16.71.02"):
        opened = open_books(
            Command("cmd_open", "off_1"), boxes=[], serials=SERIALS, witness="off_2"
        )
        assert not isinstance(opened, Refusal)
        quarantine("restored")
        yield offices


def count(serials: list[str], *, witness: str = "off_2"):
    return count_restored_server(
        Command("cmd_count", "off_1"), seen_serials=serials, seen_boxes=[], witness=witness
    )


def test_a_whole_count_lifts_the_quarantine_and_suspects_nothing(restored) -> None:
    answer = count(SERIALS)
    assert not isinstance(answer, Refusal)
    assert (answer["missing"], answer["suspects"]) == ([], [])
    assert not is_quarantined()
    assert shelf_count("16.71.02") == 3


def test_a_missing_blank_goes_to_dispute(restored) -> None:
    answer = count(SERIALS[:2])
    assert not isinstance(answer, Refusal)
    assert answer["missing"] == [SERIALS[2]]
    assert accounts("16.71.02")["dispute"] == 1
    assert shelf_count("16.71.02") == 2


def test_one_person_does_not_count_alone(restored) -> None:
    answer = count(SERIALS, witness="off_1")
    assert isinstance(answer, Refusal)
    assert answer.code == "officer.same_person"
    assert is_quarantined()


def test_the_count_is_made_only_after_a_restore(restored) -> None:
    count(SERIALS)
    again = count_restored_server(
        Command("cmd_again", "off_1"), seen_serials=SERIALS, seen_boxes=[], witness="off_2"
    )
    assert again == Refusal("printing.not_quarantined")


def test_a_reserved_blanko_that_nobody_sees_stays_with_its_attempt(restored) -> None:
    """World 3006: the count moved it away under an open attempt, which nobody could settle then. It
    may still have become any card, so it counts as missing."""

    def reserve(pen):
        return reserve_in(pen, serial=SERIALS[0], attempt="att_1") or {}

    lift = Command("cmd_reserve", "off_1")
    assert perform(lift, reserve, content={}) == {}
    answer = count(SERIALS[1:])
    assert not isinstance(answer, Refusal)
    assert answer["missing"] == [SERIALS[0]]
    assert (accounts("16.71.02")["reserved"], accounts("16.71.02").get("dispute", 0)) == (1, 0)

    def settle(pen):
        return dispute_in(pen, serial=SERIALS[0]) or {}

    assert perform(Command("cmd_settle", "off_1"), settle, content={}) == {}
    assert accounts("16.71.02")["dispute"] == 1
