"""Who may open which page where, and what every answer carries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ampera.screens
from tests.api.city import DINAS, IT2, PASSWORD, PUSAT, SU1
from tests.screens.browser import Browser, refusal_of, shown

LOGINS = ("loket", "cetak", "blanko", "kepala", "verifikator")
#: Who opens a page; everybody else is refused.
PAGES = {
    "/hari-ini/": set(LOGINS),
    "/permohonan/": {"loket", "verifikator", "kepala"},
    "/cetak/": {"cetak", "blanko", "kepala"},
    "/antrean/": {"loket", "verifikator", "kepala"},
    "/janji/": {"loket", "verifikator", "kepala"},
    "/penyerahan/": {"loket", "verifikator", "kepala"},
    "/blanko/": {"blanko", "cetak", "kepala"},
    "/blanko/saldo-awal/": {"blanko", "kepala"},
    "/blanko/kirim/": {"blanko"},
    "/jalur/": set(LOGINS),
    "/ditarik/": set(LOGINS),
    "/pemusnahan/": set(LOGINS),
    "/pemusnahan/laporan/": set(LOGINS),
}
DINAS_PAGES = {
    "/konfirmasi/": {"verifikator"},
    "/izin/": {"verifikator", "kepala"},
    "/kartu/": {"verifikator", "kepala"},
    "/pinjam-cetak/": {"verifikator", "kepala"},
}


@pytest.mark.parametrize("login", LOGINS)
def test_each_role_opens_its_own_pages_and_no_other(city, officer, login):
    for code, pages in ((SU1, PAGES), (DINAS, PAGES | DINAS_PAGES)):
        browser = officer(code, login)
        for page, allowed in pages.items():
            answer = browser.get(page)
            if login in allowed:
                assert answer.status_code == 200, (code, page, shown(answer))
                assert answer.headers["Cache-Control"] == "no-store"
            else:
                assert refusal_of(answer) == "officer.may_not", (code, page)
                assert answer.status_code == 403


def test_the_menu_offers_what_opens(city, officer):
    for code, login in ((SU1, "loket"), (SU1, "cetak"), (DINAS, "verifikator"), (PUSAT, "kepala")):
        browser = officer(code, login)
        menu = re.search(r'<nav class="container-lg menu".*?</nav>',
                         browser.get("/jalur/").content.decode(), re.S)  # fmt: skip
        addresses = re.findall(r'href="([^"]+)"', menu[0])
        assert "/jalur/" in addresses
        for each in addresses:
            assert browser.get(each).status_code == 200, (code, login, each)


def test_without_a_log_in_every_page_leads_to_it(city):
    stranger = Browser(city, SU1)
    for page in (*PAGES, "/permohonan/req_1/", "/cetak/kartu/crd_1/", "/penyerahan/crd_1/"):
        answer = stranger.get(page)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/masuk/?lanjut={page}"


def test_a_page_of_another_tier_says_where_it_is(city, officer):
    assert refusal_of(officer(SU1, "verifikator").get("/konfirmasi/")) == "screens.other_tier"
    assert refusal_of(officer(SU1, "kepala").get("/penunggalan/")) == "screens.other_tier"
    assert officer(PUSAT, "kepala").get("/penunggalan/").status_code == 200


def test_what_is_not_there_and_what_is_not_yours_get_one_answer(city, officer):
    request = city.take(city.person())
    unknown = "req_" + "0" * 32
    for part in ("", "rekam/", "tanda-terima/"):
        neighbour = officer(IT2, "loket")
        other = neighbour.get(f"/permohonan/{request}/{part}")
        nothing = neighbour.get(f"/permohonan/{unknown}/{part}")
        assert refusal_of(other) == refusal_of(nothing) == "intake.no_such_request"
        assert other.status_code == nothing.status_code
        assert shown(other) == shown(nothing)
    for act in ("lapor/", "teruskan/", "rekam/simpan/"):
        other = officer(IT2, "loket").post(f"/permohonan/{request}/{act}")
        assert refusal_of(other) == "intake.no_such_request"


def test_a_resident_of_another_kecamatan_is_as_unknown_as_nobody(city, officer):
    neighbour, person = officer(IT2, "loket"), city.person()
    other = neighbour.post("/permohonan/cari/", nik=person.nik)
    nobody = neighbour.post("/permohonan/cari/", nik="1671020101909999")
    assert refusal_of(other) == refusal_of(nobody) == "register.not_here"
    assert other.status_code == nobody.status_code == 404


def test_cards_and_attempts_of_elsewhere_are_unknown(city, officer):
    printer, counter = officer(IT2, "cetak"), officer(IT2, "loket")
    card, attempt = "crd_" + "0" * 32, "att_" + "0" * 32
    assert refusal_of(printer.get(f"/cetak/kartu/{card}/")) == "printing.not_printed_here"
    assert refusal_of(printer.get(f"/cetak/percobaan/{attempt}/")) == "printing.no_such_attempt"
    for page in ("", "bukti/", "bukti.pdf"):
        assert refusal_of(counter.get(f"/penyerahan/{card}/{page}")) == "delivery.no_such_card"


def test_a_log_in_starts_a_new_session_and_goes_where_it_was_asked(city):
    browser = Browser(city, SU1)
    wrong = browser.post("/masuk/", login="kepala", password="salah", lanjut="/jalur/")
    assert wrong.status_code == 401
    away = browser.post("/masuk/", login="kepala", password=PASSWORD, lanjut="//elsewhere.example/")
    assert away.headers["Location"] == "/"
    done = browser.post("/masuk/", login="kepala", password=PASSWORD, lanjut="/jalur/")
    assert done.headers["Location"] == "/jalur/"
    assert browser.get("/jalur/").status_code == 200
    assert browser.get("/").headers["Location"] == "/hari-ini/"
    browser.post("/keluar/")
    assert browser.get("/jalur/").status_code == 302


def test_a_block_that_polls_after_the_session_ended_loads_the_page_anew(city):
    answer = Browser(city, SU1).get("/hari-ini/", **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_every_answer_carries_the_content_policy(city, officer):
    for page in ("/masuk/", "/hari-ini/", "/permohonan/"):
        policy = officer(SU1, "loket").get(page).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_a_form_without_its_token_is_turned_away(city):
    from django.test import Client

    with city.offices.at(SU1):
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/masuk/", {"login": "kepala", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Tidak ada yang tercatat" in answer.content.decode()


FOLDER = Path(ampera.screens.__file__).parent / "templates"
TEMPLATES = sorted(each.relative_to(FOLDER).as_posix() for each in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_keep_the_content_policy(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert "<style" not in text
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text), "no inline handler"
    assert not re.search(r"\shx-on", text)
    assert "javascript:" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(src|href)=["'](https?:)?//""", text), "nothing from elsewhere"
    assert "|safe" not in text
    posts = re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S)
    for form in posts:
        # Nobody is signed in on a public page and nothing changes: no token, so no cookie either.
        is_public = name.startswith("screens/public/")
        assert is_public != ("csrf_token" in form or "_command.html" in form), form[:80]


def test_every_form_that_changes_something_carries_a_command():
    # What is only asked or only signs somebody in is no command.
    asking = (
        "cari_penduduk",
        "kartu_cari",
        "ditarik_cek",
        "rekam_periksa",
        "keluar",
        'name="lanjut"',
        "status",
        "bahasa",
    )
    for name in TEMPLATES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        if name.startswith("screens/public/"):
            continue
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S):
            if not any(mark in form for mark in asking):
                assert "_command.html" in form, (name, form[:120])
