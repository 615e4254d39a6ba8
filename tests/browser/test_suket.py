"""A suket from the dinas's desk to somebody's telephone, with a line and without one."""

from __future__ import annotations

import json
import re
from io import BytesIO

import segno
from playwright.sync_api import Page, expect

from tests.browser.chromium import overflow
from tests.browser.desks import (
    reload_until,
    search,
    somebody,
    take,
    to_the_request,
    wait_for,
)
from tests.browser.running import DINAS, IT2
from tests.papers.qr_reader import codes_on

#: Chromium has the detector on telephones only: this one finds the same code in every picture.
_STAND_IN = """globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return [{ rawValue: CODE }]; }
};"""
_SCAN = re.compile("^Pindai dengan kamera$")


def test_a_suket_is_issued_printed_checked_without_a_line_and_taken_back(city, desk, visitor, eyes):
    name = _recorded(desk(IT2, "loket"))
    officer = desk(DINAS, "verifikator")
    address = city.server(DINAS)["url"]
    _issue(officer, eyes, name=name)
    code = _print(officer)

    phone = visitor(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    _check(phone, f"{address}/suket/periksa", code)
    expect(phone.locator("#hasil")).to_contain_text("Asli dan masih berlaku.")
    expect(phone.locator("#hasil")).to_contain_text(name)
    # It was this browser that said so, and the page is kept for days without a line.
    expect(phone.locator("#hasil")).to_have_attribute("data-oleh", "peramban")
    expect(phone.get_by_text("bekerja tanpa jaringan")).to_be_visible()
    eyes.look(phone)
    assert overflow(phone) == 0
    eyes.picture(phone, "suket-360")

    phone.context.set_offline(True)
    phone.reload()
    _check(phone, "", code)
    expect(phone.locator("#hasil")).to_contain_text("Asli dan masih berlaku.")
    _check(phone, "", code[:-9] + code[-9:][::-1])
    expect(phone.locator("#hasil")).to_contain_text("bukan kode suket")
    phone.context.set_offline(False)

    officer.get_by_label("Alasan").select_option(label="Disalahgunakan")
    officer.get_by_role("button", name="Cabut suket").click()
    expect(officer.get_by_role("status")).to_contain_text("Suket dicabut")
    eyes.look(officer)
    _check(phone, f"{address}/suket/periksa", code)
    expect(phone.locator("#hasil")).to_contain_text("tidak berlaku lagi")
    _without_scripts(visitor, eyes, address=address, code=code)
    _from_a_photograph(visitor, eyes, address=address, code=code)
    assert eyes.wrong == []


def _recorded(counter: Page) -> str:
    """Somebody is recorded and waits for a card; their name."""
    person = somebody(counter)
    search(counter, person.nik)
    take(counter, "KTP-el baru")
    to_the_request(counter)
    counter.get_by_role("button", name="Laporkan data lengkap").click()
    gate = counter.get_by_role("link", name="Rekam biometrik")
    reload_until(counter, gate.is_visible)
    gate.click()
    counter.get_by_role("button", name="Pakai gambar contoh").click()
    counter.get_by_label("Pemohon melihat dan menyetujui fotonya.").check()
    counter.get_by_role("button", name="Simpan dan segel perekaman").click()
    wait_for(
        counter.get_by_text(re.compile("^(PRINT_READY_RECORD|SENT_FOR_CARD_PRINTING)$")),
        seconds_max=60,
    )
    return person.name


def _issue(officer: Page, eyes, *, name: str) -> None:
    menu = officer.get_by_role("navigation", name="Menu utama")
    menu.get_by_role("link", name="Permohonan", exact=True).click()
    row = officer.get_by_role("row").filter(has_text=name)
    reload_until(officer, row.is_visible)
    row.get_by_role("link", name=name).click()
    officer.get_by_role("link", name="Suket untuk permohonan ini").click()
    issue = officer.get_by_role("button", name="Terbitkan suket")
    reload_until(officer, issue.is_visible)
    eyes.look(officer)
    issue.click()
    expect(officer.get_by_role("status")).to_contain_text("diterbitkan")
    eyes.look(officer)
    eyes.picture(officer, "suket-one")
    one = officer.url
    menu.get_by_role("link", name="Suket", exact=True).click()
    expect(officer.get_by_role("row").filter(has_text=name)).to_be_visible()
    eyes.look(officer)
    eyes.picture(officer, "suket-list")
    officer.get_by_role("link", name="Ubah ke kartu").click()
    eyes.look(officer)
    eyes.picture(officer, "suket-convert")
    officer.goto(one)
    _narrow(officer, one, eyes)


def _narrow(officer: Page, one: str, eyes) -> None:
    """The same pages on a telephone: nothing is wider than it."""
    officer.set_viewport_size({"width": 360, "height": 740})
    base = one.split("/suket/")[0]
    for number, path in enumerate(("/suket/", "/suket/ubah-ke-kartu/", one.removeprefix(base))):
        officer.goto(f"{base}{path}")
        assert overflow(officer) == 0, path
        eyes.picture(officer, f"suket-officer-360-{number}")
    officer.set_viewport_size({"width": 1366, "height": 900})


def _print(officer: Page) -> str:
    """Print it as the button does; what stands in the code on the paper."""
    form = officer.locator("form", has=officer.get_by_role("button", name="Cetak lembar"))
    fields = {
        each.get_attribute("name"): each.get_attribute("value")
        for each in form.locator("input[type=hidden]").all()
    }
    base = re.match(r"https?://[^/]+", officer.url)
    assert base
    answer = officer.request.post(
        f"{base[0]}{form.get_attribute('action')}",
        form=fields,
        headers={"Referer": officer.url},
    )
    assert answer.status == 200, answer.text()
    officer.reload()
    (code,) = codes_on(answer.body())
    return code


def _check(phone: Page, address: str, code: str) -> None:
    if address:
        phone.goto(address)
    expect(phone.locator("#periksa")).to_have_attribute("data-siap", "peramban")
    wait_for(phone.locator("#luring"))
    phone.get_by_label("Isi kode pada suket").fill(code)
    phone.get_by_role("button", name="Periksa", exact=True).click()
    expect(phone.locator("#hasil [data-found]")).to_be_visible()


def _without_scripts(visitor, eyes, *, address: str, code: str) -> None:
    """An old browser sends the form; the server gives the same answer."""
    old = visitor(java_script_enabled=False)
    old.goto(f"{address}/suket/periksa?bahasa=en")
    old.get_by_label("Contents of the code").fill(code)
    old.get_by_role("button", name="Check", exact=True).click()
    expect(old.locator("#hasil")).to_contain_text("not valid any more")
    eyes.picture(old, "suket-1366")


def _from_a_photograph(visitor, eyes, *, address: str, code: str) -> None:
    """Who has a detector of codes chooses a picture, and it is checked at once."""
    phone = visitor(viewport={"width": 360, "height": 740})
    phone.add_init_script(_STAND_IN.replace("CODE", json.dumps(code)))
    phone.goto(f"{address}/suket/periksa")
    expect(phone.locator("#periksa")).to_have_attribute("data-siap", "peramban")
    expect(phone.get_by_role("button", name=_SCAN)).to_be_visible()
    eyes.look(phone)
    picture = BytesIO()
    segno.make_qr(code, error="m").save(picture, kind="png", scale=3)
    phone.get_by_label("atau pilih foto kode").set_input_files(
        {"name": "suket.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    expect(phone.locator("#hasil")).to_contain_text("tidak berlaku lagi")
    phone.get_by_role("button", name=_SCAN).click()  # nobody allowed the camera
    expect(phone.locator("#hasil")).to_contain_text("Kamera tidak dapat dipakai.")
    assert overflow(phone) == 0
