"""Finished cards as others see them: ready, uncollected, handed over, and the receipt.

Lists name cards by id and serial only; a name stands on the receipt alone, for the officer who
hands over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ampera.delivery.models import FinishedCard, PacketDeleted
from ampera.delivery.rules import CardHeld, Place, Receiver, Verified, policy
from ampera.intake.queries import facts_of, request_seen
from ampera.journal import sql
from ampera.journal.actions import record_look
from ampera.journal.house import house
from ampera.papers.handed import HandoverReceipt, RecordedProxy
from ampera.papers.heads import Letterhead, Signatory
from ampera.readiness.queries import (
    named_permits,
)
from ampera.register.queries import Purpose, local_day, officer_name
from ampera.register.rules.days import day_at
from ampera.words import Nik, Reason, Refusal
from ampera.words.office import OfficeCode, Tier

LISTED_MAX: Final = 200
_PROXY: Final = "Wakil pemegang kartu"
_AT_THE_COUNTER: Final = "Loket kantor ini"
_OLD_CARD: Final = "Tidak berlaku lagi sejak penyerahan ini"
_VERIFIED: Final = {
    Verified.FINGER.value: "Sidik jari cocok 1:1",
    Verified.DOCUMENT.value: "Wajah dan dokumen dicocokkan petugas",
    Verified.EXCEPTION.value: "Wajah dan dokumen dicocokkan dua petugas",
}
_REASONS: Final = {
    Reason.NEW: "Baru",
    Reason.LOST: "Hilang",
    Reason.DAMAGED: "Rusak",
    Reason.DATA_CHANGED: "Perubahan elemen data",
    Reason.MOVED: "Pindah",
}


@dataclass(frozen=True, slots=True)
class HandoverSeen:
    """A handover as it happened. The proxy's name goes when its retention ends."""

    card: str
    permit: str
    serial: str
    resident: str
    request: str
    office: str
    at: datetime
    officer: str
    to: str
    verified: str
    proxy_name: str
    proxy_basis: str
    replaces: str
    second: str = ""
    exception: str = ""
    old_card: str = ""
    old_serial: str = ""
    bundle: str = ""
    told_at: str = ""


def card_held(card: str) -> CardHeld | None:
    """One finished card; None when nothing of it is known here."""
    row = FinishedCard.objects.filter(pk=card).first()
    return None if row is None else held_of(row)


def ready_cards(office: OfficeCode | None = None) -> list[CardHeld]:
    """Cards that wait for their holders at an office's counter (this one's), the longest first."""
    return _ready(office, None)


def uncollected(office: OfficeCode | None = None, *, days: int | None = None) -> list[CardHeld]:
    """Ready cards that nobody fetched for so many days: for the lurah to bring (S14).

    The days are the policy's unless given.
    """
    wanted = policy().uncollected_on(local_day()).lurah_days if days is None else days
    return _ready(office, house().now() - timedelta(days=wanted))


def ready_count(office: OfficeCode | None = None) -> int:
    """How many cards wait for their holders at an office."""
    code = office if office is not None else house().code
    return FinishedCard.objects.filter(office=str(code), **_WAITING).count()


def handed_over(card: str) -> HandoverSeen | None:
    """How and when this card was handed over; None when it was not, as far as is known here."""
    row = FinishedCard.objects.filter(pk=card, handed_at__isnull=False).first()
    if row is None or row.handed_at is None:
        return None
    return HandoverSeen(
        card=row.card,
        permit=row.handed_permit,
        serial=row.serial,
        resident=row.resident,
        request=row.request,
        office=row.handed_office,
        at=row.handed_at,
        officer=row.officer,
        to=row.receiver,
        verified=row.verified,
        proxy_name=row.proxy_name,
        proxy_basis=row.proxy_basis,
        replaces=row.replaces,
        second=row.second,
        exception=row.exception,
        old_card=row.old_card,
        old_serial=row.old_serial,
        bundle=row.from_bundle,
        told_at=row.told_at,
    )


def handed_over_count(office: OfficeCode | None = None, *, since: datetime) -> int:
    """How many cards an office handed over since a moment."""
    code = office if office is not None else house().code
    return FinishedCard.objects.filter(handed_office=str(code), handed_at__gte=since).count()


def receipt_of(
    card: str, *, officer: str, letterhead: Letterhead, place: str
) -> HandoverReceipt | Refusal:
    """What the receipt of a handover says (`papers.receipts.handover_receipt` draws it).

    The look at the holder's name is recorded under `officer`. `place` is the town before the date.
    """
    seen = handed_over(card)
    if seen is None or seen.office != str(house().code):
        return Refusal("delivery.no_such_card")
    nik, nama = _holder_of(seen, officer)
    if not nik:
        return Refusal("delivery.receipt_gone")
    asked = facts_of(seen.request)
    proxy = RecordedProxy(nama=seen.proxy_name, relation=_PROXY, basis=seen.proxy_basis)
    return HandoverReceipt(
        letterhead=letterhead,
        number=seen.card[-12:].upper(),
        on=day_at(OfficeCode(seen.office), at=seen.at),
        place=place,
        nik=Nik(nik),
        nama=nama,
        reason=_REASONS[asked.reason] if asked is not None else "-",
        card_serial=seen.serial,
        handed_over_at=_AT_THE_COUNTER,
        verified_by=_VERIFIED.get(seen.verified, "-"),
        old_card=_OLD_CARD if seen.replaces else "",
        proxy=proxy if seen.to == Receiver.PROXY else None,
        officer=Signatory(role="Yang menyerahkan,", name=officer_name(seen.officer)),
        is_demo=house().is_demo,
    )


def _holder_of(seen: HandoverSeen, officer: str) -> tuple[str, str]:  # positional: one look
    """NIK and name, empty once their retention has ended; the look is recorded.

    A permit forgets its names when the card is handed over, the request only ten years later.
    """
    asked = request_seen(seen.request)
    if not isinstance(asked, Refusal) and asked.nik:
        subjects = [seen.request, seen.resident]
        record_look(officer=officer, subjects=subjects, purpose=Purpose.HANDOVER.value)
        return asked.nik, asked.nama
    named = named_permits(officer, permits=[seen.permit], purpose=Purpose.HANDOVER.value)
    return (named[0].nik, named[0].nama) if named else ("", "")


_CAME_TO_NOTHING: Final = """
SELECT m.permit FROM readiness_permit m
 WHERE m.office = %s AND (m.state IN ('RETURNED', 'FORFEITED') OR EXISTS (
     SELECT 1 FROM readiness_card c WHERE c.card = m.card AND NOT c.bars_another
       AND c.state IN ('VOID', 'REJECTED')))
   AND NOT EXISTS (SELECT 1 FROM delivery_packetdeleted d WHERE d.permit = m.permit)
 ORDER BY m.permit LIMIT %s"""


def packets_to_delete(*, most: int = LISTED_MAX) -> list[str]:
    """Permits of this office whose card is in a hand, or that came to none, and whose print packet
    may still lie here."""
    here = house()
    rows = FinishedCard.objects.filter(handed_office=str(here.code))
    rows = rows.exclude(handed_permit__in=PacketDeleted.objects.values("permit"))
    found = list(rows.order_by("handed_at").values_list("handed_permit", flat=True)[:most])
    if here.tier is Tier.KECAMATAN:
        # A dinas keeps the packets of its mandates: the next permit is granted by the same one.
        found += [row[0] for row in sql.read(_CAME_TO_NOTHING, str(here.code), most)]
    return found[:most]


def handed_over_unchecked() -> list[str]:
    """Complaints for `verify`: a card was handed over by an office that never found it READY."""
    rows = FinishedCard.objects.filter(handed_office=str(house().code))
    bad = rows.exclude(result="READY").order_by("card").values_list("card", flat=True)
    return [f"card {card} was handed over without a check" for card in bad]


_WAITING: Final = {
    "result": "READY",
    "handed_at__isnull": True,
    "voided_at__isnull": True,
    "replaced_by": "",
    "place": Place.COUNTER.value,
}


def _ready(office: OfficeCode | None, before: datetime | None) -> list[CardHeld]:
    code = office if office is not None else house().code
    rows = FinishedCard.objects.filter(office=str(code), **_WAITING)
    if before is not None:
        rows = rows.filter(checked_at__lt=before)
    return [held_of(row) for row in rows.order_by("checked_at", "card")[:LISTED_MAX]]


def held_of(row: FinishedCard) -> CardHeld:
    """The facts of one row, for the rules."""
    return CardHeld(
        card=row.card,
        permit=row.permit,
        serial=row.serial,
        office=row.office,
        result=row.result,
        ready_at=row.checked_at,
        handed_at=row.handed_at,
        voided_at=row.voided_at,
        voided_why=row.voided_why,
        replaced_by=row.replaced_by,
        place=row.place,
        bundle=row.bundle,
        moves=row.moves,
        moved_at=row.moved_at,
    )
