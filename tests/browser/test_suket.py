"""A suket from the dinas's desk to somebody's telephone, with a line and without one."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.camera import CAMERA_FLAGS, Hand, as_file
from tests.browser.chromium import another, overflow
from tests.browser.desks import (
    go,
    reload_until,
    search,
    somebody,
    take,
    to_the_request,
    wait_for,
)
from tests.browser.running import DINAS, IT2
from tests.papers.qr_reader import codes_on

_SCAN = re.compile("^Pindai dengan kamera$")


def test_a_suket_is_issued_printed_checked_without_a_line_and_taken_back(
    city, desk, visitor, eyes, browser, tmp_path
):
    name = _recorded(desk(IT2, "loket"))
    officer = desk(DINAS, "verifikator")
    address = city.server(DINAS)["url"]
    _issue(officer, eyes, name=name)
    paper = _print(officer)
    (code,) = codes_on(paper)

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

    _before_a_camera(browser, eyes, address=address, paper=paper, folder=tmp_path, name=name)
    officer.get_by_label("Alasan").select_option(label="Disalahgunakan")
    officer.get_by_role("button", name="Cabut suket").click()
    expect(officer.get_by_role("status")).to_contain_text("Suket dicabut")
    eyes.look(officer)
    _check(phone, f"{address}/suket/periksa", code)
    expect(phone.locator("#hasil")).to_contain_text("tidak berlaku lagi")
    _without_scripts(visitor, eyes, address=address, code=code)
    _from_a_photograph(visitor, eyes, address=address, paper=paper)
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
    go(officer, "Permohonan")
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
    go(officer, "Suket")
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


def _print(officer: Page) -> bytes:
    """Print it as the button does; the paper."""
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
    return answer.body()


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


def _before_a_camera(
    browser: Browser, eyes, *, address: str, paper: bytes, folder: Path, name: str
) -> None:
    """The paper is held before a camera, long after the line was cut: read and checked there."""
    film = folder / "suket.mjpeg"
    Hand(paper, seed=471).film(film, shots=24)
    with another(browser, *(each.format(film) for each in CAMERA_FLAGS)) as with_camera:
        context = with_camera.new_context(
            viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, locale="id-ID"
        )
        phone = context.new_page()
        phone.goto(f"{address}/suket/periksa")
        wait_for(phone.locator("#luring"))
        context.set_offline(True)
        phone.reload()
        phone.get_by_role("button", name=_SCAN).click()
        expect(phone.locator("video")).to_be_visible()
        expect(phone.get_by_role("button", name="Matikan kamera")).to_be_visible()
        eyes.picture(phone, "suket-camera-360")
        expect(phone.locator("#hasil")).to_contain_text("Asli dan masih berlaku.")
        expect(phone.locator("#hasil")).to_contain_text(name)
        expect(phone.locator("#hasil")).to_have_attribute("data-oleh", "peramban")
        # It was read, so the camera is off.
        expect(phone.locator("video")).to_be_hidden()
        assert phone.evaluate("document.querySelector('video').srcObject") is None
        eyes.look(phone)
        assert overflow(phone) == 0
        eyes.picture(phone, "suket-scanned-360")


def _from_a_photograph(visitor, eyes, *, address: str, paper: bytes) -> None:
    """A photograph of the paper, and one of the whole page from a telephone's camera."""
    phone = visitor(viewport={"width": 360, "height": 740})
    phone.goto(f"{address}/suket/periksa")
    expect(phone.locator("#periksa")).to_have_attribute("data-siap", "peramban")
    hand = Hand(paper, seed=169)
    for label, size, fills in (
        ("atau ambil foto kode", (1500, 2000), 0.6),
        ("atau pilih gambar yang sudah ada", (3000, 4000), 0.3),
    ):
        phone.get_by_label(label).set_input_files(as_file(hand.shot(size=size, fills=fills)))
        expect(phone.locator("#hasil")).to_contain_text("tidak berlaku lagi")
        phone.locator("#hasil").evaluate("each => each.replaceChildren()")
    eyes.look(phone)
    assert overflow(phone) == 0
