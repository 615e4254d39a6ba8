"""Whole journeys on real pages of a running city, located as a person would find them."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.chromium import Eyes, overflow
from tests.browser.desks import (
    ask_status,
    go,
    reached,
    reload_until,
    search,
    somebody,
    take,
    to_the_request,
    wait_for,
)
from tests.browser.running import DINAS, IT2, SU1


def test_a_resident_gets_a_first_card_from_the_request_to_the_hand(city, desk, visitor, eyes):
    counter = desk(SU1, "loket")
    eyes.look(counter)
    person = somebody(counter)
    eyes.look(counter)
    eyes.look(search(counter, person.nik))
    ticket = take(counter, "KTP-el baru")
    eyes.look(counter)
    case = to_the_request(counter).url
    assert reached(counter)[0] == "LOCAL"
    eyes.look(counter)

    counter.get_by_role("button", name="Laporkan data lengkap").click()
    expect(counter.get_by_role("status")).to_contain_text("Data dilaporkan lengkap")
    _record(counter, eyes)
    # Nobody reloads this page: it shows by itself what the centre has decided.
    decided = re.compile("^(PRINT_READY_RECORD|SENT_FOR_CARD_PRINTING)$")
    wait_for(counter.get_by_text(decided), seconds_max=60)
    _print(desk(SU1, "cetak"), eyes, name=person.name)
    _hand_over(counter, eyes, name=person.name)

    counter.goto(case)
    reload_until(counter, lambda: reached(counter) == ["LOCAL", "CITY", "CENTRE"])
    expect(counter.get_by_text("CARD_ISSUED", exact=True)).to_be_visible()
    eyes.look(counter)
    resident = ask_status(visitor(), city, ticket)
    expect(resident.get_by_role("heading", name="Status permohonan")).to_be_visible()
    expect(resident.get_by_text("Kartu Anda sudah diserahkan.")).to_be_visible()
    expect(resident.get_by_text("CARD_ISSUED", exact=True)).to_be_visible()
    # Nothing waits any more, so the page gives no reason why it would.
    expect(resident.get_by_text("Mengapa menunggu")).to_have_count(0)
    expect(resident.get_by_role("listitem").filter(has_text="Pusat")).to_contain_text(
        "(sudah sampai)"
    )
    assert person.nik not in resident.content()
    assert person.name not in resident.content()
    eyes.look(resident)
    eyes.picture(resident, "whole-card")
    assert eyes.wrong == []


def _record(counter: Page, eyes: Eyes) -> None:
    """As soon as the dinas knows the NIK: sample images, the resident's yes, the seal."""
    gate = counter.get_by_role("link", name="Rekam biometrik")
    reload_until(counter, gate.is_visible)
    gate.click()
    expect(counter.get_by_text("Gerbang terbuka")).to_be_visible()
    eyes.look(counter)
    counter.get_by_role("button", name="Pakai gambar contoh").click()
    expect(counter.get_by_role("heading", name="Tunjukkan foto kepada pemohon")).to_be_visible()
    eyes.look(counter)
    counter.get_by_label("Pemohon melihat dan menyetujui fotonya.").check()
    counter.get_by_role("button", name="Simpan dan segel perekaman").click()
    expect(counter.get_by_role("status")).to_contain_text("Perekaman tersimpan")
    eyes.look(counter)


def _print(printing: Page, eyes: Eyes, *, name: str) -> None:
    """The permit comes, the printer runs, the card is looked at."""
    go(printing, "Cetak")
    queue = printing.get_by_role("table", name="Izin cetak menurut urutan cetak")
    reload_until(printing, queue.get_by_role("link", name=name).is_visible)
    eyes.look(printing)
    start = printing.get_by_role("region", name=re.compile("^Jalankan"))
    start.get_by_label("Berapa kartu").fill("1")
    start.get_by_label(re.compile("hopper terisi")).check()
    start.get_by_role("button", name="Mulai cetak").click()
    expect(printing.get_by_role("status").first).to_contain_text("Pencetakan dimulai")
    eyes.look(printing)
    check = printing.get_by_role("link", name=re.compile("^Periksa kartu"))
    wait_for(check, seconds_max=60)
    check.click()
    expect(printing.get_by_role("heading", name="Harus tercetak")).to_be_visible()
    eyes.look(printing)
    printing.get_by_role("button", name="Tulis cip dan baca kembali").click()
    expect(printing.get_by_role("status").first).to_contain_text("cocok")
    card = printing.get_by_role("img", name=re.compile("^Muka kartu"))
    expect(card).to_have_js_property("complete", True)
    assert card.evaluate("image => image.naturalWidth") > 100
    printing.get_by_text("Isian satu per satu").click()
    expect(printing.get_by_text(name, exact=True)).to_be_visible()
    eyes.look(printing)
    eyes.picture(printing, "check")
    for item in printing.get_by_role("checkbox").all():
        item.check()
    printing.get_by_role("button", name="Kartu baik: siap diserahkan").click()
    expect(printing.get_by_role("status").first).to_contain_text("Kartu siap diserahkan")


def _hand_over(counter: Page, eyes: Eyes, *, name: str) -> None:
    go(counter, "Penyerahan")
    row = counter.get_by_role("row").filter(has_text=name)
    expect(row).to_be_visible()
    eyes.look(counter)
    row.get_by_role("link", name=re.compile("^Serahkan")).click()
    expect(counter.get_by_role("heading", name="Serahkan kartu")).to_be_visible()
    eyes.look(counter)
    counter.get_by_role("group", name="Penerima dikenali dengan").get_by_role("radio").first.check()
    counter.get_by_label("pemegangnya sendiri").check()
    counter.get_by_role("button", name="Serahkan").click()
    expect(counter.get_by_role("heading", name="kartu boleh diberikan")).to_be_visible()
    eyes.look(counter)


def test_a_lost_card_at_a_kecamatan_goes_to_the_dinas_with_its_reason(desk, eyes):
    counter = desk(IT2, "loket")
    person = somebody(counter, has_card=True)
    eyes.look(search(counter, person.nik))
    take(counter, "Hilang")
    expect(counter.get_by_text("diteruskan: alasan ini dikerjakan di Disdukcapil")).to_be_visible()
    eyes.look(counter)
    to_the_request(counter)
    counter.get_by_role("button", name="Laporkan data lengkap").click()
    expect(counter.get_by_role("status")).to_contain_text("Data dilaporkan lengkap")
    expect(counter.get_by_role("link", name="Rekam biometrik")).to_have_count(0)
    eyes.look(counter)

    dinas = go(desk(DINAS, "verifikator"), "Permohonan")
    theirs = dinas.get_by_role("row").filter(has_text=person.name)
    reload_until(dinas, lambda: theirs.filter(has_text="Hilang").is_visible())
    eyes.look(dinas)
    theirs.get_by_role("link", name=person.name).click()
    about = dinas.get_by_role("region", name="Permohonan")
    expect(about).to_contain_text(re.compile(r"Alasan\s*Hilang"))
    expect(about).to_contain_text(re.compile(r"Dilayani oleh\s*Disdukcapil"))
    # The card is from before Ampera: the centre looked for its recording, and has none.
    answer = dinas.get_by_text("penduduk ini belum pernah direkam")
    reload_until(dinas, answer.first.is_visible)
    expect(dinas.get_by_text("Undang pemohon untuk perekaman.")).to_be_visible()
    eyes.look(dinas)
    eyes.picture(dinas, "lost-card")

    stock = go(desk(DINAS, "blanko"), "Blanko")
    shelf = stock.get_by_role("row", name=re.compile("Stok di rak"))
    count = shelf.get_by_role("cell").inner_text()
    assert int(count.replace(".", "")) > 0
    eyes.look(stock)
    assert eyes.wrong == []


def test_a_kecamatan_goes_on_while_its_line_is_cut(city, desk, eyes):
    counter = desk(IT2, "loket")
    person = somebody(counter)
    status, _ = city.control(f"/cut?link={IT2}")
    assert status == 200
    try:
        search(counter, person.nik)
        take(counter, "KTP-el baru")
        eyes.look(to_the_request(counter))
        unsent = counter.get_by_role("banner").get_by_text(
            re.compile(r"[1-9]\d* catatan belum terkirim, tertua \d+ (menit|jam)")
        )
        reload_until(counter, unsent.is_visible)
        assert reached(counter) == ["LOCAL"]
        go(counter, "Jalur & jurnal")
        wait_for(counter.get_by_text("putus", exact=True))
        assert re.search(r"[1-9]\d* catatan, tertua \d+", counter.inner_text("main"))
        eyes.look(counter)
        eyes.picture(counter, "line-cut")
    finally:
        status, _ = city.control(f"/heal?link={IT2}")
    assert status == 200
    all_sent = counter.get_by_role("banner").get_by_text("Semua catatan terkirim")
    reload_until(counter, all_sent.is_visible)
    expect(counter.get_by_text("tersambung", exact=True)).to_be_visible()
    eyes.look(counter)
    assert eyes.wrong == []


def test_a_resident_asks_on_a_phone(city, desk, visitor, eyes):
    counter = desk(SU1, "loket")
    person = somebody(counter)
    known = search(counter, person.nik).inner_text("main")
    kk = re.search(r"Nomor KK\s+(\d{16})", known)
    assert kk

    phone = visitor(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    ask_status(phone, city, "K7M2 9QXA 4TRP")
    expect(phone.get_by_role("alert")).to_be_visible()
    eyes.look(phone)
    for number, sentence in (
        (kk[1], "Anda belum terekam."),
        (kk[1][:-4] + "0001", "Silakan datang ke kantor dengan membawa KK."),
    ):
        phone.goto(f"{city.server(DINAS)['url']}/status/")
        phone.get_by_label("NIK", exact=True).fill(person.nik)
        phone.get_by_label("Nomor Kartu Keluarga (KK)").fill(number)
        phone.get_by_role("button", name="Periksa").click()
        expect(phone.get_by_role("status")).to_contain_text(sentence)
        assert person.nik not in phone.url
    eyes.look(phone)
    eyes.picture(phone, "phone")
    phone.get_by_role("link", name="Stok blanko hari ini").first.click()
    # On a phone each office is folded: its name and its blanks first, the rest when it is touched.
    office = phone.locator("details").filter(has_text="Seberang Ulu I:")
    expect(office.locator("summary")).to_be_visible()
    office.locator("summary").click()
    expect(office.get_by_text("Menunggu", exact=True)).to_be_visible()
    eyes.look(phone)

    phone.set_viewport_size({"width": 320, "height": 640})
    for path in ("status/", "stok/", "masuk/"):
        phone.goto(f"{city.server(DINAS)['url']}/{path}")
        assert overflow(phone) == 0, path
        eyes.look(phone)
    assert eyes.wrong == []


def test_pages_of_officers_fit_a_narrow_window(desk, eyes):
    counter = desk(IT2, "loket", viewport={"width": 320, "height": 640})
    person = somebody(counter)
    search(counter, person.nik)
    wide = {"Penduduk": overflow(counter)}
    eyes.look(counter)
    for title in ("Hari ini", "Permohonan", "Penyerahan", "Jalur & jurnal"):
        wide[title] = overflow(go(counter, title))
        eyes.look(counter)
    assert not any(wide.values()), wide
    assert eyes.wrong == []


def test_a_request_is_taken_without_javascript(desk, visitor, eyes):
    counter = desk(SU1, "loket", java_script_enabled=False)
    _judge(counter, visitor, eyes)
    person = somebody(counter)
    search(counter, person.nik)
    expect(counter.get_by_role("heading", name=person.name)).to_be_visible()
    _judge(counter, visitor, eyes)
    take(counter, "KTP-el baru")
    to_the_request(counter)
    expect(counter.get_by_text("REQUEST_TAKEN", exact=True)).to_be_visible()
    expect(counter.get_by_role("button", name="Laporkan data lengkap")).to_be_visible()
    _judge(counter, visitor, eyes)
    eyes.picture(counter, "without-javascript")
    assert (eyes.looked_at, eyes.wrong) == (3, [])


def _judge(page: Page, visitor: Callable[..., Page], eyes: Eyes) -> None:
    """The judge is a script itself: so the very bytes of this page, where scripts may run, but
    none of its own."""
    seen = page.content()
    twin = visitor(storage_state=page.context.storage_state())
    twin.route(page.url, lambda route: route.fulfill(body=seen, content_type="text/html"))
    twin.route("**/*.js", lambda route: route.abort())
    twin.goto(page.url)
    eyes.look(twin)
    twin.context.close()
