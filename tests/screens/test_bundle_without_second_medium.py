"""The stick is gone while a bundle is sent: the page says not to give it out, and tries again."""

from __future__ import annotations

import pytest

from ampera.journal.second_log import FileSecondLog, MemorySecondLog, is_secured
from tests.api.city import SU1, City
from tests.houses import Offices
from tests.screens.browser import Browser, refusal_of, shown
from tests.screens.carriers import appoint_lurah, finish_cards, lurah_signs


@pytest.fixture
def sealed(django_db_blocker):
    """(counter, address of a bundle of one card that is sealed and still here)"""
    with django_db_blocker.unblock(), Offices() as offices:
        city = City(offices)
        appoint_lurah(city)
        kelurahan, cards = finish_cards(city, 1)[0]
        counter = Browser(city, SU1, "loket")
        page = counter.get("/bundel/")
        done = counter.send(page, "/bundel/buat/", kelurahan=kelurahan, card=cards)
        yield counter, done.headers["Location"]


def test_the_bundle_page_says_so_and_secures_again(sealed, monkeypatch):
    def broken(*_):
        raise OSError("the stick is gone")

    counter, here = sealed
    page = counter.get(here)
    assert "Jangan serahkan kepada pembawa" not in shown(page)
    fields = {"by": "account", **lurah_signs()}
    monkeypatch.setattr(MemorySecondLog, "append", broken)
    no = counter.send(page, f"{here}serahkan/", **fields)
    assert refusal_of(no) == "delivery.second_log_missing"
    page = counter.get(here)
    assert "Jangan serahkan kepada pembawa dulu" in shown(page)
    assert "lembar-antar" not in page.content.decode()
    assert refusal_of(counter.get(f"{here}lembar-antar.pdf")) == "delivery.second_log_missing"
    again = counter.send(page, f"{here}amankan/")
    assert refusal_of(again) == "delivery.second_log_missing"
    monkeypatch.undo()
    page = counter.follow(counter.send(page, f"{here}amankan/"))
    assert "Bundel boleh diberikan" in shown(page)
    assert "Jangan serahkan" not in shown(page)
    assert counter.get(f"{here}lembar-antar.pdf").status_code == 200


def test_a_medium_that_cannot_be_read_secures_nothing(sealed, tmp_path):
    counter, here = sealed
    bundle = here.split("/")[2]
    with counter.city.offices.at(SU1) as server:
        server.second_log = FileSecondLog(tmp_path / "pulled-out")
        assert not is_secured([bundle])
        assert is_secured(["bnd_unknown"])
