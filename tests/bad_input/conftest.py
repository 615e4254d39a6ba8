"""The small city of the page and machine tests, looked at through both doors."""

from __future__ import annotations

import pytest

from tests.api.city import City
from tests.contracts.conftest import line
from tests.houses import Offices
from tests.screens.conftest import city, fresh_city, officer, screen_ports
from tests.tiers.conftest import built_city, data

__all__ = ["built_city", "city", "data", "fresh_city", "line", "officer", "screen_ports"]


@pytest.fixture
def offices(django_db_blocker):
    """A small province in this process."""
    with django_db_blocker.unblock(), Offices() as made:
        yield made


@pytest.fixture
def counted(city: City):
    """How many entries and rows of the stations an office has: what nothing may be learned in."""
    from django.apps import apps

    def count(code: str) -> dict[str, int]:
        with city.offices.at(code):
            return {
                model._meta.label: model.objects.count()
                for model in apps.get_models()
                if model._meta.app_label not in ("sessions", "contenttypes")
            }

    return count
