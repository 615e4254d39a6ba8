"""The page on which two officers say that a card is on another blanko than the books have."""

from __future__ import annotations

import re

import pytest

from ampera.blanko.queries import next_serial, whereis
from ampera.journal.actions import Command
from ampera.printing.actions import empty_printer
from ampera.printing.queries import attempt_seen, cards_to_check
from ampera.register.actions import set_password
from ampera.withdrawal.actions import open_batch
from ampera.words.refusal import Refusal
from tests.api.city import PASSWORD, SU1
from tests.screens.browser import ALL_SEEN, Browser, refusal_of, second, shown


@pytest.fixture
def city(fresh_city):
    """Each test has its own: they use up the same blanks."""
    return fresh_city


@pytest.fixture
def made(city):
    """A card in the tray, and the whole blank beside its own."""
    city.ready_record(city.person())
    desk = Browser(city, SU1, "cetak")
    city.print_on(20)
    desk.send(desk.get("/cetak/"), "/cetak/mulai/", cards="1", feeding="one")
    city.print_on()
    with city.offices.at(SU1):
        (card,) = cards_to_check()
        beside = next_serial(SU1)
    return desk, card, beside


def told(desk, page: str, **fields: str):
    return desk.post(page, **(desk.form(desk.get(page)) | fields))


def test_from_the_check_to_the_exchange_and_back_to_the_check(city, made):
    desk, card, beside = made
    check = desk.get(f"/cetak/kartu/{card.card}/")
    page = re.search(r"/cetak/percobaan/att_\w+/nomor/", check.content.decode())[0]
    seen = told(desk, page, serial=beside.lower(), again=beside)
    text = shown(seen)
    assert "Yang akan berubah dalam buku" in text
    assert f"Pastikan {card.serial} utuh dan ada di tangan" in text
    done = desk.post(page, **desk.form(seen), **second())
    back = desk.follow(done)
    assert f"Periksa kartu {beside}" in shown(back)
    assert "Tercatat berdua" in shown(back)
    with city.offices.at(SU1):
        assert attempt_seen(card.attempt).serial == beside
        assert whereis(card.serial).place == f"{SU1}/shelf"
    ready = desk.post(f"/cetak/kartu/{card.card}/", **desk.form(back), **ALL_SEEN)
    assert "Kartu siap diserahkan" in shown(desk.follow(ready))


def test_one_that_was_read_in_the_emptied_printer_sends_the_other_back_to_the_shelf(city, made):
    desk, card, beside = made
    with city.offices.at(SU1):
        printed, second_one = city.officer(SU1, "cetak"), city.officer(SU1, "kepala")
        printer = attempt_seen(card.attempt).printer
        done = empty_printer(
            Command(id="cmd_waste", officer=printed),
            printer=printer,
            witness=second_one,
            waste=[beside],
        )
        assert not isinstance(done, Refusal), done
    page = f"/cetak/percobaan/{card.attempt}/nomor/"
    seen = told(desk, page, serial=beside, again=beside)
    assert f"Pastikan {card.serial} utuh dan ada di tangan" in shown(seen)
    desk.post(page, **desk.form(seen), **second())
    with city.offices.at(SU1):
        assert whereis(card.serial).place == f"{SU1}/shelf"
        assert whereis(beside).place == f"{SU1}/issued"


def test_a_slip_of_the_finger_is_seen_before_anything_is_said(city, made):
    desk, card, beside = made
    page = f"/cetak/percobaan/{card.attempt}/nomor/"
    wrong = told(desk, page, serial=beside, again=card.serial)
    assert refusal_of(wrong) == "printing.serials_typed_differ"
    same = told(desk, page, serial=card.serial, again=card.serial)
    assert refusal_of(same) == "printing.exchange_same"
    nowhere = told(desk, page, serial="SPC99999999", again="SPC99999999")
    assert refusal_of(nowhere) == "blanko.exchange_unknown"
    lost = desk.get("/cetak/percobaan/att_none/nomor/")
    assert refusal_of(lost) == "printing.no_such_attempt"


def test_it_takes_a_second_officer_who_did_not_print_the_card(city, made):
    desk, card, beside = made
    page = f"/cetak/percobaan/{card.attempt}/nomor/"
    seen = told(desk, page, serial=beside, again=beside)
    alone = desk.post(page, **desk.form(seen), second_login="blanko", second_password="x")
    assert refusal_of(alone) == "officer.unknown"
    with city.offices.at(SU1):
        assert set_password(city.officer(SU1, "cetak"), password=PASSWORD) is None
    head = Browser(city, SU1, "kepala")
    seen = told(head, page, serial=beside, again=beside)
    no = head.post(page, **head.form(seen), **second("cetak"))
    assert refusal_of(no) == "printing.second_printed_it"


def test_a_ruined_blank_in_a_batch_for_destruction_is_not_taken_out_of_it(city, made):
    desk, card, _ = made
    check = f"/cetak/kartu/{card.card}/"
    desk.post(check, **desk.form(desk.get(check), number=1), **second(), cause="failed_print")
    with city.offices.at(SU1):
        batch = Command(id="cmd_batch", officer=city.officer(SU1, "kepala"))
        assert "batch" in open_batch(batch, cause="FAILED_PRINT", pieces=[card.serial])
    city.ready_record(city.person())
    desk.send(desk.get("/cetak/"), "/cetak/mulai/", cards="1", feeding="one")
    city.print_on()
    with city.offices.at(SU1):
        (again,) = cards_to_check()
    page = f"/cetak/percobaan/{again.attempt}/nomor/"
    no = told(desk, page, serial=card.serial, again=card.serial)
    assert refusal_of(no) == "withdrawal.in_another_batch"


def test_a_machine_says_the_same_by_the_interface(city, made):
    _, card, beside = made
    witness = {"login": "kepala", "password": second()["second_password"]}
    path = f"attempts/{card.attempt}/exchange"
    answer = city.post(SU1, "cetak", path, serial=beside, witness=witness)
    assert answer == {
        "attempt": card.attempt,
        "serial": beside,
        "was": card.serial,
        "partner": "",
    }
    again = city.post(SU1, "cetak", path, serial=beside, witness=witness)
    assert again["code"] == "printing.exchange_same"
