"""The small city: one for a whole file, whose tests take a resident each; or one for one test."""

from __future__ import annotations

import pytest

from tests.api.city import City
from tests.houses import Offices


@pytest.fixture(scope="module")
def city(django_db_blocker):
    with django_db_blocker.unblock(), Offices() as offices:
        yield City(offices)


@pytest.fixture
def fresh_city(django_db_blocker):
    with django_db_blocker.unblock(), Offices() as offices:
        yield City(offices)
