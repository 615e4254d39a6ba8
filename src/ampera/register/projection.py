"""From the register's entries to its tables. Reads the entry only, and takes them in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from ampera.journal.entry import Entry
from ampera.register.models import Office, Officer, Suspension
from ampera.register.rules.rights import is_granter_of
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode


def office_described(entry: Entry) -> None:
    """Keep the description whose entry is the latest by (time, seq, hash), whatever comes first."""
    facts = entry.facts
    place = (utc_text(entry.at), entry.seq, entry.hash)
    known = Office.objects.filter(pk=facts["office"]).values_list(
        "told_at", "told_seq", "told_hash"
    )
    if (before := known.first()) is not None and before >= place:
        return
    prints_from = facts.get("prints_from")
    Office.objects.update_or_create(
        code=facts["office"],
        defaults={
            "name": facts["name"],
            "hosted_by": facts.get("hosted_by") or "",
            "capabilities": sorted(facts["capabilities"]),
            "prints_from": date.fromisoformat(prints_from) if prints_from else None,
            "told_at": place[0],
            "told_seq": place[1],
            "told_hash": place[2],
        },
    )


def officer_granted(entry: Entry) -> None:
    """Keep the latest grant. One from the wrong office raises ValueError, which parks it."""
    facts = entry.facts
    office = OfficeCode(facts["office"])
    if not is_granter_of(entry.origin, office=office):
        raise ValueError(f"{entry.origin} grants no rights at {office}")
    place = (utc_text(entry.at), entry.seq, entry.hash)
    known = Officer.objects.filter(pk=facts["officer"]).values_list(
        "granted_at", "granted_seq", "granted_hash"
    )
    if (before := known.first()) is not None and before >= place:
        return
    body = entry.body or {}  # erased when its retention ended
    Officer.objects.update_or_create(
        id=facts["officer"],
        defaults={
            "office": office.text,
            "login": facts["login"],
            "name": body.get("name", ""),
            "nik": body.get("nik", ""),
            "roles": sorted(facts["roles"]),
            "until": date.fromisoformat(facts["until"]),
            "lifts": sorted(facts.get("lifts", [])),
            "granted_at": place[0],
            "granted_seq": place[1],
            "granted_hash": place[2],
        },
    )


def officer_suspended(entry: Entry) -> None:
    """Note who suspended whom; the grant may still be on its way in another chain."""
    Suspension.objects.get_or_create(
        hash=entry.hash,
        defaults={"officer": entry.facts["officer"], "origin": entry.origin.text},
    )


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "office.described/1": office_described,
        "officer.granted/1": officer_granted,
        "officer.suspended/1": officer_suspended,
    }
)
