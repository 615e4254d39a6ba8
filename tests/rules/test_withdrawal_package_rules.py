"""Packages of withdrawn cards: where they go, what was in them, and who decides about the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.withdrawal.rules.packages import (
    Listed,
    Outcome,
    Sealed,
    check_package,
    code_of,
    compare,
    dispute_at,
    disputed_at,
    is_lost,
    is_near,
    is_office,
    judge_of,
    marks_of,
    settled_to,
    transit_to,
)
from ampera.words import OfficeCode, Refusal

PUSAT, DINAS, KEC = OfficeCode("00"), OfficeCode("16.71"), OfficeCode("16.71.02")
OTHER_KEC, OTHER_DINAS = OfficeCode("16.71.06"), OfficeCode("16.72")


@pytest.mark.parametrize(
    ("source", "target", "near"),
    [
        (KEC, DINAS, True),
        (DINAS, KEC, True),
        (KEC, OTHER_KEC, False),
        (KEC, OTHER_DINAS, False),
        (DINAS, PUSAT, False),
        (DINAS, OTHER_DINAS, False),
        (KEC, KEC, False),
    ],
)
def test_packages_travel_between_a_kecamatan_and_its_own_dinas_only(source, target, near):
    assert is_near(source, target=target) is near


def test_each_place_says_what_it_is():
    assert is_office("16.71.02")
    for place in ("", transit_to(DINAS), dispute_at(DINAS), "lost:16.71"):
        assert not is_office(place)
    assert disputed_at(dispute_at(KEC)) == KEC
    assert disputed_at(transit_to(KEC)) is None
    assert is_lost(settled_to(Outcome.LOST, office=DINAS, sender=KEC))
    assert settled_to(Outcome.HERE, office=DINAS, sender=KEC) == "16.71"
    assert settled_to(Outcome.SENDER, office=DINAS, sender=KEC) == "16.71.02"


def test_the_dinas_decides_also_about_what_its_kecamatan_missed():
    assert judge_of(KEC) == judge_of(DINAS) == DINAS


def test_a_whole_package_is_not_refused_and_one_without_a_seal_is():
    told = Sealed(seal="SGL 1", courier="KURIR CONTOH", second="off_b")

    def tried(sealed: Sealed):
        return check_package(["wdr_1"], sealed=sealed, here=KEC, to=DINAS, officer="off_a")

    assert tried(told) is None
    assert tried(Sealed(seal=" ", courier="x", second="off_b")) == Refusal("withdrawal.no_seal")
    assert "KURIR" not in repr(told), "a log shows no courier"


def test_officers_may_write_serial_or_code_in_any_case_and_each_counts_once():
    assert marks_of([" spc1 ", "SPC1", "", "wdr_ab12"]) == ("SPC1", "wdr_ab12")


LISTED = [
    Listed(piece=f"wdr_{number:032x}", n=1, serial=f"SPC{number:08d}" if number % 2 else "")
    for number in range(1, 9)
]


@given(
    there=st.sets(st.sampled_from(LISTED)),
    extra=st.sets(st.from_regex(r"XYZ[0-9]{4}", fullmatch=True), max_size=4),
    by_code=st.booleans(),
)
def test_each_listed_piece_is_there_or_missing_and_nothing_vanishes(there, extra, by_code):
    names = [code_of(each.piece) if by_code or not each.serial else each.serial for each in there]
    seen, missing, surplus = compare(LISTED, marks=[*names, *extra])
    assert set(seen) == there
    assert set(seen) | set(missing) == set(LISTED)
    assert not set(seen) & set(missing)
    assert set(surplus) == extra
