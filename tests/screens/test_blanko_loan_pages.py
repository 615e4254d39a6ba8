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

    assert refusal_of(settle(serials=serials[2])) == "blanko.not_in_loan"
    assert refusal_of(settle(how="")) == "screens.nothing_chosen"
    assert settle().status_code == 302
    assert settle(how="spent", serials=serials[1], number="PJ-1/P").status_code == 302
    with fresh_city.offices.at(DINAS):
        loan = loan_seen("PJ-1")
        assert (loan.returned, loan.spent, loan.out) == (1, 1, 0)


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
