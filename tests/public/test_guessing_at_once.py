"""Many ask in the same moment: no more are judged than the ceiling allows, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from django.db import connections

from ampera.journal.house import House, acting_in
from ampera.journal.keys import ServerKey
from ampera.journal.second_log import MemorySecondLog
from ampera.register.models import PublicMiss
from ampera.register.queries import public
from ampera.register.queries.public import ask_by_numbers
from ampera.tiers.wiring import make_registry
from ampera.words import FixedClock, Nik, NoKK, OfficeCode, SystemIds

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
NIK = Nik("9901010101909001")


def dinas():
    clock = FixedClock(AT)
    return House(
        code=OfficeCode("16.71"),
        incarnation=1,
        key=ServerKey.from_seed(bytes(32)),
        clock=clock,
        ids=SystemIds(clock),
        registry=make_registry(),
        second_log=MemorySecondLog(),
        is_demo=True,
    )


def ask_many(count, *, at):
    """So many wrong pairs for one NIK from four windows; returns how many were judged."""

    def one(number):
        try:
            return ask_by_numbers(NIK, NoKK(f"9901010101{number:06d}"), wall=FixedClock(at))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as windows:
        answers = list(windows.map(one, range(1, count + 1)))
    return answers.count(None)


def test_of_many_at_once_no_more_are_judged_than_the_ceiling(django_database):
    with acting_in(dinas()):
        assert ask_many(24, at=AT) == public.NIK_MISSES_A_DAY
        counted = sorted(PublicMiss.objects.values_list("misses", flat=True))
        assert counted == [public.NIK_MISSES_A_DAY] * 4


def test_at_the_turn_of_the_hour_nobody_gets_more(django_database):
    with acting_in(dinas()):
        assert ask_many(public.NIK_MISSES_A_DAY - 1, at=AT) == public.NIK_MISSES_A_DAY - 1
        assert ask_many(12, at=AT + timedelta(hours=1)) == 1
