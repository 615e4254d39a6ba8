"""The small city of the machine interface's tests, looked at through pages."""

from __future__ import annotations

import pytest

from ampera.screens.ports import ScreenPorts, open_ports
from tests.api.city import City
from tests.houses import Offices
from tests.screens.browser import Browser, open_screen_ports


@pytest.fixture(scope="module")
def city(django_db_blocker):
    """One city for a file: its tests take a resident each."""
    with django_db_blocker.unblock(), Offices() as offices:
        yield City(offices)


@pytest.fixture
def fresh_city(django_db_blocker):
    """A city for one test that counts."""
    with django_db_blocker.unblock(), Offices() as offices:
        yield City(offices)


@pytest.fixture(autouse=True)
def screen_ports():
    open_screen_ports()
    yield
    open_ports(ScreenPorts())


@pytest.fixture
def officer(city):
    """A browser at an office of the shared city, signed in."""
    return lambda code, login: Browser(city, code, login)
