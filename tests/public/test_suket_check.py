"""Anybody checks a suket on the dinas's page: without a script, and what the script needs."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.test import Client

from ampera.journal.models import EntryRow
from ampera.register.queries import officer_in_force
from ampera.screens.public.suket import kept_addresses
from ampera.suket import actions, queries
from ampera.suket.models import WrongCodes
from ampera.suket.ports import MemoryKeys, open_letter_keys
from ampera.suket.queries import WRONG_CODES_AN_HOUR, Holder
from ampera.tiers.middleware import POLICY
from ampera.words import OfficeCode
from tests.api.city import DINAS, SU1
from tests.public.visitor import Visitor
from tests.stations.readiness_line import by

PATH = "/suket/periksa"
#: Bytes, not squeezed.
FIRST_VISIT_MAX = 45_000


@pytest.fixture
def visitor(city):
    with city.offices.at(DINAS):
        WrongCodes.objects.all().delete()
    open_letter_keys(OfficeCode(DINAS), keys=MemoryKeys())
    return Visitor(city)


@pytest.fixture
def suket(city, visitor):
    """(id, text of the code, whom it speaks of) of a suket that is printed."""
    person = city.person()
    request = city.ready_record(person)
    with city.offices.at(DINAS):
        holder = Holder(
            nik=person.nik,
            nama=person.name,
            tempat_lahir="PALEMBANG",
            tanggal_lahir="1990-07-01",
            jenis_kelamin="PEREMPUAN",
            alamat="JL. RAHASIA 7",
        )
        answer = actions.issue(by(), request=request, holder=holder)
        assert isinstance(answer, dict), answer
        actions.print_letter(by(), suket=answer["suket"])
        officer = officer_in_force(city.officer(DINAS, "kepala"))
        seen = queries.suket_for(officer, suket=answer["suket"])
        return answer["suket"], queries.code_of(seen), person


def found(page):
    """The answer alone: the page holds the words of all answers, for its script."""
    said = re.search(
        r'<div id="hasil" role="status">(.*?)</div>\n<section', page.content.decode(), re.S
    )
    return html.unescape(re.sub(r"<[^>]+>", " ", said[1]))


def test_a_genuine_suket_is_told_with_whom_it_speaks_of_and_nothing_more(visitor, suket):
    _, text, person = suket
    page = visitor.post(PATH, bahasa="id", teks=text)
    told = found(page)
    assert "Asli dan masih berlaku." in told
    for part in (person.name, "1 Juli 1990", "471.13/", "DATA CONTOH", "PRINT_READY_RECORD"):
        assert part in told
    for secret in (person.nik, person.no_kk, "RAHASIA", suket[0]):
        assert secret not in page.content.decode()


def test_the_page_speaks_english_too(visitor, suket):
    page = visitor.post(PATH, bahasa="en", teks=f"  {suket[1]}\n")
    assert "Genuine and still valid." in found(page)
    assert "1 July 1990" in found(page)
    assert page.headers["Content-Language"] == "en"


def test_a_suket_that_was_taken_back_is_told_and_stands_on_the_list_without_its_number(
    city, visitor, suket
):
    listed = json.loads(visitor.get("/suket/dicabut.json").content)
    with city.offices.at(DINAS):
        number = actions.withdraw(by(), suket=suket[0], why="MISUSED")
        assert isinstance(number, dict)
    page = visitor.post(PATH, teks=suket[1])
    assert "tidak berlaku lagi" in found(page)
    after = json.loads(visitor.get("/suket/dicabut.json").content)
    (mark,) = set(after["ended"]) - set(listed["ended"])
    assert re.fullmatch(r"[0-9a-f]{32}", mark)
    assert "471.13" not in json.dumps(after)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text[:-6] + text[-3:] + text[-6:-3], "bukan kode suket"),
        (lambda text: "https://example.invalid", "bukan kode suket"),
        (lambda text: "", "bukan kode suket"),
        (lambda text: "<script>alert(1)</script>", "bukan kode suket"),
    ],
)
def test_what_is_no_suket_names_nobody(visitor, suket, change, sentence):
    page = visitor.post(PATH, teks=change(suket[1]))
    assert page.status_code == 200
    assert sentence in found(page)
    assert suket[2].name not in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_a_suket_of_another_key_is_not_ours(city, visitor, suket):
    open_letter_keys(OfficeCode(DINAS), keys=MemoryKeys())  # never published
    with city.offices.at(DINAS):
        officer = officer_in_force(city.officer(DINAS, "kepala"))
        text = queries.code_of(queries.suket_for(officer, suket=suket[0]))
    assert "Bukan surat Disdukcapil ini." in found(visitor.post(PATH, teks=text))


def test_checking_leaves_no_entry_and_no_cookie(city, visitor, suket):
    with city.offices.at(DINAS):
        before = EntryRow.objects.count()
    page = visitor.post(PATH, teks=suket[1])
    assert not page.cookies
    with city.offices.at(DINAS):
        assert EntryRow.objects.count() == before


def test_at_the_ceiling_of_wrong_codes_right_and_wrong_get_one_answer(city, visitor, suket):
    visitor.post(PATH, teks="x")
    with city.offices.at(DINAS):
        assert WrongCodes.objects.get().codes == 1
        WrongCodes.objects.update(codes=WRONG_CODES_AN_HOUR - 1)
    assert found(visitor.post(PATH, teks="x"))
    for text in (suket[1], "x"):
        page = visitor.post(PATH, teks=text)
        assert page.status_code == 429
        assert not found(page)


def test_keys_are_a_jwk_set_that_others_may_read(city, visitor, suket):
    page = visitor.get("/suket/kunci.json")
    told = json.loads(page.content)
    assert page.headers["Access-Control-Allow-Origin"] == "*"
    newest = told["keys"][-1]
    assert (newest["kty"], newest["crv"], newest["use"]) == ("OKP", "Ed25519", "sig")
    with city.offices.at(DINAS):
        assert newest["kid"] == queries.public_keys()[-1].key
    assert "d" not in newest
    assert told["demo_now"].startswith("2017-")


def test_pages_carry_the_guards_and_only_the_dinas_has_them(city, visitor):
    page = visitor.get(PATH)
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"] == POLICY
    assert "<script>" not in page.content.decode()
    assert " onclick" not in page.content.decode()
    assert " style=" not in page.content.decode()
    elsewhere = Visitor(city, at=SU1)
    assert elsewhere.get(PATH).status_code == 404
    assert elsewhere.post(PATH, teks="x").status_code == 404
    assert json.loads(elsewhere.get("/suket/kunci.json").content)["keys"] == []
    assert json.loads(elsewhere.get("/suket/dicabut.json").content)["ended"] == []


def test_no_other_page_may_ask_for_a_camera(visitor):
    assert visitor.get(PATH).headers["Permissions-Policy"].startswith("camera=(self), ")
    for other in ("/status/", "/stok/", "/janji-temu/", "/masuk/"):
        page = visitor.get(other)
        assert page.headers["Permissions-Policy"].startswith("camera=(), "), other


def test_the_decoder_is_fetched_when_it_is_wanted_and_then_kept(city, visitor):
    """The first look at the page is small: whoever has a detector never loads the decoder."""
    script = visitor.get("/suket/penjaga.js").content.decode()
    (decoder,) = json.loads(re.search(r"LASTING = (.*);", script)[1])
    assert decoder not in kept_addresses()
    with city.offices.at(DINAS):
        client = Client()
        sizes = {address: _size(client.get(address)) for address in kept_addresses()}
        assert client.get(decoder).status_code == 200
    english = f"{PATH}?bahasa=en"
    assert sum(size for address, size in sizes.items() if address != english) < FIRST_VISIT_MAX


def _size(answer):
    return len(answer.content if not answer.streaming else answer.getvalue())


def test_everything_that_is_kept_for_days_without_a_line_is_there(city, visitor):
    script = visitor.get("/suket/penjaga.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert script.headers["Cache-Control"] == "no-cache"
    addresses = json.loads(re.search(r"ADDRESSES = (.*);", script.content.decode())[1])
    assert addresses == kept_addresses()
    with city.offices.at(DINAS):
        client = Client()
        for address in addresses:
            assert client.get(address).status_code == 200, address


def test_the_other_public_pages_lead_here(visitor):
    assert PATH in visitor.get("/status/").content.decode()
    assert f"{PATH}?bahasa=en" in visitor.get("/status/?bahasa=en").content.decode()
