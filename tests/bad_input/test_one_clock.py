"""The page of the line shows one clock, and says which: the demo's runs apart from the wall's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ampera.screens.ports import ScreenPorts, open_ports
from ampera.sync.health import link_status, note_answer, note_silence
from tests.api.city import SU1
from tests.screens.browser import Browser, shown

#: Nine years after the city's morning.
WALL = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)


def test_every_time_on_the_page_of_the_line_is_the_citys(fresh_city):
    city = fresh_city
    with city.offices.at(SU1) as here:
        note_answer(WALL, said_at=here.clock.now(), heard_above=None)
        city.offices.clock.move(timedelta(minutes=5))
        note_silence(WALL + timedelta(seconds=5), code="link.unreachable")
    open_ports(ScreenPorts(link=link_status))
    for page in ("/jalur/",):
        text = shown(Browser(city, SU1, "kepala").get(page))
        assert "Semua waktu di halaman ini menurut waktu kota" in text
        assert "Kontak terakhir 07-09-2017 08.00.00 WIB" in text
        assert "Dicoba terakhir 07-09-2017 08.05.00 WIB" in text
        told = text.replace("UU 24/2013", "")
        assert set(re.findall(r"\b20[0-9]{2}\b", told)) == {"2017"}


def test_a_production_server_names_its_own_clock(fresh_city):
    city = fresh_city
    with city.offices.at(SU1) as here:
        here.is_demo = False
    text = shown(Browser(city, SU1, "kepala").get("/jalur/"))
    assert "menurut jam server ini" in text
    assert "waktu kota" not in text
