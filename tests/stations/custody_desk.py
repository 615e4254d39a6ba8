"""What tests of custody share: an office with permits and blanks, and two officers who fetch it."""

from __future__ import annotations

from datetime import date

from ampera.journal.marks import note_shown
from ampera.journal.queries import chains
from ampera.journal.receiving import Place
from ampera.printing.actions import grant_lots, seize_office
from ampera.readiness.actions import InCustody, release_office
from ampera.words import OfficeCode
from tests.stations.printing_desk import count_in, serial
from tests.stations.readiness_line import DINAS, KEC, OTHER, Line, by

WITNESS = "off_b"


def custody_line(offices, *, cards: int = 2, blanks: int = 3) -> Line:
    """Offices that print; the first kecamatan holds `cards` permits and `blanks` blanks."""
    line = Line(offices)
    for office in (DINAS, KEC, OTHER):
        line.describe(office, date(2017, 9, 1))
    for number in range(1, cards + 1):
        line.ready(f"res_{number}")
    with line.at(KEC):
        count_in(blanks)
    with line.at(OTHER):
        count_in(blanks, first=501)
    line.post()
    with line.at(DINAS):
        assert grant_lots() == min(cards, blanks)
    line.post()
    return line


def in_custody(blanks: int = 3, **changes) -> InCustody:
    told = {
        "office": OfficeCode(KEC),
        "server": "SRV-02",
        "printers": (),
        "place": "Gudang arsip, lantai 2",
        "document": "BA/12/2017",
        "boxes": (),
        "serials": tuple(serial(number) for number in range(1, blanks + 1)),
    }
    return InCustody(**{**told, **changes})


def seize(line, *, witness: str = WITNESS, at: str = DINAS, **changes):
    """Two officers declare it; the answer."""
    with line.at(at):
        return seize_office(by(), seen=in_custody(**changes), witness=witness)


def show_chain(offices, *, office: str = KEC) -> None:
    """The office's server speaks to the dinas, and shows what it holds of the dinas's chain."""
    offices = getattr(offices, "offices", offices)
    with offices.at(office):
        places = {
            each.name: Place(each.seq, each.hash)
            for each in chains()
            if each.name.origin == OfficeCode(DINAS)
        }
    with offices.at(DINAS):
        note_shown(OfficeCode(office), places=places)


def release(line, seizure: str, *, document="BA/13/2017", witness=WITNESS, at=DINAS):
    with line.at(at):
        return release_office(by(), seizure=seizure, document=document, witness=witness)
