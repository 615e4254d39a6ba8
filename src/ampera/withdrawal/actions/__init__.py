"""The verbs of withdrawal: take in, give back, send, receive, settle, destroy. The only writers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ampera.journal.entry import Entry
from ampera.withdrawal.actions.destroying import (
    cancel_batch,
    finish_batch,
    flag_late,
    flag_overdue,
    open_batch,
)
from ampera.withdrawal.actions.guarding import secure_again
from ampera.withdrawal.actions.receiving import (
    count_before_news,
    drop_count,
    match_count,
    receive_package,
)
from ampera.withdrawal.actions.sending import send_package
from ampera.withdrawal.actions.settling import settle_missing, settle_surplus
from ampera.withdrawal.actions.taking import give_back, refresh_guards, take_in
from ampera.words.office import Tier

REACTIONS: Final[Mapping[tuple[str, Tier], Callable[[Entry], object]]] = MappingProxyType(
    {
        ("withdrawal.sent/1", Tier.KECAMATAN): match_count,
        ("withdrawal.sent/1", Tier.DINAS): match_count,
    }
)
TICKS: Final[Mapping[Tier, Sequence[Callable[[], object]]]] = MappingProxyType(
    {Tier.KECAMATAN: (flag_overdue, flag_late), Tier.DINAS: (flag_overdue, flag_late)}
)

__all__ = [
    "REACTIONS",
    "TICKS",
    "cancel_batch",
    "count_before_news",
    "drop_count",
    "finish_batch",
    "flag_late",
    "flag_overdue",
    "give_back",
    "match_count",
    "open_batch",
    "receive_package",
    "refresh_guards",
    "secure_again",
    "send_package",
    "settle_missing",
    "settle_surplus",
    "take_in",
]
