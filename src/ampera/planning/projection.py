"""From the outages that the post noted to a table. Each entry is a row of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ampera.journal.entry import Entry
from ampera.planning.models import LineOutage


def line_was_down(entry: Entry) -> None:
    """The line of the entry's origin was cut for a while."""
    LineOutage.objects.update_or_create(
        place=entry.hash,
        defaults={
            "office": str(entry.origin),
            "since": entry.facts["since"],
            "until": entry.facts["until"],
        },
    )


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {"line.was_down/1": line_was_down}
)
