"""A whole card with its chip: from the counter to READY, the contents from the sealed packet."""

from __future__ import annotations

import pytest

from ampera.devices.chip.contents import texts_of
from ampera.devices.chip.layout import the_layout
from ampera.devices.chip.memory import memory_encoder
from ampera.enrolment.ports import room
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.printing.actions import check_card, personalise_card, read_chip_of
from ampera.printing.ports import open_encoder
from ampera.printing.queries import cards_to_check
from ampera.printing.rules.chips import Found
from ampera.tiers.chips import compose
from ampera.tiers.print_packets import keep, name_for, wanted
from ampera.words import OfficeCode, Refusal
from tests.api.city import DINAS, PUSAT, SU1


def fetch(city, *, at: str, of: str) -> None:
    """What the worker of `at` does each round; the line is left out."""
    with city.offices.at(at):
        asked = wanted(most=20)
    for about, key in asked:
        with city.offices.at(of):
            name = name_for(OfficeCode(at), about=about)
            sealed = room().store.get(name) if name is not None else None
        if sealed is not None:
            with city.offices.at(at):
                keep(sealed, key=key)


@pytest.fixture
def encoder():
    made, reader = memory_encoder()
    open_encoder(OfficeCode(SU1), encoder=made)
    yield made, reader
    open_encoder(OfficeCode(SU1), encoder=None)


def test_a_card_is_ready_when_its_chip_holds_what_its_packet_holds(city, encoder):
    made, reader = encoder
    person = city.person()
    city.ready_record(person)
    city.turn()
    fetch(city, at=DINAS, of=PUSAT)
    fetch(city, at=SU1, of=DINAS)
    city.print_on(20)
    assert "run" in city.post(SU1, "cetak", "runs", cards=1)
    city.print_on()
    with city.offices.at(SU1):
        (card,) = cards_to_check()
        reader.put(card.serial)

        def command(officer: str = "off_cetak") -> Command:
            return Command(house().ids.new("cmd"), officer=officer)

        no = check_card(command(), card=card.card, result="READY")
        assert no == Refusal("printing.chip_not_written")
        told = personalise_card(command(), attempt=card.attempt, encoder=made, compose=compose)
        assert told["outcome"] == "WRITTEN", told
        seen = made.read()
        assert seen.contents is not None
        biodata = texts_of(seen.contents.files["biodata"], file=the_layout().file("biodata"))
        assert (biodata["nik"], biodata["nama"]) == (person.nik, person.name)
        evidence = read_chip_of(card.attempt, encoder=made)
        assert (evidence.found, evidence.is_bound) == (Found.THIS_CARD, True)
        assert check_card(command(), card=card.card, result="READY")["result"] == "READY"
