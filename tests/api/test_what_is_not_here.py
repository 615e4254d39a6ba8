"""Ids that nobody gave out, in addresses: what is asked for stays out of the books for good."""

from __future__ import annotations

from ampera.journal.models import EntryRow
from tests.api.city import PASSWORD, PUSAT, SU1

A_NIK = "9901010101019999"


def entries(city, code: str) -> int:
    with city.offices.at(code):
        return EntryRow.objects.count()


def test_a_number_asked_for_as_a_record_is_not_written_into_the_audit_chain(city):
    before = entries(city, PUSAT)
    assert city.get(PUSAT, "kepala", f"residents/{A_NIK}/recordings") == []
    assert entries(city, PUSAT) == before, "nobody was looked at, and a chain forgets nothing"


def test_only_a_printer_that_is_here_is_emptied(city):
    before = entries(city, SU1)
    witness = {"login": "kepala", "password": PASSWORD}
    told = city.post(SU1, "cetak", f"printers/{A_NIK}/emptied", witness=witness)
    assert (told["status"], told["code"]) == (404, "printing.printer_unknown")
    assert entries(city, SU1) == before
    assert A_NIK not in [each["printer"] for each in city.get(SU1, "cetak", "printers")]
