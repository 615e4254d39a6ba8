"""Cut off, only people whose NIK was confirmed are recorded, and nobody can claim that it was."""

from __future__ import annotations

from ampera.enrolment.models import Enrolment
from ampera.intake.models import CardRequest
from tests.api.city import LOST, NEW_PAPERS, SU1
from tests.screens.browser import Browser, refusal_of, shown


def recording(city, request: str):
    return city.post(SU1, "loket", f"requests/{request}/recording", sample=True)


def reported(city, person, **changes) -> str:
    """A request whose data were reported while no line goes up."""
    body = {"nik": person.nik, "reason": "NEW", "papers": NEW_PAPERS} | changes
    taken = city.post(SU1, "loket", "requests", **body)
    done = city.post(SU1, "loket", f"requests/{taken['request']}/complete")
    assert done == {"request": taken["request"]}, done
    return taken["request"]


def test_cut_off_nobody_unconfirmed_is_recorded_by_page_or_machine(fresh_city):
    city = fresh_city
    request = reported(city, city.person())
    assert recording(city, request)["code"] == "enrolment.nik_unconfirmed"
    counter, here = Browser(city, SU1, "loket"), f"/permohonan/{request}/rekam/"
    page = counter.get(here)
    assert "Gerbang terbuka" not in shown(page)
    images = {"sample": "1", "portrait": "", "agreed": "yes"}
    assert refusal_of(counter.post(f"{here}simpan/", **images))
    with city.offices.at(SU1):
        assert not Enrolment.objects.exists()
        assert city.rooms[SU1].store.names() == []
    city.turn(1)
    assert "enrolment" in recording(city, request), "with the line back the dinas confirms"


def test_no_caller_can_say_that_a_nik_was_confirmed(fresh_city):
    city, person = fresh_city, fresh_city.person()
    body = {"nik": person.nik, "reason": "NEW", "papers": NEW_PAPERS}
    told = city.post(SU1, "loket", "requests", **body, is_nik_confirmed=True)
    assert told["code"] == "api.body_invalid"
    counter = Browser(city, SU1, "loket")
    page = counter.follow(counter.post("/permohonan/cari/", nik=person.nik))
    counter.send(
        page, "/permohonan/terima/", papers=NEW_PAPERS, is_nik_confirmed="1", nik_known="1"
    )
    with city.offices.at(SU1):
        assert not CardRequest.objects.get().is_nik_known


def test_cut_off_somebody_confirmed_before_is_recorded(fresh_city):
    """An earlier request of theirs was confirmed; then the line was cut."""
    city, person = fresh_city, fresh_city.person()
    reported(city, person, **LOST)
    city.turn(1)
    request = reported(city, person)
    with city.offices.at(SU1):
        assert CardRequest.objects.get(pk=request).is_nik_known
    assert "enrolment" in recording(city, request)


def test_a_rejection_takes_back_what_was_confirmed(fresh_city):
    city, person = fresh_city, fresh_city.person()
    first = reported(city, person, **LOST)
    city.turn(1)
    with city.offices.at(SU1):
        row = CardRequest.objects.get(pk=first)
        assert row.confirmed_at
        CardRequest.objects.create(
            **{each.attname: getattr(row, each.attname) for each in row._meta.fields
               if each.attname not in ("id", "confirmed_at", "rejected_at", "ticket_hash")},
            id="req_other", ticket_hash="-", rejected_at="2999-01-01T00:00:00.000000Z",
        )  # fmt: skip
    request = reported(city, person)
    assert recording(city, request)["code"] == "enrolment.nik_unconfirmed"
