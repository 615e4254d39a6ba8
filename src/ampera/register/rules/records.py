"""What the register knows of a resident, as values; and what a row of an export can lack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ampera.words.nik import Nik, NoKK, Sex
from ampera.words.refusal import Refusal
from ampera.words.wilayah import WilayahCode


class Purpose(StrEnum):
    """Why somebody looks at a resident's record; it stands in the audit chain."""

    COUNTER = "counter"
    ENROLMENT = "enrolment"
    VERIFICATION = "verification"
    PRINTING = "printing"
    HANDOVER = "handover"
    CORRECTION = "correction"  #: NIK ganda, data ganda
    SUKET = "suket"  #: an interim letter
    AUDIT = "audit"


class RowWarning(StrEnum):
    """What an officer should look at later; the row is taken all the same."""

    BIRTH_DATE_DIFFERS = "birth_date_differs"  #: from the NIK: real NIKs with a wrong date exist
    SEX_DIFFERS = "sex_differs"
    RELIGION_BLANK = "religion_blank"  #: unrecognised beliefs used to be left blank
    EDUCATION_UNREAD = "education_unread"
    SHDK_UNREAD = "shdk_unread"
    STATUS_UNREAD = "status_unread"


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """One resident as an export says it, in the codes of `codes`, without parents and disability.

    A card needs neither, and what is not held cannot leak (domain §9.3).
    """

    nik: Nik
    no_kk: NoKK
    name: str
    birth_place: str
    born: date
    sex: Sex
    religion: int | None
    marital: int
    blood: int
    shdk: int | None
    education: int | None
    occupation: int
    nationality: int
    base_status: int
    address: str
    rt: str
    rw: str
    kelurahan: WilayahCode
    has_legacy_card: bool  #: a card was printed before Ampera: it bars a first card
    warnings: frozenset[RowWarning] = frozenset()


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """A family card: its number and where the family lives. A resident stands on one only."""

    no_kk: NoKK
    kelurahan: WilayahCode


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that cannot be taken: where it stands, which column, and why. It names nobody."""

    line: int  #: as a text editor counts, from 1
    column: str
    refusal: Refusal

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def text(self) -> str:
        return f"{self.refusal.text()} {self.refusal.next_step()}"
