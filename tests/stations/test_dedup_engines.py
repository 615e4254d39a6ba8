"""What every biometric engine behind the port keeps: one suite, one line for each engine."""

from __future__ import annotations

import pytest

from ampera.dedup.actions import IdentityEngine
from ampera.dedup.ports import BiometricEngine, Sample
from ampera.dedup.rules import SCORE_MAX, DecisionZone

ENGINES = {"identity": IdentityEngine}


@pytest.fixture(params=sorted(ENGINES))
def engine(request, django_database) -> BiometricEngine:
    """Each engine with an empty gallery, on each database."""
    return ENGINES[request.param]()


def a_sample(number: int, *, person: int | None = None) -> Sample:
    """Samples of one person agree in everything that any engine may look at."""
    who = number if person is None else person
    return Sample(
        enrolment=f"enr_{number}",
        packet=f"{number:064x}",
        modalities=("portrait",),
        resident=f"res_{who}",
        nik=f"997102170599{who:04d}",
    )


def found(engine: BiometricEngine, sample: Sample) -> list[str]:
    answer = engine.search(sample)
    assert answer is not None
    return sorted(each.enrolment for each in answer if each.zone is DecisionZone.SAME)


def test_an_empty_gallery_has_no_candidates(engine):
    engine.enrol(a_sample(1))
    assert found(engine, a_sample(1)) == []


def test_nobody_is_a_candidate_of_their_own(engine):
    engine.enrol(a_sample(1))
    engine.enrol(a_sample(1))
    assert found(engine, a_sample(1)) == []


def test_the_same_person_is_found_from_both_sides(engine):
    engine.enrol(a_sample(1))
    engine.enrol(a_sample(2, person=1))
    assert found(engine, a_sample(2, person=1)) == ["enr_1"]
    assert found(engine, a_sample(1)) == ["enr_2"]


def test_others_are_not_the_same(engine):
    for number in range(1, 6):
        engine.enrol(a_sample(number))
    assert found(engine, a_sample(3)) == []


def test_all_earlier_recordings_of_a_person_are_found(engine):
    for number in range(1, 5):
        engine.enrol(a_sample(number, person=7))
    assert found(engine, a_sample(4, person=7)) == ["enr_1", "enr_2", "enr_3"]


def test_scores_are_whole_numbers_within_the_range(engine):
    engine.enrol(a_sample(1))
    engine.enrol(a_sample(2, person=1))
    for each in engine.search(a_sample(2, person=1)):
        assert isinstance(each.score, int)
        assert 0 <= each.score <= SCORE_MAX


def test_the_embedded_engine_knows_a_person_by_resident_or_by_nik(django_database):
    engine = IdentityEngine()
    engine.enrol(Sample("enr_1", "", (), resident="res_1", nik="9971021705990001"))
    engine.enrol(Sample("enr_2", "", (), resident="res_2", nik="9971021705990001"))
    engine.enrol(Sample("enr_3", "", (), resident="res_2", nik="9971021705990003"))
    engine.enrol(Sample("enr_4", "", (), resident="res_2", nik=""))
    assert found(engine, Sample("enr_2", "", (), "res_2", "9971021705990001")) == [
        "enr_1",
        "enr_3",
        "enr_4",
    ]
    # A body whose retention has ended has no NIK: two such are not one person.
    engine.enrol(Sample("enr_5", "", (), resident="res_5", nik=""))
    assert found(engine, Sample("enr_5", "", (), "res_5", "")) == []
