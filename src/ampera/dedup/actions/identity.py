"""The embedded engine: finds the same NIK and the same resident, and nothing else.

It compares no bodies. One person who was recorded under two NIKs is not found by it: that needs
an engine that matches fingers and irises, behind the same port. What it does find is the second
recording of one NIK, which is the common case (domain §1.3).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from ampera.dedup.models import GalleryEntry
from ampera.dedup.ports import Sample
from ampera.dedup.rules import SCORE_MAX, Candidate, DecisionZone


class IdentityEngine:
    """A gallery in the centre's own database. Answers at once and knows no `MAYBE`."""

    def enrol(self, sample: Sample) -> None:
        GalleryEntry.objects.get_or_create(
            enrolment=sample.enrolment,
            defaults={"resident": sample.resident, "nik": sample.nik},
        )

    def search(self, sample: Sample) -> Sequence[Candidate] | None:
        who = Q(resident=sample.resident)
        if sample.nik:
            who |= Q(nik=sample.nik)
        rows = GalleryEntry.objects.filter(who).exclude(pk=sample.enrolment).order_by("pk")
        names = rows.values_list("enrolment", flat=True)
        return [Candidate(name, SCORE_MAX, DecisionZone.SAME) for name in names]
