"""A province whose registry knows two kinds of its own, projected into the journal's small
marks."""

from __future__ import annotations

import pytest

from ampera.journal.entry import ChainType, Entry
from ampera.journal.models import Mark
from ampera.journal.registry import Row
from ampera.words import Tier
from tests.houses import Offices

#: Subjects whose projection fails, until a test takes them out: a release with a fault, then its
#: cure.
FAILING: set[str] = set()


def noted(entry: Entry) -> None:
    if entry.subject in FAILING:
        raise ValueError("a projection with a fault")
    # The set of facts decides: the larger text wins, whatever came first.
    known = Mark.objects.filter(pk=entry.subject).values_list("value", flat=True).first()
    value = max(known or "", entry.facts["text"])
    Mark.objects.update_or_create(pk=entry.subject, defaults={"value": value})


@pytest.fixture
def offices(django_db_blocker):
    FAILING.clear()
    # Each server has a database of its own, so Django's guard of the one test database is in the
    # way.
    with django_db_blocker.unblock(), Offices() as made:
        registry = made.registry
        registry.add_rows(
            [
                Row("test.noted/1", Tier.KECAMATAN, ChainType.UP, "KDP"),
                Row("test.noted/1", Tier.DINAS, ChainType.UP, "DP"),
                Row("test.told/1", Tier.PUSAT, ChainType.DOWN, "PD"),
                Row("test.told/1", Tier.DINAS, ChainType.DOWN, "K", retelling=True),
            ]
        )
        registry.add_projections({"test.noted/1": noted, "test.told/1": noted})
        registry.projected_tables.append(("journal", "mark"))
        yield made
    FAILING.clear()
