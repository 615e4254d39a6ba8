"""Synthetic residents for tests, and the way of one recording from the counter to the centre.

DATA CONTOH: wilayah 99 exists nowhere, so no NIK here can be a person's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from ampera.enrolment.actions import acknowledge, capture
from ampera.enrolment.ports.simulated import carry_packets
from ampera.enrolment.rules.printed import PrintedFields
from ampera.intake.actions import complete_request, take_request
from ampera.intake.rules.replacing import PoliceLetter
from ampera.intake.rules.requests import ResidentFacts
from ampera.journal.actions import Command
from ampera.journal.house import House, acting_in
from ampera.journal.keys import ServerKey
from ampera.journal.second_log import MemorySecondLog
from ampera.words import FixedClock, Nik, NoKK, OfficeCode, Reason, SystemIds
from tests.houses import START, Offices

NEW_PAPERS = ("form", "kk_copy", "presence")
A_POLICE_LETTER = PoliceLetter(number="SKH/CONTOH/12", on=date(2017, 9, 1), office="Polsek Contoh")
PNG = b"\x89PNG\r\n\x1a\n"


def a_resident(number: int = 1, **changes: Any) -> ResidentFacts:
    """A complete adult of kecamatan 16.71.02; `number` tells residents apart."""
    resident = ResidentFacts(
        resident=f"res_{number:032x}",
        nik=Nik(f"997102170599{number:04d}"),
        no_kk=NoKK(f"9971020101{number:06d}"),
        home=OfficeCode("16.71.02"),
        host=OfficeCode("16.71.02"),
        nama=f"CONTOH WARGA {number}",
        tempat_lahir="KOTA CONTOH",
        tanggal_lahir=date(1999, 5, 17),
        jenis_kelamin="LAKI-LAKI",
        alamat=f"JL. CONTOH NO. {number}",
        rt="001",
        rw="002",
        kelurahan="16.71.02.1002",
        status_perkawinan="BELUM KAWIN",
        pekerjaan="PELAJAR/MAHASISWA",
        kewarganegaraan="WNI",
    )
    return replace(resident, **changes)


def a_card_of(resident: ResidentFacts, **changes: Any) -> PrintedFields:
    """What the card of that resident will say."""
    born = resident.tanggal_lahir
    assert born is not None
    fields = PrintedFields(
        provinsi="SUMATERA SELATAN",
        kabkota="KOTA PALEMBANG",
        nik=resident.nik.digits,
        nama=resident.nama,
        tempat_lahir=resident.tempat_lahir,
        tanggal_lahir=born.isoformat(),
        jenis_kelamin=resident.jenis_kelamin,
        golongan_darah="TIDAK TAHU",
        alamat=resident.alamat,
        rt=resident.rt,
        rw=resident.rw,
        kelurahan="15 ULU",
        kecamatan="SEBERANG ULU I",
        agama="ISLAM",
        status_perkawinan=resident.status_perkawinan,
        pekerjaan=resident.pekerjaan,
        kewarganegaraan=resident.kewarganegaraan,
        printable_from=date(born.year + 17, born.month, born.day),
    )
    return replace(fields, **changes)


def images_of(number: int = 1) -> dict[str, bytes]:
    """Four files whose contents can be looked for; only their first bytes are an image's."""
    return {
        name: PNG + f"SPESIMEN-{name}-{number}-".encode() * 200
        for name in ("portrait", "signature", "finger_1", "finger_2")
    }


def taken(
    offices: Offices, resident: ResidentFacts, *, at: str, reason: Reason = Reason.NEW
) -> str:
    """Take and complete a request at that office; gives its id."""
    with offices.at(at) as house:
        command = Command(house.ids.new("cmd"), officer="off_sari")
        papers = {
            Reason.NEW: NEW_PAPERS,
            Reason.LOST: ("form", "kk_copy", "police_letter"),
        }.get(reason, ("form", "old_card", "event_proof", "moving_letter"))
        letter = A_POLICE_LETTER if reason is Reason.LOST else None
        answer = take_request(
            command, resident_facts=resident, reason=reason, papers=papers, letter=letter
        )
        assert isinstance(answer, dict), answer
        done = complete_request(Command(house.ids.new("cmd")), request=answer["request"])
        assert isinstance(done, dict), done
        return str(answer["request"])


def recorded(offices: Offices, number: int = 1, *, at: str = "16.71.02", **changes: Any) -> str:
    """Take, complete and capture a resident whose NIK is confirmed already; gives the enrolment."""
    resident = a_resident(number, **{"is_nik_confirmed": True, **changes})
    request = taken(offices, resident, at=at)
    with offices.at(at) as house:
        answer = capture(
            Command(house.ids.new("cmd"), officer="off_sari"),
            request=request,
            images=images_of(number),
            printed=a_card_of(resident),
        )
        assert isinstance(answer, dict), answer
        return str(answer["enrolment"])


def carry_up(rooms: Any, *, at: str = "16.71.02") -> None:
    """Carry the packets of an office to the centre, as a faultless post would."""
    if at.count(".") == 2:
        carry_packets(rooms[at], target=rooms[at[:5]])
    carry_packets(rooms[at[:5]], target=rooms["00"])


def received(offices: Offices, rooms: Any, *, at: str = "16.71.02") -> int:
    """Post, carry the packets, and let the centre acknowledge them; gives how many."""
    offices.post()
    carry_up(rooms, at=at)
    with offices.at("00"):
        done = acknowledge()
    offices.post()
    return done


@contextmanager
def lone_server(code: str) -> Iterator[House]:
    """One server on the database of the moment, for tests with real threads."""
    from ampera.tiers.wiring import make_registry

    clock = FixedClock(START)
    house = House(
        code=OfficeCode(code),
        incarnation=1,
        key=ServerKey.from_seed(b"7" * 32),
        clock=clock,
        ids=SystemIds(clock),
        registry=make_registry(),
        second_log=MemorySecondLog(),
        is_demo=True,
    )
    with acting_in(house):
        yield house


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, with its own connection, all let go together."""
    from django.db import connection

    start = threading.Barrier(len(works))
    answers: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        try:
            start.wait(30)
            answers[number] = works[number]()
        except BaseException as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


__all__ = [
    "NEW_PAPERS",
    "a_card_of",
    "a_resident",
    "at_once",
    "carry_up",
    "images_of",
    "lone_server",
    "received",
    "recorded",
    "taken",
]
