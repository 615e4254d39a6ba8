"""From entries to the verdicts. Reads the entry only, and takes the chains in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ampera.dedup.models import RecordVerdict
from ampera.dedup.rules import Verdict
from ampera.journal.entry import Entry
from ampera.words.clock import utc_text


def dedup_decided(entry: Entry) -> None:
    """Raises ValueError, which parks it, for a verdict that this release does not know."""
    facts = entry.facts
    verdict = Verdict(facts["verdict"])
    place = (utc_text(entry.at), entry.hash)
    what = "asked" if verdict is Verdict.ADJUDICATE_RECORD else "decided"
    values = {
        f"{what}_of": facts["of"],
        f"{what}_order": facts["order"],
        f"{what}_at": place[0],
        f"{what}_hash": place[1],
    }
    if what == "decided":
        values["verdict"] = verdict.value
    row, is_new = RecordVerdict.objects.get_or_create(
        enrolment=facts["enrolment"],
        defaults={
            **values,
            # Both facts say the same of these, whichever comes first.
            "request": facts["request"],
            "resident": facts["resident"],
            "office": facts.get("office", ""),
            "arrival": facts.get("arrival", 0),
        },
    )
    known = (getattr(row, f"{what}_at"), getattr(row, f"{what}_hash"))
    if not is_new and (not known[0] or place < known):
        RecordVerdict.objects.filter(pk=row.pk).update(**values)


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {"dedup.decided/1": dedup_decided}
)
