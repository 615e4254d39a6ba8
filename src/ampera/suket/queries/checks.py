"""What `verify` asks of the table of sukets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ampera.suket.models import Suket
from ampera.suket.queries.seen import IN_FORCE


def numbers_have_no_gap() -> Sequence[str]:
    """Each year's numbers run from one on, none twice, none left out."""
    told: dict[int, list[int]] = {}
    for year, n in Suket.objects.exclude(number="").values_list("year", "n"):
        told.setdefault(year, []).append(n)
    return [
        f"the sukets of {year} are not numbered 1 to {len(found)}"
        for year, found in sorted(told.items())
        if sorted(found) != list(range(1, len(found) + 1))
    ]


def nobody_has_two_sukets() -> Sequence[str]:
    """Of one resident no two sukets that did not end are valid on one day."""
    held: dict[str, list[Suket]] = {}
    for row in Suket.objects.filter(IN_FORCE).order_by("valid_from", "n"):
        held.setdefault(row.resident, []).append(row)
    return [
        f"{resident} has two sukets valid on one day"
        for resident, rows in sorted(held.items())
        if any(later.valid_from <= earlier.valid_until for earlier, later in pairwise(rows))
    ]
