"""The same resident is recorded at two counters that cannot hear of each other (S8)."""

from __future__ import annotations

from typing import Any, Final

from ampera.tiers.stories.client import City
from ampera.tiers.stories.steps import Case
from ampera.tiers.stories.telling import Teller

ABOUT: Final = "satu penduduk direkam di dua loket, satu terputus / one resident, two recordings"


def play(city: City, teller: Teller) -> None:  # positional: the stage and who tells it
    """After healing exactly one record is print ready; the other says of whom it is a double."""
    office = city.office("16.71.07", "16.71.02")
    here = Case(city, teller, office)
    there = Case(city, teller, city.dinas)
    _cut(city, teller, office)
    try:
        here.find_and_take(office)
        for other in city.kecamatan:
            if other != office:
                code = city.desk(other, login="loket").refused("residents/look-up", nik=here.nik)
                teller.check(
                    code == "register.not_here",
                    what="kecamatan lain tidak melayani penduduk ini",
                    at=other,
                    refused=code,
                )
                break
        there.look_up(here.nik)
        there.take()
        _heal(city, teller, office)
        for case in (here, there):
            case.complete()
        for case in (here, there):
            case.wait_confirmed()
        _cut(city, teller, office)
        for case in (here, there):
            case.record()
        teller.step("dua rekaman, dua kantor, belum saling tahu")
    finally:
        _heal(city, teller, office)
    _judge(city, teller, (here, there))


def _judge(city: City, teller: Teller, cases: tuple[Case, Case]) -> None:
    centre = city.desk(city.pusat, login="ajudikator")

    def both() -> list[dict[str, Any]] | None:
        told = centre.get(f"residents/{cases[0].resident}/recordings")
        return told if len(told) == 2 and all(each["verdict"] for each in told) else None

    recordings = teller.wait("the centre judges both recordings", until=both)
    verdicts = {each["office"]: each["verdict"] for each in recordings}
    teller.check(
        sorted(verdicts.values()) == ["DUPLICATE_RECORD", "PRINT_READY_RECORD"],
        what="pusat menunggalkan: satu siap cetak, satu ganda",
        **{f"at_{office.replace('.', '_')}": verdict for office, verdict in verdicts.items()},
    )
    double = next(each for each in recordings if each["verdict"] == "DUPLICATE_RECORD")
    first = next(each for each in recordings if each["verdict"] == "PRINT_READY_RECORD")
    teller.check(
        double["of"] == first["enrolment"],
        what="rekaman ganda menunjuk rekaman yang pertama",
        of=double["of"],
    )
    loser = next(each for each in cases if each.request == double["request"])
    loser.wait_for_word("DUPLICATE_RECORD")
    loser.follow("DUPLICATE_RECORD")


def _cut(city: City, teller: Teller, office: str) -> None:
    city.control("cut", link=office)
    teller.step("jalur diputus", link=office)


def _heal(city: City, teller: Teller, office: str) -> None:
    city.control("heal", link=office)
    teller.step("jalur disambung", link=office)
