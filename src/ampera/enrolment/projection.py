"""From entries to the enrolment's table.

Reads the entry only, and takes the chains in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ampera.enrolment.models import Enrolment, LookedUp
from ampera.enrolment.rules.printed import PrintedFields
from ampera.journal.entry import Entry
from ampera.words.clock import utc_text


def enrolment_captured(entry: Entry) -> None:
    """Raises KeyError or ValueError, which parks it, when the body is not what a capture says."""
    facts, body = entry.facts, entry.body or {}  # erased when its retention ended
    _keep(
        entry,
        what="captured",
        values={
            "packet": facts["packet"],
            "request": facts["request"],
            "resident": facts["resident"],
            "office": entry.origin.text,
            "version": facts["version"],
            "modalities": list(facts["modalities"]),
            "nik": body.get("nik", ""),
            "printed": PrintedFields.from_body(body).as_body() if body else {},
            "exceptions": dict(body.get("exceptions", {})),
        },
    )


def enrolment_received(entry: Entry) -> None:
    _keep(entry, what="received", values={"arrival": entry.facts.get("arrival", 0)})


def enrolment_purged(entry: Entry) -> None:
    _keep(entry, what="purged", values={})


def enrolment_looked_up(entry: Entry) -> None:
    """The centre's answer to a request for a replacement: who recorded the resident, or nobody."""
    told = {
        "recorded_at": entry.facts["recorded_at"],
        "at": utc_text(entry.at),
        "hash": entry.hash,
    }
    known = LookedUp.objects.filter(pk=entry.facts["request"]).values_list("at", "hash").first()
    if known is None or (told["at"], told["hash"]) < known:
        LookedUp.objects.update_or_create(request=entry.facts["request"], defaults=told)


def _keep(entry: Entry, *, what: str, values: Mapping[str, Any]) -> None:
    """Store one fact.

    When two chains say it, the earlier (time, hash) stands, whichever comes first.
    """
    place = {f"{what}_at": utc_text(entry.at), f"{what}_hash": entry.hash}
    row, is_new = Enrolment.objects.get_or_create(
        id=entry.facts["enrolment"], defaults={**values, **place}
    )
    if is_new:
        return
    known = (getattr(row, f"{what}_at"), getattr(row, f"{what}_hash"))
    if not known[0] or tuple(place.values()) < known:
        Enrolment.objects.filter(pk=row.pk).update(**values, **place)


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "enrolment.captured/1": enrolment_captured,
        "enrolment.received/1": enrolment_received,
        "enrolment.purged/1": enrolment_purged,
        "enrolment.looked_up/1": enrolment_looked_up,
    }
)
