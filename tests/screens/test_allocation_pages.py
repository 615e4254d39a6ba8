"""The page on which the head of the dinas shares blanko, and the keepers see what to pack."""

from __future__ import annotations

import re

import pytest

from ampera.blanko.models import Item
from ampera.planning.queries.allocation import proposals, to_pack
from tests.api.city import DINAS, SU1, City
from tests.houses import Offices
from tests.screens.browser import Browser, refusal_of, shown


@pytest.fixture
def city(django_db_blocker):
    """Three print-ready people at Seberang Ulu I, which has no blanko; the dinas has some."""
    with django_db_blocker.unblock(), Offices() as offices:
        made = City(offices)
        for code in (SU1, DINAS):
            with offices.at(code):
                Item.objects.filter(place__startswith=f"{SU1}/").delete()
        for _ in range(3):
            made.ready_record(made.person())
        yield made


def proposed(city) -> str:
    answer = Browser(city, DINAS, "kepala").post("/alokasi/usul/", way="ALIKE", days="20")
    assert answer.status_code == 302, shown(answer)
    with city.offices.at(DINAS):
        return proposals()[0].id


def test_the_head_sees_tries_proposes_changes_and_the_keeper_packs(city) -> None:
    head = Browser(city, DINAS, "kepala")
    text = shown(head.get("/alokasi/"))
    assert "Seberang Ulu I" in text
    assert "kartu menunggu" in text
    assert "Jadikan usulan" in text
    tried = head.get("/alokasi/coba/?way=NEW_FIRST&minimum=1&days=5")
    assert "<html" not in tried.content.decode()
    assert "Seberang Ulu I mendapat" in shown(tried)
    allocation = proposed(city)
    page = shown(head.get(f"/alokasi/{allocation}/"))
    assert "belum diputuskan" in page
    no = head.post(f"/alokasi/{allocation}/putus/", outcome="ACCEPTED", **{f"gets_{SU1}": "2"})
    assert refusal_of(no) == "planning.allocation_reason_missing"
    done = head.post(
        f"/alokasi/{allocation}/putus/",
        outcome="ACCEPTED",
        reason="Satu untuk cadangan",
        **{f"gets_{SU1}": "2"},
    )
    assert done.status_code == 302, shown(done)
    with city.offices.at(DINAS):
        assert [(each.office.text, each.left) for each in to_pack()] == [(SU1, 2)]
    keeper = Browser(city, DINAS, "blanko")
    page = keeper.get("/alokasi/")
    assert "Harus dikemas" in shown(page)
    assert "disetujui dengan perubahan" in shown(page)
    link = re.search(r'href="(/blanko/kirim/[^"]*)"', page.content.decode())
    assert link, "nothing leads to the shipping form"
    form = keeper.get(link[1].replace("&amp;", "&")).content.decode()
    assert f'<option value="{SU1}" selected>' in form
    assert "Menurut pembagian yang disetujui" in form


def test_a_rejected_proposal_says_why(city) -> None:
    allocation, head = proposed(city), Browser(city, DINAS, "kepala")
    done = head.post(f"/alokasi/{allocation}/putus/", outcome="REJECTED", reason="Tunggu November")
    assert done.status_code == 302, shown(done)
    text = shown(head.get("/alokasi/"))
    assert "ditolak" in text
    assert "Tunggu November" in text


def test_nonsense_and_unknown_proposals_are_refused(city) -> None:
    head = Browser(city, DINAS, "kepala")
    no = head.post("/alokasi/usul/", way="ALIKE", days="many")
    assert refusal_of(no) == "planning.allocation_number"
    assert "bukan bilangan bulat" in shown(head.get("/alokasi/?days=x"))
    assert refusal_of(head.get("/alokasi/alc_none/")) == "planning.allocation_not_here"
    assert refusal_of(head.post("/alokasi/alc_none/putus/")) == "planning.allocation_not_here"


def test_only_the_head_decides(city) -> None:
    allocation = proposed(city)
    keeper = Browser(city, DINAS, "blanko")
    answer = keeper.post(f"/alokasi/{allocation}/putus/", outcome="ACCEPTED")
    assert answer.status_code in (403, 404)
    assert "Setujui angka ini" not in shown(keeper.get(f"/alokasi/{allocation}/"))
    assert "Jadikan usulan" not in shown(keeper.get("/alokasi/"))
