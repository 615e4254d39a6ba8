"""A NIK that cannot be one is refused at every door, in words, and no door remembers it."""

from __future__ import annotations

import logging

import pytest

from tests.api.city import DINAS, NEW_PAPERS, SU1
from tests.public.visitor import Visitor
from tests.screens.browser import refusal_of, shown

WRONG = {
    "": "nik.not_sixteen_digits",
    "167102010190": "nik.not_sixteen_digits",
    "16710201019090011": "nik.not_sixteen_digits",
    "١٦٧١٠٢٠١٠١٩٠٩٠٠١": "nik.not_sixteen_digits",
    "1671020101909OO1": "nik.not_sixteen_digits",
    "0071020101909001": "nik.province_unknown",
    "1600020101909001": "nik.region_zero",
    "1671023202909001": "nik.no_such_date",
    "1671022902919001": "nik.no_such_date",
    "1671028101909001": "nik.no_such_date",
    "1671020101900000": "nik.serial_zero",
    "' OR 1=1 --": "nik.not_sixteen_digits",
    "1671020101909001\x00": "nik.not_sixteen_digits",
}


@pytest.mark.parametrize("typed", WRONG)
def test_at_the_counter(city, officer, counted, typed):
    before = counted(SU1)
    page = officer(SU1, "loket").post("/permohonan/cari/", nik=typed)
    assert page.status_code == 422
    assert refusal_of(page) == WRONG[typed]
    assert counted(SU1) == before


@pytest.mark.parametrize("typed", WRONG)
def test_by_machine(city, counted, typed):
    before = counted(SU1)
    for path, more in (
        ("residents/look-up", {}),
        ("requests", {"reason": "NEW", "papers": NEW_PAPERS}),
    ):
        told = city.post(SU1, "loket", path, nik=typed, **more)
        assert told["code"] == WRONG[typed]
        assert told["detail"]
        assert told["next"]
    # A question's key stays bound to what was asked, by a hash: the same key asks nothing else.
    bound = {"journal.CommandRow": before["journal.CommandRow"] + 1}
    assert counted(SU1) == before | bound


@pytest.mark.parametrize("typed", [each for each in WRONG if each])
def test_on_the_public_page(city, counted, typed):
    before = counted(DINAS)
    page = Visitor(city).ask(nik=typed, kk="1671020101100001")
    assert page.status_code == 422
    assert "data-said" not in page.content.decode()
    assert counted(DINAS) == before


def test_a_right_nik_of_nobody_here_and_of_another_office_get_one_answer(city, officer, counted):
    from tests.api.city import IT2

    counter, before = officer(SU1, "loket"), counted(SU1)
    theirs = city.people(IT2)[0]
    pages = [counter.post("/permohonan/cari/", nik=nik) for nik in (theirs.nik, "1671020101909999")]
    assert {refusal_of(each) for each in pages} == {"register.not_here"}
    assert shown(pages[0]).replace(theirs.nik, "-") == shown(pages[1]).replace(
        "1671020101909999", "-"
    )
    assert counted(SU1) == before


def test_a_right_nik_of_a_province_that_exists_nowhere_is_for_the_demo_only(city, officer):
    counter, nik = officer(SU1, "loket"), "9901010101909001"
    assert refusal_of(counter.post("/permohonan/cari/", nik=nik)) == "register.not_here"
    with city.offices.at(SU1) as here:
        here.is_demo = False
    try:
        assert refusal_of(counter.post("/permohonan/cari/", nik=nik)) == "nik.province_unknown"
    finally:
        with city.offices.at(SU1) as here:
            here.is_demo = True


def test_what_was_typed_stands_in_no_log_and_in_no_address(city, officer, caplog):
    counter = officer(SU1, "loket")
    with caplog.at_level(logging.DEBUG):
        counter.post("/permohonan/cari/", nik="1671023202909001")
        city.post(SU1, "loket", "residents/look-up", nik="1671023202909001")
    assert "1671023202909001" not in caplog.text
    assert not any("1671023202909001" in each for each in counter.addresses)
