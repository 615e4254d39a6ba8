"""Offices are described from above, and a new kecamatan is served by its host."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from ampera.journal.actions import Command
from ampera.journal.queries import entries_about
from ampera.register.actions import describe_office, describe_palembang, load_wilayah
from ampera.register.models import Office
from ampera.register.projection import office_described
from ampera.register.queries import host_of, local_day, office_seen, offices, served_kecamatan
from ampera.words import OfficeCode, Refusal, WilayahCode

DINAS, SU1, IT2 = OfficeCode("16.71"), OfficeCode("16.71.02"), OfficeCode("16.71.06")
JAKABARING, IT3 = OfficeCode("16.71.17"), OfficeCode("16.71.18")
numbers = itertools.count()


def describe(office=SU1, **changes):
    usual = {"name": "Seberang Ulu I", "hosted_by": None, "capabilities": ["cetak", "loket"]}
    usual |= {"prints_from": date(2017, 9, 7)}
    command = Command(id=f"cmd_{next(numbers)}")
    return describe_office(command, office=office, **(usual | changes))


@pytest.fixture
def palembang(offices):
    with offices.at("16.71"):
        load_wilayah(within=WilayahCode("16.71"))
        describe_palembang()
        yield offices


def test_palembang_has_eighteen_kecamatan_of_which_sixteen_print(palembang):
    kecamatan = [each for each in offices() if each.code != DINAS]
    assert len(kecamatan) == 18
    assert sum("cetak" in each.capabilities for each in kecamatan) == 16


def test_describing_the_city_again_changes_nothing(palembang):
    before = offices()
    assert describe_palembang() == 19
    assert offices() == before


def test_jakabaring_is_served_by_seberang_ulu_i_and_ilir_timur_iii_by_ilir_timur_ii(palembang):
    assert host_of(JAKABARING) == SU1
    assert host_of(IT3) == IT2
    assert host_of(SU1) == SU1
    assert served_kecamatan(SU1) == [SU1, JAKABARING]
    assert served_kecamatan(IT2) == [IT2, IT3]
    assert served_kecamatan(JAKABARING) == []
    assert served_kecamatan(DINAS) == []


def test_kertapati_prints_before_plaju_does(palembang):
    kertapati, plaju = office_seen(OfficeCode("16.71.13")), office_seen(OfficeCode("16.71.14"))
    today = local_day()
    assert today == date(2017, 9, 7)
    assert kertapati.prints_on(today)
    assert not plaju.prints_on(today)
    assert plaju.prints_on(date(2017, 9, 11))
    assert not office_seen(JAKABARING).prints_on(date(2030, 1, 1))


def test_an_office_that_nobody_described_is_none_and_serves_itself(palembang):
    assert office_seen(OfficeCode("99.01")) is None
    assert host_of(OfficeCode("99.01.01")) == OfficeCode("99.01.01")


def test_a_new_description_takes_the_place_of_the_old(palembang):
    describe(JAKABARING, name="Jakabaring", hosted_by=None)
    assert host_of(JAKABARING) == JAKABARING
    assert served_kecamatan(SU1) == [SU1]


@pytest.mark.parametrize("office", ["16.71.02", "16.71.06", "16.71"])
def test_a_kecamatan_describes_no_office(offices, office):
    with offices.at("16.71.02"):
        refused = describe(OfficeCode(office))
    assert refused == Refusal("register.office_not_yours", office=office)


def test_a_dinas_describes_no_office_of_another(offices):
    with offices.at("16.71"):
        refused = describe(OfficeCode("99.01.01"))
    assert refused == Refusal("register.office_not_yours", office="99.01.01")


@pytest.mark.parametrize(
    ("office", "host"),
    [
        (JAKABARING, "16.72.02"),
        (JAKABARING, "16.71.17"),
        (JAKABARING, "16.71"),
        (IT3, "16.71.17"),
        (DINAS, "16.71.02"),
    ],
)
def test_not_every_office_can_host(palembang, office, host):
    refused = describe(office, hosted_by=OfficeCode(host))
    assert refused == Refusal("register.host_unknown", office=host)


def test_descriptions_reach_the_pusat_and_no_kecamatan(offices):
    with offices.at("16.71"):
        describe()
    offices.post()
    with offices.at("00"):
        assert office_seen(SU1).name == "Seberang Ulu I"
    with offices.at("16.71.02"):
        assert office_seen(SU1) is None


def test_descriptions_in_any_order_leave_the_same_office(offices):
    with offices.at("16.71"):
        for name in ("Lama", "Baru", "Terbaru"):
            describe(name=name)
        entries = list(entries_about([SU1.text]))
        assert len(entries) == 3
        ends = set()
        for order in itertools.permutations(entries):
            Office.objects.all().delete()
            for entry in order:
                office_described(entry)
            ends.add(office_seen(SU1))
    assert [each.name for each in ends] == ["Terbaru"]
