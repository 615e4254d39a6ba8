"""What others may see of the intake.

Pages that show a name go through a door that records the look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from ampera.intake.models import CardRequest, QueueDay
from ampera.intake.rules.requests import RequestFacts, ResidentFacts
from ampera.intake.rules.states import StateText, state_text, status_of
from ampera.intake.rules.tickets import hash_of_ticket, read_ticket
from ampera.journal.actions import record_look
from ampera.journal.house import house
from ampera.register.queries import OfficerSeen, Purpose, ResidentSeen, host_of, local_day
from ampera.words.clock import utc_from_text
from ampera.words.nik import Nik
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

PAGE_MOST: Final = 50

_OPEN: Final = Q(rejected_at="", closed_at="")


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """One request as known here. The personal part is empty once its retention has ended."""

    facts: RequestFacts
    papers: tuple[str, ...]
    taken_at: datetime | None
    completed_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str  #: `register`, or the officer
    rejected_at: datetime | None
    handed_at: datetime | None
    closed_at: datetime | None
    nik: str = field(repr=False)
    no_kk: str = field(repr=False)
    nama: str = field(repr=False)
    tanggal_lahir: str = field(repr=False)
    #: The police's letter of loss: number (empty once its retention has ended), office, ISO date.
    police_number: str = field(default="", repr=False)
    police_office: str = ""
    police_on: str = ""
    contact: str = field(default="", repr=False)  #: e-mail or mobile number, if one was given

    @property
    def id(self) -> str:
        return self.facts.id

    @property
    def resident(self) -> str:
        return self.facts.resident

    @property
    def reason(self) -> Reason:
        return self.facts.reason

    def status(self, *, siak: str = "") -> StateText:
        """`siak`: the word of the later stations, empty while there is none."""
        return status_of(self.facts, siak=siak)


@dataclass(frozen=True, slots=True)
class DeskItem:
    """A request whose NIK the register did not confirm by itself: a verifier has to look."""

    request: RequestSeen
    waits_since: datetime


@dataclass(frozen=True, slots=True)
class QueueSeen:
    """The queue of one counter today."""

    counter: str
    given: int
    called: int

    @property
    def waiting(self) -> int:
        return self.given - self.called


def resident_facts(seen: ResidentSeen) -> ResidentFacts:
    """What the register's door showed, as the intake's actions take it.

    Whether the NIK was confirmed before is no caller's to say: it is read from the facts.
    """
    return ResidentFacts(
        resident=seen.id,
        nik=seen.nik,
        no_kk=seen.no_kk,
        home=seen.kecamatan,
        host=host_of(seen.kecamatan),
        nama=seen.name,
        tempat_lahir=seen.birth_place,
        tanggal_lahir=seen.born,
        jenis_kelamin=seen.sex.value,
        alamat=seen.address,
        rt=seen.rt,
        rw=seen.rw,
        kelurahan=seen.kelurahan.text,
        status_perkawinan=seen.marital,
        pekerjaan=seen.occupation,
        kewarganegaraan=seen.nationality,
        # A card from before Ampera is known; that there is none is not: some were never entered.
        has_card=True if seen.has_legacy_card else None,
        is_nik_confirmed=was_nik_confirmed(seen.id, nik=seen.nik),
    )


def was_nik_confirmed(resident: str, *, nik: Nik) -> bool:
    """Did the dinas confirm this NIK of this resident in an earlier request, as far as is known
    here? A rejection that came later takes that back: then the dinas has to look again.
    """
    rows = CardRequest.objects.filter(resident=resident, nik=nik.digits)
    said = rows.values_list("confirmed_at", "rejected_at")
    confirmed = max((yes for yes, _ in said), default="")
    return bool(confirmed) and confirmed > max(no for _, no in said)


def facts_of(request: str) -> RequestFacts | None:
    """What is known here of a request; None while its `request.taken` is unknown here."""
    row = CardRequest.objects.filter(pk=request).exclude(taken_at="").first()
    return _facts(row) if row is not None else None


def request_seen(request: str) -> RequestSeen | Refusal:
    """One request, for other stations. Pages use `request_for`."""
    row = CardRequest.objects.filter(pk=request).exclude(taken_at="").first()
    return _seen(row) if row is not None else Refusal("intake.no_such_request")


def request_for(officer: OfficerSeen, *, request: str, purpose: Purpose) -> RequestSeen | Refusal:
    """One request, if the officer's office works on it; the look is recorded.

    *Not there* and *not yours* get the same refusal.
    """
    row = _works_on(officer.office).filter(pk=request).first()
    if row is None:
        return Refusal("intake.no_such_request")
    record_look(officer=officer.id, subjects=[row.id, row.resident], purpose=purpose.value)
    return _seen(row)


def requests_for(
    officer: OfficerSeen, *, purpose: Purpose, skip: int = 0, most: int = PAGE_MOST
) -> list[RequestSeen]:
    """The open requests of the officer's office, oldest first; one look for the page."""
    rows = _works_on(officer.office).filter(_OPEN).order_by("taken_at", "id")[skip : skip + most]
    found = [_seen(row) for row in rows]
    if found:
        subjects = [each.id for each in found]
        record_look(officer=officer.id, subjects=subjects, purpose=purpose.value)
    return found


def requests_of(
    office: OfficeCode, *, is_open: bool = True, skip: int = 0, most: int = PAGE_MOST
) -> list[RequestSeen]:
    """The requests that an office works on, oldest first: for other stations and for counting."""
    rows = _works_on(office)
    rows = rows.filter(_OPEN) if is_open else rows.exclude(_OPEN)
    return [_seen(row) for row in rows.order_by("taken_at", "id")[skip : skip + most]]


def count_open(office: OfficeCode) -> int:
    """How many open requests an office works on."""
    return _works_on(office).filter(_OPEN).count()


def open_requests_of(resident: str) -> list[RequestFacts]:
    """The resident's open requests that are known here, oldest first."""
    rows = CardRequest.objects.filter(_OPEN, resident=resident).exclude(taken_at="")
    return [_facts(row) for row in rows.order_by("taken_at", "id")]


def desk_items(*, skip: int = 0, most: int = PAGE_MOST) -> list[DeskItem]:
    """Requests reported and not confirmed, longest wait first.

    Empty at a kecamatan: it decides none.
    """
    if house().tier is not Tier.DINAS:
        return []
    rows = CardRequest.objects.filter(_OPEN, confirmed_at="").exclude(
        Q(completed_at="") | Q(taken_at="")
    )
    return [
        DeskItem(_seen(row), utc_from_text(row.completed_at))
        for row in rows.order_by("completed_at", "id")[skip : skip + most]
    ]


def by_ticket(ticket: str) -> RequestSeen | Refusal:
    """The request of a receipt's code. A wrong shape and an unknown code get the same refusal."""
    plain = read_ticket(ticket)
    # The query runs for a wrong shape too: the time must not tell the two apart.
    hash_ = hash_of_ticket(plain if plain is not None else "-")
    row = CardRequest.objects.filter(ticket_hash=hash_).exclude(taken_at="").first()
    return Refusal("intake.no_such_ticket") if row is None else _seen(row)


def queue_seen(counter: str) -> QueueSeen:
    """How the queue of a counter stands today."""
    row = QueueDay.objects.filter(pk=queue_key(counter, day=local_day())).first()
    return QueueSeen(counter, row.given if row else 0, row.called if row else 0)


def queue_key(counter: str, *, day: date) -> str:
    return f"{day.isoformat()}/{counter}"


def _works_on(office: OfficeCode) -> QuerySet[CardRequest]:
    """What an office may see: a kecamatan what it took or hosts, a dinas all of its kabkota."""
    known = CardRequest.objects.exclude(taken_at="")
    match office.tier:
        case Tier.PUSAT:
            return known
        case Tier.DINAS:
            return known.filter(Q(office=office.text) | Q(office__startswith=f"{office.text}."))
        case Tier.KECAMATAN:
            return known.filter(Q(office=office.text) | Q(host=office.text))


def _facts(row: CardRequest) -> RequestFacts:
    return RequestFacts(
        id=row.id,
        resident=row.resident,
        reason=Reason(row.reason),
        office=OfficeCode(row.office),
        home=OfficeCode(row.home),
        host=OfficeCode(row.host),
        missing=tuple(row.missing),
        is_nik_known=row.is_nik_known,
        is_completed=bool(row.completed_at),
        is_confirmed=bool(row.confirmed_at),
        rejected_why=row.rejected_why,
        handed_to=row.handed_to,
        is_closed=bool(row.closed_at),
    )


def _seen(row: CardRequest) -> RequestSeen:
    return RequestSeen(
        facts=_facts(row),
        papers=tuple(row.papers),
        taken_at=_time(row.taken_at),
        completed_at=_time(row.completed_at),
        confirmed_at=_time(row.confirmed_at),
        confirmed_by=row.confirmed_by,
        rejected_at=_time(row.rejected_at),
        handed_at=_time(row.handed_at),
        closed_at=_time(row.closed_at),
        nik=row.nik,
        no_kk=row.no_kk,
        nama=row.nama,
        tanggal_lahir=row.tanggal_lahir,
        police_number=row.police_number,
        police_office=row.police_office,
        police_on=row.police_on,
        contact=row.contact,
    )


def _time(text: str) -> datetime | None:
    return utc_from_text(text) if text else None


__all__ = [
    "PAGE_MOST",
    "DeskItem",
    "QueueSeen",
    "RequestFacts",
    "RequestSeen",
    "ResidentFacts",
    "StateText",
    "by_ticket",
    "count_open",
    "desk_items",
    "facts_of",
    "open_requests_of",
    "queue_key",
    "queue_seen",
    "request_for",
    "request_seen",
    "requests_for",
    "requests_of",
    "resident_facts",
    "state_text",
    "status_of",
]
