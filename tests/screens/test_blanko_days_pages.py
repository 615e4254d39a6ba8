"""A day is counted blind and closed by its pages; the page tells nothing of the books before."""

from __future__ import annotations

from datetime import timedelta

from ampera.blanko.queries import closed_days, held_at, shelf_count
from ampera.blanko.rules import stock_of
from ampera.words import OfficeCode
from tests.api.city import DINAS, PUSAT, SU1
from tests.papers.poppler import words_of
from tests.screens.browser import Browser, refusal_of, second, shown

CLOSE = "/blanko/hari/tutup/"


def on_the_shelf(city, code: str = SU1) -> list[str]:
    with city.offices.at(code):
        return sorted(held_at(stock_of(OfficeCode(code))))


def counted(desk: Browser, serials: list[str], **more: str):
    page = desk.get(CLOSE)
    return desk.send(page, CLOSE, 0, shelf="\n".join(serials), **more, **second())


def test_a_day_is_closed_by_two_and_its_paper_says_so(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    serials = on_the_shelf(fresh_city)
    assert "belum ditutup" in shown(desk.get("/blanko/hari/"))
    page = desk.get(CLOSE)
    for serial in serials:
        assert serial not in page.content.decode(), "the page of a blind count tells no serial"
    page = desk.follow(counted(desk, serials))
    text = shown(page)
    for part in ("Buku ditutup: 5 blanko", "Saldo awal", "Tidak ada selisih"):
        assert part in text
    paper = words_of(desk.get("/blanko/hari/16.71.02/2017-09-07/berita-acara.pdf").content)
    for part in ("PENUTUPAN HARIAN", "Dihitung", serials[0], "Penghitung kedua"):
        assert part in paper
    assert "sudah ditutup" in shown(desk.get("/blanko/hari/"))
    no = desk.post(CLOSE, shelf="\n".join(serials), **second())
    assert refusal_of(no) == "blanko.day_closed"


def test_a_range_may_be_typed(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    serials = on_the_shelf(fresh_city)
    answer = counted(desk, [f"{serials[0]} - {serials[-1]}"])
    assert answer.status_code == 302, shown(answer)


def test_a_difference_is_told_after_a_second_count_only(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    serials = on_the_shelf(fresh_city)
    first = counted(desk, serials[1:])
    assert refusal_of(first) == "blanko.day_differs"
    assert serials[0] not in first.content.decode()
    nobody = counted(desk, serials[1:])
    assert refusal_of(nobody) == "blanko.day_holder_missing"
    with fresh_city.offices.at(SU1):
        holder = fresh_city.officer(SU1, "blanko")
    page = desk.follow(counted(desk, serials[1:], holder=holder))
    text = shown(page)
    for part in ("masuk selisih", serials[0], "paling lambat 10 September 2017"):
        assert part in text
    paper = words_of(desk.get("/blanko/hari/16.71.02/2017-09-07/berita-acara.pdf").content)
    assert "dipindahkan ke akun selisih" in paper
    assert serials[0] in paper


def test_nobody_skips_the_first_count(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    serials = on_the_shelf(fresh_city)
    with fresh_city.offices.at(SU1):
        holder = fresh_city.officer(SU1, "blanko")
    no = counted(desk, serials[1:], holder=holder, is_recount="1")
    assert refusal_of(no) == "blanko.day_differs"


def test_one_officer_alone_closes_nothing(fresh_city):
    desk = Browser(fresh_city, SU1, "kepala")
    page = desk.get(CLOSE)
    no = desk.send(page, CLOSE, 0, shelf="\n".join(on_the_shelf(fresh_city)), **second("kepala"))
    assert refusal_of(no) == "officer.same_person"
    with fresh_city.offices.at(SU1):
        assert closed_days(SU1) == []


def test_the_offices_above_see_who_has_not_closed(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    assert counted(desk, on_the_shelf(fresh_city)).status_code == 302
    fresh_city.turn(1)
    text = shown(Browser(fresh_city, DINAS, "blanko").get("/blanko/hari/"))
    assert "Kantor lain" in text
    assert "ditutup" in text
    page = Browser(fresh_city, DINAS, "kepala").get("/blanko/hari/16.71.02/2017-09-07/")
    assert "Tidak ada selisih" in shown(page)
    above = Browser(fresh_city, PUSAT, "kepala")
    assert "7 September 2017" in shown(above.get("/blanko/hari/"))
    page = above.get("/blanko/hari/16.71.02/2017-09-07/")
    assert "berita-acara.pdf" not in page.content.decode()
    no = above.get("/blanko/hari/16.71.02/2017-09-07/berita-acara.pdf")
    assert refusal_of(no) == "register.office_not_yours"
    no = above.get("/blanko/hari/16.71.02/2017-09-06/")
    assert refusal_of(no) == "blanko.day_not_closed"


def test_a_serial_a_box_and_a_range_are_looked_up(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    serials = on_the_shelf(fresh_city)
    text = shown(desk.get(f"/blanko/lacak/?seri={serials[0]}"))
    for part in ("Stok di rak", "dihitung saat buku dibuka", "Jejak"):
        assert part in text
    text = shown(desk.get(f"/blanko/lacak/?seri={serials[0]} - {serials[-1]}"))
    assert "Stok di rak" in text
    assert refusal_of(desk.get("/blanko/lacak/?seri=TIDAKADA")) == "blanko.unknown"
    assert refusal_of(desk.get(f"/blanko/lacak/?seri={serials[0]}-ABC1")) == "blanko.range_form"


def test_alarms_stand_on_the_desk_with_what_to_do(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    assert "Perlu perhatian" not in shown(desk.get("/blanko/"))
    fresh_city.offices.clock.at += timedelta(days=1)
    text = shown(desk.get("/blanko/"))
    for part in ("Perlu perhatian", "belum menutup buku untuk 7 September 2017", "day_open"):
        assert part in text
    with fresh_city.offices.at(SU1):
        assert shelf_count(SU1) == 5


def test_an_official_hands_the_stock_over_by_counting_it_with_the_next(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    page = desk.follow(counted(desk, on_the_shelf(fresh_city), handover="1"))
    assert "Serah terima jabatan" in shown(page)
    paper = words_of(desk.get("/blanko/hari/16.71.02/2017-09-07/berita-acara.pdf").content)
    for part in ("SERAH TERIMA JABATAN", "Yang menyerahkan", "Yang menerima"):
        assert part in paper


def test_a_dispute_is_listed_and_decided_by_two_above(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    serials = on_the_shelf(fresh_city)
    counted(desk, serials[1:])
    with fresh_city.offices.at(SU1):
        holder = fresh_city.officer(SU1, "blanko")
    counted(desk, serials[1:], holder=holder)
    fresh_city.turn(1)
    here = "/blanko/selisih/"
    text = shown(desk.get(here))
    for part in (serials[0], "10 September 2017", "Petugas blanko (CONTOH)"):
        assert part in text
    assert "Putuskan berdua" not in text
    told = {"item": serials[0], "outcome": "shelf", "document": "BA-7"}
    no = desk.post(here, **told, **second())
    assert refusal_of(no) == "blanko.not_yours_to_settle"
    dinas = Browser(fresh_city, DINAS, "blanko")
    page = dinas.get(here)
    assert serials[0] in shown(page)
    no = dinas.send(page, here, **{**told, "outcome": "hilang"}, **second())
    assert refusal_of(no) == "screens.nothing_chosen"
    no = Browser(fresh_city, DINAS, "cetak").post(here, **told, **second())
    assert refusal_of(no) == "officer.may_not"
    page = dinas.follow(dinas.send(dinas.get(here), here, **told, **second()))
    assert "diputus berdua" in shown(page)
    assert "Tidak ada selisih" in shown(page)
    fresh_city.turn(1)
    with fresh_city.offices.at(SU1):
        assert shelf_count(SU1) == 5
