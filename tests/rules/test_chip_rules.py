"""Decisions about chips: pure, without a device and without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ampera.printing.rules.attempts import AttemptSeen, AttemptState, Result
from ampera.printing.rules.chips import (
    ENCODABLE,
    BindFacts,
    ChipFacts,
    Encoded,
    EncodeFacts,
    Encoding,
    Found,
    decide_bind,
    decide_check_of_chip,
    decide_encode,
    decide_found,
    may_be_shelved,
    suggested,
)
from ampera.words import Refusal

UID, BLANK = "F9000000000001", "SPC1"


def facts(uids: tuple[str, ...] = (), serials: tuple[str, ...] = ()) -> BindFacts:
    return BindFacts(serials_of_uid=serials, uids_of_serial=uids)


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        (facts(), True),
        (facts((UID,), (BLANK,)), False),
        (facts((), ("SPC2",)), "printing.chip_of_other_blank"),
        (facts(("F9000000000002",)), "printing.blank_has_other_chip"),
        (facts((UID,), (BLANK, "SPC2")), "printing.chip_of_other_blank"),
        (facts((UID, "F9000000000002"), (BLANK,)), "printing.blank_has_other_chip"),
    ],
    ids=["first", "known", "other blank", "other chip", "in two blanks", "two chips"],
)
def test_a_chip_and_a_blank_are_joined_once_for_ever(known, answer):
    said = decide_bind(known, uid=UID, serial=BLANK)
    assert (said.code if isinstance(said, Refusal) else said) == answer


def test_what_is_no_uid_is_a_defect():
    with pytest.raises(AssertionError):
        decide_bind(facts(), uid="F9", serial=BLANK)


def attempt(state: AttemptState) -> AttemptSeen:
    told: dict[str, Any] = {"ended": ""} if state is AttemptState.OPEN else {"ended": state.value}
    if state in (AttemptState.SHELF, AttemptState.DISPUTE):
        told = {"ended": "UNKNOWN", "settled": state.value}
    return AttemptSeen(
        id="att_1", office="16.71.02", permit="prm_1", card="crd_1", serial=BLANK, printer="p",
        officer="off_1", opened_at=datetime(2017, 9, 7, tzinfo=UTC), **told,
    )  # fmt: skip


def encoding(outcome: Encoded = Encoded.WRITTEN) -> Encoding:
    cause = "" if outcome is Encoded.WRITTEN else "torn"
    return Encoding(
        attempt="att_1", card="crd_1", serial=BLANK, uid=UID, outcome=outcome, cause=cause
    )


def encode(**changes: Any) -> str | None:
    told: dict[str, Any] = {
        "attempt": attempt(AttemptState.PRINTED),
        "is_checked": False,
        "encoding": None,
        "is_serial_used": False,
    }
    said = decide_encode(EncodeFacts(**(told | changes)))
    return said.code if said is not None else None


@pytest.mark.parametrize("state", list(AttemptState))
def test_a_chip_is_written_while_the_card_is_made_or_after(state):
    may = state in ENCODABLE
    assert encode(attempt=attempt(state)) == (None if may else "printing.chip_not_now")
    assert ({AttemptState.OPEN, AttemptState.PRINTED} >= {state}) is may


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"attempt": None}, "printing.no_such_attempt"),
        ({"encoding": encoding()}, "printing.chip_is_done"),
        ({"encoding": encoding(Encoded.FAILED)}, "printing.chip_is_done"),
        ({"is_checked": True}, "printing.already_checked"),
        ({"is_serial_used": True}, "printing.chip_is_used"),
    ],
)
def test_why_a_chip_is_not_written(changes, code):
    assert encode() is None
    assert encode(**changes) == code


@pytest.mark.parametrize("has_encoder", [True, False])
@pytest.mark.parametrize("known", [None, encoding(), encoding(Encoded.FAILED)])
def test_a_rejected_card_needs_no_good_chip(known, has_encoder):
    assert decide_check_of_chip(known, result=Result.REJECTED, has_encoder=has_encoder) is None


@pytest.mark.parametrize(
    ("known", "has_encoder", "code"),
    [
        (None, False, None),
        (None, True, "printing.chip_not_written"),
        (encoding(), True, None),
        (encoding(), False, None),
        (encoding(Encoded.FAILED), True, "printing.chip_failed"),
        (encoding(Encoded.FAILED), False, "printing.chip_failed"),
    ],
)
def test_ready_needs_a_chip_where_there_is_an_encoder(known, has_encoder, code):
    said = decide_check_of_chip(known, result=Result.READY, has_encoder=has_encoder)
    assert (said.code if said is not None else None) == code


@pytest.mark.parametrize(
    ("version", "is_empty", "is_of_other_blank", "found"),
    [
        ("a", False, False, Found.THIS_CARD),
        ("b", False, False, Found.OTHER_CARD),
        ("", True, False, Found.EMPTY),
        ("", False, False, Found.TORN),
        ("a", False, True, Found.OTHER_BLANK),
        ("", True, True, Found.OTHER_BLANK),
    ],
)
def test_what_a_chip_says(version, is_empty, is_of_other_blank, found):
    said = ChipFacts(
        is_empty=is_empty,
        complete_version=version,
        version="a",
        is_of_other_blank=is_of_other_blank,
    )
    assert decide_found(said) is found


def test_only_this_card_s_chip_speaks_for_printed_and_only_an_empty_one_for_the_shelf():
    assert {each: suggested(each) for each in Found if suggested(each)} == {
        Found.THIS_CARD: AttemptState.PRINTED
    }
    assert [each for each in Found if may_be_shelved(each)] == [Found.EMPTY]
