"""The city at one glance: today at the dinas, the map, one office, and the report at any moment."""

from __future__ import annotations

import csv
import io
import os
import re
from datetime import timedelta

import pytest

from ampera.journal.house import house
from ampera.screens.city_map import _borders
from tests.api.city import DINAS, IT2, PUSAT, SU1
from tests.screens.browser import Browser, refusal_of, shown


@pytest.fixture
def heads(city):
    return Browser(city, DINAS, "kepala")


def test_today_tells_alerts_first_then_decisions_then_figures(city, heads):
    page = heads.get("/hari-ini/").content.decode()
    order = [page.index(word) for word in ('id="peringatan"', 'id="angka"', 'id="tunggakan"')]
    assert order == sorted(order)
    assert "blanko di rak semua kantor" in page
    assert "Seberang Ulu" in page


def test_the_alerts_name_offices_whose_shelf_is_empty_while_cards_wait(fresh_city):
    city = fresh_city
    city.ready_record(city.person(IT2), at=IT2)
    city.turn()
    page = shown(Browser(city, DINAS, "kepala").get("/hari-ini/"))
    assert "Rak kosong padahal 1 kartu siap cetak: Ilir Timur II." in page


def test_a_kecamatan_sees_its_own_day_and_no_other_office(city):
    page = shown(Browser(city, SU1, "loket").get("/hari-ini/"))
    assert "Tunggakan" in page
    assert "Ilir Timur" not in page


def test_the_menu_of_a_dinas_has_few_groups_and_every_entry(heads):
    page = heads.get("/laporan/").content.decode()
    menu = re.search(r'<nav class="container-lg menu".*?</nav>', page, re.S)[0]
    groups = re.findall(r"<summary>(.*?)</summary>", menu)
    assert groups == ["Layanan", "Kartu", "Blanko &amp; rencana", "Kantor"]
    for title in ("Hari ini", "Blanko", "Laporan", "Peta kota", "Waktu layanan", "Jalur"):
        assert title in menu
    assert 'menu-group is-current"><summary>Kantor' in menu


def test_the_map_marks_every_kecamatan_by_number_and_hatch(heads):
    for by in ("stok", "tunggakan"):
        page = heads.get(f"/peta/?menurut={by}").content.decode()
        assert page.count('aria-label="') >= 18
        assert page.count('class="level-') >= 18
        assert "→ 02" in page, "Jakabaring is served by Seberang Ulu I"


def test_real_borders_are_drawn_when_a_geojson_is_given(heads, settings):
    file = os.environ.get("AMPERA_TEST_GEOJSON")
    if not file:
        pytest.skip("AMPERA_TEST_GEOJSON names no file")
    settings.MAP_GEOJSON = file
    page = heads.get("/peta/").content.decode()
    assert "Denah ubin" not in page
    assert page.count('class="level-') >= 18


def test_borders_of_a_small_geojson_keep_their_shape(tmp_path):
    file = tmp_path / "two.geojson"
    file.write_text(
        '{"features": [{"properties": {"kode": "99.01.01"}, "geometry": {"type": "Polygon",'
        ' "coordinates": [[[100, 0], [101, 0], [101, 1], [100, 1], [100, 0]]]}},'
        ' {"properties": {"kode": "99.01.02"}, "geometry": {"type": "MultiPolygon",'
        ' "coordinates": [[[[101, 0], [102, 0], [102, 1], [101, 0]]]]}}]}'
    )
    drawn = _borders(str(file))
    path, x, _ = drawn["99.01.01"]
    assert path.startswith("M6 ")
    assert path.count("L") == 4
    assert x < drawn["99.01.02"][1]


def test_an_office_page_tells_stock_backlog_printer_and_contact(city, heads):
    page = shown(heads.get(f"/kantor/{SU1}/"))
    for word in ("blanko di rak", "Pencetak", "Kabar terakhir", "Kiriman di jalan", "Tunggakan"):
        assert word in page
    assert refusal_of(heads.get("/kantor/99.99.99/")) == "screens.no_such_office"
    other = Browser(city, SU1, "loket")
    assert refusal_of(other.get(f"/kantor/{IT2}/")) == "screens.no_such_office"


def test_the_report_counts_a_past_moment_again(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    city.turn()
    head = Browser(city, DINAS, "kepala")
    with city.offices.at(DINAS):
        then = house().now()
    before = _table(head, then.isoformat())
    assert sum(int(row["jumlah"]) for row in before) == 1
    city.print_on(20)
    city.post(SU1, "cetak", "runs", cards=1)
    city.print_on()
    city.offices.clock.move(timedelta(hours=1))
    city.turn()
    assert _table(head, then.isoformat()) == before
    assert [row["bagian"] for row in _table(head, "")] == ["PRINTED"]
    assert [row["bagian"] for row in before] != ["PRINTED"]


def _table(head: Browser, moment: str) -> list[dict[str, str]]:
    answer = head.get(f"/laporan/tunggakan.csv?saat={moment.replace('+', '%2B')}")
    assert answer.status_code == 200, shown(answer)
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_the_report_prints_as_pdf_and_refuses_nonsense(heads):
    paper = heads.get("/laporan/tunggakan.pdf")
    assert paper.content.startswith(b"%PDF")
    for path in ("/laporan/", "/laporan/tunggakan.csv", "/laporan/tunggakan.pdf"):
        assert refusal_of(heads.get(f"{path}?saat=kemarin")) == "screens.not_a_day"
    assert refusal_of(heads.get("/laporan/?saat=0001-01-01")) == "screens.not_a_day"


def test_the_map_is_the_dinas_own(city):
    assert refusal_of(Browser(city, PUSAT, "kepala").get("/peta/")) == "screens.other_tier"
