"""The lurah's phone in a real browser: out of reach of any line, through a reload, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Eyes, chromium, overflow
from tests.browser.lurah_office import LurahOffice

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Iterator[LurahOffice]:
    """A kecamatan's web server in a process of its own, with a bundle in a lurah's hand."""
    with LurahOffice(tmp_path_factory.mktemp("lurah")) as running:
        yield running


@contextmanager
def phone(office: LurahOffice, **more: Any) -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_context(locale="id-ID", **PHONE, **more).new_page()
        page.goto(f"{office.url}/masuk/")
        page.get_by_label("Nama pengguna").fill("lurah")
        page.get_by_label("Kata sandi").fill(office.password)
        page.get_by_role("button", name="Masuk", exact=True).click()
        expect(page.get_by_role("heading", name="Antar")).to_be_visible()
        yield page


def door(page: Page, card: str):
    return page.locator(f'article[data-card="{card}"]')


def is_kept(page: Page) -> bool:
    script = "caches.open('antar-1').then(c => c.match('/antar/')).then(found => !!found)"
    ready = "navigator.serviceWorker.ready.then(() => true)"
    return page.evaluate(ready) and page.evaluate(script)


def give(page: Page, card: str) -> None:
    here = door(page, card)
    here.locator("summary", has_text="Diserahkan").click()
    here.get_by_role("button", name="Catat: kartu diserahkan").click()
    expect(here.get_by_text("belum terkirim")).to_be_visible()


def bring_back(page: Page, card: str, why: str) -> None:
    here = door(page, card)
    here.locator("summary", has_text="Kembali").click()
    here.get_by_label("Sebab").select_option(why)
    here.get_by_role("button", name="Catat: tidak diserahkan").click()
    expect(here.get_by_text("belum terkirim")).to_be_visible()


def test_three_acts_without_a_line_survive_a_reload_and_arrive_once(office):
    one, two, three = office.cards[:3]
    eyes = Eyes()
    with phone(office) as page:
        for _ in range(100):
            if is_kept(page):
                break
            page.wait_for_timeout(100)
        assert is_kept(page)
        eyes.look(page)
        assert overflow(page) == 0
        page.context.set_offline(True)
        give(page, one)
        bring_back(page, two, "NOT_HOME")
        page.reload()
        expect(page.get_by_role("heading", name="Antar")).to_be_visible()
        expect(door(page, one).get_by_text("belum terkirim")).to_be_visible()
        here = door(page, three)
        here.locator("summary", has_text="Diserahkan").click()
        here.get_by_label("orang serumah yang dicatat").check()
        here.get_by_label("Nama wakil").fill("CONTOH ISTRI")
        here.get_by_label("Hubungan").fill("istri")
        canvas = here.locator("canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + 60)
        page.mouse.up()
        here.get_by_role("button", name="Catat: kartu diserahkan").click()
        expect(here.get_by_text("belum terkirim")).to_be_visible()
        assert not {one, two, three} & set(office.ask("handed"))
        eyes.look(page)
        eyes.picture(page, "lurah-offline")
        page.context.set_offline(False)
        for card in (one, two, three):
            expect(door(page, card).get_by_text("tercatat di kantor")).to_be_visible()
        expect(page.get_by_text("Semua catatan sudah terkirim")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Semua catatan sudah terkirim")).to_be_visible()
        expect(door(page, two).get_by_text("dilaporkan: tidak ada di rumah")).to_be_hidden()
        eyes.look(page)
    found = [each for each in office.ask("entries") if each["card"] in (one, two, three)]
    told = {each["card"]: each for each in found}
    assert sorted(told) == sorted([one, two, three])
    assert len(found) == 3, "each of the three, once"
    assert told[two]["why"] == "NOT_HOME"
    assert told[three]["proxy_name"] == "CONTOH ISTRI"
    assert told[three]["signature"]
    assert all(each["told_at"].startswith("20") for each in told.values())
    assert eyes.wrong == []


def test_an_answer_that_is_lost_makes_no_second_handover(office):
    card = office.cards[3]
    # A worker that has taken the page over carries its requests past the test's hands.
    with phone(office, service_workers="block") as page:
        lost = []

        def lose_the_answer(route):
            route.fetch()  # the office has it
            lost.append(1)
            route.abort() if len(lost) < 3 else route.continue_()

        page.route("**/antar/kirim/", lose_the_answer)
        give(page, card)
        expect(door(page, card).get_by_text("tercatat di kantor")).to_be_visible()
        assert len(lost) == 3
    assert [each["card"] for each in office.ask("entries")].count(card) == 1


def test_what_the_office_refuses_stays_on_the_phone_until_somebody_has_seen_it(office):
    card = office.cards[4]
    with phone(office) as page:
        page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
        page.context.set_offline(True)
        give(page, card)
        office.ask("take_back", card)
        page.context.set_offline(False)
        expect(page.get_by_role("heading", name="Ditolak kantor")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Menurut catatan, kartu ini tidak di tangan")).to_be_visible()
        assert office.ask("conflicts") == [card]
        page.get_by_role("button", name="Sudah dibicarakan di loket").click()
        expect(page.get_by_role("heading", name="Ditolak kantor")).to_be_hidden()
