"""What planning writes down: evidence and proposals, and nothing that decides for a station."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ampera.planning.actions.allocation import decide_allocation, propose_allocation
from ampera.planning.actions.distribution import decide_distribution, propose_distribution
from ampera.planning.actions.outages import tell_outages
from ampera.words.office import Tier

TICKS: Final[Mapping[Tier, Sequence[Callable[[], object]]]] = MappingProxyType(
    {Tier.KECAMATAN: (tell_outages,), Tier.DINAS: (tell_outages,)}
)

__all__ = [
    "TICKS",
    "decide_allocation",
    "decide_distribution",
    "propose_allocation",
    "propose_distribution",
    "tell_outages",
]
