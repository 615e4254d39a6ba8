"""Packages of withdrawn cards told by machines: sent at a kecamatan, counted at its dinas."""

from __future__ import annotations

import pytest

from ampera.withdrawal.queries import lying_at
from tests.api.city import DINAS, IT2, PASSWORD, SU1, key
from tests.screens.browser import Browser

HERE = "withdrawn/packages"
KEPALA = {"login": "kepala", "password": PASSWORD}
SERIALS = ("XYZ00000001", "XYZ00000002")


@pytest.fixture
def taken(fresh_city):
    """Two found cards lie at Seberang Ulu I; their pieces."""
    desk = Browser(fresh_city, SU1, "blanko")
    for number in SERIALS:
        told = {"how": "FOUND", "place": "lemari 1", "serial": number, "cause": "OTHER"}
        assert desk.send(desk.get("/ditarik/"), "/ditarik/terima/", **told).status_code == 302
    with fresh_city.offices.at(SU1):
        return fresh_city, [each.piece for each in lying_at()]


def send(city, pieces, **more):
    told = {"to": DINAS, "seal": "SGL 77", "courier": "KURIR CONTOH", "witness": KEPALA}
    return city.post(SU1, "blanko", HERE, pieces=pieces, **{**told, **more})


def test_a_package_is_sent_once_and_counted_once(taken):
    city, pieces = taken
    again = key()
    sent = send(city, pieces, key_=again)
    assert sent["count"] == 2
    assert send(city, pieces, key_=again) == sent, "told twice, sent once"
    (seen,) = city.get(SU1, "blanko", HERE)
    assert (seen["package"], seen["target"], seen["arrival"]) == (sent["package"], DINAS, None)
    city.turn()
    path = f"{HERE}/{sent['package']}/receive"
    opened = {"marks": pieces[:1], "is_seal_whole": True, "witness": KEPALA}
    wrong = {"login": "kepala", "password": "salah"}
    no = city.post(DINAS, "blanko", path, **{**opened, "witness": wrong})
    assert no["code"] == "officer.unknown"
    came = city.post(DINAS, "blanko", path, **opened)
    assert came == {"received": 1, "missing": 1, "surplus": 0}
    assert city.post(DINAS, "blanko", path, **opened)["code"] == "withdrawal.package_received"
    one = city.get(DINAS, "blanko", f"{HERE}/{sent['package']}")
    assert one["arrival"]["missing"] == 1
    assert {each["piece"]: each["was_missing"] for each in one["pieces"]} == {
        pieces[0]: False,
        pieces[1]: True,
    }


def test_a_package_goes_only_to_a_neighbour_and_with_a_witness(taken):
    city, pieces = taken
    assert send(city, pieces, to=IT2)["code"] == "withdrawal.not_near"
    no = send(city, pieces, witness={"login": "blanko", "password": PASSWORD})
    assert "code" in no
    assert "package" not in no
    assert send(city, [])["code"] == "withdrawal.nothing_chosen"


def test_a_package_that_came_before_its_news_is_received_when_it_comes(taken):
    city, pieces = taken
    sent = send(city, pieces)
    opened = {"marks": pieces, "is_seal_whole": True, "witness": KEPALA}
    counted = city.post(DINAS, "blanko", "withdrawn/counts", list_code=sent["code"], **opened)
    assert "count" in counted
    city.turn()
    one = city.get(DINAS, "blanko", f"{HERE}/{sent['package']}")
    assert one["arrival"]["received"] == 2


@pytest.fixture
def missed(taken):
    """One of two pieces was missed at the dinas, and something lay beside that was on no list."""
    city, pieces = taken
    sent = send(city, pieces)
    city.turn()
    opened = {"marks": [pieces[0], "XYZ00000009"], "is_seal_whole": False, "witness": KEPALA}
    came = city.post(DINAS, "blanko", f"{HERE}/{sent['package']}/receive", **opened)
    assert came == {"received": 1, "missing": 1, "surplus": 1}
    city.turn()
    return city, pieces[1]


MINUTES = {"document": "BA/7/2017", "witness": KEPALA}


def test_two_of_the_dinas_settle_what_was_missed(missed):
    city, piece = missed
    (seen,) = city.get(DINAS, "blanko", "withdrawn/differences")["missing"]
    assert (seen["piece"], seen["office"], seen["sender"]) == (piece, DINAS, SU1)
    assert seen["is_ours"]
    path = "withdrawn/differences/missing"
    told = {"piece": piece, "outcome": "SENDER", **MINUTES}
    alone = {**told, "witness": {"login": "blanko", "password": PASSWORD}}
    assert city.post(DINAS, "blanko", path, **alone)["code"] == "officer.unknown"
    wrong = {**told, "outcome": "GONE"}
    assert city.post(DINAS, "blanko", path, **wrong)["code"] == "withdrawal.outcome_unknown"
    assert city.post(DINAS, "loket", path, **told)["code"] == "officer.may_not"
    assert city.post(SU1, "blanko", path, **told)["code"] == "withdrawal.not_yours_to_settle"
    assert city.post(DINAS, "blanko", path, **told) == {"piece": piece, "place": SU1}
    assert city.post(DINAS, "blanko", path, **told)["code"] == "withdrawal.not_missing"
    assert city.get(DINAS, "blanko", "withdrawn/differences")["missing"] == []


def test_two_settle_what_stood_on_no_list(missed):
    city, _ = missed
    (seen,) = city.get(DINAS, "blanko", "withdrawn/differences")["surplus"]
    assert seen["mark"] == "XYZ00000009"
    path = "withdrawn/differences/surplus"
    told = {"surplus": seen["surplus"], "outcome": "ENTERED", **MINUTES}
    assert city.post(DINAS, "blanko", path, **told)["piece"].startswith("wdr_")
    assert city.post(DINAS, "blanko", path, **told)["code"] == "withdrawal.not_surplus"
    assert city.get(DINAS, "blanko", "withdrawn/differences")["surplus"] == []
