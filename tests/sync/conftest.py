"""A province whose servers have a post but no stations."""

from __future__ import annotations

import pytest

from tests.sync.province import Province


@pytest.fixture
def offices(django_db_blocker):
    # Each server has a database of its own; Django's guard is for the one test database.
    with django_db_blocker.unblock(), Province() as made:
        yield made
