"""What others may ask the register: what lies here, what is live, what is outside, what is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ampera.withdrawal.queries.checks import (
    batches_have_their_pieces,
    no_card_lies_twice,
    no_piece_in_two_places,
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
from ampera.withdrawal.queries.lying import (
    Lying,
    lying_at,
    overdue_count,
    piece_seen,
    why_kept_in_batch,
)
from ampera.withdrawal.queries.medium import is_on_second_medium
from ampera.withdrawal.queries.outside import Outside, not_handed_in, seize_list
from ampera.withdrawal.queries.packages import (
    ArrivalSeen,
    CountedSeen,
    Missing,
    MoveSeen,
    PackageSeen,
    PieceLine,
    SurplusSeen,
    counted_here,
    late_count,
    missing_pieces,
    moves_of_piece,
    package_by_code,
    package_seen,
    packages_from,
    packages_to,
    places,
    surplus_here,
)
from ampera.withdrawal.queries.report import Balance, MonthlyReport, monthly_report

CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (
    nothing_destroyed_is_live,
    batches_have_their_pieces,
    no_card_lies_twice,
    no_piece_in_two_places,
)

__all__ = [
    "CHECKS",
    "ArrivalSeen",
    "Balance",
    "BatchSeen",
    "CountedSeen",
    "DestructionSeen",
    "FoundSeen",
    "GonePiece",
    "Lying",
    "Missing",
    "MonthlyReport",
    "MoveSeen",
    "Outside",
    "PackageSeen",
    "PieceLine",
    "SurplusSeen",
    "batch_seen",
    "cards_seen",
    "counted_here",
    "destruction_seen",
    "destructions",
    "is_on_second_medium",
    "late_count",
    "look_up_resident",
    "look_up_serial",
    "lying_at",
    "missing_pieces",
    "monthly_report",
    "moves_of_piece",
    "not_handed_in",
    "open_batches",
    "overdue_count",
    "package_by_code",
    "package_seen",
    "packages_from",
    "packages_to",
    "piece_seen",
    "places",
    "resident_of_card",
    "seize_list",
    "surplus_here",
    "why_kept_in_batch",
]
