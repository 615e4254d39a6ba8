"""Hands at a printer: what they hold outlives whoever plays them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ampera.devices.simulated.cards import Card, Fate, Physical
from ampera.devices.simulated.hands import obey
from ampera.devices.simulated.printer import PrinterConfig, SimulatedPrinter
from ampera.words.clock import FixedClock
from ampera.world.driving.hopper import Hopper, fate_of

NOW = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
SERIALS = ("DC00002001", "DC00002002", "DC00002003")


@pytest.fixture
def printer(tmp_path: Path) -> SimulatedPrinter:
    config = PrinterConfig(0, tmp_path)
    made = SimulatedPrinter(name="16.71.02", config=config, clock=FixedClock(NOW))
    made.tick()
    return made


def test_blanko_are_laid_in_the_order_in_which_the_books_feed_them(printer, tmp_path):
    hopper = Hopper(tmp_path)
    hopper.lay(reversed(SERIALS))
    assert not hopper.is_still
    obey(printer)
    assert hopper.is_still
    assert hopper.look().hopper == SERIALS


def test_what_lies_there_already_is_not_touched(printer, tmp_path):
    hopper = Hopper(tmp_path)
    hopper.lay(SERIALS)
    obey(printer)
    hopper.lay(SERIALS)
    assert hopper.is_still


def test_blanko_that_are_sent_away_leave_the_hopper(printer, tmp_path):
    hopper = Hopper(tmp_path)
    hopper.lay(SERIALS)
    obey(printer)
    hopper.lay(SERIALS[:1])
    obey(printer)
    assert hopper.look().hopper == SERIALS[:1]


def test_work_in_hand_is_found_by_whoever_comes_next(tmp_path):
    Hopper(tmp_path).take_in_hand({"lend": list(SERIALS)})
    assert Hopper(tmp_path).in_hand() == {"lend": list(SERIALS)}
    Hopper(tmp_path).put_down()
    assert Hopper(tmp_path).in_hand() is None


def test_a_printer_that_has_never_run_is_not_looked_into(tmp_path):
    assert not Hopper(tmp_path).is_still


@pytest.mark.parametrize(
    ("serial", "fate"),
    [
        ("DC1", "PRINTED"),
        ("DC2", "SPOILED"),
        ("DC3", "SHELF"),
        ("DC4", "SHELF"),
        ("DC5", ""),
        ("DC6", "DISPUTE"),
    ],
)
def test_two_officers_say_of_a_blanko_what_they_see(serial, fate):
    seen = Physical(
        hopper=("DC4",),
        inside="DC5",
        tray=(
            Card("DC1", "att", "", Fate.FINISHED),
            Card("DC3", "att", "", Fate.UNTOUCHED),
            Card("DC6", "other", "", Fate.FINISHED),
        ),
        ruined=(Card("DC2", "att", "", Fate.RUINED),),
    )
    assert fate_of(serial, attempt="att", seen=seen) == fate
