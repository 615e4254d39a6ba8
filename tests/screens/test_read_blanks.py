"""What officers see of a printer that reads a blank's chip before it prints on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from ampera.devices.chip.simulated import uid_of_blank
from ampera.devices.simulated.cards import Fate
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import COOL
from ampera.journal.actions import Command
from ampera.printing.actions import start_run, step_printer
from ampera.printing.queries import attempt_seen, open_attempts, unknown_attempts
from tests.api.city import DINAS, PASSWORD, SU1
from tests.screens.browser import Browser, shown
from tests.stations.printing_desk import grant_here

FIRST, SECOND = "SPC02000001", "SPC02000002"


@pytest.fixture
def city(fresh_city):
    """Each test has its own: they use up the same blanks."""
    return fresh_city


@pytest.fixture
def printer(city) -> MemoryPrinter:
    """A printer with a reader inside, two blanks in its hopper, and a card to print."""
    with city.offices.at(DINAS):
        grant_here(1, office=SU1)
    city.offices.post()
    now = city.offices.clock.at
    made = MemoryPrinter(now=now, rng=Random(7), model=replace(COOL, has_reader=True))
    made.machine.load([FIRST, SECOND])
    with city.offices.at(SU1):
        command = Command(id="cmd_run", officer=city.officer(SU1, "cetak"))
        begun = start_run(command, printer="p-baca", cards=2, serials=[FIRST, SECOND])
        assert begun == {"run": "cmd_run"}
    return made


def step(city, printer: MemoryPrinter) -> None:
    city.offices.clock.move(timedelta(seconds=10))
    with city.offices.at(SU1):
        printer.tick(city.offices.clock.at)
        step_printer("p-baca", port=printer, render=lambda _: b"%PDF-1.4 SPESIMEN")


def test_the_print_desk_says_that_the_chip_was_read_before_printing(city, printer):
    step(city, printer)
    with city.offices.at(SU1):
        assert [each.serial for each in open_attempts()] == [FIRST]
    text = shown(Browser(city, SU1, "cetak").get("/cetak/", **{"HX-Request": "true"}))
    assert f"cipnya dibaca di dalam pencetak sebelum dicetak (UID {uid_of_blank(FIRST)} )" in text


@pytest.mark.parametrize(
    ("befalls", "said"),
    [
        ("dead", "bila nomor serinya sama, pilih rusak, “cip tidak menjawab”"),
        ("double", "Dua blanko masuk sekaligus: keduanya ada di wadah kartu rusak"),
    ],
)
def test_two_officers_are_led_to_a_blank_that_was_not_printed_on(city, printer, befalls, said):
    if befalls == "dead":
        printer.machine.chip_of = lambda serial: None
    else:
        printer.machine.faults.second = Fate.UNTOUCHED
    step(city, printer)
    step(city, printer)
    with city.offices.at(SU1):
        (attempt,) = unknown_attempts()
    desk = Browser(city, SU1, "cetak")
    live = shown(desk.get("/cetak/", **{"HX-Request": "true"}))
    assert f"Blanko {FIRST} di p-baca" in live
    page = desk.get(f"/cetak/percobaan/{attempt.id}/")
    text = shown(page)
    assert said in text
    assert "tidak ada pita yang terpakai" in text
    assert "Kosongkan pencetak berdua" not in text
    sent = desk.send(
        page,
        f"/cetak/percobaan/{attempt.id}/",
        outcome="SPOILED",
        cause="no_chip" if befalls == "dead" else "double_feed",
        second_login="kepala",
        second_password=PASSWORD,
    )
    assert sent.status_code in (200, 302), sent
    with city.offices.at(SU1):
        settled = attempt_seen(attempt.id)
        assert settled is not None
        assert settled.settled == "SPOILED"
