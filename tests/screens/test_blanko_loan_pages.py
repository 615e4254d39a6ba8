"""Loans to another city and couriers by name, by their pages and papers."""

from __future__ import annotations

from ampera.blanko.queries import held_at, loan_seen, shipments_to
from ampera.blanko.rules import stock_of
from ampera.words import OfficeCode
from tests.api.city import DINAS, PUSAT, SU1
from tests.papers.poppler import words_of
from tests.screens.browser import Browser, refusal_of, second, shown

HERE = "/blanko/pinjaman/"
CARRIED = {
    "carried_name": "KURIR CONTOH",
    "carried_paper": "NIP 99",
    "carried_letter": "400/12/2017",
}


def shelf(city) -> list[str]:
    with city.offices.at(DINAS):
        return sorted(held_at(stock_of(OfficeCode(DINAS))))


def test_a_loan_goes_out_and_comes_back_by_its_pages(fresh_city):
    desk = Browser(fresh_city, DINAS, "blanko")
    serials = shelf(fresh_city)
    told = {"city": "16.72", "until": "2017-10-07", "number": "PJ-1", **CARRIED}

    def lend(**changes):
        form = {**told, "serials": f"{serials[0]} - {serials[1]}", **changes}
        return desk.post(HERE, **{**desk.form(desk.get(HERE), HERE), **form}, **second())

    assert refusal_of(lend(carried_paper="")) == "blanko.courier_missing"
    assert refusal_of(lend(until="besok")) == "blanko.loan_until"
    assert refusal_of(lend(serials=f"{serials[0]} - ABC1")) == "screens.range_line"
    page = desk.follow(lend())
    text = shown(page)
    for part in ("PJ-1", "16.72", "400/12/2017", "KURIR CONTOH", "2 blanko belum kembali"):
        assert part in text
    paper = words_of(desk.get(f"{HERE}berita-acara.pdf?nomor=PJ-1").content)
    for part in ("PEMINJAMAN", "400/12/2017", "KURIR CONTOH", serials[0], "Belum kembali"):
        assert part in paper

    def settle(**changes):
        form = {"loan": "PJ-1", "how": "back", "serials": serials[0], "number": "PJ-1/K"}
        path = f"{HERE}selesai/"
        hidden = desk.form(desk.get(HERE), path)
        return desk.post(path, **{**hidden, **form, **changes}, **second())

    assert refusal_of(settle(serials=serials[2])) == "blanko.loan_here"
    assert refusal_of(settle(how="spent", serials=serials[2])) == "blanko.not_in_loan"
    assert refusal_of(settle(serials="SPC99999999", turn="dua")) == "blanko.loan_turn"
    assert refusal_of(settle(boxes="DUS SAJA")) == "screens.box_line"
    assert refusal_of(settle(how="")) == "screens.nothing_chosen"
    assert settle().status_code == 302
    assert settle(how="spent", serials=serials[1], number="PJ-1/P").status_code == 302
    with fresh_city.offices.at(DINAS):
        loan = loan_seen(DINAS, "PJ-1")
        assert (loan.returned, loan.spent, loan.out) == (1, 1, 0)


def test_another_blanko_comes_back_in_place_of_one_and_stands_on_the_paper(fresh_city):
    desk = Browser(fresh_city, DINAS, "blanko")
    serials, other = shelf(fresh_city), "ZZZ99000001"
    told = {"city": "16.72", "until": "", "number": "PJ-1", **CARRIED, "serials": serials[0]}
    page = shown(desk.follow(desk.post(HERE, **told, **second())))
    assert "giliran 1" in page
    form = {"loan": "PJ-1", "how": "back", "serials": other, "number": "PJ-1/K", "turn": "2"}
    page = shown(desk.follow(desk.post(f"{HERE}selesai/", **form, **second())))
    assert "masih harus kembali 0 blanko" in page
    paper = words_of(desk.get(f"{HERE}berita-acara.pdf?nomor=PJ-1").content)
    for part in ("Blanko pengganti", other, "Giliran antar kota", "Diganti blanko lain"):
        assert part in paper
    with fresh_city.offices.at(DINAS):
        loan = loan_seen(DINAS, "PJ-1")
        assert (loan.replaced, loan.owed, loan.until.isoformat()) == (1, 0, "2017-10-07")


def test_a_loan_comes_in_and_is_given_back_by_its_pages(fresh_city):
    desk, here = Browser(fresh_city, DINAS, "blanko"), f"{HERE}masuk/"
    lent, own = "ZZZ99000001 - ZZZ99000004", shelf(fresh_city)[0]
    told = {"city": "16.72", "until": "", "number": "PJ-9", **CARRIED, "serials": lent}

    def take(**changes):
        return desk.post(here, **{**told, **changes}, **second())

    assert refusal_of(take(carried_name="")) == "blanko.courier_missing"
    assert refusal_of(take(turn="x")) == "blanko.loan_turn"
    assert refusal_of(take(boxes="DUS")) == "screens.box_line"
    assert refusal_of(take(serials="ZZZ1 - ABC2")) == "screens.range_line"
    assert "4 blanko belum dikembalikan" in shown(desk.follow(take()))

    def settle(**changes):
        form = {"loan": "PJ-9", "how": "give", "serials": own, "number": "PJ-9/S"}
        return desk.post(f"{HERE}kembalikan/", **{**form, **changes}, **second())

    assert refusal_of(settle(how="")) == "screens.nothing_chosen"
    assert refusal_of(settle(loan="PJ-8")) == "blanko.loan_unknown"
    assert refusal_of(settle(how="waived", count="lima")) == "blanko.nothing_given"
    assert refusal_of(settle(serials="ABC1 - ZZZ2")) == "screens.range_line"
    page = shown(desk.follow(settle(serials=f"{own} ZZZ99000001")))
    assert "Tulis giliran 2 pada berita acara" in page
    page = shown(desk.follow(settle(how="waived", serials="", count="2", number="PJ-9/P")))
    assert "masih harus dikembalikan 0 blanko" in page
    paper = words_of(desk.get(f"{HERE}pengembalian.pdf?nomor=PJ-9").content)
    for part in ("PENGEMBALIAN", own, "ZZZ99000001", "Giliran antar kota", "16.72"):
        assert part in paper
    assert refusal_of(desk.get(f"{HERE}pengembalian.pdf?nomor=X")) == "screens.nothing_chosen"


def test_only_a_dinas_lends(fresh_city):
    no = Browser(fresh_city, SU1, "blanko").get(HERE)
    assert refusal_of(no) == "screens.other_tier"


def test_the_courier_stands_on_the_paper_of_a_shipment(fresh_city):
    desk = Browser(fresh_city, DINAS, "blanko")
    told = {"to": SU1, "serials": shelf(fresh_city)[0]}
    page = desk.get("/blanko/kirim/")
    no = desk.send(page, "", 0, **told, carried_name="KURIR CONTOH")
    assert no.status_code in (405, 422)
    sent = desk.post("/blanko/kirim/", **told, **CARRIED)
    assert sent.status_code == 302, shown(sent)
    with fresh_city.offices.at(DINAS):
        [shipment] = shipments_to(SU1)
    path = f"/blanko/kiriman/{shipment.shipment}/berita-acara.pdf"
    paper = words_of(desk.get(path).content)
    assert "KURIR CONTOH, NIP 99" in paper
    assert "400/12/2017" in paper
    half = desk.post("/blanko/kirim/", **told, carried_name="KURIR CONTOH")
    assert refusal_of(half) == "blanko.courier_missing"


def test_the_centre_sends_nothing_without_a_named_courier(fresh_city):
    desk = Browser(fresh_city, PUSAT, "blanko")
    no = desk.post("/blanko/kirim/", to=DINAS, serials="SPC00000001")
    assert refusal_of(no) == "blanko.courier_missing"
