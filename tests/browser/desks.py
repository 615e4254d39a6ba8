"""What officers and residents do on pages, by the words that they read there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import SECONDS_MAX
from tests.browser.running import DINAS, BrowserCity

_SIXTEEN_DIGITS: Final = re.compile(r"\b[0-9]{16}\b")


@dataclass(frozen=True)
class SamplePerson:
    """Somebody of the demo whom a page offers to try."""

    name: str
    nik: str
    has_card: bool


def log_in(page: Page, city: BrowserCity, *, code: str, login: str) -> Page:
    """Sign in as an officer does; ends on the day of the office."""
    page.goto(f"{city.server(code)['url']}/masuk/")
    page.get_by_label("Nama pengguna").fill(login)
    page.get_by_label("Kata sandi").fill(city.password(code, login))
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    return page


def go(page: Page, title: str) -> Page:
    """Choose from the main menu."""
    menu = page.get_by_role("navigation", name="Menu utama")
    open_group(menu, title)
    menu.get_by_role("link", name=title, exact=True).click()
    # At a dinas the groups are shut again on the next page.
    there = menu.get_by_role("link", name=title, exact=True, include_hidden=True)
    expect(there).to_have_attribute("aria-current", "page")
    return page


def open_group(menu: Locator, title: str) -> None:
    """At a dinas an entry may stand in a group of the menu that is shut."""
    group = menu.locator("details:not([open])").filter(
        has=menu.page.locator("a", has_text=re.compile(f"^{re.escape(title)}$"))
    )
    if group.count():
        group.locator("summary").click()


def sample_people(page: Page) -> list[SamplePerson]:
    """Those whom the page of requests offers; nobody of them has a request open here."""
    go(page, "Permohonan")
    page.locator("summary", has_text="Penduduk contoh untuk dicoba").click()
    found = []
    for button in page.get_by_role("button", name=_SIXTEEN_DIGITS).all():
        said = button.inner_text()
        nik = _SIXTEEN_DIGITS.search(said)
        assert nik, said
        name = said[: nik.start()].strip()
        found.append(SamplePerson(name, nik[0], "sudah punya KTP-el" in said))
    return found


def somebody(page: Page, *, has_card: bool = False) -> SamplePerson:
    """The first of those who may ask for a first card, or have one already."""
    return next(each for each in sample_people(page) if each.has_card == has_card)


def search(page: Page, nik: str) -> Page:
    """Type the NIK of whoever stands at the counter."""
    go(page, "Permohonan")
    page.get_by_label("NIK 16 angka").fill(nik)
    page.get_by_role("button", name="Cari", exact=True).click()
    expect(page.get_by_role("heading", name="Data kependudukan")).to_be_visible()
    return page


def take(page: Page, reason: str) -> str:
    """Take a request with all papers that its reason asks for; the code on the receipt."""
    part = page.locator("details", has=page.locator("summary", has_text=reason))
    part.locator("summary").click()
    papers = part.get_by_role("checkbox").all()
    assert papers, f"no papers for {reason}"
    for paper in papers:
        paper.check()
    if part.get_by_label("Nomor surat").count():
        part.get_by_label("Nomor surat").fill("STPL/CONTOH/1")
        part.get_by_label("Tanggal surat").fill("2017-09-06")
        part.get_by_label("Kantor kepolisian").fill("Polsek Contoh")
    part.get_by_role("button", name=f"Terima permohonan {reason}").click()
    receipt = page.get_by_role("heading", name="Tanda terima permohonan KTP-el")
    expect(receipt).to_be_visible()
    said = re.search(r"Kode permohonan\s+((?:[2-9A-Z]{4}\s?){3})", page.inner_text("main"))
    assert said, page.inner_text("main")
    return said[1].strip()


def to_the_request(page: Page) -> Page:
    page.get_by_role("link", name="Lanjut ke permohonan").click()
    expect(page.get_by_role("heading", name="Jejak")).to_be_visible()
    return page


def reached(page: Page) -> list[str]:
    """As far as the newest entry has come, by the words of the page."""
    steps = page.get_by_role("listitem").filter(has_text=re.compile("LOCAL|CITY|CENTRE")).all()
    assert len(steps) == 3
    said = [each.inner_text() for each in steps]
    return [re.findall("LOCAL|CITY|CENTRE", each)[0] for each in said if "(sampai)" in each]


def reload_until(page: Page, is_so: Callable[[], bool], *, seconds_max: float = 30) -> Page:
    """Look at the page again and again, as somebody who waits does."""
    until = time.monotonic() + seconds_max
    while not is_so():
        assert time.monotonic() < until, f"not so after {seconds_max} s: {page.inner_text('main')}"
        page.wait_for_timeout(250)
        page.reload()
    return page


def wait_for(locator: Locator, *, seconds_max: float = SECONDS_MAX) -> None:
    """Until a page that loads itself anew shows it."""
    expect(locator).to_be_visible(timeout=seconds_max * 1000)


def ask_status(page: Page, city: BrowserCity, ticket: str) -> Page:
    """The public page, by the code on the receipt."""
    page.goto(f"{city.server(DINAS)['url']}/status/")
    page.get_by_label("Kode pada tanda terima").fill(ticket)
    page.get_by_role("button", name="Lihat status").click()
    return page
