"""The public status page: with the receipt's code everything that is masked, without it little."""

from __future__ import annotations

import pytest

from ampera.screens.templatetags.ampera import figure
from tests.api.city import DINAS, IT2, NEW_PAPERS, SU1
from tests.public.visitor import Visitor, read


def take(city, person):
    return city.post(SU1, "loket", "requests", nik=person.nik, reason="NEW", papers=NEW_PAPERS)


def data_of(response):
    tags = read(response).tags
    return next(attrs for _, attrs in tags if attrs.get("id") == "hasil")


def test_the_ticket_code_shows_the_way_and_why_it_waits(city):
    person = city.person()
    taken = take(city, person)
    city.turn(1)
    visitor = Visitor(city)
    page = visitor.ask(tiket=taken["ticket"])
    assert page.status_code == 200
    assert data_of(page)["data-word"] == "REQUEST_TAKEN"
    assert data_of(page)["data-reach"] == "CITY"
    text = read(page).text
    assert "Permohonan Anda sudah diterima" in text
    assert "Disdukcapil" in text
    assert "Seberang Ulu I" in text


def test_the_status_page_shows_no_number_no_name_and_no_address(city):
    person = city.person()
    taken = take(city, person)
    city.turn(1)
    page = Visitor(city).ask(tiket=taken["ticket"]).content.decode()
    for secret in (person.nik, person.no_kk, person.name, taken["request"]):
        assert secret not in page
    assert f"{person.name[0]}***" in page


def test_the_code_is_read_however_it_is_typed(city):
    ticket = take(city, city.person())["ticket"]
    city.turn(1)
    typed = f"{ticket[:4].lower()} {ticket[4:8]}-{ticket[8:]}"
    assert data_of(Visitor(city).ask(tiket=typed))["data-word"] == "REQUEST_TAKEN"


def test_a_wrong_code_and_a_wrong_shape_get_the_same_page(city):
    visitor = Visitor(city)
    texts = {
        (page.status_code, read(page).text)
        for page in (visitor.ask(tiket=code) for code in ("K7M29QXA4TRP", "xx", "0" * 12))
    }
    assert len(texts) == 1
    assert next(iter(texts))[0] == 404


def test_a_card_that_is_ready_is_told_where_to_be_collected(city):
    ticket = take(city, person := city.person())["ticket"]
    request = city.post(SU1, "loket", "residents/look-up", nik=person.nik)["open_requests"][0]
    city.post(SU1, "loket", f"requests/{request}/complete")
    city.turn(1)
    city.post(SU1, "loket", f"requests/{request}/recording", sample=True)
    city.turn()
    city.print_on(20)
    # Other tests of this file may stand before this one in the queue.
    city.post(SU1, "cetak", "runs", cards=5)
    city.print_on(2400)
    for card in city.get(SU1, "cetak", "cards/to-check"):
        city.post(SU1, "cetak", f"cards/{card['card']}/check", result="READY")
    city.turn(1)
    page = Visitor(city).ask(tiket=ticket)
    assert data_of(page)["data-word"] == "CARD_PRINTED"
    assert "Ambil kartu di kantor" in read(page).text


def test_the_page_can_be_read_in_english_and_changed_back(city):
    ticket = take(city, city.person())["ticket"]
    city.turn(1)
    page = Visitor(city).ask(tiket=ticket, language="en")
    found = read(page)
    assert ("html", {"lang": "en"}) in found.tags
    assert "Your request was taken" in found.text
    hidden = {attrs["name"]: attrs["value"] for tag, attrs in found.tags
              if tag == "input" and attrs.get("type") == "hidden"}  # fmt: skip
    assert (hidden["bahasa"], hidden["tiket"]) == ("id", ticket)


def test_numbers_are_posted_and_nothing_keeps_the_answer(city):
    visitor = Visitor(city)
    person = city.people(SU1)[0]
    page = visitor.ask(nik=person.nik, kk=person.no_kk)
    assert page.headers["Cache-Control"] == "no-store"
    assert person.nik not in page.content.decode()
    forms = [attrs for tag, attrs in read(visitor.get("/status/")).tags if tag == "form"]
    assert {form["method"] for form in forms} == {"post"}
    asked = visitor.get(f"/status/?nik={person.nik}&kk={person.no_kk}&tiket=K7M29QXA4TRP")
    assert "data-said" not in asked.content.decode()


def test_the_page_works_without_javascript_and_says_its_labels(city):
    found = read(Visitor(city).get("/status/"))
    assert "script" not in [tag for tag, _ in found.tags]
    labelled = {attrs["for"] for tag, attrs in found.tags if tag == "label"}
    shown = {attrs["id"] for tag, attrs in found.tags
             if tag == "input" and attrs.get("type") != "hidden"}  # fmt: skip
    assert labelled == shown == {"tiket", "nik", "kk"}
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in (
        found.tags
    )


def test_what_is_no_number_is_told_so_and_counts_for_nothing(city):
    visitor = Visitor(city)
    for _ in range(40):
        page = visitor.ask(nik="123", kk="1671020101100001")
        assert page.status_code == 422
    assert "16 angka" in read(page).text
    person = city.people(IT2)[0]
    assert visitor.said(nik=person.nik, kk=person.no_kk) == "not_recorded"


def test_the_three_sentences(city):
    visitor = Visitor(city)
    unrecorded = city.people(IT2)[0]
    assert visitor.said(nik=unrecorded.nik, kk=unrecorded.no_kk) == "not_recorded"
    holder = city.people(IT2, has_card=True)[0]
    assert visitor.said(nik=holder.nik, kk=holder.no_kk) == "recorded"
    fresh = city.person()
    city.ready_record(fresh)
    assert visitor.said(nik=fresh.nik, kk=fresh.no_kk) == "recorded"
    assert visitor.said(nik=fresh.nik, kk=holder.no_kk) == "please_come"


def test_a_second_recording_that_was_a_double_hides_the_first_one_from_nobody(city):
    person = city.person()
    here, there = city.take(person), city.take(person, at=DINAS)
    for office, request in ((SU1, here), (DINAS, there)):
        city.post(office, "loket", f"requests/{request}/complete")
    city.turn(1)
    for office, request in ((DINAS, there), (SU1, here)):
        city.post(office, "loket", f"requests/{request}/recording", sample=True)
    city.turn()
    assert Visitor(city).said(nik=person.nik, kk=person.no_kk) == "recorded"


@pytest.mark.parametrize("path", ["/status/", "/stok/"])
def test_a_kecamatan_serves_no_public_page(city, path):
    page = Visitor(city, at=SU1).get(path)
    assert page.status_code == 404
    assert "Disdukcapil" in read(page).text


def test_thousands_are_parted_as_the_language_does():
    assert figure(4000, other="en") == "4.000"
    assert figure(4000, other="id") == "4,000"


def test_the_stock_of_the_day_may_be_kept_and_printed(city):
    page = Visitor(city).get("/stok/")
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in page.headers
    assert not page.cookies
    found = read(page)
    offices = {attrs["data-office"] for tag, attrs in found.tags if "data-office" in attrs}
    assert {DINAS, SU1} <= offices
    assert "16.71.17" not in offices, "a hosted kecamatan has no shelf"
    assert "Seberang Ulu I" in found.text


def test_the_front_page_of_a_real_dinas_is_the_public_one(city, monkeypatch):
    from dataclasses import replace

    houses = city.offices._houses
    monkeypatch.setitem(houses, DINAS, replace(houses[DINAS], is_demo=False))
    page = Visitor(city).get("/")
    assert page.status_code == 200
    assert "Cek status KTP-el" in read(page).text
    assert "DATA CONTOH" not in read(page).text
