"""The monthly report on a page, as a table and on paper; a dinas sees its offices together."""

from __future__ import annotations

from tests.api.city import DINAS, SU1
from tests.papers.poppler import words_of
from tests.screens.browser import Browser, shown

HERE = "/blanko/laporan/"


def test_a_month_is_read_as_page_table_and_paper(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    text = shown(desk.get(f"{HERE}?bulan=2017-09"))
    assert "Laporan bulanan blanko" in text
    assert "tidak seimbang" not in text
    table = desk.get("/blanko/laporan.csv?bulan=2017-09").content.decode("utf-8-sig")
    head, row = (line.split(";") for line in table.splitlines())
    found = dict(zip(head, row, strict=True))
    assert (found["kantor"], found["awal"], found["hitung"], found["akhir"]) == (
        "16.71.02",
        "0",
        "5",
        "5",
    )
    assert found["seimbang"] == "ya"
    paper = words_of(desk.get("/blanko/laporan.pdf?bulan=2017-09").content)
    assert "LAPORAN BULANAN BLANKO" in paper
    assert "akhir menurut tempat" in paper


def test_the_dinas_reads_the_whole_city(fresh_city):
    desk = Browser(fresh_city, DINAS, "kepala")
    text = shown(desk.get(f"{HERE}?bulan=2017-09&kantor=kota"))
    assert "Jumlah" in text
    table = desk.get("/blanko/laporan.csv?bulan=2017-09&kantor=kota").content.decode("utf-8-sig")
    assert {line.split(";")[0] for line in table.splitlines()[1:]} == {DINAS, SU1}
    paper = words_of(desk.get("/blanko/laporan.pdf?bulan=2017-09&kantor=kota").content)
    assert "Seluruh kota" in paper


def test_nonsense_asks_for_this_month(fresh_city):
    desk = Browser(fresh_city, SU1, "blanko")
    assert "1 September 2017" in shown(desk.get(f"{HERE}?bulan=kapan&kantor=16.71.06"))


def test_who_may_not_see_figures_sees_no_report(fresh_city):
    no = Browser(fresh_city, SU1, "").get(HERE)
    assert no.status_code == 302
