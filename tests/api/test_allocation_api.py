"""Blanko shared by machines: the same acts as on the page, with the same rights."""

from __future__ import annotations

from dataclasses import replace

from ampera.blanko.actions import take_from_maker
from ampera.blanko.models import Item
from ampera.blanko.rules import Box
from ampera.journal.actions import Command
from ampera.planning.actions.supply import request_supply, send_request
from tests.api.city import DINAS, PUSAT, SU1


def test_the_dinas_proposes_decides_and_sees_what_to_pack(fresh_city) -> None:
    city = fresh_city
    with city.offices.at(DINAS):
        Item.objects.filter(place__startswith=f"{SU1}/").delete()
    city.ready_record(city.person())
    assert city.post(DINAS, "blanko", "allocations")["code"] == "officer.may_not"
    assert city.post(SU1, "kepala", "allocations")["code"] == "readiness.not_the_dinas"
    wrong = city.post(DINAS, "kepala", "allocations", way="LOUDEST")
    assert wrong["code"] == "planning.allocation_way"
    english = {"Accept-Language": "en"}
    tried = city.get(DINAS, "kepala", "allocations/preview?way=NEW_FIRST&days=10", headers=english)
    line = next(each for each in tried["lines"] if each["office"] == SU1)
    assert (tried["stock"], tried["given"], line["gets"]) == (3, 2, 2)
    assert line["why"] == "Seberang Ulu I gets 2: all that it needs (1 card waits)."
    for path, code in (
        ("allocations/preview?way=LOUDEST", "planning.allocation_way"),
        ("allocations/preview?minimum=many", "api.body_invalid"),
    ):
        assert city.raw(DINAS, "kepala", "GET", path).json()["code"] == code
    elsewhere = city.raw(SU1, "kepala", "GET", "allocations/preview").json()
    assert elsewhere["code"] == "readiness.not_the_dinas"
    made = city.post(DINAS, "kepala", "allocations", days=10)
    (seen,) = city.get(DINAS, "kepala", "allocations")
    assert (seen["allocation"], seen["outcome"], seen["days"]) == (made["allocation"], "", 10)
    line = next(each for each in seen["lines"] if each["office"] == SU1)
    assert (line["backlog"], line["need"]) == (1, 2)
    assert line["gets"] == made["given"] == 2
    assert line["why"].startswith("Seberang Ulu I mendapat 2")
    decision = f"allocations/{made['allocation']}/decision"
    edited = {"outcome": "EDITED", "edits": {SU1: 1}, "reason": "cukup satu"}
    assert city.post(DINAS, "kepala", decision, **edited)["given"] == 1
    again = city.post(DINAS, "kepala", decision, outcome="ACCEPTED")
    assert again["code"] == "planning.allocation_decided"
    assert city.get(DINAS, "blanko", "allocations/packing") == [
        {
            **{"office": SU1, "gets": 1, "sent": 0, "left": 1},
            **{"under_way": 0, "received": 0, "short": 0},
        }
    ]
    shown = city.get(DINAS, "kepala", f"allocations/{made['allocation']}")
    assert shown["decided"][SU1] == 1
    assert shown["reason"] == "cukup satu"


def test_the_centre_shares_by_letters_and_the_city_reads_its_answer(fresh_city) -> None:
    city = fresh_city
    with city.offices.at(DINAS):
        Item.objects.filter(place__startswith=f"{SU1}/").delete()
    for _ in range(6):
        city.ready_record(city.person())
    with city.offices.at(DINAS):
        head = Command(id="cmd_letter", officer=city.officer(DINAS, "kepala"))
        made = request_supply(head, wanted=500, note="stok habis")
        assert isinstance(made, dict), made
        sent = send_request(replace(head, id="cmd_send"), request=made["request"])
        assert isinstance(sent, dict), sent
    with city.offices.at(PUSAT):
        taken = take_from_maker(
            Command(id="cmd_take", officer=city.officer(PUSAT, "blanko")),
            boxes=[Box("BX-1", "SPD00001000", 10)],
            document="BA",
            witness=city.officer(PUSAT, "kepala"),
        )
        assert isinstance(taken, dict), taken
    city.turn()
    (letter,) = city.get(PUSAT, "kepala", "supply-letters")
    assert (letter["office"], letter["wanted"], letter["granted"]) == (DINAS, 500, 0)
    assert letter["evidence"]["prr_new"] == 6
    tried = city.get(PUSAT, "kepala", "allocations/preview")
    (top,) = tried["tops"]
    assert (tried["stock"], tried["given"], top["office"], top["gets"]) == (10, 4, "16", 4)
    made = city.post(PUSAT, "kepala", "allocations")
    decision = f"allocations/{made['allocation']}/decision"
    told = city.post(PUSAT, "kepala", decision, outcome="ACCEPTED", promised_on="2017-11-01")
    assert (told["given"], told["number"]) == (4, "001/BAGI/00/2017")
    city.turn()
    (seen,) = city.get(PUSAT, "kepala", "allocations")
    (line,) = seen["lines"]
    assert (line["gets"], line["asked"], line["limit"]) == (4, 500, "NEED")
    (letter,) = city.get(DINAS, "kepala", "supply-letters")
    assert letter["granted"] == 4
