"""NIK, KK, codes, ids, time and refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.words import (
    FixedClock,
    Level,
    Nik,
    NikWarning,
    NoKK,
    OfficeCode,
    Refusal,
    SeededIds,
    Sex,
    SystemIds,
    Tier,
    WilayahCode,
)
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.ids import is_id
from ampera.words.nik import PROVINCES_EVER
from ampera.words.refusal import reference_page, registry


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nik.not_sixteen_digits"),
        ("167102410885900", "nik.not_sixteen_digits"),
        ("1671024108859001９", "nik.not_sixteen_digits"),
        ("16710241088590０1", "nik.not_sixteen_digits"),  # a full-width zero is no digit
        ("9710024108859001", "nik.province_unknown"),
        ("9999024108859001", "nik.province_unknown"),  # 99 only where samples are allowed
        ("1600024108859001", "nik.region_zero"),
        ("1671004108859001", "nik.region_zero"),
        ("1671028108859001", "nik.no_such_date"),  # day 81: library validators take it for the 1st
        ("1671024008859001", "nik.no_such_date"),
        ("1671023002859001", "nik.no_such_date"),
        ("1671020113859001", "nik.no_such_date"),
        ("1671024108850000", "nik.serial_zero"),
    ],
)
def test_a_wrong_nik_is_refused_with_its_reason(text: str, code: str) -> None:
    assert Nik.read(text) == Refusal(code)


def test_spaces_dots_and_hyphens_are_no_fault() -> None:
    assert Nik.read("16.71.02-410885 9001") == Nik("1671024108859001")


def test_new_provinces_and_timor_timur_are_known() -> None:
    for province in (54, 92, 93, 94, 95, 96):
        assert isinstance(Nik.read(f"{province}01014108859001"), Nik)


def test_a_sample_nik_is_taken_only_where_samples_are_allowed() -> None:
    assert isinstance(Nik.read("9901014108859001", may_be_sample=True), Nik)
    assert Nik.read("9901014108859001") == Refusal("nik.province_unknown")


def test_a_difference_from_the_declared_data_is_a_warning() -> None:
    nik = Nik("1671024108859001")
    assert nik.compare(born=date(1985, 8, 1), sex=Sex.FEMALE) == frozenset()
    # The century is the declared one: a NIK says only two digits of the year.
    assert nik.compare(born=date(2085, 8, 1), sex=Sex.FEMALE) == frozenset()
    assert nik.compare(born=date(1985, 8, 2), sex=Sex.MALE) == {
        NikWarning.BIRTH_DATE_DIFFERS,
        NikWarning.SEX_DIFFERS,
    }


def test_no_representation_shows_a_whole_number() -> None:
    assert repr(Nik("1671024108859001")) == "Nik(167102******9001)"
    assert repr(NoKK("1671020101139001")) == "NoKK(167102******9001)"
    assert "410885" not in f"{Nik('1671024108859001')}"


def test_a_kk_number_is_sixteen_digits_and_not_all_zero() -> None:
    assert NoKK.read("1671 0201 0113 9001") == NoKK("1671020101139001")
    assert NoKK.read("0" * 16) == Refusal("kk.not_sixteen_digits")
    assert NoKK.read("12") == Refusal("kk.not_sixteen_digits")


@given(
    province=st.sampled_from(sorted(PROVINCES_EVER)),
    region=st.tuples(st.integers(1, 99), st.integers(1, 99)),
    born=st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    sex=st.sampled_from(Sex),
    serial=st.integers(1, 9999),
)
def test_a_nik_made_by_the_rule_is_read_and_says_what_it_was_made_of(
    province: int, region: tuple[int, int], born: date, sex: Sex, serial: int
) -> None:
    day = born.day + (40 if sex is Sex.FEMALE else 0)
    text = f"{province:02}{region[0]:02}{region[1]:02}{day:02}{born:%m%y}{serial:04}"
    nik = Nik.read(text)
    assert isinstance(nik, Nik)
    assert nik.digits == text
    assert nik.sex is sex
    assert nik.compare(born=born, sex=sex) == frozenset()


def test_an_office_knows_its_tier_and_who_is_above() -> None:
    kecamatan = OfficeCode("16.71.02")
    assert kecamatan.tier is Tier.KECAMATAN
    assert kecamatan.upper == OfficeCode("16.71")
    assert OfficeCode("16.71").upper == OfficeCode("00")
    assert OfficeCode("00").upper is None
    assert kecamatan.number == 2
    assert kecamatan.is_child_of(OfficeCode("16.71"))


@pytest.mark.parametrize(
    "text", ["", "16", "16.71.2", "16.71.02.1002", "a6.71", "16.71.02\n", "１6.71"]
)
def test_what_is_no_office_code_is_not_built(text: str) -> None:
    with pytest.raises(ValueError, match="office code"):
        OfficeCode(text)


def test_a_region_knows_its_level_and_parents() -> None:
    kelurahan = WilayahCode("16.71.02.1002")
    assert kelurahan.level is Level.KELURAHAN
    assert kelurahan.parent == WilayahCode("16.71.02")
    assert kelurahan.at(Level.KABKOTA) == WilayahCode("16.71")
    assert kelurahan.is_in(WilayahCode("16.71"))
    assert WilayahCode("16").parent is None
    with pytest.raises(ValueError, match="region code"):
        WilayahCode("16.71.2")


def test_ids_carry_their_prefix_and_sort_by_time() -> None:
    clock = FixedClock(datetime(2017, 9, 7, 1, 19, tzinfo=UTC))
    ids = SeededIds(clock, Random(1))
    first = ids.new("req")
    clock.move(timedelta(seconds=1))
    second = ids.new("req")
    assert is_id(first, "req")
    assert not is_id(first, "enr")
    assert first < second
    assert SeededIds(FixedClock(clock.at), Random(1)).new("req")[-12:] == first[-12:]
    assert is_id(SystemIds().new("prm"), "prm")
    assert len(SystemIds().salt()) == 16


def test_time_survives_the_journal_to_the_microsecond() -> None:
    at = datetime(2017, 9, 7, 8, 19, 0, 123456, tzinfo=UTC)
    assert utc_from_text(utc_text(at)) == at
    assert len(utc_text(at.replace(microsecond=0))) == 27


def test_a_refusal_of_an_unknown_code_is_a_defect() -> None:
    with pytest.raises(AssertionError, match="not in the registry"):
        Refusal("nik.no_such_code")


def test_a_refusal_speaks_two_languages_and_fills_in_its_facts() -> None:
    no = Refusal("post.gap", seq=7)
    assert "7" in no.text("id")
    assert "7" in no.text("en")
    assert no.text("id") != no.text("en")
    assert no.next_step("id")
    assert no.status == 409
    assert no == Refusal("post.gap", seq=7)
    assert no != Refusal("post.gap", seq=8)
    assert len({no, Refusal("post.gap", seq=7)}) == 1
    assert repr(no) == "Refusal('post.gap', seq=7)"


def test_a_refusal_that_lacks_a_fact_still_has_a_text() -> None:
    assert "…" in Refusal("post.gap").text()


def test_every_refusal_has_all_its_texts() -> None:
    for row in registry().values():
        assert all((row.id, row.en, row.next_id, row.next_en)), row.code
        assert 400 <= row.status < 600
        assert f"`{row.code}`" in reference_page()
