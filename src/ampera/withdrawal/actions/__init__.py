"""The verbs of withdrawal: take in, give back, open a batch, destroy it. The only writers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ampera.withdrawal.actions.destroying import (
    cancel_batch,
    finish_batch,
    flag_overdue,
    open_batch,
)
from ampera.withdrawal.actions.taking import give_back, refresh_guards, take_in
from ampera.words.office import Tier

TICKS: Final[Mapping[Tier, Sequence[Callable[[], object]]]] = MappingProxyType(
    {Tier.KECAMATAN: (flag_overdue,), Tier.DINAS: (flag_overdue,)}
)

__all__ = [
    "TICKS",
    "cancel_batch",
    "finish_batch",
    "flag_overdue",
    "give_back",
    "open_batch",
    "refresh_guards",
    "take_in",
]
