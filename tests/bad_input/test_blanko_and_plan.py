"""Nonsense about blanko and plans, as somebody types it into the pages: said no to in words, and
nothing has moved."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ampera.blanko.models import Item
from ampera.journal.models import EntryRow
from ampera.planning.queries.allocation import proposals
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


def written(city, code: str = DINAS) -> int:
    with city.offices.at(code):
        return EntryRow.objects.count()


def test_a_serial_that_lies_elsewhere_is_not_shipped(city) -> None:
    keeper = Browser(city, DINAS, "blanko")
    with city.offices.at(DINAS):
        serial = Item.objects.filter(place=f"{DINAS}/shelf").order_by("item").last().item
        Item.objects.filter(pk=serial).update(place="16.71.06/shelf")
    before = written(city)
    no = keeper.post("/blanko/kirim/", to=SU1, serials=serial)
    assert refusal_of(no) == "blanko.not_there"
    assert "16.71.06/shelf" in shown(no)
    assert written(city) == before


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("SPC99999999", "blanko.unknown"),
        ("", "blanko.nothing_given"),
        ("9971020101010001", "blanko.unknown"),
        ("<b>SPC1</b>", "blanko.unknown"),
    ],
)
def test_a_serial_that_is_none_is_not_shipped(city, typed, code) -> None:
    before = written(city)
    no = Browser(city, DINAS, "blanko").post("/blanko/kirim/", to=SU1, serials=typed)
    assert refusal_of(no) == code
    assert "<B>" not in no.content.decode(), "what was typed stands there as text"
    assert written(city) == before


def test_blanko_go_to_no_office_that_is_not_near(city) -> None:
    before = written(city)
    for office in ("16.72", "99.99.99", "nobody", ""):
        no = Browser(city, DINAS, "blanko").post("/blanko/kirim/", to=office, serials="SPC00000001")
        assert refusal_of(no) == "screens.nothing_chosen"
    assert written(city) == before


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-5", "planning.allocation_number"),
        ("1.5e3", "planning.allocation_number"),
        ("9999999999", "planning.allocation_number"),
        ("999999", "planning.allocation_above_need"),
        ("satu", "planning.allocation_number"),
    ],
)
def test_no_office_gets_a_number_that_is_none_or_too_many(city, typed, code) -> None:
    head = Browser(city, DINAS, "kepala")
    made = head.post("/alokasi/usul/", way="ALIKE", days="20")
    assert made.status_code == 302, shown(made)
    with city.offices.at(DINAS):
        proposal = proposals()[0].id
    before = written(city)
    no = head.post(
        f"/alokasi/{proposal}/putus/",
        outcome="ACCEPTED",
        reason="coba",
        **{f"gets_{SU1}": typed},
    )
    assert refusal_of(no) == code
    assert written(city) == before
    with city.offices.at(DINAS):
        assert proposals()[0].outcome == ""


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x00\xff\xfe", "planning.scenario_unreadable"),
        (b"name = ", "planning.scenario_unreadable"),
        (b"[[[[" * 5000, "planning.scenario_unreadable"),
        (b"x" * 2_000_000, "planning.scenario_file_too_large"),
        (b"format = 1\nname = 'x'\nhacked = 1\n", ""),
        (b"", ""),
    ],
)
def test_a_scenario_of_nonsense_is_not_kept(city, sent, code) -> None:
    head = Browser(city, DINAS, "kepala")
    no = head.post("/rencana/unggah/", berkas=SimpleUploadedFile("kota.toml", sent))
    assert refusal_of(no).startswith(code or "planning.scenario_")
    assert "Anda simpan" not in shown(head.get("/rencana/"))
