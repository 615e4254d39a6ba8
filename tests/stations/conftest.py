"""Servers for station tests: the real code, each on its own in-memory database."""

from __future__ import annotations

import pytest

from tests.houses import Offices


@pytest.fixture
def offices(django_db_blocker):
    """A small province whose servers a test can act in: `with offices.at("16.71.02"): …`."""
    # Each server has a database of its own, so Django's guard of the one test database is in the
    # way.
    with django_db_blocker.unblock(), Offices() as made:
        yield made
