"""A portrait stays at no office longer than its card, also where it was only passed on."""

from __future__ import annotations

import pytest

from ampera.delivery.actions import delete_print_packets
from ampera.enrolment.ports import room
from ampera.readiness.actions import answer_recalls
from ampera.readiness.queries import permit_seen
from ampera.tiers.print_packets import PacketsHere, packet_of, wanted
from tests.api.city import DINAS, PASSWORD, PUSAT, SU1
from tests.api.test_chip_of_a_card import fetch


def granted(city) -> str:
    """A permit of Seberang Ulu I, its packet there and at the dinas."""
    city.ready_record(city.person())
    city.turn()
    fetch(city, at=DINAS, of=PUSAT)
    fetch(city, at=SU1, of=DINAS)
    return city.get(SU1, "cetak", "permits")[-1]["permit"]


def packet_at(city, code: str, permit: str) -> str | None:
    with city.offices.at(code):
        return packet_of(permit_seen(permit))


def lies_at(city, code: str, packet: str) -> bool:
    with city.offices.at(code):
        return room().store.has(packet)


def test_after_the_handover_below_the_dinas_holds_neither_its_packet_nor_the_one_it_passed_on(
    fresh_city,
):
    city = fresh_city
    permit = granted(city)
    own, passed = packet_at(city, DINAS, permit), packet_at(city, SU1, permit)
    assert lies_at(city, DINAS, own)
    assert lies_at(city, DINAS, passed)
    city.print_on(20)
    assert "run" in city.post(SU1, "cetak", "runs", cards=1)
    city.print_on()
    (card,) = city.get(SU1, "cetak", "cards/to-check")
    city.post(SU1, "cetak", f"cards/{card['card']}/check", result="READY")
    city.offices.post()
    assert lies_at(city, DINAS, own), "it may be needed: the card is in nobody's hand"
    assert city.post(SU1, "loket", f"cards/{card['card']}/hand-over")["card"]
    city.offices.post()
    assert packet_at(city, DINAS, permit) is None
    assert not lies_at(city, DINAS, own)
    assert not lies_at(city, DINAS, passed)
    with city.offices.at(DINAS):
        assert wanted(most=5) == [], "nothing is printed, so nothing is fetched"


def test_a_permit_that_came_back_leaves_its_packet_to_the_mandate_only(fresh_city):
    city = fresh_city
    permit = granted(city)
    own, passed = packet_at(city, DINAS, permit), packet_at(city, SU1, permit)
    city.post(DINAS, "verifikator", f"permits/{permit}/recall", why="PRINTER_DOWN")
    city.offices.post()
    with city.offices.at(SU1):
        assert answer_recalls() == 1
    city.offices.post()
    assert lies_at(city, DINAS, own), "the next permit is sealed from it"
    assert not lies_at(city, DINAS, passed)


@pytest.mark.parametrize("end", ["REJECTED", "DIED"])
def test_a_portrait_leaves_the_office_whose_card_came_to_nothing(fresh_city, end):
    city = fresh_city
    permit = granted(city)
    city.print_on(20)
    assert "run" in city.post(SU1, "cetak", "runs", cards=1)
    city.print_on()
    (card,) = city.get(SU1, "cetak", "cards/to-check")
    if end == "REJECTED":
        witness = {"login": "kepala", "password": PASSWORD}
        said = {"result": "REJECTED", "witness": witness}
        assert "card" in city.post(SU1, "cetak", f"cards/{card['card']}/check", **said)
    else:
        city.offices.post()
        told = {"why": "DIED", "document": "Akta contoh 1"}
        assert "card" in city.post(DINAS, "verifikator", f"cards/{card['card']}/void", **told)
    city.offices.post()
    with city.offices.at(SU1):
        assert delete_print_packets(PacketsHere()) == 1
        assert packet_of(permit_seen(permit)) is None
