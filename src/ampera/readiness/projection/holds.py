"""Holds on a handover, as entries tell them. The same hold is told in several chains: every copy
says the same, so whichever comes first gives the same row."""

from __future__ import annotations

from datetime import date

from ampera.journal.entry import Entry
from ampera.readiness.models import Hold, HoldTold


def hold_placed(entry: Entry) -> None:
    facts, body = entry.facts, entry.body or {}  # erased when its retention ended
    told = {
        "resident": facts["resident"],
        "reason": facts["reason"],
        "since": date.fromisoformat(facts["since"]).isoformat(),
        "until": date.fromisoformat(facts["until"]).isoformat(),
        "placed_by": facts["by"],
    }
    known, _ = Hold.objects.get_or_create(pk=facts["hold"])
    told |= {
        "owner": known.owner or body.get("owner") or "",
        "basis": known.basis or body.get("basis") or "",
    }
    Hold.objects.filter(pk=known.pk).update(**told)
    _note_told(entry)


def hold_lifted(entry: Entry) -> None:
    facts, body = entry.facts, entry.body or {}
    known, _ = Hold.objects.get_or_create(pk=facts["hold"])
    Hold.objects.filter(pk=known.pk).update(
        resident=facts["resident"],
        lifted_on=date.fromisoformat(facts["on"]).isoformat(),
        lifted_by=",".join(facts["officers"]),
        lifted_basis=known.lifted_basis or body.get("basis") or "",
    )


def _note_told(entry: Entry) -> None:
    """Which offices were told: they are told of the lifting too."""
    addressee = entry.chain.addressee
    if addressee is not None:
        office, hold = str(addressee), entry.facts["hold"]
        HoldTold.objects.get_or_create(
            key=f"{hold}|{office}", defaults={"hold": hold, "office": office}
        )
