"""Print packets between stores: the centre makes one a mandate, the dinas re-seals it a permit.

Each is named by the SHA-256 of its sealed bytes; the entry of the mandate or permit carries that
name and the post the bytes. Files and crypto: call these outside of a command.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from ampera.enrolment.models import PrintPacketMade
from ampera.enrolment.ports import room
from ampera.enrolment.ports.packets import (
    PrintPacket,
    make_print_packet,
    open_capture,
    open_print_packet,
    reseal,
    sha256_of,
)
from ampera.enrolment.queries import enrolment_seen
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


def give_print_packet(enrolment: str, *, mandate: str, to: OfficeCode) -> str | Refusal:
    """At the centre: the print packet of a mandate, sealed to its dinas. Returns its name.

    Asked again it is the same one. Refuses enrolment.no_such_enrolment, packet_missing,
    packet_damaged, packet_unreadable, no_key.
    """
    key = f"{mandate}/{to}"
    if (known := _made(key)) is not None:
        return known
    seen, recipient = enrolment_seen(enrolment), room().recipient_of(to)
    if isinstance(seen, Refusal):
        return seen
    if recipient is None:
        return Refusal("enrolment.no_key", office=to.text)
    sealed = _whole(seen.packet)
    if isinstance(sealed, Refusal):
        return sealed
    opened = open_capture(sealed, sealer=room().sealer, identities=room().identities)
    if isinstance(opened, Refusal):
        return opened
    if seen.printed is None:
        return Refusal("enrolment.packet_unreadable")
    made = make_print_packet(
        opened, printed=seen.printed, mandate=mandate, sealer=room().sealer, recipient=recipient
    )
    return _keep(key, made)


def pass_print_packet(packet: str, *, permit: str, to: OfficeCode) -> str | Refusal:
    """At the dinas: the same print packet, sealed to the office that holds the permit."""
    key = f"{permit}/{to}"
    if (known := _made(key)) is not None:
        return known
    recipient = room().recipient_of(to)
    if recipient is None:
        return Refusal("enrolment.no_key", office=to.text)
    sealed = _whole(packet)
    if isinstance(sealed, Refusal):
        return sealed
    resealed = reseal(
        sealed, sealer=room().sealer, identities=room().identities, recipient=recipient
    )
    return resealed if isinstance(resealed, Refusal) else _keep(key, resealed)


def read_print_packet(packet: str) -> PrintPacket | Refusal:
    """Open a print packet in memory, for one attempt. No print packet, no print."""
    sealed = _whole(packet)
    if isinstance(sealed, Refusal):
        return sealed
    return open_print_packet(sealed, sealer=room().sealer, identities=room().identities)


def drop_print_packet(packet: str) -> None:
    """Delete it, after handover or return: an office holds portraits of its open lot only."""
    room().store.remove(packet)
    PrintPacketMade.objects.filter(packet=packet).delete()


def drop_passed_packet(permit: str, *, to: OfficeCode) -> None:
    """At the dinas: delete the copy that was sealed to the office of a permit, if one was made."""
    known = PrintPacketMade.objects.filter(pk=f"{permit}/{to}").values_list("packet", flat=True)
    if (packet := known.first()) is not None:
        drop_print_packet(packet)


def _whole(packet: str) -> bytes | Refusal:
    sealed = room().store.get(packet)
    if sealed is None:
        return Refusal("enrolment.packet_missing")
    return sealed if sha256_of(sealed) == packet else Refusal("enrolment.packet_damaged")


def _made(key: str) -> str | None:
    known = PrintPacketMade.objects.filter(pk=key).values_list("packet", flat=True).first()
    return known if known is not None and room().store.has(known) else None


def _keep(key: str, sealed: bytes) -> str:
    """Two workers may both have sealed one: the first stands, the other's goes."""
    name = room().store.put(sealed)
    try:
        with transaction.atomic():
            row, is_new = PrintPacketMade.objects.get_or_create(key=key, defaults={"packet": name})
    except IntegrityError:
        row, is_new = PrintPacketMade.objects.get(pk=key), False
    if is_new or row.packet == name:
        return name
    if room().store.has(row.packet):
        room().store.remove(name)
        return row.packet
    PrintPacketMade.objects.filter(pk=key).update(packet=name)
    return name
