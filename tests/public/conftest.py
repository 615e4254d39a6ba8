"""The small city of the machine interface's tests, seen by somebody without a log-in."""

from __future__ import annotations

import pytest

from ampera.register.models import PublicMiss
from tests.api.city import DINAS, City
from tests.houses import Offices


@pytest.fixture(scope="module")
def whole_city(django_db_blocker):
    with django_db_blocker.unblock(), Offices() as offices:
        yield City(offices)


@pytest.fixture
def city(whole_city):
    """Each test begins with no miss counted."""
    with whole_city.offices.at(DINAS):
        PublicMiss.objects.all().delete()
    return whole_city
