"""What only a page can refuse: nothing chosen, a turned photo, a paper that cannot be made anew."""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image

from ampera.papers.portrait import synthetic_portrait, synthetic_signature
from ampera.screens.ports import ScreenPorts, open_ports
from tests.api.city import DINAS, NEW_PAPERS, SU1
from tests.papers.poppler import words_of
from tests.screens.browser import Browser, refusal_of, second, shown


def test_a_request_without_a_reason_is_refused(city, officer):
    counter, person = officer(SU1, "loket"), city.person()
    page = counter.follow(counter.post("/permohonan/cari/", nik=person.nik))
    fields = counter.form(page, "/permohonan/terima/") | {"papers": NEW_PAPERS, "reason": "X"}
    assert refusal_of(counter.post("/permohonan/terima/", **fields)) == "screens.no_reason"


def turned(portrait: bytes) -> bytes:
    """The same photo as a camera stores it that was held upright: with a mark to turn it."""
    image = Image.open(BytesIO(portrait))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    image.save(out, format="JPEG", exif=exif)
    return out.getvalue()


def test_a_turned_photo_is_refused_and_an_upright_one_shown(city, officer):
    from django.core.files.uploadedfile import SimpleUploadedFile

    counter = officer(SU1, "loket")
    request = city.take(city.person())
    counter.send(counter.get(f"/permohonan/{request}/"), f"/permohonan/{request}/lapor/")
    city.turn(1)
    check = f"/permohonan/{request}/rekam/periksa/"
    portrait, signature = synthetic_portrait(5, birth_year=1990), synthetic_signature(5)

    def send(photo: bytes):
        fields = {"exception_finger_1": "injured", "exception_finger_2": "absent"}
        return counter.post(
            check,
            portrait=SimpleUploadedFile("foto.jpg", photo),
            signature=SimpleUploadedFile("ttd.png", signature),
            **fields,
        )

    assert refusal_of(send(turned(portrait))) == "screens.photo_not_upright"
    preview = send(portrait)
    assert "Sidik jari telunjuk kanan: terluka" in shown(preview)
    save = f"/permohonan/{request}/rekam/simpan/"
    done = counter.send(preview, save, agreed="yes")
    assert "Perekaman tersimpan" in shown(counter.follow(done))


def test_a_number_of_cards_is_a_number(city, officer):
    printer = officer(SU1, "cetak")
    no = printer.post("/cetak/mulai/", printer="p1", cards="banyak")
    assert refusal_of(no) == "screens.not_a_number"


def test_emptying_a_printer_takes_two(city, officer):
    printer = officer(SU1, "cetak")
    city.print_on(20)
    page = printer.get("/cetak/")
    alone = printer.send(page, "/cetak/kosong/", second_login="cetak", second_password="x")
    assert refusal_of(alone) == "officer.unknown"
    done = printer.send(page, "/cetak/kosong/", **second())
    assert "dicatat oleh dua petugas" in shown(printer.follow(done))
    city.print_on(40)


def test_a_result_has_to_be_chosen_and_the_picture_may_be_missing(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    printer = Browser(city, SU1, "cetak")
    city.print_on(20)
    printer.send(printer.get("/cetak/"), "/cetak/mulai/", cards="1", feeding="one")
    city.print_on()
    card = re.search(r"/cetak/kartu/(crd_[0-9a-f]{32})/", printer.get("/cetak/").content.decode())
    page = f"/cetak/kartu/{card[1]}/"
    assert refusal_of(printer.post(page, result="MAYBE")) == "screens.nothing_chosen"
    open_ports(ScreenPorts())
    assert refusal_of(printer.get(f"{page}muka.pdf")) == "screens.no_card_picture"
    assert refusal_of(printer.get(f"{page}muka.svg")) == "screens.no_card_picture"
    assert "muka." not in printer.get(page).content.decode()


def test_minutes_tell_what_was_counted_whoever_asks_until_the_goods_moved_on(fresh_city):
    city = fresh_city
    sender, receiver = Browser(city, DINAS, "blanko"), Browser(city, SU1, "blanko")
    goods = "SPC71000001 SPC71000002"
    fields = sender.form(sender.get("/blanko/kirim/")) | {"to": SU1, "serials": goods}
    nobody = sender.post("/blanko/kirim/", **(fields | {"to": "31.71"}))
    assert refusal_of(nobody) == "screens.nothing_chosen"
    sender.post("/blanko/kirim/", **fields)
    city.offices.post()
    page = receiver.get("/blanko/").content.decode()
    here = re.search(r"/blanko/kiriman/shp_[0-9a-f]{32}/", page)[0]
    receiver.post(here, **receiver.form(receiver.get(here)), **second(), serials="SPC71000001")
    city.offices.post()
    for code in (SU1, DINAS):
        paper = words_of(Browser(city, code, "blanko").get(f"{here}berita-acara.pdf").content)
        assert "SPC71000001 SPC71000001 1 1 0" in paper
        assert "SPC71000002 SPC71000002 1 0" in paper
        assert "2 (dua) keping" in paper
        assert "1 (satu) keping" in paper


def test_minutes_are_gone_when_nothing_tells_of_the_goods_any_more(fresh_city):
    city = fresh_city
    sender, receiver = Browser(city, DINAS, "blanko"), Browser(city, SU1, "blanko")
    fields = sender.form(sender.get("/blanko/kirim/")) | {"to": SU1, "serials": "SPC71000001"}
    sender.post("/blanko/kirim/", **fields)
    city.offices.post()
    page = receiver.get("/blanko/").content.decode()
    here = re.search(r"/blanko/kiriman/shp_[0-9a-f]{32}/", page)[0]
    receiver.post(here, **receiver.form(receiver.get(here)), **second(), serials="SPC71000001")
    back = receiver.form(receiver.get("/blanko/kirim/")) | {"to": DINAS, "serials": "SPC71000001"}
    receiver.post("/blanko/kirim/", **back)
    assert receiver.get(f"{here}berita-acara.pdf").content.startswith(b"%PDF")
    other = Browser(city, SU1, "blanko")
    assert refusal_of(other.get(f"{here}berita-acara.pdf")) == "screens.minutes_gone"
