"""What others may see of finished cards: ready, uncollected, handed over, and the receipt.

Lists name cards by id and serial only; a name stands on the receipt alone, for the officer who
hands over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ampera.blanko.queries import shelf_count
from ampera.dedup.queries import siak_word_of
from ampera.delivery.models import FinishedCard, PacketDeleted
from ampera.delivery.rules import UNCOLLECTED_DAYS, CardHeld, Receiver, Verified
from ampera.enrolment.queries import enrolment_of
from ampera.intake.queries import RequestSeen, StateText, facts_of
from ampera.journal.house import house
from ampera.journal.queries import Journey, journey_of
from ampera.papers.receipts import HandoverReceipt, RecordedProxy
from ampera.papers.sheet import Letterhead, Signatory
from ampera.printing.queries import attempts_of
from ampera.readiness.queries import (
    CardSeen,
    CardState,
    PermitSeen,
    PermitState,
    Wait,
    WaitCode,
    cards_of,
    named_permits,
    permit_seen,
    why_it_waits,
)
from ampera.register.queries import Purpose, officer_name
from ampera.register.rules.days import day_at
from ampera.words import Nik, Reason, Refusal
from ampera.words.office import OfficeCode

LISTED_MAX: Final = 200
_PROXY: Final = "Wakil pemegang kartu"
_AT_THE_COUNTER: Final = "Loket kantor ini"
_OLD_CARD: Final = "Tidak berlaku lagi sejak penyerahan ini"
_VERIFIED: Final = {
    Verified.FINGER.value: "Sidik jari cocok 1:1",
    Verified.DOCUMENT.value: "Wajah dan dokumen dicocokkan petugas",
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


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """The whole way of one request as far as this server knows it: where it is and why it waits."""

    request: RequestSeen
    text: StateText
    waits: tuple[Wait, ...]  #: every reason known here, nearest first; empty where none is known
    journey: Journey  #: how far its newest entry has got, LOCAL → CITY → CENTRE
    enrolment: str  #: record id, or empty
    permit: PermitSeen | None
    card: CardSeen | None  #: the card of this request that counts most: under way, then valid


def case_of(found: RequestSeen) -> CaseSeen:
    """Everything that a page or a machine says of one request, gathered from all stations.

    The caller has come through a door (or with a ticket): no look is recorded here.
    """
    enrolment = enrolment_of(found.id)
    card = _card_that_counts(found)
    permit = permit_seen(card.permit) if card is not None and card.permit else None
    subjects = [found.id]
    subjects += [enrolment.id] if enrolment is not None else []
    if card is not None:
        attempts = attempts_of(card.card)
        subjects += [card.card, card.permit, *(each.id for each in attempts)]
    return CaseSeen(
        request=found,
        text=found.status(siak=_word_of_card(card, permit=permit) or siak_word_of(found.id)),
        waits=tuple(_waits(found.id)),
        journey=journey_of([each for each in subjects if each]),
        enrolment=enrolment.id if enrolment is not None else "",
        permit=permit,
        card=card,
    )


def _card_that_counts(found: RequestSeen) -> CardSeen | None:
    """The last card made for this request that was not given up again."""
    own = [each for each in cards_of(found.resident) if each.request == found.id]
    kept = [each for each in own if each.state not in (CardState.ENDED, CardState.REJECTED)]
    return kept[-1] if kept else None


def _word_of_card(card: CardSeen | None, *, permit: PermitSeen | None) -> str:
    """SIAK's word from the permit on; empty while there is none, or none any more."""
    if card is None:
        return ""
    match card.state:
        case CardState.VALID:
            return "CARD_ISSUED"
        case CardState.PRINTED | CardState.READY:
            return "CARD_PRINTED"
        case CardState.PERMITTED:
            is_printing = permit is not None and permit.state is not PermitState.OPEN
            return "SENT_FOR_CARD_PRINTING" if is_printing else "PRINT_READY_RECORD"
        case CardState.VOID | CardState.ENDED | CardState.REJECTED:
            return ""


def _waits(request: str) -> list[Wait]:
    waits = why_it_waits(request)
    if isinstance(waits, Refusal):
        return []
    for wait in waits:
        if wait.code is WaitCode.IN_QUEUE and _is_shelf_empty(OfficeCode(wait.facts["office"])):
            known = why_it_waits(request, blanko_on_shelf=0)
            return waits if isinstance(known, Refusal) else known
    return waits


def _is_shelf_empty(office: OfficeCode) -> bool:
    """Only the books of this office and of those directly below are told to a server."""
    here = house().code
    return (office == here or office.is_child_of(here)) and shelf_count(office) == 0


def card_held(card: str) -> CardHeld | None:
    """One finished card; None when nothing of it is known here."""
    row = FinishedCard.objects.filter(pk=card).first()
    return None if row is None else _held(row)


def ready_cards(office: OfficeCode | None = None) -> list[CardHeld]:
    """Cards that wait for their holders at an office (this one), the longest waiting first."""
    return _ready(office, None)


def uncollected(
    office: OfficeCode | None = None, *, days: int = UNCOLLECTED_DAYS
) -> list[CardHeld]:
    """Ready cards that nobody fetched for so many days: for the lurah to bring (S14)."""
    return _ready(office, house().now() - timedelta(days=days))


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
    named = named_permits(officer, permits=[seen.permit], purpose=Purpose.HANDOVER.value)
    if not named or not named[0].nik:
        return Refusal("delivery.receipt_gone")
    asked = facts_of(seen.request)
    proxy = RecordedProxy(nama=seen.proxy_name, relation=_PROXY, basis=seen.proxy_basis)
    return HandoverReceipt(
        letterhead=letterhead,
        number=seen.card[-12:].upper(),
        on=day_at(OfficeCode(seen.office), at=seen.at),
        place=place,
        nik=Nik(named[0].nik),
        nama=named[0].nama,
        reason=_REASONS[asked.reason] if asked is not None else "-",
        card_serial=seen.serial,
        handed_over_at=_AT_THE_COUNTER,
        verified_by=_VERIFIED.get(seen.verified, "-"),
        old_card=_OLD_CARD if seen.replaces else "",
        proxy=proxy if seen.to == Receiver.PROXY else None,
        officer=Signatory(role="Yang menyerahkan,", name=officer_name(seen.officer)),
        is_demo=house().is_demo,
    )


def packets_to_delete(*, most: int = LISTED_MAX) -> list[str]:
    """Permits of this office whose card is in a hand and whose print packet may still lie here."""
    rows = FinishedCard.objects.filter(handed_office=str(house().code))
    rows = rows.exclude(handed_permit__in=PacketDeleted.objects.values("permit"))
    return list(rows.order_by("handed_at").values_list("handed_permit", flat=True)[:most])


def handed_over_unchecked() -> list[str]:
    """Complaints for `verify`: a card was handed over by an office that never found it READY."""
    rows = FinishedCard.objects.filter(handed_office=str(house().code))
    bad = rows.exclude(result="READY").order_by("card").values_list("card", flat=True)
    return [f"card {card} was handed over without a check" for card in bad]


CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (handed_over_unchecked,)

_WAITING: Final = {
    "result": "READY",
    "handed_at__isnull": True,
    "voided_at__isnull": True,
    "replaced_by": "",
}


def _ready(office: OfficeCode | None, before: datetime | None) -> list[CardHeld]:
    code = office if office is not None else house().code
    rows = FinishedCard.objects.filter(office=str(code), **_WAITING)
    if before is not None:
        rows = rows.filter(checked_at__lt=before)
    return [_held(row) for row in rows.order_by("checked_at", "card")[:LISTED_MAX]]


def _held(row: FinishedCard) -> CardHeld:
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
    )
