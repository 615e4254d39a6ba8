"""Checks of finished cards, runs, hoppers and lots: decided without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.printing.rules.attempts import (
    CheckFacts,
    Result,
    decide_check,
)
from ampera.printing.rules.printers import (
    DAYS_AHEAD,
    capacity_per_day,
    decide_run,
    hindrance,
    lot_most,
    next_in_hopper,
)
from tests.rules.test_printing_rules import BUDI, SARI, code

# ---- checking ----

PRINTED = CheckFacts(is_printed_here=True, is_checked=False)


def check(facts, result, *, officer=SARI, witness=""):
    return decide_check(facts, result=result, officer=officer, witness=witness)


def test_one_officer_finds_a_card_ready():
    assert check(PRINTED, Result.READY) is None


def test_rejecting_a_card_takes_a_second_person():
    assert check(PRINTED, Result.REJECTED, witness=BUDI) is None
    assert code(check(PRINTED, Result.REJECTED)) == "printing.two_persons"
    assert code(check(PRINTED, Result.REJECTED, witness=SARI)) == "officer.same_person"


@pytest.mark.parametrize(
    ("facts", "officer", "expected"),
    [
        (replace(PRINTED, is_printed_here=False), SARI, "printing.not_printed_here"),
        (replace(PRINTED, is_checked=True), SARI, "printing.already_checked"),
        (PRINTED, "", "printing.two_persons"),
    ],
)
def test_what_bars_a_check(facts, officer, expected):
    assert code(check(facts, Result.READY, officer=officer)) == expected


# ---- runs, hoppers, lots ----


def run(cards, serials=(), *, shelf=(), is_on=False):
    return decide_run(
        printer="p1", cards=cards, serials=serials, on_shelf=frozenset(shelf), is_on=is_on
    )


def test_a_run_begins_with_blanks_fed_by_hand_or_a_hopper_of_shelf_blanks():
    assert run(160) is None
    assert run(2, ["B1", "B2"], shelf=["B1", "B2", "B3"]) is None


@pytest.mark.parametrize(
    ("no", "expected"),
    [
        (run(1, is_on=True), "printing.run_is_on"),
        (run(0), "printing.run_too_long"),
        (run(501), "printing.run_too_long"),
        (run(3, ["B1", "B2"], shelf=["B1", "B2"]), "printing.run_too_long"),
        (run(2, ["B1", "B1"], shelf=["B1"]), "printing.run_too_long"),
        (run(1, ["B9"], shelf=["B1"]), "printing.hopper_not_shelf"),
    ],
)
def test_what_bars_a_run(no, expected):
    assert code(no) == expected


def test_no_blank_in_the_hopper_is_passed_over():
    load = ["B3", "B1", "B2"]
    assert next_in_hopper(load, used=frozenset()) == "B3"
    assert next_in_hopper(load, used=frozenset({"B3"})) == "B1"
    assert next_in_hopper(load, used=frozenset(load)) is None


def test_three_minutes_a_card_are_160_cards_in_eight_hours():
    assert capacity_per_day([180.0] * 10) == 160
    assert capacity_per_day([]) == 160


def test_capacity_is_measured_and_a_pause_does_not_make_a_printer_slow():
    assert capacity_per_day([360.0] * 11) == 80
    assert capacity_per_day([180.0] * 11 + [40000.0] * 5) == 160


@given(shelf=st.integers(0, 9999), open_permits=st.integers(0, 9999), capacity=st.integers(1, 999))
def test_an_office_never_gets_more_permits_than_blanks(shelf, open_permits, capacity):
    most = lot_most(on_shelf=shelf, open_permits=open_permits, capacity=capacity)
    assert most >= 0
    if most:
        assert open_permits + most <= shelf
        assert open_permits + most <= DAYS_AHEAD * capacity


def test_4000_blanks_for_16_kecamatan_are_250_permits_each():
    assert lot_most(on_shelf=250, open_permits=0, capacity=160) == 250


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        (["media-jam", "media-empty"], "printing.printer_jammed"),
        (["cover-open"], "printing.cover_open"),
        (["marker-supply-empty"], "printing.ribbon_empty"),
        (["subunit-over-temperature"], "printing.printer_hot"),
        (["subunit-warming-up"], "printing.printer_cold"),
        (["media-empty", "media-needed"], "printing.feed_blanko"),
        (["spool-area-full"], "printing.printer_stopped"),
        ([], "printing.printer_stopped"),
    ],
)
def test_a_stopped_printer_says_what_to_do(keywords, expected):
    no = hindrance(keywords, printer="p1", serial="B0001")
    assert no.code == expected
    assert "…" not in no.text() + no.text("en") + no.next_step()
