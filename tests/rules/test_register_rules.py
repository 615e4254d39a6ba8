"""Ages, code tables, rights, days and the offices of Palembang: decided without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.register.rules import ages, codes, palembang
from ampera.register.rules.days import day_at, zone_of
from ampera.register.rules.rights import (
    MAY,
    Action,
    GrantWish,
    RightsFacts,
    Role,
    are_rights_in_force,
    is_granter_of,
    may,
    may_suspend_at,
    miss_wait_seconds,
    why_not_grant,
)
from ampera.words import OfficeCode, Refusal

DAY = date(2017, 9, 7)
PUSAT, DINAS, SU1 = OfficeCode("00"), OfficeCode("16.71"), OfficeCode("16.71.02")
TABLES = [
    codes.RELIGION,
    codes.MARITAL,
    codes.BLOOD,
    codes.SHDK,
    codes.EDUCATION,
    codes.NATIONALITY,
    codes.BASE_STATUS,
    codes.OCCUPATION,
]


def test_the_tables_have_as_many_codes_as_the_register():
    assert [len(table.texts) for table in TABLES] == [7, 4, 13, 11, 10, 3, 6, 89]


@pytest.mark.parametrize("table", TABLES)
def test_every_code_is_read_by_number_and_by_text(table):
    for code, text in table.texts.items():
        assert table.read(str(code)) == code
        assert table.read(text) == code
        assert table.read(text.lower().replace("/", " / ")) == code


@pytest.mark.parametrize(
    ("table", "cell", "code"),
    [
        (codes.OCCUPATION, "Belum / Tidak Bekerja", 1),
        (codes.OCCUPATION, "BELUM/ TIDAK  BEKERJA", 1),
        (codes.OCCUPATION, "PEGAWAI NEGERI SIPIL (PNS)", 5),
        (codes.RELIGION, "Katolik", 3),
        (codes.RELIGION, "BUDDHA", 5),
        (codes.BLOOD, "-", codes.BLOOD_UNKNOWN),
        (codes.EDUCATION, "SLTA / SEDERAJAT", 5),
        (codes.EDUCATION, "AKADEMI/ DIPLOMA III/S. MUDA", 7),
        (codes.MARITAL, "Kawin Belum Tercatat", 2),
        (codes.OCCUPATION, "ASTRONOT", None),
        (codes.OCCUPATION, "90", None),
        (codes.RELIGION, "٣", None),
    ],
)
def test_spellings_of_exports_are_read(table, cell, code):
    assert table.read(cell) == code


def test_a_card_is_due_on_the_seventeenth_birthday():
    born = date(2000, 9, 7)
    assert ages.must_hold_card(born=born, marital=1, on=DAY)
    assert not ages.must_hold_card(born=born, marital=1, on=DAY - timedelta(days=1))


@pytest.mark.parametrize("marital", [2, 3, 4])
def test_whoever_is_or_was_married_holds_a_card_younger(marital):
    born = date(2002, 1, 1)
    assert ages.must_hold_card(born=born, marital=marital, on=DAY)
    assert ages.may_be_recorded(born=born, marital=marital, on=DAY)
    assert ages.printable_from(born=born, marital=marital, on=DAY) == DAY


def test_recording_begins_at_sixteen_and_printing_at_seventeen():
    born = date(2001, 9, 7)
    assert ages.may_be_recorded(born=born, marital=1, on=DAY)
    assert not ages.may_be_recorded(born=born, marital=1, on=DAY - timedelta(days=1))
    assert ages.printable_from(born=born, marital=1, on=DAY) == date(2018, 9, 7)


def test_a_leap_day_child_completes_seventeen_years_on_the_first_of_march():
    assert ages.printable_from(born=date(2000, 2, 29), marital=1, on=DAY) == date(2017, 3, 1)


def test_an_older_person_is_printable_since_long():
    assert ages.printable_from(born=date(1980, 1, 2), marital=2, on=DAY) == date(1997, 1, 2)


def rights(*, until=date(2017, 11, 30), suspended_by=(), lifted=()):
    return RightsFacts(until=until, suspended_by=frozenset(suspended_by), lifted=frozenset(lifted))


def test_rights_hold_through_their_last_day_and_end_by_themselves():
    assert are_rights_in_force(rights(), on=date(2017, 11, 30))
    assert not are_rights_in_force(rights(), on=date(2017, 12, 1))


def test_nothing_granted_is_nothing_allowed():
    assert not are_rights_in_force(rights(until=None), on=DAY)


def test_a_suspension_counts_until_a_grant_that_knows_it():
    assert not are_rights_in_force(rights(suspended_by=["a"]), on=DAY)
    assert not are_rights_in_force(rights(suspended_by=["a", "b"], lifted=["a"]), on=DAY)
    assert are_rights_in_force(rights(suspended_by=["a"], lifted=["a"]), on=DAY)


def test_rights_come_from_the_tier_above_only():
    assert is_granter_of(DINAS, office=SU1)
    assert is_granter_of(PUSAT, office=DINAS)
    assert is_granter_of(PUSAT, office=PUSAT)
    assert not is_granter_of(DINAS, office=DINAS)
    assert not is_granter_of(SU1, office=SU1)
    assert not is_granter_of(PUSAT, office=SU1)
    assert not is_granter_of(OfficeCode("99.01"), office=SU1)


def test_an_office_and_those_above_it_may_suspend_there():
    assert all(may_suspend_at(each, office=SU1) for each in (SU1, DINAS, PUSAT))
    assert not may_suspend_at(OfficeCode("16.71.06"), office=SU1)
    assert not may_suspend_at(SU1, office=DINAS)


def wish(**changes):
    usual = {"giver": DINAS, "office": SU1, "login": "loket", "name": "Sari"}
    usual |= {"roles": frozenset({"loket"}), "until": DAY + timedelta(days=90)}
    return GrantWish(**(usual | changes))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"until": DAY}, None),
        ({"giver": SU1}, Refusal("officer.not_from_above", office="16.71.02")),
        ({"login": "Loket"}, Refusal("officer.login_form")),
        ({"login": "x"}, Refusal("officer.login_form")),
        ({"name": "  "}, Refusal("officer.name_missing")),
        ({"roles": frozenset()}, Refusal("officer.role_unknown")),
        ({"roles": frozenset({"raja"})}, Refusal("officer.role_unknown")),
        ({"until": DAY + timedelta(days=91)}, Refusal("officer.too_long", days=90)),
        ({"until": DAY - timedelta(days=1)}, Refusal("officer.too_long", days=90)),
    ],
)
def test_a_grant_is_refused_for_a_reason(changes, refusal):
    assert why_not_grant(wish(**changes), on=DAY, is_login_taken=False) == refusal


def test_a_login_is_given_once_in_an_office():
    refused = why_not_grant(wish(), on=DAY, is_login_taken=True)
    assert refused == Refusal("officer.login_taken", login="loket")


def test_five_misses_are_free_and_then_the_wait_grows_to_a_quarter_of_an_hour():
    assert [miss_wait_seconds(misses) for misses in range(5)] == [0] * 5
    assert [miss_wait_seconds(misses) for misses in (5, 6, 7)] == [10, 20, 40]
    assert miss_wait_seconds(10_000) == 900


def test_who_prints_does_not_keep_the_stock_and_who_audits_changes_nothing():
    assert may([Role.CETAK], action=Action.CARD_PRINT)
    assert not may([Role.CETAK], action=Action.BLANKO_MOVE)
    assert not may([Role.BLANKO], action=Action.CARD_PRINT)
    assert all(each.value.endswith(".see") for each in MAY[Role.AUDITOR])
    assert may([Role.LOKET, Role.BLANKO], action=Action.BLANKO_COUNT)


def test_every_action_is_allowed_to_somebody():
    assert frozenset().union(*MAY.values()) == frozenset(Action)


def test_the_day_is_that_of_the_office():
    late = datetime(2017, 9, 7, 17, 30, tzinfo=UTC)
    assert day_at(SU1, at=late) == date(2017, 9, 8)  # 00:30 WIB
    assert day_at(PUSAT, at=late - timedelta(hours=1)) == date(2017, 9, 7)
    assert day_at(OfficeCode("51.71"), at=late - timedelta(hours=1)) == date(2017, 9, 8)
    assert zone_of(OfficeCode("94.71")).utcoffset(None) == timedelta(hours=9)


def test_sixteen_kecamatan_print_and_two_are_hosted():
    by_code = {plan.code.text: plan for plan in palembang.OFFICES}
    assert len(by_code) == 19
    assert len(palembang.PRINTING_KECAMATAN) == 16
    assert by_code["16.71.17"].hosted_by == OfficeCode("16.71.02")
    assert by_code["16.71.18"].hosted_by == OfficeCode("16.71.06")


def test_four_kecamatan_begin_and_the_others_follow():
    begins = {plan.code.text: plan.prints_from for plan in palembang.OFFICES}
    first = {code for code, day in begins.items() if day == min(filter(None, begins.values()))}
    assert first == {"16.71"}
    kecamatan = {code: day for code, day in begins.items() if len(code) == 8 and day}
    earliest = min(kecamatan.values())
    assert {code for code, day in kecamatan.items() if day == earliest} == {
        "16.71.13",
        "16.71.02",
        "16.71.15",
        "16.71.07",
    }


@given(born=st.dates(date(1900, 1, 1), date(2017, 9, 7)), years=st.integers(0, 99))
def test_a_birthday_is_never_before_the_years_are_complete(born, years):
    day = ages.birthday(born, years=years)
    assert day.year == born.year + years
    assert (day.month, day.day) >= (born.month, born.day)
