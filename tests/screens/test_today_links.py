"""The page of today: what waits for a decision, and that each alert leads to where it is cured."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from ampera.planning.models import Proposal, SupplyRequest
from ampera.planning.queries.city import city_now
from ampera.screens import city_words
from ampera.screens.city_words import _CURED_AT, _UNDER
from ampera.screens.context import MENU
from ampera.screens.counter import today_work
from tests.api.city import DINAS, SU1
from tests.screens.browser import Browser, shown


def links(page) -> dict[str, str]:
    """The text of every link inside the page, and where it leads."""
    main = page.content.decode().split('<main id="isi"')[1]
    found = re.findall(r'<a href="([^"]+)">(.*?)</a>', main, re.S)
    return {" ".join(re.sub(r"<[^>]+>", " ", text).split()): to for to, text in found}


def a_letter(number: str, state: str) -> None:
    SupplyRequest.objects.create(
        request=number, state=state, at="", officer="off", wanted=9, evidence={}
    )


def test_a_proposal_and_letters_wait_for_the_head_of_the_dinas(fresh_city):
    head = Browser(fresh_city, DINAS, "kepala")
    assert "menunggu keputusan." not in shown(head.get("/hari-ini/")).replace(
        "Tidak ada yang menunggu keputusan.", ""
    )
    with fresh_city.offices.at(DINAS):
        Proposal.objects.create(
            allocation="alc_1", at="", officer="off", stock=1, way="ALIKE",
            share_per_mille=0, minimum=0, days=1, lines=[],
        )  # fmt: skip
        a_letter("1", "SENT")
        a_letter("2", "DRAFTED")
        a_letter("3", "ANSWERED")
    found = links(head.get("/hari-ini/"))
    assert found["Usulan pembagian blanko menunggu keputusan."] == "/alokasi/"
    told = {text.split(" ", 1)[-1].strip(): to for text, to in found.items()}
    assert told["surat permintaan blanko belum dijawab pusat"] == "/permintaan-blanko/"
    assert told["surat permintaan blanko belum dikirim"] == "/permintaan-blanko/"


def test_an_empty_shelf_leads_the_dinas_to_the_allocation_and_a_kecamatan_to_its_blanko(
    fresh_city,
):
    city = fresh_city
    city.ready_record(city.person())
    city.turn()
    seen = {}
    for code in (DINAS, SU1):
        with city.offices.at(code):
            seen[code] = city_words._stock(_with_empty_shelf(city_now()))
    [empty, *_] = seen[DINAS]
    assert (empty.page, "Rak kosong" in empty.text) == ("alokasi", True)
    [empty] = seen[SU1]
    assert empty.page == "blanko"


def _with_empty_shelf(city):
    return replace(city, offices=tuple(replace(each, shelf=0) for each in city.offices))


def test_whatever_an_alarm_leads_to_stands_in_the_menu_or_under_an_entry_of_it():
    in_menu = {item.page for item in MENU}
    for page in {*_CURED_AT.values(), "blanko", "alokasi", "jalur", "pinjam_cetak", "cetak"}:
        assert _UNDER.get(page, page) in in_menu


def test_every_alarm_that_is_named_is_one_of_the_books():
    from ampera.blanko.rules.alarms import texts

    assert set(_CURED_AT) <= set(texts())


@pytest.mark.parametrize(("days", "count"), [(0, 1), (3, 1), (4, 0), (-1, 0)])
def test_a_dispute_near_its_deadline_is_a_decision_and_one_past_it_an_alarm(
    fresh_city, monkeypatch, days, count
):
    with fresh_city.offices.at(DINAS):
        until = today_work.local_day() + timedelta(days=days)

        class Lost:
            count = 1

        Lost.until = until
        monkeypatch.setattr(today_work, "disputes", lambda code: [Lost] if str(code) == SU1 else [])
        found = {text: many for text, _, many in today_work.decisions_of_the_dinas()}
    [told] = [many for text, many in found.items() if "selisih" in text]
    assert told == count


def test_the_day_of_a_kecamatan_is_to_print_to_check_to_hand_over_and_to_close(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    city.turn()
    printer = Browser(city, SU1, "cetak")
    page = printer.get("/hari-ini/")
    assert "Pekerjaan hari ini" in shown(page)
    found = links(page)
    assert found["1 kartu untuk dicetak"] == "/cetak/"
    stock = links(Browser(city, SU1, "blanko").get("/hari-ini/"))
    assert stock["Hitung dan tutup buku blanko"] == "/blanko/hari/tutup/"
    assert "Hitung dan tutup buku blanko" not in links(
        Browser(city, SU1, "loket").get("/hari-ini/")
    )
    assert "Pekerjaan hari ini" not in shown(Browser(city, DINAS, "kepala").get("/hari-ini/"))
