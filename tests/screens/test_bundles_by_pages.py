"""Bundles and the carrier's page through forms alone: sealed, taken, given, brought back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ampera.delivery.queries import card_held, conflicts, handed_over, signature_of
from ampera.journal.house import house
from ampera.screens.ports import ScreenPorts, open_ports
from tests.api.city import SU1, City
from tests.houses import Offices
from tests.papers.poppler import words_of
from tests.screens.browser import SIXTEEN_DIGITS, Browser, refusal_of, second, shown
from tests.screens.carriers import appoint_lurah, finish_cards, lurah_signs


@pytest.fixture(scope="module")
def town(django_db_blocker):
    """A city with a lurah and five finished cards of one kelurahan or more."""
    with django_db_blocker.unblock(), Offices() as offices:
        made = City(offices)
        made.lurah = appoint_lurah(made)
        made.kelurahan, made.cards = finish_cards(made, 5)[0]
        assert len(made.cards) >= 4, "the seed gave too few in one kelurahan"
        yield made


@pytest.fixture
def counter(town):
    return Browser(town, SU1, "loket")


@pytest.fixture
def lurah(town):
    return Browser(town, SU1, "lurah")


def free_card(town) -> str:
    """A card of the kelurahan that still lies at the counter."""
    with town.offices.at(SU1):
        held = [card_held(card) for card in town.cards]
        return next(e.card for e in held if e.place == "COUNTER" and e.handed_at is None)


def seal(counter, town, *cards) -> str:
    done = counter.send(
        counter.get("/bundel/"), "/bundel/buat/", kelurahan=town.kelurahan, card=list(cards)
    )
    assert done.status_code == 302, shown(done)
    return done.headers["Location"].split("/")[2]


def send(counter, bundle) -> None:
    page = counter.get(f"/bundel/{bundle}/")
    done = counter.send(page, f"/bundel/{bundle}/serahkan/", by="account", **lurah_signs())
    assert "Bundel boleh diberikan" in shown(counter.follow(done))


def tell(lurah, bundle, card, act="GIVEN", **more):
    """What the phone's script posts."""
    with lurah.city.offices.at(SU1):
        command = house().ids.new("cmd")
    told = {"command": command, "bundle": bundle, "card": card, "act": act}
    told |= {"told_at": "2017-09-07T04:05:06.789Z", **more}
    return lambda: post_json(lurah, told)


def post_json(browser, told):
    with browser.city.offices.at(browser.code):
        return browser.client.post(
            "/antar/kirim/", json.dumps(told), content_type="application/json"
        )


def in_office(town, ask):
    with town.offices.at(SU1):
        return ask()


def test_a_bundle_goes_from_the_counter_to_a_door_and_what_is_left_comes_back(town, counter, lurah):
    first = free_card(town)
    page = shown(counter.get("/bundel/"))
    assert "Buat bundel baru" in page
    bundle = seal(counter, town, first)
    away = counter.get(f"/bundel/{bundle}/")
    assert "masih di kantor" in shown(away)
    assert "ada di bundelnya" in shown(counter.get(f"/penyerahan/{first}/"))
    assert "Tidak ada kartu di tangan Anda" in shown(lurah.get("/antar/"))
    send(counter, bundle)
    phone = lurah.get("/antar/")
    assert "1 kartu di tangan Anda" in shown(phone)
    assert not SIXTEEN_DIGITS.search(shown(phone)), "a NIK is masked on the phone"
    done = lurah.send(phone, "/antar/catat/", act="BACK", why="NOT_HOME")
    assert "Tercatat di kantor" in shown(lurah.follow(done))
    assert "dilaporkan: tidak ada di rumah" in shown(lurah.get("/antar/"))
    page = counter.get(f"/bundel/{bundle}/")
    assert "Antar sekali lagi" in shown(page)
    fields = {"card": first, f"why-{first}": "NOT_HOME"}
    back = counter.send(page, f"/bundel/{bundle}/kembali/", **fields)
    assert "Bundel ini kosong" in shown(counter.follow(back))
    for each in (*counter.addresses, *lurah.addresses):
        assert not SIXTEEN_DIGITS.search(each)


def test_what_the_phone_sends_ten_times_counts_once(town, counter, lurah):
    card = free_card(town)
    bundle = seal(counter, town, card)
    send(counter, bundle)
    post = tell(
        lurah, bundle, card, to="PROXY", name="CONTOH ISTRI", relation="istri", signature="M1 2L3 4"
    )
    assert [post().json() for _ in range(10)] == [{"state": "DONE"}] * 10
    seen = in_office(town, lambda: handed_over(card))
    assert (seen.proxy_name, seen.told_at) == ("CONTOH ISTRI", "2017-09-07T04:05:06.789000Z")
    assert in_office(town, lambda: signature_of(card)) == "M1 2L3 4"
    proof = shown(counter.get(f"/penyerahan/{card}/bukti/"))
    assert "diantar ke rumah" in proof
    state = lurah.get("/antar/keadaan/").json()
    assert (state["officer"], card in state["cards"]) == (town.lurah, False)


def test_what_the_office_refuses_is_shown_on_the_phone_and_at_the_counter(town, counter, lurah):
    card = free_card(town)
    bundle = seal(counter, town, card)
    send(counter, bundle)
    fields = {"card": card, f"why-{card}": "NOT_HOME"}
    counter.send(counter.get(f"/bundel/{bundle}/"), f"/bundel/{bundle}/kembali/", **fields)
    post = tell(lurah, bundle, card)
    said = post()
    assert (said.status_code, said.json()["state"]) == (409, "REFUSED")
    assert said.json()["code"] == "delivery.not_in_your_hand"
    assert "loket" in said.json()["next"]
    (conflict,) = in_office(town, conflicts)
    page = counter.get("/bundel/")
    assert "Kartu sudah diberikan di pintu" in shown(page)
    done = counter.send(page, f"/bundel/diperiksa/{conflict.command}/")
    assert "sudah diperiksa" in shown(counter.follow(done))
    assert in_office(town, conflicts) == []


def test_a_phone_that_sends_nonsense_is_told_so(town, lurah):
    assert post_json(lurah, ["x"]).json()["code"] == "delivery.act_unread"
    assert post_json(lurah, {"command": "x"}).status_code == 422
    assert tell(lurah, "bnd_x", "crd_x", to=7)().json()["code"] == "delivery.no_such_bundle"
    with town.offices.at(SU1):
        broken = lurah.client.post("/antar/kirim/", b"\xff", content_type="application/json")
    assert broken.json()["code"] == "delivery.act_unread"


def test_only_a_carrier_opens_the_phones_pages(town, counter):
    assert refusal_of(counter.get("/antar/")) == "officer.may_not"
    assert counter.get("/antar/keadaan/").status_code == 403
    stranger = Browser(town, SU1)
    assert stranger.get("/antar/keadaan/").status_code == 302
    assert stranger.get("/antar/pekerja.js").headers["Content-Type"].startswith("text/javascript")
    assert stranger.get("/").headers["Location"] == "/masuk/"
    assert Browser(town, SU1, "lurah").get("/").headers["Location"] == "/antar/"
    assert refusal_of(Browser(town, SU1, "lurah").get("/bundel/")) == "officer.may_not"


def test_a_carrier_without_an_account_brings_the_signed_sheet_back(town, counter):
    card = free_card(town)
    bundle = seal(counter, town, card)
    page = counter.get(f"/bundel/{bundle}/")
    named = {"by": "paper", "to": "LURAH", "name": "CONTOH LURAH", "paper": "kartu tugas 7"}
    alone = counter.send(page, f"/bundel/{bundle}/serahkan/", 1, **named)
    assert refusal_of(alone) == "officer.unknown"
    wrong = counter.send(page, f"/bundel/{bundle}/serahkan/", 1, **named, **lurah_signs())
    assert refusal_of(wrong) == "screens.second_may_not"
    done = counter.send(page, f"/bundel/{bundle}/serahkan/", 1, **named, **second())
    assert "Bundel boleh diberikan" in shown(counter.follow(done))
    give = counter.get(f"/penyerahan/{card}/")
    assert "pada lembar antar" in shown(give)
    path = f"/penyerahan/{card}/"
    given = counter.post(path, **(counter.form(give) | {"to": "HOLDER"}))
    assert "kartu boleh diberikan" in shown(counter.follow(given))
    seen = in_office(town, lambda: handed_over(card))
    assert (seen.exception, seen.bundle) == ("AT_THE_DOOR", bundle)


def test_the_run_sheet_says_what_a_door_needs_and_no_more(town, counter):
    card = free_card(town)
    bundle = seal(counter, town, card)
    sheet = counter.get(f"/bundel/{bundle}/lembar-antar.pdf")
    assert sheet.headers["Content-Type"] == "application/pdf", shown(sheet)
    words = words_of(sheet.content)
    with town.offices.at(SU1):
        serial = card_held(card).serial
    assert serial in words
    assert "LEMBAR ANTAR" in words
    assert not SIXTEEN_DIGITS.search(words)
    page = counter.get(f"/bundel/{bundle}/")
    counter.send(page, f"/bundel/{bundle}/kembali/", card=card)
    assert refusal_of(counter.get(f"/bundel/{bundle}/lembar-antar.pdf")) == "delivery.bundle_empty"
    assert refusal_of(counter.get("/bundel/bnd_x/")) == "delivery.no_such_bundle"


def test_cards_that_nobody_fetches_are_listed_with_what_to_do(town, counter):
    free_card(town)
    assert "Tidak ada kartu yang menunggu" in shown(counter.get("/belum-diambil/"))
    town.offices.clock.move(timedelta(days=15))
    page = shown(counter.get("/belum-diambil/"))
    assert "Masukkan ke bundel kelurahannya" in page


def test_an_exception_asks_for_a_reason_and_a_second_officer(town, counter):
    card = free_card(town)
    path = f"/penyerahan/{card}/"
    fields = counter.form(counter.get(path)) | {"verified": "EXCEPTION", "to": "HOLDER"}
    assert refusal_of(counter.post(path, **fields)) == "delivery.exception_unknown"
    fields["exception"] = "NO_MATCHER"
    assert refusal_of(counter.post(path, **fields)) == "delivery.second_needed"
    wrong = {"second_login": "kepala", "second_password": "salah"}
    assert refusal_of(counter.post(path, **fields, **wrong)) == "officer.unknown"


class NoFinger:
    """A matcher that is connected and says no."""

    def is_holder(self, card: str) -> bool:
        return False


def test_a_finger_counts_only_when_the_matcher_says_so(town, counter):
    card = free_card(town)
    open_ports(ScreenPorts(finger_matcher=NoFinger()))
    path = f"/penyerahan/{card}/"
    fields = counter.form(counter.get(path)) | {"verified": "FINGER", "to": "HOLDER"}
    assert refusal_of(counter.post(path, **fields)) == "delivery.not_matched"
