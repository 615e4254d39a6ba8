"""Janji at an office, and a day chosen by the holder of a receipt at the dinas's public page."""

from __future__ import annotations

import re
from datetime import date

import pytest

from ampera.appointments.actions import PrintRoom
from ampera.appointments.queries import appointment_of
from ampera.screens.counter import appointments
from ampera.screens.public import appointments as public
from tests.api.city import DINAS, IT2, SU1, City
from tests.houses import Offices
from tests.public.visitor import Visitor, read
from tests.screens.browser import SIXTEEN_DIGITS, Browser, refusal_of, shown

FRIDAY, MONDAY = "2017-09-08", "2017-09-11"


@pytest.fixture(scope="module")
def town(django_db_blocker):
    with django_db_blocker.unblock(), Offices() as offices:
        yield City(offices)


@pytest.fixture
def narrow(monkeypatch):
    """One card a day is promised."""
    for module in (appointments, public):
        monkeypatch.setattr(module, "print_room", lambda office, request="": PrintRoom(2, 0))


@pytest.fixture
def printable(monkeypatch):
    """Old cards were made before these books: here their recordings are taken for known."""
    for module in (appointments, public):
        monkeypatch.setattr(module, "bars_of", lambda request: [])


def damaged(city) -> dict[str, str]:
    """A damaged card is to be replaced at the dinas; the request and its receipt's code."""
    person = city.person(has_card=True)
    taken = city.post(DINAS, "loket", "requests", nik=person.nik, reason="DAMAGED",
                      papers=["form", "old_card"])  # fmt: skip
    assert "ticket" in taken, taken
    return taken


def day_of(city, request, code=DINAS) -> str:
    with city.offices.at(code):
        seen = appointment_of(request)
    return seen.day.isoformat() if seen is not None else ""


def free_day(page) -> str:
    """The first day that the form offers."""
    days = re.findall(r'<option value="(2017-[0-9-]{5})"', page.content.decode())
    assert days, shown(page)
    return days[0]


def pick(desk, request, day):
    """Fill in the form of the day of a request."""
    here = f"/janji/{request}/"
    return desk.post(here, **(desk.form(desk.get(here)) | {"day": day}))


def test_a_counter_books_moves_and_cancels_a_day(town, printable):
    desk = Browser(town, DINAS, "loket")
    request = damaged(town)["request"]
    here = f"/janji/{request}/"
    assert "Janji kedatangan" in shown(desk.get(f"/permohonan/{request}/"))
    page = desk.get(here)
    assert "belum ada" in shown(page)
    day = free_day(page)
    assert refusal_of(pick(desk, request, "")) == "screens.nothing_chosen"
    done = desk.follow(pick(desk, request, day))
    assert "Janji dibuat" in shown(done)
    assert day_of(town, request) == day
    moved = desk.follow(pick(desk, request, free_day(done)))
    assert "Janji dipindahkan" in shown(moved)
    assert refusal_of(pick(desk, request, "2017-09-01")) == "appointments.day_past"
    gone = desk.follow(desk.send(moved, f"{here}batal/"))
    assert "Janji dibatalkan" in shown(gone)
    assert day_of(town, request) == ""
    no = desk.post(f"{here}batal/")
    assert refusal_of(no) == "appointments.unknown"


def test_the_day_of_an_office_is_a_list_to_be_printed(town, printable):
    desk = Browser(town, DINAS, "loket")
    request = damaged(town)["request"]
    assert pick(desk, request, "2017-09-07").status_code == 302
    today = desk.get("/janji/")
    text = shown(today)
    assert "Janji hari ini" in text
    assert "ditunggu" in text
    assert not SIXTEEN_DIGITS.search(re.sub(r"[0-9a-f]{32}", "", today.content.decode()))
    done = desk.send(today, f"/janji/{request}/absen/")
    assert "tidak datang" in shown(desk.follow(done))
    assert refusal_of(desk.post(f"/janji/{request}/absen/")) == "appointments.missed_already"
    assert "Tidak ada janji" in shown(desk.get("/janji/?hari=2017-09-30"))
    assert "Janji hari ini" in shown(desk.get("/janji/?hari=besok"))


def test_a_day_that_is_full_is_not_offered_and_not_given(town, narrow, printable):
    desk = Browser(town, DINAS, "loket")
    first, second = damaged(town)["request"], damaged(town)["request"]
    page = desk.get(f"/janji/{first}/")
    day = free_day(page)
    assert pick(desk, first, day).status_code == 302
    assert refusal_of(pick(desk, second, day)) == "appointments.day_full"
    assert free_day(desk.get(f"/janji/{second}/")) > day


def test_who_cannot_be_served_is_listed_to_be_told(town, printable, monkeypatch):
    desk = Browser(town, DINAS, "loket")
    request = damaged(town)["request"]
    assert pick(desk, request, FRIDAY).status_code == 302
    monkeypatch.setattr(appointments, "is_office_down_now", lambda office: True)
    text = shown(desk.get("/janji/"))
    assert "Beritahukan sekarang" in text
    assert "Pencetak kantor ini tidak bekerja" in text
    monkeypatch.setattr(appointments, "is_office_down_now", lambda office: False)
    monkeypatch.setattr(appointments, "shelf_count", lambda office: 500)
    assert "Beritahukan sekarang" not in shown(desk.get("/janji/"))
    monkeypatch.setattr(appointments, "shelf_count", lambda office: 0)
    assert "Blanko di rak (0)" in shown(desk.get("/janji/"))


def test_only_the_office_that_works_on_it_gives_a_day(town):
    request = town.take(town.person(), at=SU1)
    town.turn(1)
    assert "dibuat di" in shown(Browser(town, DINAS, "loket").get(f"/janji/{request}/"))
    neighbour = Browser(town, IT2, "loket")
    assert refusal_of(neighbour.get(f"/janji/{request}/")) == "intake.no_such_request"
    assert refusal_of(neighbour.post(f"/janji/{request}/absen/")) == "intake.no_such_request"
    assert refusal_of(Browser(town, DINAS, "blanko").get("/janji/")) == "officer.may_not"
    no = Browser(town, DINAS, "kepala").post(f"/janji/{request}/batal/")
    assert refusal_of(no) == "officer.may_not"


# ---- without a log-in ----


def choose(visitor, **fields):
    return visitor.post("/janji-temu/", **fields)


def test_the_holder_of_a_receipt_chooses_a_day_and_the_status_shows_it(town, printable):
    visitor, taken = Visitor(town), damaged(town)
    assert "/janji-temu/" in visitor.get("/status/").content.decode()
    page = choose(visitor, tiket=taken["ticket"])
    day = free_day(page)
    kept = choose(visitor, tiket=taken["ticket"], hari=day)
    assert kept.status_code == 200
    assert "Hari Anda:" in read(kept).text
    assert day_of(town, taken["request"]) == day
    status = visitor.post(tiket=taken["ticket"])
    assert 'id="janji"' in status.content.decode()
    assert f"{date.fromisoformat(day).day} September 2017" in read(status).text
    told = visitor.post("/status.json", tiket=taken["ticket"]).json()
    assert told["appointment"] == day
    again = choose(visitor, tiket=taken["ticket"], hari=day)
    assert again.status_code == 200, "pressed twice is once"
    assert day_of(town, taken["request"]) == day
    later = free_day(again)
    english = choose(visitor, tiket=taken["ticket"], hari=later, bahasa="en")
    assert "Your day:" in read(english).text
    assert day_of(town, taken["request"]) == later


def test_the_public_page_names_nobody_and_sets_no_cookie(town):
    visitor, taken = Visitor(town), damaged(town)
    page = choose(visitor, tiket=taken["ticket"])
    text = page.content.decode()
    assert not page.cookies
    assert page.headers["Cache-Control"] == "no-store"
    assert not SIXTEEN_DIGITS.search(text)
    assert taken["request"] not in text
    assert taken["ticket"] not in page.headers.get("Location", "")


def test_wrong_codes_and_wrong_days_are_refused_in_both_languages(town, narrow, printable):
    visitor, taken = Visitor(town), damaged(town)
    for code in ("K7M29QXA4TRP", "xx"):
        no = choose(visitor, tiket=code)
        assert (no.status_code, 'id="penolakan"' in no.content.decode()) == (404, True)
    for day in ("besok", "2017-09-09", "2017-09-01", "2019-01-01"):
        no = choose(visitor, tiket=taken["ticket"], hari=day)
        assert no.status_code == 422, day
    other = damaged(town)
    full = free_day(choose(visitor, tiket=other["ticket"]))
    choose(visitor, tiket=other["ticket"], hari=full)
    no = choose(visitor, tiket=taken["ticket"], hari=full, bahasa="en")
    assert no.status_code == 409
    assert "is full" in read(no).text
    assert day_of(town, taken["request"]) == ""


def test_for_another_offices_request_the_page_says_where_to_ask(town):
    person = town.person()
    taken = town.post(SU1, "loket", "requests", nik=person.nik, reason="NEW",
                      papers=["form", "kk_copy", "presence"])  # fmt: skip
    town.turn(1)
    text = read(choose(Visitor(town), tiket=taken["ticket"])).text
    assert "tidak dipilih di sini" in text
    assert "Kecamatan Seberang Ulu I" in text
    elsewhere = Visitor(town, at=SU1).get("/janji-temu/")
    assert elsewhere.status_code == 404


def test_no_day_is_promised_for_a_card_that_no_day_brings(town):
    """The old card is from before these books: the centre has to answer first."""
    taken, desk, visitor = damaged(town), Browser(town, DINAS, "loket"), Visitor(town)
    here = f"/janji/{taken['request']}/"
    page = desk.get(here)
    assert "belum dapat dicetak pada hari apa pun" in shown(page)
    assert 'name="day"' not in page.content.decode()
    assert refusal_of(desk.post(here, day=FRIDAY)) == "appointments.cannot_be_printed"
    for language, words in (("id", "belum dapat dicetak"), ("en", "cannot be printed")):
        asked = choose(visitor, tiket=taken["ticket"], bahasa=language)
        assert words in read(asked).text
        assert 'name="hari"' not in asked.content.decode()
    no = choose(visitor, tiket=taken["ticket"], hari=FRIDAY)
    assert no.status_code == 409
    assert day_of(town, taken["request"]) == ""
