"""What others may ask the register: what lies here, what is live, what is outside, what is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ampera.withdrawal.queries.checks import (
    batches_have_their_pieces,
    no_card_lies_twice,
    nothing_destroyed_is_live,
)
from ampera.withdrawal.queries.gone import (
    BatchSeen,
    DestructionSeen,
    GonePiece,
    batch_seen,
    destruction_seen,
    destructions,
    open_batches,
)
from ampera.withdrawal.queries.look_up import (
    FoundSeen,
    cards_seen,
    look_up_resident,
    look_up_serial,
    resident_of_card,
)
from ampera.withdrawal.queries.lying import Lying, lying_at, overdue_count, piece_seen
from ampera.withdrawal.queries.outside import Outside, not_handed_in, seize_list
from ampera.withdrawal.queries.report import Balance, MonthlyReport, monthly_report

CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (
    nothing_destroyed_is_live,
    batches_have_their_pieces,
    no_card_lies_twice,
)

__all__ = [
    "CHECKS",
    "Balance",
    "BatchSeen",
    "DestructionSeen",
    "FoundSeen",
    "GonePiece",
    "Lying",
    "MonthlyReport",
    "Outside",
    "batch_seen",
    "cards_seen",
    "destruction_seen",
    "destructions",
    "look_up_resident",
    "look_up_serial",
    "lying_at",
    "monthly_report",
    "not_handed_in",
    "open_batches",
    "overdue_count",
    "piece_seen",
    "resident_of_card",
    "seize_list",
]
