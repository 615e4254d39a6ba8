"""What follows a capture: the centre acknowledges its packet, the dinas passes the news on,
offices purge."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Max

from ampera.enrolment.models import Arrival, Enrolment, OneCapture, Packet
from ampera.enrolment.ports import room
from ampera.enrolment.ports.packets import open_capture, sha256_of
from ampera.enrolment.queries import (
    EnrolmentSeen,
    children_concerned,
    enrolment_seen,
    unacknowledged,
)
from ampera.enrolment.rules.states import may_purge
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.alarms import clear_alarm, raise_alarm
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.second_log import secure
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

STEP_MOST: Final = 50


def acknowledge(*, most: int = STEP_MOST) -> int:
    """Tick of the pusat: say RECEIVED_AT_CENTRAL of packets that lie here whole, on two media.

    Each is opened with a centre key and held to its manifest first. What is damaged is taken
    away, so that the post brings it again; what cannot be opened stays and raises an alarm.
    Returns how many were acknowledged.
    """
    hopeless = set(
        Packet.objects.filter(trouble="enrolment.packet_unreadable").values_list("id", flat=True)
    )
    done = 0
    for enrolment, packet in unacknowledged():
        if done == most:
            break
        if packet in hopeless or not room().store.has(packet):
            continue
        seen = enrolment_seen(enrolment)
        assert not isinstance(seen, Refusal), "it was listed a moment ago"
        no = _what_is_wrong(seen)
        if no is not None:
            _note_trouble(seen, no)
            continue
        _receive(seen)
        done += 1
    return done


def _what_is_wrong(seen: EnrolmentSeen) -> Refusal | None:
    store, second = room().store, room().second
    if second is None:
        return Refusal("enrolment.no_second_medium")
    sealed = store.get(seen.packet)
    if sealed is None or sha256_of(sealed) != seen.packet:
        store.remove(seen.packet)
        return Refusal("enrolment.packet_damaged")
    opened = open_capture(sealed, sealer=room().sealer, identities=room().identities)
    if isinstance(opened, Refusal):
        return opened
    is_of_this_capture = (opened.enrolment, opened.station) == (seen.id, seen.office.text)
    if not is_of_this_capture or sorted(opened.images) != list(seen.modalities):
        return Refusal("enrolment.packet_unreadable")
    copy = second.get(seen.packet)
    if copy is None or sha256_of(copy) != seen.packet:
        second.put(sealed)
    return None


def _note_trouble(seen: EnrolmentSeen, no: Refusal) -> None:
    Packet.objects.update_or_create(
        id=seen.packet,
        defaults={"trouble": no.code},
        create_defaults={"enrolment": seen.id, "trouble": no.code},
    )
    raise_alarm(f"packet:{seen.id}", f"packet of {seen.id} from {seen.office}: {no.code}")


def _receive(seen: EnrolmentSeen) -> None:
    dinas = seen.office.upper if seen.office.tier is Tier.KECAMATAN else seen.office

    def receive(pen: Pen) -> Answer:
        number = (Arrival.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        Arrival.objects.create(number=number, enrolment=seen.id)
        facts = {
            "enrolment": seen.id,
            "packet": seen.packet,
            "office": seen.office.text,
            "arrival": number,
        }
        pen.write("enrolment.received/1", subject=seen.id, facts=facts, to=dinas)
        return {"arrival": number}

    command = Command(id=f"acknowledge:{seen.id}")
    perform(command, receive, content={"enrolment": seen.id, "packet": seen.packet})
    if Packet.objects.filter(pk=seen.packet).exclude(trouble="").update(trouble=""):
        clear_alarm(f"packet:{seen.id}")


def retell_received(entry: Entry) -> Answer | Refusal | None:
    """Reaction of the dinas: the office that captured learns that the centre has it, and so its
    host."""
    enrolment = entry.facts["enrolment"]
    request = Enrolment.objects.filter(pk=enrolment).values_list("request", flat=True).first()
    children = children_concerned(entry.facts["office"], request=request or "")
    if not children:
        return None

    def retell(pen: Pen) -> Answer:
        facts = {"enrolment": enrolment, "packet": entry.facts["packet"]}
        for child in children:
            pen.write(entry.kind, subject=enrolment, facts=facts, to=child, retells=entry)
        return {"told": [child.text for child in children]}

    command = Command.reaction(entry, "retell_received")
    return perform(command, retell, content={"enrolment": enrolment})


def note_packet_sent(packet: str) -> None:
    """The post says: the whole packet lies with the tier above now. Local, no entry."""
    enrolment = Enrolment.objects.filter(packet=packet).values_list("id", flat=True).first()
    now = utc_text(house().now())
    Packet.objects.update_or_create(
        id=packet,
        defaults={"sent_at": now},
        create_defaults={"enrolment": enrolment or "", "sent_at": now},
    )


def purge(*, most: int = STEP_MOST) -> int:
    """Tick of an office: let go of packets that the centre has had for the grace; returns how
    many.

    The entry is written and lies on a second medium before the packet goes. A dinas lets go of
    what it only carried too; that says no entry, for the office that captured says its own.
    """
    due = _due(most)
    here = house().code.text
    for row in due:
        if row.office == here and not row.purged_at:
            _write_purged(row.id, row.packet)
    if due:
        secure()
    for row in due:
        room().store.remove(row.packet)
        Packet.objects.filter(pk=row.packet).delete()
    return len(due)


def _due(most: int) -> list[Enrolment]:
    """Recordings acknowledged long enough ago whose packet still lies here."""
    names = room().store.names()
    now = house().now()
    found: list[Enrolment] = []
    for start in range(0, len(names), 200):
        part = names[start : start + 200]
        rows = Enrolment.objects.filter(packet__in=part).exclude(received_at="").order_by("id")
        noted = dict(
            Packet.objects.filter(pk__in=part).values_list("id", "acknowledged_at") if rows else ()
        )
        for row in rows:
            known_at = noted.get(row.packet) or _acknowledged_at(row)
            if may_purge(
                acknowledged_at=utc_from_text(known_at), now=now, grace=room().purge_grace
            ):
                found.append(row)
            if len(found) == most:
                return found
    return found


def _acknowledged_at(row: Enrolment) -> str:
    """When this server first looked and knew; the grace counts by its own clock from there."""
    now = utc_text(house().now())
    packet, _ = Packet.objects.get_or_create(
        id=row.packet, defaults={"enrolment": row.id, "acknowledged_at": now}
    )
    if not packet.acknowledged_at:
        Packet.objects.filter(pk=row.packet).update(acknowledged_at=now)
        return now
    return packet.acknowledged_at


def _write_purged(enrolment: str, packet: str) -> None:
    def let_go(pen: Pen) -> Answer:
        facts = {"enrolment": enrolment, "packet": packet}
        pen.write("enrolment.purged/1", subject=enrolment, facts=facts)
        return {"enrolment": enrolment}

    command = Command(id=f"purge:{enrolment}")
    perform(command, let_go, content={"enrolment": enrolment, "packet": packet})


def refresh_guards() -> None:
    """Make the guards anew from the facts, after a rebuild.

    The oldest capture of a resident holds it.
    """
    with transaction.atomic():
        OneCapture.objects.all().delete()
        Arrival.objects.all().delete()
        rows = Enrolment.objects.exclude(captured_at="").order_by("captured_at", "id")
        for row in rows.filter(office=house().code.text):
            OneCapture.objects.get_or_create(resident=row.resident, defaults={"enrolment": row.id})
        if house().tier is Tier.PUSAT:
            for row in Enrolment.objects.filter(arrival__gt=0):
                Arrival.objects.create(number=row.arrival, enrolment=row.id)
