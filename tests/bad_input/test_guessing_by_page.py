"""Guesses at the public page itself, from a thousand addresses: nobody learns anything.

The ceilings count what is asked, never who asks: an address is changed as easily as a guess.
"""

from __future__ import annotations

import statistics
import time
from itertools import islice
from urllib.parse import urlencode

import pytest
from django.test import Client

from ampera.register.models import PublicMiss
from ampera.register.queries import public
from tests.api.city import DINAS, IT2, SU1
from tests.bad_input.full import disk_full
from tests.public.test_guessing import guesses, wall

__all__ = ["wall"]

#: Ten thousand are tried in tests/public; each costs a whole page here.
GUESSES = 1_000
#: One answer may take that many times as long as the other before somebody could tell by it.
TIMES_APART_MAX = 1.5


@pytest.fixture
def quiet(city):
    """No miss is counted yet."""
    with city.offices.at(DINAS):
        PublicMiss.objects.all().delete()
    return city


def ask(client: Client, nik: str, kk: str, **more: str):  # positional: as a person types
    form = urlencode({"nik": nik, "kk": kk, "bahasa": "id"})
    kind = "application/x-www-form-urlencoded"
    return client.post("/status/", form, content_type=kind, **more)


def address(number: int) -> dict[str, str]:
    """Another visitor each time, by whatever name a proxy would give them."""
    text = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
    return {"REMOTE_ADDR": text, "HTTP_X_FORWARDED_FOR": text, "HTTP_X_REAL_IP": text}


def test_a_thousand_guesses_from_as_many_addresses_are_stopped(quiet, wall):
    right = quiet.people(SU1)[0]
    with quiet.offices.at(DINAS):
        client, statuses = Client(), []
        for number, nik in enumerate(islice(guesses(), GUESSES)):
            page = ask(client, nik, f"1671020101{number % 900_000 + 1:06d}", **address(number))
            statuses.append(page.status_code)
        judged = statuses.count(200)
        assert judged == public.PREFIX_MISSES_AN_HOUR
        assert statuses[judged:] == [429] * (GUESSES - judged)
        last = ask(client, right.nik, right.no_kk, **address(GUESSES))
        assert last.status_code == 429, "whoever is right is not told during the attack"
        assert last.content == page.content


def test_unknown_and_wrong_get_the_same_bytes_and_headers(quiet, wall):
    person = quiet.people(SU1)[0]
    with quiet.offices.at(DINAS):
        client = Client()
        first = ask(client, "1671020101900007", "1671020101000001")
        pages = [
            ask(client, "1671020202900007", "1671020101000002", **address(1)),
            ask(client, person.nik, "1671020101000003", **address(2)),
            ask(client, person.nik, quiet.people(IT2)[0].no_kk, **address(3)),
        ]
    assert {page.content for page in pages} == {first.content}
    assert {page.status_code for page in pages} == {200}
    assert {tuple(sorted(page.headers.items())) for page in pages} == {
        tuple(sorted(first.headers.items()))
    }


def test_unknown_and_wrong_take_the_same_time(quiet, wall, monkeypatch):
    for name in ("NIK_MISSES_A_DAY", "PREFIX_MISSES_AN_HOUR", "SERVICE_MISSES_AN_HOUR"):
        monkeypatch.setattr(public, name, 1_000_000)
    person = quiet.people(SU1)[0]
    took: dict[str, list[float]] = {"unknown": [], "wrong": []}
    with quiet.offices.at(DINAS):
        client = Client()
        for number in range(60):
            kk = f"1671020101{number + 1:06d}"
            for name, nik in (("unknown", "1671020202900007"), ("wrong", person.nik)):
                began = time.perf_counter()
                assert ask(client, nik, kk).status_code == 200
                took[name].append(time.perf_counter() - began)
    # The quickest tenth: whoever measures waits for a quiet moment, and a busy machine adds noise.
    unknown, wrong = (statistics.quantiles(took[name], n=10)[0] for name in ("unknown", "wrong"))
    assert max(unknown, wrong) / min(unknown, wrong) < TIMES_APART_MAX, (unknown, wrong)


def test_a_full_disk_lets_nobody_guess_uncounted(quiet, wall):
    """What cannot be counted is not answered: else a full disk would lift every ceiling."""
    right = quiet.people(SU1)[0]
    with quiet.offices.at(DINAS), disk_full():
        client = Client(raise_request_exception=False)
        # Another place each time, so that no ceiling but the disk's is met.
        numbers = [f"{prefix}0101900001" for prefix in range(160101, 160199)]
        pages = [ask(client, nik, f"{nik[:6]}0101000001") for nik in numbers]
        last = ask(client, right.nik, right.no_kk)
    full = [page for page in pages if page.status_code == 507]
    assert len(full) > len(numbers) / 2
    assert all("Disk server ini penuh" in page.content.decode() for page in full)
    assert last.status_code == 507, "not even whoever is right"
