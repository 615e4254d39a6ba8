"""Pages on which the centre shares its blanko over cities, and the letter on which a city reads
it."""

from __future__ import annotations

import re

import pytest

from ampera.blanko.actions import take_from_maker
from ampera.blanko.rules import Box
from ampera.journal.actions import Command
from tests.api.city import DINAS, PUSAT
from tests.screens.browser import Browser, refusal_of, shown


@pytest.fixture
def city(fresh_city):
    """Each test has its own: they use up the same blanks."""
    return fresh_city


@pytest.fixture
def asked(city):
    """Ten cards wait where eight blanko lie: the dinas asks for 200 more all the same."""
    for _ in range(10):
        city.ready_record(city.person())
    with city.offices.at(PUSAT):
        made = take_from_maker(
            Command(id="cmd_take", officer=city.officer(PUSAT, "blanko")),
            boxes=[Box("BX-1", "SPD00001000", 10)],
            document="BA",
            witness=city.officer(PUSAT, "kepala"),
        )
        assert isinstance(made, dict), made
    keeper, head = Browser(city, DINAS, "blanko"), Browser(city, DINAS, "kepala")
    form = keeper.get("/permintaan-blanko/")
    made = keeper.send(form, "/permintaan-blanko/konsep/", wanted="200", note="stok habis")
    page = made.headers["Location"]
    head.send(head.get(page), f"{page}kirim/")
    city.turn()
    return page


def proposed(city):
    head = Browser(city, PUSAT, "kepala")
    page = head.get("/pembagian/")
    done = head.send(page, "/pembagian/usul/")
    return head, done.headers["Location"]


def test_from_the_letter_over_the_decision_to_the_letter(city, asked):
    head = Browser(city, PUSAT, "kepala")
    text = shown(head.get("/pembagian/"))
    assert "001/BLANKO/16.71/2017" in text
    assert "Di gudang pusat: 10 blanko" in text
    head, one = proposed(city)
    seen = shown(head.get(one))
    assert "belum diputuskan" in seen
    assert "Provinsi" in seen
    head.send(head.get(one), f"{one}putus/", outcome="ACCEPTED", promised_on="2017-11-01")
    city.turn()
    keeper = Browser(city, PUSAT, "blanko")
    packing = shown(keeper.get("/pembagian/"))
    assert "Harus dikemas" in packing
    letter = shown(Browser(city, DINAS, "kepala").get(asked))
    assert "001/BAGI/00/2017" in letter
    assert "1 November 2017" in letter
    assert "semua yang diperlukan" in letter
    past = shown(head.get("/pembagian/"))
    assert "001/BAGI/00/2017" in past


def test_other_terms_are_tried_without_writing_anything(city, asked):
    head = Browser(city, PUSAT, "kepala")
    part = shown(head.get("/pembagian/coba/?days=1&minimum=0"))
    assert "mendapat" in part
    assert "Di gudang pusat" in part
    wrong = head.get("/pembagian/coba/?days=abc")
    assert "alert-danger" in wrong.content.decode()
    assert "Satu usulan menunggu" not in shown(head.get("/pembagian/"))


def test_a_changed_number_takes_a_reason_and_a_day_is_a_day(city, asked):
    head, one = proposed(city)
    form = head.get(one)
    no = head.send(form, f"{one}putus/", outcome="ACCEPTED", **{"gets_16.71": "1"})
    assert refusal_of(no) == "planning.allocation_reason_missing"
    no = head.send(form, f"{one}putus/", outcome="ACCEPTED", promised_on="besok")
    assert refusal_of(no) == "screens.not_a_day"
    no = head.send(form, f"{one}putus/", outcome="ACCEPTED", **{"gets_16.71": "banyak"})
    assert refusal_of(no) == "planning.allocation_number"
    changed = {"gets_16.71": "1", "reason": "satu saja"}
    done = head.send(form, f"{one}putus/", outcome="ACCEPTED", **changed)
    assert "1 blanko" in shown(head.follow(done))
    city.turn()
    letter = shown(Browser(city, DINAS, "kepala").get(asked))
    assert "ditetapkan kepala pusat" in letter


def test_a_rejected_proposal_tells_no_city(city, asked):
    head, one = proposed(city)
    done = head.send(head.get(one), f"{one}putus/", outcome="REJECTED", reason="tunggu")
    assert "tidak diberi tahu" in shown(head.follow(done))
    city.turn()
    assert "Keputusan pembagian pusat" not in shown(Browser(city, DINAS, "kepala").get(asked))


def test_the_letter_at_the_centre_shows_its_evidence(city, asked):
    head = Browser(city, PUSAT, "kepala")
    link = re.search(r'href="(/pembagian/surat/[^"]+)"', head.get("/pembagian/").content.decode())
    text = shown(head.get(link[1]))
    assert "200 keping" in text
    assert "Kemampuan cetak sebulan" in text
    assert refusal_of(head.get("/pembagian/surat/sup_none/")) == "supply.unknown"
    assert refusal_of(head.get("/pembagian/alc_none/")) == "planning.allocation_not_here"


def test_today_at_the_centre_tells_of_letters_and_of_what_is_to_be_packed(city, asked):
    head, one = proposed(city)
    today = shown(head.get("/hari-ini/"))
    assert "surat permintaan blanko dari kota menunggu pembagian" in today
    assert "Usulan pembagian blanko menunggu keputusan" in today
    head.send(head.get(one), f"{one}putus/", outcome="ACCEPTED")
    today = shown(head.get("/hari-ini/"))
    assert "kota menunggu blanko dari pembagian yang disetujui" in today
    assert "menunggu pembagian" not in today


def test_only_the_head_of_the_centre_decides_and_a_city_has_no_such_page(city, asked):
    _, one = proposed(city)
    keeper = Browser(city, PUSAT, "blanko")
    assert keeper.get(one).status_code == 200
    assert keeper.post(f"{one}putus/", outcome="ACCEPTED").status_code == 403
    assert keeper.post("/pembagian/usul/").status_code == 403
    assert Browser(city, DINAS, "kepala").get("/pembagian/").status_code in (403, 404)
