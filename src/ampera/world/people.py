"""Synthetic residents of the demo city, in households. Nobody here exists: DATA CONTOH.

Pure and seeded: the same seed gives the same people, kelurahan by kelurahan, whatever else is asked
for. Serials 9000-9999 keep every NIK and KK number away from real ones, which hardly reach that
far.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from ampera.register.rules import codes
from ampera.register.rules.ages import CARD_AGE_YEARS, birthday
from ampera.words.nik import Sex
from ampera.world.names import Clan, clan_for, name_for, same_group

SERIAL_FIRST: Final = 9000
#: Serials of one birth date that one kelurahan may use; two dozen kelurahan share a prefix.
_SERIALS_A_KELURAHAN: Final = 40
#: NIKs of the two kecamatan that were split off keep the code of their parent (data-and-screens
#: §2).
_ISSUED_IN: Final[Mapping[str, str]] = {"16.71.17": "16.71.02", "16.71.18": "16.71.06"}

_SIZES: Final = ((1, 8), (2, 13), (3, 20), (4, 26), (5, 18), (6, 9), (7, 4), (8, 2))
_STREETS: Final = (
    "JL. JEND. SUDIRMAN", "JL. KOL. H. BURLIAN", "JL. DEMANG LEBAR DAUN", "JL. KH. WAHID HASYIM",
    "JL. GUB. H.A. BASTARI", "JL. KI MEROGAN", "JL. BASUKI RAHMAT", "JL. MAYOR ZEN",
    "JL. PERINTIS KEMERDEKAAN", "JL. PARAMESWARA", "JL. SUKABANGUN II", "JL. TALANG KERANGGA",
    "JL. R.E. MARTADINATA", "JL. DI PANJAITAN", "JL. SLAMET RIADI", "LR. SERENGAM", "LR. KEDUKAN",
    "LR. MASAWA", "LR. JAMBU", "LR. SEPAKAT", "LR. TERUSAN", "LR. MAWAR", "KOMP. GRIYA CONTOH",
)  # fmt: skip
_BORN_ELSEWHERE: Final = (
    "KAYU AGUNG", "SEKAYU", "MUARA ENIM", "PRABUMULIH", "LAHAT", "PANGKALPINANG", "JAMBI",
    "BANDAR LAMPUNG", "JAKARTA", "MEDAN", "PADANG", "SURAKARTA", "BANYUASIN", "BATURAJA",
)  # fmt: skip
_BORN_HERE_SHARE: Final = 0.78
_KK_SYSTEM_BEGAN: Final = date(2010, 1, 4)

#: Occupation and education by what they are called on the card, so that the tables stay the source.
_WORK_OF_MEN: Final = (
    ("KARYAWAN SWASTA", 28), ("WIRASWASTA", 22), ("BURUH HARIAN LEPAS", 18), ("SOPIR", 7),
    ("PEGAWAI NEGERI SIPIL", 6), ("PEDAGANG", 8), ("GURU", 3), ("TUKANG BATU", 3),
    ("NELAYAN/PERIKANAN", 2), ("TENTARA NASIONAL INDONESIA", 1), ("KEPOLISIAN RI", 1),
    ("BELUM/TIDAK BEKERJA", 4),
)  # fmt: skip
_WORK_OF_WOMEN: Final = (
    ("MENGURUS RUMAH TANGGA", 60), ("KARYAWAN SWASTA", 14), ("PEDAGANG", 9), ("GURU", 5),
    ("PEGAWAI NEGERI SIPIL", 5), ("BIDAN", 1), ("PERAWAT", 2), ("WIRASWASTA", 5),
)  # fmt: skip
_SCHOOLING: Final = ((3, 18), (4, 20), (5, 42), (6, 2), (7, 5), (8, 12), (9, 2))
_BLOOD: Final = ((1, 12), (2, 14), (3, 4), (4, 20), (13, 60))
#: Of those who must hold a card, this share has one from before Ampera (domain §8.2).
_LEGACY_SHARE: Final = 0.86


@dataclass(frozen=True, slots=True)
class ResidentSketch:
    """One synthetic resident; codes are those of the register's tables."""

    nik: str
    no_kk: str
    name: str
    birth_place: str
    born: date
    sex: Sex
    religion: int
    marital: int
    blood: int
    shdk: int
    education: int
    occupation: int
    address: str
    rt: str
    rw: str
    kelurahan: str
    has_legacy_card: bool
    nationality: int = 1
    is_sample: bool = True


@dataclass(frozen=True, slots=True)
class _Member:
    """One of a household, before there is a number for them."""

    shdk: int
    sex: Sex
    age: int
    marital: int
    clan: Clan


def people_of(
    kelurahan: Sequence[str], *, count: int, seed: int, today: date
) -> Iterator[ResidentSketch]:
    """Make `count` residents, shared evenly over the given kelurahan, household by household.

    A kelurahan's people depend on its code, its share, the seed and the day only. NIK and KK
    numbers are unique over any set of calls that names each kelurahan once.
    """
    share, more = divmod(count, len(kelurahan))
    for number, code in enumerate(kelurahan):
        wanted = share + (1 if number < more else 0)
        place = _Place(code, chance=Random(f"{seed}/{code}"), today=today)
        made = 0
        while made < wanted:
            for person in place.family(most=wanted - made):
                made += 1
                yield person


class _Place:
    """One kelurahan while it is filled: its chance, and the numbers given out so far."""

    def __init__(self, code: str, *, chance: Random, today: date) -> None:
        self._code, self._chance, self._today = code, chance, today
        kecamatan = code[:8]
        issued_in = _ISSUED_IN.get(kecamatan, kecamatan)
        self._prefix = issued_in.replace(".", "")
        # Kelurahan of a split-off kecamatan share the prefix of the parent's: they take the upper
        # dozen.
        slot = (int(code[-2:]) - 1) % 12 + (12 if issued_in != kecamatan else 0)
        self._serial = SERIAL_FIRST + slot * _SERIALS_A_KELURAHAN
        self._given: dict[str, int] = {}

    def family(self, *, most: int) -> Iterator[ResidentSketch]:
        """One family on one KK, cut to `most` people."""
        chance = self._chance
        size = min(_drawn(_SIZES, chance=chance), most)
        no_kk = ""
        while not no_kk:
            no_kk = self._number(_KK_SYSTEM_BEGAN + timedelta(chance.randrange(2700)), kind="kk")
        rt = chance.randint(1, 58)
        address = f"{chance.choice(_STREETS)} NO. {chance.randint(1, 299)}"
        home = (address, f"{rt:03d}", f"{rt // 5 + 1:03d}")
        clan = clan_for(chance)
        for member in _members(size, clan=clan, chance=chance):
            yield self._person(member, no_kk=no_kk, home=home)

    def _person(self, member: _Member, *, no_kk: str, home: tuple[str, str, str]) -> ResidentSketch:
        chance = self._chance
        born, nik = self._born_and_nik(member)
        age = _age(born, on=self._today)
        is_here = chance.random() < _BORN_HERE_SHARE or age < 17
        holds = member.marital != codes.NOT_MARRIED or age >= CARD_AGE_YEARS
        return ResidentSketch(
            nik=nik,
            no_kk=no_kk,
            name=name_for(member.clan, is_female=member.sex is Sex.FEMALE, age=age, chance=chance),
            birth_place="PALEMBANG" if is_here else chance.choice(_BORN_ELSEWHERE),
            born=born,
            sex=member.sex,
            religion=member.clan.religion,
            marital=member.marital,
            blood=_drawn(_BLOOD, chance=chance),
            shdk=member.shdk,
            education=_education(age, chance=chance),
            occupation=_occupation(age, sex=member.sex, chance=chance),
            address=home[0],
            rt=home[1],
            rw=home[2],
            kelurahan=self._code,
            has_legacy_card=holds and age >= 19 and chance.random() < _LEGACY_SHARE,
        )

    def _born_and_nik(self, member: _Member) -> tuple[date, str]:
        last = birthday(self._today, years=-member.age)
        while True:
            born = last - timedelta(days=self._chance.randrange(365))
            nik = self._number(born, kind=member.sex.value)
            if nik:
                return born, nik

    def _number(self, day: date, *, kind: str) -> str:
        """The next NIK or KK number of that day; empty when this kelurahan has none left for it."""
        first = day.day + (40 if kind == Sex.FEMALE.value else 0)
        key = f"{'kk' if kind == 'kk' else ''}{first:02d}{day:%m%y}"
        given = self._given.get(key, 0)
        if given == _SERIALS_A_KELURAHAN:
            return ""
        self._given[key] = given + 1
        return f"{self._prefix}{key[-6:]}{self._serial + given:04d}"


def _members(size: int, *, clan: Clan, chance: Random) -> Iterator[_Member]:
    """Head, spouse, children, then others of the family."""
    head_age = min(max(round(chance.gauss(44, 13)), 21), 88)
    is_woman = chance.random() < 0.16
    has_spouse = size > 1 and not is_woman
    alone = 1 if head_age < 28 else chance.choice((3, 4, 4))
    sex = Sex.FEMALE if is_woman else Sex.MALE
    yield _Member(1, sex, head_age, 2 if has_spouse else alone, clan)
    if has_spouse:
        own = same_group(clan, chance=chance) if chance.random() < 0.7 else clan_for(chance)
        married_in = own.of_wife(clan)
        age = min(max(head_age - chance.randint(-2, 7), 19), 86)
        yield _Member(3, Sex.FEMALE, age, 2, married_in)
    for number in range(size - (2 if has_spouse else 1)):
        child = chance.choice((Sex.MALE, Sex.FEMALE))
        if number < 5:
            yield _Member(4, child, max(head_age - chance.randint(21, 38), 0), 1, clan)
        else:
            age = chance.randint(4, 82)
            yield _Member(9, child, age, 4 if age > 55 else 1, clan)


def _drawn(weighted: Sequence[tuple[int, int]], *, chance: Random) -> int:
    return chance.choices([each for each, _ in weighted], [weight for _, weight in weighted])[0]


def _age(born: date, *, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _education(age: int, *, chance: Random) -> int:
    if age < 7:
        return 1
    if age < 13:
        return 2
    if age < 16:
        return 3
    if age < 19:
        return 4
    return _drawn(_SCHOOLING, chance=chance)


def _occupation(age: int, *, sex: Sex, chance: Random) -> int:
    if age < 6:
        text = "BELUM/TIDAK BEKERJA"
    elif age < 20:
        text = "PELAJAR/MAHASISWA"
    elif age > 60 and chance.random() < 0.4:
        text = "PENSIUNAN"
    else:
        work = _WORK_OF_MEN if sex is Sex.MALE else _WORK_OF_WOMEN
        text = chance.choices([each for each, _ in work], [weight for _, weight in work])[0]
    code = codes.OCCUPATION.read(text)
    assert code is not None, text
    return code


_COLUMNS: Final = (
    "Nomor KK", "NIK", "Nama", "Status", "Tempat Lahir", "Tanggal Lahir", "Kelamin", "Status Kawin",
    "SHDK", "Agama", "Kecamatan", "Desa/Kel", "Kode Wilayah", "Alamat", "RW", "RT", "Pendidikan",
    "Pekerjaan", "Gol. Darah", "Kewarganegaraan", "Cetak KTP",
)  # fmt: skip


def export_of(people: Iterator[ResidentSketch], *, names: Mapping[str, str]) -> Iterator[str]:
    """These people as the lines of a register export, as the ministry's comes: the demo imports it.

    `names` gives the names of kecamatan and kelurahan by code; missing ones are left to the code.
    """
    yield _csv_line(_COLUMNS)
    for each in people:
        yield _csv_line(
            (
                each.no_kk, each.nik, each.name, "HIDUP", each.birth_place,
                each.born.strftime("%d-%m-%Y"), each.sex.value, codes.MARITAL.text(each.marital),
                codes.SHDK.text(each.shdk), codes.RELIGION.text(each.religion),
                names.get(each.kelurahan[:8], ""), names.get(each.kelurahan, ""), each.kelurahan,
                each.address, each.rw, each.rt, codes.EDUCATION.text(each.education),
                codes.OCCUPATION.text(each.occupation), codes.BLOOD.text(each.blood),
                codes.NATIONALITY.text(each.nationality), "1" if each.has_legacy_card else "",
            )
        )  # fmt: skip


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(cells)
    return line.getvalue()
