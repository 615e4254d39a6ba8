"""From entries to the register of withdrawn pieces and their packages, in any order of arrival."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ampera.journal.entry import Entry
from ampera.withdrawal.projection import packages, register

PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "card.checked/1": register.card_checked,
        "attempt.corrected/1": register.attempt_corrected,
        "card.handed_over/1": register.card_handed_over,
        "withdrawal.taken_in/1": register.withdrawal_taken_in,
        "withdrawal.given_back/1": register.withdrawal_given_back,
        "withdrawal.sent/1": packages.withdrawal_sent,
        "withdrawal.counted/1": packages.withdrawal_counted,
        "withdrawal.count_dropped/1": packages.withdrawal_count_dropped,
        "withdrawal.received/1": packages.withdrawal_received,
        "withdrawal.settled/1": packages.withdrawal_settled,
        "withdrawal.surplus_settled/1": packages.withdrawal_surplus_settled,
        "destruction.done/1": register.destruction_done,
    }
)
