"""Requests, recordings and verdicts for machines."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from ampera.delivery.queries import case_of
from ampera.intake import actions as intake_actions
from ampera.intake.queries import request_seen
from ampera.papers.synthetic import synthetic_portrait, synthetic_signature
from ampera.screens.status import status_seen
from tests.api.city import DINAS, IT2, LOST, PUSAT, SU1


def test_a_lost_card_is_taken_at_a_kecamatan_and_handed_on(city):
    person = city.person(has_card=True)
    taken = city.post(SU1, "loket", "requests", nik=person.nik, **LOST)
    assert taken["goes_to"] == DINAS
    case = city.get(SU1, "loket", f"requests/{taken['request']}")
    assert case["request"]["handed_to"] == DINAS
    assert case["request"]["name"] == person.name
    assert person.nik not in str(case)
    city.turn(1)
    listed = city.get(DINAS, "verifikator", "requests")
    assert taken["request"] in [each["id"] for each in listed]


def test_a_second_request_is_refused_with_the_first_ones_id(city):
    person = city.person()
    request = city.take(person)
    told = city.post(
        SU1, "loket", "requests", nik=person.nik, reason="NEW",
        papers=["form", "kk_copy", "presence"],
    )  # fmt: skip
    assert (told["code"], told["facts"]) == ("intake.already_open", {"request": request})


def test_a_request_of_another_office_is_not_there(city):
    request = city.take(city.person())
    city.turn(1)
    told = city.raw(IT2, "loket", "GET", f"requests/{request}")
    assert (told.status_code, told.json()["code"]) == (404, "intake.no_such_request")
    assert city.get(DINAS, "loket", f"requests/{request}")["reach"] == "CITY"


def test_what_the_register_does_not_confirm_waits_for_a_verifier(city, monkeypatch):
    monkeypatch.setattr(intake_actions, "agrees_with_register", lambda *_, **__: None)
    one, other = city.take(city.person()), city.take(city.person())
    for request in (one, other):
        city.post(SU1, "loket", f"requests/{request}/complete")
    city.turn(1)
    waiting = [each["request"]["id"] for each in city.get(DINAS, "verifikator", "requests/desk")]
    assert {one, other} <= set(waiting)
    assert city.post(DINAS, "verifikator", f"requests/{one}/confirm") == {"request": one}
    why = {"why": "data_differ"}
    assert city.post(DINAS, "verifikator", f"requests/{other}/reject", **why) == {"request": other}
    city.turn(1)
    assert city.get(SU1, "loket", f"requests/{one}")["request"]["confirmed_by"].startswith("off_")
    rejected = city.get(SU1, "loket", f"requests/{other}")
    assert rejected["request"]["rejected_why"] == "data_differ"
    assert rejected["state"]["word"] == "REQUEST_REJECTED"


def test_the_desk_is_at_the_dinas(city):
    told = city.raw(SU1, "verifikator", "GET", "requests/desk").json()
    assert (told["status"], told["code"]) == (404, "api.not_at_this_tier")


def test_nobody_is_recorded_before_the_nik_is_confirmed(city):
    request = city.take(city.person())
    told = city.post(SU1, "loket", f"requests/{request}/recording", sample=True)
    assert told["code"] == "enrolment.data_incomplete"


def test_captured_images_are_judged_before_anything_touches_them(city):
    request = city.take(city.person())
    path = f"requests/{request}/recording"
    one = base64.b64encode(synthetic_portrait(1, birth_year=1999)).decode()
    for images, code in (
        ({"portrait": "***"}, "api.not_base64"),
        ({"portrait": base64.b64encode(b"%PDF").decode()}, "papers.not_an_image"),
        ({"portrait": one, "signature": one}, "papers.image_wrong_kind"),
    ):
        assert city.post(SU1, "loket", path, images=images)["code"] == code
    told = city.post(SU1, "loket", path, images={"portrait": one}, sample=True)
    assert told["code"] == "api.images_or_sample"


def test_real_images_are_recorded_and_a_missing_finger_needs_a_reason(city):
    request = city.take(city.person())
    city.post(SU1, "loket", f"requests/{request}/complete")
    city.turn(1)
    portrait = base64.b64encode(synthetic_portrait(2, birth_year=1999)).decode()
    stroke = base64.b64encode(synthetic_signature(2)).decode()
    images = {"portrait": portrait, "signature": stroke, "finger_1": stroke}
    path = f"requests/{request}/recording"
    told = city.post(SU1, "loket", path, images=images)
    assert (told["code"], told["facts"]) == ("enrolment.image_missing", {"image": "finger_2"})
    exceptions = {"finger_2": "injured"}
    done = city.post(SU1, "loket", path, images=images, exceptions=exceptions)
    assert done["enrolment"].startswith("enr_")


def test_sample_images_and_sample_residents_are_for_the_demo_only(city):
    request = city.take(city.person())
    houses = city.offices._houses
    demo, houses[SU1] = houses[SU1], replace(houses[SU1], is_demo=False)
    try:
        told = city.post(SU1, "loket", f"requests/{request}/recording", sample=True)
        assert told["code"] == "api.sample_not_allowed"
        told = city.raw(SU1, "loket", "GET", f"demo/residents?kelurahan={SU1}").json()
        assert (told["status"], told["code"]) == (404, "public.only_in_the_demo")
    finally:
        houses[SU1] = demo


def test_the_demo_names_residents_who_may_ask_for_a_card(city):
    listed = city.get(SU1, "loket", f"demo/residents?kelurahan={SU1}&most=3")
    assert len(listed) == 3
    # Residents that another test has spoken for may be listed still.
    more = city.get(SU1, "loket", f"demo/residents?kelurahan={SU1}&most=50")
    nik = city.reserve(next(each["nik"] for each in more if not city.is_reserved(each["nik"])))
    seen = city.post(SU1, "loket", "residents/look-up", nik=nik)
    assert (seen["must_hold_card"], seen["recorded"]) == (True, False)
    city.post(
        SU1, "loket", "requests", nik=nik, reason="NEW", papers=["form", "kk_copy", "presence"]
    )
    after = city.get(SU1, "loket", f"demo/residents?kelurahan={SU1}&most=3")
    assert nik not in [each["nik"] for each in after]
    headers = {"Authorization": "Bearer wrong"}
    reply = city.raw(SU1, "loket", "GET", f"demo/residents?kelurahan={SU1}", headers=headers)
    assert reply.status_code == 401


def test_of_two_recordings_of_one_resident_one_is_print_ready_and_both_sides_are_seen(fresh_city):
    city = fresh_city
    person = city.person()
    # Both counters take the request before either has heard of the other.
    here, there = city.take(person), city.take(person, at=DINAS)
    city.post(SU1, "loket", f"requests/{here}/complete")
    city.post(DINAS, "loket", f"requests/{there}/complete")
    city.turn(1)
    for office, request in ((SU1, here), (DINAS, there)):
        done = city.post(office, "loket", f"requests/{request}/recording", sample=True)
        if "enrolment" not in done:
            assert done["code"] == "enrolment.already_recorded"
    city.turn()
    resident = city.get(SU1, "loket", f"requests/{here}")["request"]["resident"]
    recordings = city.get(PUSAT, "kepala", f"residents/{resident}/recordings")
    words = sorted(each["verdict"] for each in recordings)
    assert words == ["DUPLICATE_RECORD", "PRINT_READY_RECORD"]
    [double] = city.get(PUSAT, "kepala", "verdicts")
    assert double["resident"] == resident
    assert {double["office"], double["of_office"]} == {SU1, DINAS}
    ready = city.get(PUSAT, "kepala", "verdicts?verdict=PRINT_READY_RECORD")
    assert [each["enrolment"] for each in ready] == [double["of"]]
    assert city.get(PUSAT, "kepala", f"verdicts/{double['of']}")["verdict"] == ready[0]["verdict"]


def test_only_the_pusat_adjudicates(city):
    told = city.post(DINAS, "verifikator", "verdicts/enr_x/adjudicate", is_same_person=True)
    assert told["code"] == "api.not_at_this_tier"
    told = city.post(PUSAT, "kepala", "verdicts/enr_x/adjudicate", is_same_person=True)
    assert told["code"] == "dedup.not_to_adjudicate"


@pytest.mark.parametrize("at", [SU1, DINAS])
def test_pages_and_machines_say_the_same_of_a_request(city, at):
    request = city.ready_record(city.person())
    with city.offices.at(at):
        found = request_seen(request)
        case, page = case_of(found), status_seen(found)
        assert case.text == page.text
        assert [(each.text(), each.text("en")) for each in case.waits] == list(page.why)
        assert (case.card, case.permit) == (page.card, page.permit)
