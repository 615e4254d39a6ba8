"""The letter to the centre by pages: drafted by the stock keeper, signed by the head, followed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from tests.api.city import DINAS, SU1
from tests.screens.browser import Browser, refusal_of, shown

_LATE = timedelta(days=60)


def test_the_letter_is_drafted_signed_answered_and_followed(fresh_city):
    city = fresh_city
    keeper, head = Browser(city, DINAS, "blanko"), Browser(city, DINAS, "kepala")
    page = keeper.get("/permintaan-blanko/")
    assert "Kemampuan cetak sebulan" in shown(page)
    above = keeper.send(page, "/permintaan-blanko/konsep/", wanted="98.000", note="")
    assert refusal_of(above) == "supply.above_evidence"
    made = keeper.send(
        page, "/permintaan-blanko/konsep/", wanted="98.000", note="98.000 orang menunggu"
    )
    one = keeper.follow(made)
    assert "Kepala yang menandatangani." in shown(one)
    where = made.headers["Location"]
    assert keeper.post(f"{where}kirim/").status_code == 403
    sent = head.follow(head.send(head.get(where), f"{where}kirim/"))
    assert "001/BLANKO/16.71/2017" in shown(sent)
    bad = keeper.send(keeper.get(where), f"{where}jawaban/", promised="20000", promised_on="kapan")
    assert refusal_of(bad) == "screens.not_a_day"
    told = keeper.send(
        keeper.get(where),
        f"{where}jawaban/",
        promised="20000",
        promised_on="2017-11-01",
        answer="B/7",
    )
    followed = shown(keeper.follow(told))
    assert "20.000 keping untuk 1 November 2017" in followed
    assert "Belum ada kiriman dari pusat" in followed
    assert refusal_of(keeper.post(f"{where}terima/", shipment="shp_1")) == "supply.no_such_shipment"
    city.offices.clock.move(_LATE)
    assert "sudah lewat" in shown(Browser(city, DINAS, "kepala").get(where))


def test_the_letter_and_its_data_say_the_same(fresh_city):
    keeper = Browser(fresh_city, DINAS, "blanko")
    made = keeper.send(
        keeper.get("/permintaan-blanko/"), "/permintaan-blanko/konsep/", wanted="7", note="perlu"
    )
    where = made.headers["Location"]
    assert keeper.get(f"{where}surat.pdf").content.startswith(b"%PDF")
    told = keeper.get(f"{where}bukti.json").json()
    rows = csv.DictReader(io.StringIO(keeper.get(f"{where}bukti.csv").content.decode()))
    as_csv = {row["kode"]: row["nilai"] for row in rows}
    assert told["wanted"] == 7
    assert as_csv == {name: "" if value is None else str(value) for name, value in told.items()}
    gone = keeper.get("/permintaan-blanko/sup_none/")
    assert refusal_of(gone) == "supply.unknown"


def test_only_the_dinas_asks(fresh_city):
    other = Browser(fresh_city, SU1, "blanko")
    assert refusal_of(other.get("/permintaan-blanko/")) == "screens.other_tier"
