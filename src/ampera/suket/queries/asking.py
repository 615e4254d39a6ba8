"""What decides whether somebody may have a suket, and whom it would certify."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ampera.dedup.queries import Verdict, verdict_of
from ampera.delivery.queries import CaseSeen, case_of
from ampera.enrolment.queries import enrolments_of
from ampera.intake.queries import RequestSeen
from ampera.journal.house import house
from ampera.readiness.queries import CardState, WaitCode, cards_of, hold_of
from ampera.register.queries import (
    OfficerSeen,
    Purpose,
    local_day,
    officers_of,
    resident_by_id,
)
from ampera.register.queries.public import was_recorded_before
from ampera.suket.models import Suket
from ampera.suket.queries.seen import IN_FORCE, letter_of
from ampera.suket.rules.letters import Asked, CardStand, Letter, decide_issue
from ampera.suket.rules.policy import policy
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: Reasons to wait that only somebody with a print-ready record has.
_HAS_RECORD: Final = frozenset(
    {
        WaitCode.UNDER_AGE,
        WaitCode.OFFICE_NOT_OPEN,
        WaitCode.OFFICE_CANNOT_PRINT,
        WaitCode.WAITING_FOR_BLANKO,
        WaitCode.IN_QUEUE,
        WaitCode.PERMITTED,
        WaitCode.PERMIT_EXPIRED,
        WaitCode.RECALLED,
        WaitCode.PRINTING,
        WaitCode.IN_DISPUTE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whom a suket certifies, as the register or the recording has them."""

    nik: str = field(repr=False)
    nama: str = field(repr=False)
    tempat_lahir: str = field(repr=False)
    tanggal_lahir: str = field(repr=False)  #: ISO
    jenis_kelamin: str = field(repr=False)
    alamat: str = field(repr=False)
    is_alive: bool = True

    def as_body(self) -> dict[str, str]:
        """What goes into the body of the entry."""
        return {
            "nik": self.nik,
            "nama": self.nama,
            "tempat_lahir": self.tempat_lahir,
            "tanggal_lahir": self.tanggal_lahir,
            "jenis_kelamin": self.jenis_kelamin,
            "alamat": self.alamat,
        }


def asked_of(seen: RequestSeen, *, is_alive: bool = True) -> Asked:
    """Everything that decides whether this request's holder may have a suket now."""
    case = case_of(seen)
    codes = {wait.code for wait in case.waits}
    hold = hold_of(seen.resident)
    return Asked(
        is_dinas=house().tier is Tier.DINAS,
        is_open=seen.rejected_at is None and seen.closed_at is None,
        is_alive=is_alive,
        is_recorded=_is_recorded(seen.resident, nik=seen.nik) or bool(codes & _HAS_RECORD),
        verdict=_barring_verdict(seen.resident, nik=seen.nik),
        is_voided=WaitCode.CLOSED in codes,
        held_until=hold.until if hold is not None else None,
        card=_stand(case),
        printable_from=_printable_from(case),
        other=_newest_letter(seen.resident),
        is_signed=bool(signatory_name()),
    )


def why_not(seen: RequestSeen, *, is_alive: bool = True) -> Refusal | None:
    """Why no suket can be given for this request today; None when one can."""
    day = local_day()
    asked = asked_of(seen, is_alive=is_alive)
    said = decide_issue(asked, row=policy().allowed_on(day), day=day)
    return said if isinstance(said, Refusal) else None


def status_word(seen: RequestSeen) -> str:
    """SIAK's word for the record, as it is printed in the corner (domain §1.3.6)."""
    return case_of(seen).text.word


def _stand(case: CaseSeen) -> CardStand:
    states = {each.state for each in cards_of(case.request.resident)
              if each.request == case.request.id}  # fmt: skip
    if CardState.VALID in states or WaitCode.DELIVERED in {wait.code for wait in case.waits}:
        return CardStand.HANDED_OVER
    if states & {CardState.PRINTED, CardState.READY}:
        return CardStand.PRINTED
    return CardStand.NOT_PRINTED


def _printable_from(case: CaseSeen) -> date | None:
    days = [wait.facts["day"] for wait in case.waits if wait.code is WaitCode.UNDER_AGE]
    return date.fromisoformat(days[0]) if days else None


def _is_recorded(resident: str, *, nik: str) -> bool:
    """Captured and received at the centre, found unique, or holder of a card from before."""
    for each in enrolments_of(resident, nik=nik):
        if each.received_at is not None or verdict_of(each.id) is not None:
            return True
    return was_recorded_before(resident)


def _barring_verdict(resident: str, *, nik: str) -> str:
    """SIAK's word where no recording of this resident was found unique and one was not."""
    said = [verdict_of(each.id) for each in enrolments_of(resident, nik=nik)]
    words = [each.verdict for each in said if each is not None]
    if not words or Verdict.PRINT_READY_RECORD in words:
        return ""
    return words[-1].value


def _newest_letter(resident: str) -> Letter | None:
    """The one that lasts longest of those that did not end."""
    rows = Suket.objects.filter(IN_FORCE, resident=resident).order_by("-valid_until", "-n")
    row = rows.first()
    return letter_of(row) if row is not None else None


def signatory_name() -> str:
    """Who signs at this office by the policy of the day; empty when nobody holds that role."""
    row = policy().row_on(local_day())
    role = row.signed_by if row is not None else ""
    for each in officers_of(house().code):
        if each.is_in_force and role in {str(held) for held in each.roles}:
            return each.name
    return ""


def holder_for(officer: OfficerSeen, *, seen: RequestSeen) -> Holder | Refusal:
    """Whom the suket certifies: as the register has them, else as they were recorded.

    `seen` came through its own door; the look at the register's record is recorded here. Refuses
    suket.no_data where neither is known at this dinas.
    """
    known = resident_by_id(officer, seen.resident, purpose=Purpose.SUKET)
    if not isinstance(known, Refusal):
        return Holder(
            nik=known.nik.digits,
            nama=known.name,
            tempat_lahir=known.birth_place,
            tanggal_lahir=known.born.isoformat(),
            jenis_kelamin=known.sex.value,
            alamat=", ".join(
                part
                for part in (
                    known.address,
                    f"RT {known.rt} RW {known.rw}",
                    known.kelurahan_name,
                    known.kecamatan_name,
                )
                if part
            ),
            is_alive=known.is_alive,
        )
    for each in enrolments_of(seen.resident, nik=seen.nik):
        card = each.printed
        if card is not None:
            return Holder(
                nik=card.nik,
                nama=card.nama,
                tempat_lahir=card.tempat_lahir,
                tanggal_lahir=card.tanggal_lahir,
                jenis_kelamin=card.jenis_kelamin,
                alamat=f"{card.alamat}, RT {card.rt} RW {card.rw}, {card.kelurahan},"
                f" {card.kecamatan}",
            )
    return Refusal("suket.no_data")
