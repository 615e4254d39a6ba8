"""Offices taken into custody and released: two facts of one row, in whichever order they come."""

from __future__ import annotations

from ampera.journal.entry import Entry
from ampera.readiness.models import SeizedOffice
from ampera.words.clock import utc_text


def office_seized(entry: Entry) -> None:
    facts = entry.facts
    known, _ = SeizedOffice.objects.get_or_create(pk=facts["seizure"])
    SeizedOffice.objects.filter(pk=known.pk).update(
        office=facts["office"],
        at=utc_text(entry.at),
        officers=list(facts["officers"]),
        server=facts["server"],
        printers=list(facts["printers"]),
        place=facts["place"],
        document=facts["document"],
        blanko=facts["blanko"],
        surplus=list(facts["surplus"]),
        permits=facts["permits"],
    )


def office_released(entry: Entry) -> None:
    facts = entry.facts
    known, _ = SeizedOffice.objects.get_or_create(pk=facts["seizure"])
    SeizedOffice.objects.filter(pk=known.pk).update(
        released_at=utc_text(entry.at),
        released_by=list(facts["officers"]),
        released_document=facts["document"],
    )
