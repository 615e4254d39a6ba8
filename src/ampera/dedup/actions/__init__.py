"""The verbs of the uniqueness check: decide the next one, adjudicate, re-tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ampera.dedup.actions.deciding import (
    adjudicate,
    decide_next,
    refresh_guards,
    retell_verdict,
)
from ampera.dedup.actions.identity import IdentityEngine
from ampera.journal.entry import Entry
from ampera.words.office import Tier

REACTIONS: Final[Mapping[tuple[str, Tier], Callable[[Entry], object]]] = MappingProxyType(
    {("dedup.decided/1", Tier.DINAS): retell_verdict}
)
TICKS: Final[Mapping[Tier, Sequence[Callable[[], object]]]] = MappingProxyType(
    {Tier.PUSAT: (decide_next,)}
)

__all__ = [
    "REACTIONS",
    "TICKS",
    "IdentityEngine",
    "adjudicate",
    "decide_next",
    "refresh_guards",
    "retell_verdict",
]
