"""What others may see of the enrolment.

Images are never seen: they leave their seal at the centre only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from ampera.enrolment.models import Enrolment, LookedUp, Packet
from ampera.enrolment.ports import room
from ampera.enrolment.rules.capture import CaptureFacts, decide_open_gate
from ampera.enrolment.rules.printed import PrintedFields
from ampera.enrolment.rules.states import (
    OFFER_AGAIN_AFTER,
    RecordingFacts,
    RecordingState,
    recording_state,
)
from ampera.intake.queries import facts_of
from ampera.journal.house import house
from ampera.journal.queries import Reach, journey_of
from ampera.register.queries import ResidentSeen, local_day
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

PAGE_MOST: Final = 50

_CAPTURED: Final = ~Q(captured_at="")


@dataclass(frozen=True, slots=True)
class EnrolmentSeen:
    """One recording as known here.

    NIK and printed fields are gone once their retention has ended.
    """

    id: str
    request: str
    resident: str
    office: OfficeCode
    packet: str
    version: str
    modalities: tuple[str, ...]
    captured_at: datetime
    received_at: datetime | None
    purged_at: datetime | None
    arrival: int
    nik: str = field(repr=False)
    printed: PrintedFields | None = field(repr=False)


def enrolment_seen(enrolment: str) -> EnrolmentSeen | Refusal:
    """One recording by its id."""
    row = Enrolment.objects.filter(_CAPTURED, pk=enrolment).first()
    return _seen(row) if row is not None else Refusal("enrolment.no_such_enrolment")


def enrolment_of(request: str) -> EnrolmentSeen | None:
    """The recording that was made for a request, if it is known here."""
    row = Enrolment.objects.filter(_CAPTURED, request=request).order_by("captured_at", "id").first()
    return _seen(row) if row is not None else None


def enrolments_of(resident: str, *, nik: str = "") -> list[EnrolmentSeen]:
    """All recordings of a resident, or of that NIK, that are known here, oldest first."""
    return [_seen(row) for row in _same_person(resident, nik).order_by("captured_at", "id")]


def recorded_as(resident: str, *, nik: str = "") -> str:
    """The id of the oldest recording of this resident or NIK that is known here, or empty."""
    rows = _same_person(resident, nik).order_by("captured_at", "id")
    return rows.values_list("id", flat=True).first() or ""


def centre_answer(request: str) -> str | None:
    """The centre's answer to a request for a replacement: the office that recorded the resident,
    empty where nobody did; None while there is none."""
    rows = LookedUp.objects.filter(pk=request)
    return rows.values_list("recorded_at", flat=True).first()


def gate(request: str, *, born: date, marital: int, nik: str = "") -> Refusal | None:
    """May this resident be brought before the camera? None is yes; `capture` asks again."""
    facts = facts_of(request)
    known = CaptureFacts(
        nik_of_request=nik,
        recorded_as=recorded_as(facts.resident, nik=nik) if facts is not None else "",
        on=local_day(),
        is_asked_for=centre_answer(request) == "",
    )
    return decide_open_gate(facts, born=born, marital=marital, known=known)


def printed_fields(seen: ResidentSeen) -> PrintedFields:
    """What the card of a resident will say, as the register knows them today.

    The wilayah table keeps names as people write them; a card has them in capitals (domain §3.2).
    """
    return PrintedFields(
        provinsi=seen.provinsi_name.upper(),
        kabkota=seen.kabkota_name.upper(),
        nik=seen.nik.digits,
        nama=seen.name,
        tempat_lahir=seen.birth_place,
        tanggal_lahir=seen.born.isoformat(),
        jenis_kelamin=seen.sex.value,
        golongan_darah=seen.blood,
        alamat=seen.address,
        rt=seen.rt,
        rw=seen.rw,
        kelurahan=seen.kelurahan_name.upper(),
        kecamatan=seen.kecamatan_name.upper(),
        agama=seen.religion,
        status_perkawinan=seen.marital,
        pekerjaan=seen.occupation,
        kewarganegaraan=seen.nationality,
        printable_from=seen.printable_from(local_day()),
    )


def state_of(enrolment: str) -> RecordingState | Refusal:
    """How far the recording has got, in SIAK's words, as this server knows it."""
    row = Enrolment.objects.filter(_CAPTURED, pk=enrolment).first()
    if row is None:
        return Refusal("enrolment.no_such_enrolment")
    is_own = row.office == house().code.text
    reach = journey_of([row.id]).reach
    is_above = {
        Tier.KECAMATAN: reach is not Reach.LOCAL,
        Tier.DINAS: reach is Reach.CENTRE,
        Tier.PUSAT: True,
    }[house().tier]
    return recording_state(
        RecordingFacts(
            is_received=bool(row.received_at),
            # What the centre waits for has left everybody below, as far as the centre can know.
            is_packet_sent=house().tier is Tier.PUSAT
            or Packet.objects.filter(pk=row.packet).exclude(sent_at="").exists(),
            has_entry_left=is_above if is_own else True,
        )
    )


def why_it_waits(enrolment: str) -> Refusal | None:
    """At the centre: why a captured recording was not acknowledged. None when it was."""
    row = Enrolment.objects.filter(_CAPTURED, pk=enrolment).first()
    if row is None:
        return Refusal("enrolment.no_such_enrolment")
    if row.received_at:
        return None
    trouble = Packet.objects.filter(pk=row.packet).values_list("trouble", flat=True).first()
    return Refusal(trouble or "enrolment.packet_missing")


def arrived(*, after: int, most: int = PAGE_MOST) -> list[EnrolmentSeen]:
    """Recordings acknowledged by this centre, by place in the order of arrival, beyond `after`."""
    rows = Enrolment.objects.filter(_CAPTURED, arrival__gt=after).exclude(received_at="")
    return [_seen(row) for row in rows.order_by("arrival")[:most]]


def packets_to_send(*, most: int = PAGE_MOST) -> list[str]:
    """Packets that lie here and are to go up: first those never sent, oldest capture first, then
    those sent a day ago and still not acknowledged by the centre.
    """
    if not room().store.names():
        return []
    recent = utc_text(house().now() - OFFER_AGAIN_AFTER)
    sent = Packet.objects.exclude(sent_at="")
    waiting = Enrolment.objects.filter(_CAPTURED, received_at="").order_by("captured_at", "id")
    never = waiting.exclude(packet__in=sent.values("id"))
    again = waiting.filter(packet__in=sent.filter(sent_at__lte=recent).values("id"))
    found = _those(never, is_here=True, most=most)
    return found + _those(again, is_here=True, most=most - len(found))


def packets_wanted(*, most: int = PAGE_MOST) -> list[str]:
    """Packets whose capture is known here, not acknowledged by the centre, that lack here."""
    waiting = Enrolment.objects.filter(_CAPTURED, received_at="").order_by("captured_at", "id")
    return _those(waiting, is_here=False, most=most)


def _those(rows: QuerySet[Enrolment], *, is_here: bool, most: int) -> list[str]:
    store = room().store
    found: list[str] = []
    for packet in rows.values_list("packet", flat=True).iterator(chunk_size=200):
        if len(found) >= most:
            break
        if store.has(packet) is is_here:
            found.append(packet)
    return found


def unacknowledged() -> list[tuple[str, str]]:
    """(id, packet) of recordings that the centre has not acknowledged, oldest first."""
    rows = Enrolment.objects.filter(_CAPTURED, received_at="").order_by("captured_at", "id")
    return list(rows.values_list("id", "packet"))


def children_concerned(office: str, *, request: str) -> list[OfficeCode]:
    """The offices below this dinas that have to do with a recording: its captor, and the
    request's host."""
    facts = facts_of(request)
    named = {OfficeCode(office)} | ({facts.host, facts.office} if facts is not None else set())
    return sorted(each for each in named if each.is_child_of(house().code))


def _same_person(resident: str, nik: str) -> QuerySet[Enrolment]:
    who = Q(resident=resident) | Q(nik=nik) if nik else Q(resident=resident)
    return Enrolment.objects.filter(_CAPTURED & who)


def _seen(row: Enrolment) -> EnrolmentSeen:
    return EnrolmentSeen(
        id=row.id,
        request=row.request,
        resident=row.resident,
        office=OfficeCode(row.office),
        packet=row.packet,
        version=row.version,
        modalities=tuple(row.modalities),
        captured_at=utc_from_text(row.captured_at),
        received_at=utc_from_text(row.received_at) if row.received_at else None,
        purged_at=utc_from_text(row.purged_at) if row.purged_at else None,
        arrival=row.arrival,
        nik=row.nik,
        printed=PrintedFields.from_body(row.printed) if row.printed else None,
    )


__all__ = [
    "EnrolmentSeen",
    "PrintedFields",
    "RecordingState",
    "arrived",
    "centre_answer",
    "children_concerned",
    "enrolment_of",
    "enrolment_seen",
    "enrolments_of",
    "gate",
    "packets_to_send",
    "packets_wanted",
    "printed_fields",
    "recorded_as",
    "state_of",
    "unacknowledged",
    "why_it_waits",
]
