"""A dinas put back from a backup: what it granted in its lost tail lies with its children."""

from __future__ import annotations

import re

import pytest

from ampera.journal.incarnations import register_incarnation
from ampera.journal.marks import note_met, note_shown
from ampera.journal.queries import chains
from ampera.journal.receiving import Place
from ampera.readiness.queries import open_permits
from ampera.words import OfficeCode
from tests.api.city import DINAS, IT2, PUSAT, SU1, City
from tests.tiers.running import RunningCity, wait_until
from tests.tiers.test_backup_line import (
    Officer,
    finished_cards,
    lose_power,
    rejoin,
    restore,
    run,
    run_verify,
    work,
)

COUNT = "/pemulihan/hitung/"


@pytest.fixture
def city(offices) -> City:
    return City(offices)


def test_a_dinas_put_back_without_its_second_log_counts_and_goes_on(data, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    with RunningCity(data) as city:
        city.wait_until_up()
        work(city, "permit", "0")
        run("backup", city.data / DINAS, "--to", stick)
        assert work(city, "print") == {"serials": ["DC00002001"]}
        work(city, "permit", "1")
        lose_power(city, at=DINAS)
        (city.data / f"{DINAS}-second" / "second.log").unlink()
        restore(city, stick, at=DINAS)
        done = rejoin(city, at=DINAS, above=PUSAT)
        assert (done["is_whole"], done["incarnation"]) == (False, 2)
        assert done["from_above"] > 0, "what it had sent to the pusat comes back"
        officer = Officer(city, "blanko", at=DINAS)
        sealed = re.findall(r'name="sealed" value="([^"]+)"', officer.get(COUNT))
        told = officer.count(whole="DC00900001 - DC00900250", spoiled="", cards="", sealed=sealed)
        assert "Karantina berakhir. Tidak ditemukan: 0;" in told
        # The permit of the lost afternoon is printed once; then new ones are granted again.
        assert work(city, "print") == {"serials": ["DC00002002"]}
        work(city, "permit", "2")
        assert work(city, "print") == {"serials": ["DC00002003"]}
        assert finished_cards(city) == 3
        wait_until(lambda: run_verify(city) == 0, seconds_max=100)


def test_a_restored_dinas_grants_nothing_before_each_child_has_shown_what_it_holds(city):
    house = city.offices._houses[DINAS]
    for code in city.offices._houses:
        with city.offices.at(code):
            register_incarnation(house.code, number=2, public_key=house.key.public_hex)
    house.incarnation = 2
    city.ready_record(city.person())

    def granted() -> int:
        city.turn(1)
        with city.offices.at(SU1):
            return len(open_permits(SU1))

    assert granted() == 0
    with city.offices.at(DINAS):
        note_met(OfficeCode(SU1))
    assert granted() == 0, "the other one is silent: what it may hold stays as if granted"
    with city.offices.at(DINAS):
        (down,) = (
            each for each in chains() if each.is_own and str(each.name) == f"{DINAS}/to/{IT2}@1"
        )
        note_met(OfficeCode(IT2))
        # It holds one entry more of the old life than came back here.
        note_shown(OfficeCode(IT2), places={down.name: Place(down.seq + 1, "f" * 64)})
    assert granted() == 0, "it was heard, and what it holds has not come back yet"


def test_it_grants_again_once_all_were_heard(city):
    house = city.offices._houses[DINAS]
    for code in city.offices._houses:
        with city.offices.at(code):
            register_incarnation(house.code, number=2, public_key=house.key.public_hex)
    house.incarnation = 2
    with city.offices.at(DINAS):
        for child in (SU1, IT2):
            note_met(OfficeCode(child))
    city.ready_record(city.person())
    city.turn(1)
    with city.offices.at(SU1):
        assert len(open_permits(SU1)) == 1
