"""A look-up is cheap and leaves nothing behind; what guards every page guards these pages too."""

from __future__ import annotations

import pytest
from django.db import connection

from ampera.delivery.queries import case_of
from ampera.intake.queries import by_ticket
from ampera.readiness.queries import why_it_waits
from ampera.screens.public.skeletons import fill
from ampera.tiers.middleware import POLICY, PUBLIC_BODY_MAX
from tests.api.city import DINAS, SU1
from tests.public.test_status_page import data_of, take
from tests.public.visitor import Visitor, read

#: The facts of the request, the places of its entries, the offices, and whether a shelf is empty.
STATEMENTS_MAX = 4


@pytest.fixture
def ticket(city):
    taken = take(city, city.person())
    city.turn(1)
    return taken["ticket"]


def statements_of(visitor, **fields):
    """What one posted question asks of the database, as the database itself sees it."""
    asked = []
    connection.ensure_connection()
    connection.connection.set_trace_callback(asked.append)
    page = visitor.post(**fields)
    connection.connection.set_trace_callback(None)
    return page, asked


def test_a_look_up_by_code_is_a_handful_of_reads_and_no_write(city, ticket):
    with city.offices.at(DINAS):
        page, asked = statements_of(Visitor(city), tiket=ticket)
    assert page.status_code == 200
    assert 0 < len(asked) <= STATEMENTS_MAX, asked
    assert all(each.lstrip().startswith("SELECT") for each in asked)


def test_a_wrong_code_costs_no_more_than_a_wrong_shape(city):
    with city.offices.at(DINAS):
        visitor = Visitor(city)
        counts = {
            code: len(statements_of(visitor, tiket=code)[1])
            for code in ("K7M29QXA4TRP", "xx", "0" * 12, "é" * 40)
        }
    assert len(set(counts.values())) == 1, counts


@pytest.mark.parametrize("path", ["/status/", "/stok/"])
def test_public_pages_carry_the_guards_of_every_page_and_no_cookie(city, path):
    page = Visitor(city).get(path)
    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Content-Language"] == "id"
    assert int(page.headers["Content-Length"]) == len(page.content)
    assert not page.cookies


def test_a_page_is_small_and_squeezed_for_whoever_can_read_that(city, ticket):
    visitor = Visitor(city)
    plain = visitor.post(tiket=ticket)
    squeezed = visitor.post(tiket=ticket, accept_encoding="gzip")
    assert plain.headers["Cache-Control"] == squeezed.headers["Cache-Control"] == "no-store"
    assert len(plain.content) < 4_000
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert len(squeezed.content) < 2_000


def test_nobody_sends_more_than_a_form_holds(city):
    assert Visitor(city).post(tiket="2" * (PUBLIC_BODY_MAX + 1)).status_code == 413


def test_a_foreign_host_is_refused_here_too(city):
    assert Visitor(city).get("/status/", host="elsewhere.example").status_code == 400


def test_a_defect_is_told_by_a_number_that_stands_in_the_log(city, ticket, monkeypatch, caplog):
    def broken(_):
        raise RuntimeError("planted")

    monkeypatch.setattr("ampera.screens.public.views.case_of_ticket", broken)
    visitor = Visitor(city)
    visitor.client.raise_request_exception = False
    page = visitor.post(tiket=ticket)
    assert page.status_code == 500
    noted = [each.getMessage() for each in caplog.records if each.name == "ampera.faults"]
    number = noted[0].split()[1].rstrip(":")
    assert number in page.content.decode()
    assert ticket not in noted[0]


def test_words_that_look_like_a_page_are_only_words(city):
    with city.offices.at(DINAS):
        page = fill(
            "screens/public/status.html",
            language="id",
            shape=(("is_demo", False),),
            words={
                "office_name": "<b>Dinas</b> & 'Kota'",
                "problem": "{{ t.free }} <script>",
                "next_step": '"',
                "city_now": "",
            },
        )
    assert "<script>" not in page
    assert "<b>Dinas" not in page
    assert "{{ t.free }} &lt;script&gt;" in page


def test_a_kept_page_is_not_shown_with_anybody_elses_words(city):
    visitor = Visitor(city)
    pages = []
    for _ in range(2):
        person = city.person()
        ticket = take(city, person)["ticket"]
        city.turn(1)
        pages.append((ticket, visitor.post(tiket=ticket).content.decode()))
    (first, one), (second, other) = pages
    assert first in one
    assert first not in other
    assert second in other


def test_machines_are_told_what_the_page_says(city, ticket):
    visitor = Visitor(city)
    page = visitor.post(tiket=ticket, bahasa="en")
    told = visitor.post("/status.json", tiket=ticket, bahasa="en").json()
    assert told["word"] == data_of(page)["data-word"]
    assert told["reach"] == data_of(page)["data-reach"]
    for part in ("sentence", "next", "office", "name", "title"):
        assert told[part] in read(page).text
    assert all(each in read(page).text for each in told["waits"])
    assert told["taken_at"] <= told["newest_at"] <= told["as_of"]


def test_machines_get_the_same_no_for_a_wrong_code_and_nobody_keeps_it(city):
    visitor = Visitor(city)
    answers = [visitor.post("/status.json", tiket=code) for code in ("K7M29QXA4TRP", "xx")]
    assert {each.status_code for each in answers} == {404}
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["code"] == "intake.no_such_ticket"
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert Visitor(city, at=SU1).post("/status.json", tiket="xx").status_code == 404


def test_the_case_waits_for_what_readiness_says(city):
    """Two readers of the same facts: one asks its own tables only, one all stations at once."""
    person = city.person()
    ticket = take(city, person)["ticket"]
    for turns in (0, 1, 3):
        city.turn(turns)
        for office in (SU1, DINAS):
            with city.offices.at(office):
                found = by_ticket(ticket)
                if turns or office == SU1:
                    assert list(case_of(found).waits) == why_it_waits(found.id)
