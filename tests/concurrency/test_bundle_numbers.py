"""Bundles of one office never bear the same number (PostgreSQL)."""

from __future__ import annotations

from ampera.delivery.actions import bundles, seal_bundle
from ampera.delivery.models import Bundle
from ampera.journal.actions import Command
from tests.concurrency.racing import Meeting, acting_as, race
from tests.stations.bundle_desk import KELURAHAN, ready
from tests.stations.printing_desk import DINAS, SARI, count_in, grant_here


def test_two_bundles_sealed_at_one_moment_bear_two_numbers(postgres_database, monkeypatch):
    def seal(number: int):
        command = Command(f"cmd_window_{number}", SARI)
        return lambda: seal_bundle(command, kelurahan=KELURAHAN, cards=[f"crd_{number}"])

    with acting_as(DINAS):
        for number in (1, 2):
            grant_here(number, office=DINAS)
        count_in(2)
        for number in (1, 2):
            ready(number)
        monkeypatch.setattr(bundles, "local_day", Meeting().after(bundles.local_day))
        said = race(seal(1), seal(2))
        assert len({each["number"] for each in said}) == 2, said
        assert Bundle.objects.count() == 2
