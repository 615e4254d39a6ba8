"""A sign-in tells a stranger nothing, and misses cost time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.register.actions import (
    make_token,
    set_password,
)
from ampera.register.models import Credential, SignInMiss
from ampera.register.queries import (
    officer_by_token,
    officer_name,
    officers_of,
    passwords,
    second_person,
    sign_in,
)
from ampera.register.queries import officers as officers_queries
from ampera.words import FixedClock, Refusal
from tests.houses import START
from tests.stations.register_people import DINAS, PASSWORD, SU1, UNKNOWN, grant

# --- signing in ---------------------------------------------------------------------------------


def test_the_right_password_opens_and_nothing_else_does(su1):
    assert sign_in("loket", PASSWORD).id == su1.sari
    assert sign_in("loket", PASSWORD + "x") == UNKNOWN
    assert sign_in("siapa", PASSWORD) == UNKNOWN
    assert sign_in("", "") == UNKNOWN


def test_unknown_login_and_wrong_password_cost_the_same_work(su1, monkeypatch):
    done = []
    real = passwords.ScryptPasswordHasher.verify
    monkeypatch.setattr(
        passwords.ScryptPasswordHasher,
        "verify",
        lambda self, password, encoded: (
            done.append(self.decode(encoded)["parallelism"]) or real(self, password, encoded)
        ),
    )
    sign_in("loket", "salah sekali")
    sign_in("siapa", "salah sekali")
    assert done == [1, 1]


def test_an_officer_without_a_password_cannot_sign_in(offices):
    with offices.at("16.71"):
        grant()
    offices.post()
    with offices.at("16.71.02"):
        assert sign_in("loket", "") == UNKNOWN
        assert sign_in("loket", PASSWORD) == UNKNOWN


@pytest.mark.parametrize("login", ["loket", "siapa"])
def test_after_five_misses_each_try_waits_twice_as_long(su1, login):
    wall = FixedClock(START)
    for _ in range(5):
        assert sign_in(login, "salah", wall=wall) == UNKNOWN
    assert sign_in(login, PASSWORD, wall=wall) == Refusal("officer.wait", seconds=11)
    wall.move(timedelta(seconds=10))
    assert sign_in(login, "salah", wall=wall) == UNKNOWN
    wall.move(timedelta(seconds=19))
    assert sign_in(login, "salah", wall=wall) == Refusal("officer.wait", seconds=2)


def test_the_right_password_after_the_wait_opens_and_forgets_the_misses(su1):
    wall = FixedClock(START)
    for _ in range(5):
        sign_in("loket", "salah", wall=wall)
    wall.move(timedelta(seconds=10))
    assert sign_in("loket", PASSWORD, wall=wall).id == su1.sari
    assert not SignInMiss.objects.exists()


def test_misses_of_one_login_do_not_hold_up_another(su1):
    wall = FixedClock(START)
    for _ in range(6):
        sign_in("loket", "salah", wall=wall)
    assert sign_in("kepala", PASSWORD, wall=wall).id == su1.rina


def test_misses_are_forgotten_after_a_day(su1):
    wall = FixedClock(START)
    for _ in range(6):
        sign_in("loket", "salah", wall=wall)
    wall.move(timedelta(days=1, seconds=1))
    sign_in("kepala", "salah", wall=wall)
    assert [row.login for row in SignInMiss.objects.all()] == ["16.71.02/kepala"]


def test_of_two_tries_in_one_moment_the_second_waits(su1, monkeypatch):
    wall = FixedClock(START)
    sign_in("loket", "salah", wall=wall)
    real = officers_queries.miss_wait_seconds

    def meanwhile(misses):
        SignInMiss.objects.update(misses=misses + 1)  # another window was counted just now
        return real(misses)

    monkeypatch.setattr(officers_queries, "miss_wait_seconds", meanwhile)
    assert sign_in("loket", PASSWORD, wall=wall) == Refusal("officer.wait", seconds=1)


def test_a_password_is_kept_as_a_hash_and_an_earlier_one_stops(su1):
    kept = Credential.objects.get(pk=su1.sari).password
    assert kept.startswith("scrypt$16384$")
    assert PASSWORD not in kept
    set_password(su1.sari, password="kata sandi baru")
    assert sign_in("loket", PASSWORD) == UNKNOWN
    assert sign_in("loket", "kata sandi baru").id == su1.sari


def test_a_production_server_stirs_longer(su1):
    su1.house.is_demo = False
    set_password(su1.sari, password=PASSWORD)
    assert "$8$5$" in Credential.objects.get(pk=su1.sari).password
    assert sign_in("loket", PASSWORD).id == su1.sari


def test_a_password_needs_length_and_an_officer_of_this_office(su1, offices):
    assert set_password(su1.sari, password="pendek") == Refusal("officer.password_short", length=10)
    assert set_password("off_nobody", password=PASSWORD) == Refusal("officer.not_here")
    assert make_token("off_nobody") == Refusal("officer.not_here")


def test_a_dinas_keeps_no_password_of_a_kecamatan(offices):
    with offices.at("16.71"):
        sari = grant()["officer"]
        assert set_password(sari, password=PASSWORD) == Refusal("officer.not_here")


def test_a_token_is_its_officer_until_a_new_one_is_made(su1):
    token = make_token(su1.sari)
    assert officer_by_token(token).id == su1.sari
    assert not Credential.objects.filter(token=token).exists()
    newer = make_token(su1.sari)
    assert officer_by_token(token) is None
    assert officer_by_token(newer).id == su1.sari
    assert sign_in("loket", PASSWORD).id == su1.sari
    assert officer_by_token("") is None


def test_a_token_ends_with_the_rights(su1, offices):
    token = make_token(su1.sari)
    offices.clock.move(timedelta(days=85))
    assert officer_by_token(token) is None


# --- two persons --------------------------------------------------------------------------------


def test_the_second_person_is_somebody_else_with_their_own_password(su1):
    second = second_person(su1.sari, "kepala", PASSWORD, office=SU1)
    assert second.id == su1.rina
    refused = second_person(su1.sari, "loket", PASSWORD, office=SU1)
    assert refused == Refusal("officer.same_person")
    assert second_person(su1.sari, "kepala", "salah", office=SU1) == UNKNOWN


def test_two_accounts_of_one_person_are_one_person(offices):
    with offices.at("16.71"):
        one = grant(nik="9901010709909001")["officer"]
        two = grant(login="sari2", nik="9901010709909001")["officer"]
    offices.post()
    with offices.at("16.71.02"):
        set_password(two, password=PASSWORD)
        refused = second_person(one, "sari2", PASSWORD, office=SU1)
    assert refused == Refusal("officer.same_person")


def test_the_officers_of_an_office_are_listed(su1):
    listed = officers_of(SU1)
    assert [(each.login, each.is_in_force) for each in listed] == [
        ("kepala", True),
        ("loket", True),
    ]
    assert officers_of(DINAS) == []
    assert officer_name("off_nobody") == "off_nobody"
