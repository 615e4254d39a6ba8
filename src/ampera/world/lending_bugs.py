"""Bugs planted in printing that is lent: its end is not heeded, or two offices get one permit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.apps import apps

from ampera.readiness.actions import permits
from ampera.readiness.projection import refreshing
from ampera.readiness.queries import lending
from ampera.readiness.rules.states import CardFacts
from ampera.world.swapping import Planted, Unguarded, swapped


def lent_beyond_its_end() -> Planted:
    """What was lent once stays lent, whatever its last day was and whoever ended it."""

    def for_ever(day: date) -> Any:
        return lending._told().filter(since__lte=day.isoformat())

    return swapped(lending, "_in_force", for_ever)


@contextmanager
def lent_permit_unseen() -> Iterator[None]:
    """A request waits on while its card is granted at another office, so that it is granted again.

    The guard behind it, a unique key on the resident, is off, too.
    """
    honest = refreshing._refresh_requests

    def blind(resident: str, cards: Sequence[Any], facts: Mapping[str, CardFacts]) -> None:
        rows = apps.get_model("readiness.Permit").objects.filter(resident=resident)
        lent = set(rows.exclude(lending="").values_list("card", flat=True))
        honest(resident, [each for each in cards if each.card not in lent], dict(facts))

    with (
        swapped(refreshing, "_refresh_requests", blind),
        swapped(permits, "OneLiveCard", SimpleNamespace(objects=Unguarded())),
    ):
        yield
