"""The print page: what a printer's heat is doing, its supplies, and what hands note of it."""

from __future__ import annotations

from datetime import timedelta

from ampera.journal.house import house
from ampera.printing.actions.stops import tell_down
from ampera.printing.models import PrinterNow, PrinterPace
from ampera.printing.rules.heat import Load, fresh, observe, to_record
from ampera.printing.rules.models import model_of
from ampera.printing.rules.stops import StopCause
from ampera.register.queries import local_day
from tests.api.city import SU1
from tests.screens.browser import Browser, refusal_of, shown

PRINTER = "p-suhu"


def watch(city) -> None:
    """A printer that stopped itself for heat ten minutes ago."""
    with city.offices.at(SU1):
        now, day = house().now(), local_day().toordinal()
        began = (now - timedelta(minutes=10)).timestamp()
        cold = fresh(model_of(""), at=began - 5000, day=day)
        belief = observe(cold, load=Load.PRINTING, at=began - 4000, day=day)
        belief = observe(belief, load=Load.HOT, at=began, day=day)
        PrinterPace.objects.update_or_create(
            printer=PRINTER, defaults={"belief": to_record(belief), "warm_up_seconds": 200.0}
        )
        PrinterNow.objects.update_or_create(
            printer=PRINTER,
            defaults={
                "is_reachable": True,
                "state": "stopped",
                "reasons": ["subunit-over-temperature"],
                "supplies": {"ink-ribbon": 40},
                "looked_at": now,
            },
        )


def test_the_page_tells_heat_supplies_and_what_was_noted(city):
    watch(city)
    desk = Browser(city, SU1, "cetak")
    page = desk.get("/cetak/")
    text = shown(page)
    assert "terlalu panas, mendingin, kira-kira 20 menit lagi" in text
    assert "pemanasan 3 menit (terukur)" in text
    assert "pencetak menyatakan 40%" in text
    assert "(menurut kemasan)" in text
    assert "belum dapat diperkirakan" in text
    assert "Hari ini 0 kartu" in text
    assert "sehari penuh paling banyak 160." in text
    said = desk.send(page, "/cetak/bahan/", printer=PRINTER, supply="RIBBON")
    assert said.status_code in (200, 302), said
    city.offices.clock.move(timedelta(hours=1))  # what was before the office opened is no stop
    with city.offices.at(SU1):
        tell_down(PRINTER, cause=StopCause.HEAT, since=house().now() - timedelta(minutes=10))
    page = desk.get("/cetak/")
    desk.send(page, "/cetak/perbaikan/", printer=PRINTER, what="TECHNICIAN")
    text = shown(desk.get("/cetak/"))
    assert "Buku pencetak" in text
    assert "diperbaiki teknisi di tempat" in text
    assert "Tercatat berhenti sejak" in text
    assert "Berhenti: panas 1 kali, 10 menit." in text


def test_a_form_without_a_choice_is_told_so(city):
    watch(city)
    desk = Browser(city, SU1, "cetak")
    for address in ("/cetak/bahan/", "/cetak/perbaikan/"):
        assert refusal_of(desk.post(address, printer=PRINTER)) == "printing.upkeep_not_chosen"
    no = desk.post("/cetak/bahan/", printer="p-lain", supply="FILM")
    assert refusal_of(no) == "printing.printer_unknown"


def test_who_does_not_print_notes_nothing_of_printers(city):
    counter = Browser(city, SU1, "loket")
    for address in ("/cetak/bahan/", "/cetak/perbaikan/"):
        assert refusal_of(counter.post(address, printer=PRINTER)) == "officer.may_not"
