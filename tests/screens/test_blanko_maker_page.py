"""The centre takes boxes from the maker on a page, before two officers."""

from __future__ import annotations

import pytest

from ampera.blanko.queries import accounts
from tests.api.city import DINAS, PASSWORD
from tests.screens.browser import Browser, refusal_of, shown

SECOND = {"second_login": "kepala", "second_password": PASSWORD}
PAGE = "/blanko/dari-pembuat/"


def test_boxes_come_into_the_store(fresh_city):
    keeper = Browser(fresh_city, "00", "blanko")
    assert PAGE in keeper.get("/blanko/").content.decode()
    form = keeper.form(keeper.get(PAGE))
    with fresh_city.offices.at("00"):
        before = accounts("00").get("store", 0)
    done = keeper.post(PAGE, **form, boxes="PM-1 SPM00000001 250", document="BA-PM/1", **SECOND)
    assert "250 blanko dari pembuat" in shown(keeper.follow(done))
    with fresh_city.offices.at("00"):
        assert accounts("00")["store"] == before + 250


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"boxes": "PM-1", "document": "BA"}, "screens.box_line"),
        ({"boxes": "", "document": "BA"}, "blanko.nothing_given"),
        ({"boxes": "PM-1 SPM00000001 250", "document": ""}, "blanko.document_missing"),
        ({"boxes": "PM-1 SPM00000001 250", "document": "9971024101900001"}, ""),
    ],
)
def test_nonsense_is_refused(fresh_city, fields, code):
    no = Browser(fresh_city, "00", "blanko").post(PAGE, **fields, **SECOND)
    assert refusal_of(no) == (code or "journal.names_somebody")


def test_a_dinas_has_no_such_page(fresh_city):
    assert Browser(fresh_city, DINAS, "blanko").get(PAGE).status_code in (403, 404)
