"""The steps of a card request, in their order (S10): taken, data complete, NIK confirmed.

Data must first be complete and reported to the dinas; only then is anybody recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from ampera.intake.rules.papers import (
    kabkota_of,
    papers_required,
    serves,
    serves_residents_of_others,
)
from ampera.words.nik import Nik, NoKK
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: What the register must know of a resident before a card can be made (domain §3.2). Religion may
#: be blank: beliefs outside the six were long left out. The blood group is often unknown.
REQUIRED_FIELDS: Final = (
    *("no_kk", "nama", "tempat_lahir", "tanggal_lahir", "jenis_kelamin", "alamat", "rt", "rw"),
    *("kelurahan", "status_perkawinan", "pekerjaan", "kewarganegaraan"),
)


class RejectReason(StrEnum):
    """Why a dinas rejects a request. Codes only: what names a person has no place in facts."""

    DATA_DIFFER = "data_differ"  #: name or birth date are not those of the register
    NIK_UNKNOWN = "nik_unknown"
    NIK_DOUBLE = "nik_double"  #: NIK ganda: goes to the desk of doubles first
    NOT_THE_PERSON = "not_the_person"
    WITHDRAWN = "withdrawn"  #: by the resident


class ReasonClass(StrEnum):
    """One request of each class may be open for a resident."""

    FIRST = "first"
    REPLACEMENT = "replacement"

    @classmethod
    def of(cls, reason: Reason) -> ReasonClass:
        return cls.REPLACEMENT if reason.is_replacement else cls.FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentFacts:
    """What the caller learned of a resident at the register's door. Empty text means: not known.

    `has_card` is None where nobody knows; `is_nik_confirmed` says that this NIK was confirmed
    before, so that the resident may be recorded while the office is cut off.
    """

    resident: str
    nik: Nik
    home: OfficeCode  #: the kecamatan of the domicile, which the card's address names
    host: OfficeCode  #: the office that serves it (S5)
    no_kk: NoKK | None = None
    tanggal_lahir: date | None = None
    nama: str = field(default="", repr=False)
    tempat_lahir: str = field(default="", repr=False)
    jenis_kelamin: str = field(default="", repr=False)
    alamat: str = field(default="", repr=False)
    rt: str = field(default="", repr=False)
    rw: str = field(default="", repr=False)
    kelurahan: str = field(default="", repr=False)
    status_perkawinan: str = field(default="", repr=False)
    pekerjaan: str = field(default="", repr=False)
    kewarganegaraan: str = field(default="", repr=False)
    has_card: bool | None = None
    #: Do the register's printed fields still say what the present card says? None: nobody knows.
    is_unchanged: bool | None = None
    is_nik_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """Everything known here about one request that is not personal."""

    id: str
    resident: str
    reason: Reason
    office: OfficeCode  #: where it was taken
    home: OfficeCode
    host: OfficeCode
    missing: tuple[str, ...] = ()
    is_nik_known: bool = False  #: confirmed before, said the register when the request was taken
    is_completed: bool = False
    is_confirmed: bool = False
    rejected_why: str = ""
    handed_to: str = ""
    is_closed: bool = False  #: the card is in a person's hand

    @property
    def is_open(self) -> bool:
        return not self.rejected_why and not self.is_closed

    @property
    def serving_office(self) -> OfficeCode:
        """Who works on it: the office it was handed on to, else the one that took it."""
        return OfficeCode(self.handed_to) if self.handed_to else self.office


@dataclass(frozen=True, slots=True)
class TakeRequest:
    """The request is taken; it stays here or goes on to `goes_to`, as the receipt says."""

    goes_to: OfficeCode
    missing: tuple[str, ...]


def missing_fields(resident: ResidentFacts) -> tuple[str, ...]:
    """Which required fields the register lacks, in the order of the form."""
    return tuple(name for name in REQUIRED_FIELDS if not getattr(resident, name))


def decide_take(
    resident: ResidentFacts,
    *,
    reason: Reason,
    papers: Collection[str],
    here: OfficeCode,
    on: date,
    open_requests: Sequence[RequestFacts],
) -> TakeRequest | Refusal:
    """May this request be taken here, and who serves it?

    Never refused for being the wrong office: a kecamatan takes what it does not serve and hands
    it to the dinas (S4). `open_requests` are the resident's own, of any class.
    """
    if resident.tanggal_lahir is not None and resident.tanggal_lahir > on:
        return Refusal("intake.born_in_future", day=resident.tanggal_lahir.isoformat())
    for paper in papers_required(reason, on=on).required:
        if paper not in papers:
            return Refusal("intake.paper_missing", paper=paper)
    is_guest = kabkota_of(resident.home) != kabkota_of(here)
    if is_guest and not serves_residents_of_others(reason, on=on):
        return Refusal("intake.change_out_of_domicile", home=kabkota_of(resident.home))
    if reason is Reason.NEW and resident.has_card:
        return Refusal("intake.not_a_first_card")
    if reason.is_replacement and resident.has_card is False:
        return Refusal("intake.no_card_to_replace")
    wanted = ReasonClass.of(reason)
    for known in open_requests:
        if known.is_open and ReasonClass.of(known.reason) is wanted:
            return Refusal("intake.already_open", request=known.id)
    upper = here.upper
    stays = serves(here.tier, reason=reason, on=on) or upper is None or upper.tier is Tier.PUSAT
    return TakeRequest(
        goes_to=here if stays or upper is None else upper, missing=missing_fields(resident)
    )


def decide_complete(
    request: RequestFacts, *, here: OfficeCode, missing: Sequence[str]
) -> Refusal | None:
    """May the data be reported as complete?

    `missing` as of now, not as of the day of the request.
    """
    if (no := _is_ours(request, here)) is not None:
        return no
    if request.is_completed:
        return Refusal("intake.already_completed")
    if missing:
        return Refusal("intake.field_missing", field=missing[0], count=len(missing))
    return None


def decide_confirm(request: RequestFacts, *, here: OfficeCode) -> Refusal | None:
    """May the NIK of this request be confirmed?

    Only at its dinas, only after its data were reported.
    """
    if (no := _is_to_be_decided(request, here)) is not None:
        return no
    return None if request.is_completed else Refusal("intake.not_completed")


def decide_reject(request: RequestFacts, *, here: OfficeCode, why: str) -> Refusal | None:
    """May this request be rejected? Only at its dinas, only before its NIK is confirmed."""
    if why not in {each.value for each in RejectReason}:
        return Refusal("intake.why_unknown")
    return _is_to_be_decided(request, here)


def decide_hand_on(request: RequestFacts, *, here: OfficeCode) -> OfficeCode | Refusal:
    """Whom the request goes to when this office cannot serve it."""
    if request.office != here:
        return Refusal("intake.no_such_request")
    if not request.is_open:
        return Refusal("intake.not_open")
    if request.handed_to:
        return Refusal("intake.already_handed_on", office=request.handed_to)
    if here.tier is not Tier.KECAMATAN or here.upper is None:
        return Refusal("intake.nowhere_to_hand_on")
    return here.upper


def _is_ours(request: RequestFacts, here: OfficeCode) -> Refusal | None:
    """Did this office take it, or was it handed on to this office?"""
    if here not in (request.office, request.serving_office):
        return Refusal("intake.no_such_request")
    return None if request.is_open else Refusal("intake.not_open")


def _is_to_be_decided(request: RequestFacts, here: OfficeCode) -> Refusal | None:
    if here.tier is not Tier.DINAS:
        return Refusal("intake.dinas_decides")
    if request.office != here and not request.office.is_child_of(here):
        return Refusal("intake.no_such_request")
    if not request.is_open:
        return Refusal("intake.not_open")
    return Refusal("intake.already_confirmed") if request.is_confirmed else None
