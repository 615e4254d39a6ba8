"""Voiding a card by a machine: on a paper, and a block or an annulled NIK by two officers."""

from __future__ import annotations

import pytest

from ampera.journal.queries import entries_about
from ampera.readiness.queries import CardState, card_state
from tests.api.city import DINAS, PASSWORD, SU1
from tests.bad_input.whole import ready_card

KEPALA = {"login": "kepala", "password": PASSWORD}
PAPER = "Surat perintah blokir contoh 7"


@pytest.fixture
def made(fresh_city):
    card = ready_card(fresh_city, fresh_city.person())
    fresh_city.turn(1)
    return fresh_city, card


@pytest.mark.parametrize("why", ["BLOCKED", "ANNULLED"])
def test_a_block_takes_both_credentials_in_the_same_act(made, why):
    city, card = made

    def void(login: str = "verifikator", **more):
        told = {"why": why, "document": PAPER, **more}
        return city.post(DINAS, login, f"cards/{card}/void", **told)

    assert void()["code"] == "officer.same_person"
    wrong = {"login": "kepala", "password": "salah"}
    assert void(witness=wrong)["code"] == "officer.unknown"
    assert void(login="kepala", witness=KEPALA)["code"] == "officer.same_person"
    assert void(witness=KEPALA, document=" ")["code"] == "readiness.void_document"
    with city.offices.at(DINAS):
        assert card_state(card) is CardState.READY, "nothing was voided meanwhile"
    assert void(witness=KEPALA) == {"card": card}
    city.turn(1)
    with city.offices.at(SU1):
        assert card_state(card) is CardState.VOID
    with city.offices.at(DINAS):
        entries = [each for each in entries_about([card]) if each.kind == "card.voided/1"]
        for entry in entries:
            assert entry.facts["witness"] not in ("", entry.officer)
            assert entry.body == {"document": PAPER}


def test_a_death_with_its_paper_is_said_by_one(made):
    city, card = made
    told = {"why": "DIED", "document": "Akta kematian contoh 3"}
    assert city.post(DINAS, "verifikator", f"cards/{card}/void", **told) == {"card": card}
    again = city.post(DINAS, "verifikator", f"cards/{card}/void", **told)
    assert again["code"] == "readiness.card_void"


def test_neither_a_counter_nor_a_kecamatan_voids(made):
    city, card = made
    told = {"why": "DIED", "document": "Akta kematian contoh 3"}
    assert city.post(DINAS, "loket", f"cards/{card}/void", **told)["code"] == "officer.may_not"
    no = city.post(SU1, "verifikator", f"cards/{card}/void", **told)
    assert no["code"] == "readiness.not_the_dinas"
