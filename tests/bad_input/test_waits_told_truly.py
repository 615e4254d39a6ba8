"""Nobody is told to wait for an answer that nobody was asked for."""

from __future__ import annotations

from tests.api.city import DINAS, LOST, SU1
from tests.bad_input.whole import handed_over_card
from tests.screens.browser import Browser, shown


def lost(city, person) -> dict[str, str]:
    """A report of loss, complete and confirmed."""
    body = {"nik": person.nik, **LOST}
    taken = city.post(SU1, "loket", "requests", **body)
    assert "request" in taken, taken
    city.post(SU1, "loket", f"requests/{taken['request']}/complete")
    city.turn(2)
    return taken


def codes(city, code: str, login: str, request: str) -> list[str]:
    return [each["code"] for each in city.get(code, login, f"requests/{request}")["waits"]]


def test_a_lost_card_from_before_ampera_is_looked_for_by_the_centre_and_says_so(fresh_city):
    city = fresh_city
    person = city.person(has_card=True)
    taken = city.post(SU1, "loket", "requests", nik=person.nik, **LOST)
    assert codes(city, SU1, "loket", taken["request"])[-1] == "NOT_RECORDED"
    page = shown(Browser(city, SU1, "loket").get(f"/permohonan/{taken['request']}/"))
    assert "Pusat sedang mencari perekamannya" in page
    assert "penunggalan" not in page.split("Mengapa menunggu")[-1][:300]
    city.post(SU1, "loket", f"requests/{taken['request']}/complete")
    city.turn(2)
    for code, login in ((SU1, "loket"), (DINAS, "verifikator")):
        assert codes(city, code, login, taken["request"])[-1] == "RECORD_FIRST"
        page = shown(Browser(city, code, login).get(f"/permohonan/{taken['request']}/"))
        assert "penduduk ini belum pernah direkam" in page


def test_the_holder_of_the_receipt_is_told_to_come_for_the_recording(fresh_city):
    from tests.public.visitor import Visitor

    city = fresh_city
    taken = lost(city, city.person(has_card=True))
    page = Visitor(city).ask(tiket=taken["ticket"]).content.decode()
    assert "diminta datang ke kantor yang melayani untuk perekaman" in page
    assert "Datang ke kantor yang tertera" in page
    assert "Menunggu hasil penunggalan" not in page


def test_a_lost_card_of_somebody_recorded_here_waits_for_no_recording(fresh_city):
    city, person = fresh_city, fresh_city.person()
    handed_over_card(city, person)
    city.turn(1)
    request = lost(city, person)["request"]
    for code, login in ((SU1, "loket"), (DINAS, "verifikator")):
        assert "NOT_RECORDED" not in codes(city, code, login, request)


def test_a_first_card_still_waits_for_the_centre(fresh_city):
    city = fresh_city
    request = city.take(city.person())
    assert "NOT_RECORDED" not in codes(city, SU1, "loket", request)
