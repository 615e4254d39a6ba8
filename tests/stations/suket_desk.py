"""A dinas that issues sukets, for the tests of their station."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ampera.journal.rebuild import compare_with_rebuild
from ampera.register.actions import Holder as NewHolder
from ampera.register.actions import grant_officer
from ampera.register.queries import local_day, officer_in_force
from ampera.suket import actions, queries
from ampera.suket.ports import MemoryKeys, open_letter_keys
from ampera.suket.queries import Holder
from ampera.words import OfficeCode, Refusal
from tests.interleavings import assert_order_free
from tests.stations.readiness_line import DINAS, PUSAT, by

HOLDER = Holder(
    nik="9999014107900001",
    nama="SITI CONTOH",
    tempat_lahir="PALEMBANG",
    tanggal_lahir="1990-07-01",
    jenis_kelamin="PEREMPUAN",
    alamat="JL. CONTOH 1, RT 001 RW 001",
)


def with_kepala(line):
    """The line of readiness with a head of office who signs at the dinas."""
    with line.at(PUSAT):
        answer = grant_officer(
            by(""),
            office=OfficeCode(DINAS),
            login="kepala",
            holder=NewHolder("Kepala Dinas (CONTOH)"),
            roles=["kepala"],
            until=local_day() + timedelta(days=80),
        )
    assert not isinstance(answer, Refusal), answer
    line.post()
    line.kepala = answer["officer"]
    with line.at(DINAS):
        line.officer = officer_in_force(line.kepala)
    open_letter_keys(OfficeCode(DINAS), keys=MemoryKeys())
    return line


def recorded(city, resident="res_1", **more):
    """Somebody asked, was recorded, and is print ready; their card waits."""
    request = city.ask(resident, **more)
    city.capture(resident, request, f"enr_{request}")
    city.confirm(request)
    city.ready(resident, request=request)
    city.post()
    return request


def issue(city, request, **changes):
    with city.at(DINAS):
        return actions.issue(by(), request=request, holder=replace(HOLDER, **changes))


def given(city, request):
    answer = issue(city, request)
    assert isinstance(answer, dict), answer
    return answer["suket"]


def code(answer):
    return answer.code if isinstance(answer, Refusal) else answer


def seen(city, suket):
    with city.at(DINAS):
        return queries.suket_for(city.officer, suket=suket)


def whole(city):
    with city.at(DINAS):
        assert [each for check in queries.CHECKS for each in check()] == []
        assert compare_with_rebuild() == []
    assert_order_free(city.offices, DINAS, tries=6)
