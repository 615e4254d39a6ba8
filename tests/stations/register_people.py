"""Officers and residents that the tests of the register act with."""

from __future__ import annotations

import itertools
from datetime import date
from typing import NamedTuple

from ampera.journal.actions import Command
from ampera.journal.house import House
from ampera.journal.queries import entries_about
from ampera.register.actions import (
    Holder,
    grant_officer,
)
from ampera.register.models import Resident
from ampera.register.queries import (
    OfficerSeen,
    Role,
    local_day,
)
from ampera.words import OfficeCode, Refusal
from tests.rules.test_register_export import a_line

DINAS, SU1, IT2 = OfficeCode("16.71"), OfficeCode("16.71.02"), OfficeCode("16.71.06")
PASSWORD = "jembatan di atas Musi"
UNTIL = date(2017, 11, 30)
UNKNOWN = Refusal("officer.unknown")
NOT_HERE = Refusal("register.not_here")
numbers = itertools.count()


def command(officer=""):
    """A new command of this officer, or of nobody."""
    return Command(id=f"cmd_{next(numbers)}", officer=officer)


def grant(office=SU1, *, login="loket", name="Sari", roles=("loket",), **more):
    """The dinas gives somebody rights at an office."""
    by = command(more.pop("by", ""))
    holder = Holder(name, more.pop("nik", ""))
    return grant_officer(
        by, office=office, login=login, holder=holder, roles=roles, until=more.pop("until", UNTIL)
    )


class People(NamedTuple):
    """A server and two of its officers."""

    house: House
    sari: str
    rina: str


def officer(office, *, roles=(Role.LOKET,), name="Sari"):
    """An officer as a sign-in gives one, with rights for today."""
    return OfficerSeen(
        id=f"off_{name}",
        login=name.lower(),
        name=name,
        office=OfficeCode(office),
        roles=frozenset(roles),
        until=local_day(),
    )


def nik(number, *, day="070990"):
    """A NIK of the wilayah that does not exist."""
    return f"990101{day}{9000 + number:04d}"


def at_kertapati(**changes):
    return a_line(**({"Kecamatan": "Kertapati", "Desa/Kel": "Kertapati"} | changes))


def at_jakabaring(**changes):
    return a_line(**({"Kecamatan": "Jakabaring", "Desa/Kel": "8 Ulu"} | changes))


CITY = [
    a_line(NIK=nik(1), Nama="Dewasa"),
    a_line(NIK=nik(2, day="080901"), Nama="Enam Belas", **{"Tanggal Lahir": "08-09-2001"}),
    a_line(NIK=nik(3, day="070901"), Nama="Genap Enam Belas", **{"Tanggal Lahir": "07-09-2001"}),
    a_line(NIK=nik(4, day="010103"), Nama="Nikah Muda", **{"Tanggal Lahir": "01-01-2003"}),
    a_line(NIK=nik(5), Nama="Almarhum", Status="MATI"),
    at_jakabaring(NIK=nik(6), Nama="Warga Jakabaring"),
    at_kertapati(NIK=nik(7), Nama="Warga Kertapati"),
]
CITY[1] = CITY[1].replace(";KAWIN;", ";BELUM KAWIN;")
CITY[2] = CITY[2].replace(";KAWIN;", ";BELUM KAWIN;")


def looks():
    """(officer, residents, purpose) of every look that was recorded here."""
    return [
        (each.officer, list(each.facts["subjects"]), each.facts["purpose"])
        for row in Resident.objects.order_by("nik")
        for each in entries_about([row.id])
        if each.kind == "look.recorded/1"
    ]
