"""The dinas's pages of sukets: issued from a request, printed, lengthened, taken back, exported."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO

import pytest

from ampera.journal.actions import Command, perform
from ampera.journal.models import EntryRow
from ampera.screens.office import suket as pages
from ampera.suket.models import Suket
from ampera.suket.ports import MemoryKeys, open_letter_keys
from ampera.suket.queries import Worth
from ampera.words import OfficeCode
from tests.api.city import DINAS, SU1
from tests.screens.browser import Browser, refusal_of, shown


@pytest.fixture(autouse=True)
def keys():
    open_letter_keys(OfficeCode(DINAS), keys=MemoryKeys())


@pytest.fixture
def verifikator(city):
    return Browser(city, DINAS, "verifikator")


def waiting(city):
    """Somebody recorded whose card waits, and the address of their suket."""
    person = city.person()
    request = city.ready_record(person)
    return person, request, f"/suket/permohonan/{request}/"


def issued(browser, address):
    page = browser.get(address)
    assert "Terbitkan suket" in shown(page), shown(page)
    return browser.send(page, address).headers["Location"]


def test_a_suket_is_issued_from_the_page_of_a_request(city, verifikator):
    person, request, address = waiting(city)
    case = verifikator.get(f"/permohonan/{request}/")
    assert f'href="{address}"' in case.content.decode()
    page = verifikator.get(address)
    assert "10231" in shown(page)
    assert "Petugas kepala (CONTOH)" in shown(page)
    one = verifikator.follow(verifikator.send(page, address))
    text = shown(one)
    assert "diterbitkan" in text
    assert person.name in text
    assert person.nik not in text
    again = verifikator.get(address)
    assert "suket.one_is_valid" in shown(again)
    assert refusal_of(verifikator.post(address, **verifikator.form(one, "/cetak/"))) == (
        "suket.one_is_valid"
    )


def test_somebody_who_is_not_recorded_is_told_why_on_the_page(city, verifikator):
    request = city.take(city.person())
    city.turn(1)
    address = f"/suket/permohonan/{request}/"
    page = verifikator.get(address)
    assert "suket.not_recorded" in shown(page)
    assert "Terbitkan suket" not in shown(page)
    assert refusal_of(verifikator.post(address)) == "suket.not_recorded"


def test_each_paper_is_counted_and_is_a_pdf(city, verifikator):
    _, _, address = waiting(city)
    one = issued(verifikator, address)
    for copy in (1, 2):
        page = verifikator.get(one)
        assert f"Cetak lembar ke-{copy}" in shown(page)
        paper = verifikator.send(page, f"{one}cetak/")
        assert paper.headers["Content-Type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")
    assert "Cetak lembar ke-3" in shown(verifikator.get(one))
    assert verifikator.get(f"{one}cetak/").status_code == 405


def test_the_same_form_sent_twice_counts_one_paper(city, verifikator):
    _, _, address = waiting(city)
    one = issued(verifikator, address)
    page = verifikator.get(one)
    for _ in range(2):
        assert verifikator.send(page, f"{one}cetak/").status_code == 200
    assert "Cetak lembar ke-2" in shown(verifikator.get(one))


def test_a_suket_is_taken_back_for_a_reason_and_lengthened_near_its_end_only(city, verifikator):
    _, _, address = waiting(city)
    one = issued(verifikator, address)
    page = verifikator.get(one)
    assert refusal_of(verifikator.send(page, f"{one}perpanjang/")) == "suket.too_early"
    assert refusal_of(verifikator.send(page, f"{one}cabut/")) == "suket.no_reason"
    after = verifikator.follow(verifikator.send(page, f"{one}cabut/", why="LOST"))
    assert "Surat hilang" in shown(after)
    assert "Cetak lembar" not in shown(after)
    assert refusal_of(verifikator.send(page, f"{one}cetak/")) == "suket.ended"


def test_lists_conversion_and_csv_show_no_whole_nik_and_leave_a_look(city, verifikator):
    person, _, address = waiting(city)
    with city.offices.at(DINAS):
        Suket.objects.filter(nama=person.name).update(nama=f"={person.name}")
    one = issued(verifikator, address)
    suket = one.split("/")[-2]
    with city.offices.at(DINAS):
        Suket.objects.filter(pk=suket).update(nama="=1+1")
        before = EntryRow.objects.filter(kind="look.recorded/1").count()
    listed = verifikator.get("/suket/")
    paper = verifikator.get("/suket/daftar.csv?daftar=valid")
    for each in (listed, paper):
        assert person.nik not in each.content.decode()
        assert f"{person.nik[:6]}******{person.nik[-4:]}" in each.content.decode()
    rows = list(csv.DictReader(StringIO(paper.content.decode().lstrip("\ufeff"))))
    assert "'=1+1" in {row["nama"] for row in rows}
    assert {row["keadaan"] for row in rows} == {"berlaku"}
    with city.offices.at(DINAS):
        assert EntryRow.objects.filter(kind="look.recorded/1").count() == before + 2
    assert verifikator.get("/suket/ubah-ke-kartu/").status_code == 200
    assert verifikator.get("/suket/daftar.csv?daftar=ubah").status_code == 200
    assert verifikator.get("/suket/daftar.csv?daftar=x").status_code == 302
    for which in ("expiring", "expired", "ended", "x"):
        assert verifikator.get(f"/suket/?daftar={which}").status_code == 200


def test_whoever_may_not_is_refused_and_a_kecamatan_has_no_such_page(city, verifikator):
    _, _, address = waiting(city)
    one = issued(verifikator, address)
    printing = Browser(city, DINAS, "cetak")
    for path in ("/suket/", address, one, "/suket/ubah-ke-kartu/", "/suket/daftar.csv"):
        assert refusal_of(printing.get(path)) == "officer.may_not"
    counter = Browser(city, DINAS, "loket")
    assert "Cabut suket" not in shown(counter.get(one))
    assert refusal_of(counter.post(f"{one}cabut/", why="LOST")) == "officer.may_not"
    assert refusal_of(Browser(city, SU1, "loket").get("/suket/")) == "screens.other_tier"
    assert Browser(city, DINAS).get("/suket/").status_code == 302
    unknown = "/suket/skt_" + "0" * 32 + "/"
    assert refusal_of(verifikator.get(unknown)) == "suket.unknown"
    assert refusal_of(verifikator.post(f"{unknown}cetak/")) == "suket.unknown"
    assert refusal_of(verifikator.get("/suket/permohonan/req_none/")) == "intake.no_such_request"


def test_after_the_handover_the_suket_has_ended_by_itself(city, verifikator):
    officer = verifikator
    _, request, address = waiting(city)
    one = issued(officer, address)
    with city.offices.at(DINAS):
        suket = Suket.objects.get(request=request)

        def work(pen):
            facts = {
                "card": "crd_1",
                "permit": "prm_1",
                "resident": suket.resident,
                "request": request,
                "to": "HOLDER",
                "verified": "DOCUMENT",
                "voids": None,
            }
            pen.write("card.handed_over/1", subject="crd_1", facts=facts)
            return {}

        perform(Command("cmd_given"), work, content={})
    city.offices.post()
    page = shown(officer.get(one))
    assert "ditukar dengan KTP-el" in page
    assert re.search(r"Berakhir \([1-9]\d*\)", shown(officer.get("/suket/")))
    assert Worth.CONVERTED.value not in page


def test_the_page_says_since_when_and_by_which_letter_sukets_are_given(verifikator, monkeypatch):
    assert "Boleh diterbitkan sejak 1 Oktober 2016" in shown(verifikator.get("/suket/"))
    monkeypatch.setattr(pages, "local_day", lambda: date(2022, 11, 2))
    assert "tidak boleh diterbitkan sejak 2022-11-01" in shown(verifikator.get("/suket/"))
