"""Packages of withdrawn cards by their pages: sent at a kecamatan, counted at its dinas."""

from __future__ import annotations

import pytest

from ampera.journal.second_log import MemorySecondLog
from ampera.withdrawal.queries import lying_at, packages_from
from ampera.words import OfficeCode
from tests.api.city import DINAS, IT2, SU1
from tests.papers.poppler import words_of
from tests.screens.browser import Browser, refusal_of, second, shown

HERE = "/ditarik/kiriman/"
TOLD = {"to": DINAS, "seal": "SGL 77", "courier": "KURIR CONTOH", "counted": "ya"}
SERIALS = ("XYZ00000001", "XYZ00000002")


@pytest.fixture
def taken(fresh_city):
    """Two found cards lie at Seberang Ulu I; their pieces."""
    desk = Browser(fresh_city, SU1, "blanko")
    for number in SERIALS:
        page = desk.get("/ditarik/")
        told = {"how": "FOUND", "place": "lemari 1", "serial": number, "cause": "OTHER"}
        assert desk.send(page, "/ditarik/terima/", **told).status_code == 302
    with fresh_city.offices.at(SU1):
        pieces = [each.piece for each in lying_at()]
    assert len(pieces) == 2
    return fresh_city, desk, pieces


def sent(city, desk, pieces) -> str:
    """The address of the package."""
    answer = desk.send(desk.get(HERE), f"{HERE}kirim/", piece=pieces, **TOLD, **second())
    assert answer.status_code == 302, shown(answer)
    return str(answer.headers["Location"])


def package_of(city) -> str:
    with city.offices.at(SU1):
        return packages_from(OfficeCode(SU1))[0].code


def test_a_package_is_sent_counted_and_its_receipt_is_at_both_ends(taken):
    city, desk, pieces = taken
    page = desk.get(HERE)
    lone = {**TOLD, "counted": ""}
    no = desk.send(page, f"{HERE}kirim/", piece=pieces, **lone, **second())
    assert refusal_of(no) == "screens.nothing_chosen"
    no = desk.send(page, f"{HERE}kirim/", piece=pieces, **TOLD)
    assert no.status_code >= 400, "without a second officer"
    no = desk.send(page, f"{HERE}kirim/", **TOLD, **second())
    assert refusal_of(no) == "withdrawal.nothing_chosen"
    no = desk.send(page, f"{HERE}kirim/", piece=pieces, **{**TOLD, "to": IT2}, **second())
    assert refusal_of(no) == "screens.nothing_chosen"
    path = sent(city, desk, pieces)
    text = shown(desk.get(path))
    for part in ("SGL 77", "KURIR CONTOH", "di jalan", "dalam kiriman ke"):
        assert part in text
    assert "Jangan serahkan" not in text
    assert "SGL 77" in words_of(desk.get(f"{path}berita-acara.pdf").content)
    city.turn(1)
    dinas = Browser(city, DINAS, "blanko")
    assert "1 kiriman" in shown(dinas.get("/ditarik/"))
    found = dinas.get(f"{HERE}cari/?kode={package_of(city)}")
    page = dinas.follow(found)
    assert "Hitung keping satu per satu" in shown(page)
    fields = dinas.form(page, "", 0)
    no = dinas.post(path, **{**fields, "piece": pieces[:1], "seal": ""}, **second())
    assert refusal_of(no) == "screens.nothing_chosen"
    told = {**fields, "piece": pieces[:1], "seal": "rusak", "marks": "xyz00000009"}
    page = dinas.follow(dinas.post(path, **told, **second()))
    text = shown(page)
    for part in ("1 ada, 1 tidak ada", "XYZ00000009", "rusak", "dicari"):
        assert part in text
    paper = words_of(dinas.get(f"{path}berita-acara.pdf").content)
    assert "Segel saat tiba" in paper
    again = dinas.post(path, **{**told, "command": ""}, **second())
    assert refusal_of(again) == "withdrawal.package_received"
    city.turn(1)
    assert "1 ada, 1 tidak ada" in shown(desk.get(path)), "the sender has the receipt"
    assert "Segel saat tiba" in words_of(desk.get(f"{path}berita-acara.pdf").content)
    assert "diterima dengan selisih" in shown(desk.get(HERE))


def test_what_is_missing_and_what_is_too_much_is_decided_by_two_at_the_dinas(taken):
    city, desk, pieces = taken
    path = sent(city, desk, pieces)
    city.turn(1)
    dinas = Browser(city, DINAS, "blanko")
    fields = dinas.form(dinas.get(path), "", 0)
    told = {**fields, "piece": pieces[:1], "seal": "utuh", "marks": "XYZ00000009"}
    assert dinas.post(path, **told, **second()).status_code == 302
    city.turn(1)
    text = shown(desk.get(HERE))
    assert "Diputus dua petugas Disdukcapil" in text
    page = dinas.get(HERE)
    decision = {"outcome": "HERE", "document": "BA contoh 1"}
    no = dinas.send(page, f"{HERE}putus/", **decision)
    assert no.status_code >= 400, "without a second officer"
    no = dinas.send(page, f"{HERE}putus/", **{**decision, "outcome": "x"}, **second())
    assert refusal_of(no) == "withdrawal.outcome_unknown"
    page = dinas.follow(dinas.send(page, f"{HERE}putus/", **decision, **second()))
    assert "Diputus berdua" in shown(page)
    no = dinas.send(page, f"{HERE}putus-lebih/", **{**decision, "outcome": "x"}, **second())
    assert refusal_of(no) == "withdrawal.outcome_unknown"
    decision["outcome"] = "ENTERED"
    page = dinas.follow(dinas.send(page, f"{HERE}putus-lebih/", **decision, **second()))
    assert "masuk buku kantor ini" in shown(page)
    with city.offices.at(DINAS):
        assert len(lying_at()) == 3
        piece = next(each.piece for each in lying_at() if each.piece in pieces)
    assert "Perjalanan" in shown(dinas.get(f"/ditarik/{piece}/"))
    report = shown(dinas.get(f"/pemusnahan/laporan/?kantor={SU1}"))
    assert "Dari kantor lain" in report


def test_with_the_line_down_a_package_is_counted_before_its_news(taken):
    city, desk, pieces = taken
    path = sent(city, desk, pieces)
    dinas = Browser(city, DINAS, "blanko")
    assert refusal_of(dinas.get(path)) == "withdrawal.package_unknown"
    told = {"code": package_of(city), "seal": "utuh", "marks": "\n".join(SERIALS)}
    page = dinas.get(HERE)
    no = dinas.send(page, f"{HERE}tanpa-berita/", **{**told, "seal": ""}, **second())
    assert refusal_of(no) == "screens.nothing_chosen"
    no = dinas.send(page, f"{HERE}tanpa-berita/", **{**told, "code": "12"}, **second())
    assert refusal_of(no) == "withdrawal.package_code"
    wrong = {**told, "code": "AAAA1111"}
    page = dinas.follow(dinas.send(page, f"{HERE}tanpa-berita/", **wrong, **second()))
    page = dinas.follow(dinas.send(page, f"{HERE}hapus-hitungan/", **second()))
    assert "Hitungan dihapus" in shown(page)
    page = dinas.follow(dinas.send(page, f"{HERE}tanpa-berita/", **told, **second()))
    assert "beritanya belum datang" in shown(page)
    city.turn(1)
    assert "2 ada, 0 tidak ada" in shown(dinas.get(path))


def test_the_page_says_not_to_hand_it_out_while_the_second_medium_is_missing(taken, monkeypatch):
    city, desk, pieces = taken

    def broken(*_):
        raise OSError("the stick is gone")

    page = desk.get(HERE)
    monkeypatch.setattr(MemorySecondLog, "append", broken)
    no = desk.send(page, f"{HERE}kirim/", piece=pieces, **TOLD, **second())
    assert refusal_of(no) == "withdrawal.second_log_missing"
    with city.offices.at(SU1):
        path = f"{HERE}{packages_from(OfficeCode(SU1))[0].package}/"
    page = desk.get(path)
    assert "Jangan serahkan kepada pembawa dulu" in shown(page)
    assert refusal_of(desk.send(page, f"{path}amankan/")) == "withdrawal.second_log_missing"
    monkeypatch.undo()
    page = desk.follow(desk.send(page, f"{path}amankan/"))
    assert "Kiriman boleh dibawa" in shown(page)


def test_a_package_of_others_is_not_there(taken):
    city, desk, pieces = taken
    path = sent(city, desk, pieces)
    city.turn(1)
    other = Browser(city, IT2, "blanko")
    assert refusal_of(other.get(path)) == "withdrawal.package_unknown"
    assert refusal_of(other.get(f"{path}berita-acara.pdf")) == "withdrawal.package_unknown"
    assert refusal_of(other.get(f"{HERE}cari/?kode={package_of(city)}")) == (
        "withdrawal.package_unknown"
    )
