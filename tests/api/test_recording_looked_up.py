"""A replacement for somebody whom nobody recorded: the centre answers, and the request goes on."""

from __future__ import annotations

from ampera.enrolment.models import ToLookUp
from ampera.enrolment.queries import centre_answer
from ampera.journal.house import house
from ampera.journal.quarantine import lift_quarantine, quarantine
from ampera.journal.queries import entries_about
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness.queries import why_it_waits
from ampera.words import Refusal
from tests.api.city import DINAS, LOST, PUSAT, SU1
from tests.bad_input.whole import handed_over_card
from tests.interleavings import assert_order_free
from tests.screens.browser import Browser, shown


def asked(city, person, *, completed: bool = True) -> str:
    """A report of loss at Seberang Ulu I."""
    taken = city.post(SU1, "loket", "requests", nik=person.nik, **LOST)
    assert "request" in taken, taken
    if completed:
        city.post(SU1, "loket", f"requests/{taken['request']}/complete")
    return str(taken["request"])


def codes(city, code: str, request: str) -> list[str]:
    with city.offices.at(code):
        waits = why_it_waits(request)
        assert not isinstance(waits, Refusal), waits
        return [each.code.value for each in waits]


def recorded(city, request: str):
    return city.post(SU1, "loket", f"requests/{request}/recording", sample=True)


def test_nobody_recorded_them_says_the_centre_and_once_recorded_the_request_goes_on(fresh_city):
    city, person = fresh_city, fresh_city.person(has_card=True)
    request = asked(city, person)
    assert recorded(city, request)["code"] == "enrolment.only_first_card", "nobody answered yet"
    city.turn(1)
    for code in (SU1, DINAS):
        assert codes(city, code, request)[-1] == "RECORD_FIRST"
        with city.offices.at(code):
            assert centre_answer(request) == ""
    page = shown(Browser(city, SU1, "loket").get(f"/permohonan/{request}/"))
    assert "belum pernah direkam" in page
    for part in ("UNREGISTERED", "Undang pemohon untuk perekaman", "Rekam biometrik"):
        assert part in page
    assert "tidak perlu perekaman ulang" not in page
    assert "enrolment" in recorded(city, request)
    assert codes(city, SU1, request) == ["WAITING_FOR_CENTRE"]
    city.turn(3)
    assert codes(city, DINAS, request) == ["PERMITTED"], "nobody had to do anything more"
    assert recorded(city, request)["code"] == "enrolment.already_recorded"
    for code in (PUSAT, DINAS, SU1):
        with city.offices.at(code):
            assert compare_with_rebuild() == []
        assert_order_free(city.offices, code, tries=2)


def test_of_somebody_recorded_by_this_dinas_the_centre_says_nothing(fresh_city):
    city, person = fresh_city, fresh_city.person()
    handed_over_card(city, person)
    city.turn(1)
    request = asked(city, person)
    city.turn(2)
    with city.offices.at(DINAS):
        assert centre_answer(request) is None
    with city.offices.at(PUSAT):
        kinds = [each.kind for each in entries_about([request])]
        assert "enrolment.looked_up/1" not in kinds
    assert recorded(city, request)["code"] == "enrolment.only_first_card"


def test_of_somebody_recorded_by_another_dinas_the_centre_says_where(fresh_city):
    from ampera.enrolment.models import Enrolment

    city, person = fresh_city, fresh_city.person(has_card=True)
    with city.offices.at(DINAS):
        from ampera.register.models import Resident

        resident = Resident.objects.get(nik=person.nik).pk
    with city.offices.at(PUSAT):
        Enrolment.objects.create(
            id="enr_1", resident=resident, office="16.72", captured_at="2017-09-01T00:00:00.000000Z"
        )
    request = asked(city, person)
    city.turn(2)
    for code in (SU1, DINAS):
        assert codes(city, code, request)[-1] == "RECORDED_ELSEWHERE"
    assert recorded(city, request)["code"] == "enrolment.only_first_card"


def test_a_quarantined_centre_answers_once_it_knows_all_again(fresh_city):
    city, person = fresh_city, fresh_city.person(has_card=True)
    with city.offices.at(PUSAT):
        quarantine("restored")
    request = asked(city, person)
    city.turn(2)
    with city.offices.at(PUSAT):
        assert ToLookUp.objects.get().request == request
        lift_quarantine()
        assert house().code.text == PUSAT
    assert codes(city, DINAS, request)[-1] == "NOT_RECORDED"
    city.turn(2)
    with city.offices.at(PUSAT):
        assert not ToLookUp.objects.exists()
    assert codes(city, DINAS, request)[-1] == "RECORD_FIRST"


def test_with_the_line_down_the_counter_says_that_the_centre_looks(fresh_city):
    city, person = fresh_city, fresh_city.person(has_card=True)
    request = asked(city, person)
    assert codes(city, SU1, request)[-1] == "NOT_RECORDED"
    city.turn(1)
    assert codes(city, SU1, request)[-1] == "RECORD_FIRST"
