"""Demo people are synthetic, unique, and live in families that could be."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from ampera.register.rules import codes
from ampera.register.rules.ages import birthday
from ampera.register.rules.export import Situation, read_export
from ampera.register.rules.records import RowRefused
from ampera.words import Nik, NoKK, Refusal, Sex, WilayahCode
from ampera.world.names import TITLES
from ampera.world.people import export_of, people_of

DAY = date(2017, 9, 7)
SU1 = [f"16.71.02.{number}" for number in range(1002, 1007)]
JAKABARING = [f"16.71.17.{number}" for number in range(1001, 1006)]
IT3 = [f"16.71.18.{number}" for number in range(1001, 1007)]


def people(kelurahan=tuple(SU1), *, count=400, seed=1671):
    return list(people_of(kelurahan, count=count, seed=seed, today=DAY))


def families(residents):
    found = defaultdict(list)
    for each in residents:
        found[each.no_kk].append(each)
    return found


def test_one_seed_makes_the_same_people_and_another_makes_others():
    assert people() == people()
    assert people() != people(seed=1672)


def test_as_many_are_made_as_are_asked_for_and_all_are_samples():
    residents = people(count=203)
    assert len(residents) == 203
    assert all(each.is_sample for each in residents)
    shares = {code: sum(each.kelurahan == code for each in residents) for code in SU1}
    assert set(shares.values()) == {40, 41}


def test_no_number_is_given_twice_in_the_city():
    residents = [*people(count=3000), *people(JAKABARING, count=3000), *people(IT3, count=3000)]
    assert len({each.nik for each in residents}) == 9000
    homes = {(each.no_kk, each.address, each.kelurahan) for each in residents}
    assert len(homes) == len({each.no_kk for each in residents})


def test_every_nik_fits_its_holder_and_no_real_serial():
    for each in people():
        nik = Nik(each.nik)
        assert not nik.compare(born=each.born, sex=each.sex)
        assert 9000 <= int(each.nik[-4:]) <= 9999
        assert 9000 <= int(NoKK(each.no_kk).digits[-4:]) <= 9999


@pytest.mark.parametrize(
    ("kelurahan", "issued_in"), [(JAKABARING, "16.71.02"), (IT3, "16.71.06"), (SU1, "16.71.02")]
)
def test_people_of_split_off_kecamatan_keep_the_parents_code(kelurahan, issued_in):
    for each in people(kelurahan):
        assert Nik(each.nik).region_of_issue == issued_in
        assert each.kelurahan in kelurahan


def test_a_family_has_one_head_and_a_married_couple_at_most():
    for members in families(people(count=1000)).values():
        assert [each.shdk for each in members].count(1) == 1
        married = [each for each in members if each.marital == 2]
        assert len(married) in (0, 2)
        if married:
            assert {each.sex for each in married} == {Sex.MALE, Sex.FEMALE}
            assert all(each.born < date(2000, 9, 7) for each in married)
        children = [each for each in members if each.shdk == 4]
        assert all(each.born.year - members[0].born.year >= 15 for each in children)


def test_a_family_lives_at_one_address():
    for members in families(people()).values():
        assert len({(each.address, each.rt, each.rw) for each in members}) == 1


def test_titles_have_a_form_for_men_and_one_for_women():
    titled = {Sex.MALE: 0, Sex.FEMALE: 0}
    for each in people(count=3000):
        for for_men, for_women in TITLES:
            own, other = (for_men, for_women) if each.sex is Sex.MALE else (for_women, for_men)
            titled[each.sex] += each.name.startswith(f"{own} ")
            if not own.startswith(other):  # Raden Ayu begins with Raden
                assert not each.name.startswith(f"{other} ")
    assert min(titled.values()) > 30
    assert sum(titled.values()) < 300


def test_about_a_twentieth_has_one_name():
    residents = people(count=5000)
    share = sum(" " not in each.name for each in residents) / len(residents)
    assert 0.03 < share < 0.07


def test_most_are_of_card_age_and_some_may_only_be_recorded():
    residents = people(count=3000)
    of_age = [each for each in residents if birthday(each.born, years=17) <= DAY]
    assert 0.65 < len(of_age) / len(residents) < 0.8
    assert any(
        birthday(each.born, years=16) <= DAY < birthday(each.born, years=17) for each in residents
    )
    assert not any(each.has_legacy_card for each in residents if each not in of_age)


class AnyPlace:
    def kelurahan(self, *, code, kecamatan, name):
        return WilayahCode(code)


def test_their_export_is_read_without_a_refusal_or_a_warning():
    residents = people(count=500)
    rows = read_export(
        export_of(iter(residents), names={}), situation=Situation(AnyPlace(), on=DAY)
    )
    assert not isinstance(rows, Refusal)
    taken = list(rows)
    assert len(taken) == 500
    for row, sketch in zip(taken, residents, strict=True):
        assert not isinstance(row, RowRefused), row
        record = row[1]
        assert (record.nik.digits, record.name) == (sketch.nik, sketch.name)
        assert record.occupation == sketch.occupation
        assert record.has_legacy_card == sketch.has_legacy_card
        assert record.base_status == codes.ALIVE
        assert not record.warnings
