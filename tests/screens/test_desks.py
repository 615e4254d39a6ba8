"""Each desk does its work: queue, unknown attempts, blanko, confirmation, permits, the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ampera.blanko.queries import accounts, are_books_open, shelf_count, whereis
from ampera.intake.actions import complete_request, take_request
from ampera.intake.queries import resident_facts
from ampera.journal.actions import Command
from ampera.printing.actions import end_attempt, open_attempt
from ampera.readiness.queries import open_permits
from ampera.register.queries import Purpose, officer_in_force, resident_for
from ampera.screens.ports import Hop
from ampera.words import Nik, Reason, Refusal
from tests.api.city import DINAS, IT2, NEW_PAPERS, PRINTER, SU1
from tests.screens.browser import ALL_SEEN, Browser, open_screen_ports, refusal_of, second, shown


def command(city, code, login):
    from ampera.journal.house import house

    return Command(id=house().ids.new("cmd"), officer=city.officer(code, login))


def test_the_queue_gives_and_calls_numbers_once(fresh_city):
    counter = Browser(fresh_city, SU1, "loket")
    page = counter.get("/hari-ini/")
    fields = counter.form(page, "/nomor/")
    assert fields["counter"] == "Loket 1"
    first, again = (counter.post("/hari-ini/nomor/", **fields) for _ in range(2))
    assert "sudah diberikan" in shown(counter.follow(again))
    assert first.status_code == 302
    done = counter.send(counter.get("/hari-ini/"), "/hari-ini/panggil/")
    assert "Loket 1: panggil nomor 1." in shown(counter.follow(done))
    no = counter.send(counter.get("/hari-ini/"), "/hari-ini/panggil/")
    assert refusal_of(no) == "intake.nobody_waits"


def an_unknown_attempt(city) -> str:
    city.ready_record(city.person())
    with city.offices.at(SU1):
        [permit] = open_permits(SU1)
        by = command(city, SU1, "cetak")
        opened = open_attempt(by, permit=permit.permit, printer=PRINTER)
        assert not isinstance(opened, Refusal), opened
        ended = end_attempt(Command(id="cmd_end"), attempt=opened["attempt"], outcome="UNKNOWN",
                            cause="canceled")  # fmt: skip
        assert not isinstance(ended, Refusal), ended
    return str(opened["attempt"])


def test_an_unknown_attempt_is_settled_by_two_who_looked(fresh_city):
    city = fresh_city
    attempt = an_unknown_attempt(city)
    printer = Browser(city, SU1, "cetak")
    assert "Belum diketahui hasilnya" in shown(printer.get("/cetak/"))
    page = f"/cetak/percobaan/{attempt}/"
    fields = printer.form(printer.get(page))
    assert refusal_of(printer.post(page, **fields, **second())) == "screens.nothing_chosen"
    fields |= {"outcome": "SHELF"}
    alone = printer.post(page, **fields, second_login="cetak", second_password="x")
    assert refusal_of(alone) == "officer.unknown"
    done = printer.post(page, **fields, **second())
    assert "Blanko kembali ke rak" in shown(printer.follow(done))
    with city.offices.at(SU1):
        assert accounts(SU1) == {"shelf": 5}
    assert "tidak menunggu penyelesaian" in shown(printer.get(page))


def test_who_saw_nothing_of_it_may_not_be_the_second(fresh_city):
    from ampera.register.actions import set_password
    from tests.api.city import PASSWORD

    city = fresh_city
    attempt = an_unknown_attempt(city)
    with city.offices.at(SU1):
        assert set_password(city.officer(SU1, "loket"), password=PASSWORD) is None
    printer = Browser(city, SU1, "cetak")
    page = f"/cetak/percobaan/{attempt}/"
    fields = printer.form(printer.get(page)) | {"outcome": "SHELF"}
    no = printer.post(page, **fields, **second("loket"))
    assert refusal_of(no) == "screens.second_may_not"


def test_books_are_opened_a_box_broken_and_a_serial_found(fresh_city):
    city = fresh_city
    keeper = Browser(city, IT2, "blanko")
    assert "Buku blanko belum dibuka" in shown(keeper.get("/blanko/"))
    page = keeper.get("/blanko/saldo-awal/")
    fields = keeper.form(page) | second()
    bad = keeper.post("/blanko/saldo-awal/", **fields, boxes="KOTAK-7 tanpa jumlah")
    assert refusal_of(bad) == "screens.box_line"
    boxes = "KOTAK-7 SPC70000001 20\n"
    done = keeper.post("/blanko/saldo-awal/", **fields, boxes=boxes, serials="SPC80000001")
    assert "Buku blanko dibuka dengan 21 blanko" in shown(keeper.follow(done))
    sealed = shown(keeper.get("/blanko/?seri=SPC70000005"))
    assert "dalam dus KOTAK-7" in sealed
    opened = keeper.send(keeper.get("/blanko/"), "/blanko/buka-dus/")
    assert "SPC70000001 sampai SPC70000020" in shown(keeper.follow(opened))
    with city.offices.at(IT2):
        assert are_books_open(IT2)
        assert shelf_count(IT2) == 21
    assert "tidak ada dalam buku" in shown(keeper.get("/blanko/?seri=SPC99999999"))


def test_a_shipment_one_short_goes_to_dispute_and_both_sides_print_the_minutes(fresh_city):
    city = fresh_city
    sender, receiver = Browser(city, DINAS, "blanko"), Browser(city, SU1, "blanko")
    form = sender.get("/blanko/kirim/")
    assert "16.71.02" in shown(form)
    fields = sender.form(form) | {"to": SU1, "serials": "SPC71000001\nSPC71000002 SPC71000003"}
    sent = sender.post("/blanko/kirim/", **fields)
    assert "3 blanko dikirim" in shown(sender.follow(sent))
    again = sender.post("/blanko/kirim/", **fields)
    assert again.status_code == 302, "the same form sent twice ships once"
    city.offices.post()
    page = receiver.get("/blanko/").content.decode()
    shipment = re.search(r"/blanko/kiriman/(shp_[0-9a-f]{32})/", page)[1]
    here = f"/blanko/kiriman/{shipment}/"
    assert receiver.get(f"{here}berita-acara.pdf").content.startswith(b"%PDF")
    counted = receiver.form(receiver.get(here)) | second()
    counted |= {"serials": "SPC71000001\nSPC71000003\n"}
    done = receiver.post(here, **counted)
    told = shown(receiver.follow(done))
    assert "Kurang 1; dicatat sebagai selisih" in told
    assert "Kurang saat dihitung" in told, "what is missing stands there by its number"
    with city.offices.at(SU1):
        assert accounts(SU1) == {"shelf": 7, "dispute": 1}
        assert whereis("SPC71000002").place == "16.71.02/dispute"
    city.offices.post()
    for each in (sender, receiver):
        assert each.get(f"{here}berita-acara.pdf").content.startswith(b"%PDF")
    stranger = Browser(city, IT2, "blanko")
    assert refusal_of(stranger.get(f"{here}berita-acara.pdf")) == "blanko.shipment_unknown"


def a_request_to_confirm(city) -> str:
    """Somebody whose name at the counter is spelled as the register does not have it."""
    person = city.person()
    with city.offices.at(SU1):
        by = command(city, SU1, "loket")
        seen = resident_for(officer_in_force(by.officer), Nik(person.nik), purpose=Purpose.COUNTER)
        from dataclasses import replace

        facts = replace(resident_facts(seen), nama="NAMA YANG LAIN")
        taken = take_request(by, resident_facts=facts, reason=Reason.NEW, papers=NEW_PAPERS)
        assert not isinstance(taken, Refusal), taken
        done = complete_request(command(city, SU1, "loket"), request=taken["request"])
        assert not isinstance(done, Refusal), done
    city.offices.post()
    return str(taken["request"])


def test_a_verifier_confirms_what_the_register_did_not(city, officer):
    request = a_request_to_confirm(city)
    desk = officer(DINAS, "verifikator")
    assert f"/konfirmasi/{request}/" in desk.get("/konfirmasi/").content.decode()
    item = desk.get(f"/konfirmasi/{request}/")
    assert "berbeda" in shown(item)
    done = desk.send(item, f"/konfirmasi/{request}/ya/")
    assert "NIK dikonfirmasi" in shown(desk.follow(done))
    no = desk.post(f"/konfirmasi/{request}/ya/")
    assert refusal_of(no) == "intake.already_confirmed"


def test_a_rejection_says_why_to_the_counter(city, officer):
    request = a_request_to_confirm(city)
    desk = officer(DINAS, "verifikator")
    item = desk.get(f"/konfirmasi/{request}/")
    where = f"/konfirmasi/{request}/tolak/"
    assert refusal_of(desk.send(item, where)) == "screens.nothing_chosen"
    desk.send(item, where, why="not_the_person")
    city.offices.post()
    page = shown(officer(SU1, "loket").get(f"/permohonan/{request}/"))
    assert "REQUEST_REJECTED" in page
    assert "Pemohon bukan pemilik NIK ini" in page


def test_a_recalled_permit_comes_back_from_the_office(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    desk = Browser(city, DINAS, "verifikator")
    assert "Seberang Ulu" in shown(desk.get("/izin/"))
    page = desk.get("/izin/16.71.02/")
    fields = desk.form(page, "/tarik/")
    assert refusal_of(desk.post("/izin/16.71.02/tarik/", **fields)) == "screens.nothing_chosen"
    done = desk.post("/izin/16.71.02/tarik/", **fields, why="PRINTER_DOWN")
    assert "Izin diminta kembali" in shown(desk.follow(done))
    assert "diminta kembali" in shown(desk.get("/izin/16.71.02/"))
    assert refusal_of(desk.get("/izin/31.71/")) == "screens.no_such_office"


@dataclass(frozen=True)
class Link:
    is_up: bool = False
    contact_city: datetime | None = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
    try_city: datetime | None = datetime(2017, 9, 7, 1, 5, tzinfo=UTC)
    error: str = "link.unreachable"
    clock_seconds: int = 3


def test_the_line_shows_what_is_unsent_and_tests_both_hops(city, officer):
    browser = officer(SU1, "loket")
    city.take(city.person())
    assert "Uji jalur sekarang" not in shown(browser.get("/jalur/"))
    assert refusal_of(browser.post("/jalur/uji/")) == "screens.no_link_test"
    hops = [Hop(SU1, DINAS, is_up=True, milliseconds=12), Hop(DINAS, "00", is_up=False, error="x")]
    open_screen_ports(link=Link, test_link=lambda: hops)
    page = browser.get("/jalur/")
    assert "putus" in shown(page)
    assert "3 detik" in shown(page)
    assert re.search(r"[1-9][0-9]* catatan, tertua", shown(page))
    tested = shown(browser.send(page, "/jalur/uji/"))
    assert "16.71.02 → 16.71: menjawab 12 milidetik" in tested
    assert "16.71 → 00: tidak menjawab" in tested


def test_a_request_is_handed_on_to_the_dinas(city, officer):
    request = city.take(city.person())
    counter = officer(SU1, "loket")
    case = f"/permohonan/{request}/"
    done = counter.send(counter.get(case), f"{case}teruskan/")
    assert "diteruskan ke Disdukcapil" in shown(counter.follow(done))
    city.offices.post()
    assert "Disdukcapil" in shown(officer(DINAS, "loket").get(case))


def test_a_proxy_is_recorded_with_name_and_right(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    printer, counter = Browser(city, SU1, "cetak"), Browser(city, SU1, "loket")
    city.print_on(20)
    printer.send(printer.get("/cetak/"), "/cetak/mulai/", cards="1", feeding="hopper")
    city.print_on()
    card = re.search(r"/cetak/kartu/(crd_[0-9a-f]{32})/", printer.get("/cetak/").content.decode())
    assert card, shown(printer.get("/cetak/"))
    printer.post(f"/cetak/kartu/{card[1]}/", result="READY", **ALL_SEEN)
    page = f"/penyerahan/{card[1]}/"
    fields = counter.form(counter.get(page)) | {"verified": "DOCUMENT", "to": "PROXY"}
    assert refusal_of(counter.post(page, **fields)) == "delivery.receiver_unknown"
    fields |= {"proxy_name": "CONTOH WAKIL", "proxy_relation": "anak", "proxy_paper": "satu KK"}
    proof = counter.follow(counter.post(page, **fields))
    assert "wakil: CONTOH WAKIL (anak; satu KK)" in shown(proof)
    assert counter.get(f"{page}bukti.pdf").content.startswith(b"%PDF")
    assert counter.get(page).headers["Location"] == f"{page}bukti/"
