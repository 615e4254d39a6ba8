"""The doors to a resident's record. Who looked, when and why goes into the audit chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from django.db.models import Q, QuerySet

from ampera.journal.actions import record_look
from ampera.register.models import Resident
from ampera.register.queries.officers import OfficerSeen
from ampera.register.queries.offices import served_kecamatan
from ampera.register.queries.wilayah import names_above
from ampera.register.rules import ages, codes
from ampera.register.rules.records import Purpose, RowWarning
from ampera.register.rules.rights import Action
from ampera.register.rules.spelling import plain_key
from ampera.words.nik import Nik, NoKK, Sex
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal
from ampera.words.wilayah import Level, WilayahCode


@dataclass(frozen=True, slots=True)
class ResidentSeen:
    """A resident as an officer sees them. Texts are those that the card prints."""

    id: str
    nik: Nik
    no_kk: NoKK
    name: str
    birth_place: str
    born: date
    sex: Sex
    religion: str  #: empty where it was left blank
    marital: str
    blood: str
    shdk: str
    education: str
    occupation: str
    nationality: str
    address: str
    rt: str
    rw: str
    kelurahan: WilayahCode
    kelurahan_name: str
    kecamatan_name: str
    kabkota_name: str
    provinsi_name: str
    post_code: str
    marital_code: int
    base_status: str
    is_alive: bool
    has_legacy_card: bool
    is_sample: bool
    warnings: frozenset[RowWarning]

    @property
    def kecamatan(self) -> OfficeCode:
        """The kecamatan of the domicile, as the card's address names it: not the NIK's."""
        return OfficeCode(self.kelurahan.at(Level.KECAMATAN).text)

    def must_hold_card(self, on: date) -> bool:
        return ages.must_hold_card(born=self.born, marital=self.marital_code, on=on)

    def may_be_recorded(self, on: date) -> bool:
        return ages.may_be_recorded(born=self.born, marital=self.marital_code, on=on)

    def printable_from(self, on: date) -> date:
        return ages.printable_from(born=self.born, marital=self.marital_code, on=on)


def resident_for(  # positional: the officer and whom they look for
    officer: OfficerSeen, nik: Nik, *, purpose: Purpose
) -> ResidentSeen | Refusal:
    """The resident with that NIK, if this officer's office serves them; the look is recorded.

    *Not there* and *not yours* get the same refusal.
    """
    return _through_the_door(officer, wanted=Q(nik=nik.digits), purpose=purpose)


def resident_by_id(  # positional: the officer and whom they look for
    officer: OfficerSeen, resident: str, *, purpose: Purpose
) -> ResidentSeen | Refusal:
    """As `resident_for`, by the record's id."""
    return _through_the_door(officer, wanted=Q(pk=resident), purpose=purpose)


def _through_the_door(
    officer: OfficerSeen, *, wanted: Q, purpose: Purpose
) -> ResidentSeen | Refusal:
    if not officer.may(Action.RESIDENT_SEE):
        return Refusal("officer.may_not")
    row = _served_by(officer.office).filter(wanted).first()
    if row is None:
        return Refusal("register.not_here")
    record_look(officer=officer.id, subjects=[row.id], purpose=Purpose(purpose).value)
    return _seen(row)


def _served_by(office: OfficeCode) -> QuerySet[Resident]:
    match office.tier:
        case Tier.PUSAT:
            return Resident.objects.all()
        case Tier.DINAS:
            return Resident.objects.filter(lives_in(office.text))
        case Tier.KECAMATAN:
            here = Q(pk__in=[])
            for kecamatan in served_kecamatan(office):
                here |= lives_in(kecamatan.text)
            return Resident.objects.filter(here)
        case _:
            assert_never(office.tier)


def lives_in(area: str) -> Q:
    """Residents of that kecamatan or kabkota. A range, so that the index serves it."""
    return Q(kelurahan__gt=f"{area}.", kelurahan__lt=f"{area}/")


def _seen(row: Resident) -> ResidentSeen:
    kelurahan = WilayahCode(row.kelurahan)
    names = names_above(kelurahan)
    warnings = frozenset(RowWarning(each) for each in row.warnings.split(",") if each)

    def name(level: Level) -> str:
        return names.get(level, (kelurahan.at(level).text, ""))[0]

    return ResidentSeen(
        id=row.id,
        nik=Nik(row.nik),
        no_kk=NoKK(row.family_id),
        name=row.name,
        birth_place=row.birth_place,
        born=row.born,
        sex=Sex.FEMALE if row.is_female else Sex.MALE,
        religion=_text(row.religion, table=codes.RELIGION),
        marital=codes.MARITAL.text(row.marital),
        blood=codes.BLOOD.text(row.blood),
        shdk=_text(row.shdk, table=codes.SHDK),
        education=_text(row.education, table=codes.EDUCATION),
        occupation=codes.OCCUPATION.text(row.occupation),
        nationality=codes.NATIONALITY.text(row.nationality),
        address=row.address,
        rt=row.rt,
        rw=row.rw,
        kelurahan=kelurahan,
        kelurahan_name=name(Level.KELURAHAN),
        kecamatan_name=name(Level.KECAMATAN),
        kabkota_name=name(Level.KABKOTA),
        provinsi_name=name(Level.PROVINSI),
        post_code=names.get(Level.KELURAHAN, ("", ""))[1],
        marital_code=row.marital,
        base_status=codes.BASE_STATUS.text(row.base_status),
        is_alive=row.base_status == codes.ALIVE,
        has_legacy_card=row.has_legacy_card,
        is_sample=row.is_sample,
        warnings=warnings,
    )


def _text(code: int | None, *, table: codes.CodeTable) -> str:
    return table.text(code) if code is not None else ""


def nik_and_kk_known(nik: Nik, no_kk: NoKK) -> bool:  # positional: two types, not to be swapped
    """Do both numbers stand on one living resident's KK? For the public page; names nobody.

    One query whatever the answer. No look is recorded: nobody sees a record.
    """
    return Resident.objects.filter(
        nik=nik.digits, family_id=no_kk.digits, base_status=codes.ALIVE
    ).exists()


def resident_id_known(nik: Nik, no_kk: NoKK) -> str | None:  # positional: as nik_and_kk_known
    """The record id behind `nik_and_kk_known`, for the public page to ask a card's state by."""
    return (
        Resident.objects.filter(nik=nik.digits, family_id=no_kk.digits, base_status=codes.ALIVE)
        .values_list("id", flat=True)
        .first()
    )


def agrees_with_register(nik: str, *, nama: str, tanggal_lahir: str) -> bool | None:
    """Do name and birth date (ISO text) agree with the register for that NIK (architecture §9)?

    None when no living resident here has that NIK: then an officer looks.
    The server itself asks and learns yes or no, so no look is recorded.
    """
    known = Resident.objects.filter(nik=nik, base_status=codes.ALIVE).values_list("name", "born")
    row = known.first()
    if row is None:
        return None
    return plain_key(row[0]) == plain_key(nama) and row[1].isoformat() == tanggal_lahir


def is_register_loaded() -> bool:
    """Is there any resident here? A new kecamatan waits for its first snapshot."""
    return Resident.objects.exists()
