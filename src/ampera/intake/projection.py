"""From entries to the intake's table. Reads the entry only, and takes the chains in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ampera.intake.models import CardRequest, OpenRequest
from ampera.journal.entry import Entry
from ampera.words.clock import utc_text


def request_taken(entry: Entry) -> None:
    facts, body = entry.facts, entry.body or {}  # erased when its retention ended
    _keep(
        entry,
        what="taken",
        values={
            "resident": facts["resident"],
            "reason": facts["reason"],
            "papers": list(facts["papers"]),
            "missing": list(facts.get("missing", [])),
            "ticket_hash": facts["ticket_hash"],
            "office": entry.origin.text,
            "home": facts["home"],
            "host": facts["host"],
            "is_nik_known": bool(facts.get("nik_known", False)),
            "nik": body.get("nik", ""),
            "no_kk": body.get("no_kk", ""),
            "nama": body.get("nama", ""),
            "tanggal_lahir": body.get("tanggal_lahir", ""),
            "contact": body.get("contact", ""),
            "police_number": body.get("police_number", ""),
            "police_office": body.get("police_office", ""),
            "police_on": facts.get("police_on", ""),
        },
    )


def request_completed(entry: Entry) -> None:
    _keep(entry, what="completed", values={"completed_by": entry.origin.text})


def request_confirmed(entry: Entry) -> None:
    _keep(entry, what="confirmed", values={"confirmed_by": entry.facts["by"]})


def request_rejected(entry: Entry) -> None:
    _keep(entry, what="rejected", values={"rejected_why": entry.facts["why"]})
    _free(entry.facts["request"])


def request_handed_on(entry: Entry) -> None:
    _keep(entry, what="handed", values={"handed_to": entry.facts["to"]})


def card_handed_over(entry: Entry) -> None:
    _keep(entry, what="closed", values={})
    _free(entry.facts["request"])


def permit_told(entry: Entry) -> None:
    """The card of a request of this office was handed over at the office that printed it."""
    if entry.facts["said"] == "HANDED_OVER":
        card_handed_over(entry)


def card_voided(entry: Entry) -> None:
    """A card was voided before it was handed over, for good: its request ends with it."""
    if entry.facts.get("request"):
        why = f"card_{str(entry.facts['why']).lower()}"
        _keep(entry, what="rejected", values={"rejected_why": why})
        _free(entry.facts["request"])


def _keep(entry: Entry, *, what: str, values: Mapping[str, Any]) -> None:
    """Store one fact.

    When two chains say it, the earlier (time, hash) stands, whichever comes first.
    """
    place = {f"{what}_at": utc_text(entry.at), f"{what}_hash": entry.hash}
    row, is_new = CardRequest.objects.get_or_create(
        id=entry.facts["request"], defaults={**values, **place}
    )
    if is_new:
        return
    known = (getattr(row, f"{what}_at"), getattr(row, f"{what}_hash"))
    if not known[0] or tuple(place.values()) < known:
        CardRequest.objects.filter(pk=row.pk).update(**values, **place)


def _free(request: str) -> None:
    OpenRequest.objects.filter(request=request).delete()


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "request.taken/1": request_taken,
        "request.completed/1": request_completed,
        "request.confirmed/1": request_confirmed,
        "request.rejected/1": request_rejected,
        "request.handed_on/1": request_handed_on,
        # A request ends when its card is in a hand; the later station's entry names it.
        "card.handed_over/1": card_handed_over,
        "card.voided/1": card_voided,
        "permit.told/1": permit_told,
    }
)
