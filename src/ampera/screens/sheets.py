"""What a page hands to the printer beside it: receipts and berita acara, from the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ampera.blanko.queries import ShipmentSeen, shipment_carried
from ampera.blanko.rules import serial_after
from ampera.delivery.queries import HandoverSeen
from ampera.delivery.rules import policy
from ampera.intake.queries import RequestSeen
from ampera.intake.rules.papers import paper_names
from ampera.journal.house import house
from ampera.papers.fonts import UnprintableText
from ampera.papers.handed import HandoverReceipt, RecordedProxy
from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.receipts import RequestReceipt, handover_receipt, request_receipt
from ampera.papers.shipment_minutes import BoxLine, ShipmentMinutes, shipment_minutes
from ampera.readiness.queries import LentHolder
from ampera.register.queries import local_day, office_seen, officer_name, wilayah_name
from ampera.register.rules.days import day_at
from ampera.screens.wording import REASONS, VERIFIED
from ampera.words.nik import Nik
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: What the holder always brings; the old card comes on top where there is one.
_ALWAYS_BRING: Final = ("tanda terima ini", "Kartu Keluarga (KK)")
#: Between relation and paper of a proxy, as the handover's body keeps them.
PROXY_PARTS: Final = "; "
#: What became of the old card, as the receipt says it.
_OLD_CARD: Final = {
    "TAKEN_IN": "ditarik dan dibatalkan",
    "NOT_SHOWN": "tidak ditunjukkan; dibatalkan",
    "LOST": "hilang; dibatalkan",
}
#: Who signs a berita acara is written by hand: the paper is made before the people meet.
_BY_HAND: Final = "…………………………"


def office_title(code: OfficeCode) -> str:
    """`Kecamatan Seberang Ulu Satu`, as letterheads and tables name an office."""
    seen = office_seen(code)
    name = seen.name if seen is not None else code.text
    return f"Kecamatan {name}" if code.tier is Tier.KECAMATAN and seen is not None else name


def letterhead() -> Letterhead:
    """Of this office."""
    code = house().code
    if code.tier is Tier.PUSAT:
        government = "KEMENTERIAN DALAM NEGERI"
    else:
        government = f"PEMERINTAH {wilayah_name(code.text[:5])}".upper()
    return Letterhead(government=government, office=office_title(code).upper())


def papers_to_bring(seen: RequestSeen) -> tuple[str, ...]:
    """What to bring when the card is fetched."""
    old = ("old_card",) if "old_card" in seen.papers else ()
    return (*_ALWAYS_BRING, *(paper_names()[paper].id for paper in old))


def request_receipt_pdf(seen: RequestSeen, *, ticket: str, address: str) -> bytes | Refusal:
    """The receipt that carries the ticket code. Refuses papers.field_does_not_fit."""
    assert seen.taken_at is not None, "a receipt is for a request that was taken"
    try:
        return request_receipt(
            RequestReceipt(
                letterhead=letterhead(),
                number=_number("P", seen.id),
                on=day_at(house().code, at=seen.taken_at),
                ticket=ticket,
                status_url=f"{address}#{ticket}",
                nama=seen.nama,
                nik=Nik(seen.nik),
                reason=REASONS[seen.reason][0],
                bring=papers_to_bring(seen),
                collect_at=office_title(seen.facts.serving_office),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def handover_receipt_pdf(seen: HandoverSeen, *, asked: RequestSeen | LentHolder) -> bytes | Refusal:
    """What the receiver signs. `asked` was opened through its door: it has the holder's name.

    Refuses delivery.receipt_gone once the name's retention has ended, papers.field_does_not_fit.
    """
    if not asked.nik:
        return Refusal("delivery.receipt_gone")
    relation, _, basis = seen.proxy_basis.partition(PROXY_PARTS)
    proxy = RecordedProxy(nama=seen.proxy_name, relation=relation, basis=basis or relation)
    try:
        return handover_receipt(
            HandoverReceipt(
                letterhead=letterhead(),
                number=_number("S", seen.card),
                on=day_at(house().code, at=seen.at),
                place=_town(),
                nik=Nik(asked.nik),
                nama=asked.nama,
                reason=REASONS[asked.reason][0],
                card_serial=seen.serial,
                handed_over_at=_handed_over_at(seen),
                verified_by=_verified_by(seen),
                old_card=_OLD_CARD.get(seen.old_card, "dibatalkan") if seen.replaces else "",
                proxy=proxy if seen.proxy_name else None,
                officer=Signatory(role="Petugas,", name=officer_name(seen.officer)),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def _handed_over_at(seen: HandoverSeen) -> str:
    where = office_title(OfficeCode(seen.office))
    return f"alamat pemegang, diantar dari {where}" if seen.bundle else where


def _verified_by(seen: HandoverSeen) -> str:
    """How the receiver was known; of an exception its reason, and who vouched for it."""
    reason = policy().exceptions.get(seen.exception)
    if reason is None:
        return VERIFIED.get(seen.verified, seen.verified)
    second = f"; disaksikan {officer_name(seen.second)}" if seen.second else ""
    return f"Pengecualian: {reason.id}{second}"


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A box or a single blanko of a shipment; `count_received` is None until it was counted."""

    box: str  #: empty for a single blanko
    first: str
    last: str
    count: int
    count_received: int | None = None


def shipment_minutes_pdf(seen: ShipmentSeen, *, lines: Sequence[CountedLine]) -> bytes | Refusal:
    """Berita acara serah terima. Without counts there is room to write them in by hand."""
    boxes = tuple(_box_line(each) for each in _joined(lines))
    carried = shipment_carried(seen.shipment)
    courier = f"{carried.name}, {carried.paper}" if carried is not None and carried.name else ""
    try:
        return shipment_minutes(
            ShipmentMinutes(
                letterhead=letterhead(),
                number=_number("BAST", seen.shipment),
                on=local_day(),
                place=_town(),
                shipment=seen.shipment[-12:].upper(),
                from_office=office_title(seen.source),
                to_office=office_title(seen.target),
                courier=courier,
                letter=carried.letter if carried is not None else "",
                boxes=boxes,
                giver=Signatory(role="Yang menyerahkan,", name=_BY_HAND),
                receiver=Signatory(role="Yang menerima,", name=_BY_HAND),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def _box_line(line: CountedLine) -> BoxLine:
    return BoxLine(
        box=line.box or "lepas",
        serial_first=line.first,
        serial_last=line.last,
        count_sent=line.count,
        count_received=line.count_received,
    )


def _joined(lines: Sequence[CountedLine]) -> list[CountedLine]:
    """Single blanko that follow one another become one line."""
    found = [each for each in lines if each.box]
    for each in sorted((each for each in lines if not each.box), key=lambda one: one.first):
        before = found[-1] if found and not found[-1].box else None
        if before is not None and _follows(each, before):
            counted = before.count_received
            counted = None if counted is None else counted + (each.count_received or 0)
            found[-1] = replace(
                before, last=each.last, count=before.count + each.count, count_received=counted
            )
        else:
            found.append(each)
    return found


def _follows(line: CountedLine, before: CountedLine) -> bool:
    # What was found, what was not and what nobody counted stand on lines of their own.
    is_alike = _outcome(line) is _outcome(before)
    return is_alike and serial_after(before.last, steps=1) == line.first


def _outcome(line: CountedLine) -> bool | None:
    return None if line.count_received is None else line.count_received > 0


def _town() -> str:
    code = house().code
    return "Jakarta" if code.tier is Tier.PUSAT else wilayah_name(code.text[:5])


def _number(kind: str, record: str) -> str:
    """`P/16.71.02/2017/3F8A21`: the end of a record id is drawn by chance, so it tells apart."""
    return f"{kind}/{house().code}/{local_day().year}/{record[-6:].upper()}"


__all__ = [
    "PROXY_PARTS",
    "CountedLine",
    "handover_receipt_pdf",
    "letterhead",
    "office_title",
    "papers_to_bring",
    "request_receipt_pdf",
    "shipment_minutes_pdf",
]
