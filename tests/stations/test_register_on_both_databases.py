"""The register keeps its promises on SQLite and on PostgreSQL; races are judged on the latter."""

from __future__ import annotations

import threading
from random import Random

import pytest
from django.db import connection

from ampera.journal.house import House, acting_in, open_house
from ampera.journal.keys import ServerKey
from ampera.journal.second_log import MemorySecondLog
from ampera.register.actions import (
    describe_palembang,
    import_residents,
    load_wilayah,
    publish_snapshots,
)
from ampera.register.models import Resident, SignInMiss
from ampera.register.queries import (
    search_wilayah,
    sign_in,
    snapshot_for,
    snapshot_hash_for,
)
from ampera.register.rules.snapshot import hash_of, unpack
from ampera.tiers.wiring import make_registry
from ampera.words import FixedClock, OfficeCode, SeededIds, WilayahCode
from tests.houses import START
from tests.rules.test_register_export import a_line, an_export

SU1 = OfficeCode("16.71.02")


def a_dinas():
    clock = FixedClock(START)
    return House(
        code=OfficeCode("16.71"),
        incarnation=1,
        key=ServerKey.from_seed(b"x" * 32),
        clock=clock,
        ids=SeededIds(clock, Random(1)),
        registry=make_registry(),
        second_log=MemorySecondLog(),
        is_demo=True,
    )


@pytest.fixture
def dinas(django_database):
    with acting_in(a_dinas()):
        yield django_database


def test_the_same_search_import_and_copy_on_both(dinas):
    load_wilayah(within=WilayahCode("16.71"))
    describe_palembang()
    assert search_wilayah("SEBERANG ULU i")[0].name == "Seberang Ulu I"
    lines = [a_line(NIK=f"990101070990{9000 + number}") for number in range(30)]
    assert import_residents(an_export(*lines)).taken == 30
    ids = dict(Resident.objects.values_list("nik", "id"))
    assert import_residents(an_export(*lines)).taken == 30
    assert dict(Resident.objects.values_list("nik", "id")) == ids
    while publish_snapshots():
        pass
    content = snapshot_for(SU1)
    assert snapshot_hash_for(SU1) == hash_of(content)
    assert [each["nik"] for each in unpack(content)[1]] == sorted(ids)


@pytest.mark.postgres
def test_many_tries_at_once_are_all_counted(postgres_database):
    house = a_dinas()
    answers = []

    def try_once():
        open_house(house)
        try:
            answers.append(sign_in("siapa", "salah", wall=FixedClock(START)).code)
        finally:
            connection.close()

    with acting_in(house):
        windows = [threading.Thread(target=try_once) for _ in range(12)]
        for window in windows:
            window.start()
        for window in windows:
            window.join()
        judged = answers.count("officer.unknown")
        assert len(answers) == 12
        assert 1 <= judged <= 5
        assert SignInMiss.objects.get().misses == judged
