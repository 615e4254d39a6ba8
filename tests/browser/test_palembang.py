"""Palembang, September 2017, from the map to the plan, on real servers: who waits, what blanko are
left, who gets them, what came short, and until when.

A hundredth of the city by default. `AMPERA_PALEMBANG_PART=1` builds all of it with its 16
kecamatan first (a quarter of an hour), as for the pictures of the story; a city that is to be kept
lies in `AMPERA_PALEMBANG_DATA`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Eyes, overflow
from tests.browser.desks import go, log_in, reload_until
from tests.browser.running import DINAS, IT2, SU1, BrowserCity
from tests.tiers.running import is_alive, wait_until

PART: Final = int(os.environ.get("AMPERA_PALEMBANG_PART", "100"))
IS_WHOLE: Final = PART == 1
#: A hundred thousand cases take a while to be written down.
_SECONDS_MAX: Final = 3600.0 if IS_WHOLE else 180.0
SHORT: Final = 2
PUSAT: Final = "00"


@pytest.fixture(scope="module")
def palembang(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserCity]:
    kept = os.environ.get("AMPERA_PALEMBANG_DATA", "")
    data = Path(kept) if kept else tmp_path_factory.mktemp("palembang") / "data"
    more = ("--scenario", "palembang-2017", "--part", str(PART))
    offices = "" if IS_WHOLE else f"{SU1},{IT2}"
    with BrowserCity(data, *more, offices=offices, speed=1) as running:
        running.wait_until_up(seconds_max=_SECONDS_MAX)
        yield running
        pids = running.pids()
        running.stop()
    wait_until(lambda: not any(map(is_alive, pids)))
    if not kept:
        shutil.rmtree(data, ignore_errors=True)


def test_a_head_shares_what_is_left_and_follows_it_to_the_last_blanko(
    palembang, visitor, eyes
) -> None:
    def desk(code: str, login: str) -> Page:
        return log_in(visitor(), palembang, code=code, login=login)

    head, keeper = desk(DINAS, "kepala"), desk(DINAS, "blanko")
    _see_who_waits(head, eyes)
    gets = _share(head, eyes)
    _pack(keeper, eyes, gets=gets)
    missing = _receive(desk(SU1, "blanko"), palembang, eyes)
    _settle(keeper, palembang, eyes, missing=missing)
    go(keeper, "Alokasi")
    row = keeper.get_by_role("row").filter(has_text=SU1)
    expect(row.get_by_text("selesai")).to_be_visible()
    expect(row.locator('[data-label="Kurang saat tiba"]')).to_have_text(str(SHORT))
    eyes.look(keeper)
    eyes.picture(keeper, "palembang-7-packed")
    _ask_the_centre(keeper, head, desk(PUSAT, "kepala"), eyes)
    _ask_until_when(head, eyes)
    _on_a_phone(visitor, palembang, eyes)
    assert eyes.wrong == []


def _see_who_waits(head: Page, eyes: Eyes) -> None:
    eyes.look(go(head, "Hari ini"))
    eyes.picture(head, "palembang-1-today")
    go(head, "Peta kota")
    head.get_by_role("link", name="Tunggakan", exact=True).click()
    link = head.get_by_role("link", name=re.compile("^Seberang Ulu I:"))
    # 6,000 first cards, and the replacements of those who live there and in Jakabaring.
    waiting = "12.000" if IS_WHOLE else "330"
    expect(link).to_have_attribute("aria-label", re.compile(rf": {waiting} kartu"))
    eyes.look(head)
    eyes.picture(head, "palembang-2-map")


def _share(head: Page, eyes: Eyes) -> int:
    """Propose, read the sentence of Seberang Ulu I, accept; what that office gets."""
    go(head, "Alokasi")
    head.get_by_label("Hari kerja sampai kiriman berikut").fill("40")
    head.get_by_role("radio").nth(_new_first(head)).check()
    # The table follows; the button waits for it.
    wish = head.locator("#usulan form")
    expect(wish.locator('input[name="way"]')).to_have_value("NEW_FIRST")
    expect(wish.locator('input[name="days"]')).to_have_value("40")
    said = head.get_by_text(re.compile(r"Seberang Ulu I mendapat"))
    expect(said.first).to_be_visible()
    eyes.look(head)
    eyes.picture(head, "palembang-3-tried")
    head.get_by_role("button", name="Jadikan usulan").click()
    expect(head.get_by_text("belum diputuskan")).to_be_visible()
    gets = int(head.locator(f'input[name="gets_{SU1}"]').input_value())
    assert gets == (545 if IS_WHOLE else 28)
    eyes.look(head)
    eyes.picture(head, "palembang-4-proposal")
    head.get_by_role("button", name="Setujui angka ini").click()
    expect(head.get_by_role("status")).to_contain_text("Disetujui")
    return gets


def _new_first(head: Page) -> int:
    values = head.locator('input[name="way"]').evaluate_all("all => all.map(each => each.value)")
    return int(values.index("NEW_FIRST"))


def _pack(keeper: Page, eyes: Eyes, *, gets: int) -> None:
    go(keeper, "Alokasi")
    row = keeper.get_by_role("row").filter(has_text=SU1)
    expect(row.locator('[data-label="Masih harus dikemas"]')).to_have_text(str(gets))
    row.get_by_role("link", name=re.compile("Kemas")).click()
    expect(keeper.get_by_text("Menurut pembagian yang disetujui")).to_be_visible()
    eyes.look(keeper)
    keeper.get_by_role("button", name="Kirim", exact=True).click()
    expect(keeper.get_by_role("status")).to_contain_text(f"{gets} blanko dikirim")


def _receive(keeper: Page, city: BrowserCity, eyes: Eyes) -> list[str]:
    """Two of them are not in the parcel; returns those."""
    link = keeper.get_by_role("link", name="Hitung dan terima")
    go(keeper, "Blanko")
    reload_until(keeper, link.first.is_visible)
    link.first.click()
    field = keeper.get_by_label(re.compile("Blanko lepas yang terlihat"))
    serials = field.input_value().split()
    field.fill("\n".join(serials[:-SHORT]))
    _second(keeper, city, code=SU1)
    eyes.look(keeper)
    keeper.get_by_role("button", name="Terima yang dicentang").click()
    expect(keeper.get_by_role("status")).to_contain_text(f"Kurang {SHORT}")
    eyes.look(keeper)
    eyes.picture(keeper, "palembang-5-short")
    return serials[-SHORT:]


def _second(page: Page, city: BrowserCity, *, code: str) -> None:
    page.get_by_label("Nama pengguna petugas kedua").fill("kepala")
    page.get_by_label("Kata sandi petugas kedua").fill(city.password(code, "kepala"))


def _settle(keeper: Page, city: BrowserCity, eyes: Eyes, *, missing: list[str]) -> None:
    """Two of the dinas decide: one was found in the courier's bag, the other is written off."""
    there = city.url(DINAS, "blanko/selisih/")
    keeper.goto(there)
    reload_until(keeper, lambda: keeper.get_by_role("link", name=missing[-1]).count() > 0)
    eyes.look(keeper)
    eyes.picture(keeper, "palembang-6-dispute")
    for serial, outcome in zip(missing, ("kembali ke rak", "dihapusbukukan"), strict=True):
        keeper.goto(there)
        keeper.get_by_label("Nomor seri atau dus").select_option(serial)
        keeper.get_by_label(re.compile(outcome)).check()
        keeper.get_by_label("Nomor berita acara").fill(f"BA/CONTOH/{serial[-3:]}")
        _second(keeper, city, code=DINAS)
        keeper.get_by_role("button", name="Putuskan").click()
        expect(keeper.get_by_role("status")).to_contain_text(f"{serial} diputus berdua")
    expect(keeper.get_by_text("Tidak ada selisih.")).to_be_visible()


def _ask_the_centre(keeper: Page, head: Page, centre: Page, eyes: Eyes) -> None:
    """A letter with its evidence, the centre's decision, and the answer on the letter."""
    go(keeper, "Permintaan blanko")
    keeper.get_by_label("Diminta (keping)").fill("40.000" if IS_WHOLE else "400")
    keeper.get_by_label(re.compile("^Catatan")).fill("Sampai November")
    keeper.get_by_role("button", name="Buat konsep").click()
    expect(keeper.get_by_text("Kepala yang menandatangani.")).to_be_visible()
    eyes.look(keeper)
    go(head, "Permintaan blanko").get_by_role("link", name="konsep").click()
    head.get_by_role("button", name="Tanda tangani dan kirim").click()
    number = "001/BLANKO/16.71/2017"
    expect(head.get_by_role("status")).to_contain_text(number)
    go(centre, "Pembagian")
    reload_until(centre, centre.get_by_role("link", name=number).is_visible)
    eyes.look(centre)
    centre.get_by_role("button", name="Jadikan usulan").click()
    centre.get_by_label(re.compile("^Sampai di kota")).fill("2017-11-01")
    eyes.look(centre)
    eyes.picture(centre, "palembang-7b-centre")
    centre.get_by_role("button", name="Setujui angka ini").click()
    expect(centre.get_by_role("status")).to_contain_text("Keputusan 001/BAGI/00/2017")
    answer = head.get_by_role("heading", name="Keputusan pembagian pusat")
    reload_until(head, answer.is_visible)
    expect(head.get_by_text("dijawab, menunggu barang")).to_be_visible()
    eyes.look(head)


def _ask_until_when(head: Page, eyes: Eyes) -> None:
    go(head, "Rencana")
    head.get_by_label("Skenario", exact=True).select_option("palembang-2017")
    head.get_by_label("Di sampingnya").select_option("palembang-2017")
    head.get_by_label("… dengan").select_option("after-own")
    head.get_by_role("button", name="Hitung", exact=True).click()
    expect(head.get_by_role("heading", name="Yang paling mengubah")).to_be_visible()
    lever = head.get_by_role("listitem").filter(has_text="Semua kantor mencetak semua kartu")
    expect(lever).to_contain_text("hari kerja lebih cepat")
    eyes.look(head)
    eyes.picture(head, "palembang-8-plan")
    go(head, "Rencana")
    head.get_by_label("Skenario", exact=True).select_option("kota-ini")
    head.get_by_role("button", name="Hitung", exact=True).click()
    expect(head.get_by_role("heading", name="Yang paling mengubah")).to_be_visible()
    eyes.look(head)


def _on_a_phone(visitor, city: BrowserCity, eyes: Eyes) -> None:
    phone = visitor(viewport={"width": 360, "height": 740})
    phone.goto(city.url(DINAS, "stok/"))
    expect(phone.locator("summary").filter(has_text="Seberang Ulu I:")).to_be_visible()
    assert overflow(phone) == 0
    eyes.look(phone)
    eyes.picture(phone, "palembang-9-public")
