"""From entries to the table of appointments. Any order of chains gives the same table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from ampera.appointments.models import Appointment
from ampera.appointments.rules import state_of
from ampera.journal.entry import Entry
from ampera.words.clock import utc_text


def appointment_made(entry: Entry) -> None:
    facts = entry.facts
    known, _ = Appointment.objects.get_or_create(pk=facts["appointment"])
    Appointment.objects.filter(pk=known.pk).update(
        request=facts["request"],
        ticket_hash=facts["ticket_hash"],
        office=facts["office"],
        made_at=utc_text(entry.at),
        made_by=facts["by"],
    )
    _on(entry)


def appointment_moved(entry: Entry) -> None:
    _on(entry)


def appointment_cancelled(entry: Entry) -> None:
    known, _ = Appointment.objects.get_or_create(pk=entry.facts["appointment"])
    Appointment.objects.filter(pk=known.pk).update(is_cancelled=True)
    _stand(known.pk)


def appointment_missed(entry: Entry) -> None:
    known, _ = Appointment.objects.get_or_create(pk=entry.facts["appointment"])
    if entry.facts["day"] > known.missed_day:
        Appointment.objects.filter(pk=known.pk).update(missed_day=entry.facts["day"])
    _stand(known.pk)


def _on(entry: Entry) -> None:
    """The latest word about the day stands."""
    day = date.fromisoformat(entry.facts["day"]).isoformat()
    rank = f"{utc_text(entry.at)}|{entry.seq:012d}|{entry.hash}"
    known, _ = Appointment.objects.get_or_create(pk=entry.facts["appointment"])
    if rank > known.day_rank:
        Appointment.objects.filter(pk=known.pk).update(day=day, day_rank=rank)
    _stand(known.pk)


def _stand(appointment: str) -> None:
    row = Appointment.objects.get(pk=appointment)
    state = state_of(day=row.day, missed_day=row.missed_day, is_cancelled=row.is_cancelled)
    Appointment.objects.filter(pk=appointment).update(state=state.value)


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "appointment.made/1": appointment_made,
        "appointment.moved/1": appointment_moved,
        "appointment.cancelled/1": appointment_cancelled,
        "appointment.missed/1": appointment_missed,
    }
)
