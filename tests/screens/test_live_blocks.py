"""A block that loads anew is the block of its page, and asking for it again records no look."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ampera.journal.house import house
from ampera.journal.queries import chains
from tests.api.city import SU1
from tests.screens.browser import Browser

HX = {"HX-Request": "true"}


def plain(answer) -> str:
    """A page without what is drawn anew each time, and without the blanks between tags."""
    text = re.sub(r"cmd_[0-9a-f]{32}", "cmd", answer.content.decode())
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "csrf", text)
    return re.sub(r"\s+", " ", text).strip()


def looks(browser: Browser) -> int:
    with browser.city.offices.at(browser.code):
        return sum(each.seq for each in chains() if each.name == house().chain("audit"))


@pytest.mark.parametrize(
    ("login", "page"),
    [("loket", "/hari-ini/"), ("cetak", "/cetak/"), ("kepala", "/jalur/")],
)
def test_the_page_holds_the_block_that_polls(city, officer, login, page):
    browser = officer(SU1, login)
    whole, part = plain(browser.get(page)), plain(browser.get(page, **HX))
    assert part in whole
    assert "<html" not in part
    assert part.startswith("<div id=")
    assert f'hx-get="{page}' in part


def test_the_status_of_a_request_is_polled_without_a_new_look(city, officer):
    browser = officer(SU1, "loket")
    page = f"/permohonan/{city.take(city.person())}/"
    before = looks(browser)
    whole = browser.get(page)
    assert looks(browser) == before + 1
    part = browser.get(page, **HX)
    assert plain(part) in plain(whole)
    assert looks(browser) == before + 1
    assert part.headers["Vary"].startswith("HX-Request")


def test_a_block_of_a_request_that_was_not_opened_goes_through_the_door(city, officer):
    request = city.take(city.person())
    browser = officer(SU1, "kepala")
    before = looks(browser)
    assert browser.get(f"/permohonan/{request}/", **HX).status_code == 200
    assert looks(browser) == before + 1
    neighbour = officer("16.71.06", "loket")
    assert neighbour.get(f"/permohonan/{request}/", **HX).status_code == 404


def test_the_printers_block_names_nobody(city, officer):
    person = city.person()
    city.ready_record(person)
    part = plain(officer(SU1, "cetak").get("/cetak/", **HX))
    assert person.name not in part
    assert person.nik not in part


def test_looking_at_a_request_is_no_news_of_it(city, officer):
    page = f"/permohonan/{city.take(city.person())}/"
    browser = officer(SU1, "loket")
    newest = re.compile(r"Catatan terbaru ([^,]+WIB)")
    before = newest.search(plain(browser.get(page)))
    city.offices.clock.move(timedelta(hours=1))
    after = newest.search(plain(browser.get(page)))
    assert before is not None
    assert after is not None
    assert before[1] == after[1]
    assert "Jejak" in plain(browser.get(page))
    assert "look.recorded" not in plain(browser.get(page))


def test_the_print_desk_loads_anew_when_a_run_began_elsewhere(city, officer):
    browser = officer(SU1, "cetak")
    polls = re.search(r'hx-get="([^"]+)"', browser.get("/cetak/").content.decode())
    assert browser.get(polls[1], **HX).status_code == 200
    city.print_on(20)
    other = officer(SU1, "cetak")
    other.send(other.get("/cetak/"), "/cetak/mulai/", cards="1", feeding="one")
    answer = browser.get(polls[1], **HX)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")
    other.send(other.get("/cetak/"), "/cetak/berhenti/")
