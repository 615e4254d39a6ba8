"""What every answer carries, whichever page it is."""

from __future__ import annotations

import logging
import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from ampera.journal.marks import put_mark
from ampera.tiers.middleware import POLICY
from ampera.tiers.opening import CODE_MARK
from tests.houses import Offices


def _break(request):
    raise RuntimeError("NIK 1671020101909001 is in the way")


def _fine(_):
    return HttpResponse("fine")


def _long(_):
    return HttpResponse("long " * 1000)


def _breaking_layer(_):
    def answer(request):
        raise RuntimeError("a layer is broken")

    return answer


urlpatterns = [
    path("break/<str:nik>", _break),
    path("fine", _fine),
    path("long", _long),
    path("post/long", _long),
]
handler500 = "ampera.tiers.faults.broken"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@override_settings(ROOT_URLCONF=__name__)
def test_nothing_inline_and_nothing_from_elsewhere(client):
    reply = client.get("/fine")
    assert reply.headers["Content-Security-Policy"] == POLICY
    assert "'unsafe" not in POLICY
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@override_settings(ROOT_URLCONF=__name__)
def test_a_defect_is_told_as_a_number_and_logged_once_under_it(client, caplog):
    with caplog.at_level(logging.WARNING):
        reply = client.get("/break/1671020101909001")
    assert reply.status_code == 500
    number = re.search(r"number ([0-9A-F]{6})", reply.content.decode())[1]
    told = [each for each in caplog.records if each.name == "ampera.faults"]
    assert len(told) == 1
    assert number in told[0].getMessage()
    assert "1671020101909001" not in told[0].getMessage()
    assert "RuntimeError" not in reply.content.decode()


def test_what_breaks_before_a_page_is_found_is_logged_under_its_number_too(client, caplog):
    layers = [*settings.MIDDLEWARE, f"{__name__}._breaking_layer"]
    with (
        override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=layers),
        caplog.at_level(logging.WARNING),
    ):
        reply = client.get("/fine")
    assert reply.status_code == 500
    number = re.search(r"number ([0-9A-F]{6})", reply.content.decode())[1]
    (told,) = (each for each in caplog.records if each.name == "ampera.faults")
    assert number in told.getMessage()
    assert told.exc_info[0] is RuntimeError


@override_settings(ROOT_URLCONF=__name__)
def test_a_machine_gets_the_number_as_a_problem(client):
    reply = client.get("/break/x", headers={"accept": "application/json"})
    assert reply.status_code == 500
    assert reply.json()["status"] == 500
    assert re.fullmatch("[0-9A-F]{6}", reply.json()["fault"])


@override_settings(ROOT_URLCONF=__name__)
def test_pages_are_squeezed_and_the_post_is_left_as_it_is(client):
    wants = {"accept-encoding": "gzip"}
    assert client.get("/long", headers=wants).headers.get("Content-Encoding") == "gzip"
    assert "Content-Encoding" not in client.get("/post/long", headers=wants).headers


def test_cookies_are_named_after_their_server():
    assert f"ampera_{settings.OFFICE}_session" == settings.SESSION_COOKIE_NAME
    assert f"ampera_{settings.OFFICE}_csrf" == settings.CSRF_COOKIE_NAME
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_health_says_who_this_is(offices: Offices, client):
    with offices.at("16.71.02"):
        put_mark(CODE_MARK, value="16.71.02")
        told = client.get("/healthz").json()
    assert (told["code"], told["tier"], told["ok"]) == ("16.71.02", "kecamatan", True)
    assert told["link"] == {"is_up": False, "error": ""}


def test_health_is_not_well_on_another_servers_database(offices: Offices, client):
    with offices.at("16.71.02"):
        put_mark(CODE_MARK, value="16.71")
        assert client.get("/healthz").json()["ok"] is False


def test_the_pusat_has_no_link(offices: Offices, client):
    with offices.at("00"):
        assert client.get("/healthz").json()["link"] is None
