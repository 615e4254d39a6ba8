"""No room on the disk: a clear word to whoever asked, nothing half done, and on it goes later."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from ampera.intake.models import CardRequest
from ampera.journal.models import Chain, EntryRow, EntryState
from ampera.screens.ports import ScreenPorts, open_ports
from ampera.sync.courier import run_courier
from ampera.sync.health import link_status
from ampera.sync.http import HttpLink, _Reply
from ampera.sync.protocol.messages import Speaker
from ampera.tiers.worker import FULL_SECONDS, Worker
from ampera.words import OfficeCode
from tests.api.city import DINAS, NEW_PAPERS, SU1, key
from tests.bad_input.full import disk_full, fill_up, make_room
from tests.houses import START
from tests.screens.browser import Browser, refusal_of, shown


def everything() -> list[tuple[str, int]]:
    """What lies in the journal and the requests; acting there."""
    chains = list(Chain.objects.order_by("name").values_list("name", "seq"))
    return [*chains, ("entries", EntryRow.objects.count()), ("cards", CardRequest.objects.count())]


class Outside(Browser):
    """A browser whose server answers a defect instead of letting it out of the test."""

    def __init__(self, *about, **more) -> None:
        super().__init__(*about, **more)
        self.client.raise_request_exception = False


def test_at_the_counter_the_officer_is_told_and_the_same_form_goes_through_later(fresh_city):
    city = fresh_city
    counter, person = Outside(city, SU1, "loket"), city.person()
    page = counter.follow(counter.post("/permohonan/cari/", nik=person.nik))
    fields = counter.form(page, "/permohonan/terima/") | {"papers": NEW_PAPERS}
    with city.offices.at(SU1), disk_full():
        before = everything()
        full = counter.client.post("/permohonan/terima/", fields)
        assert everything() == before
    assert full.status_code == 507
    assert refusal_of(full) == "server.disk_full"
    told = shown(full)
    assert "Disk server ini penuh" in told
    assert "This server&#x27;s disk is full" in told
    assert "kirim lagi formulir yang sama" in told
    taken = counter.post("/permohonan/terima/", **fields)
    assert "tanda-terima" in taken.headers["Location"]
    assert counter.post("/permohonan/terima/", **fields).headers == taken.headers
    with city.offices.at(SU1):
        assert CardRequest.objects.count() == 1


def test_nobody_is_shown_a_record_whose_look_cannot_be_written_down(fresh_city):
    city = fresh_city
    counter, person = Outside(city, SU1, "loket"), city.person()
    found = counter.post("/permohonan/cari/", nik=person.nik)
    with city.offices.at(SU1), disk_full():
        page = counter.client.get(found.headers["Location"])
    assert refusal_of(page) == "server.disk_full"
    assert person.name not in page.content.decode()


def test_a_machine_gets_the_refusal_as_a_problem_and_its_key_stays_good(fresh_city):
    city = fresh_city
    person = city.person()
    body = {"nik": person.nik, "reason": "NEW", "papers": NEW_PAPERS}
    headers = {"Authorization": f"Bearer {city.tokens[SU1, 'loket']}", "Idempotency-Key": key()}

    def take():
        return Client(raise_request_exception=False).post(
            "/api/v1/requests", json.dumps(body), content_type="application/json", headers=headers
        )

    with city.offices.at(SU1):
        with disk_full():
            before = everything()
            full = take()
            assert everything() == before
        assert full.status_code == 507
        assert full.headers["Content-Type"] == "application/problem+json"
        assert full.json()["code"] == "server.disk_full"
        assert "administrator" in full.json()["next"]
        first, again = take(), take()
    assert first.status_code == 200
    assert first.json() == again.json()


def test_a_recording_on_a_full_disk_leaves_no_packet_that_no_entry_names(fresh_city):
    city = fresh_city
    request = city.take(city.person())
    city.post(SU1, "loket", f"requests/{request}/complete")
    city.turn(1)
    store, sample = city.rooms[SU1].store, {"sample": True}
    headers = {"Authorization": f"Bearer {city.tokens[SU1, 'loket']}", "Idempotency-Key": key()}

    def record():
        return Client(raise_request_exception=False).post(
            f"/api/v1/requests/{request}/recording",
            json.dumps(sample),
            content_type="application/json",
            headers=headers,
        )

    with city.offices.at(SU1):
        with disk_full():
            assert record().json()["code"] == "server.disk_full"
        assert store.names() == []
        recorded = record().json()
        assert store.names() == [recorded["packet"]]


def test_the_receiver_takes_a_part_whole_or_not_at_all_and_parks_nothing(fresh_city):
    from ampera.journal.queries import part_after
    from ampera.journal.receiving import place_of, receive_part

    city = fresh_city
    for _ in range(12):
        city.take(city.person())
    with city.offices.at(SU1) as here:
        chain = here.chain("up")
    with city.offices.at(DINAS):
        known = place_of(chain)
    with city.offices.at(SU1):
        part = part_after(chain, known.seq, most=50)
    with city.offices.at(DINAS):
        with disk_full():
            before = everything()
            with pytest.raises(OperationalError, match="full"):
                receive_part(part)
            assert everything() == before
        assert not EntryRow.objects.exclude(state=EntryState.PROJECTED).exists()
        assert receive_part(part).seq == part.entries[-1].seq
        assert CardRequest.objects.count() == 12


def test_the_worker_ticks_on_a_full_disk_and_catches_up(fresh_city):
    city = fresh_city
    request = city.take(city.person())
    city.post(SU1, "loket", f"requests/{request}/complete")
    seconds = [0.0]
    city.offices.post(rounds=1)
    with city.offices.at(DINAS):
        worker = Worker(link=None, monotonic=lambda: seconds[0])
        EntryRow.objects.filter(kind="request.completed/1").update(must_react=True)
        with disk_full():
            before = everything()
            for _ in range(3):
                seconds[0] += FULL_SECONDS
                worker.tick()
            assert everything() == before
        seconds[0] += FULL_SECONDS
        worker.tick()
        assert not EntryRow.objects.filter(must_react=True).exists()


class ThroughTheServer(HttpLink):
    """The link of a kecamatan whose requests the dinas of this process answers in full."""

    def __init__(self, city, here) -> None:
        super().__init__(
            "http://127.0.0.1:1",
            addressee=OfficeCode(DINAS),
            speaker=Speaker(here.code, here.incarnation),
            key=here.key,
        )
        self.city = city

    def _exchange(self, call):
        with self.city.offices.at(DINAS):
            reply = Client(raise_request_exception=False).generic(
                call.method, call.target, data=call.body, headers=call.headers
            )
        headers = {name.lower(): value for name, value in reply.headers.items()}
        return _Reply(reply.status_code, headers, reply.content)


def test_a_kecamatan_sees_that_the_disk_above_is_full_and_goes_on_when_it_is_not(fresh_city):
    city, wall = fresh_city, START
    requests = [city.take(city.person()) for _ in range(12)]
    with city.offices.at(SU1) as here:
        link = ThroughTheServer(city, here)

    def step() -> str:
        nonlocal wall
        wall += timedelta(minutes=5)
        with city.offices.at(SU1):
            return run_courier(link, now=wall).error

    with city.offices.at(DINAS):
        fill_up()
        before = EntryRow.objects.count()
    assert "server.disk_full" in [step() for _ in range(3)]
    with city.offices.at(DINAS):
        assert EntryRow.objects.count() == before
        assert not CardRequest.objects.exists()
    open_ports(ScreenPorts(link=link_status))
    page = shown(Browser(city, SU1, "loket").get("/jalur/"))
    assert "disk server di atas penuh" in page
    with city.offices.at(DINAS):
        make_room()
    assert [step() for _ in range(3)][-1] == ""
    with city.offices.at(DINAS):
        assert CardRequest.objects.filter(pk__in=requests).count() == len(requests)


def test_without_a_database_to_draw_the_page_the_words_come_alone(fresh_city, monkeypatch):
    from ampera.screens import shell

    city = fresh_city
    counter, person = Outside(city, SU1, "loket"), city.person()
    found = counter.post("/permohonan/cari/", nik=person.nik)
    monkeypatch.setattr(shell, "render", lambda *_, **__: 1 / 0)
    with city.offices.at(SU1), disk_full():
        page = counter.client.get(found.headers["Location"])
    assert page.status_code == 507
    assert page.content.decode().startswith("Disk server ini penuh")
    assert "This server's disk is full" in page.content.decode()
