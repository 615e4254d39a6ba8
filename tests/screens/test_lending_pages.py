"""The page on which the dinas lets one office print for another."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ampera.blanko.models import Item
from ampera.delivery.queries import case_of
from ampera.intake.queries import request_seen
from ampera.journal.house import house
from ampera.printing.actions.stops import tell_down, tell_up
from ampera.printing.queries import open_stops
from ampera.printing.rules.stops import StopCause
from ampera.readiness.models import LentPrinting
from ampera.readiness.queries import WaitCode, queue_for
from ampera.words import OfficeCode
from tests.api.city import DINAS, IT2, NEW_PAPERS, SU1, City
from tests.houses import Offices
from tests.public.visitor import Visitor
from tests.screens.browser import Browser, refusal_of, shown


@pytest.fixture
def city(django_db_blocker):
    """Nobody's shelf holds a blank, so that whoever is print ready waits. A Monday."""
    with django_db_blocker.unblock(), Offices() as offices:
        offices.clock.move(timedelta(days=4))  # Ilir Timur II prints from that Monday on
        made = City(offices)
        for code in (SU1, IT2, DINAS):
            with offices.at(code):
                Item.objects.all().delete()
        yield made


def down(city, code=SU1):
    with city.offices.at(code):
        tell_down("p1", cause=StopCause.JAM, since=house().now())
    city.turn(2)


def form(city, **changes):
    day = city.offices.clock.at.date()
    told = {
        "home": SU1,
        "at": IT2,
        "why": "PRINTER_DOWN",
        "since": day.isoformat(),
        "until": (day + timedelta(days=6)).isoformat(),
        "ends_when_up": "1",
    }
    return {**told, **changes}


def desk_of(city, login="verifikator"):
    return Browser(city, DINAS, login)


def test_the_dinas_lends_by_the_page_and_ends_it_again(city):
    request = city.ready_record(city.person())
    desk = desk_of(city)
    page = desk.get("/pinjam-cetak/")
    assert "Tidak ada printer yang dilaporkan berhenti" in shown(page)
    down(city)
    page = desk.get("/pinjam-cetak/")
    text = shown(page)
    assert "kartu macet" in text
    assert "belum diputuskan" in text
    assert f'<option value="{SU1}" selected>' in page.content.decode()
    answer = desk.post("/pinjam-cetak/mulai/", **form(city))
    assert answer.status_code == 302, shown(answer)
    text = shown(desk.get("/pinjam-cetak/"))
    assert "berlaku" in text
    assert "Semua printer kantor itu rusak" in text
    with city.offices.at(DINAS):
        assert [each.request for each in queue_for(IT2)] == [request]
        lending = LentPrinting.objects.get().lending
        waits = case_of(request_seen(request)).waits
        assert [each.code for each in waits][-1] is WaitCode.LENT_PRINTER_DOWN
        assert waits[0].facts["office"] == IT2
    assert "dicetak di" in shown(desk.get(f"/antrean/{SU1}/"))
    assert "mencetak juga kartu" in shown(desk.get(f"/antrean/{IT2}/"))
    assert desk.post(f"/pinjam-cetak/{lending}/akhiri/").status_code == 302
    assert "diakhiri petugas" in shown(desk.get("/pinjam-cetak/"))
    again = desk.post(f"/pinjam-cetak/{lending}/akhiri/")
    assert refusal_of(again) == "readiness.lending_over"


def test_the_menu_shows_the_page_while_somebody_needs_it(city):
    desk = desk_of(city)
    assert 'href="/pinjam-cetak/"' not in _menu(desk)
    assert 'href="/pinjam-cetak/"' in desk.get("/izin/").content.decode(), "always from there"
    down(city)
    assert 'href="/pinjam-cetak/"' in _menu(desk)
    desk.post("/pinjam-cetak/mulai/", **form(city, ends_when_up=""))
    city.turn(2)
    with city.offices.at(SU1):
        city.offices.clock.move(timedelta(hours=1))
        (stop,) = open_stops(OfficeCode(SU1))
        tell_up(stop)
    city.turn(2)
    assert 'href="/pinjam-cetak/"' in _menu(desk), "its cards are still printed elsewhere"


def _menu(desk) -> str:
    page = desk.get("/jalur/").content.decode()
    return re.search(r'<nav class="container-lg menu".*?</nav>', page, re.S)[0]


def test_the_resident_reads_where_the_card_is_made_and_collected(city):
    person = city.person()
    told = {"nik": person.nik, "reason": "NEW", "papers": NEW_PAPERS}
    taken = city.post(SU1, "loket", "requests", **told)
    city.post(SU1, "loket", f"requests/{taken['request']}/complete")
    city.turn(1)
    city.post(SU1, "loket", f"requests/{taken['request']}/recording", sample=True)
    city.turn()
    down(city)
    desk_of(city).post("/pinjam-cetak/mulai/", **form(city))
    with city.offices.at(DINAS):
        text = shown(Visitor(city).post(tiket=taken["ticket"]))
    assert "Dicetak di kantor Kecamatan Ilir Timur II karena printer kantor Kecamatan" in text
    assert "kartu diambil di kantor Kecamatan Ilir Timur II" in text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"home": ""}, "screens.nothing_chosen"),
        ({"since": "kemarin"}, "readiness.lending_days"),
        ({"until": "2016-01-01"}, "readiness.lending_days"),
        ({"at": SU1}, "readiness.lending_to_itself"),
        ({"why": "ASKED"}, "readiness.lending_reason"),
    ],
)
def test_a_form_filled_in_wrongly_is_refused_in_words(city, changes, code):
    down(city)
    assert refusal_of(desk_of(city).post("/pinjam-cetak/mulai/", **form(city, **changes))) == code


def test_only_whoever_may_lend_sees_the_form(city):
    for login in ("loket", "cetak", "blanko"):
        assert refusal_of(desk_of(city, login).get("/pinjam-cetak/")) == "officer.may_not"
    assert "Putuskan pinjam cetak" in shown(desk_of(city, "kepala").get("/pinjam-cetak/"))
    assert refusal_of(Browser(city, SU1, "kepala").get("/pinjam-cetak/")) == "screens.other_tier"
    answer = desk_of(city, "loket").post("/pinjam-cetak/mulai/", **form(city))
    assert refusal_of(answer) == "officer.may_not"
