"""The figures for everybody: light, kept for minutes, and pointing at nobody."""

from __future__ import annotations

import gzip
import re

from ampera.screens.public.figures import _sum, coarse
from tests.api.city import DINAS, SU1
from tests.public.visitor import Visitor, read


def test_the_page_tells_blanks_cards_who_waits_and_when(city):
    text = read(Visitor(city).get("/stok/")).text
    for word in ("Dicetak kemarin", "Minggu ini", "Bulan ini", "Menunggu", "Bila dimohon hari ini"):
        assert word in text
    assert "Kantor ini belum mencetak." in text or "Dihitung dari kartu" in text


def test_an_office_without_blanks_and_without_a_day_for_more_says_that_nobody_can_tell(city):
    page = Visitor(city).get("/stok/").content.decode()
    rows = dict(re.findall(r'<tr data-office="([^"]+)">(.*?)</tr>', page, re.S))
    assert "kemampuan cetak" in rows[SU1]
    assert {DINAS, SU1} <= set(rows)


def test_few_people_are_not_counted_out():
    assert [coarse(count, language="id") for count in (0, 1, 4, 5, 9, 4003)] == [
        *("0", "< 5", "< 5", "5", "5", "4.000"),
    ]
    assert _sum([1203, 3], "id") == "lebih dari 1.200"
    assert _sum([1203, 30], "en") == "1,230"
    assert _sum([3], "id") == "lebih dari 0"


def test_nothing_small_is_found_by_subtraction():
    for others in range(5, 200):
        said = {few: _sum([others, few], "id") for few in (1, 2, 3, 4)}
        assert len(set(said.values())) == 1, "a row from a sum"
    mornings = [coarse(100 + cards, language="id") for cards in range(5)]
    assert len(set(mornings)) == 1, "yesterday's page from today's"


def test_who_has_the_page_is_told_that_it_did_not_change(city):
    visitor = Visitor(city)
    first = visitor.get("/stok/")
    with city.offices.at(DINAS):
        again = visitor.client.get("/stok/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert visitor.get("/stok/?bahasa=en").headers["ETag"] != first.headers["ETag"]


def test_the_page_is_light_and_leads_back_to_itself_by_a_code(city):
    page = Visitor(city).get("/stok/")
    plain = page.content
    plain = gzip.decompress(plain) if plain[:2] == b"\x1f\x8b" else plain
    assert len(plain) < 40_000
    assert b"<svg" in plain
    assert b"style=" not in plain
    assert b"/stok/" in plain
