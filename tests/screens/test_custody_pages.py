"""The page on which two officers of the dinas take an office into custody, and give it back."""

from __future__ import annotations

import pytest

from ampera.blanko.queries import held_at
from ampera.blanko.rules import place, stock_of
from ampera.blanko.rules.places import Account
from ampera.readiness.queries import is_seized, open_permit_count
from ampera.register.actions import set_password
from ampera.words import OfficeCode
from tests.api.city import DINAS, IT2, PASSWORD, SU1, City
from tests.houses import Offices
from tests.screens.browser import Browser, refusal_of, second, shown
from tests.stations.custody_desk import show_chain

HERE = f"/izin/{SU1}/amankan/"
BACK = f"/izin/{SU1}/kembalikan/"


@pytest.fixture
def city(django_db_blocker):
    """One person is granted at the kecamatan, nobody has printed yet."""
    with django_db_blocker.unblock(), Offices() as offices:
        made = City(offices)
        made.ready_record(made.person())
        made.turn()
        with offices.at(DINAS):
            assert set_password(made.officer(DINAS, "loket"), password=PASSWORD) is None
        yield made


def lying(city) -> tuple[list[str], list[str]]:
    """(serials, labels of sealed boxes) that the dinas's books have at the kecamatan."""
    with city.offices.at(DINAS):
        code = OfficeCode(SU1)
        items = held_at(stock_of(code)) | held_at(place(code, Account.SPOILED))
    boxed = [name for name, each in items.items() if each.box is not None]
    return sorted(set(items) - set(boxed)), sorted(boxed)


def listed(city, **changes):
    serials, boxes = lying(city)
    told = {
        "server": "SRV-02",
        "place": "Gudang arsip",
        "document": "BA/12",
        "serials": "\n".join(serials),
        "sealed": boxes,
        "printers": [],
        "step": "catat",
    }
    return {**told, **second("kepala"), **changes}


def open_at(city) -> int:
    with city.offices.at(DINAS):
        return open_permit_count(SU1)


def test_two_officers_compare_declare_and_give_back(city):
    assert open_at(city) == 1
    desk = Browser(city, DINAS, "verifikator")
    assert HERE in desk.get(f"/izin/{SU1}/").content.decode()
    text = shown(desk.get(HERE))
    assert "Amankan kantor" in text
    serials, _ = lying(city)
    page = desk.post(HERE, **listed(city, serials="\n".join(serials[1:]), step="periksa"))
    assert "Belum lengkap" in shown(page)
    assert serials[0] in shown(page)
    assert "second_login" not in page.content.decode()
    page = desk.post(HERE, **listed(city, step="periksa"))
    assert "nyatakan berdua" in shown(page)
    assert open_at(city) == 1, "nothing is said before both said it"
    answer = desk.post(HERE, **listed(city))
    assert answer.status_code == 302, shown(answer)
    assert open_at(city) == 0
    page = desk.follow(answer)
    text = shown(page)
    assert "Izin yang hangus: 1" in text
    assert "sedang diamankan" in text
    assert "Server belum tahu" in text
    fields = {"document": "BA/13", **second("kepala")}
    early = desk.send(page, BACK, **fields)
    assert refusal_of(early) == "readiness.seizure_not_told"
    city.turn()
    show_chain(city, office=SU1)
    page = desk.get(HERE)
    assert "Server sudah tahu" in shown(page)
    assert desk.send(page, BACK, **fields).status_code == 302
    assert "BA/13" in shown(desk.get(HERE))
    with city.offices.at(DINAS):
        assert not is_seized(SU1)


def test_what_the_page_refuses(city):
    desk = Browser(city, DINAS, "verifikator")

    def refused(**changes):
        return refusal_of(desk.post(HERE, **listed(city, **changes)))

    serials, _ = lying(city)
    assert refused(serials="\n".join(serials[1:])) == "printing.custody_blanko"
    assert refused(serials="SPC00000009 - SPC00000001") == "screens.range_line"
    assert refused(serials="1") == "blanko.serial_form"
    assert refused(place="") == "readiness.seizure_paper"
    assert refused(**second("loket")) == "screens.second_may_not"
    assert refused(second_password="bukan") == "officer.unknown"
    assert refusal_of(desk.get(f"/izin/{DINAS}/amankan/")) == "screens.no_such_office"
    assert refusal_of(desk.post(BACK, document="x", **second("loket"))) == "screens.second_may_not"
    unknown = desk.post(BACK, document="x", seizure="szr_x", **second("kepala"))
    assert refusal_of(unknown) == "readiness.office_not_seized"
    assert open_at(city) == 1


def test_who_may_not_recall_permits_takes_no_office_into_custody(city):
    assert Browser(city, DINAS, "loket").get(HERE).status_code == 403
    assert Browser(city, SU1, "kepala").get(f"/izin/{IT2}/amankan/").status_code in (403, 404)
