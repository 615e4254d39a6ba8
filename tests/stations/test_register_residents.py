"""Residents are seen through doors only, and every look is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.register.models import Resident
from ampera.register.queries import (
    Purpose,
    Role,
    agrees_with_register,
    local_day,
    nik_and_kk_known,
    resident_by_id,
    resident_for,
    resident_id_known,
)
from ampera.words import Nik, NoKK, OfficeCode, Refusal
from tests.stations.register_people import (
    DINAS,
    IT2,
    NOT_HERE,
    SU1,
    looks,
    nik,
    officer,
)

# --- the doors ----------------------------------------------------------------------------------


def test_a_look_through_the_door_is_recorded(city):
    sari = officer(SU1.text)
    seen = resident_for(sari, Nik(nik(1)), purpose=Purpose.COUNTER)
    assert seen.name == "DEWASA"
    assert (seen.kelurahan_name, seen.kecamatan_name) == ("1 Ulu", "Seberang Ulu I")
    assert (seen.kabkota_name, seen.provinsi_name) == ("Kota Palembang", "Sumatera Selatan")
    assert (seen.marital, seen.occupation, seen.religion) == ("KAWIN", "KARYAWAN SWASTA", "ISLAM")
    assert looks() == [("off_Sari", [seen.id], "counter")]
    assert resident_by_id(sari, seen.id, purpose=Purpose.PRINTING) == seen
    assert looks()[1:] == [("off_Sari", [seen.id], "printing")]


def test_not_there_and_not_yours_are_one_answer_and_no_look(city):
    sari, citra = officer(SU1.text), officer("99.01", name="Citra")
    foreign = Resident.objects.get(nik=nik(7)).id
    assert resident_for(sari, Nik(nik(99)), purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_for(sari, Nik(nik(7)), purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_by_id(sari, foreign, purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_by_id(sari, "res_nobody", purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_for(citra, Nik(nik(1)), purpose=Purpose.COUNTER) == NOT_HERE
    assert resident_for(citra, Nik(nik(7)), purpose=Purpose.COUNTER) == NOT_HERE
    assert looks() == []


def test_the_dinas_sees_its_whole_city(city):
    budi = officer(DINAS.text, roles=(Role.VERIFIKATOR,), name="Budi")
    for number in (1, 6, 7):
        seen = resident_for(budi, Nik(nik(number)), purpose=Purpose.VERIFICATION)
        assert seen.nik.digits == nik(number)


def test_a_resident_of_jakabaring_is_served_by_seberang_ulu_i_and_lives_in_jakabaring(city):
    seen = resident_for(officer(SU1.text), Nik(nik(6)), purpose=Purpose.COUNTER)
    assert seen.kecamatan == OfficeCode("16.71.17")
    assert seen.kecamatan_name == "Jakabaring"
    refused = resident_for(officer(IT2.text), Nik(nik(6)), purpose=Purpose.COUNTER)
    assert refused == NOT_HERE


@pytest.mark.parametrize("role", [Role.BLANKO, Role.ADMIN])
def test_who_counts_blanks_sees_no_resident(city, role):
    keeper = officer(SU1.text, roles=(role,))
    refused = resident_for(keeper, Nik(nik(1)), purpose=Purpose.COUNTER)
    assert refused == Refusal("officer.may_not")
    assert looks() == []


def test_a_resident_seen_knows_their_age_rules(city):
    budi = officer(DINAS.text)
    youth = resident_for(budi, Nik(nik(2, day="080901")), purpose=Purpose.COUNTER)
    today = local_day()
    assert not youth.must_hold_card(today)
    assert not youth.may_be_recorded(today)
    assert youth.may_be_recorded(today + timedelta(days=1))
    assert youth.printable_from(today).isoformat() == "2018-09-08"
    assert youth.is_sample


def test_the_public_check_needs_both_numbers_of_a_living_resident(city):
    kk, other = NoKK("9901010101109001"), NoKK("9901010101109009")
    assert nik_and_kk_known(Nik(nik(1)), kk) is True
    assert nik_and_kk_known(Nik(nik(1)), other) is False
    assert nik_and_kk_known(Nik(nik(99)), kk) is False
    assert nik_and_kk_known(Nik(nik(5)), kk) is False
    assert resident_id_known(Nik(nik(1)), kk) == Resident.objects.get(nik=nik(1)).id
    assert resident_id_known(Nik(nik(5)), kk) is None
    assert looks() == []


@pytest.mark.parametrize(
    ("number", "nama", "tanggal_lahir", "agrees"),
    [
        (1, "Dewasa", "1990-09-07", True),
        (1, " de wasa. ", "1990-09-07", True),
        (1, "Dewa", "1990-09-07", False),
        (1, "Dewasa", "1990-07-09", False),
        (99, "Dewasa", "1990-09-07", None),
        (5, "Almarhum", "1990-09-07", None),
    ],
)
def test_the_dinas_confirms_by_name_and_birth_date(city, number, nama, tanggal_lahir, agrees):
    assert agrees_with_register(nik(number), nama=nama, tanggal_lahir=tanggal_lahir) is agrees


def test_a_resident_writes_no_number_into_a_log(city):
    row = Resident.objects.select_related("family").get(nik=nik(1))
    assert nik(1) not in f"{row} {row!r} {row.family} {row.family!r}"
    assert "9901010101109001" not in f"{row.family} {row.family!r}"
