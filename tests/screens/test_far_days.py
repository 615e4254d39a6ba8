"""Days beyond the calendar, and offices that are none, are said no to; nothing breaks."""

from __future__ import annotations

import pytest

from tests.api.city import DINAS
from tests.screens.browser import Browser


@pytest.mark.parametrize(
    "page",
    [
        "/laporan/?saat=9999-12-31",
        "/laporan/tunggakan.csv?saat=9999-12-31",
        "/laporan/?saat=0001-01-01",
        "/laporan/?saat=2014-01-01T00:00%2B23:59",
        "/waktu-layanan/?dari=9999-12-31&sampai=9999-12-31",
        "/blanko/laporan/?bulan=9999-12",
        "/blanko/hari/16.71.02/2017-13-01/",
        "/rencana/?skenario=../../etc",
        "/kantor/16.72.01/",
        "/kantor/xx/",
    ],
)
def test_a_day_or_an_office_that_is_none_is_no_defect(city, page):
    assert Browser(city, DINAS, "kepala").get(page).status_code < 500
