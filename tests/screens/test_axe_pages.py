"""Officers' pages and the public stock page: judged by axe at two widths, walked by the Tab key,
printed.

The pages are made first and read from files then: a browser's loop and Django's database do not
live together in one test.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from ampera.screens import __file__ as screens_file
from tests.api.city import DINAS, SU1, City
from tests.browser.chromium import RULES, chromium, overflow
from tests.houses import Offices
from tests.screens.browser import Browser, open_screen_ports

STATIC: Final = Path(screens_file).parent / "static"
#: More than the law's rules: everything on a page belongs to a part that a reader can jump to.
_OPTIONS: Final = {"runOnly": [*RULES, "best-practice"], "resultTypes": ["violations"]}
WIDTHS: Final = (1366, 360)
PAGES: Final = {
    "hari-ini": (DINAS, "kepala", "/hari-ini/"),
    "hari-ini-kecamatan": (SU1, "kepala", "/hari-ini/"),
    "peta": (DINAS, "kepala", "/peta/"),
    "kantor": (DINAS, "kepala", f"/kantor/{SU1}/"),
    "laporan": (DINAS, "kepala", "/laporan/"),
    "alokasi": (DINAS, "kepala", "/alokasi/"),
    "rencana": (DINAS, "kepala", "/rencana/?skenario=palembang-2017"),
    "hitungan": (DINAS, "kepala", ""),
    "blanko": (DINAS, "blanko", "/blanko/"),
    "tutup-buku": (DINAS, "blanko", "/blanko/hari/tutup/"),
    "selisih": (DINAS, "blanko", "/blanko/selisih/"),
    "permintaan-blanko": (DINAS, "kepala", "/permintaan-blanko/"),
    "stok": (DINAS, "", "/stok/"),
}


@pytest.fixture(scope="module")
def pages(django_db_blocker, tmp_path_factory) -> dict[str, Path]:
    """Every page as a file, with its styles beside it."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    open_screen_ports()
    with django_db_blocker.unblock(), Offices() as offices:
        city = City(offices)
        city.ready_record(city.person())
        city.turn()
        wish = {"skenario": "palembang-2017", "ulangan": "1000"}
        asked = Browser(city, DINAS, "kepala").post("/rencana/hitung/", **wish)
        for name, (office, login, address) in PAGES.items():
            browser = Browser(city, office, login)
            answer = browser.get(address or asked.headers["Location"])
            assert answer.status_code == 200, name
            path = folder / f"{name}.html"
            path.write_text(_with_files(answer), encoding="utf-8")
            found[name] = path
    return found


def _with_files(answer: Any) -> str:
    raw = answer.content
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
    found, count = re.subn(
        r'(href|src)="/static/([^"?]*)(\?[^"]*)?"',
        lambda each: f'{each[1]}="{(STATIC / each[2]).as_uri()}"',
        text,
    )
    assert count, "a page without styles would be judged as it never is"
    return found


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=_OPTIONS).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def focused(page: Page) -> dict[str, Any]:
    """What has the focus: its name, where it is, and whether its outline can be seen."""
    seen: dict[str, Any] = page.evaluate(
        """() => { const at = document.activeElement, box = at.getBoundingClientRect(),
           how = getComputedStyle(at);
           return {tag: at.tagName, text: at.textContent.trim().slice(0, 40),
             wide: box.width, top: box.top + scrollY,
             isMain: !!at.closest('main'), isMenu: !!at.closest('nav'),
             isSeen: how.outlineStyle !== 'none' && parseFloat(how.outlineWidth) >= 2} }"""
    )
    return seen


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(pages, width):
    wrong = []
    with chromium() as browser:
        page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        for name, path in pages.items():
            page.goto(path.as_uri())
            wrong += [f"{name}: {each}" for each in violations(page)]
            if overflow(page) > 0:
                wrong.append(f"{name}: {overflow(page)} px too wide")
    assert not wrong, "\n".join(wrong)


def test_axe_would_find_what_belongs_to_no_part_of_the_page(pages):
    with chromium() as browser:
        page = browser.new_page()
        page.goto(pages["laporan"].as_uri())
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p>di luar semua</p>')")
        assert any(each.startswith("region") for each in violations(page))


@pytest.mark.parametrize("name", ["hari-ini", "rencana", "laporan", "alokasi", "blanko"])
def test_the_tab_key_goes_from_the_skip_link_over_the_menu_into_the_page_and_is_seen(pages, name):
    steps = []
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 1366, "height": 900}).new_page()
        page.goto(pages[name].as_uri())
        for _ in range(40):
            page.keyboard.press("Tab")
            at = focused(page)
            if at["tag"] == "BODY":
                break  # once around
            steps.append(at)
    assert steps[0]["text"] == "Langsung ke isi"
    menu = [at for at, each in enumerate(steps) if each["isMenu"]]
    inside = [at for at, each in enumerate(steps) if each["isMain"]]
    assert menu
    assert inside, "40 steps lead into the page"
    assert max(menu) < min(inside)
    assert not [each for each in steps if not each["isSeen"]]


def test_the_skip_link_leads_past_the_menu(pages):
    with chromium() as browser:
        page = browser.new_page()
        page.goto(pages["hari-ini"].as_uri())
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert focused(page)["isMain"]


def test_the_stock_page_prints_on_one_sheet_with_every_office_and_is_folded_on_a_phone(pages):
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
        page.goto(pages["stok"].as_uri())
        offices = page.locator(".folded details")
        assert offices.count() == 17
        assert offices.first.is_visible()
        assert not page.locator(".unfolded").is_visible()
        assert page.evaluate("document.documentElement.scrollHeight") < 2200
        offices.first.locator("summary").click()
        assert offices.first.locator("dl").is_visible()
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        page.emulate_media(media="print")
        assert page.locator(".unfolded tr[data-office]").count() == 17
        assert page.locator(".unfolded").is_visible()
        assert not page.locator(".folded").is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
