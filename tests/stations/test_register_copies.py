"""A kecamatan's copy of the register: made at the dinas, loaded whole or not at all."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

from ampera.register.actions import (
    describe_palembang,
    import_residents,
    load_snapshot,
    load_wilayah,
    publish_snapshots,
)
from ampera.register.models import Resident, Snapshot
from ampera.register.queries import (
    Purpose,
    is_register_loaded,
    loaded_snapshot_hash,
    resident_for,
    snapshot_for,
    snapshot_hash_for,
)
from ampera.register.queries import (
    offices as offices_known,
)
from ampera.register.rules.snapshot import hash_of
from ampera.words import Nik, Refusal, WilayahCode
from tests.rules.test_register_export import a_line, an_export
from tests.stations.register_people import (
    CITY,
    IT2,
    SU1,
    nik,
    officer,
)

# --- the copy of a kecamatan --------------------------------------------------------------------


def names_in(content):
    lines = [json.loads(line) for line in gzip.decompress(content).splitlines()]
    return {line["name"] for line in lines[1:-1]}


def test_a_kecamatan_gets_its_own_and_hosted_residents_of_card_age_and_no_dead(city):
    content = snapshot_for(SU1)
    assert names_in(content) == {"DEWASA", "GENAP ENAM BELAS", "NIKAH MUDA", "WARGA JAKABARING"}
    assert names_in(snapshot_for(IT2)) == set()
    plain = gzip.decompress(content)
    for secret in (b"9901010101609001", b"TONO", b"FISIK", b"ALMARHUM"):
        assert secret not in plain.upper()


def test_a_copy_is_the_same_bytes_until_something_changes(city, offices):
    first = snapshot_for(SU1)
    assert snapshot_for(SU1) == first
    assert snapshot_hash_for(SU1) == hash_of(first)
    offices.clock.move(timedelta(days=1))
    assert names_in(snapshot_for(SU1)) - names_in(first) == {"ENAM BELAS"}
    assert snapshot_hash_for(SU1) != hash_of(first)


def test_copies_are_made_ready_one_a_tick_and_only_for_offices_that_work(city):
    made = 0
    while publish_snapshots():
        made += 1
    assert made == 16
    assert not Snapshot.objects.filter(pk="16.71.17").exists()
    ready = Snapshot.objects.get(pk="16.71.02")
    assert snapshot_for(SU1) == bytes(ready.content)
    assert snapshot_hash_for(SU1) == ready.hash
    import_residents(an_export(a_line(NIK=nik(20), Nama="Baru")))
    assert "BARU" in names_in(snapshot_for(SU1))
    assert publish_snapshots() == 1


def copy_for_su1(offices):
    with offices.at("16.71"):
        load_wilayah(within=WilayahCode("16.71"))
        describe_palembang()
        import_residents(an_export(*CITY))
        return snapshot_for(SU1), {row.nik: row.id for row in Resident.objects.all()}


def test_a_loaded_copy_serves_the_counter(offices):
    content, ids = copy_for_su1(offices)
    with offices.at("16.71.02"):
        load_wilayah(within=WilayahCode("16.71"))
        assert not is_register_loaded()
        assert load_snapshot(content) == 4
        assert is_register_loaded()
        assert loaded_snapshot_hash() == hash_of(content)
        seen = resident_for(officer(SU1.text), Nik(nik(6)), purpose=Purpose.COUNTER)
        assert seen.id == ids[nik(6)]
        assert seen.kecamatan_name == "Jakabaring"
        assert len(offices_known()) == 19
        assert load_snapshot(content) == 4
        assert Resident.objects.count() == 4


def test_who_left_the_copy_goes_unless_a_case_is_open(offices):
    content, ids = copy_for_su1(offices)
    with offices.at("16.71"):
        for number in (1, 6):
            import_residents(an_export(a_line(NIK=nik(number), Status="PINDAH")))
        later = snapshot_for(SU1)
    with offices.at("16.71.02"):
        load_snapshot(content)
        assert load_snapshot(later, keep=[ids[nik(6)]]) == 2
        kept = set(Resident.objects.values_list("nik", flat=True))
    assert nik(6) in kept
    assert nik(1) not in kept


def test_a_register_built_anew_gives_new_ids_and_the_nik_stays_unique(offices):
    content, _ = copy_for_su1(offices)
    with offices.at("16.71"):
        Resident.objects.all().delete()
        import_residents(an_export(*CITY))
        rebuilt = snapshot_for(SU1)
        ids = {row.nik: row.id for row in Resident.objects.all()}
    with offices.at("16.71.02"):
        load_snapshot(content)
        assert load_snapshot(rebuilt) == 4
        assert {row.nik: row.id for row in Resident.objects.all()}.items() <= ids.items()


def test_a_broken_copy_or_one_for_another_office_changes_nothing(offices):
    content, _ = copy_for_su1(offices)
    with offices.at("16.71.02"):
        load_snapshot(content)
        for broken in (content[:-5], b"", gzip.compress(b'{"format":"ampera-register/1"}\n')):
            assert load_snapshot(broken) == Refusal("register.snapshot_broken")
        assert Resident.objects.count() == 4
        assert loaded_snapshot_hash() == hash_of(content)
    with offices.at("16.71.06"):
        assert load_snapshot(content) == Refusal("register.snapshot_of_other_office")
        assert not is_register_loaded()
