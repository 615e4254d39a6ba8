"""Whoever tries numbers learns nothing and is stopped; whoever is right is not told during it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ampera.register.models import PublicMiss
from ampera.register.queries import public
from ampera.register.queries.public import ask_by_numbers
from ampera.screens.public.answers import Sentence, answer_by_numbers
from ampera.words import FixedClock, Nik, NoKK, Refusal
from tests.api.city import DINAS, IT2, SU1
from tests.public.visitor import Visitor, read

LATER = Refusal("public.try_later")
A_DAY = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def wall(monkeypatch):
    clock = FixedClock(A_DAY)
    monkeypatch.setattr(public, "_WALL", clock)
    return clock


@pytest.fixture
def asking(city, wall):
    """Ask at the dinas, at the wall clock of the test."""

    def ask(nik, kk):
        with city.offices.at(DINAS):
            return ask_by_numbers(Nik(nik), NoKK(kk), wall=wall)

    return ask


def guesses(prefix="167102"):
    """NIKs that could be somebody's: a place, a birth date, a low serial."""
    for day in range(1, 29):
        for month in range(1, 13):
            for year in range(60, 100):
                yield f"{prefix}{day:02d}{month:02d}{year:02d}9001"


def test_ten_thousand_guessed_niks_learn_nothing_and_are_stopped(city, asking):
    right = city.people(SU1)[0]
    answers = []
    for number, nik in enumerate(islice(guesses(), 10_000)):
        answers.append(asking(nik, f"167102{number:010d}"[:16]))
        if number == 5_000:
            assert asking(right.nik, right.no_kk) == LATER, "a right pair is not told either"
    told = [each for each in answers if each != LATER]
    assert set(told) == {None}, "no guess was told anything"
    assert len(told) == public.PREFIX_MISSES_AN_HOUR
    assert answers[-1] == LATER


def test_guesses_all_over_the_country_are_stopped_by_the_ceiling_of_the_service(asking):
    numbers = [f"{prefix}0101900001" for prefix in range(160101, 160199)]
    numbers += [f"{prefix}0101900001" for prefix in range(167101, 167119)]
    numbers += [f"{prefix}0101900001" for prefix in range(320101, 320190)]
    answers = [asking(nik, f"{nik[:6]}0000000001") for nik in numbers]
    assert answers.count(None) == public.SERVICE_MISSES_AN_HOUR
    assert answers[-1] == LATER


def test_somebody_who_knows_a_nik_cannot_try_kk_numbers_for_it(city, asking, wall):
    right = city.people(SU1)[0]
    wrong = [f"1671020101{number:06d}" for number in range(1, 12)]
    told = [asking(right.nik, kk) for kk in wrong]
    assert told == [None] * public.NIK_MISSES_A_DAY + [LATER] * (11 - public.NIK_MISSES_A_DAY)
    assert asking(right.nik, right.no_kk) == LATER
    wall.move(timedelta(hours=2))
    assert asking(right.nik, right.no_kk) == LATER, "for a NIK the day counts, not the hour"
    wall.move(timedelta(hours=23))
    assert asking(right.nik, right.no_kk) is not None


def test_a_stopped_nik_fills_no_other_ceiling(city, asking):
    one, other = city.people(SU1)[:2]
    for number in range(200):
        asking(one.nik, f"1671020101{number:06d}")
    assert asking(other.nik, other.no_kk) is not None


def test_the_next_hour_is_free_again_and_yesterday_is_forgotten(city, asking, wall):
    for number, nik in enumerate(islice(guesses(), 60)):
        asking(nik, f"3201010101{number:06d}")
    right = city.people(SU1)[0]
    assert asking(right.nik, right.no_kk) == LATER
    wall.move(timedelta(hours=1))
    assert asking(right.nik, right.no_kk) is not None
    wall.move(timedelta(days=2))
    asking(right.nik, right.no_kk)
    with city.offices.at(DINAS):
        assert set(PublicMiss.objects.values_list("hour", flat=True)) == {"2026-03-06T10"}


def test_whoever_is_right_uses_up_nothing(city, asking):
    person = city.people(SU1)[0]
    answers = {asking(person.nik, person.no_kk) for _ in range(300)}
    assert len(answers) == 1
    assert None not in answers
    with city.offices.at(DINAS):
        assert not PublicMiss.objects.filter(misses__gt=0).exists()


def test_no_nik_stands_in_the_table_of_misses(city, asking):
    person = city.people(SU1)[0]
    asking(person.nik, "1671020101000001")
    with city.offices.at(DINAS):
        kept = " ".join(PublicMiss.objects.values_list("key", flat=True))
    assert person.nik not in kept
    assert person.nik[:6] in kept


def test_unknown_and_wrong_cost_the_same_and_are_told_the_same(city, wall):
    person = city.people(SU1)[0]
    with city.offices.at(DINAS):
        asked = {}
        for name, nik, kk in (
            ("first", "1671020101900007", "1671020101000001"),  # makes the rows of the hour
            ("unknown", "1671020202900007", "1671020101000002"),
            ("wrong", person.nik, "1671020101000003"),
        ):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                answer = answer_by_numbers(nik, kk)
            asked[name] = (answer, [_shape(each["sql"]) for each in seen])
    assert asked["unknown"] == asked["wrong"]
    assert asked["wrong"][0] is Sentence.PLEASE_COME


def _shape(sql):
    """A query without its values."""
    return " ".join(word for word in sql.split() if not any(letter.isdigit() for letter in word))


def test_the_page_at_a_ceiling_is_the_same_for_right_and_wrong(city, wall):
    visitor = Visitor(city)
    one, other = city.people(IT2)[:2]
    for number in range(public.NIK_MISSES_A_DAY):
        assert visitor.said(nik=one.nik, kk=f"1671060101{number:06d}") == "please_come"
    pages = [visitor.ask(nik=one.nik, kk=kk) for kk in (one.no_kk, other.no_kk)]
    assert [page.status_code for page in pages] == [429, 429]
    assert len({read(page).text for page in pages}) == 1
    assert "coba lagi nanti" in read(pages[0]).text
