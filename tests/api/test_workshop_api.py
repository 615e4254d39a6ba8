"""Permits, the printer, two persons, blanko and health for machines."""

from __future__ import annotations

import pytest

from ampera.api.v1.ports import ApiPorts, open_ports
from ampera.devices.simulated.cards import Fate, PowerCut
from tests.api.city import DINAS, IT2, PASSWORD, PRINTER, SU1

WITNESS = {"login": "kepala", "password": PASSWORD}


@pytest.fixture
def broken(fresh_city):
    """The power went while a card was half printed, and came back: nobody knows what came out."""
    city = fresh_city
    city.request = city.ready_record(city.person())
    city.print_on(20)
    city.post(SU1, "cetak", "runs", cards=1)
    city.printer.machine.faults.cut = PowerCut(Fate.RUINED)
    city.print_on(300)
    city.printer.machine.power_on(city.offices.clock.at)
    city.print_on(100)
    return city


def test_an_unknown_outcome_is_settled_by_two_and_the_card_is_printed_once(broken):
    city = broken
    [unknown] = city.get(SU1, "cetak", "attempts?state=unknown")
    assert (unknown["state"], unknown["is_job_over"]) == ("UNKNOWN", True)
    path = f"attempts/{unknown['attempt']}/settle"
    done = city.post(SU1, "cetak", path, outcome="SPOILED", witness=WITNESS)
    assert done == {"attempt": unknown["attempt"], "outcome": "SPOILED"}
    assert city.get(SU1, "cetak", "attempts?state=unknown") == []
    told = city.post(SU1, "cetak", path, outcome="SPOILED", witness=WITNESS)
    assert told["code"] == "printing.not_unknown"
    city.post(SU1, "cetak", "runs", cards=1)
    city.print_on()
    [card] = city.get(SU1, "cetak", "cards/to-check")
    assert city.get(SU1, "cetak", f"cards/{card['card']}")["state"] == "PRINTED"
    accounts = city.get(SU1, "blanko", "blanko/accounts")["accounts"]
    assert accounts == {"shelf": 3, "spoiled": 1, "issued": 1}


def test_two_persons_are_two_and_both_prove_it(broken):
    city = broken
    [unknown] = city.get(SU1, "cetak", "attempts?state=unknown")
    path = f"attempts/{unknown['attempt']}/settle"
    for login, witness, code in (
        ("cetak", {**WITNESS, "password": "wrong-password"}, "officer.unknown"),
        ("cetak", {"login": "nobody", "password": PASSWORD}, "officer.unknown"),
        ("kepala", WITNESS, "officer.same_person"),
    ):
        told = city.post(SU1, login, path, outcome="SHELF", witness=witness)
        assert told["code"] == code
    told = city.post(SU1, "cetak", path, outcome="SHELF")
    assert told["code"] == "api.body_invalid"
    assert len(city.get(SU1, "cetak", "attempts?state=unknown")) == 1


def test_a_rejected_card_takes_a_second_person(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    city.print_on(20)
    city.post(SU1, "cetak", "runs", cards=1)
    city.print_on()
    [card] = city.get(SU1, "cetak", "cards/to-check")
    path = f"cards/{card['card']}/check"
    assert city.post(SU1, "cetak", path, result="REJECTED")["code"] == "printing.two_persons"
    done = city.post(SU1, "cetak", path, result="REJECTED", witness=WITNESS)
    assert done["result"] == "REJECTED"
    told = city.post(SU1, "loket", f"cards/{card['card']}/hand-over")
    assert told["code"] == "delivery.not_ready"


def test_a_printer_is_emptied_by_two(city):
    city.print_on(20)  # the office has seen its printer
    told = city.post(SU1, "blanko", f"printers/{PRINTER}/emptied", witness=WITNESS)
    assert told == {"printer": PRINTER, "attempts": []}


def test_nothing_is_printed_on_a_printer_that_nobody_has_seen(fresh_city):
    assert fresh_city.post(SU1, "cetak", "runs", cards=1)["code"] == "api.no_printer"


def test_a_permit_is_recalled_and_comes_back(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    [permit] = city.get(SU1, "cetak", "permits")
    assert city.get(DINAS, "verifikator", f"permits?office={SU1}")[0]["permit"] == permit["permit"]
    path = f"permits/{permit['permit']}/recall"
    assert city.post(SU1, "kepala", path, why="PRINTER_DOWN")["code"] == "readiness.not_the_dinas"
    assert city.post(DINAS, "verifikator", path, why="PRINTER_DOWN") == {"permit": permit["permit"]}
    city.offices.post()
    seen = city.get(SU1, "cetak", f"permits/{permit['permit']}")
    assert (seen["state"], seen["is_recalled"]) == ("OPEN", True)
    city.turn()
    assert city.get(DINAS, "verifikator", f"permits/{permit['permit']}")["state"] == "RETURNED"


def test_a_shipment_that_is_short_goes_to_dispute_under_its_number(fresh_city):
    city = fresh_city
    serials = [f"SPC71{number:06d}" for number in (1, 2)]
    sent = city.post(DINAS, "blanko", "blanko/shipments", to=SU1, serials=serials, courier="kepala")
    assert sent["blanko"] == 2
    city.turn(1)
    [coming] = city.get(SU1, "blanko", "blanko/shipments")
    assert (coming["shipment"], coming["under_way"]) == (sent["shipment"], 2)
    done = city.post(
        SU1, "blanko", f"blanko/shipments/{sent['shipment']}/receive",
        seen_serials=serials[:1], witness=WITNESS,
    )  # fmt: skip
    assert done == {"received": serials[:1], "short": serials[1:]}
    held = city.get(SU1, "blanko", "blanko/accounts")
    assert held == {"office": SU1, "accounts": {"shelf": 6, "dispute": 1}, "sum": 7}
    city.turn(1)
    assert city.get(DINAS, "kepala", f"blanko/accounts?office={SU1}") == held


def test_no_office_reads_the_books_of_its_neighbour(city):
    for office in (IT2, DINAS, "nonsense"):
        told = city.raw(SU1, "kepala", "GET", f"blanko/accounts?office={office}").json()
        assert told["code"] in ("register.office_not_yours", "api.not_found")
    told = city.post(DINAS, "blanko", "blanko/shipments", to="99.99.99", courier="kepala")
    assert told["code"] == "blanko.not_near"
    told = city.post(DINAS, "blanko", "blanko/shipments", to=SU1, courier="nobody")
    assert told["code"] == "officer.not_here"


def test_health_says_what_waits_to_be_sent(city):
    before = city.get(SU1, "loket", "health")
    assert (before["code"], before["tier"], before["incarnation"]) == (SU1, "kecamatan", 1)
    city.take(city.person())
    after = city.get(SU1, "loket", "health")
    assert after["unsent"] > before["unsent"]
    assert after["oldest_unsent"] is not None
    assert (after["alarms"], after["waiting"]) == (0, {})
    centre = city.get("00", "kepala", "health")
    assert (centre["link"], centre["unsent"]) == (None, 0)


def test_two_servers_that_agree_hold_the_same_hash_at_the_same_place(city):
    city.take(city.person())
    city.turn(1)

    def heads(office):
        return {each["chain"]: each for each in city.get(office, "kepala", "chains")}

    name = next(name for name, each in heads(SU1).items() if each["is_own"] and "/up" in name)
    assert heads(DINAS)[name]["hash"] == heads(SU1)[name]["hash"]


def test_the_face_of_a_card_is_shown_where_its_permit_is(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    [permit] = city.get(SU1, "cetak", "permits")
    path = f"cards/{permit['card']}/face.pdf"
    assert city.raw(SU1, "cetak", "GET", path).headers["Content-Type"] == "application/pdf"
    told = city.raw(DINAS, "cetak", "GET", path).json()
    assert (told["status"], told["code"]) == (404, "readiness.card_unknown")
    open_ports(ApiPorts())
    assert city.raw(SU1, "cetak", "GET", path).json()["code"] == "api.no_card_face"
    assert city.raw(SU1, "loket", "GET", path).json()["code"] == "officer.may_not"
