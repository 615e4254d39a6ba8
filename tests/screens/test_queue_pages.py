"""The pages of the queue: the order, putting one forward by two, and the proof for a resident."""

from __future__ import annotations

import re

import pytest

from ampera.blanko.models import Item
from ampera.delivery.queries import case_of
from ampera.intake.queries import request_seen
from ampera.journal.queries import chains
from ampera.readiness.queries import WaitCode, queue_for, why_it_waits
from ampera.readiness.rules import policy as policies
from tests.api.city import DINAS, IT2, PUSAT, SU1, City
from tests.houses import Offices
from tests.screens.browser import Browser, refusal_of, second, shown

CAUSE = "HOSPITAL/hospital_letter"


@pytest.fixture(scope="module")
def waiting(django_db_blocker):
    """Three residents print ready at Seberang Ulu I, whose shelf is empty: they wait."""
    with django_db_blocker.unblock(), Offices() as offices:
        city = City(offices)
        city.requests = []
        with offices.at(SU1):
            Item.objects.all().delete()
        with offices.at(DINAS):
            Item.objects.filter(place__startswith=SU1).delete()
        city.requests = [city.ready_record(city.person()) for _ in range(3)]
        with offices.at(DINAS):
            assert [each.request for each in queue_for(SU1)] == city.requests
        yield city


def looks(city, code) -> int:
    with city.offices.at(code):
        own = (each for each in chains() if each.name.audience == "audit" and each.is_own)
        return next((each.seq for each in own if each.name.origin.text == code), 0)


def order(page) -> list[str]:
    return re.findall(r'href="/permohonan/(req_[0-9a-f]{32})/"', page.content.decode())


def test_the_dinas_sees_every_queue_and_why_each_stands_where_it_stands(waiting):
    desk = Browser(waiting, DINAS, "verifikator")
    assert 'href="/antrean/16.71.02/"' in desk.get("/antrean/").content.decode()
    before = looks(waiting, DINAS)
    page = desk.get(f"/antrean/{SU1}/")
    assert order(page) == waiting.requests
    assert looks(waiting, DINAS) == before + 1
    text = shown(page)
    assert "paling depan" in text
    assert text.count("yang di atasnya menunggu lebih lama") == 2
    assert "Kuota cetak tidak ada" in text
    assert refusal_of(desk.get("/antrean/16.71.99/")) == "screens.no_such_office"


def test_a_kecamatan_sees_its_own_only_and_that_the_dinas_decides(waiting):
    own = Browser(waiting, SU1, "loket").get("/antrean/")
    assert order(own) == waiting.requests
    assert "urutan yang mengikat ada di Disdukcapil" in shown(own)
    neighbour = Browser(waiting, IT2, "loket")
    assert order(neighbour.get("/antrean/")) == []
    assert refusal_of(neighbour.get(f"/antrean/{SU1}/")) == "screens.no_such_office"
    here = f"/antrean/permohonan/{waiting.requests[0]}/"
    assert refusal_of(neighbour.get(here)) == "readiness.not_here"
    assert refusal_of(Browser(waiting, SU1, "cetak").get("/antrean/")) == "officer.may_not"


def form(desk, here, what="JUMPED", **changes):
    """What a browser would send, of the form for that kind."""
    page = desk.get(here)
    number = 0 if what == "URGENT" else 1
    fields = desk.form(page, "", number)
    assert fields["what"] == what
    return {**fields, "cause": CAUSE, "note": "surat RS 3-9-2017", **second(), **changes}


def test_two_officers_put_one_forward_and_two_put_it_back(waiting):
    desk, last = Browser(waiting, DINAS, "verifikator"), waiting.requests[2]
    here = f"/antrean/permohonan/{last}/"
    wrong = {"second_login": "verifikator", "second_password": "x"}
    assert refusal_of(desk.post(here, **form(desk, here, **wrong))).startswith("officer.")
    no = desk.post(here, **form(desk, here, note="0812 3456 7890"))
    assert refusal_of(no) == "readiness.note_form"
    assert refusal_of(desk.post(here, what="PAID")) == "screens.nothing_chosen"
    filled = form(desk, here)
    done = desk.follow(desk.post(here, **filled))
    assert "didahulukan dari semua" in shown(done)
    assert "surat RS 3-9-2017" in shown(done)
    assert "verifikator dan kepala" in shown(done)
    again = desk.post(here, **filled)
    assert again.status_code == 302, "the same command again is the same answer"
    assert order(desk.get(f"/antrean/{SU1}/"))[0] == last
    page = desk.get(here)
    (address,) = re.findall(r'action="(/antrean/batal/mov_[0-9a-f]{32}/)"', page.content.decode())
    back = desk.send(page, address, **second())
    assert "kembali ke tempatnya semula" in shown(desk.follow(back))
    assert order(desk.get(f"/antrean/{SU1}/")) == waiting.requests
    late = desk.post(address, request=last, **second())
    assert refusal_of(late) == "readiness.move_undone"


def test_a_counter_calls_urgent_and_only_the_head_lets_jump(waiting):
    counter, first = Browser(waiting, SU1, "loket"), waiting.requests[0]
    here = f"/antrean/permohonan/{first}/"
    page = counter.get(here)
    assert "Dahulukan dari semua" not in shown(page)
    no = counter.post(here, what="JUMPED", cause=CAUSE, note="", **second())
    assert refusal_of(no) == "officer.may_not"
    done = counter.post(here, **form(counter, here, "URGENT"))
    assert "dinyatakan mendesak" in shown(counter.follow(done))
    waiting.turn(1)
    text = shown(Browser(waiting, DINAS, "kepala").get(f"/antrean/{SU1}/"))
    assert "mendesak Dirawat di rumah sakit" in text
    page = counter.get(here)
    (address,) = re.findall(r'action="(/antrean/batal/mov_[0-9a-f]{32}/)"', page.content.decode())
    assert "kembali ke tempatnya" in shown(counter.follow(counter.send(page, address, **second())))
    waiting.turn(1)


def test_the_proof_names_nobody_and_points_into_the_journal(waiting):
    desk = Browser(waiting, DINAS, "kepala")
    first, _, last = waiting.requests
    before = looks(waiting, DINAS)
    page = desk.post("/antrean/banding/", satu=last, dua=first)
    text = page.content.decode()
    assert 'data-because="waiting_since"' in text
    assert re.search(r"16\.71\.02/up(@1)? #[0-9]+", text)
    listed = desk.get(f"/antrean/{SU1}/").content.decode()
    names = re.findall(r'/permohonan/req_[0-9a-f]{32}/">([^<]+)</a>', listed)
    assert len(names) == 3
    assert not any(name in text for name in names)
    assert not re.search(r"[0-9]{6}\*{6}[0-9]{4}", text)
    assert looks(waiting, DINAS) == before + 2, "the proof, and the list of the names"
    assert refusal_of(desk.post("/antrean/banding/", satu=last, dua=last)) == (
        "readiness.same_request"
    )
    no = desk.post("/antrean/banding/", satu=last, dua="K7M29QXA4TRP")
    assert refusal_of(no) == "intake.no_such_ticket"
    assert refusal_of(desk.post("/antrean/banding/", satu=last, dua="req_" + "0" * 32)) == (
        "readiness.not_here"
    )
    assert refusal_of(Browser(waiting, SU1, "kepala").get("/antrean/banding/")) == (
        "screens.other_tier"
    )
    assert "antrean/banding" not in " ".join(each for each in desk.addresses if "req_" in each), (
        "no record stands in the address of the proof"
    )


def test_the_centre_has_no_queue(waiting):
    assert refusal_of(Browser(waiting, PUSAT, "loket").get(f"/antrean/{SU1}/")) == (
        "screens.no_such_office"
    )


@pytest.fixture
def one_a_day(monkeypatch):
    """Each kecamatan prints one first card a day."""
    limit = 'limits = [{ office = "kecamatan", of = "first", per_day = 1 }]'
    text = policies.policy_text().replace("limits = []", limit)
    monkeypatch.setattr(policies, "policy_text", lambda: text)
    policies.policy.cache_clear()
    yield
    monkeypatch.undo()
    policies.policy.cache_clear()


def test_who_a_quota_holds_back_is_told_the_day_everywhere(waiting, one_a_day, monkeypatch):
    monkeypatch.setattr("ampera.delivery.queries.case.is_shelf_empty", lambda office: False)
    text = shown(Browser(waiting, DINAS, "kepala").get(f"/antrean/{SU1}/"))
    assert "kartu pertama: 0 dari 1 hari ini" in text
    assert "kuota: 8 September 2017" in text
    assert "kuota: 9 September 2017" in text
    with waiting.offices.at(DINAS):
        found = [request_seen(each) for each in waiting.requests]
        told = [case_of(each).waits for each in found]
        assert told == [tuple(why_it_waits(each.id)) for each in found]
    days = [wait.facts.get("day") for (wait,) in told]
    assert days[1:] == ["2017-09-08", "2017-09-09"]
    assert WaitCode.QUOTA_TODAY in {wait.code for (wait,) in told}
    seen = shown(Browser(waiting, DINAS, "loket").get(f"/permohonan/{waiting.requests[1]}/"))
    assert "Kuota cetak hari ini" in seen
