"""A city by a scenario: how many wait where, before anything is built."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ampera.register.rules.ages import must_hold_card
from ampera.register.rules.palembang import HOSTED, PRINTING_KECAMATAN
from ampera.tiers.city.stock import BOX_SIZE, store_boxes
from ampera.tiers.city.waiting_plan import PART_MAX, waiting_of
from ampera.tiers.telling import CannotError
from ampera.words import OfficeCode, Reason
from ampera.world.waiting import people_waiting
from tests.tiers.running import finished

EVERYBODY = [*PRINTING_KECAMATAN, *(OfficeCode(code) for code in HOSTED)]
TODAY = date(2017, 9, 7)


def test_the_whole_city_has_the_figures_of_september_2017():
    waiting = waiting_of("palembang-2017", part=1)
    first, others = zip(
        *(waiting.counts(code, lived_in=EVERYBODY) for code in EVERYBODY), strict=True
    )
    assert (sum(first), sum(others), waiting.store) == (44_000, 54_000, 4_000)
    assert waiting.counts(OfficeCode("16.71.02"), lived_in=EVERYBODY) == (6_000, 3_000)


@given(part=st.integers(1, PART_MAX), some=st.integers(1, len(EVERYBODY)))
def test_replacements_of_a_part_are_spread_over_whoever_lives_there(part, some):
    waiting, lived_in = waiting_of("palembang-2017", part=part), EVERYBODY[:some]
    shares = [waiting.counts(code, lived_in=lived_in)[1] for code in lived_in]
    assert sum(shares) == waiting.others
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize("part", [0, -1, PART_MAX + 1])
def test_a_part_that_is_none_is_refused(part):
    with pytest.raises(CannotError, match="--part"):
        waiting_of("palembang-2017", part=part)


def test_an_unknown_scenario_is_refused_before_anything_is_built(tmp_path):
    code, said = finished(
        "up", "--data", str(tmp_path / "city"), "--scenario", "atlantis", seconds_max=60
    )
    assert code == 1
    assert "palembang-2017" in said
    assert not (tmp_path / "city" / "00").exists()


@settings(max_examples=15, deadline=None)
@given(first=st.integers(0, 40), others=st.integers(0, 40), seed=st.integers(0, 9))
def test_as_many_wait_as_were_asked_for_and_all_of_them_are_grown(first, others, seed):
    kelurahan = ["16.71.02.1002", "16.71.02.1003"]
    people, cases = people_waiting(kelurahan, counts=(first, others), seed=seed, today=TODAY)
    new = [person for person, reason in cases if reason is Reason.NEW]
    assert (len(new), len(cases) - len(new)) == (first, others)
    assert len({person.nik for person, _ in cases}) == len(cases)
    assert all(must_hold_card(born=p.born, marital=p.marital, on=TODAY) for p, _ in cases)
    assert all(person in people for person, _ in cases)
    assert not any(person.has_legacy_card for person in new)
    assert all(p.has_legacy_card for p, reason in cases if reason.is_replacement)


@given(count=st.integers(1, 5000))
def test_the_store_lies_in_boxes_and_none_is_too_large(count):
    boxes = store_boxes(count)
    assert sum(box.size for box in boxes) == count
    assert all(1 <= box.size <= BOX_SIZE for box in boxes)
    assert len({box.box for box in boxes}) == len(boxes)
