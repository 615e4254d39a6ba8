"""Servers for station tests: the real code, each on its own in-memory database."""

from __future__ import annotations

from datetime import date

import pytest

from ampera.enrolment.ports.simulated import open_simulated_rooms
from ampera.intake import actions as intake_actions
from ampera.readiness.rules import policy as policies
from ampera.readiness.rules.policy import policy
from ampera.register.actions import (
    describe_palembang,
    import_residents,
    load_wilayah,
    set_password,
)
from ampera.words import WilayahCode
from tests.houses import Offices
from tests.rules.test_register_export import an_export
from tests.stations.printing_desk import Desk
from tests.stations.readiness_line import DINAS, HOSTED, KEC, OPENING, OTHER, PUSAT, Line
from tests.stations.register_people import CITY, PASSWORD, People, grant


@pytest.fixture
def offices(django_db_blocker):
    """A small province whose servers a test can act in: `with offices.at("16.71.02"): …`."""
    # Each server has a database of its own, so Django's guard of the one test database is in the
    # way.
    with django_db_blocker.unblock(), Offices() as made:
        yield made


@pytest.fixture
def rooms(offices, monkeypatch):
    """Where sealed packets lie at each office. No register: NIKs are confirmed before, or by
    nobody."""
    monkeypatch.setattr(intake_actions, "agrees_with_register", lambda *_, **__: None)
    return open_simulated_rooms((PUSAT, DINAS, KEC, OTHER))


@pytest.fixture
def desk(offices):
    """A kecamatan with blanks, permits and one simulated printer."""
    return Desk(offices)


@pytest.fixture
def line(offices):
    """Seberang Ulu I prints from today and hosts Jakabaring, Ilir Timur II from Monday on."""
    made = Line(offices)
    made.describe(DINAS, date(2014, 12, 1))
    made.describe(KEC, OPENING)
    made.describe(OTHER, date(2017, 9, 11))
    made.describe(HOSTED, None, host=KEC)
    return made


@pytest.fixture
def su1(offices):
    """Acting at Seberang Ulu I, where Sari and Rina have rights and passwords."""
    with offices.at("16.71"):
        sari = grant()["officer"]
        rina = grant(login="kepala", name="Rina", roles=["kepala"])["officer"]
    offices.post()
    with offices.at("16.71.02") as house:
        for each in (sari, rina):
            assert set_password(each, password=PASSWORD) is None
        yield People(house, sari, rina)


@pytest.fixture
def dinas(offices):
    """Acting at the dinas, with wilayah and offices of the city."""
    with offices.at("16.71") as house:
        load_wilayah(within=WilayahCode("16.71"))
        describe_palembang()
        yield house


@pytest.fixture
def city(dinas):
    """The same with seven residents."""
    result = import_residents(an_export(*CITY))
    assert (result.taken, result.refused) == (7, 0), result.examples
    return dinas


@pytest.fixture
def quotas(monkeypatch):
    """The policy of this release with other quotas from its first day on."""

    def put(*rows):
        text = policies.policy_text().replace("limits = []", f"limits = [{', '.join(rows)}]")
        monkeypatch.setattr(policies, "policy_text", lambda: text)
        policy.cache_clear()

    yield put
    monkeypatch.undo()
    policy.cache_clear()
