"""The camera on the page that checks sukets, when it does not simply read a code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.camera import CAMERA_FLAGS, as_file, bare_table
from tests.browser.chromium import another, overflow
from tests.browser.running import DINAS, PLAIN_HOST
from tests.tiers.running import wait_until

#: Reads the same in every picture.
_DETECTOR = """globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return [{ rawValue: "NO SUKET" }]; }
};"""


def page_of(city) -> str:
    return f"{city.server(DINAS)['url']}/suket/periksa"


def start(page: Page, address: str, *, name: str = "Pindai dengan kamera") -> None:
    page.goto(address)
    page.get_by_role("button", name=name).click()


def code_of(text: str) -> dict[str, object]:
    """A picture of a QR code with a white rim."""
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=4)]
    picture = Image.new("L", (len(rows), len(rows)))
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return as_file(picture.resize((len(rows) * 8,) * 2))


@pytest.fixture
def filmed(browser: Browser, tmp_path: Path):
    """A browser whose camera sees a bare table."""
    film = tmp_path / "table.mjpeg"
    bare_table(film)
    with another(browser, *(each.format(film) for each in CAMERA_FLAGS)) as opened:
        yield opened


def test_who_does_not_allow_the_camera_is_told_what_else_there_is(city, browser, eyes):
    # A camera is there, and nobody says yes.
    with another(browser, "--use-fake-device-for-media-stream") as without_consent:
        page = without_consent.new_page(viewport={"width": 360, "height": 740})
        start(page, page_of(city))
        said = page.locator("#hasil")
        expect(said).to_contain_text("Kamera tidak diizinkan untuk halaman ini.")
        expect(said).to_contain_text("ambil foto kodenya")
        expect(page.get_by_role("button", name="Pindai dengan kamera")).to_be_visible()
        eyes.look(page)
        assert overflow(page) == 0
        eyes.picture(page, "suket-no-camera-360")
        start(page, f"{page_of(city)}?bahasa=en", name="Scan with the camera")
        expect(said).to_contain_text("The camera is not allowed for this page.")
    assert eyes.wrong == []


def test_a_device_without_a_camera_is_told_so(city, browser):
    with another(browser, "--use-fake-ui-for-media-stream") as bare:
        page = bare.new_page()
        start(page, page_of(city))
        expect(page.locator("#hasil")).to_contain_text("Perangkat ini tidak mempunyai kamera.")


def test_over_http_there_is_no_camera_and_a_photograph_is_still_read(city, browser):
    port = re.search(r":([0-9]+)$", city.server(DINAS)["url"])
    assert port
    with another(browser, f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1") as plain:
        page = plain.new_page()
        start(page, f"http://{PLAIN_HOST}:{port[1]}/suket/periksa")
        said = page.locator("#hasil")
        expect(said).to_contain_text("hanya kepada halaman https")
        page.get_by_label("atau ambil foto kode").set_input_files(code_of("NO SUKET"))
        # Without https a browser cannot check either: the server did, and says what it is.
        expect(page.locator("#hasil [data-found]")).to_contain_text("Ini bukan kode suket")
        expect(page.get_by_label("Isi kode pada suket")).to_have_value("NO SUKET")


def test_after_twenty_seconds_without_a_code_the_camera_stops_and_says_what_helps(city, filmed):
    page = filmed.new_page()
    page.clock.install()
    start(page, page_of(city))
    expect(page.locator("video")).to_be_visible()
    wait_until(lambda: page.evaluate("document.querySelector('video').videoWidth") > 0)
    page.clock.fast_forward(19_000)
    expect(page.locator("video")).to_be_visible()
    page.clock.fast_forward(2_000)
    expect(page.locator("#hasil")).to_contain_text("Dalam 20 detik tidak ada kode yang terbaca.")
    expect(page.locator("video")).to_be_hidden()
    # Once more, and it begins anew.
    page.get_by_role("button", name="Pindai dengan kamera").click()
    expect(page.locator("video")).to_be_visible()
    expect(page.locator("#hasil")).to_be_empty()


@pytest.mark.parametrize("how", ["the button", "another window"])
def test_the_camera_is_off_as_soon_as_nobody_needs_it(city, filmed, how):
    page = filmed.new_page()
    start(page, page_of(city))
    wait_until(lambda: page.evaluate("document.querySelector('video').videoWidth") > 0)
    page.evaluate("track = document.querySelector('video').srcObject.getVideoTracks()[0]")
    if how == "the button":
        page.get_by_role("button", name="Matikan kamera").click()
    else:
        page.evaluate(
            """() => {
              Object.defineProperty(document, "hidden", { value: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
    expect(page.locator("video")).to_be_hidden()
    assert page.evaluate("track.readyState") == "ended"
    expect(page.locator("#hasil")).to_be_empty()


def test_a_browser_that_reads_codes_itself_never_loads_the_decoder(city, filmed):
    page = filmed.new_page()
    page.add_init_script(_DETECTOR)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    start(page, page_of(city))
    expect(page.locator("#hasil")).to_contain_text("Ini bukan kode suket")
    expect(page.locator("#luring")).to_be_visible()
    assert any(url.endswith("scan.js") for url in asked)
    assert not [url for url in asked if "decode" in url]


def test_what_is_no_picture_of_a_code_is_said(city, browser):
    page = browser.new_page()
    page.goto(page_of(city))
    photo = page.get_by_label("atau ambil foto kode")
    said = page.locator("#hasil")
    for chosen in (
        as_file(Image.new("L", (800, 600), 200)),
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"},
    ):
        photo.set_input_files(chosen)
        expect(said).to_contain_text("Tidak ada kode QR yang terbaca di foto itu.")
        said.evaluate("each => each.replaceChildren()")


def test_without_a_line_and_without_the_decoder_it_says_which_of_them_is_missing(city, filmed):
    page = filmed.new_page(service_workers="block")  # it would have kept it
    page.route(re.compile("decode"), lambda route: route.abort())
    start(page, page_of(city))
    expect(page.locator("#hasil")).to_contain_text("Pembaca kode belum tersimpan")
    expect(page.locator("video")).to_be_hidden()
    page.unroute(re.compile("decode"))
    page.get_by_label("atau ambil foto kode").set_input_files(code_of("NO SUKET"))
    expect(page.locator("#hasil")).to_contain_text("Ini bukan kode suket")
