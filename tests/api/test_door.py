"""Who may speak to the machine interface, how a command is known again, and how a no is said."""

from __future__ import annotations

import importlib
import json
import pkgutil
from enum import StrEnum

import pytest
from ninja import Schema

import ampera.api.v1
from ampera.api.v1.interface import v1
from ampera.intake.models import CardRequest
from ampera.journal.models import EntryRow
from ampera.words import SystemIds
from tests.api.city import DINAS, IT2, JAKABARING, NEW_PAPERS, PUSAT, SU1, key


def taking(person, **changes):
    return {"nik": person.nik, "reason": "NEW", "papers": NEW_PAPERS, **changes}


def looks_at(resident):
    rows = EntryRow.objects.filter(kind="look.recorded/1", subject=resident)
    return [json.loads(row.facts)["purpose"] for row in rows]


def test_without_a_token_nobody_is_served(city):
    reply = city.raw(SU1, "loket", "GET", "health", headers={"Authorization": ""})
    assert reply.status_code == 401
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert reply.json()["code"] == "api.no_token"


def test_a_token_of_another_office_is_none_here(city):
    headers = {"Authorization": f"Bearer {city.tokens[IT2, 'loket']}"}
    assert city.raw(IT2, "loket", "GET", "health").status_code == 200
    assert city.raw(SU1, "loket", "GET", "health", headers=headers).status_code == 401


def test_a_problem_says_what_is_the_matter_and_what_to_do_in_the_callers_language(city):
    body = {"cards": 1}
    headers = {"Idempotency-Key": key()}
    reply = city.raw(SU1, "loket", "POST", "runs", body=body, headers=headers)
    told = reply.json()
    assert reply.status_code == told["status"] == 403
    assert told["type"] == "urn:ampera:refusal:officer.may_not"
    assert set(told) == {"type", "title", "status", "detail", "code", "next", "facts"}
    assert "Akun Anda" in told["detail"]
    headers |= {"Accept-Language": "en-GB,en;q=0.9"}
    told = city.raw(SU1, "loket", "POST", "runs", body=body, headers=headers).json()
    assert "Your account" in told["detail"]
    assert told["next"].startswith("Ask an officer")


@pytest.mark.parametrize(
    ("given", "code"),
    [("", "api.no_idempotency_key"), ("short", "api.key_form"), ("k" * 201, "api.key_form")],
)
def test_every_post_needs_a_key(city, given, code):
    headers = {"Idempotency-Key": given} if given else {}
    for path in ("requests", "residents/look-up"):
        body = taking(city.people(SU1)[0]) if path == "requests" else {"nik": "1"}
        reply = city.raw(SU1, "loket", "POST", path, body=body, headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (400, code)


def test_the_same_key_and_content_get_the_same_answer(city):
    person, again = city.person(), key()
    first = city.post(SU1, "loket", "requests", key_=again, **taking(person))
    assert city.post(SU1, "loket", "requests", key_=again, **taking(person)) == first
    with city.offices.at(SU1):
        assert CardRequest.objects.filter(pk=first["request"]).count() == 1


def test_the_same_key_with_another_content_is_refused(city):
    one, other, again = city.person(), city.person(), key()
    first = city.post(SU1, "loket", "requests", key_=again, **taking(one))
    for body in (taking(other), taking(one, papers=[*NEW_PAPERS, "event_proof"])):
        told = city.post(SU1, "loket", "requests", key_=again, **body)
        assert (told["status"], told["code"]) == (409, "command.id_reused")
    complete = f"requests/{first['request']}/complete"
    assert city.post(SU1, "loket", complete, key_=again)["code"] == "command.id_reused"


def test_a_key_is_one_officers_own_unless_it_is_a_command_id(city):
    person, shared = city.person(), key()
    city.post(SU1, "loket", "requests", key_=shared, **taking(person))
    other = city.person()
    at_dinas = city.post(DINAS, "loket", "requests", key_=shared, **taking(other))
    assert "request" in at_dinas
    command = SystemIds().new("cmd")
    first = city.post(SU1, "loket", "requests", key_=command, **taking(city.person()))
    assert "request" in first
    told = city.post(
        SU1, "cetak", "residents/look-up", key_=command, nik=person.nik, purpose="printing"
    )
    assert told["code"] == "command.id_reused"
    with city.offices.at(SU1):
        assert EntryRow.objects.filter(command_id=command).exists()


def test_a_refused_command_may_be_given_again_under_the_same_key(city):
    person, again = city.person(), key()
    no = city.post(SU1, "loket", "requests", key_=again, **taking(person, papers=["form"]))
    assert (no["status"], no["code"]) == (422, "intake.paper_missing")
    assert "request" in city.post(SU1, "loket", "requests", key_=again, **taking(person))


@pytest.mark.parametrize(
    ("login", "path", "body"),
    [
        ("cetak", "requests", {"nik": "1", "reason": "NEW", "papers": []}),
        ("blanko", "residents/look-up", {"nik": "1"}),
        ("loket", "runs", {"cards": 1}),
        ("loket", "cards/crd_x/check", {"result": "READY"}),
        ("cetak", "cards/crd_x/hand-over", {}),
        ("cetak", "blanko/boxes/x/open", {}),
        ("kepala", "requests/req_x/confirm", {}),
        ("cetak", "requests/req_x/recording", {"sample": True}),
    ],
)
def test_rights_are_those_of_the_pages(city, login, path, body):
    assert city.post(SU1, login, path, **body)["code"] == "officer.may_not"


def test_a_look_up_by_nik_is_recorded_and_stands_in_no_address(city):
    person = city.person()
    seen = city.post(SU1, "loket", "residents/look-up", nik=person.nik, purpose="handover")
    assert seen["name"] == person.name
    assert seen["kecamatan"] == SU1
    assert person.nik not in json.dumps(seen)
    with city.offices.at(SU1):
        assert looks_at(seen["resident"]) == ["handover"]
    assert not [path for path in v1.get_openapi_schema()["paths"] if "nik" in path]


def test_no_two_shapes_of_the_interface_have_one_name():
    # The description names shapes by their class: the second of a name stands for the first.
    defined: dict[str, set[str]] = {}
    for each in pkgutil.iter_modules(ampera.api.v1.__path__, "ampera.api.v1."):
        for name, shape in vars(importlib.import_module(each.name)).items():
            is_shape = isinstance(shape, type) and issubclass(shape, (Schema, StrEnum))
            if is_shape and shape.__module__ == each.name:
                defined.setdefault(name, set()).add(each.name)
    assert {name: files for name, files in defined.items() if len(files) > 1} == {}


def test_a_key_of_a_look_up_is_bound_to_its_number(city):
    one, other, again = city.person(), city.person(), key()
    first = city.post(SU1, "loket", "residents/look-up", key_=again, nik=one.nik)
    assert city.post(SU1, "loket", "residents/look-up", key_=again, nik=one.nik) == first
    told = city.post(SU1, "loket", "residents/look-up", key_=again, nik=other.nik)
    assert told["code"] == "command.id_reused"


def test_not_there_and_not_yours_get_the_same_answer(city):
    elsewhere = city.person(IT2)
    told = city.post(SU1, "loket", "residents/look-up", nik=elsewhere.nik)
    unknown = city.post(SU1, "loket", "residents/look-up", nik="9901010101019999")
    assert told == unknown
    assert told["code"] == "register.not_here"
    hosted = city.post(SU1, "loket", "residents/look-up", nik=city.person(JAKABARING).nik)
    assert (hosted["kecamatan"], hosted["served_by"]) == (JAKABARING, SU1)


def test_what_does_not_fit_is_told_without_saying_it_back(city):
    nik = city.people(SU1)[0].nik
    for body, where in (
        ({"nik": nik}, "reason"),
        ({**taking(city.people(SU1)[0]), "colour": nik}, "colour"),
    ):
        told = city.post(SU1, "loket", "requests", **body)
        assert (told["status"], told["code"]) == (422, "api.body_invalid")
        assert where in told["detail"]
        assert told["errors"]
        assert nik not in json.dumps(told)


def test_what_is_no_json_is_a_bad_request(city):
    headers = {"Idempotency-Key": key()}
    reply = city.raw(SU1, "loket", "POST", "requests", data="{", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (400, "api.bad_request")


def test_what_is_not_here_is_not_found(city):
    for path in ("verdicts/enr_unknown", "blanko/accounts?office=x"):
        told = city.raw(PUSAT, "kepala", "GET", path).json()
        assert (told["status"], told["code"]) == (404, "api.not_found")


def test_answers_are_kept_by_nobody_on_the_way(city):
    for path in ("health", "requests", "requests/req_unknown"):
        reply = city.raw(SU1, "loket", "GET", path)
        assert reply.headers["Cache-Control"] == "no-store"


def test_the_description_says_what_holds_for_every_endpoint(city):
    reply = city.raw(SU1, "", "GET", "openapi.json")
    assert reply.status_code == 200
    told = reply.json()
    posts = [methods["post"] for methods in told["paths"].values() if "post" in methods]
    assert len(posts) > 15
    for operation in posts:
        names = [each["name"] for each in operation["parameters"] if each["in"] == "header"]
        assert names == ["Idempotency-Key"]
        assert list(operation["responses"]["409"]["content"]) == ["application/problem+json"]
        assert operation["security"]
    assert city.raw(SU1, "loket", "GET", "docs").status_code == 404
